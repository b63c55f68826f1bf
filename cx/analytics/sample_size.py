"""How many answers a study needs, and what a study of a given size can find."""

from __future__ import annotations

import math

from scipy import stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_effectsize

from cx.analytics.estimate import CONFIDENCE
from cx.errors import MeasureError


def _z(confidence: float) -> float:
    return float(stats.norm.ppf(0.5 + confidence / 2))


def _finite(n: float, population: int | None) -> int:
    return math.ceil(round(n / (1 + (n - 1) / population) if population else n, 9))


def for_share(margin: float, *, share: float = 50.0, population: int | None = None, confidence: float = CONFIDENCE) -> int:
    """Answers needed to know a share to within +-`margin` percentage points.

    n = z^2 p (1 - p) / e^2, and n / (1 + (n - 1) / N) in a population of N. `share` is the expected one; 50 % is the most
    demanding. Raises MeasureError outside 0 to 100. Source: Cochran, Sampling Techniques, ch. 4.

    >>> for_share(5), for_share(5, population=1000), for_share(3)
    (385, 278, 1068)
    """
    if not 0 < margin <= 100 or not 0 <= share <= 100 or (population is not None and population < 1):
        raise MeasureError(
            "margin and share must lie between 0 and 100 and the population above 0", f"found {margin:g} and {share:g}", "correct them"
        )
    p = share / 100
    return max(_finite((_z(confidence) / (margin / 100)) ** 2 * p * (1 - p), population), 1)


def for_mean(margin: float, deviation: float, *, population: int | None = None, confidence: float = CONFIDENCE) -> int:
    """Answers needed to know a mean to within +-`margin`, given the standard deviation: n = (z s / e)^2.

    >>> for_mean(0.5, 2)
    62
    """
    if margin <= 0 or deviation < 0:
        raise MeasureError("the margin must be above 0 and the deviation not below", f"found {margin:g} and {deviation:g}", "correct them")
    return max(_finite((_z(confidence) * deviation / margin) ** 2, population), 1)


def for_nps(
    margin: float, *, promoters: float = 50.0, detractors: float = 20.0, population: int | None = None, confidence: float = CONFIDENCE
) -> int:
    """Answers needed to know a Net Promoter Score to within +-`margin` points, from the expected shares in percent.

    The score is the mean of +1, 0 and -1: variance p + d - (p - d)^2.

    >>> for_nps(5)
    938
    """
    p, d = promoters / 100, detractors / 100
    if min(p, d) < 0 or p + d > 1:
        raise MeasureError("shares of promoters and detractors must add up to at most 100", f"found {promoters:g} and {detractors:g}", "correct them")
    return for_mean(margin, 100 * math.sqrt(p + d - (p - d) ** 2), population=population, confidence=confidence)


def invitations(answers: int, response_rate: float) -> int:
    """Invitations to send for so many answers at a response rate in percent.

    >>> invitations(385, 12.5)
    3080
    """
    if not 0 < response_rate <= 100:
        raise MeasureError("the response rate must lie above 0 and at most 100", f"found {response_rate:g}", "correct it")
    return math.ceil(round(100 * answers / response_rate, 9))


def per_group_for_means(gap: float, deviation: float, *, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0) -> tuple[int, int]:
    """Answers needed in each of two groups to find a difference of means of `gap` with the given power (two-sided t).

    `ratio` = size of the second group / first. Source: Cohen (1988), table 2.4.1: d 0.5, power 0.8: 64 a group.

    >>> per_group_for_means(0.5, 1)
    (64, 64)
    """
    if gap == 0 or deviation <= 0 or not 0 < power < 1 or ratio <= 0:
        raise MeasureError("expected a difference other than 0, a deviation above 0 and a power between 0 and 1", "found others", "correct them")
    n = float(TTestIndPower().solve_power(abs(gap) / deviation, None, alpha, power, ratio))
    return math.ceil(n), math.ceil(n * ratio)


def per_group_for_shares(first: float, second: float, *, power: float = 0.8, alpha: float = 0.05) -> int:
    """Answers needed in each of two groups to tell two shares in percent apart (arcsine approximation, two-sided).

    >>> per_group_for_shares(40, 50)
    388
    """
    if first == second or not (0 < first < 100 and 0 < second < 100):
        raise MeasureError("expected two different shares between 0 and 100", f"found {first:g} and {second:g}", "correct them")
    return math.ceil(NormalIndPower().solve_power(abs(proportion_effectsize(first / 100, second / 100)), None, alpha, power))


def power_for_means(gap: float, deviation: float, first: int, second: int, alpha: float = 0.05) -> float:
    """Chance of finding a difference of means of `gap` with groups of these sizes (two-sided t).

    >>> round(power_for_means(0.5, 1, 64, 64), 2)
    0.8
    """
    if min(first, second) < 2 or deviation <= 0:
        raise MeasureError("each group needs two or more and the deviation must be above 0", f"found {first} and {second}", "correct them")
    return float(TTestIndPower().power(abs(gap) / deviation, first, alpha, second / first))


def smallest_gap(deviation: float, first: int, second: int, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest difference of means that groups of these sizes find with the given power.

    >>> round(smallest_gap(1, 64, 64), 2)
    0.5
    """
    if min(first, second) < 2 or deviation <= 0:
        raise MeasureError("each group needs two or more and the deviation must be above 0", f"found {first} and {second}", "correct them")
    return float(TTestIndPower().solve_power(None, first, alpha, power, second / first)) * deviation
