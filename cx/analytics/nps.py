"""Net Promoter Score."""

from __future__ import annotations

import math
from typing import Any

import ibis.expr.types as ir

from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.analytics.respondents import latest

UNIT = "points"


def nps_of_counts(promoters: float, passives: float, detractors: float, invalid: float = 0) -> Estimate:
    """Net Promoter Score from the three counts.

    NPS = 100 (promoters - detractors) / n, a number from -100 to +100, not a percentage. Its interval is the adjusted
    Wald: 3/4 is added to promoters and to detractors and 3 to n; half width 1.96 standard errors of the adjusted
    score; clipped to +-100. `center` and `se` are the adjusted score and its error, for tests of change.
    Answers that are no whole number from 0 to 10 are `invalid`: left out and named in the warning.
    Source: Rocks, Interval estimation for the Net Promoter Score, The American Statistician 70 (2016).

    >>> e = nps_of_counts(60, 25, 15)
    >>> round(e.value, 1), round(e.low, 1), round(e.high, 1), e.n
    (45.0, 29.3, 58.0, 100)
    """
    n = promoters + passives + detractors
    warning = f"{int(invalid)} answers are no whole number from 0 to 10 and were left out" if invalid else ""
    if n <= 0:
        return undefined("nobody answered from 0 to 10" + (f"; {warning}" if warning else ""), UNIT)
    up, down, all_ = promoters + 0.75, detractors + 0.75, n + 3
    center = (up - down) / all_
    se = math.sqrt(max((up + down) / all_ - center**2, 0.0) / all_)
    half = Z95 * se
    low, high = max(center - half, -1.0), min(center + half, 1.0)
    return Estimate(100 * (promoters - detractors) / n, 100 * low, 100 * high, int(n), UNIT, warning, 100 * center, 100 * se)


def standard_error(promoters: float, passives: float, detractors: float) -> float:
    """Unadjusted standard error of the score in points: 100 sqrt((p + d - (p - d)^2) / n), p and d as shares."""
    n = promoters + passives + detractors
    share = (promoters - detractors) / n
    return 100 * math.sqrt(((promoters + detractors) / n - share**2) / n)


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    time = scope.options.get("time", "answered_at")
    table = tables["responses"]
    if time in table.columns:
        table = scope.during(table, time)
    score = numeric(table, "score")
    table = latest(table.filter(score.notnull()), by, scope, time)
    score = numeric(table, "score")
    # Membership in a short list costs the engine half of what bounds and a floor cost, five times over.
    valid = score.isin(range(11))
    return grouped(
        table, by, time if time in table.columns else None,
        promoters=score.isin((9, 10)).sum().fill_null(0),
        passives=score.isin((7, 8)).sum().fill_null(0),
        detractors=score.isin(range(7)).sum().fill_null(0),
        answers=table.count(),
        **({"other_scale": (valid & (table["scale_min"] != 0)).sum().fill_null(0)} if "scale_min" in table.columns else {}),
    )  # fmt: skip


def _estimate(row: Statistics) -> Estimate:
    promoters, passives, detractors = (row.get(name) or 0 for name in ("promoters", "passives", "detractors"))
    invalid = (row.get("answers") or 0) - promoters - passives - detractors
    found = nps_of_counts(promoters, passives, detractors, invalid)
    other = int(row.get("other_scale") or 0)
    return found.warned(f"non-standard: {other} answers were given on a scale that does not begin at 0") if other else found


NPS = Measure("nps", {"responses": ("score",)}, _statistics, _estimate)


def nps(data: Any, by: str | tuple[str, ...] = (), *, score: str = "score", time: str = "answered_at", once: bool = True) -> Any:
    """Net Promoter Score of scores or of a table.

    `data`: a series of scores or a table (pandas, Polars, Arrow, Ibis) with the column `score`; missing scores are no
    answers. `by`: columns, or day, week, month, quarter, year of `time`. Returns an Estimate in points, or with `by` a
    DataFrame with one row a group. Raises MeasureError where a column is missing or holds no numbers.

    >>> nps([10, 9, 8, 3, None]).value
    25.0
    """
    table = as_table(data, "score", () if score == "score" else (score,))
    if score != "score":
        table = table.mutate(score=table[score])
    return answer(NPS, {"responses": table}, by, Scope(once=once, options={"time": time}))
