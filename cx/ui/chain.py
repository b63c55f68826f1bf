"""The ways between what belongs together, followable both ways.

From a low score to a number: follow-up, corrective case, project, action, KPI. From a touchpoint to the steps of the
journeys it is met in and to the teams that own it. From a course to the agents who took it and how customers rate them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from cx.blueprint.groups import GROUPS
from cx.records.lookup import records
from cx.ui import kpi_panel
from cx.ui.journeys import called
from cx.ui.page import page
from cx.ui.text import escape

MOST = 4
PERFORMANCE = {"smeasure": "Ticket satisfaction", "sby": "by agent"}


def _to(group: str, step: str, label: str, icon: str, record: str = "", **more: str) -> None:
    found = GROUPS[group].step(step)
    query = {"step": found.title if found else step} | ({"record": record} if record else {}) | more
    st.page_link(page(group), label=escape(label), icon=f":material/{icon}:", query_params=query)


def of_case(case: Any) -> None:
    """Links of a corrective case: the low scores behind it, the project that cures it, the control charts and its KPI."""
    with st.container(horizontal=True, gap="small"):
        for one in records("follow_up", capa_id=case.id)[:MOST]:
            _to("service", "feedback", f"Low score: {one.title}", "sentiment_dissatisfied", f"follow_up-{one.id}")
        for project in records("project"):
            if project.id == case.project_id:
                _to("improvement", "continuous", f"Project: {project.name}", "rocket_launch", f"project-{project.id}")
        if case.source == "measurement":
            _to("quality", "control", "Control charts", "ssid_chart")
        kpi_panel.link(case.kpi)


def of_project(project: Any) -> None:
    """Links of a project: the cases it cures, the actions that are part of it, and its KPI."""
    with st.container(horizontal=True, gap="small"):
        for case in records("capa", project_id=project.id)[:MOST]:
            _to("quality", "corrective", f"Case: {case.title}", "healing", f"capa-{case.id}")
        for action in records("action", project_id=project.id)[:MOST]:
            st.page_link(page("actions"), label=escape(f"Action: {action.title}"), icon=":material/task_alt:", query_params={"record": f"action-{action.id}"})
        kpi_panel.link(project.kpi)


def of_follow_up(case: Any) -> None:
    """Link of a follow-up: the corrective case of the failure behind it."""
    for one in records("capa"):
        if one.id == case.capa_id:
            _to("quality", "corrective", f"Corrective case: {one.title}", "healing", f"capa-{one.id}")


def of_touchpoint(name: str | None) -> None:
    """Links of a touchpoint: its place in the register, the steps of the journeys it is met in, and the teams that own it."""
    found = next((t for t in records("touchpoint") if t.name == name), None)
    if found is None:
        return
    journeys = {j.id: j for j in records("journey")}
    with st.container(horizontal=True, gap="small"):
        _to("journeys", "touchpoints", f"Touchpoint: {found.name}", "touch_app", f"touchpoint-{found.id}")
        for step in [s for s in records("journey_step", touchpoint_id=found.id) if s.journey_id in journeys][:MOST]:
            rows = records("journey_step", journey_id=step.journey_id)
            number = next(i for i, row in enumerate(rows, 1) if row.id == step.id)
            journey = journeys[step.journey_id]
            _to("journeys", "map", f"Journey: {journey.name}, {step.name}", "route", journey=called(journey), jstep=f"{number}. {step.name}")
        for team in (found.owners or [])[:MOST]:
            of_team(team)


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
