"""Discrete-event simulation of a process, so that a redesign can be tried before it is made."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import simpy
from scipy import stats

from cx.analytics.estimate import Difference, Estimate
from cx.analytics.frame import as_table
from cx.analytics.interval import mean
from cx.analytics.process import flow, steps
from cx.errors import MeasureError

MOST_CASES = 200_000


@dataclass(frozen=True)
class Task:
    """A step: who does it, how long it takes in hours (mean, and spread as standard deviation / mean), what follows.

    `follows` maps the next step to its probability; what is missing to 1 ends the case. `delay` is a fixed wait in hours
    that no role is busy with (drying, shipping).
    """

    name: str
    role: str
    work: float
    spread: float = 1.0
    follows: Mapping[str, float] = field(default_factory=dict)
    delay: float = 0.0
    value_added: bool | None = None


@dataclass(frozen=True)
class Model:
    """`start`: the first step and its probability; `arrivals` cases an hour; `capacity`: how many of a role work at once."""

    tasks: tuple[Task, ...]
    start: Mapping[str, float]
    arrivals: float
    capacity: Mapping[str, int]

    def checked(self) -> Model:
        """This model, if it can run. Raises MeasureError saying what is wrong."""
        names = {task.name for task in self.tasks}
        loose = [n for t in self.tasks for n in t.follows if n not in names] + [n for n in self.start if n not in names]
        if loose:
            raise MeasureError("every step that follows must be in the process", f"{loose[0]!r} is not", "add it or remove the arrow to it")
        if not self.start or abs(sum(self.start.values()) - 1) > 1e-6 or any(sum(t.follows.values()) > 1 + 1e-6 for t in self.tasks):
            raise MeasureError("probabilities of first steps must add up to 1, those after a step to at most 1", "they do not", "correct them")
        if self.arrivals <= 0 or any(t.work < 0 or t.delay < 0 or t.spread < 0 for t in self.tasks):
            raise MeasureError("arrivals must be above 0 and times not below 0", "some are", "correct them")
        short = [t.role for t in self.tasks if self.capacity.get(t.role, 0) < 1]
        if short:
            raise MeasureError("every role needs a capacity of at least 1", f"{short[0]!r} has none", "set it")
        return self

    def visits(self) -> dict[str, float]:
        """Expected runs of each step a case: the solution of v = start + P' v. Raises MeasureError for a loop without exit."""
        names = [task.name for task in self.tasks]
        moves = np.array([[task.follows.get(name, 0.0) for name in names] for task in self.tasks])
        try:
            found = np.linalg.solve(np.eye(len(names)) - moves.T, np.array([self.start.get(name, 0.0) for name in names]))
        except np.linalg.LinAlgError:
            found = np.array([-1.0])
        if (found < -1e-9).any() or not np.isfinite(found).all() or found.max(initial=0) > 1e6:
            raise MeasureError("every case must be able to end", "the process has a loop without an exit", "let some cases leave it")
        return dict(zip(names, found.tolist(), strict=True))

    def load(self) -> dict[str, float]:
        """Expected utilisation of each role: arrivals x work a case / capacity. At 1 or above queues grow without end."""
        visits = self.visits()
        return {r: self.arrivals * sum(visits[t.name] * t.work for t in self.tasks if t.role == r) / c for r, c in self.capacity.items()}


@dataclass(frozen=True)
class Simulation:
    """Estimates over replications (95 % t intervals). `replications` holds the raw figures, a row a replication."""

    figures: Mapping[str, Estimate]
    waits: Mapping[str, Estimate]
    utilisation: Mapping[str, Estimate]
    replications: pd.DataFrame
    warnings: tuple[str, ...] = ()


def _stream(seed: int, replication: int, name: str) -> np.random.Generator:
    """A random stream of its own for each purpose, so that two models meet the same arrivals and the same luck."""
    return np.random.default_rng([seed, replication, zlib.crc32(name.encode())])


def _times(rng: np.random.Generator, average: float, spread: float) -> Iterator[float]:
    """Gamma-distributed times: spread 0 constant, 1 exponential."""
    while True:
        if average == 0 or spread == 0:
            yield from [average] * 512
        else:
            yield from rng.gamma(1 / spread**2, average * spread**2, 512).tolist()


def _once(model: Model, hours: float, warmup: float, seed: int, replication: int) -> dict[str, float]:
    world = simpy.Environment()
    roles = {name: simpy.Resource(world, capacity=int(n)) for name, n in model.capacity.items()}
    tasks = {task.name: task for task in model.tasks}
    work = {t.name: _times(_stream(seed, replication, f"work {t.name}"), t.work, t.spread) for t in model.tasks}
    luck = {name: _stream(seed, replication, f"next {name}") for name in ["", *tasks]}
    leads: list[float] = []
    waits: dict[str, list[float]] = {name: [] for name in tasks}
    busy = dict.fromkeys(roles, 0.0)
    added: list[float] = []

    def choose(source: str, options: Mapping[str, float]) -> str | None:
        draw = luck[source].random()
        for name, share in options.items():
            draw -= share
            if draw < 0:
                return name
        return None

    def case() -> Any:
        arrived, name, worth = world.now, choose("", model.start) or next(iter(model.start)), 0.0
        while name is not None:
            task = tasks[name]
            asked = world.now
            with roles[task.role].request() as turn:
                yield turn
                if arrived >= warmup:
                    waits[name].append(world.now - asked)
                length = next(work[name])
                busy[task.role] += max(min(world.now + length, hours) - max(world.now, warmup), 0.0)
                yield world.timeout(length)
            worth += length if task.value_added else 0.0
            if task.delay:
                yield world.timeout(task.delay)
            name = choose(name, task.follows)  # type: ignore[assignment]
        if arrived >= warmup:
            leads.append(world.now - arrived)
            added.append(worth)

    def arrivals() -> Any:
        gaps = _times(_stream(seed, replication, "arrivals"), 1 / model.arrivals, 1.0)
        while True:
            yield world.timeout(next(gaps))
            world.process(case())

    world.process(arrivals())
    world.run(until=hours)
    length = hours - warmup
    row: dict[str, Any] = {"lead_mean": np.mean(leads), "lead_median": np.median(leads), "lead_p90": np.quantile(leads, 0.9)} if leads else {}
    if leads and any(task.value_added is not None for task in model.tasks):
        row["cycle_efficiency"] = 100 * sum(added) / max(sum(leads), 1e-12)
    row |= {"throughput": len(leads) / length}
    row |= {f"wait {name}": np.mean(found) for name, found in waits.items() if found}
    return {k: float(v) for k, v in row.items()} | {f"use {name}": 100 * t / (length * model.capacity[name]) for name, t in busy.items()}


def simulate(model: Model, *, hours: float = 2000.0, warmup: float | None = None, replications: int = 20, seed: int = 1) -> Simulation:
    """Run a process `replications` times for `hours` and give its figures with 95 % intervals.

    Cases arrive at random (Poisson), queue first come first served for the role of each step, and are worked on for
    gamma-distributed times. Cases that arrive during `warmup` (default: a tenth) are not counted, as the process starts
    empty. Figures: lead_mean, lead_median, lead_p90 (hours), throughput (cases an hour), cycle_efficiency (percent,
    where steps say whether they add value); `waits` by step (hours); `utilisation` by role (percent). One hour is one
    hour of working time. Raises MeasureError for a model that cannot run.
    Source: Law, Simulation Modeling and Analysis, ch. 9 (replication/deletion).

    >>> line = Model((Task("serve", "clerk", 1.0),), {"serve": 1.0}, 0.5, {"clerk": 1})
    >>> found = simulate(line, hours=500, replications=3).figures["lead_mean"]
    >>> found.n
    3
    """
    model.checked()
    warmup = hours / 10 if warmup is None else warmup
    if not 0 <= warmup < hours or replications < 1:
        raise MeasureError(
            "expected a run longer than its warm-up and one replication or more", f"found {hours:g} and {warmup:g} hours", "correct them"
        )
    if model.arrivals * hours > MOST_CASES:
        raise MeasureError(f"expected at most {MOST_CASES} cases a replication", f"found {model.arrivals * hours:.0f}", "shorten the run")
    load = model.load()
    warnings = [f"{role} is asked for {100 * share:.0f} % of its capacity: its queue grows without end" for role, share in load.items() if share >= 1]
    table = pd.DataFrame([_once(model, hours, warmup, seed, i) for i in range(replications)])
    if "lead_mean" not in table:
        warnings.append("no case was finished: simulate more hours")
    units = {"throughput": "cases an hour", "cycle_efficiency": "%"}

    def estimate(column: str, unit: str) -> Estimate:
        x = table[column].dropna().to_numpy()
        centred = x - x[0] if len(x) else x
        found = mean(float(centred.sum()), float((centred**2).sum()), len(x), unit)
        shift = float(x[0]) if len(x) else 0.0
        moved = [None if v is None else v + shift for v in (found.value, found.low, found.high, found.center)]
        return Estimate(moved[0], moved[1], moved[2], found.n, unit, found.warning, moved[3], found.se, found.df)

    return Simulation(
        {c: estimate(c, units.get(c, "hours")) for c in table.columns if " " not in c},
        {c[5:]: estimate(c, "hours") for c in table.columns if c.startswith("wait ")},
        {c[4:]: estimate(c, "%") for c in table.columns if c.startswith("use ")},
        table, tuple(warnings),
    )  # fmt: skip


def change(before: Simulation, after: Simulation, figure: str = "lead_mean") -> Difference:
    """Difference of a figure between two simulations run with the same seed, paired by replication.

    Both meet the same arrivals (common random numbers), so the paired t interval is narrower than that of two runs.
    """
    gap = (after.replications[figure] - before.replications[figure]).dropna().to_numpy()
    found = mean(float(gap.sum()), float((gap**2).sum()), len(gap))
    if found.value is None or not found.se:
        return Difference(found.value, found.value, found.value, unit=before.figures[figure].unit)
    t = found.value / found.se
    return Difference(found.value, found.low, found.high, t, float(2 * stats.t.sf(abs(t), found.df)), before.figures[figure].unit)


def discovered(step_runs: Any, process: str | None = None, *, capacity: Mapping[str, int] | None = None, hours: float | None = None) -> Model:
    """The model of a process as its event log shows it: routing, work times, arrivals, and capacity.

    Routing = share of moves; a fall-out of under 0.5 % is kept. Work = mean and spread of the runs. Arrivals = cases /
    `hours` (default: from the first start to the last). Capacity of a role, where not given = the most runs at work at once
    by that role in the log. `step_runs` needs case_id, step, started_at, ended_at; role may be missing (each step its own).
    """
    table = as_table(step_runs, needs=("case_id", "step", "started_at", "ended_at"))
    if process is not None and "process" in table.columns:
        table = table.filter(table["process"] == process)
    table = table.filter(table["ended_at"].notnull())
    found, moves = steps(table), flow(table)
    if found.empty or found["process"].nunique() > 1:
        raise MeasureError("expected finished steps of one process", f"found {found['process'].nunique()} processes", "choose one")
    if "role" not in table.columns:
        table = table.mutate(role=table["step"])
    table = table.mutate(role=table["role"].fill_null("(nobody)"))
    runs: pd.DataFrame = table.select("step", "role", "case_id", "started_at", "ended_at").to_pandas()
    roles = {str(step): str(part["role"].mode().iloc[0]) for step, part in runs.groupby("step")}
    edges: dict[Any, dict[str, float]] = {name: dict(zip(part["target"], part["share"] / 100, strict=True)) for name, part in moves.groupby("source")}
    tasks = tuple(
        Task(
            row["step"], roles[row["step"]], float(row["work_mean"]), float(row["work_sd"] / row["work_mean"]) if row["work_mean"] > 0 and row["work_sd"] > 0 else 0.0,
            {k: float(v) for k, v in edges.get(row["step"], {}).items() if k != "(end)"},
        )
        for row in found.sort_values("place").to_dict("records")
    )  # fmt: skip
    starts = runs.groupby("case_id")["started_at"].min()
    span = hours if hours is not None else max((starts.max() - starts.min()).total_seconds() / 3600, 1.0)
    limits = dict(capacity or {})
    for role in {task.role for task in tasks} - set(limits):
        part = runs[runs["role"] == role]
        # an end and a start at the same moment do not overlap: ends (-1) sort before starts (+1)
        events = pd.concat([pd.DataFrame({"at": part["started_at"], "d": 1}), pd.DataFrame({"at": part["ended_at"], "d": -1})]).sort_values(
            ["at", "d"]
        )
        limits[role] = max(int(events["d"].cumsum().max()), 1)
    return Model(tasks, {k: float(v) for k, v in edges["(start)"].items()}, len(starts) / span, limits).checked()


def erlang_wait(arrivals: float, work: float, servers: int) -> float:
    """Mean wait in an M/M/c queue in hours, infinite where load >= servers; what `simulate` must agree with.

    W = C(c, a) / (c / work - arrivals), C Erlang's C formula. Source: Gross & Harris, Fundamentals of Queueing Theory.
    """
    load = arrivals * work
    if load >= servers:
        return math.inf
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last) / (servers / work - arrivals)
