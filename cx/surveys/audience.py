"""Whom a survey may ask: a segment, those something has just happened to, or a random sample of either."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.measure import naive
from cx.facts import engine
from cx.facts.history import Revision, revision
from cx.records.values import EMAIL
from cx.store.base import now
from cx.surveys.resting import Asked, asked

TICKET, ORDER = "ticket closed", "order delivered"
FRESH = 14  # days for which something that happened may still be asked about
PROFILE = ("segment", "persona", "country")
NOT_AGAIN, REFUSED, UNSAID, ADDRESS, LEFT = "does not want to be asked again", "has not agreed to be contacted", "whether they agreed is not known", "no e-mail address that can be used", "no longer a customer"
RECENT, ABOUT, SHARED, DRAWN = "was asked by a survey not long ago", "was asked about this already", "shares the address of another recipient", "not drawn in the sample"


@dataclass(frozen=True)
class Audience:
    """Who is meant. `event` "" means everybody; `most` draws a random sample of that size, `share` one in percent.

    Where it is not known whether a customer agreed to be contacted, they are asked only where `unknown_consent`.
    """

    segments: tuple[str, ...] = ()
    event: str = ""
    most: int | None = None
    share: float | None = None
    unknown_consent: bool = False


@dataclass(frozen=True)
class Person:
    """One customer who may be asked, with what is known of them and of what happened to them."""

    customer: str
    email: str = ""
    name: str = ""
    event: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Who is asked, and who is left out: reason -> how many. Found plus left out are all that are `meant`."""

    chosen: tuple[Person, ...]
    left_out: Mapping[str, int]

    @property
    def meant(self) -> int:
        """How many the audience holds."""
        return len(self.chosen) + sum(self.left_out.values())


def of(survey: Any) -> Audience:
    """The audience a survey keeps for its own runs: segments and consent from its design, event and share from its fields."""
    kept: Mapping[str, Any] = survey.design if isinstance(survey.design, dict) else {}
    event = (survey.event or "") if survey.trigger == "on_event" else ""
    return Audience(tuple(map(str, kept.get("segments") or ())), event, None, survey.sample, bool(kept.get("unknown_consent")))


def plan(survey: Any, audience: Audience, at: datetime | None = None, seed: int = 0, *, mail: bool = True, state: Revision | None = None) -> Plan:
    """Who of the audience is asked now, and why the others are not; changes nothing. The same seed draws the same sample.

    Each is left out for the first reason that holds: opted out, has not agreed, unknown whether they agreed, no address (by
    mail), left, asked by any survey within the survey's rest days, asked about this event, an address that was taken.
    """
    moment, facts = at or now(), state or revision()
    known = asked(survey, moment, facts)
    out: dict[str, int] = {}
    chosen: list[Person] = []
    taken: set[str] = set()
    for row in people(audience, moment, facts):
        reason = _reason(row, audience, known, moment, mail)
        address = str(row["email"] or "").strip().lower()
        if not reason and mail and address in taken:
            reason = SHARED
        if reason:
            out[reason] = out.get(reason, 0) + 1
            continue
        taken.add(address)
        context = {name: str(row[name]) for name in (*PROFILE, "channel", "touchpoint", "product", "team", "agent") if row.get(name)}
        chosen.append(Person(str(row["customer_id"]), address, str(row["name"] or ""), str(row.get("happened") or ""), context))
    drawn = _drawn(chosen, audience, seed)
    if len(drawn) < len(chosen):
        out[DRAWN] = len(chosen) - len(drawn)
    return Plan(tuple(drawn), out)


def _reason(row: Mapping[str, Any], audience: Audience, known: Asked, moment: datetime, mail: bool) -> str:
    customer, address = str(row["customer_id"]), str(row["email"] or "").strip().lower()
    if customer in known.stopped or address in known.addresses:
        return NOT_AGAIN
    if row["consent"] is not True and (row["consent"] is False or not audience.unknown_consent):
        return REFUSED if row["consent"] is False else UNSAID
    if mail and not EMAIL.fullmatch(address):
        return ADDRESS
    gone = row["left_at"] is not None and row["left_at"] <= naive(moment)
    if not audience.event and (gone or str(row["status"] or "").lower() == "left"):
        return LEFT  # whoever something has just happened to is asked about it, a customer still or not
    if row.get("happened") in known.events:
        return ABOUT
    return RECENT if customer in known.recent else ""


def _drawn(chosen: list[Person], audience: Audience, seed: int) -> list[Person]:
    size = len(chosen)
    if audience.share is not None:
        size = min(size, round(len(chosen) * audience.share / 100))
    if audience.most is not None:
        size = min(size, audience.most)
    if size >= len(chosen):
        return chosen
    keep = set(random.Random(seed).sample(range(len(chosen)), size))
    return [one for i, one in enumerate(chosen) if i in keep]


def people(audience: Audience, at: datetime, state: Revision) -> Iterable[dict[str, Any]]:
    """The customers meant, in the order of their identifiers, with the latest event of each where one is asked about."""
    table = engine.tables()["customers"]
    table = table.filter(table.customer_id.notnull())
    if audience.segments:
        table = table.filter(table.segment.isin(audience.segments))
    own = table.select("customer_id", "name", "email", "consent", "status", "left_at", *PROFILE)
    if audience.event:
        own = own.join(_events(audience.event, at), "customer_id")
    return engine.rows(own.order_by("customer_id"), now=state)


def _events(event: str, at: datetime) -> ir.Table:
    """The latest event of each customer within the last days: what happened and where."""
    tables = engine.tables()
    columns: tuple[str, ...]
    if event == TICKET:
        table, time, name, columns = tables["tickets"], "resolved_at", "ticket_id", ("channel", "touchpoint", "product", "team", "agent")
    elif event == ORDER:
        table, time, name, columns = tables["orders"], "delivered_at", "order_id", ("channel", "product")
    else:
        table, time, name, columns = tables["interactions"], "happened_at", "key", ("channel", "touchpoint", "product")
        table = table.filter(table.event == event)
    since, until = (ibis.literal(naive(moment), "timestamp(6)") for moment in (at - timedelta(days=FRESH), at))
    table = table.filter(table.customer_id.notnull(), table[time] > since, table[time] <= until)
    newest = ibis.row_number().over(ibis.window(group_by=table.customer_id, order_by=[table[time].desc(), table[name]]))
    kind = {TICKET: "ticket", ORDER: "order"}.get(event, "interaction")
    last = table.mutate(_nth=newest).filter(lambda t: t._nth == 0)
    return last.select("customer_id", happened=ibis.literal(f"{kind} ") + last[name].cast("string"), **{column: last[column] for column in columns})


def events(state: Revision) -> list[str]:
    """What can be asked about: tickets and orders where there are any, and every kind of interaction seen."""
    found = [name for name, dataset in ((TICKET, "tickets"), (ORDER, "orders")) if state.rows(dataset)]
    if state.rows("interactions"):
        seen = engine.tables()["interactions"]
        seen = seen.filter(seen.event.notnull())
        kinds = seen.group_by("event").aggregate(n=seen.count()).order_by(ibis.desc("n"), "event").limit(50)
        found += [str(row["event"]) for row in engine.rows(kinds, now=state)]
    return found


def as_json(person: Person) -> str:
    """What is kept of a person's context with their invitation."""
    return json.dumps(dict(person.context), ensure_ascii=False, sort_keys=True)
