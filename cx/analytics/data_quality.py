"""Rules a dataset should keep, by dimension, and the score that comes of them.

Five dimensions: completeness (what must be known is known), validity (values are possible), uniqueness (nothing stands
twice), timeliness (it is fresh enough for its use) and consistency (values agree with each other and across datasets).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

DIMENSIONS = ("completeness", "validity", "uniqueness", "timeliness", "consistency")
Broken = Callable[[ir.Table], ir.BooleanValue]
ESSENTIAL: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer_id", "email", "segment", "joined_at"), "responses": ("survey", "metric", "customer_id", "segment"), "mentions": ("text", "posted_at"),
    "interactions": ("customer_id", "event", "touchpoint", "happened_at"), "tickets": ("ticket_id", "customer_id", "category", "team", "created_at"),
    "deals": ("deal_id", "owner", "stage", "amount_minor", "created_at"), "subscriptions": ("customer_id", "mrr_minor", "started_at"),
    "orders": ("order_id", "customer_id", "amount_minor", "ordered_at"), "campaigns": ("campaign", "channel", "day", "spend_minor"),
    "measurements": ("characteristic", "measured_at"), "step_runs": ("process", "case_id", "step", "started_at"), "trainings": ("employee_id", "course", "status", "enrolled_at"),
}  # fmt: skip
ORDERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "customers": (("joined_at", "left_at"),), "responses": (("invited_at", "answered_at"),), "mentions": (("posted_at", "replied_at"),),
    "tickets": (("created_at", "first_response_at"), ("created_at", "resolved_at")), "deals": (("created_at", "closed_at"),), "subscriptions": (("started_at", "ended_at"),),
    "orders": (("ordered_at", "delivered_at"),), "step_runs": (("started_at", "ended_at"),), "trainings": (("enrolled_at", "completed_at"), ("completed_at", "expires_at")),
}  # fmt: skip
TWICE: Mapping[str, tuple[str, ...]] = {
    "customers": ("email",), "responses": ("customer_id", "survey", "question", "answered_at"), "mentions": ("source", "author", "text"),
    "interactions": ("customer_id", "event", "happened_at"), "tickets": ("customer_id", "subject", "created_at"), "deals": ("customer_id", "name", "created_at"),
    "orders": ("customer_id", "product", "ordered_at"), "measurements": ("characteristic", "subgroup", "measured_at", "value"), "trainings": ("employee_id", "course", "session"),
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A rule of one dataset: `broken` is true for a row that fails, `applies` for one that is judged at all (every row by default)."""

    dimension: str
    title: str
    broken: Broken
    applies: Broken | None = None


@dataclass(frozen=True)
class Outcome:
    """How a rule fared: rows judged and rows that failed."""

    dataset: str
    dimension: str
    title: str
    judged: int
    failed: int

    @property
    def score(self) -> float | None:
        """Percent that kept the rule; None where nothing could be judged."""
        return 100 * (1 - self.failed / self.judged) if self.judged else None


def _says(column: str) -> str:
    return column.removesuffix("_at").removesuffix("_minor").replace("_", " ")


def rules(dataset: str, columns: Mapping[str, type], as_of: datetime) -> list[Rule]:
    """The rules of a dataset with these columns, as known at `as_of` (naive UTC)."""
    out = [Rule("completeness", f"{_says(c)} is known", lambda t, c=c: t[c].isnull()) for c in ESSENTIAL.get(dataset, ()) if c in columns]  # type: ignore[misc]
    now = ibis.literal(as_of, "timestamp(6)")
    for name, kind in columns.items():
        if kind is datetime and name not in ("expires_at", "renews_at", "expected_close_at", "promised_at"):
            out.append(Rule("validity", f"{_says(name)} is not in the future", lambda t, c=name: (t[c] >= now) & t[c].notnull(), lambda t, c=name: t[c].notnull()))  # type: ignore[misc]
        elif name.endswith("_minor") or name in ("quantity", "duration_seconds", "paused_minutes", "reopens", "replies", "impressions", "clicks", "sample_size", "defects", "defectives"):
            out.append(Rule("validity", f"{_says(name)} is not negative", lambda t, c=name: t[c] < 0, lambda t, c=name: t[c].notnull()))  # type: ignore[misc]
    if "currency" in columns:
        money = [c for c in columns if c.endswith("_minor")]
        out.append(Rule("consistency", "an amount has its currency", lambda t: t["currency"].isnull(), lambda t: _any(t, money)))
    if "email" in columns:
        out.append(Rule("validity", "e-mail is an address", lambda t: ~(t["email"].contains("@") & t["email"].contains(".")), lambda t: t["email"].notnull()))
    if "scale_max" in columns:
        out.append(Rule("validity", "score lies on its scale", lambda t: (t["score"] < t["scale_min"]) | (t["score"] > t["scale_max"]), lambda t: t["score"].notnull() & t["scale_min"].notnull() & t["scale_max"].notnull()))
    if "probability" in columns:
        out.append(Rule("validity", "probability lies between 0 and 1", lambda t: (t["probability"] < 0) | (t["probability"] > 1), lambda t: t["probability"].notnull()))
    if "post_score" in columns:
        out.append(Rule("validity", "test score is not above the highest", lambda t: t["post_score"] > t["max_score"], lambda t: t["post_score"].notnull() & t["max_score"].notnull()))
    for first, then in ORDERED.get(dataset, ()):
        out.append(Rule("consistency", f"{_says(then)} is not before {_says(first)}", lambda t, a=first, b=then: t[b] < t[a], lambda t, a=first, b=then: t[a].notnull() & t[b].notnull()))  # type: ignore[misc]
    if dataset == "customers":
        out.append(Rule("consistency", "who left has a day of leaving", lambda t: t["left_at"].isnull(), lambda t: t["status"].lower() == "left"))
    if dataset == "deals":
        out.append(Rule("consistency", "a deal won or lost has a closing day", lambda t: t["closed_at"].isnull(), lambda t: t["status"].lower().isin(("won", "lost"))))
    return out


def _any(table: ir.Table, columns: Sequence[str]) -> ir.BooleanValue:
    found = table[columns[0]].notnull()
    for name in columns[1:]:
        found = found | table[name].notnull()
    return found


def failing(rule: Rule, table: ir.Table) -> ir.Table:
    """The rows that break a rule."""
    broken = rule.broken(table).fill_null(False)
    return table.filter(broken & rule.applies(table).fill_null(False) if rule.applies else broken)


def counted(found: Sequence[Rule], table: ir.Table) -> ir.Table:
    """One row: `judged_i` and `failed_i` of each rule, in one pass over the table."""
    columns: dict[str, Any] = {}
    for i, rule in enumerate(found):
        broken = rule.broken(table).fill_null(False)
        if rule.applies:
            applies = rule.applies(table).fill_null(False)
            columns[f"judged_{i}"], broken = ibis.ifelse(applies, 1, 0).sum().fill_null(0), broken & applies
        else:
            columns[f"judged_{i}"] = table.count()
        columns[f"failed_{i}"] = ibis.ifelse(broken, 1, 0).sum().fill_null(0)
    return table.aggregate(**columns)


def repeated(dataset: str, table: ir.Table) -> ir.Table | None:
    """Rows that stand again with the same content under another key, beyond the first; None where the dataset has no such rule."""
    columns = TWICE.get(dataset)
    if not columns:
        return None
    whole = table
    for name in columns:
        whole = whole.filter(whole[name].notnull())
    window = ibis.window(group_by=list(columns), order_by=[whole["id"]])
    numbered = whole.mutate(again=ibis.row_number().over(window))
    return numbered.filter(numbered["again"] > 0).drop("again")


def strangers(table: ir.Table, customers: ir.Table) -> ir.Table:
    """Rows whose customer is not among the customers."""
    known = table.filter(table["customer_id"].notnull())
    return known.anti_join(customers.select("customer_id"), "customer_id")


def freshness(age_days: float | None, fresh_days: float) -> float | None:
    """Timeliness in percent: 100 while the data is as fresh as asked, falling evenly to 0 at four times that age.

    >>> freshness(5, 7), freshness(17.5, 7), freshness(400, 7), freshness(None, 7)
    (100.0, 50.0, 0.0, None)
    """
    if age_days is None:
        return None
    return float(min(100.0, max(0.0, 100 * (1 - (age_days - fresh_days) / (3 * fresh_days)))))


def scored(found: Sequence[Outcome], timeliness: float | None) -> dict[str, float | None]:
    """Dimension -> percent: the mean over its rules that could be judged; "overall" is the mean of the dimensions known."""
    out: dict[str, float | None] = {}
    for dimension in DIMENSIONS:
        kept = [o.score for o in found if o.dimension == dimension and o.score is not None]
        out[dimension] = timeliness if dimension == "timeliness" else sum(kept) / len(kept) if kept else None
    known = [v for v in out.values() if v is not None]
    return {**out, "overall": sum(known) / len(known) if known else None}
