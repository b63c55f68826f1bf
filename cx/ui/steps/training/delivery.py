"""Delivery: who is current, due or overdue in which course; sessions with enrolment and attendance; completion."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.records.lookup import labels, records
from cx.ui import bench, certificates, readings
from cx.ui import format as words
from cx.ui.certificates import Standing
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "training-delivery"


def show(view: View) -> None:
    """Draw the step."""
    now = bench.today(view)
    found = certificates.standings(view.now, now)
    if not found and not records("session"):
        bench.headline("Nobody is enrolled yet")
        quiet("Write a course and plan its first session below, or upload the export of your learning platform on the Data page.")
        registers(view, KEY, "session", "course")
        return
    counted = certificates.counts(found)
    worst: dict[str, int] = {}
    for s in found:
        if s.state in ("overdue", "not taken") and (s.must or s.state == "overdue"):
            worst[s.course] = worst.get(s.course, 0) + 1
    bench.headline(f"{counted['overdue']} certificates are overdue and {counted['due']} run out within 60 days; most are missing in {max(worst, key=lambda c: worst[c])}" if worst else f"Everybody is current; {counted['due']} certificates run out within 60 days")
    bench.tiles(f"{KEY}-tiles", [(state.capitalize(), f"{counted[state]:,}", note) for state, note in zip(certificates.STATES, ("valid for 60 days or more", "run out within 60 days", "have run out", "required by the role, never completed"), strict=True)])
    with st.container(border=True):
        matrix(view, found)
    counted_too = "training_completion" in KPIS and view.now.rows("trainings")
    left, right = st.columns([2, 3], gap="medium") if counted_too else (None, st.container())
    if left is not None:
        with left, st.container(border=True):
            readings.compare_groups(view, KPIS["training_completion"], "course", f"{KEY}-completion")
    with right, st.container(border=True):
        sessions(view, found)
    registers(view, KEY, "session", "course", "employee")


def matrix(view: View, found: list[Standing]) -> None:
    """People by course; viewers see teams and counts instead of names."""
    courses = list(dict.fromkeys(s.course for s in found))
    if not view.member.may("contributor"):
        teams = list(dict.fromkeys(s.team for s in found))
        table([{"team": t or "no team", **{c: f"{sum(s.state == 'current' for s in found if s.team == t and s.course == c)} of {sum(s.team == t and s.course == c for s in found)} current" for c in courses}} for t in teams], f"{KEY}-teams")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        team = st.selectbox("Team", ["All teams", *sorted({s.team for s in found if s.team})], key="trainteam", bind="query-params", width=220)
        only = st.toggle("Only who must act", value=False, key=f"{KEY}-only")
    mine = [s for s in found if team in ("All teams", s.team)]
    known = {(s.person, s.course): s for s in mine}
    people = list(dict.fromkeys(s.person for s in mine if not only or s.state in ("due", "overdue", "not taken")))

    def cell(person: str, course: str) -> str:
        s = known.get((person, course))
        if s is None:
            return ""
        return {"current": "✓" + (f" to {s.until:%b %Y}" if s.until else ""), "due": f"◔ {words.day(s.until)}", "overdue": f"✗ {words.day(s.until)}", "not taken": "○ not taken"}[s.state]

    st.markdown(f"**{len(people)} people, {len(courses)} courses**")
    table([{"person": p, **{c: cell(p, c) for c in courses}} for p in people], f"{KEY}-matrix", height=400, alt="Who is current, due or overdue in which course")
    quiet("✓ current, to the month it runs out · ◔ runs out within 60 days, on the day · ✗ ran out on the day · ○ required by the role and not taken")


def sessions(view: View, found: list[Standing]) -> None:
    """Sessions to come: seats, enrolment of those due, attendance."""
    names = labels("course")
    kept = records("session")
    planned = sorted((s for s in kept if s.status == "planned"), key=lambda s: s.starts_at or datetime.max.replace(tzinfo=UTC))
    past = [s for s in kept if s.status == "held"]
    came, asked = sum(len(s.attended or []) for s in past), sum(len(s.enrolled or []) for s in past)
    bench.headline(f"{words.plural(len(planned), 'session is', 'sessions are')} planned" + (f"; {came} of {asked} enrolled came to those held" if asked else ""))
    if not planned:
        quiet("Plan a session in the register below.")
        return
    table({"course": [names.get(s.course_id) for s in planned], "session": [s.name for s in planned], "start": [s.starts_at.date() if s.starts_at else None for s in planned], "enrolled": [f"{len(s.enrolled or [])} of {s.seats}" if s.seats else str(len(s.enrolled or [])) for s in planned]}, f"{KEY}-sessions", csv=False)
    if not view.member.may("contributor"):
        return
    chosen = bench.choose("Session", planned, "session", lambda s: f"{names.get(s.course_id)}: {s.name}")
    held = opened("session", chosen, f"{KEY}-session")
    chosen = held.row
    course = names.get(chosen.course_id)
    needing = [s.person for s in found if s.course == course and s.state in ("due", "overdue", "not taken") and s.person not in (chosen.enrolled or [])]
    everybody = sorted({s.person for s in found} | {p.name for p in records("employee") if not p.left_on} | set(chosen.enrolled or []))
    form = Fields()
    with st.form(f"{held.key}-enrol", border=False):
        people = form("enrolled").multiselect(f"Enrolled; {len(needing)} more need it", everybody, default=[p for p in chosen.enrolled or [] if p in everybody], key=f"{held.key}-people")
        came_now = form("attended").multiselect("Attended", everybody, default=[p for p in chosen.attended or [] if p in everybody], key=f"{held.key}-came")
        with st.container(horizontal=True, gap="small"):
            save, fill, close = st.form_submit_button("Save", type="primary"), st.form_submit_button("Enrol all who need it"), st.form_submit_button("Save as held")
    values: dict[str, Any] = {"enrolled": people, "attended": came_now}
    if fill:
        values["enrolled"] = [*people, *(p for p in needing if p not in people)][: chosen.seats or None]
    if close:
        values["status"] = "held"
    if save or fill or close:
        held.save(values, bench.actor(view), "Session saved", form)
