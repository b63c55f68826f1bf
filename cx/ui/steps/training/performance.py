"""Goals and reviews: personal goals with the KPI they move, their progress, and reviews that are due; seen by managers only."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.records.lookup import labels, records
from cx.ui import bench, charts, personal
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "training-performance"
REVIEW_DAYS = 45
LIVE = ("open", "on_track", "at_risk")


def show(view: View) -> None:
    """Draw the step."""
    if not view.member.may("manager"):
        bench.headline("Goals and reviews are private")
        quiet("Those who are managers see them; ask yours for your own.")
        registers(view, KEY, "development_goal")
        return
    goals, now = records("development_goal", bench.actor(view)), bench.today(view)
    if not goals:
        bench.headline("No goal is set yet")
        quiet("Set the first below: what somebody wants to reach, which KPI it moves, from where to where, and by when.")
        registers(view, KEY, "development_goal", "employee")
        return
    people = labels("employee")
    live = [g for g in goals if g.status in LIVE]
    late = [g for g in live if g.due_on and g.due_on < now]
    unseen = [g for g in live if not g.reviewed_on or (now - g.reviewed_on).days > REVIEW_DAYS]
    tied = sum(bool(g.kpi) for g in goals)
    bench.headline(f"{len(late)} of {len(live)} goals {'is past its' if len(late) == 1 else 'are past their'} day and {sum(g.status == 'at_risk' for g in live)} at risk; {len(unseen)} {'was' if len(unseen) == 1 else 'were'} not reviewed in {REVIEW_DAYS} days")
    bench.tiles(f"{KEY}-tiles", [("Goals", str(len(live)), "running"), ("Reached", str(sum(g.status == "reached" for g in goals)), f"of {len(goals)}"), ("Tied to a KPI", f"{tied} of {len(goals)}", "so that customers gain"), ("Reviews due", str(len(unseen)), f"older than {REVIEW_DAYS} days")])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        order = sorted(goals, key=lambda g: g.progress or 0)
        charts.bars(f"{KEY}-progress", f"Least far: {order[0].title}", [g.title for g in order], [float(g.progress or 0) for g in order], unit="%", alt="Progress of each goal", tones=["bad" if g in late or g.status == "at_risk" else "good" if g.status == "reached" else "" for g in order], texts=[f"{g.progress or 0:.0f} % · {people.get(g.employee_id, '')}" for g in order])
    with right:
        review(view, sorted(unseen or live, key=lambda g: (g.reviewed_on is not None, str(g.reviewed_on))), people)
    units = [KPIS[g.kpi].unit if g.kpi in KPIS else "" for g in goals]
    seen = each(lambda g: personal.measured(view, g.kpi, people.get(g.employee_id, "")), goals)

    def told(name: str) -> list[str]:
        return [words.value(getattr(g, name), unit) if getattr(g, name) is not None else "" for g, unit in zip(goals, units, strict=True)]

    table({"who": [people.get(g.employee_id) for g in goals], "goal": [g.title for g in goals], "KPI": [KPIS[g.kpi].title if g.kpi in KPIS else g.kpi for g in goals], "from": told("baseline"), "at the last review": told("actual"), "to": told("target"),
           "measured now": [_measured(e) for e in seen], "way gone": [way(g) for g in goals], "due": [g.due_on for g in goals], "status": [g.status.replace("_", " ") for g in goals]},
          f"{KEY}-goals", units={"way gone": "%"}, alt="Goals with the KPI they move, as set, as reviewed and as measured")  # fmt: skip
    quiet("Measured now: the KPI in the period above, from the work of that person alone, where the data says whose work it is.")
    registers(view, KEY, "development_goal", "employee")


def _measured(e: Estimate | None) -> str | None:
    return None if e is None else words.estimate(e) if e.value is not None else f"n/a: {e.warning}"


def way(goal: Any) -> float | None:
    """Percent of the way from the baseline to the target that is gone, by the numbers; None where one is missing."""
    if goal.baseline is None or goal.target is None or goal.actual is None or goal.target == goal.baseline:
        return None
    return float(100 * (goal.actual - goal.baseline) / (goal.target - goal.baseline))


def review(view: View, waiting: list[Any], people: dict[int, str]) -> None:
    """Hold a review."""
    if not waiting:
        quiet("No goal waits for a review.")
        return
    goal = bench.choose("Review", waiting, "goal", lambda g: f"{people.get(g.employee_id, '')}: {g.title}")
    held = opened("development_goal", goal, f"{KEY}-goal")
    goal = held.row
    unit, seen = KPIS[goal.kpi].unit if goal.kpi in KPIS else "", personal.measured(view, goal.kpi, people.get(goal.employee_id, ""))
    if seen is not None:
        quiet(f"{KPIS[goal.kpi].title} measured in this period: {_measured(seen)}")
    form = Fields()
    with st.form(f"{held.key}-review"):
        actual = form("actual").number_input(f"Where it stands{', ' + unit if unit else ''}", value=goal.actual, format="%g", key=f"{held.key}-actual")
        progress = st.slider("Progress, %", 0, 100, int(goal.progress or 0), key=f"{held.key}-progress")
        states = [*LIVE, "reached", "dropped"]
        status = st.selectbox("Status", states, index=states.index(goal.status), format_func=lambda s: s.replace("_", " "), key=f"{held.key}-status")
        text = form("review").text_area("What was said", goal.review or "", key=f"{held.key}-text", height=80)
        if st.form_submit_button("Save the review", type="primary"):
            if actual is not None and unit in words.SHARES and not 0 <= actual <= 100:
                form.refuse({"actual": f"{KPIS[goal.kpi].title} is a share from 0 to 100 %; found {actual:g}; correct where it stands."})
                return
            values = {"actual": actual, "progress": progress, "status": status, "review": text or None, "reviewed_on": bench.today(view)}
            held.save(values, bench.actor(view), "Review saved", form)
