"""Launch review: before and after with a control segment, the effect with its interval, and who adopted it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.launch_effect import adoption_curve, launch_effect
from cx.analytics.measure import Scope
from cx.blueprint.catalogue import KPIS
from cx.facts import engine
from cx.facts.filters import Filters
from cx.records.lookup import records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.measurement_series import day
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.period import midnight, partial
from cx.ui.remember import remembered
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the workbench."""
    now = bench.today(view)
    out = [x for x in records("launch") if x.launch_on and x.launch_on <= now and x.status != "stopped"]
    if not out or view.last is None:
        quiet("Nothing has been launched yet. Once a launch has a date that has passed, its effect is computed here.")
        registers(view, "product-evaluation", "launch")
        return
    one = bench.choose("Launch", sorted(out, key=lambda x: x.launch_on, reverse=True), "review", lambda x: x.name, width=420)
    _effect(view, one)
    if one.adoption_event:
        _adoption(view, one, now)
    else:
        quiet("No adoption event is named for this launch: name one in the register, such as the first use, to follow who takes it up.")
    _learn(view, one)
    registers(view, "product-evaluation", "launch")


def _effect(view: View, one: Any) -> None:
    if one.kpi not in KPIS:
        quiet("No KPI is named for this launch: name one in the register and its effect is tested here.")
        return
    row = KPIS[one.kpi]
    weeks = st.segmented_control("Weeks on either side", [4, 8, 13, 26], default=13, key="product-evaluation-weeks", required=True) or 13
    start, middle = midnight(one.launch_on - timedelta(weeks=weeks)), midnight(one.launch_on)
    end = min(midnight(one.launch_on + timedelta(weeks=weeks)), view.last or datetime.max)
    base = Filters(only=view.filters.only)

    def read(segment: str | None, a: datetime, b: datetime) -> Any:
        filters = base.between(a, b)
        return scorecard.read(row, filters.narrowed("segment", segment) if segment else filters, now=view.now)[0].estimate

    who = one.segment or "Everybody"
    cells = {who: (read(one.segment, start, middle), read(one.segment, middle, end))}
    if one.control_segment:
        cells[one.control_segment] = (read(one.control_segment, start, middle), read(one.control_segment, middle, end))
        effect = launch_effect(*cells[who], *cells[one.control_segment])
        if effect.value is None:
            title = f"{one.name}: no effect can be computed, one of the four cells has no value"
        elif effect.significant:
            good = row.better == "none" or (effect.value > 0) == (row.better == "higher")
            title = f"{one.name} moved {row.title} of {who} by {words.difference(effect)} against {one.control_segment}: {'for the better' if good else 'for the worse'}"
        else:
            title = f"No effect of {one.name} on {row.title} can be shown: {words.difference(effect)} against {one.control_segment}"
    else:
        a, b = cells[who]
        from cx.analytics.estimate import difference

        title = f"{row.title} of {who if who != 'Everybody' else 'everybody'} changed by {words.difference(difference(a, b))}; without a control segment the cause may lie elsewhere"
    groups = [charts.Group(f"{name}: {label}", e) for name, pair in cells.items() for label, e in zip(("before", "after"), pair, strict=True)]
    charts.dots("product-evaluation-cells", title, groups, alt=title, unit=row.unit, target=one.goal, note=f"{weeks} weeks before and up to {weeks} weeks after {words.day(one.launch_on)}; 95 % intervals")
    _lines(view, one, base)
    if one.control_segment:
        quiet("Difference in differences: the change of those who got it less the change of those who did not. It is the launch's effect only if both would have moved alike without it; look at the lines before the launch.")


def _lines(view: View, one: Any, base: Filters) -> None:
    row = KPIS[one.kpi]
    window = base.between(midnight(one.launch_on - timedelta(days=365)), view.last)
    series = {}
    for segment in dict.fromkeys(s for s in (one.segment, one.control_segment) if s):
        found = scorecard.read(row, window.narrowed("segment", segment), ("month",), now=view.now)
        series[segment] = [(r.key("month"), r.estimate.value) for r in found if r.key("month") and not (view.last and partial(r.key("month"), "month", view.last))]
    if series:
        charts.lines("product-evaluation-lines", f"{row.title} by month; launched {words.day(one.launch_on)}", series, alt=f"{row.title} of the launch and control segment by month", unit=row.unit, height=220)


@remembered
def _uses(now: Any, only: Filters, event: str, segment: str | None, since: datetime) -> tuple[tuple[date, ...], int]:
    """The day of each customer's first use ever, and how many customers of the segment did anything since the launch."""
    tables, _ = only.apply(engine.tables())
    table = tables["interactions"].filter(lambda t: t["customer_id"].notnull())
    table = table.filter(table["segment"] == segment) if segment else table
    used = table.filter(table["event"] == event)
    firsts = engine.rows(used.group_by("customer_id").aggregate(first=used["happened_at"].min()), now=now)
    active = Scope(since).during(table, "happened_at")
    eligible = engine.rows(active.aggregate(n=active["customer_id"].nunique()), now=now)[0]["n"]
    already = {r["customer_id"] for r in firsts if day(r["first"]) < day(since)}
    seen = engine.rows(active.filter(active["customer_id"].isin(used.filter(used["happened_at"] < since.replace(tzinfo=None))["customer_id"])).aggregate(n=active["customer_id"].nunique()), now=now)[0]["n"] if already else 0
    return tuple(day(r["first"]) for r in firsts if day(r["first"]) >= day(since)), int(eligible) - int(seen)


def _adoption(view: View, one: Any, now: date) -> None:
    uses, eligible = _uses(view.now, Filters(only=view.filters.only), one.adoption_event, one.segment, midnight(one.launch_on))
    curve = adoption_curve(uses, one.launch_on, eligible, now)
    if not eligible or not curve:
        quiet(f"Nobody who could use it has been seen since the launch, or the event {one.adoption_event} never happened.")
        return
    last = curve[-1].share
    half = next((c.day for c in curve if c.adopters >= curve[-1].adopters / 2), 0)
    title = f"{words.value(last.value, '%')} of {eligible:,} who could have adopted it in {curve[-1].day} days ({words.interval(last.low, last.high, '%')}), half of them within {half} days"
    points = [charts.Point(one.launch_on + timedelta(days=c.day), c.share) for c in curve]
    charts.trend("product-evaluation-adoption", title, points, alt=title, unit="%", grain="day", zero=True, note=f"customers whose first “{one.adoption_event}” came after the launch, of those active since who had not used it before")


def _learn(view: View, one: Any) -> None:
    held = opened("launch", one, "product-launch")
    form = Fields()
    with st.form(f"{held.key}-learn", border=False):
        learnt = form("learning").text_area("What we learnt", held.row.learning or "", key=f"{held.key}-text", height=80)
        if st.form_submit_button("Save"):
            held.save({"learning": learnt}, bench.actor(view), f"Kept with {one.name}", form)
