"""Quality projects: what is most worth a project, and the projects that run, from problem to proven gain."""

from __future__ import annotations

import streamlit as st

from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, measurement_series, project_board
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the workbench."""
    projects = records("project", kind="quality")
    if projects:
        project_board.show(view, "quality-improvement", projects)
    else:
        quiet("No quality project yet. Start one from what fails most, or write a charter below.")
    _next(view, {p.name for p in projects})
    registers(view, "quality-improvement", "project", "tollgate")


def _next(view: View, taken: set[str]) -> None:
    """The series that stands out most and has no project: start one with its problem filled in."""
    unstable = [s for s in measurement_series.series(view) if s.out]
    free = [s for s in unstable if f"Steady {s.title}" not in taken]
    if not free:
        return
    one = free[0]
    with st.container(border=True):
        bench.headline(f"Next candidate: {one.title}, {one.out:.0f} % of its points beyond the limits")
        quiet(f"{one.points:,} points in this period. A project would find the cause and take it out, instead of sorting what comes out.")
        if st.button("Start a quality project", key="quality-improvement-start", icon=":material/flag:"):
            values = {"name": f"Steady {one.title}", "kind": "quality", "group": "quality", "problem": f"{one.title}: {one.out:.1f} % of {one.points} points lie beyond three sigma.", "owner": view.member.name,
                      "starts_on": bench.today(view)}  # fmt: skip
            bench.saved(lambda: writing.create("project", values, bench.actor(view)), "Project started")
