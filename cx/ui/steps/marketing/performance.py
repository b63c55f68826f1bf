"""Marketing performance: reach, conversion, cost and return over time and by channel, and who gets the credit under which rule."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS, kpi
from cx.errors import InputError
from cx.ui import charts, readings, touches
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

MEASURES = ("cac", "roas", "traffic", "ctr", "conversion_rate", "cost_per_lead", "cost_per_click", "lead_rate")
BY = {"channel": "Channel", "campaign": "Campaign", "segment": "Audience", "product": "Product", "country": "Country"}


def show(view: View) -> None:
    """Draw the step."""
    if view.now.rows("campaigns"):
        results(view)
    else:
        quiet("Reach, cost and return are read from campaign results; there are none yet. Upload an export of your ad platforms on the Data page.")
    if view.now.rows("interactions"):
        credit(view)
    else:
        quiet("Attribution follows customers' interactions; there are none yet. Upload an export of your web analytics on the Data page.")
    registers(view, "marketing-performance", "target")


def results(view: View) -> None:
    """One measure over time and by group."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.selectbox("Measure", [k for k in MEASURES if k in KPIS], format_func=lambda k: kpi(k).title, key="mmeasure", bind="query-params", width=230)
        column = st.selectbox("Break down by", BY, format_func=lambda c: f"by {BY[c].lower()}", key="mby", bind="query-params", width=150)
    row = kpi(key)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
        text = f"{row.title} {words.value(readings.in_minor(reading.estimate).value, reading.estimate.unit)}" if reading.estimate.value is not None else f"{row.title}: {reading.estimate.warning}"
        change = reading.change
        if change is not None and change.value is not None and reading.before is not None:
            was = words.value(readings.in_minor(reading.before).value, reading.before.unit)
            text += f", no significant change from {was}" if not change.significant else f", {'up' if change.value > 0 else 'down'} from {was}"
        readings.trend(view, row, text, "marketing-performance-trend")
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, row, column, "marketing-performance-dots")


def credit(view: View) -> None:
    """The models side by side and what changes between them."""
    counted = touches.event_counts(view)
    events = [row["event"] for row in counted]
    if len(events) < 2:
        return
    usual = touches.conversion_of(events)
    before = [row["event"] for row in counted if row["event"] != usual and row["marketed"] >= row["n"] / 2]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            conversion = st.selectbox("What counts as a conversion", events, index=events.index(usual), key="marketing-performance-conversion", width=230)
            chosen = st.multiselect("What counts as a touch", [e for e in events if e != conversion], default=[e for e in before if e != conversion] or [e for e in events if e != conversion], key="marketing-performance-touches")
            window = st.selectbox("Within", [7, 14, 30, 60, 90], index=2, format_func=lambda d: f"{d} days before", key="marketing-performance-window", width=150)
        if not chosen:
            quiet("Choose at least one kind of touch.")
            return
        try:
            frame = touches.credits(view.now, view.filters, conversion, tuple(sorted(chosen)), int(window))
        except InputError as error:
            quiet(str(error))
            return
        total = float(frame["first"].sum()) if len(frame) else 0.0
        if not total:
            headline(f"No {conversion} in this period")
            return
        gaps = touches.disputed(frame)
        top = gaps.iloc[0]
        left, right = st.columns([6, 5], gap="medium")
        with left:
            title = f"{top['channel']} is disputed most: {words.value(top['least'], '%')} of conversions by {lowered(top['least_rule'])}, {words.value(top['most'], '%')} by {lowered(top['most_rule'])}"
            cells = [charts.Cell(str(row["channel"]), touches.TITLES[rule], Estimate(100 * row[rule] / total, n=round(row[rule]))) for row in frame.to_dict("records") for rule in touches.RULES]
            charts.heat("marketing-performance-models", title, cells, alt=title, unit="%", note=f"share of {words.number(total, 0)} conversions credited to each channel; n is conversions. Every column adds up to 100 %.")
        with right:
            headline("What changes between the rules")
            ranks = changes(frame)
            table(ranks, "marketing-performance-changes", units={"least": "%", "most": "%", "gap": "points"})
            quiet("Credit tells on which paths conversions are found, not what would happen without a channel. First and last give all to one touch, linear shares equally, position gives 40 % to each end, time decay halves every 7 days, Markov asks how many conversions a chain without the channel would lose.")


def lowered(rule: str) -> str:
    """The name of a rule inside a sentence."""
    title = touches.TITLES[rule]
    return title if rule == "markov" else title.lower()


def changes(frame: Any) -> dict[str, list[Any]]:
    """A row a channel: least and most share with the rule that gives it, gap, and how far it moves in rank."""
    gaps = touches.disputed(frame)
    ranks = {rule: dict(zip(frame["channel"], frame[rule].rank(ascending=False, method="min").astype(int), strict=True)) for rule in touches.RULES}
    return {
        "Channel": list(gaps["channel"]), "least": [float(v) for v in gaps["least"]], "by": [touches.TITLES[r] for r in gaps["least_rule"]], "most": [float(v) for v in gaps["most"]],
        "by ": [touches.TITLES[r] for r in gaps["most_rule"]], "gap": [float(v) for v in gaps["gap"]],
        "rank": [f"{low} to {high}" if low != high else f"{low}, always" for low, high in ((min(ranks[r][c] for r in touches.RULES), max(ranks[r][c] for r in touches.RULES)) for c in gaps["channel"])],
    }  # fmt: skip
