"""The desk: one search for everything, a list of whom it found, and the customer chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.facts.datasets import DATASETS
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.customers import finding, leaving, whole
from cx.ui.customers.choice import ASKED, CHOSEN, NEXT, seen
from cx.ui.customers.telling import SCALES
from cx.ui.empty import nothing_yet
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the page: the list, or the customer that the address names."""
    coming = st.session_state.pop(NEXT, None)
    if coming is not None:
        st.session_state[CHOSEN] = coming
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width="stretch"):
            st.title("Customers", anchor=False)
        asked = st.text_input("Find a customer", key=ASKED, bind="query-params", placeholder="Identifier, name, e-mail, company, phone, or words they said", width=420, on_change=_leave)
        chosen = st.text_input("Identifier", key=CHOSEN, bind="query-params", placeholder="such as C10001", width=150, help="Opens this customer. The address of the page keeps it, so that it can be shared.")
    leaving.told()
    if not any(view.now.rows(name) for name, kind in DATASETS.items() if "customer_id" in kind.types):
        nothing_yet("customer")
        return
    if chosen.strip():
        whole.show(view, chosen.strip())
    else:
        found(view, asked.strip())


def _leave() -> None:
    st.session_state[CHOSEN] = ""


def found(view: View, asked: str) -> None:
    """Whom the search found; a click opens one of them."""
    if 0 < len(asked) < finding.SHORTEST:
        quiet(f"Type {finding.SHORTEST} letters or more.")
        return
    rows = finding.find(view.now, asked, seen(view.last))
    if not rows:
        headline(f"Nobody is found by “{asked}”")
        quiet("Looked at: identifier, name, e-mail, company, further columns of the customer files, comments, reviews and subjects of tickets.")
        return
    total = int(rows[0]["total"])
    own = sum(row["rank"] < 3 for row in rows)
    many = f"{total:,} customers" if total != 1 else "1 customer"
    if asked:
        headline(f"{many} found by “{asked}”" + (f", {own} by who they are" if 0 < own < len(rows) else "") + (f"; the best {len(rows)} are shown" if total > len(rows) else ""))
    else:
        headline(f"The {len(rows)} customers who spoke last, of {total:,} who ever did")
    quiet("Choose a row to see the customer whole. Click a head to sort.")
    picked = table(listed(rows), "customers-found", clicks=True, height=560, titles={"Said": "What they said last" if not asked else "What they said"}, units={"Health": "of 100"}, alt="Customers found, the best match first")
    if picked is not None and picked < len(rows):
        st.session_state[NEXT] = rows[picked]["customer_id"]
        st.rerun()


def listed(rows: tuple[dict[str, Any], ...]) -> dict[str, list[Any]]:
    """The columns of the list."""
    return {
        "Customer": [row["name"] or row["customer_id"] for row in rows],
        "Identifier": [row["customer_id"] for row in rows],
        "Company": [row["company"] for row in rows],
        "Segment": [row["segment"] for row in rows],
        "Last contact": [row["seen"] for row in rows],
        "Last score": [f"{SCALES.get(row['metric'], row['metric'])} {words.number(row['score'])}" + (f" of {words.number(row['top'])}" if row["top"] is not None else "") if row["score"] is not None else None for row in rows],
        "Health": [row["health"] for row in rows],
        "State": [row["band"] if row["health"] is not None else None for row in rows],
        "Owner": [row["owner"] for row in rows],
        "Said": [row["said"] for row in rows],
    }
