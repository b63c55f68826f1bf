"""Collection: every source of the customer's voice, how much of it arrives, from whom, and who is not heard."""

from __future__ import annotations

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.records import lookup
from cx.ui import charts, kept, readings, voices
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import quiet

KINDS = {"periodic": "Periodic", "event": "After an event", "tracking": "Tracking", "relationship": "Periodic or tracking", "transactional": "After an event"}
OTHERS = ("Public mention", "Request or complaint")


def show(view: View) -> None:
    """Draw the step."""
    found = voices.sources(view.now, view.filters)
    with st.container(horizontal=True, gap="small"):
        st.page_link(page("data"), label="Upload answers, reviews or tickets", icon=":material/upload_file:")
        st.page_link(page("surveys"), label="Open a survey", icon=":material/rate_review:")
    if not found:
        with st.container(border=True):
            st.markdown("**Nobody has been heard yet**")
            quiet("Upload a survey export, reviews or tickets; or open a survey and hand out its link.")
        kept.registers(view, "needs-collection", "survey")
        return
    covered = voices.coverage(view.now, view.filters)
    headline(sentence(view, found, covered))
    registered = {s.name: s.kind for s in lookup.records("survey")}
    kinds = {v.name: kind(v.kind, registered.get(v.name)) for v in found}
    quiet(apart(found, kinds))
    order = [*KINDS.values(), *OTHERS]
    ranked = sorted(found, key=lambda v: (order.index(kinds[v.name]) if kinds[v.name] in order else len(order), -v.rows))
    rows = [
        {"kind": kinds[v.name], "source": v.name, "voices": v.rows, "customers": v.customers, "comments": v.comments, "response rate": v.rate.value if v.rate else None,
         "invited": v.rate.n if v.rate else None, "last arrival": v.last, "days silent": v.silent(view.last)} for v in ranked
    ]  # fmt: skip
    table(rows, "needs-collection-sources", units={"response rate": "%"}, alt=sentence(view, found, covered), height=36 * (len(rows) + 1) if len(rows) < 24 else None)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        groups = [charts.Group(name, estimate) for name, estimate in covered]
        known = [(name, e.value) for name, e in covered if e.value is not None]
        title = f"{known[0][0]} is heard least: {words.value(known[0][1], '%')} of active customers answered" if len(known) > 1 else "Active customers who were heard in the period, by segment"
        charts.dots("needs-collection-coverage", title, groups, alt="Share of active customers heard, by segment", unit="%", note="share of the customers active in the period who answered a survey in it; dot with 95 % interval")
    with right:
        rate = KPIS["response_rate"]
        readings.compare_groups(view, rate, "survey", "needs-collection-rate")
    readings.trend(view, KPIS["response_rate"], "Response rate over time", "needs-collection-trend", height=200)
    kept.registers(view, "needs-collection", "survey")


def kind(data: str, registered: str | None) -> str:
    """What kind of listening a source is: as its survey is registered, which tells periodic from tracking, else as the data says."""
    return KINDS.get(registered or data, data[:1].upper() + data[1:])


def apart(found: list[voices.Voice], kinds: dict[str, str]) -> str:
    """How much arrives of each kind, so that asking in general, after an event and over time are not taken for one another."""
    counts: dict[str, list[int]] = {}
    for v in found:
        counts.setdefault(kinds[v.name], []).append(v.rows)
    return " · ".join(f"{name}: {sum(rows):,} from {words.plural(len(rows), 'source')}" for name, rows in sorted(counts.items(), key=lambda pair: -sum(pair[1])))


def sentence(view: View, found: list[voices.Voice], covered: list[tuple[str, Estimate]]) -> str:
    """Who is heard least, or what has fallen silent."""
    quietest = [v for v in found if (v.silent(view.last) or 0) > 30]
    if quietest:
        worst = max(quietest, key=lambda v: v.silent(view.last) or 0)
        return f"{worst.name} has been silent for {worst.silent(view.last)} days; {len(found)} sources in all"
    known = [(name, e) for name, e in covered if e.value is not None]
    if known:
        name, e = min(known, key=lambda pair: pair[1].value or 0.0)
        return f"{sum(v.rows for v in found):,} voices from {len(found)} sources; least heard: {name}, {words.value(e.value, '%')} of active customers"
    return f"{sum(v.rows for v in found):,} voices from {len(found)} sources"
