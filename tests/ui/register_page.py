"""A page with nothing but the editor of one register, for tests and for looking at it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from cx.records.actor import Actor
from cx.store.migrate import migrate
from cx.ui.register import show

st.set_page_config(layout="wide")
migrate()
name = os.environ.get("CX_TEST_REGISTER", st.query_params.get("register", "need"))
role = os.environ.get("CX_TEST_ROLE", "admin")
st.title("Register", anchor=False)
show(name, Actor("tess", role))  # type: ignore[arg-type]
