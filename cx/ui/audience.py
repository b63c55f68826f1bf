"""Audiences: customers by what is known of them, what they are worth, and the list of those who agreed to hear from us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.interval import proportion
from cx.analytics.measure import naive
from cx.analytics.segment_rules import Condition, Rules, describe, plain, predicate
from cx.errors import MeasureError
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.actor import Actor
from cx.records.exports import noted
from cx.ui import segments
from cx.ui.export import to_csv
from cx.ui.remember import remembered

WORDS = {"segment": "Segment", "persona": "Persona", "industry": "Industry", "country": "Country", "region": "Region", "size": "Size", "plan": "Plan", "status": "Status", "channel": "Won through"}
NUMBERS = {"orders": "Orders in a year", "spent": "Spent in a year", "quiet_days": "Days since the last order", "nps": "Last NPS answer", "tickets": "Tickets in 90 days", "months": "Months a customer"}
BUILT = "segment built here"
TITLES = {**WORDS, BUILT: "Segment built here", **NUMBERS}
Built = tuple[tuple[str, str], ...]
LIST = ("customer_id", "name", "email", "company", "segment", "country", "owner")
RESPONSE_DAYS = 90


def people(at: datetime) -> ir.Table:
    """A row a customer not gone at a moment, with what may be asked of them. Amounts in whole currency; None for several currencies."""
    tables = engine.tables()
    end = naive(at)

    def edge(days: int) -> ir.Value:
        return ibis.literal(end - timedelta(days=days), "timestamp(6)")

    customers, orders, responses, tickets = (tables[name] for name in ("customers", "orders", "responses", "tickets"))
    bought = orders.filter((orders["ordered_at"] < edge(0)) & orders["customer_id"].notnull())
    year = bought["ordered_at"] >= edge(365)
    kept = bought.group_by("customer_id").aggregate(
        orders=bought["order_id"].nunique(where=year), _spent=bought["amount_minor"].sum(where=year), _codes=bought["currency"].nunique(where=year), _last=bought["ordered_at"].max(),
        again=(bought["ordered_at"] >= edge(RESPONSE_DAYS)).any(),
    )  # fmt: skip
    kept = kept.mutate(quiet_days=((edge(0).epoch_seconds() - kept["_last"].epoch_seconds()) / 86_400).floor(), spent=ibis.ifelse(kept["_codes"] <= 1, kept["_spent"] / 100.0, ibis.null("float64")))
    scored = responses.filter((responses["metric"] == "nps") & responses["score"].notnull() & (responses["answered_at"] < edge(0)))
    nps = scored.group_by("customer_id").aggregate(nps=scored["score"].argmax(scored["answered_at"]))
    asked = tickets.filter((tickets["created_at"] >= edge(90)) & (tickets["created_at"] < edge(0)))
    contacts = asked.group_by("customer_id").aggregate(tickets=asked.count())
    here = customers.filter(customers["customer_id"].notnull() & (customers["left_at"].isnull() | (customers["left_at"] > edge(0))))
    here = here.mutate(months=((edge(0).epoch_seconds() - here["joined_at"].epoch_seconds()) / (86_400 * 30.4)).floor())
    for part in (kept.drop("_spent", "_codes", "_last"), nps, contacts):
        here = here.left_join(part, "customer_id").drop("customer_id_right")
    return here.mutate(orders=here["orders"].fill_null(0), tickets=here["tickets"].fill_null(0), again=here["again"].fill_null(False))


def built(rules: Rules) -> Built:
    """The segments built in the app that the rules name, each with its own rules as they stand now. Raises MeasureError where one is gone."""
    known, out = segments.built(), []
    for name in dict.fromkeys(v for part in rules.parts if isinstance(part, Condition) and part.column == BUILT for v in part.value):
        if name not in known:
            raise MeasureError("an audience needs the segments it is made of", f"{name!r} is no longer among the segments built here", "take it out, or bring it back in the register")
        out.append((name, known[name]))
    return tuple(out)


def members(at: datetime, rules: Rules, kept: Built = ()) -> ir.Table:
    """Every customer, with `_in` for those who meet the rules; `kept` holds the segments they name, as `built` finds them."""
    table = people(at)
    for k, one in enumerate(kept):
        inside = Filters(saved=(one,), as_of=at).members().distinct().mutate(_there=ibis.literal(True))
        table = table.left_join(inside, "customer_id").drop("customer_id_right")
        table = table.mutate(**{f"_built_{k}": table["_there"].fill_null(False)}).drop("_there")
    return table.mutate(_in=predicate(_resolved(rules, [name for name, _ in kept]), table, at))


def _resolved(rules: Rules, names: list[str]) -> Rules:
    """The rules with each mention of a segment built here as a look at the column that says who is in it."""
    parts: list[Condition | Rules] = []
    for part in rules.parts:
        if isinstance(part, Condition) and part.column == BUILT:
            inside = tuple(Condition(f"_built_{names.index(name)}", "=", True) for name in part.value)
            parts.append(Rules("any", inside, negated=part.operator == "not in"))
        else:
            parts.append(part)
    return Rules(rules.join, tuple(parts), rules.negated)


@remembered
def measured(now: Revision, at: datetime, rules: Rules, kept: Built = ()) -> dict[str, Any]:
    """What an audience is: n, whole (all customers), agreed (with consent and an address), why the others are left out, worth and response.

    response: the share of its members who ordered in the last 90 days, beside that of all customers.
    """
    table = members(at, rules, kept)
    chosen = table["_in"]
    address = table["email"].notnull() & table["email"].contains("@")
    agreed = table["consent"].fill_null(False)
    flag = ibis.ifelse
    found = engine.rows(table.aggregate(
        whole=table.count(), n=flag(chosen, 1, 0).sum(), agreed=flag(chosen & agreed & address, 1, 0).sum(), refused=flag(chosen & (table["consent"] == False).fill_null(False), 1, 0).sum(),  # noqa: E712
        unasked=flag(chosen & table["consent"].isnull(), 1, 0).sum(), unreachable=flag(chosen & agreed & ~address.fill_null(False), 1, 0).sum(),
        spent=table["spent"].sum(where=chosen), all_spent=table["spent"].sum(), again=flag(chosen & table["again"], 1, 0).sum(), all_again=flag(table["again"], 1, 0).sum(),
    ), now=now)[0]  # fmt: skip
    counts = {name: round(value or 0) for name, value in found.items()}
    response = proportion(counts["again"], counts["n"]) if counts["n"] else None
    return {**counts, "response": response, "usual": 100 * counts["all_again"] / counts["whole"] if counts["whole"] else None}


@remembered
def spread(now: Revision, at: datetime, rules: Rules, column: str, kept: Built = ()) -> list[dict[str, Any]]:
    """group, n, whole: members and all customers by a column."""
    table = members(at, rules, kept)
    chosen = table["_in"]
    found = table.group_by(group=table[column]).aggregate(n=ibis.ifelse(chosen, 1, 0).sum(), whole=table.count())
    rows = engine.rows(found.filter(found["n"] > 0).order_by(found["n"].desc(), "group").limit(12), now=now)
    return [{**row, "n": int(row["n"]), "whole": int(row["whole"])} for row in rows]


@remembered
def values(now: Revision, column: str) -> tuple[str, ...]:
    """The values of a column of the customers, at most 200."""
    table = engine.tables()["customers"]
    return tuple(row[column] for row in engine.rows(table.select(column).filter(table[column].notnull()).distinct().order_by(column).limit(200), now=now))


def export(name: str, now: Revision, at: datetime, rules: Rules, actor: Actor) -> bytes:
    """The members who agreed and can be reached, as CSV. It is written into the audit log first, with name, rules and number.

    Nobody without recorded consent is in it. Raises AccessError where the actor may only look.
    """
    kept = built(rules)
    table = members(at, rules, kept)
    reached = table.filter(table["_in"] & table["consent"].fill_null(False) & table["email"].notnull() & table["email"].contains("@"))
    rows = engine.rows(reached.select(*LIST).order_by("customer_id"), now=now)
    noted("audience", name, {"rows": len(rows), "rules": plain(rules), **({"segments built here": dict(kept)} if kept else {}), "in words": describe(rules), "columns": list(LIST), "as of": at.isoformat()}, actor)
    return to_csv({column: [row[column] for row in rows] for column in LIST})
