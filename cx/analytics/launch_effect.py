"""What a launch did: before and after against a control group that did not get it, and how adoption grew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scipy import stats

from cx.analytics.estimate import Z95, Difference, Estimate
from cx.analytics.interval import proportion


def launch_effect(treated_before: Estimate, treated_after: Estimate, control_before: Estimate, control_after: Estimate) -> Difference:
    """Difference in differences of four independent estimates of one measure.

    effect = (treated after - treated before) - (control after - control before), on the points their tests use;
    se^2 = the sum of the four squared standard errors; p two-sided from the normal. No value where one of the four has
    none, no interval where one has no standard error. It is the effect of the launch only if both groups would have
    moved alike without it. Source: Angrist & Pischke, Mostly Harmless Econometrics, ch. 5.2.

    >>> e = [Estimate(v, se=1.0) for v in (10, 18, 10, 12)]
    >>> d = launch_effect(*e)
    >>> d.value, round(d.p, 4)
    (6, 0.0027)
    """
    cells = (treated_before, treated_after, control_before, control_after)
    signs = (-1, 1, 1, -1)
    if any(cell.value is None for cell in cells):
        return Difference(None, unit=treated_after.unit)
    value = sum(sign * (cell.value or 0) for sign, cell in zip(signs, cells, strict=True))
    if any(cell.se is None for cell in cells):
        return Difference(value, unit=treated_after.unit)
    point = sum(sign * ((cell.center if cell.center is not None else cell.value) or 0) for sign, cell in zip(signs, cells, strict=True))
    se = math.sqrt(sum((cell.se or 0) ** 2 for cell in cells))
    if se == 0:
        return Difference(value, value, value, None, None, treated_after.unit)
    z = point / se
    return Difference(value, point - Z95 * se, point + Z95 * se, z, float(2 * stats.norm.sf(abs(z))), treated_after.unit)


@dataclass(frozen=True)
class Adopted:
    """One day of an adoption curve: days since the launch, customers who have adopted by then, and their share."""

    day: int
    adopters: int
    share: Estimate


def adoption_curve(first_uses: Sequence[date], launch: date, eligible: int, until: date) -> list[Adopted]:
    """Cumulative share of the eligible customers who have used it, day by day from the launch to `until`, included.

    `first_uses`: the day of each customer's first use; those before the launch had it already and do not count.
    `eligible`: how many could have; Wilson's interval. Raises nothing: more adopters than eligible count as all.

    >>> curve = adoption_curve([date(2026, 1, 2), date(2026, 1, 3)], date(2026, 1, 1), 4, date(2026, 1, 3))
    >>> [(c.day, c.adopters, c.share.value) for c in curve]
    [(0, 0, 0.0), (1, 1, 25.0), (2, 2, 50.0)]
    """
    counted: dict[int, int] = {}
    for when in first_uses:
        if launch <= when <= until:
            counted[(when - launch).days] = counted.get((when - launch).days, 0) + 1
    found, total = [], 0
    for day in range(max((until - launch).days + 1, 0)):
        total += counted.get(day, 0)
        found.append(Adopted(day, total, proportion(min(total, eligible), eligible)))
    return found
