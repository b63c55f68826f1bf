"""What happened with one customer: facts of every kind as events of one shape, the latest first, a page at a time.

All expressions ask for the customer when they run (see `engine.asked`), so that each is compiled once and the engine
reads no more than a page of it.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.facts import engine
from cx.facts.history import Revision

KINDS = {
    "survey": "Survey answers", "mention": "Reviews and mentions", "ticket": "Tickets", "deal": "Deals", "subscription": "Subscriptions",
    "order": "Orders", "interaction": "Interactions", "campaign": "Campaign touches", "step": "Process steps",
}  # fmt: skip
SHAPE = {
    "kind": "string", "at": "timestamp(6)", "key": "string", "title": "string", "text": "string", "detail": "string", "state": "string", "place": "string", "who": "string",
    "metric": "string", "score": "float64", "low": "float64", "high": "float64", "better": "boolean", "amount": "int64", "currency": "string", "until": "timestamp(6)",
}  # fmt: skip


def _event(table: ir.Table, **columns: Any) -> ir.Table:
    return table.select(**{name: (columns[name] if name in columns else ibis.null(kind)).cast(kind) for name, kind in SHAPE.items()}, key_=table["key"]).drop("key_")


def _kind(word: str) -> ir.StringValue:
    return ibis.literal(word)


@lru_cache(maxsize=1)
def events() -> ir.Table:
    """Every event of the customer asked for, in no order. An open deal is one event, a closed one two; so is a subscription that ended."""
    t = {name: table.filter(table["customer_id"] == engine.asked("customer")) for name, table in engine.tables().items() if "customer_id" in table.columns}
    r, m, k, d, s, o, i, p = (t[name] for name in ("responses", "mentions", "tickets", "deals", "subscriptions", "orders", "interactions", "step_runs"))
    closed, ended = d.filter(d["closed_at"].notnull()), s.filter(s["ended_at"].notnull())
    parts = [
        _event(r, kind=_kind("survey"), at=ibis.coalesce(r["answered_at"], r["invited_at"]), key=r["key"], title=r["survey"], text=ibis.coalesce(r["comment"], r["answer"]), detail=r["question_text"],
               state=r["answered_at"].isnull().ifelse("not answered", ibis.null("string")), place=r["touchpoint"], who=ibis.coalesce(r["agent"], r["team"]), metric=r["metric"], score=r["score"], low=r["scale_min"], high=r["scale_max"],
               better=r["higher_is_better"]),
        _event(m, kind=_kind("mention"), at=m["posted_at"], key=m["key"], title=m["source"], text=m["text"], place=m["touchpoint"], metric=_kind("rating"), score=m["rating"], high=m["rating_max"], until=m["replied_at"],
               state=m["replied_at"].isnull().ifelse("no reply", "replied")),
        _event(k, kind=_kind("ticket"), at=k["created_at"], key=k["key"], title=ibis.coalesce(k["subject"], k["category"], k["ticket_id"]), detail=k["category"], state=k["status"], place=k["channel"], who=ibis.coalesce(k["agent"], k["team"]),
               metric=k["kind"], score=k["satisfaction"], high=k["satisfaction_max"], until=k["resolved_at"]),
        _event(d, kind=_kind("deal"), at=d["created_at"], key=d["key"], title=ibis.coalesce(d["name"], d["product"], d["deal_id"]), detail=d["product"], state=(d["closed_at"].notnull()).ifelse("opened", d["stage"]), place=d["source"],
               who=ibis.coalesce(d["owner"], d["team"]), amount=d["amount_minor"], currency=d["currency"]),
        _event(closed, kind=_kind("deal"), at=closed["closed_at"], key=closed["key"], title=ibis.coalesce(closed["name"], closed["product"], closed["deal_id"]), detail=closed["lost_reason"], state=closed["status"],
               who=ibis.coalesce(closed["owner"], closed["team"]), amount=closed["amount_minor"], currency=closed["currency"]),
        _event(s, kind=_kind("subscription"), at=s["started_at"], key=s["key"], title=ibis.coalesce(s["plan"], s["product"]), state=_kind("begins"), place=s["channel"], amount=s["mrr_minor"], currency=s["currency"], until=s["renews_at"]),
        _event(ended, kind=_kind("subscription"), at=ended["ended_at"], key=ended["key"], title=ibis.coalesce(ended["plan"], ended["product"]), detail=ended["cancel_reason"], state=_kind("ends"), amount=ended["mrr_minor"], currency=ended["currency"]),
        _event(o, kind=_kind("order"), at=o["ordered_at"], key=o["key"], title=o["product"], detail=o["supplier"], place=o["channel"], amount=o["amount_minor"], currency=o["currency"], until=o["delivered_at"],
               state=ibis.cases((o["returned"].fill_null(False), "sent back"), (o["delivered_at"] > o["promised_at"], "delivered late"), (o["delivered_at"].notnull(), "delivered"), else_=ibis.null("string"))),
        _event(i, kind=i["campaign"].notnull().ifelse("campaign", "interaction"), at=i["happened_at"], key=i["key"], title=i["event"], detail=i["campaign"], place=ibis.coalesce(i["touchpoint"], i["channel"]), amount=i["value_minor"], currency=i["currency"]),
        _event(p, kind=_kind("step"), at=p["started_at"], key=p["key"], title=p["step"], detail=p["process"], state=p["outcome"], place=p["touchpoint"], who=ibis.coalesce(p["worker"], p["role"]), until=p["ended_at"]),
    ]  # fmt: skip
    whole = ibis.union(*parts)
    return whole.filter(whole["at"].notnull())


@lru_cache(maxsize=64)
def _narrowed(kinds: tuple[str, ...], searched: bool) -> ir.Table:
    table = events()
    if kinds:
        table = table.filter(table["kind"].isin(kinds))
    if searched:
        words = ibis.literal(" ").join([ibis.coalesce(table[name], "") for name in ("title", "text", "detail", "state", "place", "who")]).lower()
        table = table.filter(words.contains(engine.asked("text")))
    return table


@lru_cache(maxsize=256)
def _page(kinds: tuple[str, ...], searched: bool, size: int, skip: int) -> ir.Table:
    table = _narrowed(kinds, searched)
    return table.order_by(table["at"].desc(), table["kind"], table["key"].desc(), table["state"]).limit(size, offset=skip)


@lru_cache(maxsize=2)
def _counts(searched: bool) -> ir.Table:
    table = _narrowed((), searched)
    return table.group_by("kind").aggregate(n=table.count(), first=table["at"].min(), last=table["at"].max())


def page(customer: str, now: Revision, *, kinds: tuple[str, ...] = (), text: str = "", size: int = 50, skip: int = 0) -> list[dict[str, Any]]:
    """`size` events after the `skip` latest, of these kinds (all where empty) and with this text in them, whatever its case."""
    wanted = text.strip().lower()
    return engine.rows(_page(tuple(sorted(kinds)), bool(wanted), size, skip), now=now, given={"customer": customer, "text": wanted})


def counts(customer: str, now: Revision, text: str = "") -> dict[str, dict[str, Any]]:
    """kind -> n, first and last: how many events there are of each kind, and from when to when."""
    wanted = text.strip().lower()
    return {row["kind"]: row for row in engine.rows(_counts(bool(wanted)), now=now, given={"customer": customer, "text": wanted})}


@lru_cache(maxsize=4)
def _strip(grain: str, most: int = 2_000) -> ir.Table:
    table = events()
    scored = (table["kind"] == "survey") & table["score"].notnull()
    table = table.filter((table["kind"] != "survey") | scored)
    table = table.mutate(at=scored.ifelse(table["at"], table["at"].truncate(grain)), mark=scored.ifelse(table["metric"], ibis.null("string")))
    found = table.group_by("kind", "at", "mark").aggregate(
        n=table.count(), title=table["title"].min(), state=table["state"].min(), place=table["place"].min(), complaints=(table["metric"] == "complaint").sum(),
        score=table["score"].mean(), low=table["low"].min(), high=table["high"].max(), better=table["better"].max(),
    )  # fmt: skip
    return found.order_by(found["at"].desc(), "kind").limit(most)


def strip(customer: str, now: Revision, grain: str = "D") -> list[dict[str, Any]]:
    """Scores given in surveys (`mark` is the metric) one by one, and of every other kind how much happened a day ("D") or month ("M").

    kind, at, mark, n, title, state, place, complaints, score, low, high, better; the latest 2,000 marks.
    """
    return engine.rows(_strip(grain), now=now, given={"customer": customer})


def span(found: dict[str, dict[str, Any]]) -> tuple[datetime | None, datetime | None]:
    """From when to when the events of `counts` reach."""
    return min((row["first"] for row in found.values()), default=None), max((row["last"] for row in found.values()), default=None)
