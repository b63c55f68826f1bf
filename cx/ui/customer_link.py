"""From a list of customers to one of them: choosing a row opens a way to the customer's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.ui.page import PLACES, page
from cx.ui.tables import table
from cx.ui.text import escape, quiet


def link(customer: str, label: str = "") -> None:
    """A link to the page of one customer."""
    if "customers" in PLACES:
        st.page_link(page("customers"), label=escape(label or f"Open {customer}"), icon=":material/person:", query_params={"customer": customer})


def listed(rows: Mapping[str, Sequence[Any]], key: str, *, units: Mapping[str, str] | None = None, help: Mapping[str, str] | None = None, height: int = 330, alt: str = "") -> int | None:
    """A table with a column Customer; the chosen row gets a link to that customer. Returns its number."""
    picked = table(rows, key, units=units, help=help, clicks=True, height=height if len(rows["Customer"]) > 8 else None, alt=alt)
    if picked is None:
        quiet("Choose a row to open the customer.")
    elif rows["Customer"][picked]:
        link(str(rows["Customer"][picked]))
    return picked
