"""Which step of the blueprint is best worked on next: low maturity where the numbers are weak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cx.analytics.estimate import Estimate

MOST = 5
CLEAR, UNCLEAR, MET = 1.0, 0.5, 0.0


@dataclass(frozen=True)
class Worth:
    """`gap`: levels missing to the level wanted. `weak`: mean weakness of the KPIs, 0 to 1, None where none can be judged. `points` = gap x weak."""

    gap: int
    weak: float | None
    points: float


def weakness(estimate: Estimate, target: float | None, better: str) -> float | None:
    """How weak a KPI is against its target: 1 where the 95 % interval lies wholly on the wrong side, 0.5 where the value
    misses but the interval reaches the target (or has no ends), 0 where it is met; None where it cannot be judged.

    >>> weakness(Estimate(70, 66, 74), 75, "higher"), weakness(Estimate(70, 60, 80), 75, "higher"), weakness(Estimate(3, 2, 4), 5, "lower")
    (1.0, 0.5, 0.0)
    """
    if estimate.value is None or target is None or better not in ("higher", "lower"):
        return None
    if estimate.value >= target if better == "higher" else estimate.value <= target:
        return MET
    end = estimate.high if better == "higher" else estimate.low
    if end is None:
        return UNCLEAR
    return CLEAR if (end < target if better == "higher" else end > target) else UNCLEAR


def worth(level: int | None, wanted: int | None, weak: Sequence[float | None]) -> Worth:
    """What working on a step promises: levels missing times mean weakness of its KPIs.

    A step nobody assessed counts as level 0; the level wanted is 5 where none is given.

    >>> worth(2, 4, [1.0, 0.5, None])
    Worth(gap=2, weak=0.75, points=1.5)
    """
    judged = [w for w in weak if w is not None]
    gap = max((MOST if wanted is None else wanted) - (level or 0), 0)
    mean = sum(judged) / len(judged) if judged else None
    return Worth(gap, mean, gap * (mean or 0.0))
