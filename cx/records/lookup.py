"""Reading registers: as objects, as a pandas frame, by label, with history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import func
from sqlmodel import Session, select

from cx.errors import InputError, NotFoundError
from cx.facts.batch import ImportBatch
from cx.records.actor import Actor
from cx.records.record import Record
from cx.records.registry import Register, register
from cx.store import audit
from cx.store.engine import reading
from cx.store.recall import recall

# Records of the demo company are shown only while there is nothing of one's own, like its facts.
DEMO = "demo company"
REAL = select(ImportBatch.id).where(ImportBatch.demo == False, ImportBatch.live > 0).exists()  # noqa: E712


@contextmanager
def _session(url: str | None, session: Session | None) -> Iterator[Session]:
    if session is not None:
        yield session
    else:
        with reading(url) as fresh:
            yield fresh


def allowed(row: Register, actor: Actor | None) -> None:
    """Raise AccessError where the register is not for everybody and this actor (or none) may not see it."""
    if row.private:
        (actor or Actor("nobody", "viewer")).require(row.reader, f"see {row.title.lower()}")


def records(
    name: str | Register, actor: Actor | None = None, *, deleted: bool = False, url: str | None = None, session: Session | None = None, **where: Any
) -> list[Any]:
    """The standing records whose fields equal `where` (a list means any of them), in the register's order; `deleted` asks for the removed ones.

    Raises InputError for a field that the register does not have, AccessError where the register is private.
    """
    row = register(name)
    allowed(row, actor)
    for field in where:
        if field not in row.fields:
            raise InputError(f"{row.title} have the fields {', '.join(row.fields)}", f"asked for {field!r}", "choose one of them")
    if session is not None:
        return list(session.exec(_standing(row, deleted, where)))
    key = ("records", row.name, deleted, tuple((field, tuple(v) if isinstance(v, list | tuple | set) else v) for field, v in where.items()))
    return list(recall(key, lambda: _all(_standing(row, deleted, where), url), url))


def _standing(row: Register, deleted: bool, where: Mapping[str, Any]) -> Any:
    table: Any = row.table
    query = select(table).where(table.deleted_at.is_not(None) if deleted else table.deleted_at.is_(None))
    query = query.where((table.created_by != DEMO) | ~REAL)
    for field, value in where.items():
        column = getattr(table, field)
        query = query.where(
            column.in_(list(value)) if isinstance(value, list | tuple | set) else column.is_(None) if value is None else column == value
        )
    if row.sort:
        column = getattr(table, row.sort.removeprefix("-"))
        query = query.order_by(column.is_(None), column.desc() if row.sort.startswith("-") else column)
    return query.order_by(table.id)


def _all(query: Any, url: str | None) -> list[Any]:
    with reading(url) as session:
        return list(session.exec(query))


def find(
    name: str | Register, id: int, actor: Actor | None = None, *, deleted: bool = False, url: str | None = None, session: Session | None = None
) -> Any:
    """The standing record of that number (a removed one too where `deleted`). Raises NotFoundError where there is none."""
    row = register(name)
    allowed(row, actor)
    with _session(url, session) as opened:
        found = opened.get(row.table, id)
    if found is None or (found.deleted_at is not None and not deleted):
        raise NotFoundError(f"There is no {row.singular} {id}" + (", it was removed." if found is not None else "."))
    return found


def count(name: str | Register, *, url: str | None = None, session: Session | None = None) -> int:
    """How many records stand in the register."""
    table: Any = register(name).table
    if session is not None:
        return int(session.exec(_number(table)).one())
    return int(recall(("count", table.__tablename__), lambda: _all(_number(table), url), url)[0])


def _number(table: Any) -> Any:
    shown = table.deleted_at.is_(None) & ((table.created_by != DEMO) | ~REAL)
    return select(func.count()).select_from(table).where(shown)


def label(row: Register, record: Record) -> str:
    """What a record is called elsewhere: its label field, else its kind and number."""
    value = getattr(record, row.label, None)
    if value is not None and row.fields[row.label].kind == "link":
        value = None
    return str(value) if value not in (None, "") else f"{row.singular} {record.id}"


def labels(name: str | Register, *, url: str | None = None, session: Session | None = None, deleted: bool = True) -> dict[int, str]:
    """Number -> label of every record of the register; removed ones (where `deleted`) are marked."""
    row = register(name)
    found = list(session.exec(select(row.table))) if session is not None else recall(("labels", row.name), lambda: _all(select(row.table), url), url)
    return {int(r.id or 0): label(row, r) + (" (removed)" if r.deleted_at else "") for r in found if deleted or r.deleted_at is None}


def frame(name: str | Register, actor: Actor | None = None, *, url: str | None = None, **where: Any) -> pd.DataFrame:
    """The standing records as a frame: `id`, the declared fields (links as numbers and, beside them, as `<field>_label`), `updated_at`, `version`.

    Money stays in minor units; dates are `datetime64`, moments naive UTC; empty is missing, never zero.
    """
    row = register(name)
    found = records(row, actor, url=url, **where)
    columns: dict[str, Any] = {"id": pd.array([r.id for r in found], dtype="Int64")}
    for field, spec in row.fields.items():
        values = [getattr(r, field) for r in found]
        if spec.kind in ("whole", "money", "link"):
            columns[field] = pd.array(values, dtype="Int64")
        elif spec.kind == "number":
            columns[field] = pd.Series(values, dtype="float64")
        elif spec.kind == "day":
            columns[field] = pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[us]")
        elif spec.kind == "moment":
            columns[field] = pd.to_datetime(pd.Series(values, dtype="object"), utc=True).dt.tz_localize(None).astype("datetime64[us]")
        elif spec.kind == "yes":
            columns[field] = pd.array(values, dtype="boolean")
        else:
            columns[field] = pd.Series(values, dtype="object")
        if spec.kind == "link":
            named = labels(spec.register, url=url)
            columns[f"{field.removesuffix('_id')}_label"] = pd.Series([named.get(v) for v in values], dtype="object")
    columns["updated_at"] = (
        pd.to_datetime(pd.Series([r.updated_at for r in found], dtype="object"), utc=True).dt.tz_localize(None).astype("datetime64[us]")
    )
    columns["version"] = pd.array([r.version for r in found], dtype="Int64")
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class Change:
    """One entry of a record's history; `fields` has what changed: field -> (before, after), as JSON holds it."""

    id: int
    at: datetime
    actor: str
    action: str
    record: int
    fields: dict[str, tuple[Any, Any]]


def history(
    name: str | Register,
    id: int | None = None,
    actor: Actor | None = None,
    *,
    limit: int = 100,
    url: str | None = None,
    session: Session | None = None,
) -> list[Change]:
    """What happened to a record (or to the whole register), the latest first."""
    row = register(name)
    allowed(row, actor)
    with _session(url, session) as opened:
        entries = audit.history(opened, row.name, id, limit)
    return [_change(entry) for entry in entries]


def _change(entry: audit.AuditEntry) -> Change:
    before, after = json.loads(entry.before or "{}"), json.loads(entry.after or "{}")
    moved = {k: (before.get(k), after.get(k)) for k in {**before, **after} if before.get(k) != after.get(k) and k != "version"}
    return Change(int(entry.id or 0), entry.at, entry.actor, entry.action, int(entry.record or 0), moved)


def written(url: str | None = None) -> int:
    """A number that grows with every change of any record."""
    return recall("written", lambda: _last(url), url)


def _last(url: str | None) -> int:
    with reading(url) as session:
        return audit.last(session)
