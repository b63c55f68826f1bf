"""Strategy: objectives with progress, milestones, communications, technology, roles, and what the work may be worth."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import KPIS
from cx.errors import MeasureError
from cx.records.lookup import records
from cx.ui import bench, charts, kpi_link, return_on_work
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.project_board import reached
from cx.ui.tables import table
from cx.ui.text import quiet

PARTS = {"objectives": "Objectives", "milestones": "Milestones", "messages": "Communications", "technology": "Technology", "roles": "Roles", "return": "Return on investment"}


def show(view: View) -> None:
    """Draw the page."""
    part = st.segmented_control("Part", list(PARTS), format_func=PARTS.__getitem__, default="objectives", key="plan", bind="query-params", required=True, label_visibility="collapsed") or "objectives"
    {"objectives": _objectives, "milestones": _milestones, "messages": _messages, "technology": _technology, "roles": _roles, "return": return_on_work.show}[part](view)


def _objectives(view: View) -> None:
    found = records("objective")
    if not found:
        bench.headline("No objective is written down yet")
        quiet("An objective with a KPI, where it started and where it is to go shows its progress by itself. Add the first.")
    rows: list[dict[str, Any]] = []
    for o in found:
        value, unit = None, ""
        if o.kpi in KPIS:
            unit = KPIS[o.kpi].unit
            with suppress(MeasureError):  # what has no data yet shows no progress
                # what grows with its period is held against the target of a year over a year
                seen = view.filters.between(None, view.filters.end) if KPIS[o.kpi].yearly else view.filters
                value = scorecard.read(o.kpi, seen, now=view.now)[0].estimate.value
        rows.append({"objective": o.title, "KPI": KPIS[o.kpi].title if o.kpi in KPIS else None, "baseline": words.value(o.baseline, unit), "now": words.value(value, unit), "target": words.value(o.target, unit), "way made": reached(o.baseline, o.target, value),
                     "status": o.status.replace("_", " "), "due": o.due_on, "owner": o.owner})  # fmt: skip
    known = [r for r in rows if r["way made"] is not None]
    if known:
        least = min(known, key=lambda r: r["way made"])
        bench.headline(f"{sum(r['way made'] >= 50 for r in known)} of {len(known)} objectives have made half of their way; least: {least['objective']}, {least['way made']:.0f} %")
    if rows:
        table(rows, "strategy-objectives", units={"way made": "%"})
        with st.container(horizontal=True, gap="small"):
            for key in dict.fromkeys(o.kpi for o in found):
                kpi_link.link(key)
    registers(view, "strategy", "objective")


def _milestones(view: View) -> None:
    now = bench.today(view)
    found = [m for m in records("milestone") if m.status != "dropped" and m.due_on]
    late = [m for m in found if m.status != "done" and m.due_on < now]
    said = f"{len(late)} of {len(found)} milestones are late: {late[0].title}" if late else f"None of {len(found)} milestones is late" if found else "No milestone is planned yet: add the first below"
    if found:
        tasks = [charts.Task(m.title, m.starts_on or m.due_on - timedelta(days=14), m.due_on, (m.progress or 0) / 100, m in late, m.owner or "") for m in found]
        charts.gantt("strategy-gantt", said, tasks, alt=said, as_of=now)
    else:
        bench.headline(said)
    registers(view, "strategy", "milestone")


def _messages(view: View) -> None:
    found = records("communication")
    sent = [m for m in found if m.status == "sent"]
    answered = sum(bool(m.reaction) for m in sent)
    bench.headline(f"{len(sent)} messages went out; how {answered} of them were taken is written down" if found else "No message is logged yet: add the first below")
    if found:
        table([{"date": m.sent_on, "message": m.subject, "audience": m.audience, "medium": m.medium, "status": m.status, "how it was taken": m.reaction, "owner": m.owner} for m in found], "strategy-messages")
    registers(view, "strategy", "communication")


def _technology(view: View) -> None:
    found, now = records("technology"), bench.today(view)
    changing = [t for t in found if t.state in ("planned", "replacing") or (t.planned_on and t.planned_on > now)]
    bench.headline(f"{len(found)} systems, {len(changing)} of them on the road map" if found else "No system is in the register yet: add the first below")
    if found:
        table([{"system": t.name, "state": t.state.replace("_", " "), "used for": t.purpose, "exchanges data with": ", ".join(t.integrates), "what it lacks": t.gap, "changes on": t.planned_on, "owner": t.owner} for t in found], "strategy-technology")
    dated = [t for t in changing if t.planned_on]
    if dated:
        tasks = [charts.Task(t.name, min(now, t.planned_on), max(now, t.planned_on), 0.0, t.planned_on < now, t.owner or "") for t in sorted(dated, key=lambda t: t.planned_on)]
        charts.gantt("strategy-roadmap", f"Next on the road map: {tasks[0].name}", tasks, alt="When systems come or go", as_of=now)
    registers(view, "strategy", "technology")


def _roles(view: View) -> None:
    found = records("role")
    free = [r for r in found if not r.holder]
    hours = sum(r.hours_week or 0 for r in found if r.holder)
    said = f"{len(found)} roles with {hours:g} hours a week" + (f"; nobody holds {free[0].name}" if free else "; all are held")
    bench.headline(said if found else "No role is written down yet: add the first below")
    for c in sorted({r.currency for r in found if r.currency and r.budget_minor}):
        quiet(f"Budget a year: {words.money(sum(r.budget_minor or 0 for r in found if r.currency == c), c)}")
    if found:
        table([{"role": r.name, "held by": r.holder or "nobody", "team": r.team, "hours a week": r.hours_week, "duties": r.duties} for r in found], "strategy-roles")
    registers(view, "strategy", "role")


