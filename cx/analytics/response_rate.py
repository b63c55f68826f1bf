"""Response rate: how many of those who got an invitation answered."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics import interval
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped

NEEDS = ("survey", "response_id", "delivered", "invited_at", "answered_at")


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = tables["responses"]
    table = table.mutate(_asked_at=ibis.coalesce(table["invited_at"], table["answered_at"]))
    table = scope.during(table, "_asked_at")
    table = table.filter(table["delivered"].fill_null(False))
    # one response has a row a question, so responses are counted and not rows
    response = table["survey"].fill_null("") + "|" + table["response_id"].fill_null("")
    return grouped(table, by, "_asked_at", n=response.nunique(), answered=response.nunique(where=table["answered_at"].notnull()))


def _estimate(row: Statistics) -> Estimate:
    n = row.get("n") or 0
    return interval.proportion(row["answered"], n) if n else undefined("the number of delivered invitations is not known", "%")


RESPONSE_RATE = Measure("response_rate", {"responses": NEEDS}, _statistics, _estimate)


def response_rate(data: Any, by: str | tuple[str, ...] = ()) -> Any:
    """Responses per delivered invitation, in percent, with Wilson's interval.

    `data` has a row an answer or unanswered invitation, with survey, response_id, delivered, invited_at and answered_at.
    Surveys whose invitations are not known are in neither count; where none is known the rate is undefined. An invitation
    belongs to the period in which it was sent. Source: AAPOR Standard Definitions, RR2 on delivered invitations.

    >>> rows = {"survey": ["s", "s"], "response_id": ["1", "2"], "delivered": [True, True],
    ...         "invited_at": ["2026-01-01", "2026-01-01"], "answered_at": ["2026-01-02", None]}
    >>> response_rate(rows).value
    50.0
    """
    return answer(RESPONSE_RATE, {"responses": as_table(data, needs=NEEDS)}, by)
