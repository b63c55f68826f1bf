"""Whether training works: completion, reaction, what was learnt, how behaviour changed, what it did for customers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric, text
from cx.analytics.interval import UPPER, mean, proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.errors import MeasureError

LARGE = 30
CALLED_OFF = ("cancelled", "canceled")


@dataclass(frozen=True)
class Gain:
    """A paired comparison: mean `change` with interval, the test used and why, p, effect size, and who could not be paired.

    `effect` is Cohen's d of the differences (mean / their standard deviation) with Hedges' correction. `normalised` is
    the mean share of the possible gain that was gained; people already at the maximum have none.
    """

    change: Estimate
    test: str
    p: float | None
    effect: float | None
    normalised: Estimate
    unpaired: int
    reason: str


def paired_gain(pre: Any, post: Any, highest: float | None = None) -> Gain:
    """Did the same people score higher after than before?

    Elementwise pairs; people with one score missing are dropped and counted. Paired t where there are 30 pairs or the
    differences look normal (Shapiro-Wilk p >= 0.05), else Wilcoxon's signed-rank test; under 3 pairs no test.
    d = mean difference / sd of differences * (1 - 3 / (4 (n - 1) - 1)). Normalised gain = (post - pre) / (highest - pre).
    Sources: Student 1908; Wilcoxon 1945; Hedges 1981; Hake, American Journal of Physics 66 (1998).

    >>> g = paired_gain([1, 2, 3, 4], [2, 4, 5, 7], 10)
    >>> g.change.value, g.test
    (2.0, 'paired t')
    """
    first, second = np.asarray(pd.Series(pre, dtype=float)), np.asarray(pd.Series(post, dtype=float))
    if len(first) != len(second):
        raise MeasureError("as many scores before as after, in the same order", f"found {len(first)} and {len(second)}", "pair them by person")
    known = np.isfinite(first) & np.isfinite(second)
    first, second = first[known], second[known]
    if highest is not None and ((first > highest).any() or (second > highest).any()):
        raise MeasureError(f"no score may exceed the highest, {highest:g}", f"found {max(first.max(), second.max()):g}", "check the highest score")
    change, n = second - first, len(first)
    left = int((~known).sum())
    gain = mean(float(change.sum()), float((change**2).sum()), n, "points")
    test, p, reason = _test(change)
    spread = float(change.std(ddof=1)) if n > 1 else 0.0
    effect = float(change.mean()) / spread * (1 - 3 / (4 * (n - 1) - 1)) if n > 2 and spread > 1e-12 else None
    return Gain(gain.warned(f"{left} people without both scores left out") if left else gain, test, p, effect, _normalised(first, change, highest), left, reason)


def _test(change: np.ndarray) -> tuple[str, float | None, str]:
    n = len(change)
    if n < 3:
        return "none", None, f"{n} pairs are too few to test"
    if np.ptp(change) < 1e-12:
        return "none", None, "everyone changed by the same amount"
    shape = float(stats.shapiro(change).pvalue) if n < LARGE else 1.0
    if shape >= 0.05:
        why = f"{n} pairs, enough for the mean to be normal" if n >= LARGE else f"the differences look normal (Shapiro-Wilk p = {shape:.2f})"
        return "paired t", float(stats.ttest_1samp(change, 0).pvalue), why
    moved = change[change != 0]
    exact = len(moved) == n and len(np.unique(np.abs(moved))) == n
    p = float(stats.wilcoxon(moved, method="exact" if exact else "asymptotic", correction=not exact).pvalue)
    return "Wilcoxon signed-rank", p, f"the differences do not look normal (Shapiro-Wilk p = {shape:.3f})"


def _normalised(first: np.ndarray, change: np.ndarray, highest: float | None) -> Estimate:
    if highest is None:
        return undefined("the highest score is not known", "%")
    room = highest - first
    able = room > 0
    full = int((~able).sum())
    if not able.any():
        return undefined("everyone was at the highest score before", "%")
    share = 100 * change[able] / room[able]
    found = mean(float(share.sum()), float((share**2).sum()), int(able.sum()), "%")
    return found.warned(f"{full} already at the highest score before") if full else found


def difference_in_differences(
    treated_before: Any, treated_after: Any, control_before: Any, control_after: Any, *, paired: bool = False, unit: str = ""
) -> tuple[Estimate, float | None]:  # fmt: skip
    """Change of the treated less change of the control group, with its interval and p.

    effect = (treated after - treated before) - (control after - control before), of means. `paired`: the lists hold the
    same people before and after, in order; their changes are compared by Welch's t, which allows for repeated people.
    Else four independent samples: se^2 = sum of s^2 / n, Welch-Satterthwaite degrees of freedom. It is causal only if
    both groups would have moved alike without the treatment. Source: Angrist & Pischke, Mostly Harmless Econometrics, 5.2.

    >>> e, p = difference_in_differences([1, 2, 3], [4, 5, 6], [1, 2, 3], [2, 3, 4])
    >>> e.value
    2.0
    """
    cells = [np.asarray(pd.Series(c, dtype=float)) for c in (treated_before, treated_after, control_before, control_after)]
    signs = np.array([-1.0, 1.0, 1.0, -1.0])
    dropped = 0
    if paired:
        if len(cells[0]) != len(cells[1]) or len(cells[2]) != len(cells[3]):
            raise MeasureError("paired groups need the same people before and after", f"found {', '.join(str(len(c)) for c in cells)}", "pair them or set paired=False")
        cells, signs = [cells[1] - cells[0], cells[3] - cells[2]], np.array([1.0, -1.0])
    sizes = [len(c) for c in cells]
    cells = [c[np.isfinite(c)] for c in cells]
    dropped = sum(sizes) - sum(len(c) for c in cells)
    n = sum(len(c) for c in cells)
    note = f"{dropped} missing values left out" if dropped else ""
    if any(not len(c) for c in cells):
        return undefined("a group has no values" + (f"; {note}" if note else ""), unit, n), None
    value = float(sum(s * c.mean() for s, c in zip(signs, cells, strict=True)))
    if any(len(c) < 2 for c in cells):
        return Estimate(value, None, None, n, unit, "a group has one value only, so no interval"), None
    parts = np.array([c.var(ddof=1) / len(c) for c in cells])
    se = math.sqrt(parts.sum())
    if se == 0:
        return Estimate(value, value, value, n, unit, "no spread within the groups", value, 0.0), None
    df = float(parts.sum() ** 2 / (parts**2 / np.array([len(c) - 1 for c in cells])).sum())
    half = float(stats.t.ppf(UPPER, df)) * se
    return Estimate(value, value - half, value + half, n, unit, note, value, se, df), float(2 * stats.t.sf(abs(value / se), df))


def _enrolled(tables: Tables, scope: Scope, time: str) -> ir.Table:
    table = tables["trainings"]
    table = scope.during(table.mutate(**{time: moment(table, time)}), time)
    return table.filter(~text(table, "status").lower().isin(CALLED_OFF).fill_null(False))


def _completed(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _enrolled(tables, scope, "enrolled_at")
    done = (text(table, "status").lower() == "completed").fill_null(False)
    return grouped(table, by, "enrolled_at", done=done.sum().fill_null(0), n=table.count())


def _gains(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _enrolled(tables, scope, "completed_at")
    top = numeric(table, "max_score")
    change = ibis.ifelse(top > 0, 100 * (numeric(table, "post_score") - numeric(table, "pre_score")) / top, ibis.null("float64"))
    return grouped(table, by, "completed_at", n=change.count(), total=change.sum(), squares=(change * change).sum(), left=change.isnull().sum().fill_null(0))


def _gain(row: Statistics) -> Estimate:
    n, left = row.get("n") or 0, int(row.get("left") or 0)
    found = mean(row["total"], row["squares"], n, "% of maximum", -100, 100) if n else undefined("nobody has a score before and after", "% of maximum")
    return found.warned(f"{left} people without both scores left out") if left else found


def _rated(column: str, name: str) -> Measure:
    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        table = _enrolled(tables, scope, "completed_at")
        value = numeric(table, column)
        value = ibis.ifelse((value >= 1) & (value <= 5), value, ibis.null("float64"))
        return grouped(table, by, "completed_at", n=value.count(), total=value.sum(), squares=(value * value).sum())

    def estimate(row: Statistics) -> Estimate:
        return mean(row["total"], row["squares"], row["n"], "of 5", 1, 5) if row.get("n") else undefined(f"nobody rated the {column}", "of 5")

    return Measure(name, {"trainings": ("status", "completed_at", column)}, statistics, estimate)


TRAINING_COMPLETION = Measure(
    "training_completion", {"trainings": ("status", "enrolled_at")}, _completed,
    lambda row: proportion(row["done"], row["n"]) if row.get("n") else undefined("nobody was enrolled", "%"),
)  # fmt: skip
LEARNING_GAIN = Measure("learning_gain", {"trainings": ("status", "completed_at", "pre_score", "post_score", "max_score")}, _gains, _gain)
TRAINING_REACTION = _rated("reaction", "training_reaction")
TRAINING_BEHAVIOUR = _rated("behaviour", "training_behaviour")


def _ask(measure: Measure, data: Any, by: str | tuple[str, ...], scope: Scope | None) -> Any:
    return answer(measure, {"trainings": as_table(data, needs=measure.needs["trainings"])}, by, scope)


def training_completion(trainings: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of enrolments of the scope that were completed; cancelled ones are in neither part. Wilson's interval.

    >>> training_completion({"status": ["completed", "missed", "cancelled"], "enrolled_at": [None] * 3}).value
    50.0
    """
    return _ask(TRAINING_COMPLETION, trainings, by, scope)


def learning_gain(trainings: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean of (post - pre) / max in percent of the maximum, by `completed_at`; paired by enrolment, Student's t interval.

    People with a score missing are left out and counted. `paired_gain` tests the same and adds the effect size.
    """
    return _ask(LEARNING_GAIN, trainings, by, scope)


def training_reaction(trainings: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean rating of the course by its participants, 1 to 5; Student's t interval. Ratings off the scale do not count."""
    return _ask(TRAINING_REACTION, trainings, by, scope)


def training_behaviour(trainings: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean rating of the behaviour at work later by managers, 1 to 5; Student's t interval."""
    return _ask(TRAINING_BEHAVIOUR, trainings, by, scope)


def kirkpatrick(trainings: Any, results: Estimate | None = None, scope: Scope | None = None) -> dict[str, Estimate]:
    """The four levels side by side: reaction, learning, behaviour, and `results` (from `difference_in_differences`).

    Source: Kirkpatrick & Kirkpatrick, Evaluating Training Programs, 3rd ed.
    """
    levels = {"reaction": training_reaction, "learning": learning_gain, "behaviour": training_behaviour}
    found = {name: level(trainings, scope=scope) for name, level in levels.items()}
    return found | {"results": results or undefined("no outcome was compared with a control group")}
