"""Process capability: how the spread of a process compares with its specification."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from cx.analytics.control_chart import d2
from cx.analytics.estimate import CONFIDENCE, Z95, Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, groups

MOVING_RANGE_DF = 0.605  # degrees of freedom a moving range of two adds, from its variance 0.8264 sigma^2 (Cryer & Ryan 1990)
RANGE_DF = 0.9  # share of (n - 1) that the mean range of small subgroups keeps
LARGEST_SUBGROUP = 25


@dataclass(frozen=True)
class Capability:
    """`cp`, `cpk` from sigma within subgroups, `pp`, `ppk` from sigma overall; expected parts per million outside."""

    cp: Estimate
    cpk: Estimate
    pp: Estimate
    ppk: Estimate
    mean: float | None
    within: float | None
    overall: float | None
    n: int
    outside_ppm: float | None
    normality_p: float | None
    warning: str = ""


def index(mean: float, sigma: float, lower: float | None, upper: float | None, n: int, df: float, centred: bool = True) -> Estimate:
    """Cpk (or Ppk) of a process, or with `centred` off Cp (Pp), with a 95 % interval.

    Cp = (upper - lower) / (6 sigma), interval from chi-square with `df`; Cpk = min(upper - mean, mean - lower) /
    (3 sigma), interval Cpk +- 1.96 sqrt(1/(9 n) + Cpk^2 / (2 df)) (Bissell, Applied Statistics 39, 1990). With one
    limit only, Cp is undefined and Cpk uses that side.

    >>> round(index(16, 2, 8, 20, 50, 49).value, 4)
    0.6667
    """
    if lower is None and upper is None:
        return undefined("there is no specification limit", n=n)
    if lower is not None and upper is not None and not upper > lower:
        return undefined("the upper specification limit must lie above the lower one", n=n)
    if n < 2 or not math.isfinite(sigma):
        return undefined("two values or more are needed to measure spread", n=n)
    if sigma <= 0:
        return undefined("all values are equal: there is no spread to compare with the limits", n=n)
    few = "" if n >= 30 else f"{n} values give a wide interval; 30 or more are usual"
    if not centred:
        if lower is None or upper is None:
            return undefined("needs both specification limits", n=n)
        value = (upper - lower) / (6 * sigma)
        low, high = (value * math.sqrt(float(stats.chi2.ppf(q, df)) / df) for q in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
        return Estimate(value, low, high, n, "", few, value, value / math.sqrt(2 * df))
    sides = [(upper - mean) if upper is not None else math.inf, (mean - lower) if lower is not None else math.inf]
    value = min(sides) / (3 * sigma)
    se = math.sqrt(1 / (9 * n) + value**2 / (2 * df))
    return Estimate(value, value - Z95 * se, value + Z95 * se, n, "", few, value, se)


def capability(values: Any, lower: float | None = None, upper: float | None = None, *, subgroups: Any = None) -> Capability:
    """Cp, Cpk, Pp and Ppk of values in the order they were measured.

    Sigma within = mean moving range / 1.128 or, with `subgroups`, the mean of R_i / d2(n_i); sigma overall = sample
    standard deviation. Expected share outside from the normal with sigma overall. Missing values are left out.
    `normality_p` is Shapiro-Wilk's (of at most 5,000 values); a small one makes the indices and the ppm doubtful.
    Source: NIST/SEMATECH e-Handbook 6.1.6; AIAG SPC manual.

    >>> found = capability([10, 12, 11, 13, 9, 10, 14, 11], 5, 17)
    >>> round(found.cp.value, 3), round(found.within, 5)
    (0.929, 2.15299)
    """
    frame = pd.DataFrame({"value": pd.to_numeric(pd.Series(list(values), dtype=object)).astype(float)})
    frame["subgroup"] = list(subgroups) if subgroups is not None else None
    frame = frame[np.isfinite(frame["value"])]
    x, n = frame["value"].to_numpy(), len(frame)
    if n == 0:
        none = undefined("there are no values")
        return Capability(none, none, none, none, None, None, None, 0, None, None, "there are no values")
    mean, overall = float(x.mean()), float(x.std(ddof=1)) if n > 1 and np.ptp(x) > 0 else 0.0 if n > 1 else math.nan
    if subgroups is not None:
        spans = frame.groupby("subgroup")["value"].agg(["count", np.ptp])
        spans = spans[spans["count"].between(2, LARGEST_SUBGROUP)]
        scaled = [span / d2(int(size)) for size, span in zip(spans["count"], spans["ptp"], strict=True)]
        within, df = (float(np.mean(scaled)), RANGE_DF * float((spans["count"] - 1).sum())) if scaled else (math.nan, math.nan)
    else:
        within, df = (float(np.abs(np.diff(x)).mean()) / d2(2), MOVING_RANGE_DF * (n - 1)) if n > 1 else (math.nan, math.nan)
    ppm = None
    if overall > 0 and (lower is not None or upper is not None):
        below = float(stats.norm.cdf((lower - mean) / overall)) if lower is not None else 0.0
        above = float(stats.norm.sf((upper - mean) / overall)) if upper is not None else 0.0
        ppm = 1e6 * (below + above)
    p = float(stats.shapiro(x[:: max(n // 5000, 1)][:5000]).pvalue) if n >= 3 and overall > 0 else None
    warning = "the values are not normal (Shapiro-Wilk p < 0.05): read the indices with care" if p is not None and p < 0.05 else ""
    return Capability(
        cp=index(mean, within, lower, upper, n, df, centred=False),
        cpk=index(mean, within, lower, upper, n, df),
        pp=index(mean, overall, lower, upper, n, n - 1, centred=False),
        ppk=index(mean, overall, lower, upper, n, n - 1),
        mean=mean, within=within if math.isfinite(within) else None, overall=overall if math.isfinite(overall) else None,
        n=n, outside_ppm=ppm, normality_p=p, warning=warning,
    )  # fmt: skip


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """Per group the characteristic with the lowest Ppk: n, mean, both sigmas, limits, and how many there are."""
    table = scope.during(tables["measurements"], "measured_at")
    table = table.filter(table["value"].notnull() & (table["lower_limit"].notnull() | table["upper_limit"].notnull()))
    keys = groups(table, by, "measured_at")
    series = [name for name in ("process", "characteristic", "lower_limit", "upper_limit") if name in table.columns]
    parts = [table[name].name(f"_{name}") for name in series] + [value.name(f"_by_{name}") for name, value in keys.items()]
    order = [table["measured_at"], *(table[name] for name in ("line", "key") if name in table.columns)]
    table = table.select(
        *parts, table["value"].cast("float64").name("_x"), table["subgroup"].name("_subgroup"), *[o.name(f"_o{i}") for i, o in enumerate(order)]
    )
    names = [part.get_name() for part in parts]
    before = ibis.window(group_by=[table[name] for name in names], order_by=[table[f"_o{i}"] for i in range(len(order))])
    table = table.mutate(_moved=(table["_x"] - table["_x"].lag(1).over(before)).abs())
    spans = (
        table.filter(table["_subgroup"].notnull())
        .group_by([*names, "_subgroup"])
        .aggregate(k=lambda t: t.count(), r=lambda t: t["_x"].max() - t["_x"].min())
    )
    spans = spans.filter((spans["k"] >= 2) & (spans["k"] <= LARGEST_SUBGROUP))
    unit = ibis.cases(*[(spans["k"] == size, ibis.literal(d2(size))) for size in range(2, LARGEST_SUBGROUP + 1)])
    spans = spans.mutate(scaled=spans["r"].cast("float64") / unit)
    spans = spans.group_by(names).aggregate(within_r=lambda t: t["scaled"].mean(), df_r=lambda t: (t["k"] - 1).sum())
    x = table["_x"]
    whole = table.group_by(names).aggregate(
        n=table.count(), mean=x.mean(), overall=x.std(how="sample"), within_m=table["_moved"].mean() / d2(2), lowest=x.min(), highest=x.max()
    )
    joined = whole.left_join(spans, [whole[name].identical_to(spans[name]) for name in names]).select(whole, spans["within_r"], spans["df_r"])
    lower, upper = joined["_lower_limit"], joined["_upper_limit"]
    room = ibis.least(ibis.coalesce(upper - joined["mean"], 1e300), ibis.coalesce(joined["mean"] - lower, 1e300))
    joined = joined.mutate(_weak=room / joined["overall"].nullif(0.0))
    group = [joined[f"_by_{name}"] for name in keys]
    ranked = joined.mutate(
        _rank=ibis.row_number().over(ibis.window(group_by=group, order_by=[joined["_weak"].asc(nulls_first=False), joined["_characteristic"]])),
        series=joined.count().over(ibis.window(group_by=group)),
    )
    worst = ranked.filter(ranked["_rank"] == 0)
    return worst.select(
        *[worst[f"_by_{name}"].name(name) for name in keys], worst["n"], worst["mean"], worst["overall"], worst["within_m"], worst["within_r"],
        worst["df_r"], worst["lowest"], worst["highest"], worst["_lower_limit"].name("lower"), worst["_upper_limit"].name("upper"),
        worst["_characteristic"].name("weakest"), worst["series"],
    )  # fmt: skip


def _index(row: Statistics, within: bool, centred: bool) -> Estimate:
    n = int(row.get("n") or 0)
    if n == 0:
        return undefined("no value has a specification limit")
    flat = row["lowest"] == row["highest"]
    if within:
        by_range = row.get("within_r") is not None
        sigma = row["within_r"] if by_range else row.get("within_m")
        df = RANGE_DF * float(row["df_r"]) if by_range else MOVING_RANGE_DF * (n - 1)
    else:
        sigma, df = row.get("overall"), n - 1
    sigma = 0.0 if flat and n > 1 else float(sigma) if sigma is not None else math.nan
    found = index(float(row["mean"]), sigma, row.get("lower"), row.get("upper"), n, float(df), centred)
    return found.warned(f"{row['weakest']}, the weakest of {row['series']} characteristics") if int(row["series"]) > 1 else found


NEEDS = {"measurements": ("value", "lower_limit", "upper_limit", "characteristic", "subgroup", "measured_at")}
CP = Measure("cp", NEEDS, _statistics, lambda row: _index(row, True, False))
CPK = Measure("cpk", NEEDS, _statistics, lambda row: _index(row, True, True))
PP = Measure("pp", NEEDS, _statistics, lambda row: _index(row, False, False))
PPK = Measure("ppk", NEEDS, _statistics, lambda row: _index(row, False, True))


def cpk(measurements: Any, by: str | tuple[str, ...] = (), *, overall: bool = False) -> Any:
    """Cpk (or with `overall` Ppk) of a table of measurements; of several characteristics in a group, the weakest.

    Needs the columns value, lower_limit, upper_limit, characteristic, subgroup (may be empty), measured_at. A series is
    one characteristic of one process with one pair of limits. See `capability` for the definition.
    """
    return answer(PPK if overall else CPK, {"measurements": as_table(measurements)}, by)
