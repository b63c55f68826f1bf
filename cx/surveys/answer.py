"""Taking an answer: checked, stored as the row that an uploaded export of the same survey would give, in one write unit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select

from cx.errors import AccessError, InputError, NotFoundError
from cx.facts.arrivals import Arrived, arrive
from cx.facts.batches import Origin
from cx.records.invitations import Invitation, OptOut, hashed
from cx.store import audit
from cx.store.base import now
from cx.store.engine import writing
from cx.surveys.door import Door, found, invented, shut
from cx.surveys.wording import language

ACTOR = "survey form"
SOURCE, TOOL = "Hosted form", "hosted form"
LONGEST = 4_000
WAIT = 20.0  # seconds a respondent waits for another writer
NONCE = re.compile(r"[0-9a-f]{24}")
KINDS = {"periodic": "relationship", "tracking": "relationship", "event": "transactional"}
CONTEXT = ("segment", "persona", "channel", "touchpoint", "product", "team", "agent", "country")


@dataclass(frozen=True)
class Given:
    """What a respondent sent. `nonce` names the form it was sent from: sent again from the same form it replaces the first."""

    score: int
    comment: str = ""
    nonce: str = ""


def score(survey: Any, text: str) -> int | None:
    """The score in a text; None where it is no whole number of the survey's scale."""
    found = re.fullmatch(r"-?\d{1,6}", text.strip(), re.ASCII)
    value = int(found[0]) if found else None
    return value if value is not None and survey.scale_min <= value <= survey.scale_max else None


def take(token: str, given: Given, at: datetime | None = None) -> Arrived:
    """Store an answer; it is durable when this returns.

    One invitation has one answer: a second one supersedes the first. Raises NotFoundError where the token opens nothing,
    AccessError where the survey takes no answers now, InputError where the answer cannot be used, BusyError where another
    writer holds the store for too long.
    """
    moment = at or now()
    with writing(wait=WAIT, anyone=True) as session:
        opened = found(session, token)
        if opened is None or opened.kind == "preview":
            raise NotFoundError("This link leads to no survey that could be answered.")
        if shut(opened.survey, moment.date()):
            raise AccessError(f"The survey {opened.survey.name!r} takes no answers now ({shut(opened.survey, moment.date())}).")
        _checked(opened.survey, given)
        survey = opened.survey
        origin = Origin(source=SOURCE, tool=TOOL, survey=survey.name, actor=ACTOR, demo=invented(survey))
        done = arrive(session, "responses", [row(opened, given, moment)], origin)
        if opened.invitation is not None:
            opened.invitation.answered_at = moment
            session.add(opened.invitation)
        return done


def _checked(survey: Any, given: Given) -> None:
    if not survey.scale_min <= given.score <= survey.scale_max:
        raise InputError(f"a score is a whole number from {survey.scale_min} to {survey.scale_max}", f"found {given.score}", "choose one of them")
    if len(given.comment) > LONGEST:
        raise InputError(f"a comment has at most {LONGEST:,} characters", f"this one has {len(given.comment):,}", "shorten it")


def row(opened: Door, given: Given, at: datetime) -> dict[str, Any]:
    """The fact row of an answer."""
    survey, invitation = opened.survey, opened.invitation
    return {
        **asked(survey, invitation.response if invitation else f"p-{given.nonce}", invitation, survey.metric),
        "question_text": survey.question, "score": float(given.score), "scale_min": float(survey.scale_min), "scale_max": float(survey.scale_max),
        "higher_is_better": survey.higher_is_better, "comment": given.comment.strip() or None, "answered_at": naive(at),
    }  # fmt: skip


def asked(survey: Any, response: str, invitation: Invitation | None, metric: str) -> dict[str, Any]:
    """What the row of an answer and that of an invitation have in common."""
    context: Mapping[str, Any] = json.loads(invitation.context) if invitation else {}
    sent = invitation.sent_at if invitation else None
    return {
        "key": f"{survey.name}|{response}|{metric}", "response_id": response, "survey": survey.name, "survey_kind": KINDS[survey.kind], "question": metric, "metric": metric,
        **{name: context.get(name) for name in CONTEXT}, "touchpoint": context.get("touchpoint") or survey.touchpoint, "language": language(survey),
        "customer_id": invitation.customer_id if invitation else None, "invited_at": naive(sent) if sent else None,
        "delivered": True if invitation and invitation.way == "mail" and sent else None,
    }  # fmt: skip


def naive(moment: datetime) -> datetime:
    """A moment as fact rows hold it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def stop(token: str, way: str = "link") -> bool:
    """Note that the person invited by this token does not want to be asked again; False where the token names nobody."""
    with writing(wait=WAIT, anyone=True) as session:
        invitation = session.exec(select(Invitation).where(Invitation.token == hashed(token))).first()
        if invitation is None or invitation.customer_id is None:
            return False
        if not stopped(session, invitation.customer_id):
            session.add(OptOut(customer_id=invitation.customer_id, way=way))
            audit.record(session, ACTOR, "create", "survey_opt_out", "", after={"way": way, "survey": invitation.survey_id})
        return True


def stopped(session: Session, customer: str) -> bool:
    """Whether this customer does not want to be asked."""
    return session.exec(select(OptOut.id).where(OptOut.customer_id == customer)).first() is not None
