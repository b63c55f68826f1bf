"""How a process runs, from its event log: lead time, work and wait, cycle efficiency, rework, on a row per case."""

from __future__ import annotations

import math
from functools import reduce
from operator import add
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics import local
from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.interval import proportion
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, groups
from cx.analytics.quantile import quantile_estimate, quantile_table

SECONDS = {"minutes": 60.0, "hours": 3600.0, "days": 86400.0}
LONGEST = 60
LOG = ("process", "case_id", "step", "started_at", "ended_at")


def seconds(later: ir.Value, earlier: ir.Value) -> ir.NumericValue:
    """Seconds from one moment to another, as a float, and not below 0; null where either is missing, on every engine."""
    span = (later.epoch_seconds() - earlier.epoch_seconds()).cast("float64")
    return (span < 0).ifelse(0.0, span)


def cases(tables: Tables, by: tuple[str, ...], scope: Scope, distinct: bool = False) -> ir.Table:
    """One row per finished case: started_at, ended_at, lead and value-added seconds, and with `distinct` runs and distinct steps.

    A case is a case_id of a process, dated by its end: it counts in the period in which it was finished. A case with a
    step that has not ended is open and left out. A column of `by` that changes within a case (role, step) cuts it into
    parts that count as cases of their own.
    """
    table = tables["step_runs"]
    keys = tuple(name for name in by if name not in GRAINS or name in table.columns)
    groups(table, keys)
    names = list(dict.fromkeys(["process", "case_id", *keys]))
    table = table.filter(table["case_id"].notnull())
    table = table.mutate(_span=seconds(table["ended_at"], table["started_at"]))
    if "value_added" not in table.columns:
        table = table.mutate(value_added=ibis.null("boolean"))
    each = table.group_by(names).aggregate(
        started_at=table["started_at"].min(), ended_at=table["ended_at"].max(), open=table["ended_at"].isnull().sum(),
        judged=table["value_added"].notnull().sum(), added=ibis.cases((table["value_added"], table["_span"]), else_=0.0).sum(),
        **({"runs": table.count(), "steps": table["step"].nunique()} if distinct else {}),
    )  # fmt: skip
    each = each.filter((each["open"] == 0) & each["ended_at"].notnull() & each["started_at"].notnull())
    return scope.during(each.mutate(lead=seconds(each["ended_at"], each["started_at"])), "ended_at")


def _lead(q: float) -> Any:
    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        each = cases(tables, by, scope)
        return quantile_table(each, each["lead"] / SECONDS["days"], by, "ended_at", q)

    return statistics


def _efficiency(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Sums for a ratio of two totals over the cases: value-added time to lead time."""
    each = cases(tables, by, scope)
    each = each.filter(each["judged"] > 0)
    each = each.mutate(a=each["added"] / 3600.0, b=each["lead"] / 3600.0)
    a, b = each["a"], each["b"]
    return grouped(
        each, by, "ended_at", n=each.count(), a=a.sum().fill_null(0.0), b=b.sum().fill_null(0.0), aa=(a * a).sum().fill_null(0.0),
        bb=(b * b).sum().fill_null(0.0), ab=(a * b).sum().fill_null(0.0),
    )  # fmt: skip


def ratio(row: Statistics, unit: str = "%", scale: float = 100.0, nothing: str = "nothing to divide by") -> Estimate:
    """Ratio of two totals over n units, a over b, with the delta-method interval of the ratio estimator.

    var(R) = n / (n - 1) sum (a - R b)^2 / (sum b)^2, the sum taken from the second moments.
    Source: Cochran, Sampling Techniques, ch. 6.
    """
    n, a, b = int(row.get("n") or 0), float(row.get("a") or 0), float(row.get("b") or 0)
    if n == 0 or b <= 0:
        return undefined(nothing, unit, n)
    value = a / b
    if n < 2:
        return Estimate(scale * value, None, None, n, unit, "one case has no interval")
    rest = max(float(row["aa"]) - 2 * value * float(row["ab"]) + value**2 * float(row["bb"]), 0.0)
    se = math.sqrt(n / (n - 1) * rest) / b
    return Estimate(scale * value, scale * max(value - Z95 * se, 0.0), scale * (value + Z95 * se), n, unit, "", scale * value, scale * se)


def _reworked(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    each = cases(tables, by, scope, distinct=True)
    return grouped(each, by, "ended_at", hit=(each["runs"] > each["steps"]).sum().fill_null(0), n=each.count())


NEEDS = {"step_runs": LOG}
NO_CASE = "no case was finished"
LEAD_TIME = Measure("process_lead_time", NEEDS, _lead(0.5), lambda row: quantile_estimate(row, 0.5, "days", what="finished cases"))
LEAD_TIME_P90 = Measure("process_lead_time_p90", NEEDS, _lead(0.9), lambda row: quantile_estimate(row, 0.9, "days", what="finished cases"))
CYCLE_EFFICIENCY = Measure(
    "cycle_efficiency",
    {"step_runs": (*LOG, "value_added")},
    _efficiency,
    lambda row: ratio(row, nothing="no finished case has steps marked as adding value or not"),
)
REWORK_RATE = Measure(
    "rework_rate", NEEDS, _reworked, lambda row: proportion(row.get("hit") or 0, row["n"]) if row.get("n") else undefined(NO_CASE, "%")
)


def lead_time(step_runs: Any, by: str | tuple[str, ...] = (), *, quantile: float = 0.5) -> Any:
    """Median lead time of finished cases in days (or the 90th percentile), with its distribution-free interval.

    Lead time = end of the last step - start of the first, in calendar time. `quantile` is 0.5 or 0.9. Needs process,
    case_id, step, started_at, ended_at.
    """
    return answer(LEAD_TIME_P90 if quantile == 0.9 else LEAD_TIME, {"step_runs": as_table(step_runs)}, by)


def cycle_efficiency(step_runs: Any, by: str | tuple[str, ...] = ()) -> Any:
    """Process cycle efficiency in percent: value-added time / lead time, both summed over finished cases.

    Value-added time = length of the steps marked `value_added`. Cases in which no step is marked either way are left
    out. Steps done at the same time count both, so it may exceed 100 %. Interval: ratio estimator.
    Source: George, Lean Six Sigma (2002).
    """
    return answer(CYCLE_EFFICIENCY, {"step_runs": as_table(step_runs)}, by)


def rework_rate(step_runs: Any, by: str | tuple[str, ...] = ()) -> Any:
    """Share of finished cases in which a step was done more than once, in percent, with Wilson's interval.

    Needs process, case_id, step, started_at and ended_at.
    """
    return answer(REWORK_RATE, {"step_runs": as_table(step_runs, needs=REWORK_RATE.needs["step_runs"])}, by)


def _ordered(step_runs: Any, scope: Scope | None = None) -> ir.Table:
    """The log with, for each run, the step before and after it in its case, and the wait before it."""
    table = as_table(step_runs, needs=("case_id", "step", "started_at", "ended_at"))
    if "process" not in table.columns:
        table = table.mutate(process=ibis.literal(""))
    table = table.filter(table["case_id"].notnull() & table["step"].notnull() & table["started_at"].notnull())
    table = (scope or Scope()).during(table, "started_at")
    order = [
        table["started_at"],
        table["ended_at"].asc(nulls_first=False),
        *(table[name] for name in ("line",) if name in table.columns),
        table["step"],
    ]
    window = ibis.window(group_by=[table["process"], table["case_id"]], order_by=order)
    table = table.mutate(
        _before=table["step"].lag(1).over(window), _after=table["step"].lead(1).over(window), _free=table["ended_at"].lag(1).over(window),
        _place=ibis.row_number().over(window), _nth=ibis.row_number().over(ibis.window(group_by=[table["process"], table["case_id"], table["step"]], order_by=order)),
    )  # fmt: skip
    return table.mutate(
        _work=seconds(table["ended_at"], table["started_at"]) / 3600.0,
        _wait=seconds(table["started_at"], table["_free"]) / 3600.0,
    )


def mined(step_runs: Any, scope: Scope | None = None, *, most: int = 50) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """`steps`, `flow` and `variants` (at most `most`) of a log, which is put in order once."""
    table = local.once(_ordered(step_runs, scope))
    return _steps(table), _flow(table), _variants(table, most)


def steps(step_runs: Any, scope: Scope | None = None) -> pd.DataFrame:
    """Work and wait of each step in hours: runs, cases, repeats, median, mean and 90th percentile, and share of all time.

    Work = end - start of a run. Wait = start - end of the run before it in the same case (0 where they overlap, none for
    the first). `share` = the step's work and wait in percent of that of all steps: the longest is the bottleneck.

    >>> from datetime import datetime as d
    >>> log = {"case_id": ["1", "1"], "step": ["pick", "pack"], "started_at": [d(2025, 1, 1, 8), d(2025, 1, 1, 12)],
    ...        "ended_at": [d(2025, 1, 1, 9), d(2025, 1, 1, 14)]}
    >>> steps(log)[["step", "work_median", "wait_median", "total"]].values.tolist()
    [['pack', 2.0, 3.0, 5.0], ['pick', 1.0, nan, 1.0]]
    """
    return _steps(_ordered(step_runs, scope))


def _steps(table: ir.Table) -> pd.DataFrame:
    found: pd.DataFrame = table.group_by(["process", "step"]).aggregate(
        runs=table.count(), cases=table["case_id"].nunique(), repeats=(table["_nth"] > 0).sum().fill_null(0), open=table["ended_at"].isnull().sum(),
        work_median=table["_work"].quantile(0.5), work_mean=table["_work"].mean(), work_sd=table["_work"].std(how="sample"), work_p90=table["_work"].quantile(0.9),
        wait_median=table["_wait"].quantile(0.5), wait_mean=table["_wait"].mean(), wait_p90=table["_wait"].quantile(0.9),
        total=table["_work"].sum().fill_null(0.0) + table["_wait"].sum().fill_null(0.0), place=table["_place"].mean(),
    ).to_pandas()  # fmt: skip
    whole = found.groupby("process")["total"].transform("sum")
    found["share"] = (100 * found["total"] / whole.where(whole > 0)).fillna(0.0)
    return found.sort_values(["process", "total", "step"], ascending=[True, False, True], ignore_index=True)


def flow(step_runs: Any, scope: Scope | None = None, *, least: float = 0.0) -> pd.DataFrame:
    """The process as it is: which step directly follows which, how often and after how long a wait (hours).

    Columns process, source, target, n, cases, share (of what leaves the source, percent), wait_median, wait_mean,
    wait_p90. The first step of a case follows "(start)" and "(end)" follows its last. `least`: leave out edges with a
    smaller share in percent. Source: van der Aalst, Process Mining, ch. 5 (directly-follows graph).
    """
    return _flow(_ordered(step_runs, scope), least)


def _flow(table: ir.Table, least: float = 0.0) -> pd.DataFrame:
    moves = table.select(process="process", case_id="case_id", source=table["_before"].fill_null("(start)"), target="step", wait="_wait")
    last = table.filter(table["_after"].isnull()).select(
        process="process", case_id="case_id", source="step", target=ibis.literal("(end)"), wait=ibis.null("float64")
    )
    moves = moves.union(last)
    found: pd.DataFrame = moves.group_by(["process", "source", "target"]).aggregate(
        n=moves.count(), cases=moves["case_id"].nunique(), wait_median=moves["wait"].quantile(0.5), wait_mean=moves["wait"].mean(), wait_p90=moves["wait"].quantile(0.9)
    ).to_pandas()  # fmt: skip
    found["share"] = 100 * found["n"] / found.groupby(["process", "source"])["n"].transform("sum")
    found = found[found["share"] >= least]
    return found.sort_values(["process", "n", "source", "target"], ascending=[True, False, True, True], ignore_index=True)


def variants(step_runs: Any, scope: Scope | None = None, *, most: int = 50) -> pd.DataFrame:
    """The different sequences of steps with the number and share (percent) of cases, and their median lead time in hours.

    Columns process, variant (steps joined by an arrow), cases, share, cumulative, lead_median, rework (whether a step
    recurs). At most `most` rows; shares refer to all cases. Of a case of more than 60 runs the first 60 tell the variant.
    """
    return _variants(_ordered(step_runs, scope), most)


def _variants(table: ir.Table, most: int = 50) -> pd.DataFrame:
    longest = min(int(table["_place"].max().to_pyarrow().as_py() or 0) + 1, LONGEST)
    # a column a place, joined afterwards: not every engine joins texts in a given order
    places = [ibis.ifelse(table["_place"] == i, table["step"], ibis.null("string")).max() for i in range(longest)]
    arrows = [places[0], *((ibis.literal(" → ") + place).fill_null("") for place in places[1:])]
    each = table.group_by(["process", "case_id"]).aggregate(
        variant=reduce(add, arrows),
        lead=seconds(table["ended_at"].max(), table["started_at"].min()) / 3600.0, again=(table["_nth"].max() > 0), open=table["ended_at"].isnull().sum(),
    )  # fmt: skip
    each = each.mutate(lead=(each["open"] == 0).ifelse(each["lead"], ibis.null("float64")))
    found: pd.DataFrame = each.group_by(["process", "variant"]).aggregate(
        cases=each.count(), lead_median=each["lead"].quantile(0.5), rework=each["again"].max()
    ).to_pandas()  # fmt: skip
    found["share"] = 100 * found["cases"] / found.groupby("process")["cases"].transform("sum")
    found = found.sort_values(["process", "cases", "variant"], ascending=[True, False, True], ignore_index=True)
    found["cumulative"] = found.groupby("process")["share"].cumsum()
    return found.head(most)
