"""Who has been asked already: nobody is asked again by any survey before they have rested, nor twice about the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis
from sqlmodel import Session, col, select

from cx.analytics.measure import naive
from cx.facts import engine
from cx.facts.history import Revision
from cx.records.invitations import Invitation, OptOut
from cx.store.engine import reading


@dataclass(frozen=True)
class Asked:
    """Customers who opted out, with the addresses of theirs; those asked within the rest days; events asked about."""

    stopped: frozenset[str]
    addresses: frozenset[str]
    recent: frozenset[str]
    events: frozenset[str]


def asked(survey: Any, at: datetime, state: Revision) -> Asked:
    """What stands against asking, for a survey at a moment.

    Invitations of this program count from the moment they were decided on, those that failed left out; the invitations of
    other tools as far as their exports say when they were sent. Merged customers are one.
    """
    into = dict(state.aliases)
    with reading() as session:
        stopped = {into.get(one, one) for one in session.exec(select(OptOut.customer_id))}
        recent = {into.get(one, one) for one in recently(session, survey, at)}
        events = events_asked(session, survey)
    table = engine.tables()["customers"]
    mine = table.filter(table.customer_id.isin(sorted(stopped) or [""]), table.email.notnull()).select("email")
    addresses = {str(row["email"]).strip().lower() for row in engine.rows(mine, now=state)} if stopped else set()
    if survey.rest_days:
        answers = engine.tables()["responses"]
        since = ibis.literal(naive(at - timedelta(days=survey.rest_days)), "timestamp(6)")
        elsewhere = answers.filter(answers.invited_at > since, answers.customer_id.notnull()).select("customer_id").distinct()
        recent |= {str(row["customer_id"]) for row in engine.rows(elsewhere, now=state)}
    return Asked(frozenset(stopped), frozenset(addresses), frozenset(recent), frozenset(events))


def recently(session: Session, survey: Any, at: datetime) -> set[str]:
    """Customers invited to any survey within this survey's rest days."""
    if not survey.rest_days:
        return set()
    since = at - timedelta(days=survey.rest_days)
    found = select(Invitation.customer_id).where(Invitation.made_at > since, Invitation.state != "failed", col(Invitation.customer_id).is_not(None))
    return {str(one) for one in session.exec(found)}


def events_asked(session: Session, survey: Any) -> set[str]:
    """What this survey has asked about already."""
    return set(session.exec(select(Invitation.event).where(Invitation.survey_id == survey.id, Invitation.event != "")))
