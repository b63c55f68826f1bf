"""A backup is the whole store in one file; going back to it loses nothing and brings nobody back who was erased."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from cx import erasing, restoring, scorecard
from cx.errors import AccessError, InputError, StoreError
from cx.facts import batches, health
from cx.facts import engine as asking
from cx.facts.history import revision
from cx.records.actor import Actor
from cx.records.invitations import OptOut
from cx.records.lookup import records
from cx.records.members import Member
from cx.records.tokens import ApiToken
from cx.records.writing import create as add
from cx.store import backup
from cx.store.base import now
from cx.store.engine import engine, reading, writing
from cx.store.migrate import current, head
from tests.facts.rows import answer, part

ADMIN = Actor("ada@example.com", "admin")


def answered(*who: str, url: str) -> int:
    people = [{"key": name, "customer_id": name, "name": name} for name in who]
    batches.load("customers", [part("customers", people)], url=url)
    return batches.load("responses", [part("responses", [answer(f"a-{name}", customer_id=name) for name in who])], url=url).batch


def held(url: str) -> list[str]:
    found = asking.rows(asking.tables()["responses"].select("customer_id").order_by("customer_id"), url)
    return [row["customer_id"] for row in found]


def test_what_was_changed_after_the_backup_is_undone_by_going_back_to_it(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=any_store)
    add("persona", {"name": "Nina"}, ADMIN, url=any_store)
    file = backup.create(tmp_path / "monday.backup", any_store)
    answered("C3", "C4", "C5", url=any_store)
    add("persona", {"name": "Otto"}, ADMIN, url=any_store)
    assert scorecard.read("nps", url=any_store)[0].estimate.n == 5
    done = restoring.restore(file, ADMIN, any_store)
    assert (done.rows, done.erased, done.remarks) == (4, 0, ())
    assert held(any_store) == ["C1", "C2"]
    assert [p.name for p in records("persona", url=any_store)] == ["Nina"]
    assert health.deep(any_store) == []


def test_other_rows_under_the_same_batch_number_are_not_taken_for_those_of_before(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=any_store)
    file = backup.create(tmp_path / "monday.backup", any_store)
    first = answered("C3", "C4", "C5", url=any_store)
    assert held(any_store) == ["C1", "C2", "C3", "C4", "C5"]
    restoring.restore(file, ADMIN, any_store)
    asking.rows(asking.tables()["responses"].select("customer_id"), any_store)
    second = answered("C6", "C7", "C8", url=any_store)
    assert first == second
    asking._pool.cache_clear()  # a server is started anew
    asking.forget()
    assert held(any_store) == ["C1", "C2", "C6", "C7", "C8"]


def test_what_stood_there_before_is_a_backup_of_its_own_to_go_back_to(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=any_store)
    file = backup.create(tmp_path / "monday.backup", any_store)
    answered("C3", url=any_store)
    before = restoring.restore(file, ADMIN, any_store).before
    assert before is not None
    restoring.restore(Path(before), ADMIN, any_store)
    assert held(any_store) == ["C1", "C2", "C3"]


def test_who_was_erased_after_the_backup_is_not_brought_back_by_it(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", "C3", url=any_store)
    file = backup.create(tmp_path / "monday.backup", any_store)
    erasing.erase("C2", ADMIN, any_store)
    done = restoring.restore(file, ADMIN, any_store)
    assert done.erased == 1
    assert held(any_store) == ["C1", "C3"]
    answered("C2", "C4", url=any_store)
    assert held(any_store) == ["C1", "C3", "C4"]


def test_what_people_took_back_since_the_backup_stays_taken_back(any_store: str, tmp_path: Path) -> None:
    with writing(any_store) as session:
        session.add(Member(issuer="i", subject="s", role="admin"))
        session.add(ApiToken(name="shop", role="viewer", prefix="cx_abc", digest="d1"))
    file = backup.create(tmp_path / "monday.backup", any_store)
    with writing(any_store) as session:
        session.add(OptOut(customer_id="C7"))
        member, token = session.exec(select(Member)).one(), session.exec(select(ApiToken)).one()
        member.active, token.revoked_at, token.revoked_by = False, now(), "ada@example.com"
    restoring.restore(file, ADMIN, any_store)
    with reading(any_store) as session:
        assert session.exec(select(OptOut.customer_id)).all() == ["C7"]
        assert not session.exec(select(Member)).one().active
        assert session.exec(select(ApiToken)).one().state == "revoked"


def test_a_backup_can_be_restored_where_there_was_nothing(store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=store)
    file = backup.create(tmp_path / "monday.backup", store)
    new = f"sqlite:///{tmp_path / 'elsewhere' / 'cx.db'}"
    done = restoring.restore(file, ADMIN, new)
    assert (done.before, done.rows) == (None, 4)
    assert held(new) == ["C1", "C2"]


def test_a_backup_of_a_layout_before_is_brought_to_the_present_one(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=any_store)
    from alembic import command

    from cx.store.migrate import configuration, forget

    with writing(any_store) as session:
        config = configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0002")
    forget(any_store)
    file = backup.create(tmp_path / "old.backup", any_store)
    done = restoring.restore(file, ADMIN, any_store)
    assert current(any_store) == head()
    assert done.rows == 4
    assert "member" in sa.inspect(engine(any_store)).get_table_names()


def test_a_backup_is_readable_by_its_owner_alone_and_never_replaces_a_file(any_store: str, tmp_path: Path) -> None:
    file = backup.create(tmp_path / "monday.backup", any_store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        backup.create(file, any_store)
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_backup_taken_while_others_write_is_one_state_of_the_store(store: str, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with writing(store) as session:
                session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS pair (a INTEGER, b INTEGER)")
                session.connection().exec_driver_sql("DELETE FROM pair")
                session.connection().exec_driver_sql(f"INSERT INTO pair VALUES ({number}, {number})")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = []
        for i in range(12):
            file = backup.create(tmp_path / f"{i}.backup", store)
            with closing(sqlite3.connect(file)) as copy:
                if copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'pair'").fetchone() == (1,):
                    seen.append(copy.execute("SELECT a, b FROM pair").fetchall())
    finally:
        stop.set()
        writer.join()
    assert seen
    assert all(len(rows) == 1 and rows[0][0] == rows[0][1] for rows in seen)


def test_a_file_that_is_no_backup_changes_nothing_and_says_so(any_store: str, tmp_path: Path) -> None:
    answered("C1", "C2", url=any_store)
    for name, content in {"note.txt": b"hello", "broken.db": b"SQLite format 3\0" + b"x" * 4096, "empty": b""}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="is none, or is damaged"):
            restoring.restore(tmp_path / name, ADMIN, any_store)
    with pytest.raises(InputError, match="cannot be read"):
        restoring.restore(tmp_path / "nowhere", ADMIN, any_store)
    (tmp_path / "dump").write_bytes(b"PGDMP" + b"\0" * 50)
    with pytest.raises((InputError, StoreError), match=r"backup of a PostgreSQL one|pg_restore failed"):
        restoring.restore(tmp_path / "dump", ADMIN, any_store)
    assert held(any_store) == ["C1", "C2"]


def test_a_database_of_something_else_is_no_backup(store: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
        other.commit()
    with pytest.raises(InputError, match="is none, or is damaged"):
        restoring.restore(tmp_path / "other.db", ADMIN, store)


def test_only_an_administrator_may_restore(store: str, tmp_path: Path) -> None:
    file = backup.create(tmp_path / "monday.backup", store)
    with pytest.raises(AccessError):
        restoring.restore(file, Actor("mia@example.com", "manager"), store)


def test_the_backup_of_another_store_says_that_erased_persons_may_stand_in_it(store: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other' / 'cx.db'}"
    for url in (store, other):
        if url == other:
            from cx.store.migrate import migrate

            migrate(other)
        answered("C1", "C2", url=url)
        erasing.erase("C2", ADMIN, url)
    done = restoring.restore(backup.create(tmp_path / "other.backup", other), ADMIN, store)
    assert done.remarks == (restoring.OTHER,)


def test_the_commands_copy_and_go_back(store: str, own_folder: Path, tmp_path: Path) -> None:
    answered("C1", "C2", url=store)

    def cx(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "cx", *words], env={**os.environ}, input=typed, capture_output=True, text=True, check=False)

    file = str(tmp_path / "monday.backup")
    made = json.loads(cx("backup", file, "--json").stdout)
    assert made == {"file": file, "bytes": Path(file).stat().st_size}
    again = cx("backup", file)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    answered("C3", url=store)
    assert cx("restore", file, typed="no\n").returncode == 1
    assert len(held(store)) == 3
    done = json.loads(cx("restore", file, "--yes", "--json").stdout)
    assert (done["rows"], done["erased"], done["remarks"]) == (4, 0, [])
    assert len(held(store)) == 2
    assert revision(store).rows("responses") == 2
