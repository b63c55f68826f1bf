"""Funnels: how many customers get from step to step of a journey, how fast, and who is still on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.attempts import Exclusion, Funnel, Names, attempts
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.furthest import follows, furthest
from cx.analytics.interval import proportion
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, groups, naive, plain
from cx.analytics.quantile import quantile_estimate, quantile_table
from cx.errors import MeasureError

ATTRIBUTIONS = ("first touch", "last touch")
NEEDS = {"interactions": ("customer_id", "event", "happened_at")}


def asked(options: Mapping[str, Any]) -> Funnel:
    """The funnel that a measure's options describe: `steps`, `window_days` (14), `order`, `exclude`, `unit`, `event`."""
    if not options.get("steps"):
        raise MeasureError("a funnel needs the events of its steps", "none were named", "choose the steps of the journey")
    return Funnel(
        tuple(options["steps"]), timedelta(days=options.get("window_days", 14)), options.get("order", "ordered"), tuple(options.get("exclude", ())),
        options.get("unit", "customer_id"), options.get("event", "event"), options.get("time", "happened_at"),
    )  # fmt: skip


def counted(table: ir.Table, funnel: Funnel, by: Names, scope: Scope) -> ir.Table:
    """One row per customer (and per period, where `by` names a grain): the attempt that counts.

    It is the attempt that got deepest, the earliest of those. `open`: not converted, and the window of the customer's
    last entry has not closed at `as_of` (else the end of the scope, else the last event of the table). A grain is that
    of the entry. A property has the value at the entry (first touch) or at the deepest step reached (last touch).
    """
    attribution = scope.options.get("attribution", ATTRIBUTIONS[0])
    if attribution not in ATTRIBUTIONS:
        raise MeasureError(f"attribution must be one of {', '.join(ATTRIBUTIONS)}", f"found {attribution!r}", "choose one of them")
    grains = tuple(name for name in by if name not in table.columns)
    properties = tuple(name for name in by if name in table.columns)
    found = attempts(table, funnel, scope.start, scope.end, scope.as_of, properties if attribution == ATTRIBUTIONS[0] else ())
    found = found.mutate(**groups(found, grains, "entry"))
    peers = [found[name] for name in (funnel.unit, *grains)]
    rank = ibis.row_number().over(ibis.window(group_by=peers, order_by=[found["depth"].desc(), found["entry"]]))
    found = found.mutate(_rank=rank, _last=found["entry"].max().over(ibis.window(group_by=peers)))
    best = found.filter(found["_rank"] == 0).drop("_rank")
    best = _opened(best, table, funnel, scope)
    return _touched(best, table, funnel, properties) if attribution == ATTRIBUTIONS[1] and properties else best


def _opened(best: ir.Table, table: ir.Table, funnel: Funnel, scope: Scope) -> ir.Table:
    """`best` with `open` in place of `_last`."""
    length = ibis.interval(seconds=funnel.window // timedelta(seconds=1))
    moment = scope.as_of or scope.end
    until = ibis.literal(naive(moment), "timestamp(6)") if moment is not None else _data_date(table, funnel)
    return best.mutate(open=(best["depth"] < len(funnel.steps)) & (best["_last"] + length > until)).drop("_last")


def _data_date(table: ir.Table, funnel: Funnel) -> ir.Value:
    return table.aggregate(_date=table[funnel.time].max().cast("timestamp(6)")).as_scalar()


def _deepest(table: ir.Table, funnel: Funnel, by: Names, scope: Scope, entry: bool = False) -> ir.Table:
    """`counted` for who needs no more than depth, open, the last moment and (with `entry`) the entry: by the shorter way where there is one."""
    last = by and scope.options.get("attribution", ATTRIBUTIONS[0]) != ATTRIBUTIONS[0]
    if follows(funnel) and not last and set(by) <= set(table.columns):
        best = furthest(table, funnel, scope.start, scope.end, scope.as_of, by, entry)
        return _opened(best, table, funnel, scope).rename({f"at_{len(funnel.steps)}": "at"})
    return counted(table, funnel, by, scope)


def _touched(best: ir.Table, table: ir.Table, funnel: Funnel, properties: Names) -> ir.Table:
    """`best` with the properties of the event at which the attempt went furthest."""
    n = len(funnel.steps)
    if funnel.order == "any":
        raise MeasureError("last touch needs an order of steps", "found any order", "choose first touch, or ordered or strict steps")
    reached = ibis.cases(*((best["depth"] == k, best[f"at_{k}"]) for k in range(2, n + 1)), else_=best["entry"])
    best = best.mutate(_at=reached)
    event = table[funnel.event]
    step = table.select(
        _who=table[funnel.unit], _when=table[funnel.time].cast("timestamp(6)"), _what=event, **{f"_p_{p}": table[p] for p in properties}
    ).filter(event.isin([name for kind in funnel.kinds for name in kind]))
    step = step.mutate(_step=ibis.cases(*((step["_what"].isin(kind), i + 1) for i, kind in enumerate(funnel.kinds)), else_=0).cast("int8"))
    step = step.group_by("_who", "_when", "_step").aggregate(**{p: step[f"_p_{p}"].max() for p in properties})
    kinds = [funnel.kinds.index(s) + 1 for s in funnel.steps]
    best = best.mutate(_kind=ibis.cases(*((best["depth"] == k, kinds[k - 1]) for k in range(1, n + 1)), else_=0).cast("int8"))
    joined = best.left_join(step, [best[funnel.unit] == step["_who"], best["_at"] == step["_when"], best["_kind"] == step["_step"]])
    return joined.select(*best.drop("_at", "_kind").columns, *properties)


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = tables["interactions"]
    funnel = asked(scope.options)
    n = len(funnel.steps)
    best = _deepest(table, funnel, by, scope)
    counts: dict[str, ir.Value] = {f"reached_{k}": (best["depth"] >= k).sum().fill_null(0) for k in range(1, n + 1)}
    counts |= {f"open_{k}": (best["open"] & (best["depth"] == k)).sum().fill_null(0) for k in range(1, n)}
    return best.group_by(*by).aggregate(**counts) if by else best.aggregate(**counts)


def _steps(row: Statistics) -> int:
    return sum(1 for name in row if name.startswith("reached_"))


def _left_out(waiting: float) -> str:
    return f"{int(waiting)} still within their window are left out" if waiting else ""


def _conversion(row: Statistics) -> Estimate:
    n = _steps(row)
    waiting = sum(row.get(f"open_{k}") or 0 for k in range(1, n))
    decided = (row.get("reached_1") or 0) - waiting
    if decided <= 0:
        return undefined("nobody entered" if not waiting else f"all {int(waiting)} who entered are still within their window", "%")
    found = proportion(row.get(f"reached_{n}") or 0, decided)
    return found.warned(_left_out(waiting)) if waiting else found


def step_conversion(row: Statistics, step: int) -> Estimate:
    """Share of those who reached `step` - 1 and are not waiting there who reached `step`, with Wilson's interval."""
    waiting = row.get(f"open_{step - 1}") or 0
    decided = (row.get(f"reached_{step - 1}") or 0) - waiting
    if decided <= 0:
        return undefined(f"nobody is decided between step {step - 1} and step {step}", "%")
    found = proportion(row.get(f"reached_{step}") or 0, decided)
    return found.warned(_left_out(waiting)) if waiting else found


def _step_statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    step = int(scope.options.get("step", 2))
    n = len(asked(scope.options).steps)
    if not 2 <= step <= n:
        raise MeasureError(f"the step must lie between 2 and {n}", f"found {step}", "choose the step that is to be reached")
    table = _statistics(tables, by, scope)
    return table.select(*by, before=table[f"reached_{step - 1}"], reached=table[f"reached_{step}"], waiting=table[f"open_{step - 1}"])


def _step_estimate(row: Statistics) -> Estimate:
    return step_conversion({"reached_1": row.get("before"), "reached_2": row.get("reached"), "open_1": row.get("waiting")}, 2)


def seconds_between(start: ir.Value, end: ir.Value) -> ir.Value:
    """Whole seconds from one moment to another, counted alike on every engine (fractions of a second are cut first)."""
    return end.truncate("s").delta(start.truncate("s"), unit="second").cast("float64")


def _time_statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    funnel = asked(scope.options)
    best = _deepest(tables["interactions"], funnel, by, scope, entry=True)
    n = len(funnel.steps)
    won = best.filter(best["depth"] == n)
    won = won.select(*by, seconds=seconds_between(won["entry"], won[f"at_{n}"]))
    return quantile_table(won, won["seconds"], by, None, 0.5)


JOURNEY_CONVERSION = Measure("journey_conversion", NEEDS, _statistics, _conversion)
STEP_CONVERSION = Measure("step_conversion", NEEDS, _step_statistics, _step_estimate)
TIME_TO_CONVERT = Measure("time_to_convert", NEEDS, _time_statistics, lambda row: quantile_estimate(row, 0.5, "hours", 1 / 3600, "customers who got there"))


def funnel(data: Any, steps: Sequence[str | Sequence[str]], *, window: timedelta = timedelta(days=14), order: str = "ordered",
           exclude: Sequence[str | Exclusion] = (), by: str | Names = (), attribution: str = "first touch", start: datetime | None = None,
           end: datetime | None = None, as_of: datetime | None = None, unit: str = "customer_id", event: str = "event",
           time: str = "happened_at") -> pd.DataFrame:  # fmt: skip
    """How many get how far: one row a step (and a group of `by`).

    `data`: one row an event, with the columns `unit`, `event`, `time` (pandas, Polars, Arrow or Ibis). The window is
    counted from the entry. Every entry may start an attempt; a customer counts once, at the deepest step of any. Who
    has entered, not converted, and could still do so at `as_of` is in progress. Columns: step, name, customers
    (reached it), share (% of who entered), conversion with low and high (% of who reached the step before and is
    decided, Wilson), in_progress (waiting here), lost (stopped here), median_hours and mean_hours from the entry (in
    any order only of the last step), complete (every window of the group has closed). `by`: columns, by `attribution`, or day, week,
    month, quarter, year of the entry: a trend. Raises MeasureError where a column is missing or the steps make no sense.

    >>> log = {"customer_id": ["a"] * 4 + ["b"] * 2, "event": ["see", "try", "ask", "buy", "see", "buy"],
    ...        "happened_at": [datetime(2025, 3, day) for day in (1, 2, 3, 4, 1, 2)]}
    >>> result = funnel(log, ["see", "try", "buy"], as_of=datetime(2025, 6, 1))
    >>> result[["name", "customers", "lost"]].values.tolist()
    [['see', 2, 1], ['try', 1, 0], ['buy', 1, 0]]
    """
    question = Funnel(tuple(steps), window, order, tuple(exclude), unit, event, time)  # type: ignore[arg-type]  # names are normalised inside
    names = (by,) if isinstance(by, str) else tuple(by)
    table = as_table(data, needs=(unit, event, time))
    scope = Scope(start=start, end=end, as_of=as_of, options={"attribution": attribution})
    best = counted(table, question, names, scope)
    n = len(question.steps)
    lasting = {k: seconds_between(best["entry"], best[f"at_{k}"]) for k in range(2, n + 1) if f"at_{k}" in best.columns}
    values: dict[str, ir.Value] = {f"reached_{k}": (best["depth"] >= k).sum().fill_null(0) for k in range(1, n + 1)}
    values |= {f"open_{k}": (best["open"] & (best["depth"] == k)).sum().fill_null(0) for k in range(1, n)}
    values |= {f"mean_{k}": seconds.mean() for k, seconds in lasting.items()} | {f"median_{k}": seconds.median() for k, seconds in lasting.items()}
    values["latest"] = best["entry"].max()
    found = (best.group_by(*names).aggregate(**values) if names else best.aggregate(**values)).to_pyarrow().to_pylist()
    moment = as_of or end
    until = naive(moment) if moment is not None else table[time].max().cast("timestamp(6)").to_pyarrow().as_py()
    records = [record for row in plain(found) for record in _records(row, question, names, until)]
    columns = [*names, "step", "name", "customers", "share", "conversion", "low", "high", "in_progress", "lost",
               "median_hours", "mean_hours", "complete"]  # fmt: skip
    frame = pd.DataFrame(records, columns=columns)
    return frame.sort_values([*names, "step"], ignore_index=True, na_position="last")


def _records(row: Statistics, question: Funnel, names: Names, until: datetime | None) -> list[dict[str, Any]]:
    """The rows of one group, a step each."""
    n = len(question.steps)
    entered = row["reached_1"]
    last = row["latest"]
    if last is not None and len(grains := [name for name in names if name in GRAINS]) == 1:
        last = max(last, pd.Timestamp(row[grains[0]]).to_period(GRAINS[grains[0]]).end_time.to_pydatetime(warn=False))
    complete = last is None or (until is not None and last + question.window <= until)
    records = []
    for k in range(1, n + 1):
        customers = row[f"reached_{k}"]
        waiting = row.get(f"open_{k}", 0)
        further = row[f"reached_{k + 1}"] if k < n else customers
        e = step_conversion(row, k) if k > 1 else undefined("the entry")
        hours = {f"{what}_hours": None if row.get(f"{what}_{k}") is None else row[f"{what}_{k}"] / 3600 for what in ("median", "mean")}
        records.append({name: row[name] for name in names} | {
            "step": k, "name": " or ".join(question.steps[k - 1]) if question.order != "any" else f"any {k} of {n}", "customers": customers,
            "share": 100 * customers / entered if entered else math.nan, "conversion": e.value, "low": e.low, "high": e.high,
            "in_progress": waiting, "lost": customers - further - waiting, **hours, "complete": complete,
        })  # fmt: skip
    return records


def stage_counts(counts: Mapping[str, int]) -> pd.DataFrame:
    """Counts per stage from elsewhere, as a funnel without customers: labelled "stage counts, not a cohort".

    Columns: step, name, customers, share (% of the first), conversion (% of the stage before; may exceed 100 because
    nobody is followed), note.

    >>> stage_counts({"visit": 200, "order": 20})["share"].tolist()
    [100.0, 10.0]
    """
    names, values = list(counts), list(counts.values())
    return pd.DataFrame({
        "step": range(1, len(names) + 1), "name": names, "customers": values,
        "share": [100 * v / values[0] if values[0] else None for v in values],
        "conversion": [None, *(100 * v / before if before else None for before, v in pairwise(values))] if values else [],
        "note": "stage counts, not a cohort",
    })  # fmt: skip
