"""How long customers wait: first response and resolution, as median and ninetieth percentile."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.business_hours import BusinessHours, opened
from cx.analytics.estimate import Estimate
from cx.analytics.frame import as_table, checked, moment, text
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, naive
from cx.analytics.quantile import quantile_estimate, quantile_table

UNIT = "h"
RESPONSE = ("created_at", "first_response_at")
RESOLUTION = ("created_at", "resolved_at")


def known_by(moment: ir.TimestampValue, scope: Scope) -> ir.TimestampValue:
    """A moment as it was known at `as_of`: what happened later had not happened yet."""
    if scope.as_of is None:
        return moment
    return ibis.ifelse(moment <= ibis.literal(naive(scope.as_of), "timestamp(6)"), moment, ibis.null("timestamp(6)"))


def waited(table: ir.Table, end: str, scope: Scope, name: str = "_minutes") -> ir.Table:
    """`table` with the minutes from `created_at` to `end` on the clock of the scope; null where it has not happened.

    Options: `hours` (BusinessHours, else the calendar counts) and `pauses`. `paused_minutes` is taken off resolution
    times: where hours are given it is first scaled by the open share of the stretch, because help desks report it in
    calendar minutes; with `pauses="business"` it is taken off as it is, with `pauses=None` not at all.
    Where the end lies before the start the row counts as missing.
    """
    hours: BusinessHours | None = scope.options.get("hours")
    pauses = scope.options.get("pauses", "calendar")
    original = table.columns
    table = table.mutate(created_at=moment(table, "created_at"), _finish=known_by(moment(table, end), scope))
    table = opened(table, table["created_at"], "_from", hours)
    table = opened(table, table["_finish"], "_to", hours)
    spent = (table["_to"] - table["_from"]).cast("float64") / 60
    if end == "resolved_at" and pauses and "paused_minutes" in original:
        paused = table["paused_minutes"].cast("float64").fill_null(0.0)
        if hours is not None and pauses == "calendar":
            clock = (table["_finish"].truncate("s").epoch_seconds() - table["created_at"].truncate("s").epoch_seconds()).cast("float64") / 60
            paused = ibis.ifelse(clock > 0, paused * spent / clock, 0.0)
        spent = ibis.ifelse(spent > 0, ibis.greatest(spent - paused, 0.0), spent)
    forward = table["_finish"] >= table["created_at"]
    return table.mutate(**{name: ibis.ifelse(forward, spent, ibis.null("float64"))}).select(*original, name)


def _quantile(end: str, dated: str, q: float, name: str) -> Measure:
    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        time = scope.options.get("time", dated)
        table = checked(scope.during(checked(tables["tickets"], (time,)), time), ("created_at", end))
        kind = scope.options.get("kind")
        if kind:
            table = table.filter(text(checked(table, ("kind",)), "kind").lower() == str(kind).lower())
        wanted = tuple(dict.fromkeys([*(n for n in by if n in table.columns), time, "created_at", end, "paused_minutes"]))
        table = waited(table.select(*(n for n in wanted if n in table.columns)), end, scope)
        return quantile_table(table, table["_minutes"], by, time, q)

    def estimate(row: Statistics) -> Estimate:
        found = quantile_estimate(row, q, UNIT, 1 / 60, "tickets")
        missing = int(row.get("missing") or 0)
        waiting = "without a first response" if end == "first_response_at" else "not resolved"
        return found.warned(f"{missing} tickets {waiting} are not in it") if missing else found

    return Measure(name, {"tickets": ("created_at", end)}, statistics, estimate)


FIRST_RESPONSE_MEDIAN = _quantile("first_response_at", "created_at", 0.5, "first_response_median")
FIRST_RESPONSE_P90 = _quantile("first_response_at", "created_at", 0.9, "first_response_p90")
RESOLUTION_MEDIAN = _quantile("resolved_at", "resolved_at", 0.5, "resolution_median")
RESOLUTION_P90 = _quantile("resolved_at", "resolved_at", 0.9, "resolution_p90")


def first_response(tickets: Any, by: str | tuple[str, ...] = (), *, q: float = 0.5, hours: BusinessHours | None = None, scope: Scope | None = None) -> Any:
    """Hours from a ticket's creation to the first public reply by a person: the q-quantile of those created in the scope.

    `tickets`: a table with created_at and first_response_at (UTC). `hours` counts open time only. The interval is that
    of order statistics, free of any distribution. Tickets without a reply are counted in the warning. Returns an
    Estimate in hours, or with `by` a DataFrame. Raises MeasureError where a column is missing.

    >>> from datetime import datetime
    >>> start = datetime(2026, 3, 2, 9)
    >>> data = {"created_at": [start] * 3, "first_response_at": [datetime(2026, 3, 2, h) for h in (10, 11, 19)]}
    >>> first_response(data).value
    2.0
    """
    return _ask(tickets, by, _quantile(*(RESPONSE[::-1]), q, "first response"), hours, scope)


def resolution(tickets: Any, by: str | tuple[str, ...] = (), *, q: float = 0.5, hours: BusinessHours | None = None, scope: Scope | None = None) -> Any:
    """Hours from creation to the last resolution, without what was spent waiting for the customer (`paused_minutes`).

    The q-quantile of tickets *resolved* in the scope; see `first_response` for the rest.

    >>> from datetime import datetime
    >>> data = {"created_at": [datetime(2026, 3, 2, 9)], "resolved_at": [datetime(2026, 3, 2, 15)], "paused_minutes": [60.0]}
    >>> resolution(data).value
    5.0
    """
    return _ask(tickets, by, _quantile("resolved_at", "resolved_at", q, "resolution"), hours, scope)


def _ask(tickets: Any, by: str | tuple[str, ...], measure: Measure, hours: BusinessHours | None, scope: Scope | None) -> Any:
    given = scope or Scope()
    options = {**given.options, "hours": hours} if hours is not None else given.options
    asked = Scope(given.start, given.end, given.as_of, given.once, given.repeats, options)
    return answer(measure, {"tickets": as_table(tickets, needs=measure.needs["tickets"])}, by, asked)
