"""The demo company's own records: loading them by label, hiding them while there is real data, removing them.

They are marked by who created them. Like the demo's facts they are shown only while there is nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import delete, text
from sqlmodel import col

from cx.records.actor import Actor
from cx.records.invitations import Invitation, SurveyLink
from cx.records.lookup import DEMO
from cx.records.registry import Register, register, registers
from cx.records.writing import create
from cx.store.engine import writing

INVENTOR = Actor(DEMO, "admin")


def load(rows: Mapping[str, Sequence[Mapping[str, Any]]], end: date, url: str | None = None) -> int:
    """Store rows by register, those that others point at first; returns how many.

    A link may be given as the label of what it points at, a day or moment as the distance from the `end` of the demo's data.
    """
    count = 0
    with writing(url) as session:
        for name, values in rows.items():
            row = register(name)
            for value in values:
                given = {field: _dated(v, row.fields[field].kind, end) if isinstance(v, timedelta) else v for field, v in value.items()}
                create(row, given, INVENTOR, session=session)
                count += 1
    return count


def _dated(distance: timedelta, kind: str, end: date) -> date | datetime:
    moment = datetime.combine(end, time(), UTC) + distance
    return moment.date() if kind == "day" else moment


def wipe(url: str | None = None) -> int:
    """Remove every record the demo company brought, for good; returns how many. Records of others that point at one keep standing, the pointer empty."""
    count = 0
    with writing(url) as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for row in registers().values():
            table: Any = _table(row)
            mine = table.c.created_by == DEMO
            for other in registers().values():
                for field, spec in other.fields.items():
                    if spec.kind == "link" and spec.register == row.name:
                        theirs: Any = _table(other)
                        chosen = table.select().with_only_columns(table.c.id).where(mine)
                        if theirs.c[field].nullable:
                            connection.execute(theirs.update().where(theirs.c[field].in_(chosen), theirs.c.created_by != DEMO).values({field: None}))
                        else:
                            connection.execute(theirs.delete().where(theirs.c[field].in_(chosen), theirs.c.created_by != DEMO))
        for row in registers().values():
            table = _table(row)
            for field, spec in row.fields.items():
                if spec.kind == "link" and table.c[field].nullable:
                    connection.execute(table.update().where(table.c.created_by == DEMO).values({field: None}))
        surveys = _table(registers()["survey"])
        mine = surveys.select().with_only_columns(surveys.c.id).where(surveys.c.created_by == DEMO)
        for kept in (SurveyLink, Invitation):  # a survey made later may get the number of one that goes, and must not get its links
            connection.execute(delete(kept).where(col(kept.survey_id).in_(mine)))
        for row in reversed(_ordered()):
            table = _table(row)
            count += connection.execute(table.delete().where(table.c.created_by == DEMO)).rowcount
    return count


def _ordered() -> list[Any]:
    """Registers so that each comes after those it points at."""
    from cx.store.base import Table

    place = {table.name: i for i, table in enumerate(Table.metadata.sorted_tables)}
    return sorted(registers().values(), key=lambda row: place[_table(row).name])


def _table(row: Register) -> Any:
    return cast(Any, row.table).__table__
