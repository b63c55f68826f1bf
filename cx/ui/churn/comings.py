"""Customers without a contract: new, returning, resurrected and dormant by period, and who counts as gone after how many days."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.churn import facts
from cx.ui.page import View
from cx.ui.text import quiet

SOURCES = {"orders": "Purchases", "interactions": "Any activity"}
DAYS = (30, 60, 90, 120, 180, 365)
TONES = {"new": "data", "returning": "before", "resurrected": "good", "dormant": "bad"}
MEANING = "new: active for the first time · returning: active in the period before too · resurrected: back after a pause · dormant: active in the period before and not in this one"


def show(view: View, key: str) -> None:
    """Draw the part."""
    possible = [name for name in SOURCES if view.now.rows(name)]
    if not possible or view.last is None:
        quiet("Comings and goings are read from orders or interactions; there are none yet. Upload an export of your shop on the Data page.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        source = st.segmented_control("Seen in", possible, format_func=SOURCES.__getitem__, default=possible[0], key="seenin", bind="query-params", required=True, label_visibility="collapsed") or possible[0]
        grain = st.segmented_control("By", ["week", "month", "quarter"], format_func=str.capitalize, default="month", key="seenby", bind="query-params", required=True, label_visibility="collapsed") or "month"
    with st.container(border=True):
        comings(view, source, grain)
    if view.now.rows("orders"):
        quiet_ones(view)


def comings(view: View, source: str, grain: str) -> None:
    """The four states by period."""
    end = view.period.end or view.last
    assert end is not None
    found = facts.states(view.now, view.filters.between(None, None), end, source, grain).tail({"week": 26, "month": 18, "quarter": 9}[grain])
    whole = found[found["complete"].astype(bool)]
    if whole.empty:
        quiet("No whole period has passed yet.")
        return
    last = whole.iloc[-1]
    when = words.period(last["period"], grain)
    title = f"{int(last['active']):,} customers were active in {when}: {int(last['new']):,} new, {int(last['resurrected']):,} back after a pause; {int(last['dormant']):,} fell silent"
    parts = {name: [float(v) * (-1 if name == "dormant" else 1) for v in found[name]] for name in TONES}
    charts.gains("churn-lifecycle", title, [p.to_pydatetime() for p in found["period"]], parts, TONES, alt=title, grain=grain, partial=[not c for c in found["complete"]], net=False, note=f"{MEANING} · pale: not complete")


def quiet_ones(view: View) -> None:
    """Churn without a contract: no purchase for N days, N chosen and shown."""
    days = st.select_slider("Gone after days without a purchase", DAYS, 90, key="silence", bind="query-params")
    row, options = kpi("inactivity_churn"), {"days": int(days)}
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        readings.trend(view, row, f"Customers silent for {days} days: {latest(view, options)}", "churn-silent", "month", options=options)
        quiet(f"Of those who bought in the {days} days before a month, the share who bought nothing in the last {days} days as it ended.")
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, row, "segment", "churn-silent-by", options=options)


def latest(view: View, options: dict[str, int]) -> str:
    """The share in the period chosen."""
    return words.estimate(scorecard.read("inactivity_churn", view.filters, now=view.now, options=options)[0].estimate)
