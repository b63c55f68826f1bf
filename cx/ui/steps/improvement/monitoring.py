"""Process monitoring: lead time week by week on a staged control chart, and a test of each change."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.analytics.control_chart import control_chart
from cx.analytics.intervention import interrupted
from cx.blueprint.catalogue import kpi
from cx.records.lookup import records
from cx.ui import bench, charts, event_log
from cx.ui import format as words
from cx.ui import measurement_series as measured
from cx.ui.empty import nothing_yet
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.period import partial
from cx.ui.tables import table
from cx.ui.text import escape, quiet

WATCHED = ("lead_time", "lead_time_p90", "cycle_efficiency")


def show(view: View) -> None:
    """Draw the workbench."""
    name = event_log.choose(view, "improvement-monitoring")
    if name is None:
        nothing_yet("process")
        registers(view, "improvement-monitoring", "action", "alert_rule")
        return
    key = st.segmented_control("Watched", WATCHED, default=WATCHED[0], format_func=lambda k: kpi(k).title, key="improvement-monitoring-kpi", required=True) or WATCHED[0]
    row = kpi(key)
    filters = measured.horizon(view, 12).narrowed("process", name)
    weeks = [r for r in scorecard.read(row, filters, ("week",), now=view.now) if r.key("week") and r.estimate.value is not None]
    weeks = [r for r in weeks if view.last is None or not partial(r.key("week"), "week", view.last)]
    if len(weeks) < 3:
        quiet("Fewer than three whole weeks with finished cases: nothing to watch yet.")
        registers(view, "improvement-monitoring", "action", "alert_rule")
        return
    first, last = measured.day(weeks[0].key("week")), measured.day(weeks[-1].key("week"))
    known = {e.name: e for e in measured.changes(view) if first < measured.day(e.when) <= last}
    chosen = [known[n] for n in st.pills("Limits begin anew at", list(known), selection_mode="multi", format_func=escape, key="improvement-monitoring-stages")] if known else []
    chosen.sort(key=lambda e: measured.day(e.when))
    stages = [next((e.name for e in reversed(chosen) if measured.day(e.when) <= measured.day(r.key("week"))), "before" if chosen else "") for r in weeks]
    chart = control_chart("i-mr", [r.estimate.value for r in weeks], stages=stages, rules="nelson")
    samples = measured.Charted(chart, tuple(r.key("week") for r in weeks), row.unit).samples()
    out = [s for s in samples if s.rules]
    title = f"{row.title} of {name}: {len(out)} of {len(samples)} weeks signal" if out else f"{row.title} of {name} is steady: no week of {len(samples)} signals"
    charts.control("improvement-monitoring-chart", title, samples, alt=title, unit=row.unit, height=280, note=" · ".join(("one point a week, I-MR, Nelson's rules", *chart.warnings)))
    _tests(name, row.unit, row.title, weeks, list(known.values()))
    late = [a for a in records("action", group="improvement") if a.status in ("open", "in_progress") and a.due_on and a.due_on < bench.today(view)]
    if late:
        quiet(f"{len(late)} improvement actions are overdue, such as {late[0].title}")
    registers(view, "improvement-monitoring", "action", "alert_rule")


def _tests(name: str, unit: str, title: str, weeks: list[scorecard.Reading], changes: list[charts.Event]) -> None:
    """Every dated change tested against what was to be expected without it."""
    bench.headline("What each change did")
    if not changes:
        quiet("No dated change lies in this stretch. File an action with the day it took effect, and it is tested here.")
        return
    rows = []
    for event in changes:
        found = interrupted([r.estimate.value for r in weeks], [r.key("week") for r in weeks], measured.day(event.when), weights=[max(r.estimate.n, 1) for r in weeks], what=f"{title.lower()} of {name}", unit=unit)
        effect = found.average
        proved = found.p_average is not None and found.p_average < 0.05
        rows.append({"change": event.name, "from": measured.day(event.when), "effect": words.change(effect.value, unit), "may lie between": words.interval(effect.low, effect.high, unit),
                     "p": "" if found.p_average is None else "< 0.001" if found.p_average < 0.001 else f"{found.p_average:.2f}", "verdict": "an effect" if proved else "none could be shown" if effect.value is not None else effect.warning})  # fmt: skip
    table(rows, "improvement-monitoring-tests", alt="Effect of each dated change", csv=False)
    quiet(f"Mean gap between what came and what the trend before led one to expect, trend allowed for, {title.lower()} of {name}.")
