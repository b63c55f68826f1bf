"""Two personas or segments on the same journey: each difference with its interval, tested, and corrected for being many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsmodels.stats.multitest import multipletests

from cx import scorecard
from cx.analytics.comparison import two_groups
from cx.analytics.estimate import Estimate, difference
from cx.analytics.interval import mean
from cx.blueprint.catalogue import kpi
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.funnels import Question, answers, hours
from cx.ui.remember import remembered

SCORES = ("nps", "csat", "ease")


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
def lines(now: Revision, filters: Filters, column: str, first: str, second: str, question: Question, places: tuple[str, ...]) -> tuple[Line, ...]:
    """NPS, satisfaction and ease in all and by touchpoint, conversion of the funnel, and time to get through it.

    Scores and conversion by the z-test of two estimates, times by Welch or Mann-Whitney; p corrected after Holm.
    """
    sides = [filters.narrowed(column, name) for name in (first, second)]
    found: list[Line] = []
    for key in SCORES:
        a, b = (scorecard.read(key, side, now=now)[0] for side in sides)
        found.append(_line(kpi(key).title, kpi(key).unit, a.estimate, b.estimate, a.hidden or b.hidden or min(a.estimate.n, b.estimate.n) < 5))
    for key in ("csat", "ease"):
        by = [{r.key("touchpoint"): r for r in scorecard.read(key, side, ("touchpoint",), now=now)} for side in sides]
        for place in places:
            if place in by[0] and place in by[1]:
                x, y = by[0][place], by[1][place]
                found.append(_line(f"{place}: {'satisfied' if key == 'csat' else 'ease'}", kpi(key).unit, x.estimate, y.estimate, x.hidden or y.hidden or min(x.estimate.n, y.estimate.n) < 5))
    if len(question.steps) > 1:
        c, d = (answers(now, side, question, "", filters.end)[0].conversion for side in sides)
        found.append(_line(f"{question.steps[0]} → {question.steps[-1]}", "%", c, d, False))
        found.append(_times(now, sides, question))
    tested = [i for i, f in enumerate(found) if f.p is not None]
    if tested:
        corrected = multipletests([found[i].p for i in tested], method="holm")[1]
        for i, p in zip(tested, corrected, strict=True):
            found[i] = Line(**{**found[i].__dict__, "corrected": float(p)})
    return tuple(found)


def _line(what: str, unit: str, first: Estimate, second: Estimate, hidden: bool) -> Line:
    gap = difference(first, second)
    return Line(what, unit, first, second, None if hidden else gap.value, gap.low, gap.high, None if hidden else gap.p, hidden=hidden)


def _times(now: Revision, sides: list[Filters], question: Question) -> Line:
    values = [np.asarray(hours(now, side, question), dtype=float) for side in sides]
    what = f"Time from {question.steps[0]} to {question.steps[-1]}"
    a, b = (mean(float(v.sum()), float((v * v).sum()), len(v), "hours", 0.0) if len(v) else Estimate(None, unit="hours", warning="nobody got there") for v in values)
    if min(len(v) for v in values) < 5:
        return Line(what, "hours", a, b, None, None, None, None, hidden=True)
    found = two_groups(values[0], values[1], ("first", "second"), "hours")
    gap = difference(a, b)
    return Line(what, "hours", a, b, gap.value, gap.low, gap.high, found.p)
