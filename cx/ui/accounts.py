"""Accounts as the people who look after them see them: contract value, renewal, last signs, health made of them, reviews due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.association_rules import association_rules
from cx.analytics.health import Part, scored
from cx.analytics.measure import naive
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.ui.page import View
from cx.ui.remember import remembered

DAYS = 90
PARTS = (Part("nps", 3, 0, 10), Part("satisfaction", 2, 1, 5), Part("complaints", 2, 2, 0), Part("late", 1, 2, 0), Part("use", 2, 25, 100))
TITLES = {"nps": "Last NPS answer", "satisfaction": "Ticket satisfaction", "complaints": "Complaints, 90 days", "late": "Late deliveries, 90 days", "use": "Use against before, %"}
SHOWN = ("customer_id", "name", "segment", "owner", "plan", "mrr_minor", "currency", "renews_at", *TITLES, "health", "coverage", "band")


def signs(at: datetime, filters: Filters) -> ir.Table:
    """A row a customer with a running subscription: monthly revenue, next renewal and the signs that health is made of.

    nps: last answer within a year. satisfaction: mean of rated tickets of 180 days, scaled to 5. complaints and late:
    number in 90 days. use: interactions of the last 60 days in percent of the 60 before; None where there were fewer than 3.
    """
    tables, _ = filters.apply(engine.tables())
    return of(tables, at)


def of(tables: Mapping[str, ir.Table], at: datetime, everybody: bool = False) -> ir.Table:
    """The same for tables narrowed before; with `everybody` customers without a running subscription are there too, revenue and renewal empty."""
    end = naive(at)

    def edge(days: int) -> ir.Value:
        return ibis.literal(end - timedelta(days=days), "timestamp(6)")

    subscriptions, customers = tables["subscriptions"], tables["customers"]
    running = subscriptions.filter((subscriptions["started_at"] < edge(0)) & (subscriptions["ended_at"].isnull() | (subscriptions["ended_at"] > edge(0))))
    one = running.group_by("customer_id").aggregate(mrr_minor=running["mrr_minor"].sum(), currency=running["currency"].max(), codes=running["currency"].nunique(), renews_at=running["renews_at"].min())
    one = one.filter(one["codes"] <= 1).drop("codes")
    r, t, o, i = (tables[name] for name in ("responses", "tickets", "orders", "interactions"))
    r = r.filter((r["metric"] == "nps") & r["score"].notnull() & (r["answered_at"] >= edge(365)) & (r["answered_at"] < edge(0)))
    nps = r.group_by("customer_id").aggregate(nps=r["score"].argmax(r["answered_at"]))
    t = t.filter((t["created_at"] >= edge(180)) & (t["created_at"] < edge(0)))
    rated = t.filter(t["satisfaction"].notnull() & (t["satisfaction_max"] > 0))
    happy = rated.group_by("customer_id").aggregate(satisfaction=(rated["satisfaction"] / rated["satisfaction_max"] * 5).mean())
    angry = t.filter((t["kind"] == "complaint") & (t["created_at"] >= edge(DAYS)))
    complaints = angry.group_by("customer_id").aggregate(complaints=angry.count())
    slow = o.filter((o["delivered_at"] > o["promised_at"]) & (o["ordered_at"] >= edge(DAYS)) & (o["ordered_at"] < edge(0)))
    late = slow.group_by("customer_id").aggregate(late=slow["order_id"].nunique())
    seen = i.filter((i["happened_at"] >= edge(120)) & (i["happened_at"] < edge(0)))
    used = seen.group_by("customer_id").aggregate(_now=ibis.ifelse(seen["happened_at"] >= edge(60), 1, 0).sum(), _before=ibis.ifelse(seen["happened_at"] < edge(60), 1, 0).sum())
    used = used.select("customer_id", use=ibis.ifelse(used["_before"] >= 3, used["_now"] * 100.0 / used["_before"].nullif(0), ibis.null("float64")))
    people = customers.select("customer_id", "name", "segment", "owner", "plan")
    whole = people.left_join(one, "customer_id").drop("customer_id_right") if everybody else people.inner_join(one, "customer_id")
    for part in (nps, happy, complaints, late, used):
        whole = whole.left_join(part, "customer_id").drop("customer_id_right")
    return whole.mutate(complaints=whole["complaints"].fill_null(0), late=whole["late"].fill_null(0))


@remembered
def accounts(now: Revision, at: datetime, filters: Filters, soon: int) -> list[dict[str, Any]]:
    """Accounts at risk or with a renewal within `soon` days (at most 600), the nearest renewal first, with health and contract value a year."""
    table = scored(signs(at, filters), PARTS)
    edge = ibis.literal(naive(at) + timedelta(days=soon), "timestamp(6)")
    near = table.filter(table["renews_at"].notnull() & (table["renews_at"] < edge))
    rows = engine.rows(near.select(*SHOWN).order_by("renews_at", "customer_id").limit(600), now=now)
    return [{**row, "contract": (row["mrr_minor"] or 0) * 12} for row in rows]


@remembered
def bands(now: Revision, at: datetime, filters: Filters) -> list[dict[str, Any]]:
    """band, currency, n, mrr: how many accounts are healthy, to be watched and at risk, and what they pay a month (minor units)."""
    table = scored(signs(at, filters), PARTS)
    return engine.rows(table.group_by("band", "currency").aggregate(n=lambda t: t.count(), mrr=lambda t: t["mrr_minor"].sum()), now=now)


@remembered
def one(now: Revision, at: datetime, customer: str) -> dict[str, Any]:
    """The signs and health of one customer; empty where no subscription runs."""
    table = scored(signs(at, Filters()), PARTS)
    found = engine.rows(table.filter(table["customer_id"] == customer).select(*SHOWN), now=now)
    return found[0] if found else {}


def reviews(view: View, soon: int) -> list[dict[str, Any]]:
    """Accounts whose renewal comes within `soon` days with their review: the last held, the next due, and what is wrong with that.

    why is "" where a review was held within its cadence or is planned before the renewal.
    """
    if view.last is None:
        return []
    held: dict[str, Any] = {}
    due: dict[str, Any] = {}
    for row in records("account_review"):
        if row.held_on and (row.customer_id not in held or row.held_on > held[row.customer_id].held_on):
            held[row.customer_id] = row
        if row.status == "planned" and row.due_on and (row.customer_id not in due or row.due_on < due[row.customer_id].due_on):
            due[row.customer_id] = row
    today, out = view.last.date(), []
    for row in accounts(view.now, view.last, Filters(only=view.filters.only), soon):
        last, following = held.get(row["customer_id"]), due.get(row["customer_id"])
        renewal = row["renews_at"].date()
        why = ""
        if following is not None and following.due_on < today:
            why = f"review overdue by {(today - following.due_on).days} days"
        elif last is not None and (today - last.held_on).days <= (last.cadence_days or DAYS):
            why = ""
        elif following is not None and following.due_on > renewal:
            why = "review planned after the renewal"
        elif following is None:
            why = f"last review {(today - last.held_on).days} days ago" if last else "never reviewed"
        out.append({**row, "held": last.held_on if last else None, "due": following.due_on if following else None, "why": why, "days": (renewal - today).days})
    return out


@remembered
def together(now: Revision, filters: Filters) -> Any:
    """What customers buy together: association rules over customers and products."""
    tables, _ = filters.apply(engine.tables())
    bought = engine.fetch(tables["orders"].filter(tables["orders"]["customer_id"].notnull()).select("customer_id", "product").distinct(), now=now)
    return association_rules(bought, "customer_id", "product", least_together=20, least_lift=1.05)


def could_use(now: Revision, filters: Filters, customer: str, most: int = 3) -> list[tuple[str, str, float, float]]:
    """What else a customer could use, the strongest rule first: (product, because of, share of those with the latter who have it, lift)."""
    orders = engine.tables()["orders"]
    mine = engine.rows(orders.filter((orders["customer_id"] == customer) & orders["product"].notnull()).select("product").distinct(), now=now)
    return suggested(together(now, filters), {row["product"] for row in mine}, most)


def suggested(rules: Any, owned: set[str], most: int = 3) -> list[tuple[str, str, float, float]]:
    """The same from rules at hand: each product that is not owned once, by the rule of highest lift from one that is."""
    out: dict[str, tuple[str, str, float, float]] = {}
    for row in rules.to_dict("records") if len(rules) else []:
        if row["if"] in owned and row["then"] not in owned:
            out.setdefault(row["then"], (row["then"], row["if"], float(row["confidence"]), float(row["lift"])))
    return list(out.values())[:most]


def history(view: View, customer: str) -> list[dict[str, Any]]:
    """When, What, Detail of the latest things that happened with a customer, from every dataset, the latest first."""
    tables = engine.tables()
    rows: list[dict[str, Any]] = []
    for name, when, what in (("responses", "answered_at", ("survey", "score", "comment")), ("tickets", "created_at", ("category", "subject", "status")), ("orders", "ordered_at", ("product", "category")),
                             ("deals", "created_at", ("name", "stage")), ("mentions", "posted_at", ("source", "text")), ("interactions", "happened_at", ("event", "channel"))):  # fmt: skip
        table_ = tables[name]
        mine = table_.filter((table_["customer_id"] == customer) & table_[when].notnull())
        for row in engine.rows(mine.order_by(mine[when].desc()).select(when, *what).limit(15), now=view.now):
            rows.append({"When": row[when], "What": name.rstrip("s"), "Detail": " · ".join(str(row[c]) for c in what if row[c] not in (None, ""))})
    rows.sort(key=lambda row: row["When"], reverse=True)
    return rows
