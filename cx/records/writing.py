"""The only ways in which a record is written: create, update, remove, restore, undo.

Each is one write unit with its audit entry: either all of it is stored, or nothing. Given `session`, they take part in
that unit instead, so that several records can be saved as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from cx.errors import NotFoundError
from cx.records.actor import Actor
from cx.records.fields import fields
from cx.records.lookup import find, label
from cx.records.record import Record
from cx.records.refusal import Conflict, FieldsError, StaleRecordError
from cx.records.registry import Register, parts, pointers, register
from cx.records.values import Refused, read, written
from cx.store import audit
from cx.store.base import now
from cx.store.engine import writing


@contextmanager
def unit(url: str | None = None, session: Session | None = None) -> Iterator[Session]:
    """The write unit of `session`, or one of its own."""
    if session is not None:
        yield session
    else:
        with writing(url) as fresh:
            yield fresh


def create(
    name: str | Register, values: Mapping[str, Any], actor: Actor, *, computed: bool = False, url: str | None = None, session: Session | None = None
) -> Any:
    """Store a new record and return it. Raises FieldsError (a sentence per field) or AccessError.

    `computed` is said by what has worked its values out: only then may fields that are computed be given.
    """
    row = register(name)
    actor.require(row.writer, f"add a {row.singular}")
    with unit(url, session) as opened:
        checked = _checked(opened, row, values, {})
        _typed(row, checked, {}, computed)
        made = row.table(**checked, created_by=actor.name, updated_by=actor.name)
        _together(made)
        opened.add(made)
        opened.flush()
        audit.record(opened, actor.name, "create", row.name, made.id, after=_state(made))
        opened.flush()
        return made


def update(
    name: str | Register, id: int, values: Mapping[str, Any], version: int, actor: Actor, *, computed: bool = False, url: str | None = None, session: Session | None = None
) -> Any:
    """Save the given fields of a record that was read at `version`, and return it; fields not given stay. `computed` as for `create`.

    Raises StaleRecordError where it was saved since, FieldsError, NotFoundError or AccessError. Saving what already
    stands changes nothing, not even the version.
    """
    row = register(name)
    actor.require(row.writer, f"change a {row.singular}")
    with unit(url, session) as opened:
        stored = find(row, id, actor, url=url, session=opened)
        _fresh(opened, row, stored, version, values)
        before, checked = _state(stored), _checked(opened, row, values, stored.values(), id)
        if all(getattr(stored, field) == value for field, value in checked.items()):
            return stored
        _typed(row, checked, stored.values(), computed)
        return _save(opened, row, stored, checked, before, "update", actor)


def remove(name: str | Register, id: int, version: int, actor: Actor, *, url: str | None = None, session: Session | None = None) -> Any:
    """Take a record out of its register, with the records that are part of it; `restore` or `undo` bring them back.

    Raises StaleRecordError, NotFoundError, AccessError, and FieldsError where other records refer to it.
    """
    row = register(name)
    actor.require(row.writer, f"remove a {row.singular}")
    with unit(url, session) as opened:
        stored = find(row, id, actor, url=url, session=opened)
        _fresh(opened, row, stored, version, {})
        at, gone = now(), [(row, stored), *_parts(opened, row, stored)]
        for kind, record in gone:
            before = _state(record)
            record.deleted_at = at
            _stamp(record, actor)
            audit.record(opened, actor.name, "delete", kind.name, record.id, before=before)
        opened.flush()
        for kind, record in gone:
            _unreferred(opened, kind, record)
        return stored


def restore(name: str | Register, id: int, actor: Actor, *, url: str | None = None, session: Session | None = None) -> Any:
    """Bring a removed record back, with the parts that went with it. Raises NotFoundError where it was not removed."""
    row = register(name)
    actor.require(row.writer, f"restore a {row.singular}")
    with unit(url, session) as opened:
        stored = find(row, id, actor, deleted=True, url=url, session=opened)
        if stored.deleted_at is None:
            raise NotFoundError(f"The {row.singular} {label(row, stored)!r} was not removed.")
        at = stored.deleted_at
        for kind, record in [(row, stored), *_parts(opened, row, stored, at)]:
            record.deleted_at = None
            _checked(opened, kind, {}, record.values(), record.id)  # its name may be taken, or what it points at gone
            _stamp(record, actor)
            audit.record(opened, actor.name, "restore", kind.name, record.id, after=_state(record))
            opened.flush()
        return stored


def undo(change: int, actor: Actor, *, url: str | None = None, session: Session | None = None) -> Any:
    """Take back one change, by the number of its audit entry, and return the record as it stands then.

    A save is undone field by field; raises StaleRecordError where one of those fields was changed again since.
    """
    with unit(url, session) as opened:
        entry = opened.get(audit.AuditEntry, change)
        if entry is None or entry.action not in ("create", "update", "delete", "restore", "undo"):
            raise NotFoundError(f"There is no change {change} of a record that could be undone.")
        row, id = register(entry.subject), int(entry.record)
        actor.require(row.writer, f"undo a change of a {row.singular}")
        stored = find(row, id, actor, deleted=True, url=url, session=opened)
        if entry.action in ("create", "restore"):
            _fresh(opened, row, stored, int(json.loads(entry.after or "{}").get("version", stored.version)), {})
            return remove(row, id, stored.version, actor, url=url, session=opened)
        if entry.action == "delete":
            return restore(row, id, actor, url=url, session=opened)
        if stored.deleted_at is not None:
            raise NotFoundError(f"The {row.singular} {label(row, stored)!r} was removed since; restore it first.")
        before, after, current = json.loads(entry.before or "{}"), json.loads(entry.after or "{}"), _state(stored)
        moved = [field for field in row.fields if before.get(field) != after.get(field)]
        clash = tuple(_conflict(row, field, current[field], before.get(field)) for field in moved if current[field] != after.get(field))
        if clash:
            raise _stale(opened, row, stored, clash)
        checked = _checked(opened, row, {field: before.get(field) for field in moved}, stored.values(), id)
        return _save(opened, row, stored, checked, current, "undo", actor)


def _save(session: Session, row: Register, stored: Any, checked: dict[str, Any], before: dict[str, Any], action: str, actor: Actor) -> Any:
    for field, value in checked.items():
        setattr(stored, field, value)
    _together(stored)
    _stamp(stored, actor)
    session.flush()
    audit.record(session, actor.name, action, row.name, stored.id, before=before, after=_state(stored))
    session.flush()
    return stored


def _stamp(record: Any, actor: Actor) -> None:
    record.version += 1
    record.updated_at, record.updated_by = now(), actor.name


def _state(record: Record) -> dict[str, Any]:
    return record.plain() | {"version": record.version}


def _together(record: Record) -> None:
    wrong = record.unordered() | record.problems()
    if wrong:
        raise FieldsError(wrong, {name: spec.title for name, spec in fields(type(record)).items()})


def _checked(session: Session, row: Register, values: Mapping[str, Any], base: Mapping[str, Any], id: int | None = None) -> dict[str, Any]:
    """The given values as they are stored; for a new record every field. Raises FieldsError."""
    errors: dict[str, str] = {
        name: f"{row.title} have no field {name!r}; they have {', '.join(row.fields)}." for name in values if name not in row.fields
    }
    given = values if base else {name: spec.default for name, spec in row.fields.items()} | dict(values)
    currency = str(values.get("currency") or base.get("currency") or "").strip().upper() or None
    checked: dict[str, Any] = {}
    for name, spec in row.fields.items():
        if name not in given:
            continue
        try:
            value = given[name]
            if spec.kind == "link" and isinstance(value, str):
                value = named(session, spec.title, spec.register, value)
            checked[name] = read(spec, value, currency)
            if spec.kind == "money" and checked[name] is not None and currency is None and "currency" in row.fields:
                errors["currency"] = f"{row.fields['currency'].title} must be given where there is an amount; it is empty; choose one."
        except Refused as refused:
            errors[name] = str(refused)
    for name, value in ({**base, **checked}).items():
        if name in errors or value is None:
            continue
        spec = row.fields[name]
        if spec.kind == "link" and not _stands(session, spec.register, value) and (name in checked or not base or not values):
            errors[name] = f"{spec.title} must be a {register(spec.register).singular} that exists; number {value} does not; choose another."
        elif spec.unique and (other := _same(session, row, name, {**base, **checked}, id)) is not None:
            where = f" within the same {', '.join(row.fields[n].title for n in spec.within)}" if spec.within else ""
            errors[name] = f"{spec.title} must be unique{where}; {str(value)[:80]!r} is taken by number {other}; choose another or edit that one."
    if errors:
        raise FieldsError(errors, {name: spec.title for name, spec in row.fields.items()})
    return checked


def _typed(row: Register, checked: Mapping[str, Any], stands: Mapping[str, Any], computed: bool) -> None:
    """Raises FieldsError where a field that a workbench computes was typed."""
    typed = [spec for name, spec in row.fields.items() if spec.computed and name in checked and checked[name] != stands.get(name, spec.default)]
    if typed and not computed:
        raise FieldsError({s.name: f"{s.title} is computed by a test and cannot be typed; leave it as it stands, and take the result over on the board." for s in typed})


def _stands(session: Session, name: str, id: int) -> bool:
    found = session.get(register(name).table, id)
    return found is not None and found.deleted_at is None


def _same(session: Session, row: Register, field: str, values: Mapping[str, Any], id: int | None) -> int | None:
    """The number of another live record of the same text, whatever its case, and the same fields that it is unique within."""
    table: Any = row.table
    value = str(values[field])
    query = select(table.id, getattr(table, field)).where(table.deleted_at.is_(None))
    if value.isascii():  # SQLite knows the case of these letters only
        query = query.where(func.lower(getattr(table, field)) == value.lower())
    for name in row.fields[field].within:
        query = query.where(getattr(table, name).is_(None) if values.get(name) is None else getattr(table, name) == values[name])
    return next((number for number, text in session.exec(query) if number != id and str(text).casefold() == value.casefold()), None)


def named(session: Session, title: str, name: str, text: str) -> Any:
    """The number of the record whose label is `text`; a number in digits is taken as it is where no label reads so."""
    row = register(name)
    wanted = " ".join(text.split())
    if not wanted:
        return None
    table: Any = row.table
    found = [r.id for r in session.exec(select(table).where(table.deleted_at.is_(None))) if label(row, r) == wanted]
    if len(found) > 1:
        raise Refused(
            f"{title} must be one {row.singular}; {len(found)} are called {wanted!r}; give its number instead ({', '.join(map(str, found))})."
        )
    if not found and not wanted.isdigit():
        raise Refused(f"{title} must be a {row.singular} that exists; found {wanted[:80]!r}; add it to {row.title.lower()} first or choose another.")
    return found[0] if found else int(wanted)


def _parts(session: Session, row: Register, record: Any, at: Any = None) -> list[tuple[Register, Any]]:
    """The parts of a record, and theirs: those standing, or those removed together with it at the moment `at`."""
    found: list[tuple[Register, Any]] = []
    for kind, field in parts(row):
        table: Any = kind.table
        when = table.deleted_at.is_(None) if at is None else table.deleted_at == at
        for part in session.exec(select(table).where(getattr(table, field) == record.id, when).order_by(table.id)):
            found += [(kind, part), *_parts(session, kind, part, at)]
    return found


def _unreferred(session: Session, row: Register, record: Any) -> None:
    for kind, field in pointers(row):
        table: Any = kind.table
        users = session.exec(select(func.count()).select_from(table).where(getattr(table, field) == record.id, table.deleted_at.is_(None))).one()
        if users:
            what = f"{users} {kind.singular if users == 1 else kind.title.lower()}"
            refer = "refers" if users == 1 else "refer"
            raise FieldsError({"": f"{what} {refer} to {label(row, record)!r}; choose another there first, or remove them."})


def _fresh(session: Session, row: Register, stored: Any, version: int, values: Mapping[str, Any]) -> None:
    if stored.version == version:
        return
    state = _state(stored)
    clash = []
    for field, value in values.items():
        if field in row.fields:
            spec = row.fields[field]
            try:
                mine = written(spec, read(spec, value, getattr(stored, "currency", None)))
            except Refused:
                mine = str(value)
            if written(spec, getattr(stored, field)) != mine:
                clash.append(_conflict(row, field, state[field], value))
    raise _stale(session, row, stored, tuple(clash))


def _conflict(row: Register, field: str, stored: Any, yours: Any) -> Conflict:
    return Conflict(field, row.fields[field].title, stored, yours)


def _stale(session: Session, row: Register, stored: Any, clash: tuple[Conflict, ...]) -> StaleRecordError:
    differ = f" on {', '.join(c.title for c in clash)}" if clash else ""
    sentence = (
        f"{stored.updated_by or 'Somebody'} saved {label(row, stored)!r} first, at {stored.updated_at:%Y-%m-%d %H:%M} UTC"
        f"{'; yours differs' + differ if clash else ''}; nothing was overwritten. Look at both and save again."
    )
    return StaleRecordError(sentence, by=stored.updated_by, at=stored.updated_at, version=stored.version, conflicts=clash)
