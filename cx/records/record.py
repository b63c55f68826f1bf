"""What every record of every register carries: identity, who touched it when, a version, and when it was removed."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import declared_attr
from sqlmodel import Field

from cx.records.fields import fields
from cx.store.base import Table, UtcDateTime, now

FINISHED = ("done", "closed", "resolved", "dropped", "cancelled", "rejected", "passed", "reached", "fixed", "declined", "answered", "stopped", "not_needed", "retired", "former", "skipped")


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

    def unordered(self) -> dict[str, str]:
        """The fields that lie below or before one they must not (`Spec.floor`): field -> sentence."""
        found, specs = {}, fields(type(self))
        for name, spec in specs.items():
            for other in spec.floor:
                mine, theirs = getattr(self, name), getattr(self, other)
                if isinstance(mine, datetime) != isinstance(theirs, datetime):
                    mine, theirs = (v.date() if isinstance(v, datetime) else v for v in (mine, theirs))
                if mine is not None and theirs is not None and mine < theirs:
                    where = "before" if isinstance(mine, date) else "below"
                    found[name] = f"{spec.title} must not lie {where} {specs[other].title}; it is {_shown(mine)}, {specs[other].title} is {_shown(theirs)}; correct one of them."
        return found

    def passed(self, day: date) -> str:
        """A sentence where a day that somebody works towards lies before `day`; "" where none does, or the record is finished."""
        if any(getattr(self, name, None) for name in ("done_on", "closed_on", "resolved_at", "done")) or getattr(self, "status", "") in FINISHED:
            return ""
        late = [(spec.title, when) for name, spec in fields(type(self)).items() if spec.ahead and (when := getattr(self, name)) and when < day]
        return f"{late[0][0]} has passed already: {late[0][1]:%Y-%m-%d}." if late else ""

    def values(self) -> dict[str, Any]:
        """The declared fields by name."""
        return {name: getattr(self, name) for name in fields(type(self))}

    def plain(self) -> dict[str, Any]:
        """The declared fields as JSON can hold them; dates and moments as ISO text."""
        return {name: v.isoformat() if isinstance(v, date | datetime) else v for name, v in self.values().items()}


def _shown(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}" if isinstance(value, date) else f"{value:g}"
