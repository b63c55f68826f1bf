"""Tickets that wait: how many were open at a moment or at the end of every period, and for how long."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.business_hours import epoch
from cx.analytics.estimate import Estimate
from cx.analytics.frame import as_table, moment
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, groups, naive
from cx.analytics.quantile import quantile_estimate, quantile_table
from cx.analytics.service import known_by
from cx.errors import MeasureError


def _dated(tables: Tables) -> ir.Table:
    table = tables["tickets"]
    table = table.mutate(created_at=moment(table, "created_at"), resolved_at=moment(table, "resolved_at"))
    return table.filter(table["created_at"].notnull())


def _when(table: ir.Table, scope: Scope) -> Any:
    at = scope.as_of if scope.end is None or (scope.as_of and scope.as_of < scope.end) else scope.end
    if at is not None:
        return ibis.literal(naive(at), "timestamp(6)")
    latest = table.aggregate(_c=table["created_at"].max(), _r=table["resolved_at"].max())
    return latest.select(_m=ibis.greatest(latest["_c"], latest["_r"].coalesce(latest["_c"]))).as_scalar()


def _open(tables: Tables, scope: Scope) -> ir.Table:
    table = _dated(tables)
    table = table.mutate(_at=_when(table, scope))
    return table.filter((table["created_at"] <= table["_at"]) & (table["resolved_at"].isnull() | (table["resolved_at"] > table["_at"])))


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    grains = [name for name in by if name in GRAINS and name not in tables["tickets"].columns]
    if not grains:
        table = _open(tables, scope)
        return grouped(table, by, None, open=table.count())
    if len(grains) > 1:
        raise MeasureError("the backlog takes one time grain", f"found {', '.join(grains)}", "choose one")
    table = _dated(tables)
    if scope.as_of is not None:
        table = table.filter(table["created_at"] <= ibis.literal(naive(scope.as_of), "timestamp(6)"))
    columns = [name for name in by if name not in grains]
    resolved = known_by(table["resolved_at"], scope)
    ends = ibis.ifelse(resolved < table["created_at"], table["created_at"], resolved)
    came = table.select(*columns, _at=table["created_at"].cast("timestamp(6)"), _change=ibis.literal(1, "int64"))
    went = table.select(*columns, _at=ends.cast("timestamp(6)"), _change=ibis.literal(-1, "int64"))
    events = came.union(went.filter(went["_at"].notnull()))
    moves = events.group_by(**groups(events, by, "_at")).aggregate(_change=events["_change"].sum())
    window = ibis.window(group_by=columns or None, order_by=[moves[grains[0]]], preceding=None, following=0)
    found = moves.mutate(open=moves["_change"].sum().over(window)).drop("_change")
    first = naive(scope.start) if scope.start else None
    kept = found if first is None else found.filter(found[grains[0]] >= ibis.literal(first, "timestamp(6)").truncate(GRAINS[grains[0]]))
    return kept if scope.end is None else kept.filter(kept[grains[0]] < ibis.literal(naive(scope.end), "timestamp(6)"))


def _estimate(row: Statistics) -> Estimate:
    n = int(row.get("open") or 0)
    return Estimate(float(n), float(n), float(n), n, "tickets")


BACKLOG = Measure("backlog", {"tickets": ("created_at", "resolved_at")}, _statistics, _estimate)


def backlog(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Tickets created and not resolved: at `as_of` or the end of the scope, or with a grain at the end of every period.

    A count of all there are, so its interval is the number itself. A period in which nothing was created or resolved
    has no row: its backlog is that of the period before. Only the last resolution is known, so a ticket reopened since
    counts as open throughout.

    >>> from datetime import datetime
    >>> created = [datetime(2026, 1, 5), datetime(2026, 1, 9), datetime(2026, 2, 2)]
    >>> backlog({"created_at": created, "resolved_at": [datetime(2026, 2, 3), None, None]}, "month")["value"].tolist()
    [2.0, 2.0]
    """
    return answer(BACKLOG, {"tickets": as_table(tickets, needs=("created_at", "resolved_at"))}, by, scope)


def _ages(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _open(tables, scope)
    seconds = epoch(table["_at"]) - epoch(table["created_at"])
    return quantile_table(table, seconds.cast("float64") / 86_400, by, "created_at", 0.5)


BACKLOG_AGE = Measure(
    "backlog_age", {"tickets": ("created_at", "resolved_at")}, _ages, lambda row: quantile_estimate(row, 0.5, "days", what="open tickets")
)


def backlog_age(tickets: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Median age in calendar days of the tickets open at `as_of` (see `backlog`), with the interval of order statistics.

    >>> from datetime import datetime
    >>> data = {"created_at": [datetime(2026, 1, 5), datetime(2026, 1, 9)], "resolved_at": [None, None]}
    >>> backlog_age(data, scope=Scope(as_of=datetime(2026, 1, 10))).value
    3.0
    """
    return answer(BACKLOG_AGE, {"tickets": as_table(tickets, needs=("created_at", "resolved_at"))}, by, scope)
