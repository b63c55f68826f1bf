"""Sales performance: win rate, size, cycle and velocity over time and by group, what moved velocity, and why deals are lost."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.measure import Scope
from cx.analytics.sales import decided
from cx.blueprint.catalogue import kpi
from cx.facts import engine
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

MEASURES = ("win_rate", "win_rate_value", "deal_size", "sales_cycle", "lead_velocity", "open_pipeline")
BY = {"segment": "Segment", "team": "Team", "owner": "Person", "source": "Source", "channel": "Channel", "product": "Product", "country": "Country", "lost_reason": "Reason lost"}
FACTORS = {"open": "open deals", "win_rate": "win rate", "deal_size": "deal size", "sales_cycle": "cycle"}


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("deals"):
        quiet("Sales are measured on deals; there are none yet. Upload an export of your CRM on the Data page.")
        registers(view, "sales-performance", "target")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.selectbox("Measure", MEASURES, format_func=lambda k: kpi(k).title, key="dmeasure", bind="query-params", width=230)
        column = st.selectbox("Break down by", list(BY)[:-1], format_func=lambda c: f"by {BY[c].lower()}", key="dby", bind="query-params", width=150)
    row = kpi(key)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
        readings.trend(view, row, moved(row.title, reading), "sales-performance-trend")
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, row, column, "sales-performance-dots", limit=14)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        lost(view)
    with right.container(border=True, height="stretch"):
        speed(view)
    registers(view, "sales-performance", "target")


def moved(title: str, reading: scorecard.Reading) -> str:
    """A KPI now and before, in a sentence."""
    e, change = readings.in_minor(reading.estimate), reading.change
    if e.value is None:
        return f"{title}: {e.warning}"
    if change is None or change.value is None or reading.before is None:
        return f"{title} {words.value(e.value, e.unit)}"
    was = words.value(readings.in_minor(reading.before).value, reading.before.unit)
    return f"{title} {words.value(e.value, e.unit)}, " + (f"no significant change from {was}" if not change.significant else f"{'up' if change.value > 0 else 'down'} from {was}")


def lost(view: View) -> None:
    """Why deals were lost, now and before."""
    now, before = reasons(view, view.filters.start, view.filters.end), {}
    if view.compare:
        before = {row["reason"]: row["n"] for row in reasons(view, *view.compare)}
    if not now:
        headline("No deal was lost in this period")
        return
    total, was = sum(row["n"] for row in now), sum(before.values())
    named = [row for row in now if row["reason"] is not None]
    first = named[0] if named else now[0]
    title = f"{first['reason'] or 'No reason'} loses most: {words.value(100 * first['n'] / total, '%')} of {total:,} lost deals"
    texts = [f"{row['n']:,} · {words.value(100 * row['n'] / total, '%')}" + (f" (before {words.value(100 * before.get(row['reason'], 0) / was, '%')})" if was else "") for row in now]
    charts.bars("sales-performance-lost", title, [row["reason"] or "not given" for row in now], [float(row["n"]) for row in now], alt=title, texts=texts, note="lost deals by reason, with the share in the period before" if was else "lost deals by reason")


def reasons(view: View, start: Any, end: Any) -> list[dict[str, Any]]:
    """reason, n of the deals lost, the commonest first."""
    tables, _ = view.filters.apply(engine.tables())
    gone = decided(tables, Scope(start, end)).filter(lambda t: ~t["_won"])
    found = gone.group_by(reason=gone["lost_reason"]).aggregate(n=gone.count())
    return engine.rows(found.order_by(found["n"].desc(), "reason"), now=view.now)


def speed(view: View) -> None:
    """Velocity and which of its four factors moved it."""
    now = factors(view, None)
    unit = scorecard.read("velocity", view.filters, now=view.now)[0].estimate
    if unit.value is None:
        headline(f"Velocity: {unit.warning}")
        return
    code = unit.unit.removesuffix("/day")
    before = factors(view, view.compare) if view.compare else {}
    complete = before and all(now.get(name) and before.get(name) for name in FACTORS)
    said = f"Sales bring in {words.value(unit.value, unit.unit)}"
    if not complete:
        headline(said)
        quiet("Open deals × win rate × deal size / cycle.")
        return
    effects = {name: (-1 if name == "sales_cycle" else 1) * math.log(float(now[name] or 1) / float(before[name] or 1)) for name in FACTORS}
    total = sum(effects.values())
    strongest = max(effects, key=lambda name: abs(effects[name]))
    change = 100 * (math.exp(total) - 1)
    better = effects[strongest] > 0
    how = {"open": "more" if better else "fewer", "win_rate": "a better" if better else "a worse", "deal_size": "a larger" if better else "a smaller", "sales_cycle": "a shorter" if better else "a longer"}[strongest]
    headline(f"{said}, {words.relative(change)} against the {view.versus}: most by {how} {FACTORS[strongest]}")
    units = {"open": "", "win_rate": "%", "deal_size": code, "sales_cycle": "days"}
    shown = {name: words.money((now[name] or 0) * words.minor(code), code) if name == "deal_size" else words.value(now[name], units[name]) for name in FACTORS}
    was = {name: words.money((before[name] or 0) * words.minor(code), code) if name == "deal_size" else words.value(before[name], units[name]) for name in FACTORS}
    table({"Factor": list(FACTORS.values()), "now": list(shown.values()), "before": list(was.values()), "effect on velocity": [words.relative(100 * (math.exp(v) - 1)) for v in effects.values()]}, "sales-performance-speed")
    quiet("Velocity = open deals × win rate × deal size / cycle, so the effects multiply.")


def factors(view: View, period: tuple[Any, Any] | None) -> dict[str, float | None]:
    """The four factors of velocity in a period, the current one by default."""
    filters = view.filters if period is None else view.filters.between(*period)
    out: dict[str, float | None] = {name: scorecard.read(name, filters, now=view.now)[0].estimate.value for name in list(FACTORS)[1:]}
    out["open"] = float(scorecard.read("open_pipeline", filters, now=view.now)[0].estimate.n)
    return out
