"""What the store keeps of hosted surveys beside their register: links, invitations, and who does not want to be asked.

A token that names a person is kept as its hash only: whoever reads the store cannot answer in somebody's place. The public
link of a survey names nobody and stands on posters; it is kept as it is, so that it can be copied again.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlmodel import Field

from cx.store.base import Table, UtcDateTime, now

TITLES = {"survey_invitation": "Survey invitations", "survey_opt_out": "Not to be asked again"}


class SurveyLink(Table, table=True):
    """A link that names nobody: `public`, for whoever has it, or `preview`, which stores nothing."""

    __tablename__ = "survey_link"
    id: int | None = Field(default=None, primary_key=True)
    survey_id: int = Field(index=True)
    kind: str = Field(description="public or preview")
    token: str = Field(index=True, unique=True)
    actor: str = Field(default="")
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Invitation(Table, table=True):
    """One person asked to answer one survey.

    `state`: waiting (to be mailed), sending (handed to the mail server now, or when the program was stopped), sent, failed,
    handed (its link was given out as a file). `response` names the answer in the facts and says nothing of the person.
    """

    __tablename__ = "survey_invitation"
    id: int | None = Field(default=None, primary_key=True)
    survey_id: int = Field(index=True)
    customer_id: str | None = Field(default=None, index=True)
    way: str = Field(description="mail or link")
    state: str = Field(default="waiting")
    token: str | None = Field(default=None, index=True, unique=True, description="SHA-256 of the token in the link")
    response: str = Field(index=True, unique=True)
    context: str = Field(default="{}", description="Segment, touchpoint, agent … when asked, as JSON")
    event: str = Field(default="", description="The ticket, order or interaction it follows")
    reason: str = Field(default="", description="Why it could not be sent")
    actor: str = Field(default="")
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told: bool = Field(default=False, description="Whether the facts know that it was delivered")


class OptOut(Table, table=True):
    """A customer who does not want to be asked again, by any survey."""

    __tablename__ = "survey_opt_out"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(index=True, unique=True)
    way: str = Field(default="link", description="link, mail (the button of the mail program) or hand")
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


def new_token() -> str:
    """128 random bits, as 22 characters that an address can hold."""
    return secrets.token_urlsafe(16)


def hashed(token: str) -> str:
    """What is kept of a token that names a person. It is random, so it needs neither salt nor slowness."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_response() -> str:
    """The name of an answer in the facts; nobody can tell the token from it, or the person."""
    return f"h-{secrets.token_hex(12)}"
