"""Yield and defects: first-pass yield, defect rate, parts per million, DPMO, sigma level, rolled throughput yield."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
from scipy import stats

from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, groups
from cx.errors import MeasureError

SHIFT = 1.5
MILLION = 1e6


def _scaled(e: Estimate, factor: float, unit: str) -> Estimate:
    def times(x: float | None) -> float | None:
        return None if x is None else x * factor

    return replace(e, value=times(e.value), low=times(e.low), high=times(e.high), center=times(e.center), se=times(e.se), unit=unit)


def dpmo(defects: float, units: float, opportunities: float) -> Estimate:
    """Defects per million opportunities, with Wilson's interval.

    DPMO = 1,000,000 x defects / (units x opportunities a unit). n = opportunities in all.
    Raises MeasureError where there are more defects than opportunities.

    >>> e = dpmo(350, 30_000, 15)
    >>> round(e.value, 1), e.n
    (777.8, 450000)
    """
    chances = units * opportunities
    if chances > 0 and not 0 <= defects <= chances:
        raise MeasureError(f"expected at most {chances:g} defects, one an opportunity", f"found {defects:g}", "check the opportunities per unit")
    return _scaled(proportion(defects, chances, "per million"), MILLION / 100, "per million")


def sigma_level(defects: float, units: float, opportunities: float, shift: float = SHIFT) -> Estimate:
    """Sigma level of a process from its defects, with the `shift` added and stated in the unit.

    Z = inverse normal of (1 - defects / opportunities in all) + shift. The customary shift of 1.5 sigma stands for the
    drift of a process over a long time; with 0 it is the observed long-term level. The interval is that of the
    defect share carried over. Without a defect there is no upper end: no value, but a lower bound.
    Source: Harry & Schroeder, Six Sigma (2000).

    >>> round(sigma_level(350, 30_000, 15).value, 3)
    4.664
    """
    unit = f"sigma, {shift:g} shift"
    found = dpmo(defects, units, opportunities)
    if found.value is None or found.low is None or found.high is None:
        return undefined(found.warning, unit)

    def level(per_million: float) -> float | None:
        share = per_million / MILLION
        return None if share <= 0 or share >= 1 else float(stats.norm.isf(share)) + shift

    value, low, high = level(found.value), level(found.high), level(found.low)
    if value is None:
        reason = "no defect was found: the level is at least the lower bound" if defects == 0 else "every opportunity had a defect"
        return Estimate(None, low, high, found.n, unit, reason)
    se = (high - low) / (2 * Z95) if low is not None and high is not None else None
    return Estimate(value, low, high, found.n, unit, "", value, se)


def rolled_yield(yields: Sequence[tuple[float, float]]) -> Estimate:
    """Rolled throughput yield in percent: the product of the first-pass yields of the steps, from (good, units) of each.

    The chance that a unit passes every step at the first attempt. Interval: delta method on the logarithm,
    var(log RTY) = sum (1 - y) / (y units). n = fewest units at any step. A step without a good unit makes it 0.

    >>> round(rolled_yield([(95, 100), (90, 100), (98, 100)]).value, 2)
    83.79
    """
    steps = [(good, units) for good, units in yields if units > 0]
    if not steps:
        return undefined("no step has units", "%")
    n = int(min(units for _, units in steps))
    shares = [good / units for good, units in steps]
    value = math.prod(shares)
    if value <= 0:
        return Estimate(0.0, None, None, n, "%", "a step passed nothing at first")
    # a step without failures still has uncertainty: half a failure is added to its variance, not to its value
    spread = math.sqrt(sum((1 - min(share, 1 - 0.5 / (units + 1))) / (share * units) for share, (_, units) in zip(shares, steps, strict=True)))
    low, high = value * math.exp(-Z95 * spread), min(value * math.exp(Z95 * spread), 1.0)
    return Estimate(100 * value, 100 * low, 100 * high, n, "%", "", 100 * value, 100 * value * spread)


def inspected(table: ir.Table) -> ir.Table:
    """Adds `_units`, `_bad`: units inspected and units found defective by a row; null where the row tells neither.

    A row with `sample_size` and `defectives` counts a sample; else a row with `passed` is one unit.
    """
    sample, bad, passed = table["sample_size"], table["defectives"], table["passed"]
    sampled = sample.notnull() & bad.notnull() & (sample > 0)
    units = ibis.cases((sampled, sample.cast("float64")), (passed.notnull(), ibis.literal(1.0)))
    return table.mutate(
        _units=units, _bad=ibis.cases((sampled, ibis.least(bad, sample).cast("float64")), (passed.notnull(), (~passed).ifelse(1.0, 0.0)))
    )


def _units(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = inspected(scope.during(tables["measurements"], "measured_at"))
    return grouped(table, by, "measured_at", units=table["_units"].sum().fill_null(0.0), bad=table["_bad"].sum().fill_null(0.0))


def _chances(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = scope.during(tables["measurements"], "measured_at")
    table = table.filter(table["defects"].notnull() & table["opportunities"].notnull())
    chances = table["sample_size"].fill_null(1).cast("float64") * table["opportunities"]
    counted = grouped(table, by, "measured_at", defects=table["defects"].sum().fill_null(0).cast("float64"), chances=chances.sum().fill_null(0.0))
    # a whole number, as some engines return a literal with decimals as a Decimal
    return counted.mutate(shift_thousandths=ibis.literal(round(1000 * float(scope.options.get("shift", SHIFT)))))


def _steps(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Per group: sum of log yields and of their variances over the processes; `zero` counts steps that passed nothing."""
    table = inspected(scope.during(tables["measurements"], "measured_at"))
    table = table.mutate(**{f"_by_{name}": value for name, value in groups(table, by, "measured_at").items()})
    keys = [f"_by_{name}" for name in by]
    table = table.filter(table["process"].notnull() & table["_units"].notnull())
    steps = table.group_by([*keys, "process"]).aggregate(units=table["_units"].sum(), bad=table["_bad"].sum())
    share = (steps["units"] - steps["bad"]) / steps["units"]
    kept = ibis.least(share, 1 - 0.5 / (steps["units"] + 1))
    steps = steps.mutate(
        _log=(share > 0).ifelse(ibis.greatest(share, 1e-300).ln(), 0.0), _zero=(share <= 0).ifelse(1, 0),
        _var=(share > 0).ifelse((1 - kept) / (ibis.greatest(share, 1e-300) * steps["units"]), 0.0),
    )  # fmt: skip
    steps = steps.rename({name: f"_by_{name}" for name in by})
    return grouped(
        steps, by, None, log=steps["_log"].sum().fill_null(0.0), variance=steps["_var"].sum().fill_null(0.0), zero=steps["_zero"].sum().fill_null(0),
        steps=steps.count(), n=steps["units"].min().fill_null(0.0),
    )  # fmt: skip


def _rolled(row: Statistics) -> Estimate:
    if not row.get("steps"):
        return undefined("no process has inspected units", "%")
    n = int(row["n"])
    if row["zero"]:
        return Estimate(0.0, None, None, n, "%", "a step passed nothing at first")
    value, spread = math.exp(row["log"]), math.sqrt(row["variance"])
    low, high = value * math.exp(-Z95 * spread), min(value * math.exp(Z95 * spread), 1.0)
    return Estimate(100 * value, 100 * low, 100 * high, n, "%", f"product of {row['steps']} steps", 100 * value, 100 * value * spread)


def _share(row: Statistics, good: bool, per_million: bool = False) -> Estimate:
    units, bad = row.get("units") or 0, row.get("bad") or 0
    found = proportion(units - bad if good else bad, units)
    if found.value is None:
        return undefined("no unit was inspected", "ppm" if per_million else "%")
    return _scaled(found, MILLION / 100, "ppm") if per_million else found


def _opportunities(row: Statistics, level: bool) -> Estimate:
    chances, defects = row.get("chances") or 0, row.get("defects") or 0
    if not chances:
        return undefined("no row has defects and opportunities", "sigma" if level else "per million")
    if defects > chances:
        return undefined(
            "there are more defects than opportunities: check the opportunities per unit", "sigma" if level else "per million", int(chances)
        )
    return sigma_level(defects, 1, chances, row.get("shift_thousandths", 1000 * SHIFT) / 1000) if level else dpmo(defects, 1, chances)


UNITS = {"measurements": ("sample_size", "defectives", "passed", "measured_at")}
CHANCES = {"measurements": ("sample_size", "defects", "opportunities", "measured_at")}
FPY = Measure("fpy", UNITS, _units, lambda row: _share(row, good=True))
DEFECT_RATE = Measure("defect_rate", UNITS, _units, lambda row: _share(row, good=False))
SUPPLIER_PPM = Measure("supplier_ppm", {"measurements": (*UNITS["measurements"], "supplier")}, lambda tables, by, scope: _units(
    {"measurements": tables["measurements"].filter(tables["measurements"]["supplier"].notnull())}, by, scope), lambda row: _share(row, good=False, per_million=True)
)  # fmt: skip
RTY = Measure("rty", {"measurements": (*UNITS["measurements"], "process")}, _steps, _rolled)
DPMO = Measure("dpmo", CHANCES, _chances, lambda row: _opportunities(row, level=False))
SIGMA_LEVEL = Measure("sigma_level", CHANCES, _chances, lambda row: _opportunities(row, level=True))


def first_pass_yield(measurements: Any, by: str | tuple[str, ...] = ()) -> Any:
    """First-pass yield in percent: units that passed at first / units inspected, with Wilson's interval.

    Needs sample_size, defectives, passed, measured_at; a row counts `sample_size - defectives` good units where both
    are given, else one unit by `passed`.

    >>> rows = {"sample_size": [100, 50], "defectives": [5, 1], "passed": [None, None], "measured_at": [None, None]}
    >>> import pandas as pd
    >>> first_pass_yield(pd.DataFrame(rows).astype({"passed": "boolean", "measured_at": "datetime64[us]"})).value
    96.0
    """
    return answer(FPY, {"measurements": as_table(measurements)}, by)
