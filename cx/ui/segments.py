"""Segments on a page: customers described for the rule builder, those who meet rules, and how segments differ."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx import scorecard
from cx.analytics import interval
from cx.analytics.clusters import Clusters, clusters
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.measure import naive
from cx.analytics.profile import KNOWN, profile
from cx.analytics.segment_rules import parse, predicate
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records import lookup
from cx.settings import settings
from cx.ui.remember import each, remembered

TEXTS = tuple(name for name in KNOWN if name not in ("consent", "joined_at", "left_at"))
MEASURES = {"nps": "NPS", "ease": "Ease", "churn": "Customers lost", "revenue": "Revenue a customer"}
MOST_LISTED = 20_000
FREQUENT = ("industry", "country", "segment", "plan")


def everybody(as_of: datetime) -> ir.Table:
    """The profile of every customer, an expression."""
    return profile(engine.tables(), as_of)


@remembered
def values(now: Revision, column: str) -> tuple[str, ...]:
    """What a column of words holds, the most frequent first, at most 200."""
    table = engine.tables()["customers"]
    table = table.filter(table[column].notnull())
    counts = table.group_by(column).aggregate(n=table.count())
    return tuple(str(r[column]) for r in engine.rows(counts.order_by(ibis.desc("n"), column).limit(200), now=now))


def _met(rules: str, dated: Filters) -> ir.Table:
    """The profile of every customer as of the filters' moment, with `_in`: whether they meet the rules (JSON); all do where there are none."""
    at = dated.as_of
    assert at is not None
    table = everybody(at)
    return table.mutate(_in=predicate(parse(json.loads(rules)), table, at) if rules else ibis.literal(True))


@remembered
def size(now: Revision, rules: str, as_of: datetime) -> tuple[int, int]:
    """How many customers meet the rules (JSON), and how many there are."""

    def build(dated: Filters) -> ir.Table:
        table = _met(rules, dated)
        return table.aggregate(n=table["_in"].sum().fill_null(0), total=table.count())

    row = prepared.rows(("segment size", rules), Filters(as_of=as_of), build, now)[0]
    return int(row["n"]), int(row["total"])


@remembered
def described(now: Revision, rules: str, as_of: datetime) -> dict[str, Any]:
    """Size, share of revenue, most frequent industry, country, segment and plan of those who meet rules."""

    def whole(dated: Filters) -> ir.Table:
        table = _met(rules, dated)
        return table.aggregate(total=table.count(), n=table["_in"].sum(), all=table["revenue"].sum(), own=ibis.ifelse(table["_in"], table["revenue"], 0.0).sum())

    def frequent(dated: Filters) -> ir.Table:
        table = _met(rules, dated).filter(lambda t: t["_in"])
        parts = []
        for column in FREQUENT:
            known = table.filter(table[column].notnull())
            counts = known.group_by(value=known[column].cast("string")).aggregate(k=known.count())
            parts.append(counts.order_by(ibis.desc("k"), "value").limit(1).select(of=ibis.literal(column), value="value", k="k"))
        return ibis.union(*parts)

    asked = [("whole", whole), ("frequent", frequent)]
    first, most = each(lambda pair: prepared.rows(("segment described", pair[0], rules), Filters(as_of=as_of), pair[1], now), asked)
    top = {row["of"]: (row["value"], int(row["k"])) for row in most}
    return {**first[0], **{column: top.get(column) for column in FREQUENT}}


@remembered
def worth(now: Revision, filters: Filters, by: str, as_of: datetime) -> tuple[tuple[Any, int, Estimate, Estimate], ...]:
    """(group, customers, share lost in the period, revenue a customer) by a column of the profile, or of all where `by` is empty.

    Lost: of those who were customers when the period began, the share who left in it, with Wilson's interval. Revenue:
    mean of all orders so far of customers who pay in one currency, in its minor units, with Student's interval. Both as they
    stand `as_of`, which is also when it is looked who is in a saved segment.
    """

    def build(dated: Filters) -> ir.Table:
        at = dated.as_of or as_of
        table = everybody(at)
        if dated.saved:
            table = table.semi_join(dated.members(), "customer_id")
        start = ibis.literal(naive(dated.start or datetime(1970, 1, 1, tzinfo=UTC)), "timestamp(6)")
        end = ibis.literal(naive(dated.end or at), "timestamp(6)")
        base = (table["joined_at"] < start) & (table["left_at"].isnull() | (table["left_at"] >= start))
        counts: dict[str, Any] = {
            "n": table.count(), "base": base.sum().fill_null(0), "gone": (base & (table["left_at"] < end)).sum().fill_null(0),
            "payers": table["revenue"].count(), "paid": table["revenue"].sum().fill_null(0.0), "squares": (table["revenue"] * table["revenue"]).sum().fill_null(0.0),
        }  # fmt: skip
        return table.group_by(by).aggregate(**counts) if by else table.aggregate(**counts)

    rows = prepared.rows(("segment worth", by), replace(filters, as_of=as_of), build, now)
    currency = in_currency(now)
    found = []
    for r in rows:
        lost = interval.proportion(r["gone"], r["base"]) if r["base"] else undefined("nobody was a customer when the period began", "%")
        paid = interval.mean(r["paid"], r["squares"], r["payers"], currency or "") if r["payers"] and currency else undefined("no orders in one currency", currency or "")
        found.append((r.get(by) if by else None, int(r["n"]), lost, paid))
    return tuple(sorted(found, key=lambda f: -f[1]))


@remembered
def in_currency(now: Revision) -> str | None:
    """The currency of the orders where there is but one."""
    table = engine.tables()["orders"]
    found = engine.rows(table.select("currency").filter(table.currency.notnull()).distinct().limit(2), now=now)
    return str(found[0]["currency"]) if len(found) == 1 else None


def built() -> dict[str, str]:
    """The segments built in the app and in use: name -> rules as JSON."""
    return {row.name: json.dumps(row.rules, sort_keys=True) for row in lookup.records("segment", active=True) if row.rules}


def rules_of(segment: Any) -> str:
    """The rules of a segment as JSON: its own, or those who stand under its name in the data."""
    rules = segment.rules or {"all": [{"column": "segment", "operator": "=", "value": segment.name}]}
    return json.dumps(rules, sort_keys=True)


def estimates(now: Revision, filters: Filters, measure: str, chosen: tuple[tuple[str, str], ...], as_of: datetime) -> list[tuple[str, Estimate, bool]]:
    """A measure of each segment: those of the data where `chosen` is empty, else the saved ones (name, rules). Small groups are hidden."""
    if measure in ("nps", "ease"):
        if not chosen:
            return [(str(r.key("segment")), r.estimate, r.hidden) for r in scorecard.read(measure, filters, ("segment",), now=now) if r.key("segment") is not None]
        read = [(name, scorecard.read(measure, replace(filters, saved=((name, rules),), as_of=as_of), now=now)[0]) for name, rules in chosen]
        few = settings().minimum_group
        return [(name, r.estimate, r.hidden or 0 < r.estimate.n < few) for name, r in read]
    at = 2 if measure == "churn" else 3
    if not chosen:
        return [(str(row[0]), row[at], False) for row in worth(now, filters, "segment", as_of) if row[0] is not None]  # type: ignore[misc]
    return [(name, worth(now, replace(filters, saved=((name, rules),), as_of=as_of), "", as_of)[0][at], False) for name, rules in chosen]  # type: ignore[misc]


@remembered
def clustered(now: Revision, features: tuple[str, ...], k: int, scaling: str, as_of: datetime) -> tuple[Clusters, tuple[str, ...]]:
    """Clusters of the present customers by numbers of their profile, and the customers in the order of the labels.

    No cluster is smaller than the small-group rule allows: where one would be, fewer clusters are made.
    """
    table = everybody(as_of)
    table = table.filter(table["left_at"].isnull() | (table["left_at"] > ibis.literal(naive(as_of), "timestamp(6)")))
    rows = engine.fetch(table.select("customer_id", *features).order_by("customer_id"), now=now).to_pandas()
    people = tuple(rows["customer_id"])
    return unhidden(rows, features, k, scaling), people


def unhidden(rows: pd.DataFrame, features: tuple[str, ...], k: int, scaling: str) -> Clusters:
    """Clusters of which none has fewer members than the small-group rule asks for."""
    few = settings().minimum_group
    found = clusters(rows, list(features), k=k or None, scaling=scaling)
    while len(found.profile) > 1 and int(found.profile["n"].min()) < few:
        found = clusters(rows, list(features), k=len(found.profile) - 1, scaling=scaling)
    return found
