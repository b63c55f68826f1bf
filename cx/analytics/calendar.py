"""Periods as a table: the months, weeks … that a scope covers, as values the engine can join rows to."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.measure import GRAINS, Scope, naive
from cx.errors import MeasureError

Period = tuple[datetime, datetime, datetime, bool]


def spans(scope: Scope, by: tuple[str, ...], columns: tuple[str, ...] = ()) -> tuple[str | None, list[Period]]:
    """The grain in `by`, and each period as (label, start, end, complete); without a grain the whole scope as one.

    A period is cut to the scope, and ends at `as_of` where that comes first; one that was cut is not complete.
    Raises MeasureError where the scope has no start or end, or `by` names two grains.
    """
    if scope.start is None or (scope.end is None and scope.as_of is None):
        raise MeasureError("this measure needs a period", "the start or the end is open", "choose a period")
    start = naive(scope.start)
    until = min(naive(moment) for moment in (scope.end, scope.as_of) if moment is not None)
    end = naive(scope.end) if scope.end is not None else until
    grains = [name for name in by if name in GRAINS and name not in columns]
    if len(grains) > 1:
        raise MeasureError("one measure has one calendar", f"found {' and '.join(grains)}", "choose one of them")
    if not grains:
        return None, [(start, start, until, until == end)] if start < until else []
    out: list[Period] = []
    period = pd.Timestamp(start).to_period(GRAINS[grains[0]])
    while (label := period.start_time.to_pydatetime()) < until:
        close = (period + 1).start_time.to_pydatetime()
        out.append((label, max(label, start), min(close, until), label >= start and close <= until))
        period += 1
    return grains[0], out


def calendar(scope: Scope, by: tuple[str, ...], columns: tuple[str, ...] = ()) -> tuple[str | None, ir.Table]:
    """`spans` as an Ibis table of literals: _label, _start, _end, _complete (one row a period, one row without a grain)."""
    grain, periods = spans(scope, by, columns)
    if not periods:  # a scope that ends before it starts covers nothing, and an empty array has no type
        periods = [(naive(scope.start or datetime.min),) * 3 + (False,)]
    label = ibis.array([ibis.literal(p[0], "timestamp(6)") for p in periods]).unnest().name("_label").as_table()

    def look(i: int, kind: str) -> ir.Value:
        return ibis.cases(*((label["_label"] == ibis.literal(p[0], "timestamp(6)"), ibis.literal(p[i], kind)) for p in periods), else_=None)

    return grain, label.mutate(_start=look(1, "timestamp(6)"), _end=look(2, "timestamp(6)"), _complete=look(3, "boolean"))


def crossed(table: ir.Table, by: tuple[str, ...], scope: Scope) -> tuple[ir.Table, dict[str, ir.Value]]:
    """Every row of `table` in every period, and the columns to group by, the grain among them."""
    grain, periods = calendar(scope, by, tuple(table.columns))
    for name in by:
        if name != grain and name not in table.columns:
            raise MeasureError(f"cannot break down by {name!r}", f"columns are {', '.join(table.columns)}", f"choose one of them or of {', '.join(GRAINS)}")
    rows = table.cross_join(periods)
    return rows, {name: rows["_label"] if name == grain else rows[name] for name in by}
