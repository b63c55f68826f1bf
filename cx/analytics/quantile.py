"""Medians and other quantiles with an interval that assumes no distribution, computed where the rows are.

The engine ranks the values and returns eight of them: the two around the quantile and three candidates for either end
of the interval. Which candidate is right is the binomial distribution's business, and decided here.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy import stats

from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.interval import UPPER
from cx.analytics.measure import Statistics, groups

SPAN = (-1, 0, 1)


def quantile_table(table: ir.Table, value: ir.NumericValue, by: tuple[str, ...], time: str | None, q: float) -> ir.Table:
    """One row a group: n, missing and the order statistics that `quantile_estimate` needs. Missing values are counted apart."""
    base = table.select(**groups(table, by, time), _v=value.cast("float64"))
    if not by:
        base = base.mutate(_all=ibis.literal(1))
    cell = list(by) or ["_all"]
    ranked = base.mutate(
        _rank=ibis.row_number().over(ibis.window(group_by=cell, order_by=[base["_v"].asc(nulls_first=False)])) + 1,
        _n=base["_v"].count().over(ibis.window(group_by=cell)),
    )
    n = ranked["_n"].cast("float64")
    rank = ranked["_rank"]
    lower, upper = _ends(n, q)
    picks = {"at0": ((n - 1) * q).floor() + 1}
    picks["at1"] = picks["at0"] + 1
    picks |= {f"low{k}": lower + d for k, d in enumerate(SPAN)} | {f"high{k}": upper + d for k, d in enumerate(SPAN)}
    chosen = {name: ibis.ifelse(rank == pick.cast("int64"), ranked["_v"], ibis.null("float64")).max() for name, pick in picks.items()}
    counts = {"n": ranked["_v"].count(), "missing": ranked["_v"].isnull().sum().fill_null(0)}
    return ranked.group_by(*by).aggregate(**counts, **chosen) if by else ranked.aggregate(**counts, **chosen)


def _ends(n: ir.NumericValue, q: float) -> tuple[ir.NumericValue, ir.NumericValue]:
    """Ranks of the interval's ends to within one, by Cornish and Fisher's expansion of the binomial."""
    spread = (n * q * (1 - q)).sqrt() * Z95
    skew = (1 - 2 * q) * (Z95**2 - 1) / 6
    return (n * q - spread + skew).floor(), (n * q + spread + skew).floor() + 1


def ranks(n: int, q: float = 0.5) -> tuple[int, int]:
    """Ranks (from 1) of the order statistics that enclose the q-quantile with at least 95 %; 0 or n + 1 where there is none.

    With B binomial(n, q): the largest l with P(B < l) <= 2.5 % and the smallest u with P(B >= u) <= 2.5 %.
    Source: Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2; Hahn & Meeker, Statistical Intervals.

    >>> ranks(10), ranks(5), ranks(100, 0.9)
    ((2, 9), (0, 6), (84, 96))
    """
    return int(stats.binom.ppf(1 - UPPER, n, q)), int(stats.binom.ppf(UPPER, n, q)) + 1


def quantile_estimate(row: Statistics, q: float, unit: str = "", scale: float = 1.0, what: str = "observations") -> Estimate:
    """The quantile (linear between order statistics, as NumPy does) with its distribution-free 95 % interval.

    An end that so few values cannot give is None and a warning says so. `se` is (high - low) / (2 * 1.96), for tests of
    change (McKean & Schrader, Communications in Statistics B 13, 1984).
    """
    n = int(row.get("n") or 0)
    if n == 0:
        return undefined(f"no {what}", unit)
    position = (n - 1) * q
    first, second = row["at0"], row["at1"]
    value = first if second is None else first + (position - math.floor(position)) * (second - first)
    low_rank, high_rank = ranks(n, q)
    spread = Z95 * math.sqrt(n * q * (1 - q))
    skew = (1 - 2 * q) * (Z95**2 - 1) / 6
    low = _pick(row, "low", low_rank, math.floor(n * q - spread + skew), n)
    high = _pick(row, "high", high_rank, math.floor(n * q + spread + skew) + 1, n)
    low, high = (None if end is None else end * scale for end in (low, high))
    se = (high - low) / (2 * Z95) if low is not None and high is not None else None
    warning = "" if se is not None else f"{n} {what} are too few for {'a two-sided' if low is not None or high is not None else 'an'} interval"
    return Estimate(value * scale, low, high, n, unit, warning, value * scale, se)


def _pick(row: Statistics, end: str, rank: int, guess: int, n: int) -> float | None:
    if not 1 <= rank <= n:
        return None
    found = row.get(f"{end}{min(max(rank - guess, -1), 1) + 1}")
    return None if found is None else float(found)


def quantile(values: object, q: float = 0.5, unit: str = "") -> Estimate:
    """A quantile of plain numbers with the same interval; missing values are left out.

    >>> e = quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    >>> e.value, e.low, e.high
    (5.5, 2.0, 9.0)
    """
    known = np.sort(np.asarray(values, dtype=float).ravel())
    known = known[np.isfinite(known)]
    n = len(known)
    if n == 0:
        return undefined("no observations", unit)
    low_rank, high_rank = ranks(n, q)
    low = float(known[low_rank - 1]) if low_rank >= 1 else None
    high = float(known[high_rank - 1]) if high_rank <= n else None
    value = float(np.quantile(known, q))
    se = (high - low) / (2 * Z95) if low is not None and high is not None else None
    warning = "" if se is not None else f"{n} observations are too few for {'a two-sided' if low is not None or high is not None else 'an'} interval"
    return Estimate(value, low, high, n, unit, warning, value, se)
