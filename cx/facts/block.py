"""Where the store keeps fact rows: the Parquet file of each batch in pieces, and which of its rows were replaced since."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlmodel import Field

from cx.store.base import Table


class FactBlock(Table, table=True):
    """A piece of the Parquet file that holds every row a batch brought, whether it is live or was replaced since."""

    __tablename__ = "fact_block"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    place: int = Field(description="Which piece this is, from 0")
    content: bytes = Field(sa_type=LargeBinary)


class Replacement(Table, table=True):
    """The rows of one batch that one other batch replaced."""

    __tablename__ = "fact_replacement"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True, description="Batch whose rows these are")
    by_batch: int = Field(foreign_key="import_batch.id", index=True, description="Batch that replaced them")
    rows: int = Field(description="How many they are")
    content: bytes = Field(sa_type=LargeBinary, description="Their ids, ascending, as a Parquet file")
