"""When a level changed: the most likely day of a single step in a series of counts and sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cx.analytics.estimate import Estimate, difference

# sup-Wald statistic of one change anywhere in the inner 70 % of the series, 5 % level (Andrews, Econometrica 71, 2003, table 1)
CRITICAL = 8.68
EDGE = 0.15
ALIKE = float(stats.chi2.ppf(0.95, 1))
WIDEST = 42

Statistics = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class ChangePoint:
    """`day` is the first day of the new level; days from `low` to `high` fit almost as well. `z` tests the two levels."""

    day: date
    low: date
    high: date
    z: float


def change_point(days: Sequence[date], statistics: Statistics, estimate: Callable[[Mapping[str, float]], Estimate], direction: int = 0) -> ChangePoint | None:
    """The day from which a measure stands at another level, or None where that is not clear.

    `days` ascend; `statistics` holds for each day the sufficient statistics, which must add up; `estimate` is the
    measure's own. Each day in the inner 70 % is tried as the border: all before against all after, as two estimates.
    The day with the largest |z| is the most likely one where errors are independent. It is clear where z^2 exceeds
    Andrews' critical value, the step goes in the `direction` asked for (1 up, -1 down, 0 either), and the days whose
    z^2 is within 3.84 of the best span six weeks at most. A slow drift is therefore not given a date.
    """
    if len(days) < 20:
        return None
    cumulated = {name: np.cumsum(values) for name, values in statistics.items()}
    first, last = int(len(days) * EDGE), int(len(days) * (1 - EDGE))
    step = max(1, (last - first) // 40)
    tried: dict[int, float] = {}

    def z_at(i: int) -> float:
        if i not in tried:
            before = estimate({name: float(c[i - 1]) for name, c in cumulated.items()})
            after = estimate({name: float(c[-1] - c[i - 1]) for name, c in cumulated.items()})
            z = difference(before, after).z
            tried[i] = 0.0 if z is None or (direction and z * direction < 0) else z
        return tried[i]

    coarse = max(range(first, last, step), key=lambda i: abs(z_at(i)))
    best = max(range(max(first, coarse - 2 * step), min(last, coarse + 2 * step + 1)), key=lambda i: abs(z_at(i)))
    z = z_at(best)
    if z * z < CRITICAL:
        return None
    close = [i for i, other in tried.items() if other * other > z * z - ALIKE]
    low, high = days[min(close)], days[max(close)]
    if high - low > timedelta(days=WIDEST):
        return None
    return ChangePoint(days[best], low, high, z)
