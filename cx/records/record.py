"""What every record of every register carries: identity, who touched it when, a version, and when it was removed."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import declared_attr
from sqlmodel import Field

from cx.records.fields import fields
from cx.store.base import Table, UtcDateTime, now


def snake(name: str) -> str:
    """CourseSession becomes course_session, SlaPolicy sla_policy."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Record(Table):
    """Base of every register's table. `version` counts the saves: who saves an older one is told, and nothing is overwritten."""

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return f"record_{snake(cls.__name__)}"

    id: int | None = Field(default=None, primary_key=True, description="Number of the record within its register")
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, description="When it was first saved")
    created_by: str = Field(default="", description="Who saved it first")
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, description="When it was last saved")
    updated_by: str = Field(default="", description="Who saved it last")
    version: int = Field(default=1, description="How often it was saved")
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True, description="When it was removed; empty while it stands")

    def problems(self) -> dict[str, str]:
        """What is wrong with the fields taken together: field -> sentence. Registers with such rules override it."""
        return {}

    def values(self) -> dict[str, Any]:
        """The declared fields by name."""
        return {name: getattr(self, name) for name in fields(type(self))}

    def plain(self) -> dict[str, Any]:
        """The declared fields as JSON can hold them; dates and moments as ISO text."""
        return {name: v.isoformat() if isinstance(v, date | datetime) else v for name, v in self.values().items()}


def in_order(start: date | datetime | None, end: date | datetime | None, field: str) -> dict[str, str]:
    """A problem of `field` where the end lies before the start."""
    return (
        {field: f"The end must not lie before the start; it is {end:%Y-%m-%d}, the start {start:%Y-%m-%d}."} if start and end and end < start else {}
    )
