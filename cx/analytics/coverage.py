"""Whom we hear: which share of the customers there are gave us an answer."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from cx.analytics.calendar import crossed
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, checked, moment, text
from cx.analytics.interval import proportion
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer

NEEDS = {"customers": ("customer_id", "joined_at", "left_at"), "responses": ("customer_id", "answered_at")}


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    people = tables["customers"]
    people = people.mutate(joined_at=moment(people, "joined_at"), left_at=moment(people, "left_at"))
    people = people.filter(people["customer_id"].notnull())
    rows, keys = crossed(people, by, scope)
    there = (rows["joined_at"].isnull() | (rows["joined_at"] < rows["_end"])) & (rows["left_at"].isnull() | (rows["left_at"] >= rows["_start"]))
    answers = tables["responses"]
    answers = answers.mutate(answered_at=moment(answers, "answered_at"))
    answers = scope.during(answers.filter(answers["customer_id"].notnull(), answers["answered_at"].notnull()), "answered_at")
    grain = next((name for name in by if name in GRAINS and name not in people.columns), None)
    heard = answers.select(_who=text(answers, "customer_id"), **({"_when": answers["answered_at"].truncate(GRAINS[grain])} if grain else {})).distinct()
    keys = {f"_by_{name}": value for name, value in keys.items()}
    rows = rows.filter(there).select(customer=text(rows, "customer_id"), label=rows["_label"], **keys)
    match = [rows["customer"] == heard["_who"], *([rows["label"] == heard["_when"]] if grain else [])]
    joined = rows.left_join(heard, match)
    values = {"n": joined.count(), "heard": joined["_who"].count()}
    return joined.group_by(**{name: joined[f"_by_{name}"] for name in by}).aggregate(**values) if by else joined.aggregate(**values)


def _estimate(row: Statistics) -> Estimate:
    return proportion(row.get("heard") or 0, row["n"]) if row.get("n") else undefined("no customers in the period", "%")


VOICE_COVERAGE = Measure("voice_coverage", NEEDS, _statistics, _estimate)


def voice_coverage(customers: Any, responses: Any, by: str | tuple[str, ...] = (), *, scope: Scope) -> Any:
    """Share of the customers of a period who answered at least one survey in it, in percent, with Wilson's interval.

    Customers of the period joined before its end and did not leave before its start; without a joining date they count
    as there. Answers without a customer count for nobody. `by` names columns of the customers, or one grain. Raises
    MeasureError where a column is missing or the scope has no start or end.

    >>> from datetime import datetime
    >>> year = Scope(datetime(2026, 1, 1), datetime(2027, 1, 1))
    >>> people = {"customer_id": ["a", "b"], "joined_at": [datetime(2025, 5, 1)] * 2, "left_at": [None, None]}
    >>> voice_coverage(people, {"customer_id": ["a", "a"], "answered_at": [datetime(2026, 3, 1)] * 2}, scope=year).value
    50.0
    """
    tables = {"customers": as_table(customers, needs=NEEDS["customers"]), "responses": checked(as_table(responses), NEEDS["responses"])}
    return answer(VOICE_COVERAGE, tables, by, scope)
