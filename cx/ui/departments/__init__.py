"""Departments: the same KPIs by team, those no customer meets included, and what passes between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cx.ui import format as words
from cx.ui.departments import board, passing, promised, scoreboard, team
from cx.ui.departments.board import Line
from cx.ui.empty import nothing_yet
from cx.ui.page import View
from cx.ui.readings import in_minor
from cx.ui.text import escape, quiet

PARTS: dict[str, Callable[[View, Sequence[Line]], None]] = {"Scoreboard": scoreboard.show, "Hand-offs": passing.show, "Promises": promised.show, "One team": team.show}


def show(view: View) -> None:
    """Draw the page: who stands behind, then the chosen part."""
    if not any(view.now.rows(name) for name in ("responses", "tickets", "deals", "step_runs", "trainings")):
        nothing_yet("work of departments")
        return
    found = board.lines(view)
    st.subheader(escape(finding(found), 400), anchor=False)
    part = st.segmented_control("Part", list(PARTS), default="Scoreboard", key="teams", bind="query-params", required=True, label_visibility="collapsed") or "Scoreboard"
    if not found and part in ("Scoreboard", "One team"):
        quiet("No row of the data names a team: give answers, tickets and deals a team, or process steps a role, when you import them.")
        return
    PARTS[part](view, found)


def finding(found: Sequence[Line]) -> str:
    """The team that stands furthest behind the company on a KPI, of all that stand clear of it."""
    teams = board.names(found)
    if not teams:
        return "No team has a number yet"
    clear = board.gaps([line for line in found if line.comparable])
    behind = [gap for gap in clear if gap.z < 0]
    hidden = sum(not board.faces_customers(name, found) for name in teams)
    scope = f"{len(teams)} teams" + (f", {hidden} of which no customer meets" if hidden else "")
    if not behind:
        return f"Of {scope}, none stands clearly behind the whole company"
    gap = behind[0]
    e, whole = in_minor(gap.reading.estimate), in_minor(gap.line.whole)
    return f"{gap.team} stands furthest behind: {gap.line.kpi.title} {words.value(e.value, e.unit)} against {words.value(whole.value, whole.unit)} of all ({scope})"
