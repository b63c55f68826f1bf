"""What a record was before the change that is being checked, so that a rule can refuse the way and not only the state."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session


def before(record: Any, field: str) -> Any:
    """The stored value of a field that is about to change; None where it does not change or the record is new."""
    state: Any = sa.inspect(record)
    if not state.persistent:
        return None
    gone = state.attrs[field].history.deleted
    return gone[0] if gone else None


def standing(record: Any, table: type, **where: Any) -> list[Any]:
    """The standing records of another register that go with this one, in its own write unit; none while it is new."""
    session: Session | None = object_session(record)
    if session is None or record.id is None:
        return []
    made: Any = table
    query = sa.select(made).where(made.deleted_at.is_(None), *(getattr(made, name) == value for name, value in where.items()))
    with session.no_autoflush:
        return list(session.execute(query).scalars())
