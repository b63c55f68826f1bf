"""Promises between teams: how often each was kept, by how much it was missed, and the register they stand in."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cx.ui import charts
from cx.ui import format as words
from cx.ui.departments import log
from cx.ui.departments.board import Line
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View, found: Sequence[Line]) -> None:
    """Draw the part."""
    every = log.promises(view)
    judged = [one for one in every if one.kept.value is not None]
    if not every:
        quiet("No team has promised another anything yet. Promise how long a case may wait: choose a step under Hand-offs, or add a hand-off below.")
    if judged:
        left, right = st.columns([6, 5], gap="small")
        with left.container(border=True, height="stretch"):
            worst = judged[0]
            title = f"“{worst.record.name}” is kept in {words.value(worst.kept.value, '%')} of cases, the least of {len(judged)} promises"
            groups = [charts.Group(one.record.name, one.kept) for one in judged]
            charts.dots("departments-promises", title, groups, alt=f"Promises between teams kept. {title}", unit="%", note="share of cases that waited no longer than promised, with its 95 % interval")
        with right.container(border=True, height="stretch"):
            of_teams(judged)
    if every:
        with st.container(border=True):
            data = {"Hand-off": [p.record.name for p in every], "From": [p.record.giver for p in every], "To": [p.record.receiver for p in every], "Promised within, h": [p.record.promise_hours for p in every],
                    "Kept": [p.kept.value for p in every], "Cases": [p.kept.n or None for p in every], "Median wait, h": [p.median for p in every], "9 of 10 within, h": [p.p90 for p in every],
                    "Owner": [p.record.owner for p in every], "Beware": [p.kept.warning for p in every]}  # fmt: skip
            table(data, "departments-promised", units={"Kept": "%"})
    registers(view, "departments", "handoff")


def of_teams(judged: Sequence[log.Promise]) -> None:
    """The team that receives keeps the promise or breaks it."""
    totals: dict[str, tuple[float, int]] = {}
    for one in judged:
        kept, n = totals.get(one.record.receiver, (0.0, 0))
        totals[one.record.receiver] = kept + (one.kept.value or 0.0) / 100 * one.kept.n, n + one.kept.n
    ranked = sorted(totals.items(), key=lambda item: item[1][0] / item[1][1] if item[1][1] else 1.0)
    title = f"{ranked[0][0]} keeps {words.value(100 * ranked[0][1][0] / ranked[0][1][1], '%')} of what it promised others"
    charts.bars("departments-keepers", title, [name for name, _ in ranked], [100 * kept / n for _, (kept, n) in ranked], alt=title, unit="%",
                texts=[f"{words.value(100 * kept / n, '%')} · n {n:,}" for _, (kept, n) in ranked], note="by the team that receives the case and has to take it up in time")  # fmt: skip
