"""The way from wherever a customer is named to the page that shows them whole."""

from __future__ import annotations

import streamlit as st

from cx.ui.page import page
from cx.ui.text import escape


def link(customer: str | None, name: str | None = None) -> None:
    """A link to the customer, named by their name where it is known; nothing where there is no identifier."""
    if customer:
        st.page_link(page("customers"), label=escape(name or customer, 80), icon=":material/person_search:", query_params={"customer": customer}, help="This customer, whole")
