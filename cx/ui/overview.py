"""The leadership page: where we stand, how it moved, who stands behind, what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import KPIS, kpi
from cx.facts import prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision, freshness
from cx.records.lookup import records
from cx.settings import settings
from cx.ui import alerts, cards, charts, findings, kpi_panel, readings, ten_groups, verbatims
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.page import View, page
from cx.ui.text import escape, quiet

HEADLINES = ("nps", "ease", "csat", "logo_churn", "nrr", "journey_conversion", "sla_response", "response_rate")
VOICES = {"nps": "NPS", "ease": "Ease", "csat": "Satisfaction"}
METRICS = {"nps": "nps", "ease": "ces", "csat": "csat"}
SOON = timedelta(days=14)
STALE = timedelta(days=7)
COLUMNS = {"segment": "Segment", "channel": "Channel", "touchpoint": "Touchpoint", "survey": "Survey", "product": "Product", "country": "Country"}


def show(view: View) -> None:
    """Draw the page."""
    if not any(files for _, files in view.now.files):
        nothing_yet()
        return
    clicked = cards.wall(readings.cards(view, [key for key in HEADLINES if key in KPIS][:7]), "headline")
    kpi_panel.behind(view, "headline", clicked)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.segmented_control("Score", list(VOICES), format_func=VOICES.__getitem__, default="nps", key="score", bind="query-params", required=True, label_visibility="collapsed") or "nps"
        st.space("stretch")
        grain = st.segmented_control("By", ["day", "week", "month", "quarter"], format_func=str.capitalize, default="month", key="grain", bind="query-params", required=True, label_visibility="collapsed") or "month"
        column = st.selectbox("Break down by", list(COLUMNS), format_func=lambda c: f"by {COLUMNS[c].lower()}", key="by", bind="query-params", label_visibility="collapsed", width=150)
    row = kpi(key)
    left, right = st.columns([6, 5], gap="small", border=True)
    with left:
        readings.trend(view, row, moved(view, key), "trend", grain)
    with right:
        findings.show(view)
    left, right = st.columns([5, 6], gap="small", border=True)
    with left:
        picked = readings.compare_groups(view, row, column, "groups")
    with right:
        ten_groups.show(view)
    if picked:
        value = None if picked == readings.UNKNOWN else picked
        with st.container(border=True):
            st.markdown(f"**Answers behind {VOICES[key]}: {COLUMNS[column].lower()} {escape(picked)}**")
            verbatims.rows_behind(view, "behind", {column: value}, METRICS[key])
    left, right = st.columns([4, 7], gap="small", border=True)
    with left:
        distribution(view, key)
    with right:
        verbatims.show(view, "voices", {column: None if picked == readings.UNKNOWN else picked} if picked else None)
    due(view)


def due(view: View) -> None:
    """What waits for somebody: actions overdue or due within two weeks of the last day with data, and how fresh the data is."""
    today = (view.last - timedelta(days=1)).date() if view.last else date.max
    open_ = [a for a in records("action") if a.status in ("open", "in_progress") and a.due_on and a.due_on <= today + SOON]
    seen = alerts.standing()
    left, right = st.columns([6, 5], gap="small", border=True)
    with left:
        late = sum(a.due_on < today for a in open_)
        lines = [" · ".join(part for part in (words.day(action.due_on), action.title, action.owner or "no owner") if part) for action in sorted(open_, key=lambda a: a.due_on)[:5]]
        if seen:
            named = ", ".join(f"{one.name} ({one.place})" if one.place else one.name for one in seen[:4])
            lines.append(f"{words.plural(len(seen), 'alert')} nobody has settled: {named}")
        listed(f"{words.plural(len(open_), 'action')} due, {late} of them late" if open_ else "No action is due within two weeks", lines)
        if seen:
            st.page_link(page("alerts"), label="Open alerts", icon=":material/notifications_active:")
    with right:
        dated = [row for row in freshness() if row["rows"] and row["latest"] and row["dataset"] not in ("customers", "trainings")]
        stale = [row for row in dated if view.last and view.last - row["latest"] > STALE]
        title = f"{len(stale)} of {len(dated)} sources are older than a week" if stale else f"All {len(dated)} sources reach to the last week"
        listed(title, [" · ".join(f"{row['title']} {words.day(min(row['latest'], view.last) if view.last else row['latest'])}" for row in stale or dated)])


def listed(title: str, lines: Sequence[str]) -> None:
    """A sentence with notes under it, as one element."""
    st.markdown("\n\n".join([f"**{escape(title)}**", *(f":gray[:small[{escape(line, 600)}]]" for line in lines)]))


def moved(view: View, key: str) -> str:
    """The title of the trend: what happened to the score in this period, and whether it can be trusted."""
    row = kpi(key)
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    if reading.estimate.value is None:
        return f"{row.title}: {reading.estimate.warning or 'no value'}"
    now = words.value(reading.estimate.value, row.unit)
    change = reading.change
    if change is None or change.value is None or reading.before is None:
        return f"{row.title} is {now}"
    was = words.value(reading.before.value, row.unit)
    if not change.significant:
        return f"{row.title} {now}: no significant change from {was}"
    return f"{row.title} {'rose' if change.value > 0 else 'fell'} from {was} to {now}"


@lru_cache(maxsize=64)
def _spread(key: str, filters: Filters, now: Revision, kept: str) -> list[dict[str, Any]]:
    def build(dated: Filters) -> Any:
        table = scorecard.counted(key, dated, now.repeats)
        return table.group_by("scale_min", "scale_max", "higher_is_better", "score").aggregate(n=table.count())

    return prepared.rows(("spread", key, now.repeats), filters, build, now, keep=True)


def distribution(view: View, key: str) -> None:
    """How the scores that the number counts are spread over their scale; the scale answered most where there are several."""
    counted = _spread(key, view.filters, view.now, scorecard.kept())
    scales: dict[tuple[Any, Any, Any], dict[int, int]] = {}
    for line in counted:
        if line["score"] == int(line["score"]) and line["scale_max"] is not None and line["scale_max"] - line["scale_min"] <= 10:
            scales.setdefault((line["scale_min"], line["scale_max"], line["higher_is_better"]), {})[int(line["score"])] = line["n"]
    if not scales:
        st.markdown("**How the answers are spread**")
        quiet("No answers in this selection.")
        return
    (low, high, better), counts = max(scales.items(), key=lambda pair: sum(pair[1].values()))
    full = {i: counts.get(i, 0) for i in range(int(low), int(high) + 1)}
    total = sum(full.values())
    if total < settings().minimum_group:
        st.markdown("**How the answers are spread**")
        quiet(scorecard.HIDDEN.format(minimum=settings().minimum_group))
        return
    if key == "nps":
        title = f"{words.value(100 * sum(full[i] for i in (9, 10)) / total, '%')} promoters, {words.value(100 * sum(full[i] for i in range(7)) / total, '%')} detractors"
        charts.nps_scale("spread", title, full, alt=f"{title}, of {total:,} answers")
        return
    ends = f"{low:g} to {high:g}"
    bar = high - 1 if high - low >= 3 else high
    satisfied = [i for i in full if (i >= bar if better is not False else i <= low + (high - bar))]
    names = {"csat": ("Satisfied", "Not satisfied"), "ease": ("Easiest two", "Others")}[key]
    share = 100 * sum(full[i] for i in satisfied) / total
    title = f"{words.value(share, '%')} {names[0].lower()}" + ("" if better is not False else ", on a scale where lower is better")
    groups = {names[1]: [i for i in full if i not in satisfied], names[0]: satisfied}
    charts.scale("spread", title, full, alt=f"{title}, of {total:,} answers from {ends}", groups=groups, tones={names[0]: "good", names[1]: "neutral"})
