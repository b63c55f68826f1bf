"""A copy of the whole store as one file, and putting such a copy in the store's place.

A SQLite store is copied by `VACUUM INTO`, which sees one consistent state while others write; PostgreSQL by its own `pg_dump`
and `pg_restore`. A copy appears under its name only when it is whole and durable.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from cx.errors import InputError, StoreError
from cx.store.base import Table
from cx.store.engine import FULL, database_file, engine, lone_writer, store_url

HEADER = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def create(file: Path, url: str | None = None) -> Path:
    """Copy the store into a new file, readable by its owner alone.

    Raises InputError where the file is there already, StoreError where the copy cannot be made; then there is no file.
    """
    if file.exists():
        raise InputError("a backup is written to a new file", f"{file} is there already", "name another or move that one away")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        if database_file(url) is None:
            _program("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={part}"], url)
        else:
            with engine(url).connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                raw.cursor().execute("VACUUM INTO ?", (str(part),)).close()
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(part, file)  # unlike a rename it never replaces what somebody else put there meanwhile
    except FileExistsError:
        raise InputError("a backup is written to a new file", f"{file} is there already", "name another or move that one away") from None
    except sqlite3.OperationalError as error:
        raise StoreError(FULL if "full" in str(error) else f"The backup could not be written: {error}.") from error
    except OSError as error:
        raise StoreError(f"The backup could not be written to {file}: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return file


def kind(file: Path) -> str:
    """Of which database a backup is. Raises InputError where the file is none, or is damaged."""
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as error:
        raise InputError("expected a file that `backup` wrote", f"{file} cannot be read ({error.strerror})", "name another") from None
    found = next((name for mark, name in HEADER.items() if start.startswith(mark)), "")
    if found == "sqlite":
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
                sound = copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
                found = "sqlite" if sound and copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,) else ""
        except sqlite3.DatabaseError:
            found = ""
    if not found:
        raise InputError("expected a file that `backup` wrote", f"{file} is none, or is damaged", "take another one; nothing was changed")
    return found


def put_back(file: Path, url: str | None = None) -> None:
    """Make the store what it was when `file` was written, whole or not at all; whoever has it open sees the old state or the new one.

    Raises InputError where the file is no backup or is one of the other kind of database, BusyError while somebody writes.
    """
    own = engine(url).dialect.name
    found = kind(file)
    if found != own:
        raise InputError(f"this store is a {NAMES[own]} database", f"{file} is a backup of a {NAMES[found]} one", "set CX_DATABASE_URL to a store of that kind")
    if own == "postgresql":
        _restored(file, url)
        return
    with lone_writer(url), closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy, engine(url).connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            copy.backup(raw)
            raw.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            raise StoreError(FULL if "full" in str(error) else f"The backup could not be put back: {error}; nothing was changed.") from error
    engine(url).dispose()


def _restored(file: Path, url: str | None) -> None:
    dumped = {line.split()[-2] for line in _program("pg_restore", ["--list", str(file)], url, connect=False).splitlines() if " TABLE " in line and " TABLE DATA " not in line}
    engine(url).dispose()
    _program("pg_restore", ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(file)], url)
    with engine(url).begin() as connection:  # tables younger than the backup would stand in the way of the migration that makes them
        for name in set(sa.inspect(connection).get_table_names()) & set(Table.metadata.tables) - dumped:
            connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


@contextmanager
def _access(url: str | None) -> Iterator[tuple[list[str], dict[str, str]]]:
    """How PostgreSQL's programs reach the store: what is given to them, and the environment, which holds the password."""
    at = engine(store_url(url)).url
    said = ["--dbname", at.set(drivername="postgresql", password=None).render_as_string(hide_password=False)]
    yield said, {**os.environ, **({"PGPASSWORD": str(at.password)} if at.password else {})}


def _program(name: str, words: Sequence[str], url: str | None, connect: bool = True) -> str:
    if shutil.which(name) is None:
        raise StoreError(f"{name} is not installed; install PostgreSQL's client programs (Debian and Ubuntu: apt-get install postgresql-client).")
    with _access(url) as (said, environment):
        done = subprocess.run([name, *(said if connect else []), *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines() or [f"exit status {done.returncode}"]
        raise StoreError(f"{name} failed: {lines[0].strip()}; nothing was changed.")
    return done.stdout
