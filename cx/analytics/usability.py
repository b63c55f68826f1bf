"""User tests: System Usability Scale with grade, task success, time on task."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.interval import UPPER, mean
from cx.errors import MeasureError

GRADES = (
    (84.1, "A+"), (80.8, "A"), (78.9, "A-"), (77.2, "B+"), (74.1, "B"), (72.6, "B-"), (71.1, "C+"), (65.0, "C"), (62.7, "C-"), (51.7, "D"), (0.0, "F"),
)  # fmt: skip


def sus_scores(answers: Any) -> np.ndarray:
    """One score from 0 to 100 a person, from ten answers of 1 to 5 each; NaN for a person with an answer missing.

    Odd items count answer - 1, even ones 5 - answer; the sum times 2.5. `answers`: n x 10, items in order.
    Raises MeasureError for other shapes or answers. Source: Brooke, SUS: a quick and dirty usability scale, 1996.

    >>> sus_scores([[5, 1, 5, 1, 5, 1, 5, 1, 5, 1], [3] * 10]).tolist()
    [100.0, 50.0]
    """
    given = pd.DataFrame(answers).astype(float).to_numpy()
    if given.size == 0:
        return np.empty(0)
    if given.shape[1] != 10:
        raise MeasureError("the scale has ten items", f"found {given.shape[1]} columns", "give one column an item, in order")
    known = given[np.isfinite(given)]
    if ((known < 1) | (known > 5) | (known % 1 != 0)).any():
        raise MeasureError("answers are whole numbers from 1 to 5", f"found {known.min():g} to {known.max():g}", "recode them")
    points = np.where(np.arange(10) % 2 == 0, given - 1, 5 - given)
    return points.sum(axis=1) * 2.5


def sus(answers: Any) -> Estimate:
    """Mean System Usability Scale score of ten-item answers, Student's t interval within 0 to 100.

    The score is no percentage; 68 is about the average product. People with missing answers are left out and counted.
    """
    scores = sus_scores(answers)
    known = scores[np.isfinite(scores)]
    found = mean(float(known.sum()), float((known**2).sum()), len(known), "points", 0, 100) if len(known) else undefined("nobody answered all ten items", "points")
    left = len(scores) - len(known)
    return found.warned(f"{left} with missing answers left out") if left else found


def sus_grade(score: float | None) -> str:
    """Grade of a mean score on the curved scale of Sauro & Lewis (Quantifying the User Experience, 2nd ed., table 8.5).

    >>> [sus_grade(s) for s in (84.1, 68, 51.6)]
    ['A+', 'C', 'F']
    """
    if score is None:
        return ""
    if not 0 <= score <= 100:
        raise MeasureError("a score is from 0 to 100", f"found {score:g}", "check it")
    return next(grade for least, grade in GRADES if round(score, 1) >= least)


def task_success(successes: int, n: int) -> Estimate:
    """Share of people who completed a task, in percent, with the adjusted-Wald interval made for small tests.

    p' = (x + z^2/2) / (n + z^2); p' +- z sqrt(p' (1 - p') / (n + z^2)), clipped to 0 to 100. `value` is the plain share.
    Source: Agresti & Coull 1998; Sauro & Lewis, Quantifying the User Experience, chapter 3.

    >>> e = task_success(9, 10)
    >>> round(e.value), round(e.low, 1), round(e.high, 1)
    (90, 57.4, 100.0)
    """
    if n <= 0:
        return undefined("nobody tried", "%")
    if not 0 <= successes <= n:
        raise MeasureError("successes must lie between 0 and the number of tries", f"found {successes} of {n}", "check the counts")
    all_ = n + Z95**2
    share = (successes + Z95**2 / 2) / all_
    se = math.sqrt(share * (1 - share) / all_)
    low, high = max(share - Z95 * se, 0.0), min(share + Z95 * se, 1.0)
    return Estimate(100 * successes / n, 100 * low, 100 * high, n, "%", "", 100 * share, 100 * se)


def time_on_task(seconds: Any) -> Estimate:
    """Typical time on a task: the geometric mean of the positive times, t interval on the logarithms.

    Times of failed attempts do not belong here. Missing and non-positive times are left out and counted.
    Source: Sauro & Lewis, Average task times in usability tests, CHI 2010.

    >>> e = time_on_task([10, 40])
    >>> round(e.value, 6), e.n
    (20.0, 2)
    """
    given = np.asarray(pd.Series(seconds, dtype=float))
    known = given[np.isfinite(given) & (given > 0)]
    left = len(given) - len(known)
    if not len(known):
        return undefined("no times", "s")
    logs = np.log(known)
    value = float(np.exp(logs.mean()))
    if len(known) < 2:
        found = Estimate(value, None, None, 1, "s", "one observation has no interval")
    else:
        se = float(logs.std(ddof=1)) / math.sqrt(len(known))
        half = float(stats.t.ppf(UPPER, len(known) - 1)) * se
        found = Estimate(value, value * math.exp(-half), value * math.exp(half), len(known), "s", "", value, value * se, len(known) - 1)
    return found.warned(f"{left} missing or non-positive times left out") if left else found
