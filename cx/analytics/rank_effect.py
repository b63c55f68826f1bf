"""What tests on ranks leave open: how large the effect may be, and the chance to find one as large."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from cx.analytics.estimate import Z95, Estimate
from cx.analytics.finding import Values


def biserial(a: Values, b: Values) -> Estimate:
    """The rank-biserial correlation: how much more often a value of `b` exceeds one of `a` than falls short of it, -1 to 1.

    r = 2 A - 1 with A = U / (n1 n2), ties counting half; interval from DeLong's variance of A, clipped to -1 to 1; no interval
    where the groups do not overlap, since the variance is then 0. Source: DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988).
    """
    n1, n2 = len(a), len(b)
    whole = stats.rankdata(np.concatenate([a, b]))
    over = (whole[n1:] - stats.rankdata(b)) / n1  # the share of `a` below each value of `b`
    under = 1 - (whole[:n1] - stats.rankdata(a)) / n2
    r = float(2 * over.mean() - 1)
    se = 2 * math.sqrt(float(over.var(ddof=1)) / n2 + float(under.var(ddof=1)) / n1)
    if se == 0:
        return Estimate(r, n=n1 + n2)
    return Estimate(r, max(r - Z95 * se, -1.0), min(r + Z95 * se, 1.0), n1 + n2, "", "", r, se)


def power_of_two(r: float, first: int, second: int) -> float:
    """The chance that the rank-sum test at 5 % finds a rank-biserial correlation of `r` in groups of these sizes.

    Normal approximation by Noether, Journal of the American Statistical Association 82 (1987): P(X < Y) = (1 + r) / 2.

    >>> round(power_of_two(0.4, 27, 27), 2)
    0.72
    """
    share = first / (first + second)
    return _power(math.sqrt(12 * share * (1 - share) * (first + second)) * abs(r) / 2)


def power_of_pairs(r: float, pairs: int) -> float:
    """The chance that the signed-rank test at 5 % finds a matched-pairs rank-biserial correlation of `r` in so many pairs.

    Noether (1987): the probability that the sum of two differences is positive taken as (1 + r) / 2.
    """
    return _power(math.sqrt(3 * pairs) * abs(r) / 2)


def of_pairs(r: float, pairs: int) -> Estimate:
    """A matched-pairs rank-biserial correlation with its interval: Fisher's z with the spread of the signed rank sum.

    se = sqrt((2 n^3 + 3 n^2 + n) / 6) / ((n^2 + n) / 2); no interval where all pairs point one way.
    """
    if abs(r) >= 1:
        return Estimate(r, n=pairs)
    se = math.sqrt((2 * pairs**3 + 3 * pairs**2 + pairs) / 6) / ((pairs**2 + pairs) / 2)
    return Estimate(r, math.tanh(math.atanh(r) - Z95 * se), math.tanh(math.atanh(r) + Z95 * se), pairs)


def _power(shift: float) -> float:
    return float(stats.norm.sf(Z95 - shift) + stats.norm.cdf(-Z95 - shift))
