"""What the engine knows of one customer: their row, signs of health, value, company, answers; each asked once a state of the facts."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir

from cx.analytics.health import scored
from cx.analytics.segment_rules import parse, predicate
from cx.facts import engine, story, versions
from cx.facts.history import Revision
from cx.ui import accounts, segments
from cx.ui.remember import remembered

DAILY = 1_500


def _mine(name: str) -> ir.Table:
    table = engine.tables()[name]
    return table.filter(table["customer_id"] == engine.asked("customer"))


@lru_cache(maxsize=8)
def _signs(at: datetime) -> ir.Table:
    tables = {name: _mine(name) if "customer_id" in table.columns else table for name, table in engine.tables().items()}
    return scored(accounts.of(tables, at, everybody=True), accounts.PARTS)


@lru_cache(maxsize=1)
def _orders() -> ir.Table:
    table = _mine("orders")
    return table.group_by("currency").aggregate(orders=table["order_id"].nunique(), lines=table.count(), amount=table["amount_minor"].sum(), last=table["ordered_at"].max())


@remembered
def person(now: Revision, customer: str) -> dict[str, Any]:
    """The customer's row; empty where the facts name the customer but no file of customers does."""
    found = engine.rows(_mine("customers").limit(1), now=now, given={"customer": customer})
    return found[0] if found else {}


@remembered
def signs(now: Revision, at: datetime, customer: str) -> dict[str, Any]:
    """Health with its parts, monthly revenue and next renewal; empty where there is no row of the customer."""
    found = engine.rows(_signs(at), now=now, given={"customer": customer})
    return found[0] if found else {}


@remembered
def orders(now: Revision, customer: str) -> tuple[dict[str, Any], ...]:
    """A row a currency: orders, amount in minor units, last."""
    return tuple(engine.rows(_orders(), now=now, given={"customer": customer})) if now.rows("orders") else ()


@remembered
def counts(now: Revision, customer: str, text: str) -> dict[str, dict[str, Any]]:
    """Events by kind."""
    return story.counts(customer, now, text)


@remembered
def page(now: Revision, customer: str, kinds: tuple[str, ...], text: str, size: int, skip: int) -> tuple[dict[str, Any], ...]:
    """A stretch of the story."""
    return tuple(story.page(customer, now, kinds=kinds, text=text, size=size, skip=skip))


@remembered
def strip(now: Revision, customer: str, events: int) -> tuple[dict[str, Any], ...]:
    """Scores and what happened: by day, or by month where there is much."""
    return tuple(story.strip(customer, now, "D" if events <= DAILY else "M"))


@remembered
def earlier(now: Revision, identifiers: tuple[str, ...]) -> tuple[tuple[datetime, dict[str, Any]], ...]:
    """Earlier versions of the customer's row."""
    return tuple(versions.earlier(identifiers))


@lru_cache(maxsize=1)
def _colleagues() -> ir.Table:
    customers = engine.tables()["customers"]
    found = customers.filter((customers["company"] == engine.asked("company")) & (customers["customer_id"] != engine.asked("customer")))
    return found.select("customer_id", "name", "segment", "status", "owner").order_by("name", "customer_id").limit(50)


@remembered
def colleagues(now: Revision, customer: str, company: str) -> tuple[dict[str, Any], ...]:
    """Other customers of the same company, at most 50."""
    return tuple(engine.rows(_colleagues(), now=now, given={"customer": customer, "company": company}))


def belongs(now: Revision, at: datetime, customer: str) -> tuple[str, ...]:
    """Names of the segments built in the app whose rules the customer meets."""
    built = tuple(sorted(segments.built().items()))
    return _belongs(now, at, customer, built) if built else ()


@remembered
def _belongs(now: Revision, at: datetime, customer: str, built: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    table = segments.everybody(at)
    met = {f"s{i}": predicate(parse(json.loads(rules)), table, at) for i, (_, rules) in enumerate(built)}
    found = engine.rows(table.filter(table["customer_id"] == customer).select(**met), now=now)
    return tuple(name for i, (name, _) in enumerate(built) if found and found[0][f"s{i}"])
