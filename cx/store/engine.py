"""Engines, and the two ways to use one: `reading` and `writing`.

SQLite is kept safe by three rules. Every write unit begins IMMEDIATE, so that two of them never both believe they read
the latest row. One file lock beside the database lets one writer at a time in, across processes. Only the writer, while
it holds that lock, checkpoints the write-ahead log: versions of SQLite before 3.51.3 can otherwise lose pages.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import Session

from cx.errors import BusyError, SettingError, StoreError
from cx.settings import settings
from cx.store import gate

log = logging.getLogger(__name__)
FULL = "The disk that holds the store is full; nothing was stored. Free some space and try again."
WAIT_SECONDS = 60.0
WRITE = "cx_write"
PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "wal_autocheckpoint=0")
LARGE_LOG = 64 * 2**20
ADVISORY_LOCK = 0x6378_6270
_held = threading.local()


def store_url(url: str | None = None) -> str:
    """`url`, or the one the settings name."""
    return url or settings().database_url


def engine(url: str | None = None) -> Engine:
    """The engine of a store. Raises SettingError where the URL cannot be read or names another kind of database."""
    return _engine(store_url(url))


@lru_cache(maxsize=64)
def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingError("CX_DATABASE_URL must be a URL such as sqlite:////path/cx.db or postgresql://user@host/name", f"it is {url!r}") from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingError("the store is SQLite or PostgreSQL", f"CX_DATABASE_URL names {parsed.get_backend_name()}", "choose one of the two")
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if not parsed.database or parsed.database == ":memory:":
        raise SettingError("a SQLite store is a file", "CX_DATABASE_URL names none", "give a path")
    made = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=5, max_overflow=20)
    event.listen(made, "connect", _prepare)
    event.listen(made, "begin", _begin)
    return made


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin says, not where the driver guesses
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE) else "BEGIN")


def database_file(url: str | None = None) -> Path | None:
    """The file of a SQLite store; None for PostgreSQL."""
    found = engine(url).url
    return Path(str(found.database)) if found.get_backend_name() == "sqlite" else None


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """A session for reading; one consistent state of the store throughout."""
    with engine(url).connect() as connection, Session(bind=connection) as session:
        yield session


@contextmanager
def writing(url: str | None = None, wait: float = WAIT_SECONDS, *, anyone: bool = False) -> Iterator[Session]:
    """One write unit: commits at the end, rolls back on any error.

    Raises BusyError where another writer holds the store for longer than `wait` seconds, StoreError where the disk is
    full or the file cannot be written, AccessError where the person at the screen may not write; `anyone` is for notes about
    a visit itself, which everybody leaves. Units do not nest: a second one in the same thread raises StoreError.
    """
    if not anyone:
        gate.ask()
    target = store_url(url)
    if target in getattr(_held, "urls", set()):
        raise StoreError("A write unit was begun inside another one.")
    with _turn(target, wait):
        _held.urls = getattr(_held, "urls", set()) | {target}
        try:
            with engine(target).connect() as plain:
                connection = plain.execution_options(**{WRITE: True})
                with connection.begin(), Session(bind=connection, expire_on_commit=False) as session:
                    if connection.dialect.name == "postgresql":
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
                    yield session
                    session.flush()
                if connection.dialect.name == "sqlite":
                    _checkpoint(connection, target)
        except OperationalError as error:
            raise _explained(error) from error
        finally:
            _held.urls = _held.urls - {target}


def _explained(error: OperationalError) -> StoreError:
    text = str(error.orig)
    if "locked" in text or "lock timeout" in text:
        return BusyError("Another program is writing to the store; try again in a minute.")
    if "full" in text or "No space" in text:
        return StoreError(FULL)
    if "readonly" in text:
        return StoreError("The store is read-only; make the data folder writable for this user.")
    return StoreError(f"The store refused the write: {text.splitlines()[0]}.")


@contextmanager
def _turn(url: str, wait: float) -> Iterator[None]:
    file = database_file(url)
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{file}.writer", timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError("Another program is writing to the store; try again in a minute.") from None
    except PermissionError:
        raise StoreError(f"The folder {file.parent} cannot be written; make it writable for this user.") from None
    try:
        yield
    finally:
        lock.release()


def _checkpoint(connection: Connection, url: str) -> None:
    waiting = Path(f"{database_file(url)}-wal")
    mode = "TRUNCATE" if waiting.exists() and waiting.stat().st_size > LARGE_LOG else "PASSIVE"
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute(f"PRAGMA wal_checkpoint({mode})").close()
    except sqlite3.OperationalError as error:  # what was written is safe in the log; the next writer tries again
        log.warning("the write-ahead log could not be written back: %s", error)


def empty_log(url: str | None = None) -> bool:
    """Carry a SQLite store's write-ahead log into the file and cut it to nothing; False where a reader stood in the way too long."""
    target = store_url(url)
    with _turn(target, WAIT_SECONDS), engine(target).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        (busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


@contextmanager
def lone_writer(url: str | None = None, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the writers' turn of a SQLite store without a write unit. Raises BusyError where another holds it for longer than `wait` seconds."""
    gate.ask()
    with _turn(store_url(url), wait):
        yield


def idle(url: str | None = None) -> bool:
    """Whether no other process is writing to a SQLite store right now (always true for PostgreSQL)."""
    try:
        with _turn(store_url(url), 0):
            return True
    except BusyError:
        return False
