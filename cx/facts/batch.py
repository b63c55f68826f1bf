"""Import batches: the table of what came in when, and the rejected records of each."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from cx.facts.columns import LARGE
from cx.store.base import Table, UtcDateTime, now


class ImportBatch(Table, table=True):
    """One file, or one stretch of single arrivals, taken into one dataset.

    records = inserted + updated + unchanged + excluded + rejected, always. Its rows have the ids `first_id` to
    `last_id`. The mirror file of a batch is named by its id and `version`; every change to its live rows, or to their order in that file, raises `version`.
    """

    __tablename__ = "import_batch"
    id: int | None = Field(default=None, primary_key=True)
    dataset: str = Field(index=True)
    source: str = Field(default="", description="Name of the file")
    tool: str = Field(default="", description="Tool the export was recognised as")
    survey: str = Field(default="")
    sha256: str = Field(default="", description="Fingerprint of the file")
    plan: str = Field(default="", description="How the file was read, as JSON")
    actor: str = Field(default="")
    demo: bool = Field(default=False, description="Whether the rows are of the demo company")
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_id: int = Field(default=0, sa_type=LARGE)
    last_id: int = Field(default=-1, sa_type=LARGE)
    version: int = Field(default=1)
    live: int = Field(default=0, description="Rows of this batch that are live now")
    repeats: bool = Field(default=True, description="False where no respondent answered one question twice within this batch")
    records: int = Field(default=0)
    inserted: int = Field(default=0)
    updated: int = Field(default=0)
    unchanged: int = Field(default=0)
    excluded: int = Field(default=0)
    rejected: int = Field(default=0)
    answers: int = Field(default=0, description="Fact rows written")
    first_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Earliest moment in the rows")
    last_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="Latest moment in the rows")
    reasons: str = Field(default="{}", description="Excluded records by reason, as JSON")
    warnings: str = Field(default="[]", description="What the reader remarked, as JSON")


class RejectedRecord(Table, table=True):
    """A record that could not be taken, with the reason, so that it can be mended and uploaded again."""

    __tablename__ = "rejected_record"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    line: int
    column: str = Field(default="")
    value: str = Field(default="")
    reason: str
    raw: str = Field(default="{}", description="The record as read, a JSON object of header and cell")
