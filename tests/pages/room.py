"""A page with one workbench and nothing else, for tests."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from cx.ui.page import open_page

group, step = st.session_state["room"].split(".")
view = open_page(group)
importlib.import_module(f"cx.ui.steps.{group}.{step}").show(view)
