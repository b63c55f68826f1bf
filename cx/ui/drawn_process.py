"""Processes that people drew: read from the register, drawn in lanes, simulated, and begun from the event log."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cx.analytics.drawn_process import Step, edges, measured, model
from cx.analytics.simulation import MOST_CASES, Model, Simulation, simulate
from cx.errors import MeasureError
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench
from cx.ui import format as words
from cx.ui.event_log import Log
from cx.ui.page import View
from cx.ui.picture import Drawing
from cx.ui.process_map import Arrow, Node, process_map, upright_map
from cx.ui.remember import remembered

HOURS, RUNS, DAY = 400.0, 12, 8.0
MOST_DAILY = MOST_CASES / (HOURS / DAY)  # cases a day that a run can hold
ENDS = ("start", "end")


def steps(process: Any) -> tuple[Step, ...]:
    """The drawn steps of a process in order; start and end symbols take no time and are left out of what is simulated."""
    found = [r for r in records("process_step", process_id=process.id) if r.kind not in ENDS]
    return tuple(
        Step(r.name, r.role or "", r.wait_minutes or 0.0, r.work_minutes or 0.0, 1.0 if r.variation is None else r.variation, r.staff or 1, tuple(r.next_steps), r.value_added)
        for r in sorted(found, key=lambda r: (r.position, r.id))
    )  # fmt: skip


def drawing(found: tuple[Step, ...], hot: str = "", upright: bool = False) -> Drawing:
    """The drawn process in swim lanes, a lane a role; `upright` with the lanes side by side."""
    nodes = [
        Node(s.name, s.role or "Nobody yet", i, " · ".join(x for x in (f"wait {words.duration(60 * s.wait)}" if s.wait else "", f"work {words.duration(60 * s.work)}" if s.work else "") if x),
             "decision" if len(s.follows) > 1 else "task", s.value_added, s.name == hot)
        for i, s in enumerate(found)
    ]  # fmt: skip
    arrows = [Arrow(a, b, f"{100 * p:.0f} %" if p < 0.999 else "", p * 0.6) for a, after in edges(found).items() for b, p in after.items()]
    return (upright_map if upright else process_map)(nodes, arrows)


@remembered
def simulated(found: tuple[Step, ...], arrivals: float, staff: tuple[tuple[str, int], ...], seed: int = 1) -> tuple[Model, Simulation]:
    """The simulation of a drawn process, 12 runs of 400 working hours. Raises MeasureError where it cannot run."""
    made = model(found, arrivals, hours_per_day=DAY, staff=dict(staff))
    return made, simulate(made, hours=HOURS, replications=RUNS, seed=seed)


def begin(view: View, found: Log, arrivals: float | None) -> Any:
    """Take the discovered process over as a drawn one, with its roles, times and shares, as one unit."""
    who = bench.actor(view)
    order = found.steps.sort_values("place")
    names = list(order["step"])
    drawn = []
    for row in order.to_dict("records"):
        after = found.arrows[(found.arrows["source"] == row["step"]) & (found.arrows["share"] >= 2)]
        total = after["share"].sum()
        follows = tuple(f"{t}: {100 * s / total:.0f}%" for t, s in zip(after["target"], after["share"], strict=True) if t in names)
        mean, sd, wait = row["work_mean"], row["work_sd"], row["wait_mean"]
        drawn.append(Step(row["step"], found.roles.get(row["step"]) or "", 60 * wait if wait == wait else 0.0, 60 * mean if mean == mean else 0.0,
                          sd / mean if mean == mean and sd == sd and mean else 1.0, 1, follows or ("end",), found.valued.get(row["step"], False)))  # fmt: skip
    with suppress(MeasureError):  # it can be drawn though it cannot be simulated yet
        drawn = list(measured(drawn, arrivals or 8.0))
    with writing.unit() as session:
        process = writing.create("process", {"name": found.name, "kind": "as_is", "arrivals_per_day": arrivals, "owner": view.member.name}, who, session=session)
        for i, s in enumerate(drawn):
            values = {"process_id": process.id, "position": i + 1, "name": s.name, "role": s.role or None, "next_steps": list(s.follows), "work_minutes": round(s.work, 1), "wait_minutes": round(s.wait, 1),
                      "variation": round(s.spread, 2), "staff": s.staff, "value_added": s.value_added}  # fmt: skip
            writing.create("process_step", values, who, session=session)
        return process


def redesign(view: View, process: Any) -> Any:
    """A to-be version that begins as a copy of the present process, as one unit."""
    who = bench.actor(view)
    with writing.unit() as session:
        values = process.values() | {"name": f"{process.name} (to be)", "kind": "to_be", "as_is_id": process.id, "status": "draft"}
        made = writing.create("process", values, who, session=session)
        for part in records("process_step", process_id=process.id, session=session):
            writing.create("process_step", part.values() | {"process_id": made.id}, who, session=session)
        return made
