"""The registers: one row each, collected from the files of the groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from cx.errors import NotFoundError
from cx.records.actor import Role
from cx.records.fields import Spec, fields
from cx.records.record import Record, snake

FILES = ("needs", "journeys", "service", "sales", "marketing", "product", "quality", "improvement", "training", "reporting", "across", "strategy")


@dataclass(frozen=True)
class Register:
    """One register. Its name is that of the class: `JourneyStep` is `journey_step`.

    `label` is the field that names a record elsewhere, `columns` those a table shows (all short ones where empty),
    `sort` the field to order by ("-" in front: descending), `purpose` one sentence for the screen that is still empty.
    `writer` is the role needed to change it, `reader` the role needed to see it ("" for everybody).
    """

    table: type[Record]
    title: str
    singular: str
    purpose: str
    group: str = ""
    step: str = ""
    label: str = "name"
    columns: tuple[str, ...] = ()
    sort: str = ""
    writer: Role = "contributor"
    reader: Role = "viewer"

    @property
    def name(self) -> str:
        """What links, addresses and the blueprint call it."""
        return snake(self.table.__name__)

    @property
    def fields(self) -> dict[str, Spec]:
        """Its fields by name, in order."""
        return fields(self.table)

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields a table shows."""
        return self.columns or tuple(name for name, spec in self.fields.items() if spec.kind not in ("long", "document"))[:8]

    @property
    def private(self) -> bool:
        """Whether not everybody may see it."""
        return self.reader != "viewer"


def _collected() -> dict[str, Register]:
    rows = [row for file in FILES for row in import_module(f"cx.records.{file}").REGISTERS]
    return {row.name: row for row in rows}


@lru_cache(maxsize=1)
def registers() -> dict[str, Register]:
    """Every register by name, in the order of the groups."""
    return _collected()


def register(name: str | Register) -> Register:
    """The register of that name. Raises NotFoundError where there is none."""
    if isinstance(name, Register):
        return name
    if name not in registers():
        raise NotFoundError(f"There is no register {name!r}; there are {', '.join(registers())}.")
    return registers()[name]


def parts(of: Register) -> list[tuple[Register, str]]:
    """Registers whose records belong to a record of this one, with the linking field."""
    return [(row, name) for row in registers().values() for name, spec in row.fields.items() if spec.register == of.name and spec.part]


def pointers(to: Register) -> list[tuple[Register, str]]:
    """Registers whose records refer to a record of this one without belonging to it, with the linking field."""
    return [(row, name) for row in registers().values() for name, spec in row.fields.items() if spec.register == to.name and not spec.part]
