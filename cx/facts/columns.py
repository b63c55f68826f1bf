"""How a fact column is declared, and what every fact row carries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlmodel import Field, SQLModel

from cx.store.base import UtcDateTime

LARGE = BigInteger().with_variant(Integer, "sqlite")


def column(description: str, title: str | None = None, **more: Any) -> Any:
    """A nullable column; `description` says what it holds and in which unit."""
    return Field(default=None, title=title, description=description, **more)


def count(description: str, title: str | None = None) -> Any:
    """A nullable whole number."""
    return Field(default=None, title=title, description=description, sa_type=LARGE)


def moment(description: str, title: str | None = None) -> Any:
    """A nullable moment, kept in UTC."""
    return Field(default=None, title=title, description=description, sa_type=UtcDateTime)


def minor(description: str, title: str | None = None) -> Any:
    """Money in minor units (cents) of the row's currency."""
    return Field(default=None, title=title, description=description + ", in minor units (cents) of `currency`", sa_type=LARGE)


class Fact(SQLModel):
    """What every fact row carries beside its own columns. Rows are kept as Parquet (see `blocks`), so this is no SQL table."""

    id: int = Field(description="Row number, unique within the dataset")
    batch_id: int = Field(description="Import batch that brought the row")
    key: str = Field(description="Natural key, or a hash of the content where the source has none")
    line: int | None = Field(default=None, description="Record number in the imported file")
    properties: str | None = Field(default=None, description="Every further column of the source, as a JSON object")
