"""How much is said and how much of it is negative over time, with the days that stand out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import kpi
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.period import grain as suited
from cx.ui.period import partial
from cx.ui.social import facts
from cx.ui.tables import table
from cx.ui.text import quiet

GRAINS = ("day", "week", "month")
STEP: dict[str, Any] = {"day": pd.Timedelta(days=1), "week": pd.Timedelta(days=7), "month": pd.DateOffset(months=1)}
NAMED = 5


def show(view: View) -> None:
    """Draw the part."""
    usual = suited(view.period.days)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        grain = st.segmented_control("By", GRAINS, format_func=str.capitalize, default=usual if usual in GRAINS else "month", key="voiceby", bind="query-params", required=True, label_visibility="collapsed") or "week"
        bad = st.toggle("Negative ones only", key="voicebad", bind="query-params")
    found = facts.spikes(view.now, view.filters, grain, bad)
    if found.empty:
        quiet("No mention in this period.")
        return
    out = found[found["spike"].astype(bool)].sort_values("ratio", ascending=False)
    with st.container(border=True):
        volume(view, found, out, grain, bad)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        row = kpi("mention_negative")
        reading = readings.card(view, "mention_negative")
        readings.trend(view, row, f"{row.title}: {words.estimate(reading.estimate)}", "social-negative", grain)
    with right.container(border=True, height="stretch"):
        listed(view, grain)


def volume(view: View, found: pd.DataFrame, out: pd.DataFrame, grain: str, bad: bool) -> None:
    """Mentions by period with what was to be expected, and the spikes as events."""
    points = []
    for row in found.to_dict("records"):
        known = not pd.isna(row["expected"])
        low = max(2 * row["expected"] - row["high"], 0.0) if known else None
        when = row["period"].to_pydatetime()
        points.append(charts.Point(when, Estimate(float(row["n"]), low, float(row["high"]) if known else None, int(row["n"])), partial(when, grain, view.last) if view.last else False))
    events = [charts.Event(row["period"].to_pydatetime(), f"{int(row['n'])} where {row['expected']:.0f} are usual") for row in out.head(NAMED).sort_values("period").to_dict("records")]
    title = said(view, found, out, grain, bad)
    charts.trend("social-volume", title, points, alt=f"Mentions by {grain}. {title}", grain=grain, events=events, zero=True, height=240,
                 note="band: what was to be expected from the time before, up to what one in a hundred would exceed" + (" · amber: far more than that" if len(out) else ""))  # fmt: skip


def said(view: View, found: pd.DataFrame, out: pd.DataFrame, grain: str, bad: bool) -> str:
    """The strongest spike and what it was about, or that none stands out."""
    what = "negative mentions" if bad else "mentions"
    total, n = int(found["n"].sum()), len(found)
    if out.empty:
        also = 0 if bad else int(facts.spikes(view.now, view.filters, grain, True)["spike"].astype(bool).sum())
        return f"{total:,} {what}, {words.number(total / n)} a {grain}: no {grain} stands out" + (f", though {stand(also, grain)} by negative ones" if also else "")
    top = out.iloc[0]
    start = top["period"].to_pydatetime()
    matter = facts.about(view.now, view.filters, start, end_of(start, grain), bad)
    text = f"{words.period(start, grain)}: {int(top['n'])} {what} where {top['expected']:.0f} are usual"
    text += f", {matter['bad']} of {matter['n']} negative" if not bad and matter["n"] else ""
    return text + (f", {matter['of']} about {matter['touchpoint']}" if matter["touchpoint"] else "")


def end_of(start: datetime, grain: str) -> datetime:
    """When the period that begins at `start` ends."""
    end: datetime = (pd.Timestamp(start) + STEP[grain]).to_pydatetime()
    return end


def listed(view: View, grain: str) -> None:
    """The periods that stand out, among all mentions and among the negative ones, with what was said in them."""
    both = {"all": facts.spikes(view.now, view.filters, grain, False), "negative": facts.spikes(view.now, view.filters, grain, True)}
    found = sorted(((row, of) for of, frame in both.items() for row in frame[frame["spike"].astype(bool)].to_dict("records")), key=lambda pair: (pair[0]["period"], pair[1]), reverse=True)
    counts = {of: sum(name == of for _, name in found) for of in both}
    st.markdown(f"**By all mentions {stand(counts['all'], grain)}, by negative ones {stand(counts['negative'], grain)}**")
    if not found:
        quiet("A period stands out where its count would come by chance less than once in a hundred looks, all periods taken together.")
        return
    data: dict[str, list[Any]] = {"When": [], "Of": [], "Mentions": [], "Usual": [], "Times": [], "Negative": [], "Mostly about": []}
    for row, of in found[:20]:
        start = row["period"].to_pydatetime()
        matter = facts.about(view.now, view.filters, start, end_of(start, grain), of == "negative")
        data["When"].append(words.period(start, grain))
        data["Of"].append(of)
        data["Mentions"].append(int(row["n"]))
        data["Usual"].append(float(row["expected"]))
        data["Times"].append(float(row["ratio"]))
        data["Negative"].append(matter["bad"])
        data["Mostly about"].append(f"{matter['touchpoint']} ({matter['of']})" if matter["touchpoint"] else None)
    table(data, "social-spikes", alt="Periods that stand out")


def stand(n: int, grain: str) -> str:
    """How many periods stand out, in words."""
    return f"{n} {grain}{'s stand' if n != 1 else ' stands'} out" if n else f"no {grain} stands out"
