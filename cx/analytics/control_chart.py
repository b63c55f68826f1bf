"""Shewhart control charts for measured values and for counts: limits, stages, signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import integrate, special, stats

from cx.analytics.rules import rule_set, signals
from cx.errors import MeasureError

Numbers = NDArray[np.float64]
VARIABLE = ("i-mr", "xbar-r", "xbar-s")
MOVING_RANGE_FACTOR = 3.267
ATTRIBUTE = ("p", "np", "c", "u", "laney p", "laney u")


@dataclass(frozen=True)
class Limits:
    """Centre line and sigma of one stage, as estimated from `n` points."""

    stage: Any
    center: float | None
    sigma: float | None
    n: int
    warning: str = ""


@dataclass(frozen=True)
class Chart:
    """`points`: one row a point with label, value, size, stage, center, lower, upper, sigma, signals (a tuple).

    `spread` is the companion chart (MR, R or S) of a variable chart and None for counts. `limits` holds one row a stage.
    """

    kind: str
    points: pd.DataFrame
    limits: tuple[Limits, ...]
    rules: str
    spread: Chart | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def out(self) -> int:
        """How many points signal by any rule."""
        return int((self.points["signals"].str.len() > 0).sum())


@cache
def c4(n: int) -> float:
    """Mean of the standard deviation of `n` normal values, in sigma: sqrt(2/(n-1)) gamma(n/2) / gamma((n-1)/2)."""
    return float(np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2)))


@cache
def d2(n: int) -> float:
    """Mean range of `n` normal values, in sigma, to the three decimals that tables of control chart factors print.

    Integral of 1 - F^n - (1 - F)^n (Tippett 1925).

    >>> d2(2), d2(5)
    (1.128, 2.326)
    """
    phi = stats.norm.cdf
    return round(float(integrate.quad(lambda x: 1 - (1 - phi(x)) ** n - phi(x) ** n, -9, 9, limit=200)[0]), 3)


@cache
def d3(n: int) -> float:
    """Standard deviation of the range of `n` normal values, in sigma, to three decimals.

    >>> d3(2), d3(5)
    (0.853, 0.864)
    """
    nodes, weights = np.polynomial.legendre.leggauss(120)
    low, low_weight = 9 * nodes, 9 * weights
    share, share_weight = (nodes + 1) / 2, weights / 2
    high = low[:, None] + share[None, :] * (9 - low[:, None])
    below, above = stats.norm.cdf(low)[:, None], stats.norm.cdf(high)
    chance = 1 - above**n - (1 - below) ** n + (above - below) ** n
    square = 2 * float(np.sum(chance * low_weight[:, None] * share_weight[None, :] * (9 - low[:, None])))
    mean = float(np.sum((1 - stats.norm.cdf(low) ** n - stats.norm.sf(low) ** n) * low_weight))
    return round(float(np.sqrt(max(square - mean**2, 0.0))), 3)


def _numbers(values: Any) -> Numbers:
    try:
        return pd.to_numeric(pd.Series(list(values), dtype=object), errors="raise").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise MeasureError("a control chart needs numbers", "some values are none", "choose a numeric column") from None


def _stages(stages: Any, n: int) -> list[Any]:
    given = [""] * n if stages is None else list(stages)
    if len(given) != n:
        raise MeasureError(f"expected one stage a point, {n} of them", f"found {len(given)}", "give a stage for each point")
    return given


def _chart(
    kind: str, values: Numbers, sizes: Numbers, stages: list[Any], labels: Any, rules: str, fit: Any, floor: float = -np.inf,
    ceiling: float = np.inf, spread: Chart | None = None, zones: bool = False,
) -> Chart:  # fmt: skip
    """Assemble a chart; `fit(mask)` gives (centre, sigma of each point in the mask, warning) of one stage."""
    n = len(values)
    center, sigma, named = np.full(n, np.nan), np.full(n, np.nan), np.array([str(s) for s in stages], dtype=object)
    fitted: list[Limits] = []
    found: list[tuple[str, ...]] = [()] * n
    for stage in dict.fromkeys(stages):
        mask = named == str(stage)
        middle, deviation, warning = fit(mask)
        center[mask], sigma[mask] = middle, deviation
        usable = int(np.isfinite(values[mask]).sum())
        typical = np.nanmean(deviation) if np.isfinite(deviation).any() else np.nan
        fitted.append(
            Limits(stage, float(middle) if np.isfinite(np.max(middle)) else None, float(typical) if np.isfinite(typical) else None, usable, warning)
            if np.ndim(middle) == 0
            else Limits(stage, float(np.nanmean(middle)), float(typical), usable, warning)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            z = np.where(sigma[mask] > 0, (values[mask] - center[mask]) / sigma[mask], np.nan)
        for place, names in zip(np.flatnonzero(mask), signals(z, rule_set(rules, zones)), strict=True):
            found[place] = names
    points = pd.DataFrame(
        {
            "label": list(range(1, n + 1)) if labels is None else list(labels), "value": values, "size": sizes, "stage": stages, "center": center,
            "lower": np.clip(center - 3 * sigma, floor, ceiling), "upper": np.clip(center + 3 * sigma, floor, ceiling), "sigma": sigma,
        }
    )  # fmt: skip
    points["signals"] = pd.Series(found, dtype=object)
    warnings = tuple(dict.fromkeys(f"{f.stage}: {f.warning}" if f.stage != "" else f.warning for f in fitted if f.warning))
    return Chart(kind, points, tuple(fitted), rules, spread, warnings)


def individuals(values: Any, *, stages: Any = None, labels: Any = None, rules: str = "nelson", baseline: int | None = None) -> Chart:
    """I-MR chart: individual values and their moving ranges.

    Centre = mean; sigma = mean moving range / 1.128; limits +- 3 sigma. The moving range chart has the upper limit
    3.267 times its mean. Each stage has limits of its own; no moving range spans two stages. `baseline`: only the
    first so many points of each stage set its limits. A missing value is no point and breaks patterns.
    Source: NIST/SEMATECH e-Handbook 6.3.2.2.

    >>> chart = individuals([10, 12, 11, 13, 9, 10, 14, 11])
    >>> round(chart.limits[0].sigma, 5), chart.points[["lower", "upper"]].iloc[0].round(3).tolist()
    (2.15299, [4.791, 17.709])
    """
    x = _numbers(values)
    named = _stages(stages, len(x))
    same = np.array([i > 0 and named[i] == named[i - 1] for i in range(len(x))], dtype=bool)
    moving = np.full(len(x), np.nan)
    if len(x) > 1:
        moving[1:] = np.abs(np.diff(x))
    moving[~same] = np.nan

    def base(mask: Any) -> Any:
        chosen = np.flatnonzero(mask)[:baseline]
        keep = np.zeros(len(x), dtype=bool)
        keep[chosen] = True
        return keep

    def fit(mask: Any) -> tuple[float, Any, str]:
        kept = base(mask)
        here, ranges = x[kept][np.isfinite(x[kept])], moving[kept][np.isfinite(moving[kept])]
        middle = float(here.mean()) if len(here) else np.nan
        sigma = float(ranges.mean()) / d2(2) if len(ranges) else np.nan
        return middle, np.full(int(mask.sum()), sigma), _warning(len(here), sigma)

    def fit_ranges(mask: Any) -> tuple[float, Any, str]:
        ranges = moving[base(mask)]
        ranges = ranges[np.isfinite(ranges)]
        middle = float(ranges.mean()) if len(ranges) else np.nan
        return middle, np.full(int(mask.sum()), middle * (MOVING_RANGE_FACTOR - 1) / 3), ""

    ones = np.ones(len(x))
    spread = _chart("mr", moving, ones, named, labels, "limits", fit_ranges, floor=0.0)
    return _chart("i-mr", x, ones, named, labels, rules, fit, spread=spread, zones=True)


def _warning(n: int, sigma: float) -> str:
    if n < 2 or not np.isfinite(sigma):
        return "fewer than two consecutive points: no limits"
    if sigma == 0:
        return "all values are equal: no spread, so no rule applies"
    return f"limits rest on {n} points; 20 or more make them stable" if n < 20 else ""


def _subgrouped(values: Any, subgroups: Any) -> tuple[list[Any], Numbers, Numbers, Numbers, Numbers]:
    frame = pd.DataFrame({"value": _numbers(values), "subgroup": list(subgroups)}).dropna()
    by = frame.groupby("subgroup", sort=False)["value"]
    table = by.agg(["mean", "count", "std", "min", "max"])
    mean, count, std = (table[c].to_numpy(float) for c in ("mean", "count", "std"))
    return list(table.index), mean, count, std, (table["max"] - table["min"]).to_numpy(float)


def xbar(values: Any, subgroups: Any, *, spread: str = "r", stages: Any = None, rules: str = "nelson") -> Chart:
    """X-bar chart of subgroup means with the chart of ranges (`spread="r"`) or standard deviations (`"s"`).

    sigma = mean of R_i / d2(n_i), or of s_i / c4(n_i); limits = grand mean +- 3 sigma / sqrt(n_i), so subgroups may
    differ in size. A subgroup of one value has no range: it is plotted and sets no limits. `stages`: one per
    subgroup in order of first appearance. Source: Montgomery, Introduction to Statistical Quality Control, ch. 6.
    """
    if spread not in ("r", "s"):
        raise MeasureError("expected spread to be r or s", f"found {spread!r}", "choose one")
    names, means, sizes, deviations, ranges = _subgrouped(values, subgroups)
    named = _stages(stages, len(names))
    unit = np.array([(d2(int(n)) if spread == "r" else c4(int(n))) if n > 1 else np.nan for n in sizes])
    wobble = np.array([(d3(int(n)) if spread == "r" else np.sqrt(1 - c4(int(n)) ** 2)) if n > 1 else np.nan for n in sizes])
    observed = np.where(sizes > 1, ranges if spread == "r" else deviations, np.nan)

    def sigma(mask: Any) -> float:
        scaled = observed[mask] / unit[mask]
        return float(scaled[np.isfinite(scaled)].mean()) if np.isfinite(scaled).any() else np.nan

    def fit(mask: Any) -> tuple[float, Any, str]:
        total = float(np.sum(means[mask] * sizes[mask]) / np.sum(sizes[mask]))
        return total, sigma(mask) / np.sqrt(sizes[mask]), _warning(int(mask.sum()), sigma(mask))

    def fit_spread(mask: Any) -> tuple[Any, Any, str]:
        return sigma(mask) * unit[mask], sigma(mask) * wobble[mask], ""

    below = _chart(spread, observed, sizes, named, names, "limits", fit_spread, floor=0.0)
    return _chart(f"xbar-{spread}", means, sizes, named, names, rules, fit, spread=below, zones=True)


def attribute(kind: str, counts: Any, sizes: Any = None, *, stages: Any = None, labels: Any = None, rules: str = "nelson") -> Chart:
    """Chart of counts: p, np (defectives of `sizes` units), c, u (defects in `sizes` units), Laney p or u.

    p: centre = total defectives / total units, sigma_i = sqrt(p (1 - p) / n_i), limits within 0 and 1; np the same
    times n_i; u: sigma_i = sqrt(u / n_i); c is u of equal areas. Laney's charts multiply sigma by sigma_z, the mean
    moving range / 1.128 of the standardised points, which takes in more (or less) variation than the binomial or
    Poisson has. Zone rules are not applied. A size of zero or a missing count is no point.
    Source: Montgomery ch. 7; Laney, Quality Engineering 14 (2002).

    >>> attribute("p", [5, 8, 6, 12], [100, 120, 90, 110]).points["upper"].round(4).tolist()
    [0.1522, 0.1454, 0.1565, 0.1486]
    """
    if kind not in ATTRIBUTE:
        raise MeasureError(f"expected one of the charts {', '.join(ATTRIBUTE)}", f"found {kind!r}", "choose one")
    x = _numbers(counts)
    if sizes is None and kind != "c":
        raise MeasureError(f"a {kind} chart needs the number of units inspected", "none was given", "name the column that holds it")
    n = np.ones(len(x)) if sizes is None or kind == "c" else _numbers(sizes)
    binomial = kind in ("p", "np", "laney p")
    n = np.where(n > 0, n, np.nan)
    if np.nanmin(np.append(x, 0)) < 0 or (binomial and np.any(x > n)):
        raise MeasureError("counts must lie between 0 and the units inspected", "some do not", "check the two columns")
    values = x / n
    x, n = np.where(np.isfinite(values), x, np.nan), np.where(np.isfinite(values), n, np.nan)
    named = _stages(stages, len(x))

    def fit(mask: Any) -> tuple[Any, Any, str]:
        total = np.nansum(n[mask])
        middle = float(np.nansum(x[mask]) / total) if total else np.nan
        sigma = np.sqrt(middle * (1 - middle) / n[mask]) if binomial else np.sqrt(middle / n[mask])
        if kind.startswith("laney") and np.isfinite(middle) and np.nansum(sigma) > 0:
            z = (values[mask] - middle) / sigma
            gaps = np.abs(np.diff(z))
            gaps = gaps[np.isfinite(gaps)]
            sigma = sigma * (gaps.mean() / d2(2) if len(gaps) else np.nan)
        warning = _warning(int(np.isfinite(values[mask]).sum()), float(np.nansum(sigma)) if np.isfinite(sigma).any() else np.nan)
        return (middle * n[mask], sigma * n[mask], warning) if kind == "np" else (middle, sigma, warning)

    shown = x if kind == "np" else values
    return _chart(kind, shown, n, named, labels, rules, fit, floor=0.0, ceiling=1.0 if kind in ("p", "laney p") else np.inf)


def control_chart(kind: str, values: Any, sizes: Any = None, *, subgroups: Any = None, **options: Any) -> Chart:
    """Any of the charts by name: i-mr, xbar-r, xbar-s, p, np, c, u, laney p, laney u. See the function of each."""
    if kind == "i-mr":
        return individuals(values, **options)
    if kind in VARIABLE:
        if subgroups is None:
            raise MeasureError(f"an {kind} chart needs subgroups", "none were given", "name the column that holds them")
        return xbar(values, subgroups, spread=kind[-1], **options)
    return attribute(kind, values, sizes, **options)


def suggest(counted: bool, subgroup_sizes: Sequence[int] = (), units_vary: bool = True, defectives: bool = True) -> str:
    """The chart that fits the data: counted or measured, in subgroups or single, of equal or varying size."""
    if counted:
        return ("p" if units_vary else "np") if defectives else ("u" if units_vary else "c")
    typical = float(np.median(subgroup_sizes)) if len(subgroup_sizes) else 1
    return "i-mr" if typical < 2 else "xbar-r" if typical <= 10 else "xbar-s"
