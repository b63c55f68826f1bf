"""The improvement board: projects from define to control, gates on evidence, benefits on a test."""

from __future__ import annotations

from cx.records.lookup import records
from cx.ui import project_board
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the workbench."""
    projects = [p for p in records("project") if p.phase != "stopped"]
    if projects:
        project_board.show(view, "improvement-continuous", projects)
    else:
        quiet("No project yet. Write a charter below: the problem, the KPI it is to move, baseline, target and who owns it.")
    registers(view, "improvement-continuous", "project", "tollgate")
