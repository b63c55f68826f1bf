"""Service strategy: objectives and policies with their reviews, and how far the targets of service are met."""

from __future__ import annotations

import streamlit as st

from cx.blueprint.groups import GROUPS
from cx.ui import goals
from cx.ui.kept import registers
from cx.ui.page import View


def show(view: View) -> None:
    """Draw the step."""
    with st.container(border=True):
        found = goals.standing(view, GROUPS["service"].kpis)
        st.markdown(f"**{goals.headline(found)}**")
        goals.show(found, "service-strategy-targets")
        goals.reminders(view, "service")
    registers(view, "service-strategy", "target", "policy")
