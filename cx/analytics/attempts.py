"""Attempts at a funnel: every entry of every customer, how far it got and when it got there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.frame import checked
from cx.analytics.measure import naive
from cx.errors import MeasureError

ORDERS = ("ordered", "strict", "any")
Names = tuple[str, ...]


def _names(step: Any) -> Names:
    return (step,) if isinstance(step, str) else tuple(step)


@dataclass(frozen=True)
class Exclusion:
    """An event that ends an attempt standing between step `after` and step `before` (default: anywhere on the way)."""

    event: str | Names
    after: int = 1
    before: int | None = None


@dataclass(frozen=True)
class Funnel:
    """The question: which steps, in which `order`, within which `window` counted from the entry, by which `unit`.

    A step is an event or several of which any will do. ordered: other events may occur between two steps; strict: no
    other tracked event between them (tracked: the steps of the funnel and the excluded events in their range); any:
    the steps in any order, the entry being any of them. Simultaneous events may be taken in the order of the steps;
    one event never serves two steps. Raises MeasureError where the question makes no sense.
    """

    steps: tuple[Names, ...]
    window: timedelta = timedelta(days=14)
    order: str = "ordered"
    exclude: tuple[Exclusion, ...] = ()
    unit: str = "customer_id"
    event: str = "event"
    time: str = "happened_at"

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(_names(step) for step in self.steps))
        object.__setattr__(self, "exclude", tuple(x if isinstance(x, Exclusion) else Exclusion(x) for x in self.exclude))
        if len(self.steps) < 2 or not all(self.steps):
            raise MeasureError("a funnel needs two steps or more", f"found {len(self.steps)}", "name the events of each step")
        if self.order not in ORDERS:
            raise MeasureError(f"order must be one of {', '.join(ORDERS)}", f"found {self.order!r}", "choose one of them")
        if self.window <= timedelta(0) or self.window % timedelta(seconds=1):
            raise MeasureError("the conversion window must be some whole seconds or more", f"found {self.window}", "give it as a timedelta")
        for one in self.steps:
            for other in self.steps:
                if set(one) != set(other) and set(one) & set(other):
                    raise MeasureError("two steps must name the same events or share none", f"{one} and {other} overlap", "split them")
        for x in self.exclude:
            if set(_names(x.event)) & {name for step in self.steps for name in step}:
                raise MeasureError("an excluded event cannot be a step as well", f"found {x.event!r}", "remove it from one of the two")
            if not 1 <= x.after < self.until(x) <= len(self.steps):
                raise MeasureError("an exclusion lies between two steps", f"found {x.after} to {x.before}", "give after < before")
            if self.order == "any" and (x.after, self.until(x)) != (1, len(self.steps)):
                raise MeasureError("in any order an exclusion holds all the way", f"found {x.after} to {x.before}", "leave after and before out")

    def until(self, exclusion: Exclusion) -> int:
        """The step up to which an exclusion holds."""
        return len(self.steps) if exclusion.before is None else exclusion.before

    @property
    def kinds(self) -> tuple[Names, ...]:
        """The different steps: a funnel with a repeated step has fewer kinds than steps."""
        return tuple(dict.fromkeys(self.steps))


def attempts(table: ir.Table, funnel: Funnel, start: datetime | None = None, end: datetime | None = None,
             as_of: datetime | None = None, keep: Names = ()) -> ir.Table:  # fmt: skip
    """One row per entry: the unit, `entry`, `depth` (steps reached), `at_2` ... `at_n`, `excluded_*`, and `keep` at the entry.

    `start` (included) and `end` (excluded) bound the entries; later steps may follow after `end`, none after `as_of`.
    `at_k` is the earliest moment step k was reached, empty where the attempt did not get there within the window (in
    any order only `at_n`, the completion, is known). Runs as window functions over the step events, without a join:
    going from the last step to the first, each row learns when the rest of the funnel follows it at the earliest.
    """
    checked(table, (funnel.unit, funnel.event, funnel.time, *keep))
    rows = tracked(table, funnel, start, end, as_of, keep)
    if funnel.order == "strict":
        found = _strict(rows, funnel)
    elif funnel.order == "any":
        found = _any(rows, funnel)
    else:
        found = _ordered(rows, funnel, keep)
    if start is not None:
        found = found.filter(found["entry"] >= ibis.literal(naive(start), "timestamp(6)"))
    if end is not None:
        found = found.filter(found["entry"] < ibis.literal(naive(end), "timestamp(6)"))
    return _judged(found, funnel, keep)


def tracked(table: ir.Table, funnel: Funnel, start: datetime | None, end: datetime | None, as_of: datetime | None, keep: Names) -> ir.Table:
    """The step events as (unit, _t, _step), with `_x<i>`: the next time of exclusion i strictly after the row."""
    time = table[funnel.time]
    if time.type().is_timestamp() and time.type().timezone is not None:
        time = time.cast("timestamp(6)")
    excluded = tuple(name for x in funnel.exclude for name in _names(x.event))
    event = table[funnel.event]
    wanted = table.filter(event.isin([name for kind in funnel.kinds for name in kind] + list(excluded)), table[funnel.unit].notnull(), time.notnull())
    if start is not None:
        wanted = wanted.filter(time >= ibis.literal(naive(start), "timestamp(6)"))
    if end is not None:
        wanted = wanted.filter(time < ibis.literal(naive(end) + funnel.window + timedelta(microseconds=1), "timestamp(6)"))
    if as_of is not None:
        wanted = wanted.filter(time <= ibis.literal(naive(as_of), "timestamp(6)"))
    step = ibis.cases(*((event.isin(kind), ibis.literal(i + 1, "int8")) for i, kind in enumerate(funnel.kinds)), else_=ibis.literal(0, "int8"))
    marks = {f"_m{i}": event.isin(_names(x.event)) for i, x in enumerate(funnel.exclude)}
    rows = wanted.select(_unit=table[funnel.unit], _t=time, _step=step, **{f"_k_{name}": table[name] for name in keep}, **marks)
    if not funnel.exclude:
        return rows
    # An excluded event sorts before the steps of its own moment, so "later" leaves the simultaneous ones out.
    later = {f"_x{i}": rows[f"_m{i}"].ifelse(rows["_t"], None).min().over(_following(rows)) for i in range(len(funnel.exclude))}
    rows = rows.mutate(**later)
    return rows.filter(rows["_step"] > 0).drop(*marks)


def _following(rows: ir.Table, own: bool = False) -> Any:
    """The rows of the same unit after this one (with `own`: and this one), in the order of time and steps.

    Written as the rows before it in descending order: a running aggregate, which engines do in one pass.
    """
    order = [rows["_t"].desc(), rows["_step"].desc()]
    return ibis.window(group_by=rows["_unit"], order_by=order, preceding=None if own else (None, 1), following=0 if own else None)


def _ordered(rows: ir.Table, funnel: Funnel, keep: Names) -> ir.Table:
    n = len(funnel.steps)
    kind = [funnel.kinds.index(step) + 1 for step in funnel.steps]
    repeated = len(funnel.kinds) < n
    if repeated:
        rows = _moments(rows, funnel, keep)

    def present(step: int) -> ir.BooleanValue:
        return rows[f"_n{kind[step - 1]}"] > 0 if repeated else rows["_step"] == kind[step - 1]

    def fits(first: int, last: int) -> ir.BooleanValue:
        """Whether the events of this very moment serve the steps first ... last, each event one step."""
        if not repeated:
            return ibis.literal(first == last)
        needed = kind[first - 1 : last]
        return ibis.and_(*(rows[f"_n{k}"] >= needed.count(k) for k in dict.fromkeys(needed)))

    def arrival(done: int, target: int) -> ir.Value:
        """When `target` is reached from this row by someone who had `done` before and takes step done + 1 here."""
        choices = [(fits(done + 1, target), rows["_t"])]
        choices += [(fits(done + 1, m), rows[f"_v{m}_{target}"]) for m in range(target - 1, done, -1)]
        return choices[0][1] if target == done + 1 else ibis.cases(*choices, else_=None) if repeated else choices[-1][1]

    def barrier(done: int, i: int) -> ir.Value | None:
        """When exclusion i strikes next, for an attempt that takes step done + 1 at this row."""
        after = funnel.exclude[i].after
        choices = [(fits(done + 1, after), rows[f"_x{i}"])] if done < after else []
        choices += [(fits(done + 1, m), rows[f"_v{m}_x{i}"]) for m in range(after - 1, done, -1)]
        return ibis.cases(*choices, else_=None) if choices else None

    for done in range(n - 1, 0, -1):
        values: dict[str, ir.Value] = {f"_v{done}_{target}": arrival(done, target) for target in range(done + 1, n + 1)}
        for i in range(len(funnel.exclude)):
            if (strike := barrier(done, i)) is not None:
                values[f"_v{done}_x{i}"] = strike
        window = _following(rows)
        rows = rows.mutate(**{name: present(done + 1).ifelse(value, None).min().over(window) for name, value in values.items()})
    entries = rows.filter(present(1))
    rows = entries
    found = {f"_c{k}": arrival(0, k) for k in range(2, n + 1)}
    strikes = {f"_s{i}": barrier(0, i) for i in range(len(funnel.exclude))}
    return entries.select("_unit", *(f"_k_{name}" for name in keep), entry=entries["_t"], **found, **strikes)


def _moments(rows: ir.Table, funnel: Funnel, keep: Names) -> ir.Table:
    """One row per unit and moment with the number of events of each kind: what a repeated step is served from."""
    counts = {f"_n{i + 1}": (rows["_step"] == i + 1).sum() for i in range(len(funnel.kinds))}
    first = {f"_k_{name}": (rows["_step"] == 1).ifelse(rows[f"_k_{name}"], None).max() for name in keep}
    nexts = {f"_x{i}": rows[f"_x{i}"].min() for i in range(len(funnel.exclude))}
    grouped = rows.group_by("_unit", "_t").aggregate(**counts, **first, **nexts)
    return grouped.mutate(_step=ibis.literal(1, "int8"))


def _strict(rows: ir.Table, funnel: Funnel) -> ir.Table:
    n = len(funnel.steps)
    kind = [funnel.kinds.index(step) + 1 for step in funnel.steps]
    window = ibis.window(group_by=rows["_unit"], order_by=[rows["_t"], rows["_step"]])
    ahead = {f"_t{j}": rows["_t"].lead(j).over(window) for j in range(1, n)} | {f"_e{j}": rows["_step"].lead(j).over(window) for j in range(1, n)}
    ahead |= {f"_y{i}": rows[f"_x{i}"].lead(x.after - 1).over(window) for i, x in enumerate(funnel.exclude) if x.after > 1}
    rows = rows.mutate(**ahead)
    rows = rows.filter(rows["_step"] == kind[0])
    found: dict[str, ir.Value] = {}
    so_far: ir.BooleanValue = ibis.literal(True)
    for k in range(2, n + 1):
        so_far = so_far & (rows[f"_e{k - 1}"] == kind[k - 1])
        found[f"_c{k}"] = so_far.ifelse(rows[f"_t{k - 1}"], None)
    strikes = {f"_s{i}": rows[f"_y{i}" if x.after > 1 else f"_x{i}"] for i, x in enumerate(funnel.exclude)}
    return rows.rename(entry="_t").mutate(**found, **strikes)


def _any(rows: ir.Table, funnel: Funnel) -> ir.Table:
    needs = [(i + 1, m) for i, kind in enumerate(funnel.kinds) for m in range(1, funnel.steps.count(kind) + 1)]
    peers = ibis.window(group_by=[rows["_unit"], rows["_step"]], order_by=[rows["_t"]])
    rows = rows.mutate(**{f"_r{m}": rows["_t"].lead(m - 1).over(peers) for m in sorted({m for _, m in needs if m > 1})})
    window = _following(rows, own=True)
    times = {f"_a{k}_{m}": (rows["_step"] == k).ifelse(rows["_t"] if m == 1 else rows[f"_r{m}"], None).min().over(window) for k, m in needs}
    rows = rows.mutate(**times)
    strikes = {f"_s{i}": rows[f"_x{i}"] for i in range(len(funnel.exclude))}
    return rows.rename(entry="_t").mutate(**strikes)


def _judged(found: ir.Table, funnel: Funnel, keep: Names) -> ir.Table:
    """Window and exclusions applied: depth, and the time of each step reached."""
    n = len(funnel.steps)
    limit = found["entry"] + ibis.interval(seconds=funnel.window // timedelta(seconds=1))
    kept = {name: found[f"_k_{name}"] for name in keep}
    if funnel.order == "any":
        times = [found[name] for name in found.columns if name.startswith("_a")]
        ends = [found[f"_s{i}"] for i in range(len(funnel.exclude))]
        done = [ibis.and_(t.notnull(), t <= limit, *(end.isnull() | (t <= end) for end in ends)).fill_null(False) for t in times]
        full = ibis.and_(*done).ifelse(ibis.greatest(*times), None)
        depth = sum((d.ifelse(1, 0) for d in done[1:]), done[0].ifelse(1, 0))  # PostgreSQL casts no boolean to a number
        return found.select(found["_unit"].name(funnel.unit), entry="entry", depth=depth.cast("int8"), **{f"at_{n}": full}, **kept)
    reached: list[ir.BooleanValue] = []
    for k in range(2, n + 1):
        t = found[f"_c{k}"]
        open_ = [found[f"_s{i}"].isnull() | (t <= found[f"_s{i}"]) for i, x in enumerate(funnel.exclude) if x.after < k <= funnel.until(x)]
        reached.append(ibis.and_(*reached[-1:], t.notnull(), t <= limit, *open_).fill_null(False))
    depth = ibis.cases(*((reached[k - 2], k) for k in range(n, 1, -1)), else_=1).cast("int8")
    at = {f"at_{k}": reached[k - 2].ifelse(found[f"_c{k}"], None) for k in range(2, n + 1)}
    return found.select(found["_unit"].name(funnel.unit), entry="entry", depth=depth, **at, **kept)
