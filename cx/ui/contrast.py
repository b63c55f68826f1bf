"""Two personas or segments on the same journey: each difference with its interval, tested, and corrected for being many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from cx import scorecard
from cx.analytics.comparison import two_groups
from cx.analytics.estimate import Estimate, difference
from cx.analytics.interval import mean
from cx.analytics.multiplicity import adjusted
from cx.blueprint.catalogue import kpi
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.scorecard import Reading
from cx.ui.funnels import Question, answers, hours
from cx.ui.remember import each, remembered

SCORES = ("nps", "csat", "ease")
PLACED = ("csat", "ease")


@dataclass(frozen=True)
class Line:
    """One comparison: what, both sides, second minus first with p as tested and corrected; hidden where a group is small."""

    what: str
    unit: str
    first: Estimate
    second: Estimate
    gap: float | None
    low: float | None
    high: float | None
    p: float | None
    corrected: float | None = None
    hidden: bool = False

    @property
    def significant(self) -> bool:
        """Whether the difference stands after the correction."""
        return self.corrected is not None and self.corrected < 0.05


@remembered
def lines(now: Revision, filters: Filters, column: str, first: str, second: str, question: Question, places: tuple[str, ...], until: datetime | None) -> tuple[Line, ...]:
    """NPS, satisfaction and ease in all and by touchpoint, conversion of the funnel, and time to get through it.

    Scores and conversion by the z-test of two estimates, times by Welch or Mann-Whitney; p corrected after Holm. Scores of
    both sides are read at once, as a breakdown by `column` is, so that the rule for small groups hides what it hides there.
    """
    both = filters.narrowed(column, first, second)
    sides = [filters.narrowed(column, name) for name in (first, second)]
    scores = [partial(scorecard.read, key, both, (column,), now=now) for key in SCORES]
    placed = [partial(scorecard.read, key, both, (column, "touchpoint"), now=now) for key in PLACED]
    through = [*(partial(answers, now, side, question, "", until) for side in sides), *(partial(hours, now, side, question) for side in sides)] if len(question.steps) > 1 else []
    asked: list[Any] = [*scores, *placed, *through]
    answered = iter(each(lambda one: one(), asked))
    found: list[Line] = []
    for key in SCORES:
        read = {r.key(column): r for r in next(answered)}
        nobody = Reading(key, (), Estimate(None, None, None, 0, kpi(key).unit, "nobody answered"))
        found.append(_line(kpi(key).title, kpi(key).unit, read.get(first, nobody), read.get(second, nobody)))
    for key in PLACED:
        by = {(r.key(column), r.key("touchpoint")): r for r in next(answered)}
        said = "satisfied" if key == "csat" else "ease"
        found += [_line(f"{place}: {said}", kpi(key).unit, by[first, place], by[second, place]) for place in places if (first, place) in by and (second, place) in by]
    if through:
        c, d = (next(answered)[0].conversion for _ in sides)
        gap = difference(c, d)
        found.append(Line(f"{question.steps[0]} → {question.steps[-1]}", "%", c, d, gap.value, gap.low, gap.high, gap.p))
        found.append(_times(question, next(answered), next(answered)))
    tested = [i for i, f in enumerate(found) if f.p is not None]
    if tested:
        corrected = adjusted([found[i].p or 0.0 for i in tested])
        for i, p in zip(tested, corrected, strict=True):
            found[i] = Line(**{**found[i].__dict__, "corrected": p})
    return tuple(found)


def _line(what: str, unit: str, first: Reading, second: Reading) -> Line:
    a, b = first.estimate, second.estimate
    if first.hidden or second.hidden or min(a.n, b.n) < 5:
        return Line(what, unit, a, b, None, None, None, None, hidden=True)
    gap = difference(a, b)
    return Line(what, unit, a, b, gap.value, gap.low, gap.high, gap.p)


def _times(question: Question, *hours: tuple[float, ...]) -> Line:
    values = [np.asarray(side, dtype=float) for side in hours]
    what = f"Time from {question.steps[0]} to {question.steps[-1]}"
    a, b = (mean(float(v.sum()), float((v * v).sum()), len(v), "hours", 0.0) if len(v) else Estimate(None, unit="hours", warning="nobody got there") for v in values)
    if min(len(v) for v in values) < 5:
        return Line(what, "hours", a, b, None, None, None, None, hidden=True)
    found = two_groups(values[0], values[1], ("first", "second"), "hours")
    gap = difference(a, b)
    return Line(what, "hours", a, b, gap.value, gap.low, gap.high, found.p)
