"""Days on which far more was said, bought or complained about than usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cx.analytics.frame import as_table, checked
from cx.analytics.measure import GRAINS, Scope
from cx.errors import MeasureError

BASELINE = {"day": 28, "week": 12, "month": 12, "quarter": 8, "year": 5}
FEWEST = 7
COLUMNS = ["period", "n", "expected", "high", "ratio", "p", "spike", "drop"]


def spikes(
    data: Any, time: str, by: str | None = None, *, grain: str = "day", baseline: int | None = None, scope: Scope | None = None, rate: float = 0.01
) -> pd.DataFrame:
    """Counts per period with what was to be expected and whether they stand out.

    `data`: a row an event (a mention, a complaint) dated by `time`. Every period from the first to the last counts, with 0 where
    nothing happened. Expected = mean of the `baseline` periods before (28 days, 12 weeks or months), without the spikes
    among them, by weekday where the grain is day and the weekday matters; variance at least that of Poisson, more where
    counts vary more (negative binomial). `p`: chance of a count as high; `spike`: p adjusted by Benjamini and Hochberg
    within the series below `rate`, and at least 3 events; `drop` likewise for counts as low. The first seven periods (or the baseline,
    where shorter) have no expectation. With `by` each value is a series of its own. Source: Farrington et al., JRSS A 159 (1996),
    simplified.
    """
    if grain not in GRAINS:
        raise MeasureError(f"expected one of the grains {', '.join(GRAINS)}", f"found {grain!r}", "choose one")
    table = checked(as_table(data), (time, *([by] if by else [])))
    if not (table[time].type().is_timestamp() or table[time].type().is_date()):
        raise MeasureError(f"{time} must hold moments", f"it holds {table[time].type()}", "choose another column")
    table = (scope or Scope()).during(table.filter(table[time].notnull()), time)
    keys = {"period": table[time].truncate(GRAINS[grain])} | ({by: table[by].cast("string").fill_null("(not given)")} if by else {})
    counted: pd.DataFrame = table.group_by(**keys).aggregate(n=table.count()).to_pandas()
    return of_counts(counted, by, grain=grain, baseline=baseline, rate=rate)


def of_counts(counted: pd.DataFrame, by: str | None = None, *, grain: str = "day", baseline: int | None = None, rate: float = 0.01) -> pd.DataFrame:
    """The same from counts: columns period (its first day), n, and `by` where given; periods without a row count as 0."""
    columns = [*([by] if by else []), *COLUMNS]
    if counted.empty:
        return pd.DataFrame(columns=columns)
    counted = counted.copy()
    counted["period"] = pd.to_datetime(counted["period"])
    if counted["period"].dt.tz is not None:
        counted["period"] = counted["period"].dt.tz_convert("UTC").dt.tz_localize(None)
    step = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}[grain]
    whole = pd.date_range(counted["period"].min(), counted["period"].max(), freq=step)
    length = baseline or BASELINE[grain]
    parts = []
    for name, part in counted.groupby(by) if by else [(None, counted)]:
        series = part.set_index("period")["n"].reindex(whole, fill_value=0)
        found = _judged(series, length, grain == "day", rate)
        parts.append(found.assign(**{by: name}) if by else found)
    return pd.concat(parts, ignore_index=True)[columns]


def _judged(series: pd.Series, length: int, weekly: bool, rate: float) -> pd.DataFrame:
    n = series.to_numpy(dtype=float)
    shape = _weekday(series) if weekly else np.ones(len(n))
    level = n / shape
    expected, variance, clean = np.full(len(n), np.nan), np.full(len(n), np.nan), n.copy() / shape
    need = min(FEWEST, length)
    p = np.full(len(n), np.nan)
    for i in range(need, len(n)):
        window = clean[max(i - length, 0) : i]
        centre = float(window.mean())
        expected[i] = centre * shape[i]
        # one part in the number of periods more, as the mean is itself an estimate
        spread = max(float(window.var(ddof=1)) if len(window) > 1 else 0.0, centre) * shape[i]
        variance[i] = max(spread * (1 + 1 / len(window)), 0.05)
        p[i] = _tail(n[i], max(expected[i], 0.05), variance[i])
        if p[i] < 0.001:
            clean[i] = centre  # what stands out does not become the usual
        else:
            clean[i] = level[i]
    low = np.array([_tail(x, max(m, 0.05), v, below=True) if np.isfinite(m) else np.nan for x, m, v in zip(n, expected, variance, strict=True)])
    known = np.isfinite(p)
    adjusted, adjusted_low = p.copy(), low.copy()
    if known.any():
        adjusted[known], adjusted_low[known] = stats.false_discovery_control(p[known]), stats.false_discovery_control(low[known])
    high = np.array([_quantile(m, v, 1 - rate) if np.isfinite(m) else np.nan for m, v in zip(expected, variance, strict=True)])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, n / expected, np.nan)
        spike, drop = (adjusted < rate) & (n >= 3), adjusted_low < rate
    return pd.DataFrame(
        {"period": series.index, "n": n.astype(int), "expected": expected, "high": high, "ratio": ratio, "p": p, "spike": spike, "drop": drop}
    )


def _weekday(series: pd.Series) -> Any:
    """Share of each weekday, 1 on average, from medians; all 1 where there are fewer than four weeks or the weekday makes no difference."""
    index = pd.DatetimeIndex(series.index)
    days = index.dayofweek.to_numpy()
    n = series.to_numpy(dtype=float)
    if len(n) < 28 or np.ptp(n) == 0 or stats.kruskal(*[n[days == d] for d in range(7)]).pvalue > 0.01:
        return np.ones(len(n))
    typical = np.array([np.mean(np.sort(n[days == d])[: max(int(0.9 * (days == d).sum()), 1)]) for d in range(7)])
    typical = np.maximum(typical, 0.05 * typical.max())
    return (typical / typical.mean())[days]


def _law(mean: float, variance: float) -> Any:
    if variance <= mean * (1 + 1e-9):
        return stats.poisson(mean)
    return stats.nbinom(mean**2 / (variance - mean), mean / variance)


def _tail(x: float, mean: float, variance: float, below: bool = False) -> float:
    law = _law(mean, variance)
    return float(law.cdf(x)) if below else float(law.sf(x - 1))


def _quantile(mean: float, variance: float, q: float) -> float:
    return float(_law(max(mean, 0.05), variance).ppf(q))
