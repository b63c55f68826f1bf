"""Customers who leave: logo churn by two named formulas, and who joined and left in between."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.calendar import crossed
from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.interval import proportion, rate
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, groups, naive
from cx.errors import MeasureError

NEEDS = {"customers": ("customer_id", "joined_at", "left_at")}
FORMULAS = ("start base", "daily sum")
PARTIAL = "the period is not over or only partly covered"


def yearly(monthly: float) -> float:
    """The yearly churn that a monthly one amounts to, both in percent: 100 (1 - (1 - m / 100)^12).

    >>> round(yearly(5), 2)
    45.96
    """
    return 100 * (1 - (1 - monthly / 100) ** 12)


def _known(tables: Tables) -> ir.Table:
    """Customers with a joining date who did not leave before it."""
    table = tables["customers"]
    return table.filter(table["joined_at"].notnull(), table["left_at"].isnull() | (table["left_at"] >= table["joined_at"]))


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    rows, keys = crossed(_known(tables), by, scope)
    joined, left, start, end = rows["joined_at"], rows["left_at"], rows["_start"], rows["_end"]
    base = (joined < start) & (left.isnull() | (left >= start))
    gone = (left >= start) & (left < end)
    values = {
        "base": base.sum().fill_null(0), "lost": (base & gone).fill_null(False).sum().fill_null(0),
        "joined": ((joined >= start) & (joined < end)).sum().fill_null(0),
        "between": ((joined >= start) & gone).fill_null(False).sum().fill_null(0), "complete": rows["_complete"].all(),
    }  # fmt: skip
    return rows.group_by(**keys).aggregate(**values) if by else rows.aggregate(**values)


def _flagged(found: Estimate, row: Statistics) -> Estimate:
    if found.value is not None and row.get("between"):
        found = found.warned(f"{int(row['between'])} joined and left within the period and are in neither number")
    return found.warned(PARTIAL) if found.value is not None and row.get("complete") is False else found


def _estimate(row: Statistics) -> Estimate:
    base = row.get("base") or 0
    return _flagged(proportion(row.get("lost") or 0, base), row) if base else undefined("no customers at the start of the period", "%")


def _lost(row: Statistics) -> Estimate:
    return _flagged(rate(row.get("lost") or 0, 1, "customers"), row)


def _daily(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Days on which somebody left, with the customers active as the day began: everything the daily sum needs."""
    table = _known(tables)
    if scope.start is None or (scope.end is None and scope.as_of is None):
        raise MeasureError("this measure needs a period", "the start or the end is open", "choose a period")
    columns = tuple(name for name in by if name in table.columns)
    grains = tuple(name for name in by if name not in columns)
    one, zero = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    joined = table.select(*columns, _day=table["joined_at"].truncate("D"), _in=one, _out=zero, _lost=zero)
    gone = table.filter(table["left_at"].notnull())
    day = gone["left_at"].truncate("D")
    gone = gone.select(*columns, _day=day, _in=zero, _out=one, _lost=(gone["joined_at"] < day).ifelse(one, zero))
    days = ibis.union(joined, gone).group_by(*columns, "_day").aggregate(
        _in=lambda t: t["_in"].sum(), _out=lambda t: t["_out"].sum(), _lost=lambda t: t["_lost"].sum()
    )  # fmt: skip
    window = ibis.window(group_by=[days[name] for name in columns], order_by=days["_day"], preceding=(None, 1))
    days = days.mutate(_active=(days["_in"] - days["_out"]).sum().over(window).fill_null(0).cast("float64"))
    until = min(naive(moment) for moment in (scope.end, scope.as_of) if moment is not None)
    days = days.filter(days["_day"] >= ibis.literal(naive(scope.start), "timestamp(6)"), days["_day"] < ibis.literal(until, "timestamp(6)"))
    lost, active = days["_lost"].cast("float64"), days["_active"]
    counted = active > 0
    values = {
        "share": counted.ifelse(lost / active.nullif(0), 0.0).sum(), "variance": counted.ifelse(lost * (active - lost) / (active**3).nullif(0), 0.0).sum(),
        "lost": lost.sum(), "days": days.count(),
    }  # fmt: skip
    return days.group_by(**groups(days, columns, None) | groups(days, grains, "_day")).aggregate(**values) if by else days.aggregate(**values)


def _daily_estimate(row: Statistics) -> Estimate:
    """Normal interval from the binomial variance of each day's share, lost (active - lost) / active^3, summed."""
    if not row.get("days"):
        return undefined("nobody joined or left in the period", "%")
    value, se = 100 * row["share"], 100 * math.sqrt(max(row["variance"], 0.0))
    return Estimate(value, max(value - Z95 * se, 0.0), value + Z95 * se, int(row["lost"] or 0), "%", "sum of daily shares", value, se)


LOGO_CHURN = Measure("logo_churn", NEEDS, _statistics, _estimate)
LOGO_CHURN_DAILY = Measure("logo_churn_daily", NEEDS, _daily, _daily_estimate)
CHURNED_CUSTOMERS = Measure("churned_customers", NEEDS, _statistics, _lost)


def logo_churn(data: Any, start: datetime, end: datetime, by: str | tuple[str, ...] = (), *, formula: str = "start base", as_of: datetime | None = None) -> Any:
    """Share of customers who left in the period from `start` (included) to `end` (excluded).

    start base: customers at the start who left / customers at the start; who joined in the period is in neither.
    daily sum: over the days of the period, customers active as the day begins who leave on it / customers active as
    the day begins, added up. `data`: customer_id, joined_at, left_at (empty while active), one row a customer; those
    without a joining date are left out. `by`: columns, or day ... year, each period with its own base. Returns an Estimate in percent
    (Wilson's interval; a normal one for the daily sum), or with `by` a DataFrame. Raises MeasureError where a column
    is missing or the formula has another name.

    >>> data = {"customer_id": list("abcd"), "joined_at": [datetime(2025, 1, 1)] * 4,
    ...         "left_at": [datetime(2025, 2, 10), None, None, None]}
    >>> logo_churn(data, datetime(2025, 2, 1), datetime(2025, 3, 1)).value
    25.0
    """
    if formula not in FORMULAS:
        raise MeasureError(f"the formula must be one of {', '.join(FORMULAS)}", f"found {formula!r}", "choose one of them")
    measure = LOGO_CHURN if formula == FORMULAS[0] else LOGO_CHURN_DAILY
    table = as_table(data, needs=NEEDS["customers"])
    return answer(measure, {"customers": moments(table, "joined_at", "left_at")}, by, Scope(start, end, as_of))


def moments(table: ir.Table, *names: str) -> ir.Table:
    """`table` with the columns as moments: naive in UTC; a column of nothing but missing values is allowed."""
    return table.mutate(**{name: table[name].cast("timestamp(6)") for name in names if name in table.columns})
