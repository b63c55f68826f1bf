"""The ways between what belongs together, followable both ways.

From a low score to a number: follow-up, corrective case, project, action, KPI. From a touchpoint to the steps of the
journeys it is met in and to the teams that own it. From a course to the agents who took it and how customers rate them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from cx.blueprint.groups import GROUPS
from cx.records import capa
from cx.records.lookup import records
from cx.ui import kpi_link
from cx.ui.journeys import called
from cx.ui.page import page
from cx.ui.text import escape, quiet

MOST = 4
PERFORMANCE = {"smeasure": "Ticket satisfaction", "sby": "by agent"}


def _to(group: str, step: str, label: str, icon: str, record: str = "", **more: str) -> None:
    found = GROUPS[group].step(step)
    query = {"step": found.title if found else step} | ({"record": record} if record else {}) | more
    st.page_link(page(group), label=escape(label), icon=f":material/{icon}:", query_params=query)


def _low_score(one: Any) -> None:
    _to("service", "feedback", f"Low score: {one.title}", "sentiment_dissatisfied", followup=str(one.id))


def _case(one: Any) -> None:
    _to("quality", "corrective", f"Corrective case: {one.title}", "healing", case=_called(records("capa"), one, f"{one.title} ({capa.TITLES[one.status].lower()})"))


def _project(one: Any) -> None:
    _to("improvement", "continuous", f"Project: {one.name}", "rocket_launch", imprproject=_called(records("project"), one, f"{one.name} ({one.phase})"))


def _action(one: Any) -> None:
    st.page_link(page("actions"), label=escape(f"Action: {one.title}"), icon=":material/task_alt:", query_params={"action": _called(records("action"), one, one.title)})


def _numbered(register: str, number: int | None, link: Callable[[Any], None]) -> None:
    for one in records(register) if number else ():
        if one.id == number:
            link(one)


def _called(found: Sequence[Any], one: Any, name: str) -> str:
    """How a list of records names one of them: two of the same name are told apart by their number."""
    same = [r for r in found if str(getattr(r, "title", None) or getattr(r, "name", "")) == str(getattr(one, "title", None) or getattr(one, "name", ""))]
    return name if len(same) < 2 else f"{name} · {one.id}"


def of_case(case: Any) -> None:
    """Links of a corrective case: the low scores behind it, the project and actions that cure it, its control chart and KPI."""
    with st.container(horizontal=True, gap="small"):
        for one in records("follow_up", capa_id=case.id)[:MOST]:
            _low_score(one)
        _numbered("project", case.project_id, _project)
        for action in records("action", capa_id=case.id)[:MOST]:
            _action(action)
        if case.source == "measurement":
            _to("quality", "control", "Control charts", "ssid_chart")
        kpi_link.control(case.kpi)
        kpi_link.link(case.kpi)


def of_project(project: Any) -> None:
    """Links of a project: the cases it cures, the actions that are part of it, its control chart and its KPI."""
    with st.container(horizontal=True, gap="small"):
        for case in records("capa", project_id=project.id)[:MOST]:
            _case(case)
        for action in records("action", project_id=project.id)[:MOST]:
            _action(action)
        kpi_link.control(project.kpi)
        kpi_link.link(project.kpi)


def of_action(action: Any) -> None:
    """Links of an action: its corrective case, its project, its control chart and its KPI."""
    _numbered("capa", action.capa_id, _case)
    _numbered("project", action.project_id, _project)
    kpi_link.control(action.kpi)
    kpi_link.link(action.kpi)


def of_follow_up(case: Any) -> None:
    """Link of a follow-up: the corrective case of the failure behind it."""
    _numbered("capa", case.capa_id, _case)


def of_kpi(key: str) -> None:
    """Links of a KPI: the corrective cases, projects and open actions that are to move it. Nothing where nobody works on it."""
    cases = [c for c in records("capa", kpi=key) if c.status not in ("closed", "cancelled")]
    projects = [p for p in records("project", kpi=key) if p.phase not in ("closed", "stopped")]
    actions = [a for a in records("action", kpi=key) if a.status in ("open", "in_progress")]
    if not cases and not projects and not actions:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        quiet("Meant to move it:")
        for found, link in ((cases, _case), (projects, _project), (actions, _action)):
            for one in found[:MOST]:
                link(one)


def of_touchpoint(name: str | None) -> bool:
    """Links of a touchpoint: its place in the register, the steps of the journeys it is met in, and the teams that own it. False where it is not registered."""
    found = next((t for t in records("touchpoint") if t.name == name), None)
    if found is None:
        return False
    journeys = {j.id: j for j in records("journey") if j.status != "retired"}
    with st.container(horizontal=True, gap="small"):
        _to("journeys", "touchpoints", f"Touchpoint: {found.name}", "touch_app", f"touchpoint-{found.id}")
        for step in [s for s in records("journey_step", touchpoint_id=found.id) if s.journey_id in journeys][:MOST]:
            rows = records("journey_step", journey_id=step.journey_id)
            number = next(i for i, row in enumerate(rows, 1) if row.id == step.id)
            journey = journeys[step.journey_id]
            _to("journeys", "map", f"Journey: {journey.name}, {step.name}", "route", journey=called(journey), jstep=f"{number}. {step.name}")
        for team in (found.owners or [])[:MOST]:
            of_team(team)
    return True


def of_team(team: str) -> None:
    """Link of a team: all its numbers, what it owns and its people."""
    st.page_link(page("departments"), label=escape(f"Owner: {team}"), icon=":material/corporate_fare:", query_params={"teams": "One team", "team": team})


def of_agents(course: str | None, teams: Iterable[str] = ()) -> None:
    """Links between a course and how customers rate those who took it: the course, their teams, satisfaction by agent."""
    with st.container(horizontal=True, gap="small"):
        for team in sorted(teams)[:MOST]:
            st.page_link(page("departments"), label=escape(f"{team}: its people, their courses and ratings"), icon=":material/groups:", query_params={"teams": "One team", "team": team})
        if course:
            _to("training", "evaluation", f"Course: {course}", "school", course=course)
        _to("service", "performance", "Satisfaction by agent", "support_agent", **PERFORMANCE)
