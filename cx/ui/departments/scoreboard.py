"""KPI by team as heat maps, and all of it as one table; a cell opens the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.ui import charts
from cx.ui import format as words
from cx.ui.departments import board, rows
from cx.ui.departments.board import FAMILIES, Line
from cx.ui.page import View
from cx.ui.readings import in_minor
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View, found: Sequence[Line]) -> None:
    """Draw the part."""
    families = [name for name in FAMILIES if any(line.family == name for line in found)]
    picked: tuple[Line, str] | None = None
    grid = st.columns(2, gap="small") if len(families) > 1 else [st.container()]
    for i, family in enumerate(families):
        with grid[i % len(grid)].container(border=True):
            cell = heat([line for line in found if line.family == family], family)
            picked = cell or picked
    quiet("Coloured where a team's 95 % interval lies clear of the whole company's value: green better, red worse; the stronger, the further away. Choose a cell to see its rows.")
    if picked:
        with st.container(border=True):
            rows.show(view, *picked)
    with st.container(border=True):
        whole(found)
    missing = board.unmeasured(found)
    if missing:
        quiet("Named in registers and measured by nothing yet: " + "; ".join(f"{team} ({', '.join(where[:3])})" for team, where in missing.items()) + ". Give their process steps a role, or answers and tickets their team.")


def heat(lines: Sequence[Line], family: str) -> tuple[Line, str] | None:
    """One family of KPIs: teams down, KPIs across, the worst team first. Returns the cell clicked."""
    teams = board.names(lines)
    worst = {team: sum(min(board.standing(line, line.teams[team]), 0.0) for line in lines if team in line.teams) for team in teams}
    cells = [cell(line.kpi.title, "All", line.whole, False, 0.5) for line in lines if line.family != board.OWN_PACE]
    for team in sorted(teams, key=lambda name: (worst[name], name)):
        for line in lines:
            reading = line.teams.get(team)
            if reading is None:
                cells.append(charts.Cell(team, line.kpi.title, Estimate(None), text=" "))
            else:
                cells.append(cell(line.kpi.title, team, reading.estimate, reading.hidden, board.shade(board.standing(line, reading))))
    title = said(lines, family)
    key = "departments-" + family.lower().replace(" ", "-")
    picked = charts.heat(key, title, cells, alt=f"{family} by team: {title}", clicks=True, note="coloured where it changed significantly against the team's own period before" if family == board.OWN_PACE else "")
    if picked is None or picked[0] == "All":
        return None
    chosen = next((line for line in lines if line.kpi.title == picked[1]), None)
    return (chosen, picked[0]) if chosen and picked[0] in chosen.teams else None


def cell(title: str, team: str, estimate: Any, hidden: bool, shade: float) -> charts.Cell:
    """A cell in its KPI's own unit."""
    shown = in_minor(estimate)
    return charts.Cell(team, title, shown, hidden, short(shown.value, shown.unit) if shown.value is not None else "", shade)


def short(value: float, unit: str) -> str:
    """A value as a narrow cell holds it: a length of time in its largest unit alone.

    >>> short(14.88, "h"), short(0.75, "h"), short(46, "days")
    ('14.9 h', '45 min', '46 d')
    """
    if not words.is_time(unit):
        return words.value(value, unit)
    seconds = abs(value) * words.TIMES[unit]
    size, name = next(((s, n) for s, n in ((86400, "d"), (3600, "h"), (60, "min")) if seconds >= s), (1, "s"))
    return f"{value * words.TIMES[unit] / size:.{0 if seconds >= 20 * size or name in ('min', 's') else 1}f} {name}"


def said(lines: Sequence[Line], family: str) -> str:
    """What a family of KPIs says: the team furthest behind, or that none is."""
    behind = [gap for gap in board.gaps(lines) if gap.z < 0]
    if not behind:
        return f"{family}: no team stands clearly behind" if family != board.OWN_PACE else f"{family}: no team became clearly worse"
    e = in_minor(behind[0].reading.estimate)
    if family == board.OWN_PACE:
        was = in_minor(behind[0].reading.before or Estimate(None))
        return f"{family}: {behind[0].team} worse than before, {behind[0].line.kpi.title} {words.value(e.value, e.unit)} after {words.value(was.value, was.unit)}"
    return f"{family}: {behind[0].team} behind, {behind[0].line.kpi.title} {words.value(e.value, e.unit)}"


def whole(found: Sequence[Line]) -> None:
    """Every team with every KPI, as a table that sorts and leaves as CSV."""
    teams = board.names(found)
    data: dict[str, list[Any]] = {"Team": ["All", *teams], "Meets customers": ["", *("yes" if board.faces_customers(team, found) else "no" for team in teams)]}
    observed: dict[str, list[Any]] = {}
    units: dict[str, str] = {}
    for line in found:
        unit = next((e.unit for e in (line.whole, *(r.estimate for r in line.teams.values())) if e.value is not None), line.kpi.unit)
        title = line.kpi.title
        values = [in_minor(line.whole).value]
        counts = [line.whole.n]
        for team in teams:
            reading = line.teams.get(team)
            values.append(in_minor(reading.estimate).value if reading else None)
            counts.append(reading.estimate.n if reading else 0)
        if words.is_time(unit):  # a length of time sorts as a number of its unit
            title = f"{title}, {unit}"
        elif unit in (*words.SHARES, *words.POINTS) or words.is_money(unit):
            units[title] = unit
        data[title] = [None if v is None else float(v) for v in values]
        observed[f"n {line.kpi.title}"] = [n or None for n in counts]
    st.markdown("**Every team, every KPI**")
    table(data | observed, "departments-whole", units=units)
    if any(reading.hidden for line in found for reading in line.teams.values()):
        quiet("Empty where too few answered to show a value; n stays.")
