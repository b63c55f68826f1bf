"""Churn and retention: who leaves, what it costs, how long customers stay, why they go, who is next."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.ui import cards, readings
from cx.ui.churn import cohorts, comings, curves, rates, reasons, revenue, risk
from cx.ui.churn.period import FORMULAS
from cx.ui.empty import nothing_yet
from cx.ui.kpi_panel import panel
from cx.ui.page import View
from cx.ui.text import escape

WALL = ("churned_customers", "gross_mrr_churn", "net_mrr_churn", "grr", "nrr", "mrr")
PARTS: dict[str, Callable[[View, str], None]] = {
    "Who leaves": rates.show, "Revenue": revenue.show, "Cohorts": cohorts.show, "Survival": curves.show, "Reasons": reasons.show, "At risk": risk.show, "Lifecycle": comings.show,
}  # fmt: skip


def show(view: View) -> None:
    """Draw the page: what there is to say, the wall, and of its parts the chosen one."""
    if not any(view.now.rows(name) for name in ("customers", "subscriptions", "orders")):
        nothing_yet("churn")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        heading = st.container(width="stretch")
        formula = st.segmented_control("Formula of logo churn", list(FORMULAS), default="start base", key="formula", bind="query-params", required=True, label_visibility="collapsed") or "start base"
    key = FORMULAS[formula].kpi
    with heading:
        st.subheader(escape(rates.finding(view, key), 400), anchor=False)
    found = readings.cards(view, [key, *(k for k in WALL if k in KPIS)])
    clicked = cards.wall(found, "churn-wall")
    if clicked:
        st.session_state["churn-open"] = None if st.session_state.get("churn-open") == clicked else clicked
    if st.session_state.get("churn-open"):
        panel(view, st.session_state["churn-open"])
    part = st.segmented_control("Part", list(PARTS), default="Who leaves", key="retention", bind="query-params", required=True, label_visibility="collapsed") or "Who leaves"
    PARTS[part](view, key)
