"""Surveys that ask by themselves: after an event, on a schedule, or a sample of everybody; and what a run of them did."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from cx.errors import CxError
from cx.records.actor import Actor
from cx.records.lookup import records
from cx.reports import schedule
from cx.reports.post import Post
from cx.store import audit
from cx.store.base import now
from cx.store.engine import reading
from cx.surveys import audience
from cx.surveys.door import invented, shut
from cx.surveys.sending import SUBJECT, Sent, invite, send_waiting

DAEMON = Actor("survey schedule", "admin")
RHYTHMS = ("daily", "weekly", "monthly", "quarterly")


@dataclass(frozen=True)
class Run:
    """What one survey did: how many were invited, who was left out and why; `reason` where it could not."""

    survey: str
    invited: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    reason: str = ""


def last_sending(survey: int) -> datetime | None:
    """When a survey last invited anybody."""
    return next((one["at"] for one in sendings(survey)), None)


def rhythm(survey: Any) -> str:
    """How often a survey on a schedule asks: by its design, monthly where that says nothing."""
    said = survey.design.get("rhythm") if isinstance(survey.design, dict) else None
    return said if said in RHYTHMS else "monthly"


def next_due(survey: Any) -> datetime | None:
    """When a survey asks next by itself; None where it does not. After an event it does so at every run."""
    if invented(survey) or survey.trigger == "by_hand" or survey.status != "live":
        return None
    last = last_sending(int(survey.id))
    if survey.trigger == "on_event":
        return last or survey.created_at
    if last is None:
        return datetime.combine(survey.starts_on, time(), UTC) if survey.starts_on else survey.created_at
    return schedule.due(rhythm(survey), None, 6, last)


def due(at: datetime | None = None) -> list[Any]:
    """The surveys that should ask now. Those of the demo company never do."""
    moment = at or now()
    return [one for one in records("survey", status="live") if not shut(one, moment.date()) and (when := next_due(one)) is not None and when <= moment]


def run(surveys: Sequence[Any], actor: Actor = DAEMON, at: datetime | None = None) -> list[Run]:
    """Invite for each of these; one that cannot keeps no other back."""
    done = []
    for one in surveys:
        wanted = audience.of(one)
        try:
            if one.trigger == "on_event" and not wanted.event:
                done.append(Run(one.name, reason="It is sent after an event, and names none; write the event into it."))
                continue
            seed = secrets.randbits(32)
            plan = audience.plan(one, wanted, at, seed)
            made = invite(one, plan, actor, at=at, note={"event": wanted.event, "share": wanted.share, "seed": seed}) if plan.chosen or one.trigger != "on_event" else None
            done.append(Run(one.name, made.count if made else 0, dict(plan.left_out)))
        except CxError as error:
            done.append(Run(one.name, reason=str(error)))
    return done


def run_due(post: Post, root: str, at: datetime | None = None) -> tuple[list[Run], Sent]:
    """Invite for every survey that is due, and send what waits."""
    return run(due(at), at=at), send_waiting(post, root, at)


def sendings(survey: int, limit: int = 20) -> list[dict[str, Any]]:
    """What a survey sent, the latest first: when, by whom, how many, who was left out."""
    with reading() as session:
        found = [one for one in audit.history(session, SUBJECT, survey, limit) if one.action in ("send", "export")]
    return [{"at": one.at, "actor": one.actor, **json.loads(one.after or "{}")} for one in found]
