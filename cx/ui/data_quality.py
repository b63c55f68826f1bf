"""How far the data can be trusted: rules counted over every dataset, scores by dimension, and the rows behind a rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ibis.expr.types as ir

from cx.analytics import data_quality as quality
from cx.analytics.data_quality import Outcome, Rule
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.facts.history import Revision, freshness
from cx.records.lookup import records
from cx.ui.page import View
from cx.ui.remember import remembered

FRESH_DAYS = 35
AGAIN, STRANGER = "stands once", "customer is among the customers"
VISITORS = frozenset({"interactions", "customers", "mentions"})  # not everybody who visits or writes is a customer


def as_of(view: View) -> datetime:
    """The moment the data is judged at, naive UTC: the end of the data of the demo company, else now."""
    moment = view.last if view.now.demo and view.last else datetime.now(UTC)
    return moment.astimezone(UTC).replace(tzinfo=None)


def outcomes(view: View) -> tuple[Outcome, ...]:
    """Every rule of every dataset that has rows, counted."""
    # judged to the day, so that the result is kept while the data stays
    return _outcomes(view.now, as_of(view).replace(hour=0, minute=0, second=0, microsecond=0))


@remembered
def _outcomes(now: Revision, at: datetime) -> tuple[Outcome, ...]:
    tables, out = engine.tables(), []
    for name, kind in DATASETS.items():
        if not now.rows(name):
            continue
        table, found = tables[name], quality.rules(name, kind.types, at)
        row = engine.rows(quality.counted(found, table), now=now)[0]
        out += [Outcome(name, r.dimension, r.title, int(row[f"judged_{i}"]), int(row[f"failed_{i}"])) for i, r in enumerate(found)]
        total = int(engine.rows(table.aggregate(n=table.count()), now=now)[0]["n"])
        again = quality.repeated(name, table)
        if again is not None:
            out.append(Outcome(name, "uniqueness", AGAIN, total, _count(again, now)))
        if "customer_id" in kind.types and name not in VISITORS and now.rows("customers"):
            known = _count(table.filter(table["customer_id"].notnull()), now)
            out.append(Outcome(name, "consistency", STRANGER, known, _count(quality.strangers(table, tables["customers"]), now)))
    return tuple(out)


def _count(table: ir.Table, now: Revision) -> int:
    return int(engine.rows(table.aggregate(n=table.count()), now=now)[0]["n"])


def behind(view: View, outcome: Outcome, limit: int = 2000) -> list[dict[str, Any]]:
    """The rows that failed a rule, the latest first; personal columns only for those who may edit."""
    tables, kind = engine.tables(), DATASETS[outcome.dataset]
    table = tables[outcome.dataset]
    if outcome.title == AGAIN:
        found = quality.repeated(outcome.dataset, table)
    elif outcome.title == STRANGER:
        found = quality.strangers(table, tables["customers"])
    else:
        rule = next(r for r in _rules(view, outcome) if (r.dimension, r.title) == (outcome.dimension, outcome.title))
        found = quality.failing(rule, table)
    assert found is not None
    hidden = set() if view.member.may("contributor") else set(kind.personal)
    columns = ["batch_id", "line", *(c for c in kind.types if c not in hidden)]
    rows = engine.rows(found.order_by(found[kind.time].desc(), found["id"]).select(*columns).limit(limit), now=view.now)
    filled = [c for c in columns if any(r[c] is not None for r in rows)]
    return [{c: r[c] for c in filled} for r in rows]


def _rules(view: View, outcome: Outcome) -> Sequence[Rule]:
    return quality.rules(outcome.dataset, DATASETS[outcome.dataset].types, as_of(view).replace(hour=0, minute=0, second=0, microsecond=0))


def ages(view: View) -> dict[str, tuple[float | None, float]]:
    """Dataset -> age in days of its latest row (None where it has no dated row) and the days it is fresh for, by its owner or 35."""
    fresh = {r.dataset: r.fresh_days for r in records("data_owner") if r.fresh_days}
    at = as_of(view)
    out = {}
    for row in freshness():
        latest = row["latest"]
        age = None if latest is None else max(0.0, (at - latest.astimezone(UTC).replace(tzinfo=None)).total_seconds() / 86400)
        out[row["dataset"]] = (age, float(fresh.get(row["dataset"]) or FRESH_DAYS))
    return out


def scores(view: View, found: Sequence[Outcome]) -> dict[str, dict[str, float | None]]:
    """Dataset -> dimension -> percent, with "overall"."""
    aged = ages(view)
    return {name: quality.scored([o for o in found if o.dataset == name], quality.freshness(*aged[name])) for name in dict.fromkeys(o.dataset for o in found)}
