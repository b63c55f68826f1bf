"""How much of what is measured lies outside its control limits, computed where the rows are."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.control_chart import d2
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped

SERIES = ("process", "characteristic", "product", "supplier")
FEWEST = 8


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Per group the points judged and those outside the limits of their own series.

    A series is a characteristic of a process, product and supplier; its limits come from all its points in the scope.
    """
    table = scope.during(tables["measurements"], "measured_at")
    names = [name for name in SERIES if name in table.columns]
    counted = table["value"].isnull() & table["defectives"].notnull() & (table["sample_size"] > 0)
    table = table.filter(table["value"].notnull() | counted).mutate(_counted=counted)
    order = [table["measured_at"], *(table[name] for name in ("line", "key") if name in table.columns)]
    cell = [*names, "_counted"]
    table = table.mutate(_moved=(table["value"] - table["value"].lag(1).over(ibis.window(group_by=cell, order_by=order))).abs())
    whole = ibis.window(group_by=cell)
    value, bad, size = table["value"].cast("float64"), table["defectives"].cast("float64"), table["sample_size"].cast("float64")
    table = table.mutate(
        _mean=value.mean().over(whole), _sigma=table["_moved"].mean().over(whole) / d2(2), _p=bad.sum().over(whole) / size.sum().over(whole).nullif(0.0),
        _points=table.count().over(whole),
    )  # fmt: skip
    p = table["_p"]
    limit = table["_counted"].ifelse(3 * (p * (1 - p) / size.nullif(0.0)).sqrt(), 3 * table["_sigma"])
    gap = table["_counted"].ifelse((bad / size.nullif(0.0) - p).abs(), (value - table["_mean"]).abs())
    # where nothing varies there is no limit to be outside of; rounding must not pass for variation
    table = table.mutate(_limit=limit, _gap=gap, _judged=(limit > 0) & (table["_points"] >= FEWEST))
    judged = table["_judged"].fill_null(False)
    out = judged & (table["_gap"] > table["_limit"] * (1 + 1e-9))
    return grouped(table, by, "measured_at", judged=judged.sum().fill_null(0), out=out.sum().fill_null(0), points=table.count())


def _estimate(row: Statistics) -> Estimate:
    if not row.get("judged"):
        return undefined(f"no series has {FEWEST} points or more that vary", "%", int(row.get("points") or 0))
    return proportion(row.get("out") or 0, row["judged"])


OUT_OF_CONTROL = Measure("out_of_control", {"measurements": ("value", "sample_size", "defectives", "measured_at")}, _statistics, _estimate)
"""Share of points beyond three sigma in percent: individuals limits for values, p-chart limits for samples; about 0.3 % by chance."""


def out_of_control(measurements: Any, by: str | tuple[str, ...] = ()) -> Any:
    """Share of points beyond three sigma, in percent, with Wilson's interval; about 0.3 % come by chance.

    Individuals limits (mean moving range / 1.128) for values, p-chart limits for samples with defectives, each series by
    itself. Source: Montgomery, Introduction to Statistical Quality Control, 8th ed.
    """
    return answer(OUT_OF_CONTROL, {"measurements": as_table(measurements, needs=OUT_OF_CONTROL.needs["measurements"])}, by)
