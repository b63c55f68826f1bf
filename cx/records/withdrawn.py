"""What people took back: the wish not to be asked, tokens revoked, members shut out or given less. An older state of the store must not bring it back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from cx.records.invitations import OptOut
from cx.records.members import Member
from cx.records.tokens import ApiToken
from cx.store.engine import reading


@dataclass(frozen=True)
class Withdrawn:
    """How it stands: everybody who opted out, every revoked token, and each member with role and state."""

    opted_out: tuple[OptOut, ...] = ()
    revoked: tuple[ApiToken, ...] = ()
    members: tuple[Member, ...] = ()


def withdrawn(url: str | None = None) -> Withdrawn:
    """What is withdrawn in the store as it stands."""
    with reading(url) as session:
        found = Withdrawn(
            tuple(session.exec(select(OptOut))), tuple(session.exec(select(ApiToken).where(ApiToken.revoked_at != None))), tuple(session.exec(select(Member)))  # noqa: E711
        )
        session.expunge_all()
    return found


def uphold(session: Session, since: Withdrawn) -> None:
    """Withdraw the same in an older state: opt-outs are added, tokens revoked, members known in both get the role and state they have now."""
    there = set(session.exec(select(OptOut.customer_id)))
    session.add_all([OptOut(customer_id=one.customer_id, way=one.way, at=one.at) for one in since.opted_out if one.customer_id not in there])
    revoked = {one.digest: one for one in since.revoked}
    for token in session.exec(select(ApiToken)):
        if token.digest in revoked and token.revoked_at is None:
            token.revoked_at, token.revoked_by = revoked[token.digest].revoked_at, revoked[token.digest].revoked_by
            session.add(token)
    members = {(one.issuer, one.subject): one for one in since.members}
    for member in session.exec(select(Member)):
        now = members.get((member.issuer, member.subject))
        if now is not None:
            member.role, member.active, member.ended = now.role, now.active, max(now.ended, member.ended)
            session.add(member)
