"""Actions: one register of improvements for all groups, overdue first, each with the effect it was to have and the one measured."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.intervention import Intervention, interrupted
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.facts.filters import Filters
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import bench, chain, charts, readings
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View, page
from cx.ui.period import midnight, partial
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

WEEKS = 104
LIVE = ("open", "in_progress")
STATES = {"": "All", "late": "Overdue", "live": "Open", "done": "Done"}


def show(view: View) -> None:
    """Draw the page."""
    now, every = bench.today(view), records("action")
    if st.query_params.get("new"):
        _file(view)
    live = [a for a in every if a.status in LIVE]
    late = [a for a in live if a.due_on and a.due_on < now]
    if not every:
        bench.headline("No action is filed yet")
        quiet("An action says who does what until when, and which number it is to move; once done, its effect is tested here. File the first below, or beside any step.")
        registers(view, "actions", "action")
        return
    bench.headline(f"{len(late)} of {len(live)} open actions are overdue, the longest: {min(late, key=lambda a: a.due_on).title}" if late else f"None of {len(live)} open actions is overdue")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        state = st.segmented_control("Status", list(STATES), format_func=STATES.__getitem__, default="", key="actstate", bind="query-params", label_visibility="collapsed") or ""
        group = st.selectbox("Group", ["", *GROUPS], format_func=lambda g: GROUPS[g].title if g else "Every group", key="actgroup", bind="query-params", width=190)
        owner = st.selectbox("Owner", ["", *sorted({a.owner for a in every if a.owner})], format_func=lambda o: escape(o) if o else "Everybody", key="actowner", bind="query-params", width=190)
    shown = [a for a in every if (not group or a.group == group) and (not owner or a.owner == owner) and (not state or (a in late if state == "late" else a in live if state == "live" else a.status == "done"))]
    shown.sort(key=lambda a: (a not in late, a.status not in LIVE, a.due_on or date.max))
    if not shown:
        quiet("No action fits these filters.")
    else:
        rows = [{"action": a.title, "due": a.due_on, "status": "overdue" if a in late else a.status.replace("_", " "), "owner": a.owner, "group": GROUPS[a.group].title, "KPI": KPIS[a.kpi].title if a.kpi in KPIS else a.kpi,
                 "expected": words.change(a.expected_effect, KPIS[a.kpi].unit) if a.expected_effect is not None and a.kpi in KPIS else ""} for a in shown]  # fmt: skip
        table(rows, "actions-list")
        one = bench.choose("Action, the most urgent first", shown, "action", lambda a: a.title)
        with st.container(border=True):
            _one(view, one)
    registers(view, "actions", "action")


def _file(view: View) -> None:
    asked = dict(st.query_params)
    if st.session_state.get("actions-filed") == asked:
        return
    group, _, step = asked.get("step", "").rpartition(".")
    group = asked.get("group", group)
    group = group if group in GROUPS else KPIS[asked["kpi"]].group if asked.get("kpi") in KPIS else next(iter(GROUPS))
    form = Fields()
    with st.form("actions-new"):
        bench.headline("File an action")
        title = form("title").text_input("What will be done")
        names = list(GROUPS)
        chosen = st.selectbox("Group", names, index=names.index(group), format_func=lambda g: GROUPS[g].title)
        keys = [None, *KPIS]
        kpi = st.selectbox("Meant to move", keys, index=keys.index(asked["kpi"]) if asked.get("kpi") in KPIS else 0, format_func=lambda k: KPIS[k].title if k else "no KPI")
        effect = form("expected_effect").number_input("Expected effect, in the KPI's unit", value=None)
        owner, due = form("owner").text_input("Owner", view.member.name), form("due_on").date_input("Due", None)
        if st.form_submit_button("File it", type="primary", disabled=not view.member.may("contributor")):
            known = step if GROUPS[chosen].step(step) else None
            values = {"title": title, "group": chosen, "step": known, "kpi": kpi, "expected_effect": effect, "owner": owner or None, "due_on": due, "segment": asked.get("segment"), "touchpoint": asked.get("touchpoint")}

            def filed() -> Any:
                made = create("action", values, bench.actor(view))
                st.session_state["actions-filed"] = asked
                return made

            bench.saved(filed, "Action filed", form)


def effect(view: View, action: Any) -> tuple[Intervention, list[scorecard.Reading]] | None:
    """The weekly KPI of an action around the day it took effect, tested with trend and season allowed for; None where there is none to test."""
    if action.kpi not in KPIS or action.done_on is None or view.last is None:
        return None
    row = KPIS[action.kpi]
    chosen: Any = Filters()
    for column in ("touchpoint", "segment", "team"):
        if getattr(action, column) and column in scorecard.dimensions(row):
            chosen = chosen.narrowed(column, getattr(action, column))
    start = midnight(min(action.done_on, view.last.date()) - timedelta(weeks=WEEKS))
    weeks = [r for r in scorecard.read(row, chosen.between(start, view.last), ("week",), now=view.now) if r.key("week") is not None and r.estimate.value is not None]
    weeks = [r for r in weeks if not partial(r.key("week"), "week", view.last)]
    if not weeks:
        return None
    found = interrupted([r.estimate.value for r in weeks], [r.key("week") for r in weeks], action.done_on, season=52, weights=[max(r.estimate.n, 1) for r in weeks], what=row.title, unit=row.unit)
    return found, weeks


def _one(view: View, a: Any) -> None:
    bench.headline(a.title)
    for said in (a.origin, a.description, a.result):
        if said:
            outside(said)
    with st.container(horizontal=True, gap="small"):
        step = GROUPS[a.group].step(a.step or "")
        st.page_link(page(a.group), label=escape(step.title if step else GROUPS[a.group].title), icon=":material/open_in_new:", query_params={"step": step.title} if step else None)
        chain.of_action(a)
    if a.status != "done":
        quiet("Its effect is measured once it is done and names a KPI.")
        return
    made = effect(view, a)
    if made is None:
        quiet("No effect can be measured: it takes a KPI with weekly values and the day it took effect.")
        return
    found, weeks = made
    row = KPIS[a.kpi]
    points = [charts.Point(r.key("week"), r.estimate) for r in weeks]
    charts.trend("actions-effect", found.sentence, points, alt=found.sentence, unit=row.unit, grain="week", target=readings.aimed(view, row).target, events=[charts.Event(a.done_on, a.title)])
    e = found.average
    measured = f"{words.change(e.value, row.unit)} ({words.interval(e.low, e.high, row.unit)})" if e.value is not None else "not measurable yet"
    expected = words.change(a.expected_effect, row.unit) if a.expected_effect is not None else "none stated"
    quiet(f"Expected {expected}, measured {measured}; {e.n} weeks, {sum(r.estimate.n for r in weeks):,} observations. Coincidence is not excluded: other things changed too.")
    for warning in found.warnings:
        quiet(warning)
