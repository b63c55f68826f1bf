"""Corrective actions: cases that age, recur and close, the cause drawn, and moves that are refused with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cx.records import capa
from cx.records.lookup import records
from cx.ui import bench, chain, charts, fishbone, picture
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.text import escape, outside, quiet

NEEDED: dict[str, tuple[str, ...]] = {
    "root_cause": ("problem",), "plan": ("root_cause",), "done": ("plan", "done_on"), "verified": ("measure", "verified_on", "verified_by", "effective"), "closed": ("closed_on",),
}  # fmt: skip
LONG = {"problem": "Problem", "root_cause": "Root cause", "plan": "Plan"}


def show(view: View) -> None:
    """Draw the workbench."""
    cases = records("capa")
    if not cases:
        quiet("No case yet. Open one below, or from a point of a control chart that signals.")
        registers(view, "quality-corrective", "capa", "capa_action")
        return
    now = bench.today(view)
    _overview(cases, now)
    live = [c for c in cases if c.status not in ("closed", "cancelled")]
    order = sorted(live, key=lambda c: (c.due_on or date.max)) + [c for c in cases if c not in live]
    case = bench.choose("Case, the most urgent first", order, "case", lambda c: f"{c.title} ({capa.TITLES[c.status].lower()})")
    tasks = records("capa_action", capa_id=case.id)
    bones = fishbone.sorted_causes(case.causes)
    picture.show(fishbone.fishbone(case.title, {k: v for k, v in bones.items() if v or k in fishbone.BONES}, case.root_cause or ""), f"fishbone-{case.id}",
                 f"Fishbone of {case.title}: " + "; ".join(f"{k}: {', '.join(v)}" for k, v in bones.items() if v))  # fmt: skip
    held = opened("capa", case, "quality-corrective")
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _state(view, held, tasks, now)
    with right:
        _causes(view, held)
    registers(view, "quality-corrective", "capa", "capa_action")


def _overview(cases: list[Any], now: date) -> None:
    live = [c for c in cases if c.status not in ("closed", "cancelled")]
    late = [c for c in live if c.due_on and c.due_on < now]
    ended = [c for c in cases if c.status == "closed" and c.due_on and c.closed_on]
    punctual = sum((c.done_on or c.closed_on) <= c.due_on for c in ended)
    judged = [c for c in cases if c.effective]
    worked = sum(c.effective == "yes" for c in judged)
    again = [c for c in cases if c.recurs_id]
    oldest = max(live, key=lambda c: (now - c.raised_on).days if c.raised_on else 0, default=None)
    if late:
        bench.headline(f"{len(late)} of {len(live)} open cases are overdue, the longest: {min(late, key=lambda c: c.due_on).title}")
    elif oldest is not None and oldest.raised_on:
        bench.headline(f"No case is overdue; the oldest of {len(live)} is {(now - oldest.raised_on).days} days old: {oldest.title}")
    else:
        bench.headline("Every case is closed")
    bench.tiles("quality-corrective-tiles", [
        ("Open", str(len(live)), f"{len(late)} overdue"), ("On time", f"{punctual} of {len(ended)}", "done by the due date"),
        ("Proved effective", f"{worked} of {len(judged)}", "of those judged"), ("Recurring", str(len(again)), "name an earlier case"),
    ])  # fmt: skip
    ages = sorted(((c, (now - c.raised_on).days) for c in live if c.raised_on), key=lambda pair: -pair[1])[:10]
    if ages:
        charts.bars("quality-corrective-ages", f"Open cases by age: the oldest {ages[0][1]} days", [c.title for c, _ in ages], [float(a) for _, a in ages], alt="Days since each open case was raised",
                    tones=["bad" if c in late else "" for c, _ in ages], texts=[f"{a} days · {capa.TITLES[c.status].lower()}" + (" · overdue" if c in late else "") for c, a in ages])  # fmt: skip


def _state(view: View, held: Opened, tasks: list[Any], now: date) -> None:
    case = held.row
    place = capa.WAY.index(case.status) if case.status in capa.WAY else -1
    with st.container(horizontal=True, gap="xsmall"):
        for i, state in enumerate(capa.WAY):
            st.badge(capa.TITLES[state], icon=":material/check:" if i < place else None, color="blue" if i == place else "green" if i < place else "gray")
        if place < 0:
            st.badge("Cancelled", color="gray")
    facts = [f"{case.severity} severity", f"raised {words.day(case.raised_on)}" if case.raised_on else "", f"due {words.day(case.due_on)}" if case.due_on else "", case.owner or "nobody owns it", case.reference or ""]
    quiet(" · ".join(f for f in facts if f))
    chain.of_case(case)
    outside(case.problem or "The problem is not described yet.")
    for task in tasks:
        quiet(f"{'✓' if task.status == 'done' else '–' if task.status == 'dropped' else '○'} {task.title} ({task.kind}, {task.owner or 'nobody'}, due {words.day(task.due_on)})")
    others = [s for s in (*capa.WAY, "cancelled") if s != case.status]
    wanted = st.selectbox("Move to", others, index=min(max(place, 0), len(others) - 1), format_func=capa.TITLES.__getitem__, key=f"{held.key}-to")
    if wanted not in capa.next_states(case.status):
        st.warning(escape(capa.refused(case.status, wanted, case, tasks), 900), icon=":material/block:")
    form = Fields()
    with st.form(f"{held.key}-move-{wanted}", border=False):
        values = {name: _field(form(name), held, name, now) for name in NEEDED.get(wanted, ())}
        if st.form_submit_button(f"Move to {capa.TITLES[wanted].lower()}", type="primary"):
            held.save(values | {"status": wanted}, bench.actor(view), f"Now {capa.TITLES[wanted].lower()}", form)


def _field(room: DeltaGenerator, held: Opened, name: str, now: date) -> Any:
    stands, key = getattr(held.row, name), f"{held.key}-{name}"
    if name in LONG:
        return room.text_area(LONG[name], stands or "", key=key, height=90)
    if name == "effective":
        return room.segmented_control("Did it work?", ["yes", "no"], default=stands, key=key)
    if name.endswith("_on"):
        return room.date_input({"done_on": "Done on", "verified_on": "Verified on", "closed_on": "Closed on"}[name], stands or now, key=key)
    return room.text_input({"measure": "What proves it", "verified_by": "Verified by (not the owner)"}[name], stands or "", key=key)


def _causes(view: View, held: Opened) -> None:
    case = held.row
    if case.whys:
        picture.show(fishbone.ladder(case.problem or case.title, case.whys, case.root_cause or ""), f"whys-{case.id}", "Five whys: " + "; ".join(case.whys))
    pen = st.expander("Write causes and whys", key=f"quality-corrective-pen-{case.id}", on_change="rerun", icon=":material/edit:")
    if not pen.open:
        return
    form = Fields()
    with pen, st.form(f"{held.key}-causes", border=False):
        causes = form("causes").text_area("Possible causes, one a line, such as Method: no checklist", "\n".join(case.causes), key=f"{held.key}-bones")
        whys = form("whys").text_area("Whys, one a line", "\n".join(case.whys), key=f"{held.key}-whys")
        if st.form_submit_button("Save"):
            values = {"causes": bench.listed(causes), "whys": bench.listed(whys)[:7]}
            held.save(values, bench.actor(view), "Causes saved", form)
