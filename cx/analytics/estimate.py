"""An estimate is a number that keeps its uncertainty; a difference is two of them compared."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy import special, stats

CONFIDENCE = 0.95
Z95 = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, the number of observations behind it, its unit and what to beware of.

    `value` is None where it is not defined (a zero denominator, nobody answered); `warning` then says why.
    `center` and `se` are the point and standard error that tests of change use; they may differ from `value`
    where the interval is an adjusted one (adjusted Wald, Agresti-Caffo). `df` are the degrees of freedom of `se`.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    unit: str = ""
    warning: str = ""
    center: float | None = None
    se: float | None = None
    df: float = math.inf

    def warned(self, text: str) -> Estimate:
        """The same estimate with one more warning."""
        return replace(self, warning=f"{self.warning}; {text}" if self.warning else text)


@dataclass(frozen=True)
class Difference:
    """The change from one estimate to another: raw `value`, 95 % interval, test statistic and two-sided p.

    `p` is None where no test is possible. `low` and `high` are around the tested (adjusted) difference.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    p: float | None = None
    unit: str = ""

    @property
    def significant(self) -> bool:
        """Whether p < 0.05."""
        return self.p is not None and self.p < 1 - CONFIDENCE


def undefined(reason: str, unit: str = "", n: int = 0) -> Estimate:
    """The estimate of something that has no value, with the reason."""
    return Estimate(None, None, None, int(n), unit, reason)


def difference(before: Estimate, after: Estimate) -> Difference:
    """Change between two independent estimates.

    value = after - before; z = (center_after - center_before) / sqrt(se_before^2 + se_after^2); p two-sided from
    the normal, or from t with Welch-Satterthwaite degrees of freedom where both have finite `df`.

    >>> from cx.analytics.nps import nps_of_counts
    >>> change = difference(nps_of_counts(60, 25, 15), nps_of_counts(70, 20, 10))
    >>> round(change.value, 1), round(change.z, 3), round(change.p, 3)
    (15.0, 1.475, 0.14)
    """
    if before.value is None or after.value is None:
        return Difference(None, unit=after.unit)
    value = after.value - before.value
    if before.se is None or after.se is None:
        return Difference(value, unit=after.unit)
    point = (after.center if after.center is not None else after.value) - (before.center if before.center is not None else before.value)
    spread = math.hypot(before.se, after.se)
    if not math.isfinite(spread):
        return Difference(value, unit=after.unit)
    if spread == 0:
        return Difference(value, value, value, None, 1.0 if value == 0 else 0.0, after.unit)
    df = math.inf
    if math.isfinite(before.df) and math.isfinite(after.df) and min(before.df, after.df) > 0:
        df = spread**4 / (before.se**4 / before.df + after.se**4 / after.df)
    z = point / spread
    # the special functions behind scipy's distributions, without the checks that cost more than they do
    if math.isinf(df):
        half, p = Z95 * spread, math.erfc(abs(z) / math.sqrt(2))
    else:
        half, p = float(special.stdtrit(df, 0.5 + CONFIDENCE / 2)) * spread, float(2 * special.stdtr(df, -abs(z)))
    return Difference(value, point - half, point + half, z, p, after.unit)
