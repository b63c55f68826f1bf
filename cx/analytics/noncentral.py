"""How large an effect may be, read off the distribution that a test statistic follows where there is one."""

from __future__ import annotations

from collections.abc import Callable

from scipy import stats
from scipy.optimize import brentq

from cx.analytics.estimate import CONFIDENCE
from cx.analytics.finding import ALPHA


def _bounds(below: Callable[[float], float], statistic: float) -> tuple[float, float]:
    """The two noncentralities at which the statistic would lie at the upper and the lower end of its 95 % range; 0 where there is none."""
    tail = (1 - CONFIDENCE) / 2
    top = 4.0 * statistic + 100.0
    ends = (brentq(lambda x, p=p: below(x) - p, 0.0, top) if below(0.0) > p else 0.0 for p in (1 - tail, tail))
    low, high = ends
    return float(low), float(high)


def chi_square(statistic: float, df: float) -> tuple[float, float]:
    """The 95 % interval of the noncentrality of a chi-square statistic, by inverting its distribution.

    lambda with P(X > statistic) = 2.5 % and 97.5 %, X noncentral chi-square with `df` degrees of freedom; a lower end of 0 where
    no effect would explain it. Source: Smithson, Confidence Intervals (2003), chapter 4.

    >>> tuple(round(x, 1) for x in chi_square(8.0, 2))
    (0.2, 21.6)
    """
    return _bounds(lambda x: float(stats.ncx2.cdf(statistic, df, x)) if x else float(stats.chi2.cdf(statistic, df)), statistic)


def f_ratio(statistic: float, above: float, below: float) -> tuple[float, float]:
    """The 95 % interval of the noncentrality of an F statistic with `above` and `below` degrees of freedom, as for `chi_square`."""
    return _bounds(lambda x: float(stats.ncf.cdf(statistic, above, below, x)) if x else float(stats.f.cdf(statistic, above, below)), above * statistic)


def power(noncentrality: float, df: float) -> float:
    """The chance that a chi-square test at 5 % finds an effect of this noncentrality.

    >>> round(power(0.0, 3), 2), power(40.0, 3) > 0.99
    (0.05, True)
    """
    edge = float(stats.chi2.isf(ALPHA, df))
    return float(stats.ncx2.sf(edge, df, noncentrality)) if noncentrality > 0 else ALPHA
