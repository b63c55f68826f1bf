"""Inviting: who is asked is written down first, then each letter is handed to the mail server, then the facts are told.

A letter is marked before it goes out, so it goes out at most once, whatever happens to the program and however many of them
send. Tokens are made at that moment and kept as hashes only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from cx.errors import InputError
from cx.facts import batches, engine
from cx.facts.datasets import DATASETS
from cx.facts.history import Revision, revision
from cx.records.actor import Actor
from cx.records.invitations import Invitation, OptOut, hashed, new_response, new_token
from cx.records.lookup import records
from cx.reports.post import AddressError, Post, PostError
from cx.store import audit
from cx.store.base import now
from cx.store.engine import reading, writing
from cx.surveys.answer import asked
from cx.surveys.audience import NOT_AGAIN, RECENT, Person, Plan, as_json
from cx.surveys.door import invented, shut, standing
from cx.surveys.letter import letter
from cx.surveys.resting import events_asked, recently

SUBJECT = "survey_sending"
TOOL = "survey invitations"
MIXED = "The customers shown are those of the demo company, and a survey of your own asks real ones; import your customers first."
NOBODY = "The customers of the demo company are invented, so nobody would read a mail to them; hand out links instead."


@dataclass(frozen=True)
class Invited:
    """What became of a plan: how many are invited, links by person where they were handed out, and who was left out at the last moment."""

    count: int
    links: tuple[tuple[Person, str], ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What a round of letters came to; `reason` where the mail server could not be used and the rest waits."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    reason: str = ""


def refusal(survey: Any, mail: bool, state: Revision) -> str:
    """Why a survey cannot invite anybody now; "" where it can."""
    why = shut(survey)
    if why:
        return {"draft": "The survey is a draft; make it live first.", "paused": "The survey is paused; make it live first.", "early": "The survey has not started yet."}.get(why, "The survey is closed.")
    if invented(survey):
        return NOBODY if mail else ""
    return MIXED if state.demo else ""


def invite(survey: Any, plan: Plan, actor: Actor, *, mail: bool = True, at: datetime | None = None, note: dict[str, Any] | None = None) -> Invited:
    """Write the invitations of a plan down. By mail they wait to be sent; else their links are returned, once and never again.

    Whoever was asked, or opted out, since the plan was made is left out. Raises AccessError below manager, InputError where the
    survey cannot invite now.
    """
    actor.require("manager", "invite to a survey")
    moment, why = at or now(), refusal(survey, mail, revision())
    if why:
        raise InputError(why.rstrip("."))
    links: list[tuple[Person, str]] = []
    out: dict[str, int] = {}
    with writing() as session:
        resting, events = recently(session, survey, moment), events_asked(session, survey)
        gone = set(session.exec(select(OptOut.customer_id)))
        for person in plan.chosen:
            reason = NOT_AGAIN if person.customer in gone else RECENT if person.customer in resting or person.event in events else ""
            if reason:
                out[reason] = out.get(reason, 0) + 1
                continue
            token = "" if mail else new_token()
            made = Invitation(
                survey_id=int(survey.id), customer_id=person.customer, way="mail" if mail else "link", state="waiting" if mail else "handed", token=hashed(token) if token else None,
                response=new_response(), context=as_json(person), event=person.event, actor=actor.name, made_at=moment, sent_at=None if mail else moment,
            )  # fmt: skip
            session.add(made)
            links.append((person, token))
        told = {"survey": survey.name, "way": "mail" if mail else "link", "invited": len(links), "left_out": _together(plan.left_out, out), **(note or {})}
        audit.record(session, actor.name, "send" if mail else "export", SUBJECT, survey.id, after=told)
    return Invited(len(links), () if mail else tuple(links), out)


def _together(*counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for reason, n in one.items():
            total[reason] = total.get(reason, 0) + n
    return total


def send_waiting(post: Post, root: str, at: datetime | None = None) -> Sent:
    """Mail the invitations that wait, one after the other, and tell the facts which went out.

    Where an address is refused that invitation has failed; where the server cannot be used the rest waits for the next round.
    """
    addresses = _addresses()
    sent = failed = 0
    reason = ""
    try:
        while (taken := _taken()) is not None:
            number, survey, customer, token = taken
            to = addresses.get(customer, "")
            try:
                if not to:
                    raise AddressError("There is no e-mail address of this customer any more.")
                post.send(letter(survey, to, token, root))
            except AddressError as refused:
                _marked(number, "failed", at, str(refused))
                failed += 1
            except PostError as error:
                _marked(number, "waiting", at, "")
                reason = str(error)
                break
            else:
                _marked(number, "sent", at, "")
                sent += 1
    finally:
        tell()
    return Sent(sent, failed, waiting(), reason)


def _addresses() -> dict[str, str]:
    """Customer -> e-mail address now, of those whose invitation waits."""
    with reading() as session:
        wanted = sorted({str(one) for one in session.exec(select(Invitation.customer_id).where(Invitation.state == "waiting"))})
    table = engine.tables()["customers"]
    rows = engine.rows(table.filter(table.customer_id.isin(wanted), table.email.notnull()).select("customer_id", "email")) if wanted else []
    return {str(row["customer_id"]): str(row["email"]).strip() for row in rows}


def _taken() -> tuple[int, Any, str, str] | None:
    """The next invitation that waits, marked as being sent, with its survey and a fresh token; those that may not go any more have failed."""
    with writing() as session:
        known = {int(one.id): one for one in records("survey", session=session)}
        queue = select(Invitation).where(Invitation.state == "waiting").order_by(col(Invitation.id))
        over = col(Invitation.survey_id).not_in([number for number, one in known.items() if shut(one) != "closed"])
        for one in session.exec(queue.where(over)):
            one.state, one.reason = "failed", "The survey is closed."
            session.add(one)
        for one in session.exec(queue.where(col(Invitation.customer_id).in_(select(OptOut.customer_id)))):
            one.state, one.reason = "failed", "The customer does not want to be asked again."
            session.add(one)
        session.flush()
        first = session.exec(queue.where(col(Invitation.survey_id).in_([number for number, one in known.items() if not shut(one)])).limit(1)).first()
        if first is None:
            return None
        token = new_token()
        first.state, first.token = "sending", hashed(token)
        session.add(first)
        return int(first.id or 0), known[first.survey_id], str(first.customer_id), token


def _marked(number: int, state: str, at: datetime | None, reason: str) -> None:
    with writing() as session:
        one = session.get(Invitation, number)
        if one is not None:  # whoever was erased meanwhile has none
            one.state, one.reason, one.sent_at = state, reason, (at or now()) if state == "sent" else None
            one.token = one.token if state == "sent" else None
            session.add(one)


def tell() -> int:
    """Write the invitations that were delivered since into the facts, so that response rates know them; returns how many."""
    with reading() as session:
        rows = list(session.exec(select(Invitation).where(Invitation.state == "sent", Invitation.told == False).order_by(col(Invitation.id))))  # noqa: E712
        surveys = {number: standing(session, number) for number in {one.survey_id for one in rows}}
    count = 0
    for number, survey in surveys.items():
        mine = [one for one in rows if one.survey_id == number]
        if survey is not None and not invented(survey):
            batches.load("responses", [_delivered(survey, mine)], batches.Origin(source=f"Invitations to {survey.name}", tool=TOOL, survey=survey.name, actor=mine[0].actor))
            count += len(mine)
        with writing() as session:
            session.connection().execute(update(Invitation).where(col(Invitation.id).in_([one.id for one in mine])).values(told=True))
    return count


@dataclass(frozen=True)
class _Part:
    rows: pa.Table
    records: int
    excluded: dict[str, int] = field(default_factory=dict)
    rejects: tuple[batches.Rejected, ...] = ()


def _delivered(survey: Any, sent: Iterable[Invitation]) -> _Part:
    schema = pa.schema([*DATASETS["responses"].arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    rows = [{**dict.fromkeys(schema.names), **asked(survey, one.response, one, "invitation"), "question_text": "Invitation", "line": i} for i, one in enumerate(sent, 1)]
    return _Part(pa.Table.from_pylist(rows, schema=schema), len(rows))


def waiting(survey: int | None = None) -> int:
    """How many invitations wait to be sent."""
    with reading() as session:
        return _count(session, survey, "waiting")


def _count(session: Session, survey: int | None, state: str) -> int:
    query = select(func.count()).select_from(Invitation).where(Invitation.state == state)
    return int(session.exec(query if survey is None else query.where(Invitation.survey_id == survey)).one())


def withdraw(survey: Any, actor: Actor) -> int:
    """Take back the invitations that still wait; whoever they were for may be asked again at once. Returns how many. A manager's deed."""
    actor.require("manager", "withdraw invitations")
    with writing() as session:
        mine = (col(Invitation.survey_id) == survey.id) & (col(Invitation.state) == "waiting")
        gone = list(session.exec(select(Invitation).where(mine)))
        for one in gone:
            session.delete(one)
        audit.record(session, actor.name, "delete", SUBJECT, survey.id, after={"survey": survey.name, "withdrawn": len(gone)})
    return len(gone)


def failures(survey: int) -> dict[str, int]:
    """Why letters of a survey failed: reason -> how many, the most frequent first."""
    with reading() as session:
        mine = select(Invitation.reason, func.count()).where(Invitation.survey_id == survey, Invitation.state == "failed").group_by(Invitation.reason)
        found = session.exec(mine).all()
    return dict(sorted(((str(reason), int(n)) for reason, n in found), key=lambda pair: -pair[1]))
