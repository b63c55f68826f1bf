"""Why a mean, share or score moved: because its parts moved, or because the parts are mixed differently now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from cx.errors import MeasureError


@dataclass(frozen=True)
class Part:
    """What one group adds to the change: through its share of the whole (`mix`) and through its own value (`rate`)."""

    mix: float
    rate: float


@dataclass(frozen=True)
class Decomposition:
    """`change` = `mix` + `rate`, each the sum over `parts`."""

    change: float
    mix: float
    rate: float
    parts: Mapping[Hashable, Part]


def decompose(before: Mapping[Hashable, tuple[float, float]], after: Mapping[Hashable, tuple[float, float]]) -> Decomposition:
    """Split the change of a weighted mean into mix and rate, after Kitagawa.

    `before` and `after`: group -> (weight, value); the whole is sum(weight value) / sum(weight). With s the share of a
    group's weight, its mix is (s1 - s0) ((v0 + v1) / 2 - V), V being the mean of the two whole values, and its rate is
    (v1 - v0) (s0 + s1) / 2. Taking V off changes no total, as shares add up to one, and lets a part say whether a growing group pulls
    up or down. A group that exists in one period only has no change of its own: all it adds is mix. mix + rate is the
    change, exactly but for rounding. Holds for every score that is a mean over rows: NPS too, where a row is worth -100, 0 or 100.
    Source: Kitagawa, Components of a difference between two rates, JASA 50 (1955).
    Raises MeasureError where a period has no weight, or a weight is negative.

    >>> d = decompose({"a": (50, 80.0), "b": (50, 40.0)}, {"a": (25, 80.0), "b": (75, 40.0)})
    >>> d.change, d.mix, d.rate
    (-10.0, -10.0, 0.0)
    """
    sums = [sum(weight for weight, _ in groups.values()) for groups in (before, after)]
    if min(sums) <= 0 or any(weight < 0 for groups in (before, after) for weight, _ in groups.values()):
        raise MeasureError("both periods need groups of positive weight", f"the weights add up to {sums[0]:g} and {sums[1]:g}", "choose periods with data")
    whole = [sum(weight * value for weight, value in groups.values()) / total for groups, total in zip((before, after), sums, strict=True)]
    middle = (whole[0] + whole[1]) / 2
    parts: dict[Hashable, Part] = {}
    for name in dict.fromkeys((*before, *after)):
        weights = [groups.get(name, (0.0, 0.0))[0] / total for groups, total in zip((before, after), sums, strict=True)]
        if not any(weights):
            continue
        first, last = (groups[name][1] if name in groups and groups[name][0] > 0 else None for groups in (before, after))
        v0, v1 = first if first is not None else last or 0.0, last if last is not None else first or 0.0
        parts[name] = Part((weights[1] - weights[0]) * ((v0 + v1) / 2 - middle), (v1 - v0) * (weights[0] + weights[1]) / 2)
    return Decomposition(whole[1] - whole[0], sum(p.mix for p in parts.values()), sum(p.rate for p in parts.values()), parts)
