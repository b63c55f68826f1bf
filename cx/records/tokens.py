"""API tokens: who a program is and what it may do. Shown once, kept as a hash, checked on every call.

A token is `cx_`, forty random characters and six that check the others: scanners of leaked secrets know it by its shape, and
one that was mistyped or made up is refused without asking the store. The first eight characters say which token it is and are
kept as they are; the other thirty-two (190 bits) are the secret, so the hash needs neither salt nor slowness.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Field, Session, col, select

from cx.errors import AccessError, BusyError, InputError, NotFoundError
from cx.records.actor import Actor
from cx.store import audit
from cx.store.base import Table, UtcDateTime, now
from cx.store.engine import reading, writing

SUBJECT = "api_token"
TOKEN_ROLES = ("viewer", "contributor")
DAYS = 365
MOST_DAYS = 3650
SEEN_EVERY, TRIED_EVERY = timedelta(minutes=5), timedelta(minutes=1)
MARK = "cx_"
KNOWN, RANDOM, CHECK = 8, 40, 6
LETTERS = string.digits + string.ascii_letters
SHAPE = re.compile(rf"{MARK}[0-9A-Za-z]{{{RANDOM + CHECK}}}")
UNKNOWN = "This token is unknown, ended or revoked; make one with python -m cx token create."
NAMES = re.compile(r"[^\x00-\x1f\x7f\s](?:[^\x00-\x1f\x7f]{0,58}[^\x00-\x1f\x7f\s])?")

_tried: dict[str, datetime] = {}  # digest -> when its use was last to be noted, in this process


class ApiToken(Table, table=True):
    """One token: what it is called, what it may do, who made it, when it was used last, and how it ends."""

    __tablename__ = SUBJECT
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, description="What people call it; of those in force no two are called the same")
    role: str = Field(description="viewer (reads numbers) or contributor (brings rows too)")
    prefix: str = Field(index=True, unique=True, description="Its first characters, by which it is found")
    digest: str = Field(description="SHA-256 of the whole token")
    actor: str = Field(default="", description="Who made it")
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Empty where it does not end by itself")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: str = Field(default="")

    @property
    def state(self) -> str:
        """live, ended or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "ended" if self.expires_at is not None and self.expires_at <= now() else "live"

    @property
    def holder(self) -> Actor:
        """Who acts with it, as the audit log names them; no member can be called so."""
        return Actor(f"token {self.name}", self.role)  # type: ignore[arg-type]


def new_secret() -> str:
    """A fresh token.

    >>> bool(SHAPE.fullmatch(new_secret())), new_secret() == new_secret()
    (True, False)
    """
    body = "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
    return f"{MARK}{body}{_check(body)}"


def well_formed(secret: str) -> bool:
    """Whether a text can be a token at all: its shape, and the characters that check the others."""
    return bool(SHAPE.fullmatch(secret)) and secret[-CHECK:] == _check(secret[len(MARK) : -CHECK])


def _check(body: str) -> str:
    number, out = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        number, digit = divmod(number, len(LETTERS))
        out = LETTERS[digit] + out
    return out


def _prefix(secret: str) -> str:
    return secret[: len(MARK) + KNOWN]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create(name: str, role: str, actor: Actor, days: int = DAYS, url: str | None = None) -> tuple[ApiToken, str]:
    """Make a token; returns what is kept of it, and the token itself, which nobody can be shown again.

    `days` until it ends by itself; 0 where it does not. Raises AccessError for those who are no admin, InputError where the
    name is taken or a value cannot be used.
    """
    actor.require("admin", "make API tokens")
    if not NAMES.fullmatch(name):
        raise InputError("the name of a token has 1 to 60 characters, no blanks around them", f"found {name!r}"[:100], "choose another")
    if role not in TOKEN_ROLES:
        raise InputError(f"the role of a token is {' or '.join(TOKEN_ROLES)}", f"found {role!r}", "choose one of them")
    if not 0 <= days <= MOST_DAYS:
        raise InputError(f"a token ends after 1 to {MOST_DAYS} days, or 0 for never", f"found {days}", "choose another number")
    secret = new_secret()
    made = ApiToken(name=name, role=role, prefix=_prefix(secret), digest=_digest(secret), actor=actor.name, expires_at=now() + timedelta(days=days) if days else None)
    with writing(url) as session:
        if _in_force(session, name):
            raise InputError("of the tokens in force no two are called the same", f"there is one called {name!r}", "choose another name or revoke that one first")
        session.add(made)
        session.flush()
        audit.record(session, actor.name, "create", SUBJECT, made.id, after=_plain(made))
    return made, secret


def tokens(actor: Actor, url: str | None = None) -> list[ApiToken]:
    """Every token ever made, those in force first. Raises AccessError for those who are no admin."""
    actor.require("admin", "see the API tokens")
    with reading(url) as session:
        return sorted(session.exec(select(ApiToken).order_by(col(ApiToken.id).desc())), key=lambda one: one.state != "live")


def revoke(name: str, actor: Actor, url: str | None = None) -> ApiToken:
    """End a token at once. Raises AccessError for those who are no admin, NotFoundError where none of that name is in force."""
    actor.require("admin", "revoke API tokens")
    with writing(url) as session:
        found = _in_force(session, name)
        if found is None:
            raise NotFoundError(f"There is no token called {name!r} in force; `token list` names those there are.")
        before = _plain(found)
        found.revoked_at, found.revoked_by = now(), actor.name
        session.add(found)
        audit.record(session, actor.name, "revoke", SUBJECT, found.id, before=before, after=_plain(found))
        return found


def holding(secret: str, url: str | None = None) -> ApiToken:
    """The token in force of this secret, as the store has it now. Raises AccessError, one sentence for every reason."""
    if well_formed(secret):
        with reading(url) as session:
            found = session.exec(select(ApiToken).where(ApiToken.prefix == _prefix(secret))).first()
        if found is not None and hmac.compare_digest(found.digest, _digest(secret)) and found.state == "live":
            return found
    raise AccessError(UNKNOWN)


def standing(token: ApiToken, url: str | None = None) -> ApiToken:
    """The same token as the store has it now. Raises AccessError where it was revoked or has ended since."""
    with reading(url) as session:
        found = session.get(ApiToken, token.id)
    if found is None or found.state != "live":
        raise AccessError(UNKNOWN)
    return found


def seen(token: ApiToken, url: str | None = None) -> None:
    """Note that a token was used: every five minutes is enough, and while somebody else writes nobody waits for it more than once a minute."""
    at = now()
    if (token.used_at is None or at - token.used_at > SEEN_EVERY) and at - _tried.get(token.digest, at - SEEN_EVERY) >= TRIED_EVERY:
        _tried[token.digest] = at
        with suppress(BusyError), writing(url, wait=0.2, anyone=True) as session:
            stored = session.get(ApiToken, token.id)
            if stored is not None:
                stored.used_at = at
                session.add(stored)


def _in_force(session: Session, name: str) -> ApiToken | None:
    """The token of this name that was not revoked; one that ended by itself makes room for another of its name."""
    return next((one for one in session.exec(select(ApiToken).where(ApiToken.name == name)) if one.state == "live"), None)


def _plain(token: ApiToken) -> dict[str, object]:
    return {"name": token.name, "role": token.role, "prefix": token.prefix, "expires_at": token.expires_at, "revoked_at": token.revoked_at}
