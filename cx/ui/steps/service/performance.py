"""Performance: nine measures of service by team, agent, reason or channel, by their distribution, and the tickets behind."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.measure import Scope
from cx.blueprint.catalogue import kpi
from cx.blueprint.kpi import Kpi
from cx.facts import engine
from cx.records import promises as levels
from cx.ui import format as words
from cx.ui import readings
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MEASURES = ("first_response_median", "first_response_p90", "resolution_median", "resolution_p90", "first_contact_resolution", "reopen_rate", "complaint_resolution", "service_satisfaction", "backlog", "backlog_age")
TIMED = frozenset(MEASURES[:4])
BY = {"team": "Team", "agent": "Agent", "category": "Reason", "channel": "Channel", "priority": "Priority", "segment": "Segment", "product": "Product", "country": "Country"}
BEHIND = ("ticket_id", "created_at", "subject", "category", "channel", "priority", "team", "agent", "segment", "first_response_at", "resolved_at", "reopens", "satisfaction")


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("tickets"):
        quiet("Performance is measured on tickets; there are none yet. Upload an export of your help desk on the Data page.")
        registers(view, "service-performance", "target")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.selectbox("Measure", MEASURES, format_func=lambda k: kpi(k).title, key="smeasure", bind="query-params", width=230)
        column = st.selectbox("Break down by", BY, format_func=lambda c: f"by {BY[c].lower()}", key="sby", bind="query-params", width=150)
        clock = levels.clock()
        opened = st.toggle("Count opening hours only", value=clock is not None, key="service-performance-open", disabled=clock is None, help="Uses the business hours of your service levels.")
    hours = clock if opened else None
    row, options = kpi(key), {"hours": hours} if hours is not None and key in TIMED else None
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        readings.trend(view, row, said(view, row, options), "service-performance-trend", options=options)
    with right.container(border=True, height="stretch"):
        picked = readings.compare_groups(view, row, column, "service-performance-dots", options=options, limit=16)
    with st.container(border=True):
        st.markdown(f"**Every measure by {BY[column].lower()}**")
        matrix(view, column, hours)
    if picked:
        with st.container(border=True):
            st.markdown(f"**Tickets of {escape(picked)}**")
            behind(view, column, None if picked == readings.UNKNOWN else picked)
    registers(view, "service-performance", "target")


def said(view: View, row: Kpi, options: dict[str, Any] | None) -> str:
    """The measure now and against the period before."""
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now, options=options)[0]
    if reading.estimate.value is None:
        return f"{row.title}: {reading.estimate.warning}"
    text = f"{row.title} {words.value(reading.estimate.value, reading.estimate.unit)}"
    change = reading.change
    if change is None or change.value is None or reading.before is None:
        return text
    was = words.value(reading.before.value, reading.before.unit)
    return f"{text}, no significant change from {was}" if not change.significant else f"{text}, {'up' if change.value > 0 else 'down'} from {was}"


def matrix(view: View, column: str, hours: Any) -> None:
    """A row a group, a column a measure; the group with most tickets first."""
    found: dict[Any, dict[str, Any]] = {}

    def read(key: str) -> list[scorecard.Reading]:
        return scorecard.read(key, view.filters, (column,), now=view.now, options={"hours": hours} if hours is not None and key in TIMED else None)

    keys = ("ticket_volume", *MEASURES)
    for key, groups in zip(keys, each(read, keys), strict=True):
        for reading in groups:
            found.setdefault(reading.key(column), {})[key] = reading.estimate
    ranked = sorted(found.items(), key=lambda pair: (pair[0] is None, -(pair[1]["ticket_volume"].value or 0) if "ticket_volume" in pair[1] else 0))
    data: dict[str, list[Any]] = {BY[column]: [readings.UNKNOWN if name is None else name for name, _ in ranked], "Tickets": [int(m["ticket_volume"].value or 0) if "ticket_volume" in m else 0 for _, m in ranked]}
    units = {}
    for key in MEASURES:
        data[kpi(key).title] = [m[key].value if key in m else None for _, m in ranked]
        units[kpi(key).title] = "" if key == "backlog" else kpi(key).unit
    table(data, "service-performance-matrix", units=units, help={kpi(k).title: kpi(k).question for k in MEASURES}, alt=f"Measures of service by {BY[column].lower()}")


def behind(view: View, column: str, value: str | None) -> None:
    """The latest tickets of a group."""
    tables, _ = view.filters.apply(engine.tables())
    tickets = Scope(view.filters.start, view.filters.end).during(tables["tickets"], "created_at")
    tickets = tickets.filter(tickets[column].isnull() if value is None else tickets[column] == value)
    rows = engine.rows(tickets.order_by(tickets["created_at"].desc()).select(*BEHIND).limit(1000), now=view.now)
    table({name: [row[name] for row in rows] for name in BEHIND}, "service-performance-behind")
