"""The event log of a process as its pages need it: steps, arrows, variants, and who does what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from cx.analytics.measure import Scope
from cx.analytics.process import mined
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.process_map import Arrow, Drawing, Node, process_map
from cx.ui.remember import remembered
from cx.ui.text import quiet

COLUMNS = ("process", "case_id", "step", "role", "started_at", "ended_at", "value_added", "outcome")
MOST = 400_000


@dataclass(frozen=True)
class Log:
    """One process: its steps, arrows and variants as frames, the role that mostly does each step, and which steps add value.

    `cases` are those looked at, `every` those there are.
    """

    name: str
    cases: int
    every: int
    steps: pd.DataFrame
    arrows: pd.DataFrame
    variants: pd.DataFrame
    roles: dict[str, str]
    valued: dict[str, bool]


@remembered
def _processes(now: Revision, filters: Filters) -> list[tuple[str, int, int]]:
    """Processes with how many cases and runs of steps they have, most cases first."""
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["step_runs"], "started_at").filter(lambda t: t["process"].notnull())
    found = engine.rows(table.group_by("process").aggregate(cases=table["case_id"].nunique(), runs=table.count()), now=now)
    return sorted(((r["process"], int(r["cases"]), int(r["runs"])) for r in found), key=lambda one: -one[1])


def processes(view: View) -> list[str]:
    """Processes with cases in the selection, the busiest first."""
    return [name for name, *_ in _processes(view.now, view.filters)]


def choose(view: View, key: str) -> str | None:
    """Choose a process of the log; the choice is in the address and the same on every step."""
    names = processes(view)
    if not names:
        return None
    return st.selectbox("Process", names, index=names.index("complaint handling") if "complaint handling" in names else 0, key="process", bind="query-params", width=280)


def lane(roles: list[str]) -> str:
    """Who does a step: the role that mostly does, and how many others where it does less than nine tenths.

    >>> lane(["care", "care", "desk"]), lane([])
    ('care and 1 other', '')
    """
    counted = Counter(roles).most_common()
    if not counted:
        return ""
    name, times = counted[0]
    others = len(counted) - 1
    return name if times >= 0.9 * len(roles) else f"{name} and {others} other{'s' if others > 1 else ''}"


ARROW = " → "


def folded(way: str) -> str:
    """The name of a way with what is done again in a row written once.

    >>> folded("Take → Ask → Decide → Ask → Decide → Close")
    'Take → (Ask → Decide) ×2 → Close'
    """
    left, out = way.split(ARROW), []
    while left:
        size, times = 1, 1
        for length in range(1, len(left) // 2 + 1):
            again = 1
            while left[again * length : (again + 1) * length] == left[:length]:
                again += 1
            if again > 1 and again * length > size * times:
                size, times = length, again
        block = ARROW.join(left[:size])
        out.append(block if times == 1 else f"({block}) ×{times}" if size > 1 else f"{block} ×{times}")
        left = left[size * times :]
    return ARROW.join(out)


@remembered
def _log(now: Revision, filters: Filters, name: str) -> Log:
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["step_runs"], "started_at")
    table = table.filter(table["process"] == name)
    every, runs = next((found for process, *found in _processes(now, filters) if process == name), (0, 0))
    if runs > MOST:
        table = _latest(table)
    rows = engine.fetch(table.select(*COLUMNS, "line"), now=now)
    frame = rows.select(["step", "role", "value_added"]).to_pandas()
    roles = {str(s): lane(part["role"].dropna().tolist()) for s, part in frame.groupby("step")}
    valued = {str(s): bool(part["value_added"].dropna().mean() > 0.5) for s, part in frame.groupby("step") if part["value_added"].notna().any()}
    cases = len(set(rows["case_id"].to_pylist()) - {None})
    return Log(name, cases, every, *mined(rows, most=30), roles, valued)


def _latest(table: ir.Table) -> ir.Table:
    """The runs of the latest cases, whole ones, as many as make up no more than `MOST` runs."""
    begun = table.group_by("case_id").aggregate(_runs=table.count(), _begun=table["started_at"].min())
    so_far = begun["_runs"].sum().over(ibis.window(preceding=None, following=0, order_by=[begun["_begun"].desc(), begun["case_id"]]))
    kept = begun.mutate(_so_far=so_far)
    return table.semi_join(kept.filter(kept["_so_far"] <= MOST), "case_id")


def shortened(found: Log) -> None:
    """Say so where not every case was looked at."""
    if found.cases < found.every:
        quiet(f"The latest {found.cases:,} of {found.every:,} cases are looked at; choose a shorter period to see others.")


def log(view: View, name: str) -> Log:
    """Everything about a process in the selection."""
    return _log(view.now, view.filters, name)


def discovered(found: Log, least: float) -> Drawing:
    """The map the log draws of itself: the share of cases and the waiting on each arrow, work and wait in each step.

    Arrows that fewer than `least` percent of what leaves a step take are left out. The step with most time is hot.
    """
    order = {name: i for i, name in enumerate(found.steps.sort_values("place")["step"])}
    worst = str(found.steps.iloc[0]["step"]) if len(found.steps) else ""
    nodes = []
    for row in found.steps.sort_values("place").to_dict("records"):
        wait = f"wait {words.duration(3600 * row['wait_median'])}" if pd.notna(row["wait_median"]) else "start"
        note = f"{wait} · work {words.duration(3600 * row['work_median'])}" if pd.notna(row["work_median"]) else wait
        nodes.append(Node(row["step"], found.roles.get(row["step"], ""), order[row["step"]], note, value_added=found.valued.get(row["step"]), hot=row["step"] == worst))
    busiest = float(found.arrows["n"].max()) if len(found.arrows) else 1.0
    arrows = [Arrow(r["source"], r["target"], f"{r['n']:,} ({r['share']:.0f} %)", float(r["n"]) / busiest) for r in found.arrows.to_dict("records") if r["share"] >= least]
    return process_map(nodes, arrows)


def values(found: Log) -> dict[str, Any]:
    """Work, wait and value of each step in its order, in hours a case."""
    table = found.steps.sort_values("place")
    return {"step": table["step"].tolist(), "work": table["work_mean"].fillna(0).tolist(), "wait": table["wait_mean"].fillna(0).tolist(), "runs": table["runs"].tolist()}
