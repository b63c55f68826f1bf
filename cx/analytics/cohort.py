"""Cohorts: of those who began together, how many are still there and what they are worth, period by period."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import GRAINS, naive
from cx.analytics.retention import moments
from cx.errors import MeasureError


def elapsed(first: ir.Value, later: ir.Value, grain: str) -> ir.Value:
    """Whole periods between two starts of a period."""
    if grain in ("day", "week"):
        return (later.delta(first, unit="day") / (7 if grain == "week" else 1)).floor().cast("int64")
    years = later.year() - first.year()
    parts = {"year": years, "quarter": years * 4 + later.quarter() - first.quarter(), "month": years * 12 + later.month() - first.month()}
    return parts[grain].cast("int64")


def cells(table: ir.Table, grain: str, as_of: datetime, time: str, unit: str, amount: str | None = None) -> ir.Table:
    """One row per cohort and period since: customers active in it, and what they spent. Runs in the engine."""
    if grain not in GRAINS:
        raise MeasureError(f"the grain must be one of {', '.join(GRAINS)}", f"found {grain!r}", "choose one of them")
    known = table.filter(table[unit].notnull(), table[time] < ibis.literal(naive(as_of), "timestamp(6)"))
    rows = known.select(unit=known[unit], period=known[time].truncate(GRAINS[grain]), money=numeric(known, amount).fill_null(0.0) if amount else ibis.literal(0.0))
    active = rows.group_by("unit", "period").aggregate(revenue=rows["money"].sum()) if amount else rows.distinct().rename(revenue="money")
    active = active.mutate(cohort=active["period"].min().over(ibis.window(group_by=active["unit"])))
    # Counted by the two periods first: what lies between them is then computed for some hundreds of rows, not for all.
    found = active.group_by("cohort", "period").aggregate(customers=active.count(), revenue=active["revenue"].sum())
    return found.select("cohort", "customers", "revenue", since=elapsed(found["cohort"], found["period"], grain))


def cohorts(data: Any, as_of: datetime, grain: str = "month", *, time: str = "ordered_at", unit: str = "customer_id",
            amount: str | None = None) -> pd.DataFrame:  # fmt: skip
    """The cohort matrix in long form: one row per cohort (period of the first activity) and period `since` (0, 1, ...).

    Columns: cohort, since, size (customers of the cohort), customers (active in that period), retention (% of size),
    complete (False where `as_of` falls into the period: marked, not to be read as low); with `amount` (minor units,
    one currency) also revenue and revenue_retention (% of the revenue of period 0). Every cell up to `as_of` is there,
    with 0 where nobody was active. `data`: one row an order or event with `unit` and `time`. Raises MeasureError where
    a column is missing or amounts are in several currencies.

    >>> data = {"customer_id": ["a", "b", "a"], "ordered_at": [datetime(2025, 1, 5), datetime(2025, 1, 9), datetime(2025, 2, 3)]}
    >>> cohorts(data, datetime(2025, 2, 15))[["since", "customers", "retention", "complete"]].values.tolist()
    [[0, 2, 100.0, True], [1, 1, 50.0, False]]
    """
    table = moments(as_table(data, needs=(unit, time, *((amount,) if amount else ()))), time)
    if amount and "currency" in table.columns:
        several = table["currency"].nunique().to_pyarrow().as_py()
        if several > 1:
            raise MeasureError("revenue is added up in one currency", f"found {several}", "filter to one")
    return filled(cells(table, grain, as_of, time, unit, amount).to_pandas(), as_of, grain, bool(amount))


def filled(found: pd.DataFrame, as_of: datetime, grain: str, revenue: bool = False) -> pd.DataFrame:
    """What `cells` found, as `cohorts` returns it: every cell up to `as_of` is there, sizes and shares beside it.

    `found`: cohort, since, customers, revenue, and `size` where a cohort is larger than those active in its first period.
    """
    columns = ["cohort", "since", "size", "customers", "retention", "complete", *(("revenue", "revenue_retention") if revenue else ())]
    if found.empty:
        return pd.DataFrame(columns=columns)
    until = pd.Timestamp(naive(as_of))
    labels, known = [], found.set_index(["cohort", "since"])
    for cohort in sorted(found["cohort"].unique()):
        period, since = pd.Timestamp(cohort).to_period(GRAINS[grain]), 0
        while (period + since).start_time < until:
            labels.append((cohort, since, (period + since + 1).start_time <= until))
            since += 1
    grid = pd.DataFrame(labels, columns=["cohort", "since", "complete"]).set_index(["cohort", "since"])
    grid = grid.join(known).fillna({"customers": 0, "revenue": 0.0}).reset_index()
    grid["customers"] = grid["customers"].astype("int64")
    first = grid[grid["since"] == 0].set_index("cohort")
    grid["size"] = grid["cohort"].map(first["size" if "size" in first else "customers"]).astype("int64")
    grid["retention"] = 100 * grid["customers"] / grid["size"]
    if revenue:
        base = grid["cohort"].map(first["revenue"])
        grid["revenue_retention"] = (100 * grid["revenue"] / base).where(base > 0)
    return grid[columns]


def matrix(cells: pd.DataFrame, value: str = "retention", incomplete: bool = False) -> pd.DataFrame:
    """Cohorts down, periods since across; cells of periods not over are empty unless `incomplete`."""
    shown = cells if incomplete else cells[cells["complete"].astype(bool)]
    return shown.pivot(index="cohort", columns="since", values=value)
