"""Whether KPIs rest on sound data: answers that are whole and valid, sources that keep up with each other."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.business_hours import epoch
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric, text
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.errors import MeasureError

SCORED = ("nps", "ces", "csat", "rating")
ANSWERS = {"responses": ("metric", "score", "scale_min", "scale_max", "customer_id", "answered_at")}
CLOCKS = {
    "responses": ("answered_at",), "interactions": ("happened_at",), "tickets": ("created_at",), "mentions": ("posted_at",), "deals": ("created_at",),
    "orders": ("ordered_at",), "measurements": ("measured_at",), "step_runs": ("started_at",),
}  # fmt: skip
DAY = 86_400


def _sound(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = tables["responses"]
    table = scope.during(table.filter(text(table, "metric").isin(SCORED), table["answered_at"].notnull()), "answered_at")
    score, low, high = (numeric(table, name) for name in ("score", "scale_min", "scale_max"))
    valid = ((low.isnull() | (score >= low)) & (high.isnull() | (score <= high))).fill_null(False)
    known = table["customer_id"].notnull()
    return grouped(
        table, by, "answered_at", n=table.count(), sound=(valid & known).sum().fill_null(0), invalid=(~valid).sum().fill_null(0), nobody=(~known).sum().fill_null(0)
    )


def _share(row: Statistics) -> Estimate:
    if not row.get("n"):
        return undefined("no scored answers", "%")
    found = proportion(row.get("sound") or 0, row["n"])
    lacking = [f"{int(row[name])} {what}" for name, what in (("invalid", "without a score on the scale"), ("nobody", "without a customer")) if row.get(name)]
    return found.warned(", ".join(lacking)) if lacking else found


def _ages(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    if by:
        raise MeasureError("freshness is one number for all sources", f"found the breakdown {', '.join(by)}", "leave the breakdown out")
    lasts = []
    for name, (clock,) in CLOCKS.items():
        table = tables[name]
        table = table.mutate(_at=moment(table, clock))
        if scope.as_of is not None:
            table = table.filter(table["_at"] < ibis.literal(naive(scope.as_of), "timestamp(6)"))
        lasts.append(table.aggregate(_last=epoch(table["_at"].max()).cast("float64")))
    every = ibis.union(*lasts)
    at = ibis.null("float64") if scope.as_of is None else epoch(ibis.literal(naive(scope.as_of), "timestamp(6)")).cast("float64")
    return every.aggregate(oldest=every["_last"].min(), newest=every["_last"].max(), n=every["_last"].count()).mutate(at=at)


def _age(row: Statistics) -> Estimate:
    n = int(row.get("n") or 0)
    if not n:
        return undefined("no source has data", "days")
    at = row["at"] if row.get("at") is not None else row["newest"]
    value = max((at - row["oldest"]) / DAY, 0.0)
    return Estimate(value, None, None, n, "days", "" if n > 1 else "only one source has data")


SOUND_ANSWERS = Measure("sound_answers", ANSWERS, _sound, _share)
STALENESS = Measure("staleness", CLOCKS, _ages, _age)


def sound_answers(responses: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of scored answers that can be used without reserve, in percent, with Wilson's interval.

    An answer is sound where its score lies within its scale and it names a customer. Answers to NPS, effort, satisfaction
    and rating questions are judged; how many lack what is said in the warning.

    >>> from datetime import datetime
    >>> rows = {"metric": ["nps"] * 2, "score": [9.0, 12.0], "scale_min": [0.0] * 2, "scale_max": [10.0] * 2,
    ...         "customer_id": ["a", "b"], "answered_at": [datetime(2026, 1, 1)] * 2}
    >>> sound_answers(rows).value
    50.0
    """
    return answer(SOUND_ANSWERS, {"responses": as_table(responses, needs=ANSWERS["responses"])}, by, scope)


def staleness(tables: Tables, scope: Scope | None = None) -> Estimate:
    """Age of the stalest source in days: `as_of` less the latest moment of the source whose latest moment is oldest.

    Without `as_of` the age is counted from the freshest source. Sources are the eight datasets of things that happen;
    one without data is no source and is not counted (`n` says how many are).
    """
    found: Estimate = answer(STALENESS, tables, (), scope)
    return found
