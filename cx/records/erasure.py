"""A person leaves the registers: the records about them go for good, with their history; what merely names them is listed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, select

from cx.facts.erasure import whole
from cx.records import invitations  # noqa: F401  its tables name customers
from cx.records.lookup import label
from cx.records.registry import Register, registers
from cx.store.audit import AuditEntry
from cx.store.base import Table

ABOUT = ("customer_id", "kept_id", "merged_id")
SNIPPET = 160


@dataclass(frozen=True)
class Named:
    """A record whose words name the person: which, in which field, and the words around the name."""

    register: str
    record: int
    title: str
    field: str
    text: str


def held(session: Session, identifiers: Sequence[str]) -> list[tuple[Register, Any]]:
    """Every record about the person, removed ones included: those that carry one of the identifiers."""
    found: list[tuple[Register, Any]] = []
    for row in registers().values():
        columns = [getattr(row.table, name) for name in ABOUT if name in row.fields]
        if columns:
            table: Any = row.table
            found += [(row, one) for one in session.exec(select(table).where(sa.or_(*(column.in_(list(identifiers)) for column in columns))).order_by(table.id))]
    return found


def others(session: Session, identifiers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Table -> rows about the person in tables that are no registers, such as invitations; hashes of tokens left out."""
    found = {}
    for table in _naming():
        rows = session.execute(table.select().where(table.c.customer_id.in_(list(identifiers))).order_by(table.c.id)).mappings().all()
        if rows:
            found[str(table.name)] = [{name: value for name, value in row.items() if name != "token"} for row in rows]
    return found


def _naming() -> list[Any]:
    """The tables that name a customer by identifier and are neither facts nor registers."""
    return [table for table in Table.metadata.sorted_tables if "customer_id" in table.c and not table.name.startswith(("fact_", "record_"))]


def forget(session: Session, identifiers: Sequence[str]) -> dict[str, int]:
    """Delete the records about the person for good, and blank what the audit log kept of them; register -> how many.

    Records of others that pointed at one of them keep standing with the pointer empty; where it may not be empty they go too.
    Rows of tables that are no registers but name a customer by identifier, such as invitations, go as well.
    """
    counts: dict[str, int] = {}
    waiting = [(row, int(one.id)) for row, one in held(session, identifiers)]
    order: list[tuple[Register, int]] = []
    while waiting:
        row, number = waiting.pop()
        if (row, number) in order:
            continue
        order.append((row, number))
        for other in registers().values():
            for name, spec in other.fields.items():
                if spec.kind == "link" and spec.register == row.name:
                    theirs = _table(other)
                    if theirs.c[name].nullable:
                        session.execute(theirs.update().where(theirs.c[name] == number).values({name: None}))
                    else:
                        waiting += [(other, int(id)) for (id,) in session.execute(sa.select(theirs.c.id).where(theirs.c[name] == number))]
    for row, number in reversed(order):
        session.execute(_table(row).delete().where(_table(row).c.id == number))
        session.execute(sa.update(AuditEntry).where(AuditEntry.subject == row.name, AuditEntry.record == str(number)).values(before=None, after=None))  # type: ignore[arg-type]
        counts[row.name] = counts.get(row.name, 0) + 1
    for table in _naming():
        gone = cast(Any, session.execute(table.delete().where(table.c.customer_id.in_(list(identifiers))))).rowcount
        if gone:
            counts[table.name] = int(gone)
    return counts


def unnamed(session: Session, identifiers: Sequence[str], mark: str) -> None:
    """In audit entries whose subject is the customer, such as exports, put the mark in place of the identifier."""
    mine = (AuditEntry.subject == "customers") & AuditEntry.record.in_(list(identifiers))  # type: ignore[attr-defined]
    session.execute(sa.update(AuditEntry).where(mine).values(record=mark, before=None, after=None))


def named(session: Session, needles: Sequence[str], most: int = 100) -> list[Named]:
    """Records whose free text, lists or documents contain one of the needles; and saves in their history that did."""
    found: list[Named] = []
    for row in registers().values():
        table: Any = row.table
        for one in session.exec(select(table)):
            for name, spec in row.fields.items():
                if spec.kind in ("text", "long", "several", "document") and name not in ABOUT:
                    text = _hit(getattr(one, name), needles)
                    if text:
                        found.append(Named(row.name, int(one.id), label(row, one)[:80] + (" (removed)" if one.deleted_at else ""), spec.title, text))
    known = {(one.register, one.record) for one in found}
    for needle in needles:
        near = sa.or_(AuditEntry.before.contains(needle, autoescape=True), AuditEntry.after.contains(needle, autoescape=True))  # type: ignore[union-attr]
        for entry in session.exec(select(AuditEntry).where(near).limit(most)):
            words = _hit(entry.after, needles) or _hit(entry.before, needles)
            if words and entry.subject in registers() and entry.record.isdigit() and (entry.subject, int(entry.record)) not in known:
                known.add((entry.subject, int(entry.record)))
                found.append(Named(entry.subject, int(entry.record), "an earlier version of it", "history", words))
    return found[:most]


def _hit(value: Any, needles: Sequence[str]) -> str:
    """The words around the first needle that stands by itself in a value; empty where there is none."""
    if value in (None, "", [], {}):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    found = whole(needles).search(text) if needles else None
    return text[max(found.start() - 60, 0) : found.start() + SNIPPET].strip() if found else ""


def _table(row: Register) -> Any:
    return cast(Any, row.table).__table__
