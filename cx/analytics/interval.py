"""The intervals every measure shares: of a proportion, a mean, a rate."""

from __future__ import annotations

import math

from scipy import special, stats

from cx.analytics.estimate import CONFIDENCE, Z95, Estimate, undefined

UPPER = 0.5 + CONFIDENCE / 2


def proportion(successes: float, n: float, unit: str = "%") -> Estimate:
    """Share of `n` that succeeded, in percent, with Wilson's score interval.

    Changes are tested on Agresti-Caffo's adjusted shares (one success and one failure added).
    Source: Wilson 1927; Agresti & Caffo, The American Statistician 54 (2000).

    >>> e = proportion(84, 100)
    >>> round(e.value, 1), round(e.low, 1), round(e.high, 1)
    (84.0, 75.6, 89.9)
    """
    if not n or n <= 0:
        return undefined("nothing to divide by", unit)
    if not 0 <= successes <= n:
        raise ValueError(f"successes must lie between 0 and n, got {successes} of {n}")
    # written out, as the library's call costs more than the query behind it and every group of every chart asks for it
    share, z2 = successes / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    adjusted = (successes + 1) / (n + 2)
    se = math.sqrt(adjusted * (1 - adjusted) / (n + 2))
    return Estimate(100 * successes / n, 100 * low, 100 * high, int(n), unit, "", 100 * adjusted, 100 * se)


def mean(total: float, squares: float, n: float, unit: str = "", lowest: float = -math.inf, highest: float = math.inf) -> Estimate:
    """Mean from sum, sum of squares and count, with Student's t interval clipped to the scale.

    se = sqrt((squares - total^2/n) / (n - 1) / n), df = n - 1. One observation has no interval and says so.
    """
    if not n or n <= 0:
        return undefined("no observations", unit)
    value = total / n
    if n < 2:
        return Estimate(value, None, None, int(n), unit, "one observation has no interval")
    variance = max(squares - total * total / n, 0.0) / (n - 1)
    if variance <= 1e-12 * max(squares / n, 1e-300):  # what is left is rounding, not spread
        variance = 0.0
    se = math.sqrt(variance / n)
    half = float(special.stdtrit(n - 1, UPPER)) * se
    return Estimate(value, max(value - half, lowest), min(value + half, highest), int(n), unit, "", value, se, n - 1)


def rate(events: float, exposure: float, unit: str = "", per: float = 1.0) -> Estimate:
    """Events per `per` units of exposure, with the exact Poisson interval (Garwood 1936)."""
    if not exposure or exposure <= 0:
        return undefined("no exposure", unit)
    low = float(stats.chi2.ppf(1 - UPPER, 2 * events)) / 2 if events > 0 else 0.0
    high = float(stats.chi2.ppf(UPPER, 2 * (events + 1))) / 2
    scale = per / exposure
    return Estimate(events * scale, low * scale, high * scale, int(events), unit, "", events * scale, math.sqrt(max(events, 0.5)) * scale)
