"""Why a write is refused, in a form that a screen can place beside the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx.errors import InputError, StaleError


class FieldsError(InputError):
    """Values cannot be stored; `errors` has a sentence for each faulty field ("" for the record as a whole).

    `titles` are the names under which the sentences speak of the fields.
    """

    def __init__(self, errors: dict[str, str], titles: dict[str, str] | None = None) -> None:
        self.errors, self.titles = errors, titles or {}
        super().__init__(" ".join(errors.values()))


@dataclass(frozen=True)
class Conflict:
    """A field on which what is stored and what was to be saved differ."""

    field: str
    title: str
    stored: Any
    yours: Any


class StaleRecordError(StaleError):
    """Somebody saved the record since it was read: who, when, which version stands now, and on which fields the two differ."""

    def __init__(self, sentence: str, *, by: str = "", at: datetime | None = None, version: int = 0, conflicts: tuple[Conflict, ...] = ()) -> None:
        self.by, self.at, self.version, self.conflicts = by, at, version, conflicts
        super().__init__(sentence)
