"""Monitoring: what each change did to its KPI, how maps changed, and which alerts fire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import difference
from cx.analytics.intervention import interrupted
from cx.blueprint.catalogue import KPIS
from cx.records import lookup
from cx.records.across import Action
from cx.ui import alerts, charts, journeys, kept, readings
from cx.ui import format as words
from cx.ui.bench import choose, headline
from cx.ui.charts import Event
from cx.ui.page import View
from cx.ui.period import midnight, partial
from cx.ui.tables import table
from cx.ui.text import escape, quiet

WEEKS = 12


def show(view: View) -> None:
    """Draw the step."""
    _alerts(view)
    _effects(view)
    _versions()
    kept.registers(view, "journeys-monitoring", "alert_rule", "action", "journey")


def _alerts(view: View) -> None:
    found = alerts.look(view)
    firing = [f for f in found if f.fires]
    headline(f"{len(firing)} of {len(found)} alerts fire: {firing[0].rule.name}" if firing else f"No alert fires; {len(found)} rules watch" if found else "No alert rule watches yet: add one below")
    rows = [{"": "fires" if f.fires else "quiet", "alert": f.rule.name, "KPI": " · ".join(p for p in (KPIS[f.rule.kpi].title if f.rule.kpi in KPIS else f.rule.kpi, f.rule.touchpoint, f.rule.segment, f.rule.channel) if p),
             "condition": f"{f.rule.condition.replace('_', ' ')} {words.number(f.rule.threshold) if f.rule.threshold is not None else ''}".strip(), "last whole": f"{f.rule.grain} from {words.day(f.start)}" if f.start else "",
             "value": words.estimate(f.estimate) if not f.reason else f.reason, "change": words.difference(f.change) if f.change else "", "tell": ", ".join(f.rule.recipients or [])} for f in found]  # fmt: skip
    if rows:
        table(rows, "journeys-monitoring-alerts")


def _effects(view: View) -> None:
    """Before and after of each action in effect that names a KPI."""
    done: list[Action] = [a for a in lookup.records("action") if a.done_on and a.kpi in KPIS and (a.group == "journeys" or a.touchpoint)]
    if not done:
        quiet("No action is in effect yet: an action with a KPI and the day it took effect gets a test of before and after here.")
        return
    action: Action = choose("What changed", done, "changed", lambda a: f"{a.title}, {words.day(a.done_on)}", width=520)
    row = KPIS[str(action.kpi)]
    filters: Any = view.filters
    for column in ("touchpoint", "segment"):
        if getattr(action, column) and column in scorecard.breakdowns(row):
            filters = filters.narrowed(column, getattr(action, column))
    day = action.done_on
    assert day is not None  # chosen above
    start, end = midnight(day - timedelta(weeks=26)), min(midnight(day + timedelta(weeks=26)), view.last or midnight(day + timedelta(weeks=26)))
    weekly = [r for r in scorecard.read(row, filters.between(start, end), ("week",), now=view.now) if r.key("week") is not None]
    points = [charts.Point(r.key("week"), r.estimate, partial(r.key("week"), "week", view.last) if view.last else False) for r in weekly]
    span = timedelta(weeks=WEEKS)
    sides = [scorecard.read(row, filters.between(a, b), now=view.now)[0] for a, b in ((midnight(day) - span, midnight(day)), (midnight(day), min(midnight(day) + span, end)))]
    usable = [p for p in points if p.estimate.value is not None and not p.partial]
    found = interrupted([p.estimate.value for p in usable], [p.start for p in usable], day, weights=[p.estimate.n for p in usable], what=row.title, unit=row.unit)
    change = difference(sides[0].estimate, sides[1].estimate)
    if any(s.hidden or 0 < s.estimate.n < 5 for s in sides):
        headline(f"{action.title}: too few answers to show an effect")
        return
    moved = f"{words.value(sides[0].estimate.value, row.unit)} before, {words.value(sides[1].estimate.value, row.unit)} after ({words.difference(change)})"
    verdict = "helped" if change.significant and ((change.value or 0) > 0) == (row.better == "higher") else "made it worse" if change.significant else "shows no effect yet"
    headline(f"{action.title} {verdict}: {row.title} {moved}")
    where = " · ".join(str(p) for p in (action.touchpoint, action.segment) if p)
    charts.trend("journeys-monitoring-trend", f"{row.title}{' at ' + where if where else ''}, by week", points, alt=f"{row.title} by week around {action.title}: {moved}", unit=row.unit, grain="week", target=readings.aimed(view, row).target, events=[Event(day, action.title)])
    quiet(f"{found.sentence} Plain comparison: {WEEKS} weeks before against up to {WEEKS} after, n {sides[0].estimate.n:,} and {sides[1].estimate.n:,}." + (f" Expected: {words.change(action.expected_effect, row.unit)}." if action.expected_effect is not None else ""))


def _versions() -> None:
    """What changed from one edition of a map to the next."""
    known = {j.id: j for j in lookup.records("journey")}
    later = [j for j in known.values() if j.replaces_id in known]
    if not later:
        return
    journey = choose("Edition of a map", later, "edition", journeys.called, width=430)
    before = known[journey.replaces_id]
    rows = journeys.differences(lookup.records("journey_step", journey_id=before.id), lookup.records("journey_step", journey_id=journey.id))
    worse = [r for r in rows if r["what"] == "Feeling today" and r["before"] and r["after"] and int(r["after"]) < int(r["before"])]
    fell = f"; feeling fell at {', '.join(r['step'] for r in worse)}" if worse else ""
    st.markdown(f"**{escape(f'{len(rows)} changes from {_edition(before, journey)} to edition {journey.edition} of {journey.name}{fell}')}**")
    if rows:
        table(rows, "journeys-monitoring-versions")


def _edition(before: Any, journey: Any) -> str:
    return f"edition {before.edition}" + (f" ({before.name})" if before.name != journey.name else "")
