"""One answer per respondent: the latest one in each group counts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from cx.analytics.measure import Scope, groups

SERIES = ("survey", "question")


def latest(table: ir.Table, by: tuple[str, ...], scope: Scope, time: str = "answered_at") -> ir.Table:
    """The rows that count when each respondent has one answer per series and group, the latest.

    A respondent is a `customer_id`; an answer without one counts by itself. A series is a survey's question: two
    surveys stay two series. A group is one cell of `by` (so a customer who answered in two months counts in both
    months and once in the total). Of two answers at the same instant the one that came in later counts: by `id`
    where rows have one, else by their place in the file (`line`, then `key`). Nothing is dropped where `scope.once` or
    `scope.repeats` is off or the columns are not there.
    """
    if not (scope.once and scope.repeats) or "customer_id" not in table.columns or time not in table.columns:
        return table
    keys = groups(table, by, time)
    series = [table[name] for name in SERIES if name in table.columns]
    place = ("id",) if "id" in table.columns else ("line", "key")
    order = [table[name].desc(nulls_first=False) for name in (time, *place) if name in table.columns]
    window = ibis.window(group_by=[table["customer_id"], *series, *keys.values()], order_by=order)
    ranked = table.mutate(_rank=ibis.row_number().over(window))
    return ranked.filter(ranked["customer_id"].isnull() | (ranked["_rank"] == 0)).drop("_rank")
