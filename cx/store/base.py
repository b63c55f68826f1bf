"""The base class of every table, on a registry of our own.

The registry that SQLModel shares between all programs keeps classes across hot reloads and
then refuses to define a table twice; one that lives in this module is reloaded with it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TEXT_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: text of fixed width on SQLite, `timestamp` elsewhere. Naive values are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(26) if dialect.name == "sqlite" else DateTime(timezone=False))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, {value!r} has none")
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.strftime(TEXT_FORMAT).rjust(26, "0") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.strptime(value, TEXT_FORMAT) if isinstance(value, str) else value
        return moment.replace(tzinfo=UTC)


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Base of every table of this program; `Table.metadata` holds them all."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
