"""How a field of a register is declared: one call says its title, its meaning and what it may hold.

The annotation says whether it must be given (`name: str`) or may stay empty (`name: str | None`). What the call says is
kept as a `Spec` on the column, and form, table, CSV, checks and migration are all read from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import BigInteger, Date, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from cx.store.base import UtcDateTime

Kind = Literal["text", "long", "choice", "number", "whole", "day", "moment", "money", "yes", "link", "several", "document"]
LARGE = BigInteger().with_variant(Integer, "sqlite")
GROUPS = ("needs", "journeys", "service", "sales", "marketing", "product", "quality", "improvement", "training", "reporting")


class Json(TypeDecorator[Any]):
    """A list or an object, kept as JSON text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


@dataclass(frozen=True)
class Spec:
    """What a field may hold. `source` names where suggestions come from: `facts:segment`, `people`, `blueprint:kpi` …

    `unique` refuses a second live record of the same text, of those that agree in the fields `within`. `floor` names fields
    that this one must not lie below or before. `ahead` marks a day that somebody works towards, `pattern` a text of a form
    of its own (email). What is `computed` is written by a workbench that works it out, and never typed.
    """

    kind: Kind
    title: str
    description: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int = 200
    unit: str = ""
    register: str = ""
    part: bool = False
    source: str = ""
    unique: bool = False
    example: str = ""
    default: Any = None
    name: str = ""
    required: bool = False
    within: tuple[str, ...] = ()
    floor: tuple[str, ...] = ()
    ahead: bool = False
    pattern: str = ""
    computed: bool = False


def _field(spec: Spec, sa_type: Any = None, **more: Any) -> Any:
    kwargs: dict[str, Any] = {"title": spec.title, "description": spec.description, "sa_column_kwargs": {"info": {"spec": spec}}, **more}
    if sa_type is not None:
        kwargs["sa_type"] = sa_type
    if spec.kind == "several":
        return Field(default_factory=list, **kwargs)
    return Field(default=spec.default, **kwargs)


def text(
    title: str, description: str = "", *, unique: bool = False, within: tuple[str, ...] = (), longest: int = 200, example: str = "", default: str | None = None
) -> Any:
    """One line of text. `unique` refuses a second live record of the same text, whatever its case; `within` of those with equal fields only."""
    return _field(Spec("text", title, description, longest=longest, unique=unique or bool(within), within=within, example=example, default=default))


def email(title: str, description: str = "") -> Any:
    """An e-mail address."""
    return _field(Spec("text", title, description, pattern="email", example="ada@example.org"))


def long_text(title: str, description: str = "", *, example: str = "", longest: int = 20_000) -> Any:
    """Text of several lines."""
    return _field(Spec("long", title, description, longest=longest, example=example))


def choice(title: str, *choices: str, description: str = "", default: str | None = None) -> Any:
    """One of `choices`, stored as the plain word; only the words declared are accepted."""
    return _field(Spec("choice", title, description, choices=choices, default=default))


def number(
    title: str, description: str = "", *, low: float | None = None, high: float | None = None, unit: str = "", default: float | None = None,
    floor: tuple[str, ...] = (), computed: bool = False,
) -> Any:  # fmt: skip
    """A number from `low` to `high`, not below the fields of `floor`; one that is `computed` cannot be typed."""
    return _field(Spec("number", title, description, low=low, high=high, unit=unit, default=default, floor=floor, computed=computed))


def percent(title: str, description: str = "", *, low: float = 0, high: float = 100, default: float | None = None) -> Any:
    """A share in percent, 0 to 100 unless told otherwise."""
    return number(title, description, low=low, high=high, unit="%", default=default)


def whole(
    title: str, description: str = "", *, low: int | None = None, high: int | None = None, unit: str = "", default: int | None = None, floor: tuple[str, ...] = ()
) -> Any:
    """A whole number, not below the fields of `floor`."""
    return _field(Spec("whole", title, description, low=low, high=high, unit=unit, default=default, floor=floor), LARGE)


def score(title: str, description: str = "", *, low: int = 1, high: int = 10, default: int | None = None) -> Any:
    """A rating in whole points, 1 to 10 unless told otherwise."""
    return whole(title, description or f"{low} (lowest) to {high} (highest)", low=low, high=high, default=default)


def day(title: str, description: str = "", *, floor: tuple[str, ...] = (), ahead: bool = False) -> Any:
    """A date without a time, not before the fields of `floor`. Of one that is `ahead` the writer is told where it has passed already."""
    return _field(Spec("day", title, description, floor=floor, ahead=ahead), Date)


def moment(title: str, description: str = "", *, floor: tuple[str, ...] = ()) -> Any:
    """A moment, aware, kept in UTC, not before the fields of `floor`."""
    return _field(Spec("moment", title, description, floor=floor), UtcDateTime)


def money(title: str, description: str = "", *, low: int | None = 0, computed: bool = False) -> Any:
    """An amount in minor units (cents) of the record's `currency`; name the field `…_minor`. One that is `computed` cannot be typed."""
    return _field(Spec("money", title, description, low=low, computed=computed), LARGE)


def currency() -> Any:
    """The currency of the record's amounts."""
    return _field(Spec("text", "Currency", "Three letters, such as EUR", longest=3, source="currency", example="EUR"))


def yes(title: str, description: str = "", *, default: bool = False) -> Any:
    """Yes or no."""
    return _field(Spec("yes", title, description, default=default))


def link(register: str, title: str, description: str = "", *, part: bool = False) -> Any:
    """A record of another register. With `part` this record belongs to that one, and is removed and restored with it."""
    return _field(Spec("link", title, description, register=register, part=part), foreign_key=f"record_{register}.id", index=True)


def several(title: str, description: str = "", *, source: str = "", choices: Sequence[str] = (), pattern: str = "") -> Any:
    """Any number of names; only those in `choices` where they are given."""
    return _field(Spec("several", title, description, source=source, choices=tuple(choices), pattern=pattern), Json, nullable=False)


def document(title: str, description: str = "", *, example: str = "") -> Any:
    """A structure written by a tool of the app (rules, a chart), kept as JSON."""
    return _field(Spec("document", title, description, example=example), Json, nullable=True)


def known(dimension: str, title: str, description: str = "", *, unique: bool = False, within: tuple[str, ...] = (), example: str = "") -> Any:
    """A name that also stands in the data, such as a segment or touchpoint; those seen there are suggested, others are accepted."""
    return _field(Spec("text", title, description, source=f"facts:{dimension}", unique=unique or bool(within), within=within, example=example))


def person(title: str, description: str = "") -> Any:
    """A name of a person, suggested from the employees."""
    return _field(Spec("text", title, description, source="people"))


def group(title: str = "Process group", description: str = "Which of the ten groups it belongs to") -> Any:
    """One of the ten process groups."""
    return _field(Spec("choice", title, description, choices=GROUPS), index=True)


def step(title: str = "Step", description: str = "Which step of the group it belongs to") -> Any:
    """A step of a process group, by its key."""
    return _field(Spec("text", title, description, source="blueprint:step"), index=True)


def kpi(title: str = "KPI", description: str = "The number it is meant to move, by its key", *, within: tuple[str, ...] = ()) -> Any:
    """A KPI of the catalogue, by its key; `within` refuses a second record of the same KPI and the same of these fields."""
    return _field(Spec("text", title, description, source="blueprint:kpi", unique=bool(within), within=within))


@lru_cache(maxsize=256)
def fields(table: type) -> dict[str, Spec]:
    """The declared fields of a register's table by name, in order; what every record carries beside them is left out."""
    found = {}
    for column in table.__table__.c:  # type: ignore[attr-defined]
        spec = column.info.get("spec")
        if spec is not None:
            required = not column.nullable and spec.default is None and spec.kind != "several"
            found[column.name] = replace(spec, name=column.name, required=required)
    return found
