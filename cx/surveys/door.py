"""What a token opens: a survey, for whom, and whether it is open now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from cx.records.invitations import Invitation, SurveyLink, hashed
from cx.records.lookup import DEMO, records
from cx.store.base import now
from cx.store.engine import reading

LONGEST_TOKEN = 64
SHUT = ("draft", "early", "paused", "closed")


@dataclass(frozen=True)
class Door:
    """A survey as a token opens it. `kind`: public, preview or personal; `invitation` where it is personal."""

    survey: Any
    kind: str
    invitation: Invitation | None = None

    @property
    def personal(self) -> bool:
        """Whether the answer is that of a known customer."""
        return self.kind == "personal"


def door(token: str) -> Door | None:
    """What a token opens; None where it opens nothing (any more)."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    with reading() as session:
        return found(session, token)


def found(session: Session, token: str) -> Door | None:
    """The same as the unit of `session` sees it."""
    link = session.exec(select(SurveyLink).where(SurveyLink.token == token)).first()
    if link is not None:
        survey = standing(session, link.survey_id)
        return Door(survey, link.kind) if survey else None
    invitation = session.exec(select(Invitation).where(Invitation.token == hashed(token))).first()
    survey = standing(session, invitation.survey_id) if invitation else None
    return Door(survey, "personal", invitation) if survey else None


def standing(session: Session, number: int) -> Any:
    """The survey of that number while it stands; one of the demo company only while the demo company is shown."""
    return next((one for one in records("survey", session=session) if one.id == number), None)


def shut(survey: Any, on: date | None = None) -> str:
    """Why a survey takes no answers: draft, early (its first day is to come), paused or closed; "" where it does."""
    day = on or now().date()
    if survey.status in ("draft", "paused", "closed"):
        return str(survey.status)
    if survey.starts_on and day < survey.starts_on:
        return "early"
    return "closed" if survey.ends_on and day > survey.ends_on else ""


def invented(survey: Any) -> bool:
    """Whether a survey is one of the demo company: what it is answered stays with the demo company."""
    return bool(survey.created_by == DEMO)
