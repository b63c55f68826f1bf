"""Customer effort: the native mean, the share who agree, and an ease index that surveys can be compared on."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics import interval
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.analytics.respondents import latest

NEEDS = {"responses": ("score", "scale_min", "scale_max", "higher_is_better")}


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = tables["responses"]
    time = "answered_at" if "answered_at" in table.columns else None
    if time:
        table = scope.during(table, time)
    table = latest(table.filter(table["score"].notnull()), by, scope)
    score, low, high = (numeric(table, name) for name in ("score", "scale_min", "scale_max"))
    better = table["higher_is_better"]
    known = low.notnull() & high.notnull() & better.notnull() & (high > low)
    valid = (known & (score >= low) & (score <= high)).fill_null(False)
    ease = ibis.ifelse(better, score - low, high - score) / (high - low).nullif(0) * 100
    # named once: repeated in each sum, they would take the engine longer to read than to compute
    table = table.mutate(_ok=valid, _score=ibis.ifelse(valid, score, 0.0), _ease=ibis.ifelse(valid, ease, 0.0), _low=low, _high=high)
    ok, low, high, score, ease, better = (table[name] for name in ("_ok", "_low", "_high", "_score", "_ease", "higher_is_better"))
    seven = ok & (low == 1) & (high == 7) & better
    return grouped(
        table, by, time,
        n=ok.sum().fill_null(0),
        left_out=(~ok).sum().fill_null(0),
        total=score.sum(),
        squares=(score * score).sum(),
        ease_total=ease.sum(),
        ease_squares=(ease * ease).sum(),
        lowest=low.min(where=ok), lowest_other=low.max(where=ok), highest=high.max(where=ok), highest_other=high.min(where=ok),
        up=(ok & better).sum().fill_null(0),
        seven=seven.sum().fill_null(0),
        agree=(seven & (score >= 5)).sum().fill_null(0),
    )  # fmt: skip


def _noted(estimate: Estimate, row: Statistics) -> Estimate:
    left_out = int(row.get("left_out") or 0)
    return estimate.warned(f"{left_out} answers outside their scale, or without one, were left out") if left_out else estimate


def _native(row: Statistics) -> Estimate:
    n = row.get("n") or 0
    if not n:
        return _noted(undefined("nobody rated their effort"), row)
    if row["lowest"] != row["lowest_other"] or row["highest"] != row["highest_other"] or row["up"] not in (0, n):
        reason = "surveys with different scales or polarity cannot be averaged; choose one survey or look at the ease index"
        return _noted(undefined(reason, n=n), row)
    low, high = float(row["lowest"]), float(row["highest"])
    unit = f"on {low:g}-{high:g}, {'higher' if row['up'] else 'lower'} is better"
    return _noted(interval.mean(row["total"], row["squares"], n, unit, low, high), row)


def _ease(row: Statistics) -> Estimate:
    n = row.get("n") or 0
    if not n:
        return _noted(undefined("nobody rated their effort", "points"), row)
    return _noted(interval.mean(row["ease_total"], row["ease_squares"], n, "points", 0.0, 100.0), row)


def _agree(row: Statistics) -> Estimate:
    n = row.get("seven") or 0
    if not n:
        return undefined("no answers on the scale from 1 to 7 where higher is easier", "%")
    return interval.proportion(row["agree"], n)


CES = Measure("ces", NEEDS, _statistics, _native)
EASE = Measure("ease", NEEDS, _statistics, _ease)
CES_AGREE = Measure("ces_agree", NEEDS, _statistics, _agree)


def _prepared(data: Any, score: str, scale: tuple[float, float], higher_is_better: bool | None) -> ir.Table:
    table = as_table(data, "score", () if score == "score" else (score,))
    if score != "score":
        table = table.mutate(score=table[score])
    added: dict[str, Any] = {}
    if "scale_min" not in table.columns:
        added |= {"scale_min": ibis.literal(float(scale[0])), "scale_max": ibis.literal(float(scale[1]))}
    if "higher_is_better" not in table.columns:
        if higher_is_better is None:
            raise TypeError("say whether a higher score is better: polarity is never guessed")
        added["higher_is_better"] = ibis.literal(higher_is_better)
    return table.mutate(**added) if added else table


def ces(
    data: Any, by: str | tuple[str, ...] = (), *, score: str = "score", scale: tuple[float, float] = (1, 7), higher_is_better: bool | None = None
) -> Any:
    """Customer effort score: the mean in the question's own scale, with Student's t interval.

    CES 1.0 asks "how much effort", 1-5, higher is worse; CES 2.0 asks whether the company "made it easy", 1-7, higher is
    better. `higher_is_better` must be given unless the table has that column. Answers of different scales or polarity are
    not averaged: the value is then None and says so. Returns an Estimate, or with `by` a DataFrame.
    Source: Dixon, Freeman & Toman, Harvard Business Review 7/2010; CEB 2013 for 2.0.

    >>> ces([7, 6, 5, 6], higher_is_better=True).value
    6.0
    """
    return answer(CES, {"responses": _prepared(data, score, scale, higher_is_better)}, by, Scope())


def ease(
    data: Any, by: str | tuple[str, ...] = (), *, score: str = "score", scale: tuple[float, float] = (1, 7), higher_is_better: bool | None = None
) -> Any:
    """Ease index: every answer on 0 (hardest) to 100 (easiest), so that surveys of any scale and polarity compare.

    ease = 100 (score - min) / (max - min), reversed where higher is worse; mean with Student's t interval.

    >>> ease([1, 5], scale=(1, 5), higher_is_better=False).value
    50.0
    """
    return answer(EASE, {"responses": _prepared(data, score, scale, higher_is_better)}, by, Scope())


def ces_agree(
    data: Any, by: str | tuple[str, ...] = (), *, score: str = "score", scale: tuple[float, float] = (1, 7), higher_is_better: bool | None = None
) -> Any:
    """Share who agree (5, 6 or 7 of 7) that it was made easy, in percent, with Wilson's interval.

    >>> ces_agree([7, 6, 5, 2], higher_is_better=True).value
    75.0
    """
    return answer(CES_AGREE, {"responses": _prepared(data, score, scale, higher_is_better)}, by, Scope())
