"""The audit log: who did what to which record, when, and what it was before and after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, func, select

from cx.store.base import Table, UtcDateTime, now


class AuditEntry(Table, table=True):
    """One change. It is written in the transaction of the change itself, and never updated."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    actor: str = Field(description="Who did it: a member's e-mail, a token's name, or the command line")
    action: str = Field(description="create, update, delete, restore, import, undo, erase, export …")
    subject: str = Field(index=True, description="Register or dataset")
    record: str = Field(default="", index=True, description="Identifier of the record within the subject")
    before: str | None = Field(default=None, description="JSON of the record before")
    after: str | None = Field(default=None, description="JSON of the record after")


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    key: object = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the unit that `session` belongs to."""

    def text(values: Mapping[str, Any] | None) -> str | None:
        return None if values is None else json.dumps(values, default=str, ensure_ascii=False, sort_keys=True)

    session.add(AuditEntry(actor=actor, action=action, subject=subject, record=str(key), before=text(before), after=text(after)))


def history(session: Session, subject: str, key: object | None = None, limit: int = 200) -> list[AuditEntry]:
    """Entries of a subject, or of one of its records, the latest first."""
    query = select(AuditEntry).where(AuditEntry.subject == subject)
    if key is not None:
        query = query.where(AuditEntry.record == str(key))
    return list(session.exec(query.order_by(AuditEntry.id.desc()).limit(limit)))  # type: ignore[union-attr]


def last(session: Session) -> int:
    """The number of the last entry: as long as it stays, no record has changed."""
    return session.exec(select(func.max(AuditEntry.id))).one() or 0
