"""Many rows into the store at the speed the database allows: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from sqlmodel import Session

from cx.facts.datasets import Dataset
from cx.facts.first import literal
from cx.facts.mirror import one, quoted, scan
from cx.store.base import TEXT_FORMAT

CHUNK = 50_000


def insert(
    session: Session, kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection, tell: Callable[[str, int], None] = lambda p, n: None
) -> None:
    """Insert the rows of a mirror file into the dataset's table, within the unit of `session`."""
    if session.connection().dialect.name == "postgresql":
        _copy(session, kind, file, bench, tell)
    else:
        _executemany(session, kind, file, bench, tell)


def _varying(kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection) -> tuple[list[str], dict[str, Any]]:
    """Columns that differ between rows, and the value of those that do not: a constant is cheaper in the statement."""
    names = [f.name for f in kind.mirrored if f.name not in ("id", "key", "line")]
    asked = ", ".join(f"min({n}), max({n}), count({n})" for n in names)
    found = one(bench, f"SELECT count(*), {asked} FROM {scan([file])}")
    varying: list[str] = ["id", "key", "line"]
    total, constant = found[0], dict[str, Any]()
    for i, name in enumerate(names):
        low, high, count = found[1 + 3 * i : 4 + 3 * i]
        if count == 0:
            constant[name] = None
        elif count == total and low == high:
            constant[name] = low
        else:
            varying.append(name)
    return varying, constant


def _executemany(session: Session, kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection, tell: Callable[[str, int], None]) -> None:
    varying, constant = _varying(kind, file, bench)
    constant = {n: v for n, v in constant.items() if v is not None}
    types = kind.types

    def column(name: str) -> str:
        if types.get(name, str).__name__ == "datetime":
            return f"strftime({name}, '{TEXT_FORMAT}')"
        return f"{name}::INTEGER" if types.get(name) is bool else name

    statement = (
        f"INSERT INTO {kind.table.__tablename__} ({', '.join([*varying, *constant])}) "
        f"VALUES ({', '.join(['?'] * len(varying) + [literal(v) for v in constant.values()])})"
    )
    raw: Any = session.connection().connection.dbapi_connection
    rows = bench.cursor().execute(f"SELECT {', '.join(map(column, varying))} FROM {scan([file])}")
    done = 0
    while part := rows.fetchmany(CHUNK):
        raw.executemany(statement, part)
        done += len(part)
        tell("store", done)


def _copy(session: Session, kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection, tell: Callable[[str, int], None]) -> None:
    names = [f.name for f in kind.mirrored]
    text = file.with_suffix(".csv")
    try:
        bench.execute(
            f"COPY (SELECT {', '.join(names)} FROM {scan([file])} ORDER BY id) TO {quoted(text)} (FORMAT csv, HEADER false, NULLSTR '\\N', FORCE_QUOTE *)"
        )
        raw: Any = session.connection().connection.dbapi_connection
        done = 0
        with raw.cursor() as cursor, open(text, "rb") as source:
            order = f"COPY {kind.table.__tablename__} ({', '.join(names)}) FROM STDIN (FORMAT csv, NULL '\\N')"
            with cursor.copy(order) as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
                    done += len(block)
                    tell("store", done)
    finally:
        text.unlink(missing_ok=True)


def mark(session: Session, kind: Dataset, ids: Sequence[int], by: int) -> None:
    """Set `superseded_by` of these rows."""
    connection = session.connection()
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        with raw.cursor() as cursor:
            cursor.execute(f"UPDATE {kind.table.__tablename__} SET superseded_by = %s WHERE id = ANY(%s)", (by, list(ids)))
    else:
        raw.executemany(f"UPDATE {kind.table.__tablename__} SET superseded_by = {int(by)} WHERE id = ?", ((i,) for i in ids))
