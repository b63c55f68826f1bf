"""One team whole: its KPIs against the company and the period before, what it hands on and takes over, what it owns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cx.records.lookup import records
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.departments import board, log, people, rows
from cx.ui.departments.board import Line
from cx.ui.page import View
from cx.ui.readings import in_minor
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View, found: Sequence[Line]) -> None:
    """Draw the part."""
    names = [*board.names(found), *board.unmeasured(found)]
    team = st.selectbox("Team", names, key="team", bind="query-params", label_visibility="collapsed", width=280) or names[0]
    mine = [line for line in found if team in line.teams]
    left, right = st.columns([7, 5], gap="small")
    with left.container(border=True, height="stretch"):
        picked = numbers(team, mine)
    with right.container(border=True, height="stretch"):
        duties(team)
    if picked is not None:
        with st.container(border=True):
            rows.show(view, mine[picked], team)
    if view.now.rows("trainings") or view.now.rows("tickets"):
        with st.container(border=True):
            people.show(view, team)
    if view.now.rows("step_runs"):
        with st.container(border=True):
            passed(view, team)


def numbers(team: str, mine: Sequence[Line]) -> int | None:
    """Every KPI of the team beside all teams together and its own period before; returns the number of the row chosen."""
    if not mine:
        headline(f"Nothing measures {team} yet")
        quiet("Give the process steps it does a role of this name, or the answers, tickets and deals it handles this team, when you import them.")
        return None
    judged = [(board.standing(line, line.teams[team]), line) for line in mine if line.comparable]
    worse, better = sum(z < 0 for z, _ in judged), sum(z > 0 for z, _ in judged)
    paced = [board.standing(line, line.teams[team]) for line in mine if line.family == board.OWN_PACE]
    text = f"{team} stands behind all teams together on {worse} of {len(judged)} KPIs, ahead on {better}" if judged else f"{team} does not meet customers"
    headline(text + (f"; its process work became worse on {sum(z < 0 for z in paced)} of {len(paced)} KPIs, better on {sum(z > 0 for z in paced)}" if paced else ""))
    data: dict[str, list[Any]] = {"KPI": [], "value": [], "interval": [], "n": [], "all teams": [], "before": [], "stands": []}
    for line in mine:
        reading = line.teams[team]
        e, whole = in_minor(reading.estimate), in_minor(line.whole)
        z = board.standing(line, reading)
        was = in_minor(reading.before) if reading.before else None
        verdict = {True: ("behind", "ahead"), False: ("worse than before", "better than before")}[line.comparable]
        data["KPI"].append(line.kpi.title)
        data["value"].append("hidden" if reading.hidden else words.value(e.value, e.unit))
        data["interval"].append(words.interval(e.low, e.high, e.unit) if e.value is not None else "")
        data["n"].append(e.n)
        data["all teams"].append(words.value(whole.value, whole.unit) if line.comparable else "")
        data["before"].append(words.value(was.value, was.unit) + (" ✓" if reading.change is not None and reading.change.significant else "") if was else words.MISSING)
        data["stands"].append(verdict[0] if z < 0 else verdict[1] if z > 0 else "")
    picked = table(data, f"departments-team-{team}", clicks=True, alt=f"KPIs of {team}")
    quiet("interval: 95 % · before: the period compared with, ✓ where the change is significant · process work is held against itself, since teams do different steps. Choose a row to see what stands behind it.")
    return picked


def duties(team: str) -> None:
    """What the team owns: touchpoints, promises, open actions, people."""
    touchpoints = [row.name for row in records("touchpoint") if team in (row.owners or [])]
    given = [row for row in records("handoff") if team in (row.giver, row.receiver)]
    actions = [row for row in records("action") if row.team == team and row.status in ("open", "in_progress")]
    people = [row for row in records("employee") if row.team == team]
    counted = [f"{len(rows_)} {name}{'s' if len(rows_) != 1 else ''}" for rows_, name in ((touchpoints, "touchpoint"), (given, "promised hand-off"), (actions, "open action"))]
    headline(f"{counted[0]}, {counted[1]}, {counted[2]}")
    facts = {"Touchpoints": ", ".join(touchpoints), "Hand-offs": ", ".join(row.name for row in given), "Actions": ", ".join(row.title for row in actions), "People": f"{len(people)}" if people else ""}
    for name, text in facts.items():
        quiet(f"{name}: {text or 'none'}")


def passed(view: View, team: str) -> None:
    """What the team takes over from others, and what it hands on, with the waits."""
    every = log.moves(view.now, view.filters)
    mine = [row for row in every if team in (row["giver"], row["receiver"])]
    if not mine:
        headline(f"No case passed to or from {team} in this period")
        return
    taken = [row for row in mine if row["receiver"] == team]
    waited = sum(row["total"] or 0.0 for row in taken)
    n = sum(row["n"] for row in taken)
    headline(f"{words.plural(n, 'case')} waited {words.number(waited, 0)} h in all for {team} to take them up" if n else f"{team} only hands on: {words.plural(sum(row['n'] for row in mine), 'case')}")
    data = {"Direction": ["takes over" if row["receiver"] == team else "hands on" for row in mine], "Other team": [row["giver"] if row["receiver"] == team else row["receiver"] for row in mine],
            "Process": [row["process"] for row in mine], "Step": [row["step"] for row in mine], "Hand-offs": [int(row["n"]) for row in mine], "Median wait, h": [row["median"] for row in mine],
            "9 of 10 within, h": [row["p90"] for row in mine]}  # fmt: skip
    table(data, "departments-passed")
