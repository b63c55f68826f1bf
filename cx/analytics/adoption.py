"""How many of those who are active use a thing."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, text
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.errors import MeasureError

NEEDS = {"interactions": ("customer_id", "event", "happened_at")}


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    wanted = scope.options.get("event")
    if not isinstance(wanted, str) or not wanted:
        raise MeasureError("adoption needs the event that shows use", f"found {wanted!r}", "name the event")
    table = scope.during(tables["interactions"], "happened_at")
    who = text(table, "customer_id")
    used = (text(table, "event") == wanted).fill_null(False)
    return grouped(table, by, "happened_at", active=who.nunique(), users=who.nunique(where=used))


def _estimate(row: Statistics) -> Estimate:
    return proportion(row.get("users") or 0, row["active"]) if row.get("active") else undefined("nobody was active", "%")


ADOPTION = Measure("adoption", NEEDS, _statistics, _estimate)


def adoption(interactions: Any, event: str, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the customers active in a period who did `event` in it, in percent, with Wilson's interval.

    adoption = different customers with `event` / different customers with any interaction, both in the period (and in the
    group and period of `by`). Who did nothing in the period is in neither number; visitors with an identifier are in the
    lower one; interactions without a customer count for nobody. Raises MeasureError where a column is missing or no event is named.

    >>> from datetime import datetime
    >>> adoption({"customer_id": ["a", "a", "b"], "event": ["Visit", "First use", "Visit"], "happened_at": [datetime(2026, 1, 1)] * 3}, "First use").value
    50.0
    """
    asked = scope or Scope()
    options = {**asked.options, "event": event}
    return answer(ADOPTION, {"interactions": as_table(interactions, needs=NEEDS["interactions"])}, by, Scope(asked.start, asked.end, asked.as_of, options=options))
