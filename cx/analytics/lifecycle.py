"""Where customers without a contract stand: new, returning, resurrected, dormant; who has gone quiet; who buys again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.calendar import crossed
from cx.analytics.cohort import elapsed
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, numeric
from cx.analytics.interval import mean, proportion, rate
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, groups, naive
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.retention import PARTIAL, moments
from cx.errors import MeasureError

NEEDS = {"orders": ("customer_id", "order_id", "ordered_at")}


def _active(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["interactions"], "happened_at")
    return grouped(table, by, "happened_at", active=table["customer_id"].nunique())


def _repeat(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["orders"], "ordered_at")
    table = table.filter(table["customer_id"].notnull())
    keys = groups(table, by, "ordered_at")
    each = table.group_by("customer_id", **{f"_{name}": value for name, value in keys.items()}).aggregate(_orders=table["order_id"].nunique())
    values = {"again": (each["_orders"] >= 2).sum().fill_null(0), "buyers": each.count()}
    return each.group_by(**{name: each[f"_{name}"] for name in by}).aggregate(**values) if by else each.aggregate(**values)


def _again(row: Statistics) -> Estimate:
    return proportion(row.get("again") or 0, row["buyers"]) if row.get("buyers") else undefined("nobody bought", "%")


def _basket(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Lines are added up to orders first; an order dates from its first line."""
    table = scope.during(tables["orders"], "ordered_at")
    columns = tuple(name for name in by if name in table.columns and name != "currency")
    amount = numeric(table, "amount_minor")
    known = table.filter(table["order_id"].notnull(), amount.notnull())
    each = known.group_by("order_id", *columns, "currency").aggregate(_v=numeric(known, "amount_minor").sum(), _t=known["ordered_at"].min())
    values = {"n": each.count(), "total": each["_v"].sum(), "squares": (each["_v"] * each["_v"]).sum()} | currencies(each, each["_v"].notnull())
    return grouped(each, by, "_t", **values)


def _basket_mean(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    if refused := mixed(row, code):
        return refused
    return mean(row["total"] / minor, row["squares"] / minor**2, row["n"], code) if row.get("n") else undefined("no orders", code)


def _quiet(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Of those who bought in the N days before the period, who had not bought in the last N days as it ended."""
    days = scope.options.get("days", 90)
    if not isinstance(days, int) or days < 1:
        raise MeasureError("inactivity is a number of days of 1 or more", f"found {days!r}", "choose after how many days a customer counts as gone")
    table = tables["orders"]
    rows, keys = crossed(table.filter(table["customer_id"].notnull(), table["ordered_at"].notnull()), by, scope)
    span = ibis.interval(days=days)
    at, start, end = rows["ordered_at"], rows["_start"], rows["_end"]
    before = (at < start) & (at >= start - span)
    after = (at < end) & (at >= end - span)
    rows = rows.filter(before | after)
    names = {f"_{name}": value for name, value in keys.items()}
    each = rows.group_by("customer_id", **names).aggregate(_before=before.any(), _after=after.any(), _complete=rows["_complete"].all())
    values = {
        "base": each["_before"].sum().fill_null(0), "quiet": (each["_before"] & ~each["_after"]).sum().fill_null(0),
        "complete": each["_complete"].all(), "days": ibis.literal(days),
    }  # fmt: skip
    literal = values.pop("days")
    found = each.group_by(**{name: each[f"_{name}"] for name in by}).aggregate(**values) if by else each.aggregate(**values)
    return found.mutate(days=literal)


def _inactive(row: Statistics) -> Estimate:
    days = row.get("days")
    if not row.get("base"):
        return undefined(f"nobody bought in the {days} days before the period", "%")
    found = proportion(row["quiet"], row["base"]).warned(f"gone means no purchase for {days} days")
    return found.warned(PARTIAL) if row.get("complete") is False else found


ACTIVE_CUSTOMERS = Measure("active_customers", {"interactions": ("customer_id", "happened_at")}, _active,
                           lambda row: rate(row.get("active") or 0, 1, "customers"))  # fmt: skip
REPEAT_PURCHASE_RATE = Measure("repeat_purchase_rate", NEEDS, _repeat, _again)
AVERAGE_ORDER_VALUE = Measure("average_order_value", {"orders": ("order_id", "ordered_at", "amount_minor", "currency")}, _basket, _basket_mean)
INACTIVITY_CHURN = Measure("inactivity_churn", NEEDS, _quiet, _inactive)


def inactivity_churn(data: Any, start: datetime, end: datetime, days: int = 90, by: str | tuple[str, ...] = ()) -> Any:
    """Non-contractual churn: of the customers who bought in the `days` before `start`, the share with no purchase in the
    last `days` before `end`.

    `data`: customer_id, order_id, ordered_at. `by`: columns, or day ... year. Returns an Estimate in percent (Wilson)
    that names the days, or with `by` a DataFrame. Raises MeasureError where a column is missing or days is below 1.

    >>> data = {"customer_id": ["a", "b"], "order_id": ["1", "2"], "ordered_at": [datetime(2025, 1, 20), datetime(2025, 1, 30)]}
    >>> inactivity_churn(data, datetime(2025, 2, 1), datetime(2025, 3, 1), days=30).value
    50.0
    """
    table = moments(as_table(data, needs=NEEDS["orders"]), "ordered_at")
    return answer(INACTIVITY_CHURN, {"orders": table}, by, Scope(start, end, options={"days": days}))


def active_customers(interactions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """How many different customers did anything in the scope, with the exact Poisson interval of a count.

    Needs customer_id and happened_at. Over several periods customers are not added up: who is active in two counts in both.
    """
    return answer(ACTIVE_CUSTOMERS, {"interactions": as_table(interactions, needs=("customer_id", "happened_at"))}, by, scope)


def repeat_purchase_rate(orders: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the customers who bought in the scope that placed two orders or more in it; Wilson's interval.

    >>> moment = datetime(2026, 1, 1)
    >>> repeat_purchase_rate({"customer_id": ["a", "a", "b"], "order_id": ["1", "2", "3"], "ordered_at": [moment] * 3}).value
    50.0
    """
    return answer(REPEAT_PURCHASE_RATE, {"orders": as_table(orders, needs=NEEDS["orders"])}, by, scope)


def average_order_value(orders: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean amount of an order in major units, its lines added up first; Student's t interval. Currencies are never mixed."""
    return answer(AVERAGE_ORDER_VALUE, {"orders": as_table(orders, needs=AVERAGE_ORDER_VALUE.needs["orders"])}, by, scope)


def lifecycle(data: Any, as_of: datetime, grain: str = "month", *, time: str = "ordered_at", unit: str = "customer_id") -> pd.DataFrame:
    """New, returning, resurrected and dormant customers per period, from any log of what customers did.

    new: active for the first time; returning: active in the period before as well; resurrected: active again after a
    pause; dormant: active in the period before and not in this one. active = new + returning + resurrected, and
    dormant = active of the period before - returning. Columns: period, the four, active, complete (False where `as_of`
    falls into the period). Every period from the first to `as_of` is there. Raises MeasureError where a column is missing.

    >>> data = {"customer_id": ["a", "b", "a", "a"], "ordered_at": [datetime(2025, m, 9) for m in (1, 1, 2, 4)]}
    >>> lifecycle(data, datetime(2025, 5, 1))[["new", "returning", "resurrected", "dormant"]].values.tolist()
    [[2, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0]]
    """
    if grain not in GRAINS:
        raise MeasureError(f"the grain must be one of {', '.join(GRAINS)}", f"found {grain!r}", "choose one of them")
    table = moments(as_table(data, needs=(unit, time)), time)
    return filled(states(table, as_of, grain, time, unit).to_pandas(), as_of, grain)


def states(table: ir.Table, as_of: datetime, grain: str, time: str = "ordered_at", unit: str = "customer_id") -> ir.Table:
    """One row a period: new, returning and resurrected customers. Runs in the engine."""
    known = table.filter(table[unit].notnull(), table[time] < ibis.literal(naive(as_of), "timestamp(6)"))
    active = known.select(unit=known[unit], period=known[time].truncate(GRAINS[grain])).distinct()
    window = ibis.window(group_by=active["unit"], order_by=active["period"])
    active = active.mutate(last=active["period"].lag().over(window))
    gap = elapsed(active["last"], active["period"], grain)
    return active.group_by("period").aggregate(
        new=active["last"].isnull().sum(), returning=(gap == 1).fill_null(False).sum(), resurrected=(gap > 1).fill_null(False).sum()
    )


def filled(frame: pd.DataFrame, as_of: datetime, grain: str) -> pd.DataFrame:
    """What `states` found, as `lifecycle` returns it: every period up to `as_of`, the dormant beside it."""
    columns = ["period", "new", "returning", "resurrected", "dormant", "active", "complete"]
    if frame.empty:
        return pd.DataFrame(columns=columns)
    last = pd.Timestamp(naive(as_of) - timedelta(microseconds=1)).to_period(GRAINS[grain])
    every = pd.period_range(pd.Timestamp(frame["period"].min()).to_period(GRAINS[grain]), last, freq=GRAINS[grain])
    frame = frame.set_index("period").reindex(every.to_timestamp(how="start"), fill_value=0).astype("int64").rename_axis("period").reset_index()
    frame["active"] = frame["new"] + frame["returning"] + frame["resurrected"]
    frame["dormant"] = frame["active"].shift(fill_value=0) - frame["returning"]
    frame["complete"] = [(p + 1).start_time <= pd.Timestamp(naive(as_of)) for p in every]
    return frame[columns]
