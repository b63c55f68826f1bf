"""Customer satisfaction: the share of satisfied answers."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics import interval
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.analytics.respondents import latest


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = tables["responses"]
    time = "answered_at" if "answered_at" in table.columns else None
    if time:
        table = scope.during(table, time)
    table = latest(table.filter(table["score"].notnull()), by, scope)
    score, low, high = (numeric(table, name) for name in ("score", "scale_min", "scale_max"))
    valid = (score >= low) & (score <= high) & (high > low)
    # two boxes on scales of four points or more; scales such as 0/1/2 and bad/good have one satisfied answer
    bar = ibis.ifelse(high - low >= 3, high - 1, high)
    return grouped(
        table, by, time,
        n=valid.sum().fill_null(0),
        satisfied=(valid & (score >= bar)).sum().fill_null(0),
        left_out=(~valid.fill_null(False)).sum().fill_null(0),
    )  # fmt: skip


def _estimate(row: Statistics) -> Estimate:
    n, left_out = row.get("n") or 0, int(row.get("left_out") or 0)
    found = interval.proportion(row["satisfied"], n) if n else undefined("nobody rated their satisfaction", "%")
    return found.warned(f"{left_out} answers outside their scale, or without one, were left out") if left_out else found


CSAT = Measure("csat", {"responses": ("score", "scale_min", "scale_max")}, _statistics, _estimate)


def csat(data: Any, by: str | tuple[str, ...] = (), *, score: str = "score", scale: tuple[float, float] = (1, 5)) -> Any:
    """Customer satisfaction: share of rated answers in the top two boxes, in percent, with Wilson's interval.

    On 1-5 these are 4 and 5, on 1-7 6 and 7; a scale of two or three points (bad/good, 0/1/2) counts its top box only.
    `data`: scores, or a table with `score` and optionally `scale_min`, `scale_max` (else `scale` holds for all).
    Returns an Estimate in percent, or with `by` a DataFrame. Source: ISO 10004; interval Wilson 1927.

    >>> e = csat([5, 4, 3, 1])
    >>> e.value, e.n
    (50.0, 4)
    """
    table = as_table(data, "score", () if score == "score" else (score,))
    if score != "score":
        table = table.mutate(score=table[score])
    if "scale_min" not in table.columns:
        table = table.mutate(scale_min=ibis.literal(float(scale[0])), scale_max=ibis.literal(float(scale[1])))
    return answer(CSAT, {"responses": table}, by, Scope())
