"""Redesign: the present process beside the one to be, both simulated with the same luck, lead times with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.simulation import Simulation, change
from cx.errors import CxError
from cx.records.lookup import records
from cx.ui import bench, charts, drawn_process, picture, step_grid
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MOST_PEOPLE = 500


def show(view: View) -> None:
    """Draw the workbench."""
    kept = records("process")
    present = [p for p in kept if p.kind == "as_is"]
    if not present:
        quiet("Draw the present process first, under Process maps: step by step, or taken over from the event log with one click.")
        registers(view, "improvement-redesign", "process", "process_step")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        now = bench.choose("Present process", present, "asis", lambda p: p.name)
        future = [p for p in kept if p.kind == "to_be" and p.as_is_id == now.id]
        then = bench.choose("To be", future, "tobe", lambda p: f"{p.name}, edition {p.edition}")
        if st.button("New version from the present one", key="improvement-redesign-copy", icon=":material/content_copy:"):
            bench.saved(lambda: bench.made("tobe", int(drawn_process.redesign(view, now).id)), "A version to be was begun: change its steps below")
    _both(view, now, then)
    registers(view, "improvement-redesign", "process", "process_step")


def _both(view: View, now: Any, then: Any) -> None:
    sides = [p for p in (now, then) if p is not None]
    steps = {p.id: drawn_process.steps(p) for p in sides}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        arrivals = float(st.number_input("Cases a day", 0.1, drawn_process.MOST_DAILY, min(max(float(now.arrivals_per_day or 8.0), 0.1), drawn_process.MOST_DAILY), 1.0, format="%g", key=f"improvement-redesign-arrivals-{now.id}", width=130))
        roles = list(dict.fromkeys(s.role or s.name for p in sides for s in steps[p.id]))
        usual = {role: max((s.staff for p in sides for s in steps[p.id] if (s.role or s.name) == role), default=1) for role in roles}
        staff = tuple((role, int(st.number_input(f"{escape(role)}, people", 1, MOST_PEOPLE, min(usual[role], MOST_PEOPLE), key=f"improvement-redesign-{now.id}-{role}", width=150))) for role in roles)
    try:
        found = [drawn_process.simulated(steps[p.id], arrivals, staff) for p in sides if steps[p.id]]
    except CxError as wrong:
        st.error(escape(str(wrong)))
        found = []
    if found:
        _verdict(now, then, [s for _, s in found])
    maps = {p.id: drawn_process.drawing(steps[p.id], _hot(steps[p.id], found[i][1].waits if i < len(found) else {}), upright=True) for i, p in enumerate(sides) if steps[p.id]}
    broadest = max((m.width for m in maps.values()), default=0.0)
    columns = st.columns(len(sides), gap="medium")
    for i, (column, p) in enumerate(zip(columns, sides, strict=True)):
        with column:
            bench.headline(f"{'As is' if p.kind == 'as_is' else 'To be'}: {p.name}")
            if not steps[p.id]:
                quiet("No steps yet.")
                continue
            maps[p.id].width = broadest  # both on one scale
            picture.show(maps[p.id], f"redesign-{p.id}", f"{p.name}: " + ", ".join(s.name for s in steps[p.id]), width="content")
            if i < len(found):
                _numbers(p, found[i][1])
    if then is not None:
        bench.headline(f"Steps of {then.name}")
        step_grid.show(view, then, "improvement-redesign-steps")
        step_grid.another(view, then, "improvement-redesign-steps")
    else:
        quiet("There is no version to be yet. Begin one from the present process, change its steps, and both are simulated side by side.")


def _hot(steps: Sequence[Any], waits: Mapping[str, Estimate]) -> str:
    """The step that takes longest, queues included."""
    return str(max(steps, key=lambda s: s.wait / 60 + s.work / 60 + (waits[s.name].value or 0 if s.name in waits else 0)).name)


def _verdict(now: Any, then: Any, found: list[Simulation]) -> None:
    first = found[0].figures.get("lead_mean")
    if first is None or first.value is None:
        quiet("No case was finished in the simulated time: more people, or fewer cases.")
        return
    title = f"{now.name} takes {words.value(first.value, 'hours')} on average, simulated"
    if then is not None and len(found) > 1 and "lead_mean" in found[1].figures:
        gap = change(found[0], found[1])
        sure = gap.significant and gap.value is not None
        title = f"The new version {('is faster' if (gap.value or 0) < 0 else 'is slower') if sure else 'makes no difference that can be shown'}: {words.difference(gap)} a case"
    names = ["As is", "To be"]
    groups = [charts.Group(f"{names[i]}: {label}", s.figures[figure]) for figure, label in (("lead_mean", "mean"), ("lead_median", "median"), ("lead_p90", "slowest tenth")) for i, s in enumerate(found) if figure in s.figures]
    charts.dots("improvement-redesign-lead", title, groups, alt=title, unit="hours", target=now.target_hours,
                note=f"working hours; 95 % interval over {drawn_process.RUNS} runs of {drawn_process.HOURS:.0f} hours, both with the same arrivals and luck")  # fmt: skip
    for warning in dict.fromkeys(w for s in found for w in s.warnings):
        st.warning(escape(warning))


def _numbers(p: Any, s: Simulation) -> None:
    throughput, value = s.figures.get("throughput"), s.figures.get("cycle_efficiency")
    quiet(" · ".join(x for x in (f"{words.number(throughput.value)} cases an hour finished" if throughput else "", f"value-added {words.value(value.value, '%')}" if value else "") if x))
    busy = {role: e for role, e in s.utilisation.items() if role != "(nobody)"}
    table({"role": list(busy), "busy": [e.value for e in busy.values()], "low": [e.low for e in busy.values()], "high": [e.high for e in busy.values()]}, f"improvement-redesign-busy-{p.id}",
          units={"busy": "%", "low": "%", "high": "%"}, csv=False, alt="How busy each role is, with its interval")  # fmt: skip
    queues = sorted(((name, e) for name, e in s.waits.items() if not name.startswith("wait before") and e.value), key=lambda pair: -(pair[1].value or 0))[:3]
    if queues:
        quiet("Longest queues for people: " + ", ".join(f"{name} {words.value(e.value, 'hours')}" for name, e in queues))
