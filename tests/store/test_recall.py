"""What is kept of the store is never older than the last commit."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

from cx.records.actor import Actor
from cx.records.lookup import count, records
from cx.records.writing import create
from cx.store.engine import database_file
from cx.store.recall import recall, state

ANA = Actor("ana", "admin")
NEED = {"title": "Know when it arrives", "status": "new"}


def test_the_state_differs_after_every_commit_and_only_then(any_store):
    before = state()
    assert state() == before
    create("need", NEED, ANA)
    after = state()
    assert after != before
    assert state() == after


def test_what_is_kept_is_read_again_once_somebody_has_written(any_store):
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return len(reads)

    assert [recall("answer", read), recall("answer", read)] == [1, 1]
    create("need", NEED, ANA)
    assert [recall("answer", read), recall("answer", read)] == [2, 2]


def test_a_new_record_is_seen_at_once_by_every_thread(any_store):
    assert (records("need"), count("need")) == ([], 0)
    seen: list[int] = []
    for number in range(1, 6):
        create("need", {**NEED, "title": f"Need {number}"}, ANA)
        threads = [threading.Thread(target=lambda: seen.append(len(records("need")) * 100 + count("need"))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen[-4:] == [number * 101] * 4


def test_a_commit_of_another_program_is_seen(store):
    create("need", NEED, ANA)
    assert [need.title for need in records("need")] == [NEED["title"]]
    file = database_file()
    assert file is not None
    with sqlite3.connect(file) as other:
        other.execute("UPDATE record_need SET title = 'Renamed elsewhere'")
    other.close()
    assert [need.title for need in records("need")] == ["Renamed elsewhere"]


def test_a_store_put_in_the_place_of_another_is_not_taken_for_it(store, tmp_path: Path):
    file = database_file()
    assert file is not None
    copy = tmp_path / "copy.db"
    with sqlite3.connect(file) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source.close()
    shutil.copy(file, copy)
    before = state()
    copy.replace(file)
    assert state() != before


def test_changing_a_list_that_was_returned_changes_nobody_elses(store):
    create("need", NEED, ANA)
    records("need").clear()
    assert len(records("need")) == 1
