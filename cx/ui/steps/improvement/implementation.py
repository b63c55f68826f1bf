"""Roll-out: tasks on a time line, who answers for what, communication and training, and what holds others up."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.records.lookup import labels, records
from cx.ui import bench, charts
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

DONE = ("done", "dropped")
REACHES = {"communication": "Communication", "training": "Training", "decision": "Decisions"}


def show(view: View) -> None:
    """Draw the workbench."""
    tasks = records("rollout_task")
    if not tasks:
        quiet("No roll-out is planned yet. Add tasks below: what, who is responsible, who answers for it, from when to when.")
        registers(view, "improvement-implementation", "rollout_task")
        return
    now = bench.today(view)
    whose = labels("project") if any(t.project_id for t in tasks) else {}
    names = sorted({whose[t.project_id] for t in tasks if t.project_id in whose})
    if len(names) > 1:
        chosen = st.selectbox("Roll-out", ["All", *names], key="rollout", bind="query-params", width=320)
        tasks = [t for t in tasks if chosen == "All" or whose.get(t.project_id) == chosen]
    late = [t for t in tasks if t.status not in DONE and t.due_on and t.due_on < now]
    done = sum(t.status == "done" for t in tasks)
    held = _held(tasks)
    bench.headline(f"{done} of {len(tasks)} tasks are done" + (f"; {len(late)} late, first “{late[0].title}”" if late else "; none is late") + (f"; {len(held)} wait for another" if held else ""))
    dated = [t for t in tasks if t.starts_on and t.due_on and t.status != "dropped"]
    bars = [charts.Task(t.title, t.starts_on, t.due_on, 1.0 if t.status == "done" else (t.progress or 0) / 100, t in late, t.responsible or "") for t in sorted(dated, key=lambda t: t.starts_on)]
    if bars:
        charts.gantt("improvement-implementation-plan", f"Roll-out plan: {sum(b.done == 1 for b in bars)} of {len(bars)} done", bars, alt="Roll-out tasks over time", as_of=now)
    _raci(tasks)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _reach(tasks, late)
    with right:
        _progress(view, [t for t in tasks if t.status not in DONE])
    registers(view, "improvement-implementation", "rollout_task")


def _held(tasks: list[Any]) -> list[Any]:
    """Tasks that could not begin since the one before them is not done."""
    state = {t.id: t.status for t in tasks}
    return [t for t in tasks if t.status not in DONE and t.after_id in state and state[t.after_id] not in DONE]


def _raci(tasks: list[Any]) -> None:
    people = list(dict.fromkeys(p for t in tasks for p in (t.accountable, t.responsible, *t.consulted, *t.informed) if p))[:12]
    rows: dict[str, list[str]] = {"task": [t.title for t in tasks]}
    for person in people:
        rows[person] = ["".join(letter for letter, there in (("A", t.accountable == person), ("R", t.responsible == person), ("C", person in t.consulted), ("I", person in t.informed)) if there) for t in tasks]
    without = [t.title for t in tasks if not t.accountable]
    bench.headline(f"{len(without)} tasks have nobody who answers for them" if without else "Somebody answers for every task")
    table(rows, "improvement-implementation-raci", alt="Who is responsible, accountable, consulted and informed")
    quiet("R does it, A answers for it, C is asked, I is told")


def _reach(tasks: list[Any], late: list[Any]) -> None:
    """Who is told, taught and asked to decide what, by whom and until when."""
    mine = sorted((t for t in tasks if t.kind in REACHES and t.status != "dropped"), key=lambda t: (t.due_on is None, t.due_on))
    if not mine:
        bench.headline("Nobody is told or taught anything yet")
        quiet("Add tasks of the kind communication or training: what people must hear and learn, by whom and until when.")
        return
    counted = [f"{title.lower()} {sum(t.status == 'done' for t in part)} of {len(part)}" for kind, title in REACHES.items() if (part := [t for t in mine if t.kind == kind])]
    bench.headline(f"Done: {', '.join(counted)}")
    table({"state": ["late" if t in late else t.status.replace("_", " ") for t in mine], "until": [t.due_on for t in mine], "kind": [t.kind for t in mine], "what": [t.title for t in mine], "by": [t.responsible for t in mine],
           "reaches": [", ".join([*t.informed, *t.consulted]) or None for t in mine]}, "improvement-implementation-reach", alt="Communication, training and decisions of the roll-out", csv=False)  # fmt: skip


def _progress(view: View, live: list[Any]) -> None:
    task = bench.choose("Report progress", live, "task", lambda t: t.title)
    if task is None:
        return
    held = opened("rollout_task", task, "improvement-implementation")
    form = Fields()
    with st.form(f"{held.key}-progress", border=False):
        share = form("progress").slider("Done, %", 0, 100, int(held.row.progress or 0), 5, key=f"{held.key}-share")
        if st.form_submit_button("Save"):
            values = {"progress": float(share), "status": "done" if share == 100 else "in_progress" if share else "open"}
            held.save(values, bench.actor(view), f"{task.title}: {share} %", form)
