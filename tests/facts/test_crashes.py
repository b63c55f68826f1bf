"""Imports that are killed, meet each other, or find the disk full: all of a file is stored, or none of it."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from benchmarks import answers
from benchmarks.killed import outcome, take
from cx.errors import StoreError
from cx.facts import batches, blocks, health, history, mirror
from cx.store.engine import database_file, engine, reading

ROWS = 20_000
TAKE = "import sys; from pathlib import Path; from benchmarks.killed import take; done = take(Path(sys.argv[1]), sys.argv[2]); print(done.inserted, done.unchanged)"


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A survey export of some thousand answers."""
    file = tmp_path / "survey.csv"
    answers.csv(file, ROWS)
    return file


def test_an_import_killed_at_any_moment_is_all_or_nothing_and_a_repeat_completes_it(any_store: str, survey: Path) -> None:
    chance = random.Random(1)
    for _ in range(3):
        left, exact, _ = outcome(survey, any_store, ROWS, chance.uniform(0, 1.2))
        assert left in ("nothing", "all")
        assert exact
        for batch in history.batches(any_store):
            if batch.undone_at is None:
                batches.undo(int(batch.id or 0), url=any_store)


def test_two_imports_of_one_file_at_once_give_one_set_of_rows(any_store: str, survey: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", TAKE, str(survey), any_store], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(one.communicate(timeout=300)[0].split() for one in both)
    assert said == [["0", str(ROWS)], [str(ROWS), "0"]]
    assert sum(b.live for b in history.batches(any_store)) == ROWS
    assert health.deep(any_store) == []


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """No file may grow beyond `limit` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_is_said_in_one_sentence_and_nothing_is_half_stored(store: str, survey: Path) -> None:
    with full_disk(100_000), pytest.raises(StoreError, match=r"disk.*full") as said:
        take(survey, store)
    assert "\n" not in str(said.value)
    assert history.batches(store) == []
    mirror.recover(store)
    assert list(mirror.folder(store).glob("**/*.parquet")) == []
    assert take(survey, store).inserted == ROWS
    assert health.deep(store) == []


def test_what_is_safe_in_the_log_is_stored_though_the_database_file_has_no_room_yet(store: str, survey: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = database_file(store)
    assert file is not None
    with full_disk(file.stat().st_size):
        assert take(survey, store).inserted == ROWS
    assert "could not be written back" in caplog.text
    assert take(survey, store).unchanged == ROWS
    assert health.deep(store) == []


def test_a_database_that_may_not_grow_says_so_and_keeps_nothing(store: str, survey: Path) -> None:
    with engine(store).connect() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar() or 0)
    made = engine(store)
    made.dispose()

    def small(raw, _):
        raw.execute(f"PRAGMA max_page_count={pages + 20}").close()

    event.listen(made, "connect", small)
    try:
        with pytest.raises(StoreError, match=r"disk.*full"):
            take(survey, store)
    finally:
        event.remove(made, "connect", small)
        made.dispose()
    assert history.batches(store) == []
    assert take(survey, store).inserted == ROWS
    with reading(store) as session:
        assert blocks.rows_replaced(session, 1) == 0
