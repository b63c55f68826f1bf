"""Deliveries: on time, late, sent back."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, naive


def _punctual(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["orders"], scope.options.get("time", "ordered_at"))
    delivered, promised = table["delivered_at"], table["promised_at"]
    late = delivered > promised
    decided = delivered.notnull() & promised.notnull()
    if scope.as_of is not None:
        now = ibis.literal(naive(scope.as_of), "timestamp(6)")
        late = late | (delivered.isnull() & (promised < now))
        decided = promised.notnull() & (delivered.notnull() | (promised < now))
    late, decided = late.fill_null(False), decided.fill_null(False)
    return grouped(
        table, by, "ordered_at", met=(decided & ~late).sum().fill_null(0), decided=decided.sum().fill_null(0),
        unpromised=promised.isnull().sum().fill_null(0),
    )  # fmt: skip


def _on_time(row: Statistics) -> Estimate:
    if not row.get("decided"):
        return undefined("no order with a promised date has been delivered or is overdue", "%")
    found = proportion(row.get("met") or 0, row["decided"])
    return found.warned(f"{row['unpromised']} lines without a promised date are left out") if row.get("unpromised") else found


def _returned(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["orders"], "ordered_at")
    return grouped(table, by, "ordered_at", back=table["returned"].sum().fill_null(0), known=table["returned"].notnull().sum().fill_null(0))


ON_TIME_DELIVERY = Measure("on_time_delivery", {"orders": ("ordered_at", "promised_at", "delivered_at")}, _punctual, _on_time)
SUPPLIER_ON_TIME = Measure("supplier_on_time", {"orders": ("ordered_at", "promised_at", "delivered_at", "supplier")}, lambda tables, by, scope: _punctual(
    {"orders": tables["orders"].filter(tables["orders"]["supplier"].notnull())}, by, scope), _on_time
)  # fmt: skip
RETURN_RATE = Measure(
    "return_rate", {"orders": ("ordered_at", "returned")}, _returned,
    lambda row: proportion(row.get("back") or 0, row["known"]) if row.get("known") else undefined("no order line says whether it was returned", "%"),
)  # fmt: skip


def on_time(orders: Any, by: str | tuple[str, ...] = (), *, as_of: Any = None) -> Any:
    """On-time delivery in percent: order lines delivered by the promised moment / lines decided, with Wilson's interval.

    Needs ordered_at, promised_at, delivered_at. Decided = delivered, and, where `as_of` is given, overdue at that
    moment as well; a line that is open and not yet due is neither. Lines without a promise are left out and counted.
    """
    return answer(ON_TIME_DELIVERY, {"orders": as_table(orders)}, by, Scope(as_of=as_of))


def return_rate(orders: Any, by: str | tuple[str, ...] = ()) -> Any:
    """Share of order lines that were sent back, of those known to be or not, in percent, with Wilson's interval.

    Needs ordered_at and returned; a line belongs to the period in which it was ordered.
    """
    return answer(RETURN_RATE, {"orders": as_table(orders, needs=RETURN_RATE.needs["orders"])}, by)
