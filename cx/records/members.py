"""Members: who may sign in and as what. Known by what the sign-in service calls them, never by an address alone.

An address can be changed, or claimed without proof, at many services; the pair of issuer and subject cannot. An address
counts only where the service says that it has checked it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Index, func
from sqlmodel import Field, Session, select

from cx.errors import AccessError, BusyError, InputError, NotFoundError
from cx.records.actor import ROLES, Actor
from cx.records.refusal import StaleRecordError
from cx.settings import settings
from cx.store import audit
from cx.store.base import Table, UtcDateTime, now
from cx.store.engine import reading, writing

SUBJECT = "member"
SEEN_EVERY = timedelta(minutes=5)
SKEW_SECONDS = 300


class Member(Table, table=True):
    """One person: how the sign-in service names them, how people do, the role, and whether they may come in at all."""

    __tablename__ = "member"
    __table_args__ = (Index("uq_member_identity", "issuer", "subject", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    issuer: str = Field(description="Sign-in service")
    subject: str = Field(description="What it calls this person")
    email: str = Field(default="", description="Address it gave, for people to read")
    name: str = Field(default="", description="Name it gave")
    role: str = Field(description="viewer, contributor, manager or admin")
    active: bool = Field(default=True, description="Whether they may come in")
    joined_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended: int = Field(default=0, sa_type=BigInteger, description="Sign-ins issued up to this second are over")
    version: int = Field(default=1)

    @property
    def known_as(self) -> str:
        """The name in the audit log: the address, or what the sign-in service says."""
        return self.email or self.subject


@dataclass(frozen=True)
class SignIn:
    """What a sign-in says: the person, and the second it was issued. `proven` where the service has checked the address."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    proven: bool = False
    issued: int = 0


def sign_in(claims: Mapping[str, Any]) -> SignIn:
    """Read the claims of an identity token. Raises AccessError where it does not say who it is about."""
    issuer, subject = (str(claims.get(name) or "").strip() for name in ("iss", "sub"))
    if not issuer or not subject:
        raise AccessError("The sign-in does not say who you are (issuer and subject are missing). Ask an administrator.")
    issued = claims.get("iat")
    email, name = (" ".join(str(claims.get(key) or "").split())[:320] for key in ("email", "name"))
    return SignIn(issuer, subject, email, name, claims.get("email_verified") is True, int(issued) if isinstance(issued, int | float) else 0)


def arrive(one: SignIn, url: str | None = None) -> Member:
    """The member of a sign-in, made at their first. Raises AccessError where the sign-in is over or the member was shut out.

    A new member gets the role of CX_NEW_MEMBER_ROLE, or admin where CX_ADMIN names their subject or their checked address.
    While no admin is active, CX_ADMIN makes one of a member who is there already.
    """
    found = standing(one, url)
    if found is None or (_named(one) and found.active and found.role != "admin" and not _led(url)):
        found = _admitted(one, url)
    check(one, found)
    fresh = {"email": one.email or found.email, "name": one.name or found.name}
    if now() - found.seen_at > SEEN_EVERY or any(getattr(found, key) != value for key, value in fresh.items()):
        with suppress(BusyError), writing(url, wait=0.2, anyone=True) as session:  # a courtesy: nobody waits for an import because of it
            stored = session.get(Member, found.id)
            if stored is not None:
                stored.seen_at, stored.email, stored.name = now(), fresh["email"], fresh["name"]
                session.add(stored)
    return found


def standing(one: SignIn, url: str | None = None) -> Member | None:
    """The member as the store has them now; None before their first visit."""
    with reading(url) as session:
        return _found(session, one)


def check(one: SignIn, found: Member | None) -> None:
    """Raise AccessError where a sign-in gives no access: shut out, signed out since, or too old."""
    age = now().timestamp() - one.issued
    if found is not None and not found.active:
        raise AccessError("Your access was ended. Ask an administrator.")
    if found is not None and one.issued <= found.ended:
        raise AccessError("You signed out. Sign in again to go on.")
    if age > settings().sign_in_hours * 3600 or age < -SKEW_SECONDS:
        raise AccessError("Your sign-in is too old. Sign in again to go on.")


def end(one: SignIn, url: str | None = None) -> None:
    """Sign out: this sign-in and those before it are over, in every tab and wherever its cookie was copied to."""
    with writing(url, anyone=True) as session:
        found = _found(session, one)
        if found is not None and found.ended < one.issued:
            found.ended = one.issued
            session.add(found)


def members(actor: Actor, url: str | None = None) -> list[Member]:
    """Everybody, by address. Raises AccessError for those who are no admin."""
    actor.require("admin", "see the members")
    with reading(url) as session:
        return sorted(session.exec(select(Member)), key=lambda m: (not m.active, m.known_as.casefold()))


def change(id: int, role: str, active: bool, version: int, actor: Actor, url: str | None = None) -> Member:
    """Give a member another role, shut them out or let them in again.

    Raises AccessError, NotFoundError, StaleRecordError where somebody else was faster, and InputError for an unknown role
    or where no active admin would be left.
    """
    actor.require("admin", "change members")
    if role not in ROLES:
        raise InputError(f"a role is one of {', '.join(ROLES)}", f"found {role!r}", "choose one of them")
    with writing(url) as session:
        found = session.get(Member, id)
        if found is None:
            raise NotFoundError(f"There is no member {id}.")
        if found.version != version:
            raise StaleRecordError(
                f"{found.known_as} was changed meanwhile; nothing was overwritten. Look and save again.", by="", at=now(), version=found.version, conflicts=()
            )
        if (found.role, found.active) == (role, active):
            return found
        before = _plain(found)
        found.role, found.active, found.version = role, active, found.version + 1
        session.add(found)
        session.flush()
        if not _led_in(session):
            raise InputError("somebody must be able to manage members", "no active admin would be left", "make another member admin first")
        audit.record(session, actor.name, "update", SUBJECT, id, before=before, after=_plain(found))
        return found


def _admitted(one: SignIn, url: str | None) -> Member:
    with writing(url, anyone=True) as session:
        found = _found(session, one)
        before = None if found is None else _plain(found)
        if found is None:
            found = Member(issuer=one.issuer, subject=one.subject, email=one.email, name=one.name, role=settings().new_member_role)
        if _named(one) and (before is None or not _led_in(session)):
            found.role = "admin"
        session.add(found)
        session.flush()
        audit.record(session, found.known_as, "create" if before is None else "update", SUBJECT, found.id, before=before, after=_plain(found))
        return found


def _named(one: SignIn) -> bool:
    return one.subject in settings().admins or (one.proven and one.email.lower() in {name.lower() for name in settings().admins})


def _led(url: str | None) -> bool:
    with reading(url) as session:
        return _led_in(session)


def _led_in(session: Session) -> bool:
    query = select(func.count()).select_from(Member).where(Member.role == "admin", Member.active)
    return bool(session.exec(query).one())


def _found(session: Session, one: SignIn) -> Member | None:
    return session.exec(select(Member).where(Member.issuer == one.issuer, Member.subject == one.subject)).first()


def _plain(member: Member) -> dict[str, Any]:
    return {"email": member.email, "subject": member.subject, "role": member.role, "active": member.active}
