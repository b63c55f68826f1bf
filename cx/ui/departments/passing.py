"""Hand-offs between teams in the event log: how long cases wait between them, and where most time is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import charts
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved
from cx.ui.departments import log
from cx.ui.departments.board import Line
from cx.ui.departments.scoreboard import short
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View, found: Sequence[Line]) -> None:
    """Draw the part."""
    if not view.now.rows("step_runs"):
        quiet("Hand-offs are found in an event log: rows with process, case, step, role, start and end. There are none yet; upload an export of your workflow or ticket history on the Data page.")
        return
    rows = log.moves(view.now, view.filters)
    if not rows:
        quiet("No case passed from one role to another in this period.")
        return
    with st.container(border=True):
        pair = matrix(log.between(view.now, view.filters))
    mine = [row for row in rows if pair is None or (row["giver"], row["receiver"]) == pair]
    with st.container(border=True):
        listed(view, mine, pair)


def matrix(pairs: list[dict[str, Any]]) -> tuple[str, str] | None:
    """From team to team: the median wait and how often. Returns the pair clicked."""
    givers = sorted({row["giver"] for row in pairs})
    receivers = sorted({row["receiver"] for row in pairs})
    of = {(row["giver"], row["receiver"]): row for row in pairs}
    cells = []
    for giver in givers:
        for receiver in receivers:
            row = of.get((giver, receiver))
            if row is None:
                cells.append(charts.Cell(giver, receiver, Estimate(None), text=" "))
            else:
                cells.append(charts.Cell(giver, receiver, Estimate(row["median"], None, None, int(row["n"]), "hours"), text=short(row["median"], "hours")))
    slowest = max((row for row in pairs if row["n"] >= 5), key=lambda row: row["median"] or 0.0, default=pairs[0])
    waiting = "the one case waits" if slowest["n"] == 1 else f"half of {slowest['n']:,} cases wait"
    title = f"The longest wait is from {slowest['giver']} to {slowest['receiver']}: {waiting} {hours(slowest['median'])} or more"
    return charts.heat("departments-between", title, cells, alt=f"Median wait between teams. {title}", clicks=True, note="from the team on the left to the team above · median wait from the end of the one's step to the start of the other's · choose a cell to see its steps")


def hours(value: float | None) -> str:
    """A wait, short."""
    return words.value(value, "hours") if value is not None else words.MISSING


def listed(view: View, rows: list[dict[str, Any]], pair: tuple[str, str] | None) -> None:
    """Each step that receives from another team; one chosen can be promised about."""
    total = sum(row["total"] or 0.0 for row in rows)
    top = rows[0]
    headline(f"Most time is lost before “{top['step']}”: {words.number(top['total'], 0)} h of waiting, {words.value(100 * (top['total'] or 0) / total, '%') if total else words.MISSING} of all" + (f" from {pair[0]} to {pair[1]}" if pair else " between teams"))
    promised = {(r.process, r.step): r.promise_hours for r in records("handoff") if r.process and r.step}
    data = {"From": [r["giver"] for r in rows], "To": [r["receiver"] for r in rows], "Process": [r["process"] for r in rows], "Step": [r["step"] for r in rows], "Hand-offs": [int(r["n"]) for r in rows],
            "Median wait, h": [r["median"] for r in rows], "9 of 10 within, h": [r["p90"] for r in rows], "Waiting in all, h": [r["total"] for r in rows],
            "Done again": [100.0 * r["again"] / r["n"] for r in rows], "Promised within, h": [promised.get((r["process"], r["step"])) for r in rows]}  # fmt: skip
    picked = table(data, f"departments-moves-{'-'.join(pair) if pair else 'all'}", units={"Done again": "%"}, clicks=True, help={"Done again": "Share of cases in which this step had been done before"}, alt="Hand-offs by step")
    if picked is None:
        quiet("Choose a row to promise how long it may wait.")
        return
    row = rows[picked]
    if not view.member.may("contributor") or (row["process"], row["step"]) in promised:
        return
    form = Fields()
    with st.form("departments-promise"):
        a, b, c, d = st.columns([4, 2, 3, 2], gap="small", vertical_alignment="bottom")
        name = form("name", a).text_input("Hand-off", f"{row['giver']} to {row['receiver']}: {row['step']}")
        within = form("promise_hours", b).number_input("Promised within, hours", 0.0, value=float(round(row["p90"] or 0.0, 1)))
        owner = form("owner", c).text_input("Owner")
        if d.form_submit_button("Promise it", type="primary"):
            values = {"name": name, "giver": row["giver"], "receiver": row["receiver"], "process": row["process"], "step": row["step"], "promise_hours": within, "owner": owner or None}
            saved(lambda: create("handoff", values, actor(view)), "Promised.", form)
