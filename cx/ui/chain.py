"""The way from a low score to a number, followable both ways: follow-up, corrective case, project, KPI."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.records.lookup import records
from cx.ui.page import page
from cx.ui.text import escape

MOST = 4


def _to(group: str, step: str, label: str, icon: str, record: str = "") -> None:
    found = GROUPS[group].step(step)
    query = {"step": found.title if found else step} | ({"record": record} if record else {})
    st.page_link(page(group), label=escape(label), icon=f":material/{icon}:", query_params=query)


def _kpi(key: str | None) -> None:
    if key in KPIS:
        st.page_link(page(KPIS[key].group), label=escape(KPIS[key].title), icon=":material/monitoring:")


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
        _kpi(case.kpi)


def of_project(project: Any) -> None:
    """Links of a project: the cases it cures, the actions that are part of it, and its KPI."""
    with st.container(horizontal=True, gap="small"):
        for case in records("capa", project_id=project.id)[:MOST]:
            _to("quality", "corrective", f"Case: {case.title}", "healing", f"capa-{case.id}")
        for action in records("action", project_id=project.id)[:MOST]:
            st.page_link(page("actions"), label=escape(f"Action: {action.title}"), icon=":material/task_alt:", query_params={"record": f"action-{action.id}"})
        _kpi(project.kpi)


def of_follow_up(case: Any) -> None:
    """Link of a follow-up: the corrective case of the failure behind it."""
    for one in records("capa"):
        if one.id == case.capa_id:
            _to("quality", "corrective", f"Corrective case: {one.title}", "healing", f"capa-{one.id}")
