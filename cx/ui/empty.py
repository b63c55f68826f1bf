"""What stands where there is no data yet: what to do, in one step."""

from __future__ import annotations

import streamlit as st

from cx.ui.page import page
from cx.ui.text import quiet


def no_numbers() -> None:
    """The same in one line, above steps that have more to say of what they need."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(page("data"), label="Upload a file", icon=":material/upload_file:", width="content")
        quiet("There is no data yet, so there is no KPI to show. What people write themselves works without.")


def nothing_yet(what: str = "customer experience") -> None:
    """Invite to bring data in."""
    with st.container(border=True):
        st.header("Bring in your first file", anchor=False)
        quiet(f"There is no data yet, so there is no {what} to show. Drop the export of any survey tool, or of your help desk, CRM or shop; you see how it is read before anything is stored.")
        st.page_link(page("data"), label="Upload a file", icon=":material/upload_file:")
        quiet("Only looking? On the command line, python -m cx demo loads two years of an invented company, and python -m cx demo --wipe removes it.")
