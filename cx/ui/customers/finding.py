"""Finding customers by anything: identifier, name, e-mail, company, phone, or words they said."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.health import scored
from cx.facts import engine
from cx.facts.history import Revision
from cx.ui.accounts import PARTS, of
from cx.ui.remember import remembered

MOST = 100
SHORTEST = 2
SAID = {"responses": (("comment", "answer"), "answered_at"), "mentions": (("text",), "posted_at"), "tickets": (("subject",), "created_at")}
CONTACTS = {"responses": "answered_at", "tickets": "created_at", "interactions": "happened_at", "orders": "ordered_at", "mentions": "posted_at"}
BETWEEN = "\x1f"
EMPTY: dict[str, Any] = dict.fromkeys(("name", "company", "email", "segment", "status", "owner", "seen", "score", "top", "metric", "health", "band", "mrr_minor", "currency"))
_PHONE = re.compile(r"\+?[\d\s()/.-]+")


def _words(table: ir.Table, *columns: str) -> ir.StringValue:
    return ibis.literal(" ").join([ibis.coalesce(table[name], "") for name in columns])


def _own(customers: ir.Table, phone: bool) -> ir.Table:
    """Customers whose own row holds what is asked for; rank 0 where it is the identifier, 1 where name or company begin so."""
    asked = engine.asked("text")
    if phone:
        found = customers.filter(customers["properties"].re_replace("[^0-9]", "").contains(asked))
        return found.select("customer_id", rank=ibis.literal(1), at=found["joined_at"], said=ibis.null("string"))
    found = customers.filter(_words(customers, "customer_id", "name", "email", "company", "properties").lower().contains(asked))
    name, company = (ibis.coalesce(found[column], "").lower() for column in ("name", "company"))
    rank = ibis.cases((found["customer_id"].lower() == asked, 0), (name.startswith(asked) | company.startswith(asked), 1), else_=2)
    return found.select("customer_id", rank=rank.cast("int8"), at=found["joined_at"], said=ibis.null("string"))


def _said(tables: dict[str, ir.Table], searched: bool) -> list[ir.Table]:
    """What customers wrote: words that hold what is asked for, or (not searched) the latest of all."""
    out = []
    for name, (columns, when) in SAID.items():
        table = tables[name]
        text = ibis.coalesce(*(table[column] for column in columns)) if len(columns) > 1 else table[columns[0]]
        wanted = text.lower().contains(engine.asked("text")) if searched else text.notnull()
        table = table.filter(wanted, table["customer_id"].notnull())
        out.append(table.select("customer_id", rank=ibis.literal(3).cast("int8"), at=table[when], said=ibis.coalesce(*(table[c] for c in columns)) if len(columns) > 1 else table[columns[0]]))
    return out


@lru_cache(maxsize=4)
def _hits(searched: bool, phone: bool) -> ir.Table:
    """customer_id, rank, at, said, mentions and in all how many: the best hundred, exact ones first, then who spoke last."""
    tables = dict(engine.tables())
    parts = _said(tables, searched) if not phone else []
    if searched:
        own = _own(tables["customers"], phone)
        parts = [own.mutate(rank=own["rank"].cast("int8")), *parts]
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    whole = whole.filter(whole["customer_id"].notnull())
    each = whole.group_by("customer_id").aggregate(rank=whole["rank"].min(), at=whole["at"].max(), said=whole["said"].argmax(whole["at"], where=whole["said"].notnull()), times=whole["said"].count())
    each = each.mutate(total=each.count().over())
    return each.order_by("rank", each["at"].desc(nulls_first=False), "customer_id").limit(MOST)


@lru_cache(maxsize=16)
def _enriched(at: datetime) -> ir.Table:
    """Who the customers asked for are (their identifiers in one text), their last contact, last score and health."""
    asked = engine.asked("ids").split(BETWEEN).unnest().name("customer_id").as_table()
    tables = {name: table.semi_join(asked, "customer_id") if "customer_id" in table.columns else table for name, table in engine.tables().items()}
    contacts = [tables[name].select("customer_id", seen=tables[name][when]) for name, when in CONTACTS.items()]
    every = ibis.union(*contacts)
    last = every.group_by("customer_id").aggregate(seen=every["seen"].max())
    answers = tables["responses"].filter(tables["responses"]["score"].notnull(), tables["responses"]["metric"].isin(("nps", "csat", "ces")))
    score = answers.group_by("customer_id").aggregate(score=answers["score"].argmax(answers["answered_at"]), top=answers["scale_max"].argmax(answers["answered_at"]), metric=answers["metric"].argmax(answers["answered_at"]))
    health = scored(of(tables, at, everybody=True), PARTS).select("customer_id", "health", "band", "mrr_minor", "currency")
    people = tables["customers"].select("customer_id", "name", "company", "email", "segment", "status", "owner")
    out = last
    for part in (people, score, health):
        out = out.outer_join(part, "customer_id")
        out = out.mutate(customer_id=ibis.coalesce(out["customer_id"], out["customer_id_right"])).drop("customer_id_right")
    return out


@remembered
def find(now: Revision, asked: str, at: datetime) -> tuple[dict[str, Any], ...]:
    """At most a hundred customers, the best first; `total` in each row says how many there are. Without words: who spoke last.

    customer_id, rank (0 the identifier itself, 1 name or company begins so, 2 their row holds it, 3 they said it), said and
    times (what they said last with these words, how often), name, company, email, segment, status, owner, seen (last
    contact), score, top, metric (last score), health, band, mrr_minor, currency.
    """
    text = asked.strip().lower()
    digits = re.sub(r"\D", "", text)
    phone = bool(_PHONE.fullmatch(text)) and len(digits) >= 6
    hits = engine.rows(_hits(bool(text), False), now=now, given={"text": text})
    if phone:
        known = {row["customer_id"] for row in hits}
        hits += [row for row in engine.rows(_hits(True, True), now=now, given={"text": digits}) if row["customer_id"] not in known]
    if not hits:
        return ()
    ids = BETWEEN.join(row["customer_id"] for row in hits)
    known_of = {row["customer_id"]: row for row in engine.rows(_enriched(at), now=now, given={"ids": ids})}
    return tuple(EMPTY | row | known_of.get(row["customer_id"], {}) for row in hits)


def same_person(now: Revision, customer: str) -> tuple[str, tuple[str, ...]]:
    """The identifier under which a customer stands now, and those merged into it."""
    into = dict(now.aliases)
    kept = into.get(customer, customer)
    return kept, tuple(one for one, whole in now.aliases if whole == kept)
