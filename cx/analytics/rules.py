"""Rule sets that tell when a control chart signals: Western Electric, with a run of eight, and Nelson, with a run of nine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cx.errors import MeasureError

Standard = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """`found(z, moved)` flags the points at which a pattern is complete.

    `z` is the distance from the centre line in sigma of each point, `moved` its change from the point before.
    `zoned` rules need the zones of one and two sigma, which only a symmetric distribution has.
    """

    name: str
    sentence: str
    zoned: bool
    found: Callable[[Standard, Standard], Flags]


def run(hit: Flags, length: int, least: int | None = None) -> Flags:
    """True where at least `least` (all, where None) of the last `length` are true and the point itself is one of them."""
    least = length if least is None else least
    total = np.concatenate([[0], np.cumsum(hit)])
    ends = np.arange(1, len(hit) + 1)
    inside = total[ends] - total[np.maximum(ends - length, 0)]
    return (inside >= least) & hit & (ends >= least)


def _either(z: Standard, level: float, length: int, least: int | None = None) -> Flags:
    return run(z > level, length, least) | run(z < -level, length, least)


def _alternating(moved: Standard, length: int) -> Flags:
    turn = np.zeros(len(moved), dtype=bool)
    turn[1:] = moved[1:] * moved[:-1] < 0
    return run(turn, length - 2)


def _beyond(z: Standard, moved: Standard) -> Flags:
    return np.abs(z) > 3


BEYOND = Rule("beyond 3 sigma", "one point beyond the control limits", False, _beyond)
TWO_OF_THREE = Rule("2 of 3 beyond 2 sigma", "two of three points beyond two sigma on the same side", True, lambda z, m: _either(z, 2, 3, 2))
FOUR_OF_FIVE = Rule("4 of 5 beyond 1 sigma", "four of five points beyond one sigma on the same side", True, lambda z, m: _either(z, 1, 5, 4))
RUN_OF_EIGHT = Rule("run of 8", "eight points in a row on one side of the centre line", False, lambda z, m: _either(z, 0, 8))
RUN_OF_NINE = Rule("run of 9", "nine points in a row on one side of the centre line", False, lambda z, m: _either(z, 0, 9))
TREND = Rule("6 rising or falling", "six points in a row rising, or falling", False, lambda z, m: run(m > 0, 5) | run(m < 0, 5))
ALTERNATING = Rule("14 alternating", "fourteen points in a row alternating up and down", False, lambda z, m: _alternating(m, 14))
HUGGING = Rule("15 within 1 sigma", "fifteen points in a row within one sigma of the centre line", True, lambda z, m: run(np.abs(z) < 1, 15))
AVOIDING = Rule("8 beyond 1 sigma", "eight points in a row beyond one sigma, on either side", True, lambda z, m: run(np.abs(z) > 1, 8))

RULE_SETS: dict[str, tuple[Rule, ...]] = {
    "western electric": (BEYOND, TWO_OF_THREE, FOUR_OF_FIVE, RUN_OF_EIGHT),
    "nelson": (BEYOND, RUN_OF_NINE, TREND, ALTERNATING, TWO_OF_THREE, FOUR_OF_FIVE, HUGGING, AVOIDING),
    "limits": (BEYOND,),
}


def rule_set(name: str, zones: bool = True) -> tuple[Rule, ...]:
    """The rules of a set; without `zones` (attribute charts) those that need zones are left out.

    Western Electric (Statistical Quality Control Handbook, 1956) has a run of 8; Nelson (Journal of Quality
    Technology 16, 1984) a run of 9. Raises MeasureError where the name is unknown.

    >>> [rule.name for rule in rule_set("western electric", zones=False)]
    ['beyond 3 sigma', 'run of 8']
    """
    if name not in RULE_SETS:
        raise MeasureError(f"expected one of the rule sets {', '.join(RULE_SETS)}", f"found {name!r}", "choose one of them")
    return tuple(rule for rule in RULE_SETS[name] if zones or not rule.zoned)


def signals(z: Sequence[float] | Standard, rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    """For each point the names of the rules it completes.

    `z`: distances from the centre line in sigma; NaN (missing, or no spread to measure with) never signals and
    breaks every pattern across it.

    >>> signals([0.5, 3.2, 0.1], rule_set("nelson"))
    [(), ('beyond 3 sigma',), ()]
    """
    points = np.asarray(z, dtype=float)
    moved = np.full(len(points), np.nan)
    moved[1:] = np.diff(points)
    moved[np.abs(moved) < 1e-12] = 0.0
    with np.errstate(invalid="ignore"):
        found = [(rule.name, rule.found(points, moved)) for rule in rules]
    return [tuple(name for name, flags in found if flags[i]) for i in range(len(points))]
