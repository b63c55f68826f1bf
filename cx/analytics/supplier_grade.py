"""One grade for a supplier from defects, punctuality, audit and response, with weights that are seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cx.errors import MeasureError

PARTS = ("defects", "on_time", "audit", "response")
WEIGHTS = {"defects": 40.0, "on_time": 30.0, "audit": 15.0, "response": 15.0}
GRADES = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (0.0, "D"))
WORST = 5.0  # times the allowed defects at which the part scores nothing


@dataclass(frozen=True)
class Grade:
    """`score` from 0 to 100 and its letter; `parts` the score of each part, None where it is not known; `weights` as used."""

    score: float | None
    letter: str
    parts: Mapping[str, float | None]
    weights: Mapping[str, float]
    missing: tuple[str, ...] = ()


def defect_score(ppm: float | None, allowed: float) -> float | None:
    """100 up to the allowed defects per million, falling evenly to 0 at five times as many.

    >>> defect_score(400, 500), defect_score(1500, 500), defect_score(9000, 500)
    (100.0, 50.0, 0.0)
    """
    if ppm is None:
        return None
    if allowed <= 0:
        return 100.0 if ppm <= 0 else 0.0
    return 100 * min(max((WORST - ppm / allowed) / (WORST - 1), 0.0), 1.0)


def supplier_grade(parts: Mapping[str, float | None], weights: Mapping[str, float] = WEIGHTS) -> Grade:
    """Weighted mean of the part scores (0 to 100) over the parts that are known: sum w s / sum w.

    A part that is not known takes its weight with it, and is named in `missing`. A from 90, B from 80, C from 70.
    Raises MeasureError for a negative weight, or where no part has one.

    >>> g = supplier_grade({"defects": 50.0, "on_time": 90.0, "audit": None, "response": 80.0})
    >>> round(g.score, 1), g.letter, g.missing
    (69.4, 'D', ('audit',))
    """
    if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
        raise MeasureError("weights must not be negative, and one at least above 0", f"found {dict(weights)}", "correct them")
    known = {name: value for name in PARTS if (value := parts.get(name)) is not None and weights.get(name, 0) > 0}
    missing = tuple(name for name in PARTS if parts.get(name) is None and weights.get(name, 0) > 0)
    total = sum(weights[name] for name in known)
    if not total:
        return Grade(None, "", dict(parts), dict(weights), missing)
    score = sum(weights[name] * value for name, value in known.items()) / total
    return Grade(score, next(letter for least, letter in GRADES if score >= least), dict(parts), dict(weights), missing)
