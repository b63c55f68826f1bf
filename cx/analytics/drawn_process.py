"""A process as people draw it, read as a model that can be simulated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cx.analytics.simulation import Model, Task, simulate
from cx.errors import MeasureError

NOBODY = "(nobody)"
_SHARE = re.compile(r"^(.*?)\s*[:=]\s*(\d+(?:[.,]\d+)?)\s*%?\s*$")


@dataclass(frozen=True)
class Step:
    """A drawn step: minutes of waiting before it and of work, spread of the work, people, what follows ("repair: 20%")."""

    name: str
    role: str = ""
    wait: float = 0.0
    work: float = 0.0
    spread: float = 1.0
    staff: int = 1
    follows: tuple[str, ...] = ()
    value_added: bool | None = None


def shares(follows: Sequence[str]) -> dict[str, float]:
    """What follows a step with its probability: those with a percentage take it, the others share the rest evenly.

    >>> shares(("repair: 20%", "pack"))
    {'repair': 0.2, 'pack': 0.8}
    """
    given: dict[str, float] = {}
    open_: list[str] = []
    for text in follows:
        found = _SHARE.match(text.strip())
        if found:
            given[found[1].strip()] = float(found[2].replace(",", ".")) / 100
        elif text.strip():
            open_.append(text.strip())
    total = sum(given.values())
    if total > 1 + 1e-9:
        raise MeasureError("the shares after a step add up to at most 100 %", f"found {100 * total:g} % in {', '.join(follows)}", "correct them")
    return given | {name: (1 - total) / len(open_) for name in open_}


def edges(steps: Sequence[Step]) -> dict[str, dict[str, float]]:
    """What follows each step; a step that says nothing goes on to the next in order, the last one ends."""
    found: dict[str, dict[str, float]] = {}
    for i, step in enumerate(steps):
        found[step.name] = shares(step.follows) if step.follows else ({steps[i + 1].name: 1.0} if i + 1 < len(steps) else {})
    return {name: {t: p for t, p in after.items() if t.casefold() not in ("end", "(end)")} for name, after in found.items()}


def model(steps: Sequence[Step], arrivals_per_day: float, *, hours_per_day: float = 8.0, staff: Mapping[str, int] | None = None) -> Model:
    """The steps as a simulation model, in working hours; the first step is where cases begin.

    A wait before a step becomes a stretch of its own in which nobody is busy, exponentially spread; queues for people
    come on top of it. A role has as many people as the largest `staff` of its steps, unless `staff` says otherwise.
    Raises MeasureError for what cannot be simulated.
    """
    if not steps:
        raise MeasureError("a process has at least one step", "found none", "draw it first")
    names = [step.name for step in steps]
    if len(set(names)) < len(names):
        raise MeasureError("every step has a name of its own", "two are called alike", "rename one")
    after = edges(steps)
    enter = {step.name: f"wait before {step.name}" if step.wait > 0 else step.name for step in steps}
    tasks = []
    for step in steps:
        if step.wait > 0:
            tasks.append(Task(enter[step.name], NOBODY, step.wait / 60, 1.0, {step.name: 1.0}, value_added=False))
        follows = {enter.get(name, name): share for name, share in after[step.name].items()}
        tasks.append(Task(step.name, step.role or step.name, step.work / 60, step.spread, follows, value_added=step.value_added))
    people: dict[str, int] = {}
    for step in steps:
        role = step.role or step.name
        people[role] = max(people.get(role, 1), step.staff)
    people |= {role: n for role, n in (staff or {}).items() if role in people}
    busiest = max(1000, int(100 * arrivals_per_day))
    return Model(tuple(tasks), {enter[names[0]]: 1.0}, arrivals_per_day / hours_per_day, people | {NOBODY: busiest}).checked()


def measured(steps: Sequence[Step], arrivals_per_day: float, *, busy: float = 0.85) -> tuple[Step, ...]:
    """Steps whose waits were measured in an event log, as they are to be drawn.

    A measured wait holds the queue for people already, and the simulation makes that queue again: left as it is, every
    case would wait twice. So each role gets as many people as keep it `busy` at most, the queues of these people are
    simulated without any other wait, and what they explain is taken off the waits, which never fall below 0. Raises
    MeasureError for what cannot be simulated.
    """
    bare = [replace(step, wait=0.0) for step in steps]
    needed = {role: max(1, math.ceil(share / busy - 1e-9)) for role, share in model([replace(s, staff=1) for s in bare], arrivals_per_day).load().items()}
    manned = [replace(step, staff=max(step.staff, needed[step.role or step.name])) for step in bare]
    queues = simulate(model(manned, arrivals_per_day), hours=400.0, replications=12).waits
    found = {name: 60 * (estimate.value or 0.0) for name, estimate in queues.items()}
    return tuple(replace(one, wait=max(step.wait - found.get(step.name, 0.0), 0.0)) for one, step in zip(manned, steps, strict=True))
