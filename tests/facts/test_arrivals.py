"""Answers that come one by one: an open batch that rolls over, nothing lost that was thanked for, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from cx import erasing, scorecard
from cx.facts import arrivals, batches, engine, health, history, mirror
from cx.facts.arrivals import Arrived, arrive
from cx.facts.batches import Origin
from cx.records.actor import OPEN
from cx.store.base import now
from cx.store.engine import writing
from tests.facts.rows import answer, live, mirrored, part

FORM = Origin(source="Hosted form", tool="hosted form", survey="Relationship", actor="survey form")
DAY = datetime(2026, 1, 15)
MANY = """
import sys
from datetime import datetime
from cx.store.engine import writing
from tests.facts.test_arrivals import FORM
from cx.facts.arrivals import arrive
from tests.facts.rows import answer
who, url, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
for i in range(n):
    with writing(url, anyone=True) as session:
        arrive(session, "responses", [answer(f"{who}-{i}", float(i % 11), datetime(2026, 1, 15))], FORM, url)
    print(f"{who}-{i}", flush=True)
"""


def come(url: str, *rows: dict[str, Any], origin: Origin = FORM) -> Arrived:
    """One record."""
    with writing(url, anyone=True) as session:
        return arrive(session, "responses", rows, origin, url)


def test_answers_share_one_batch_and_are_seen_at_once(any_store: str) -> None:
    for i in range(6):
        done = come(any_store, answer(f"k{i}", 9, DAY, response_id=f"r{i}"))
        assert (done.batch, done.status) == (1, "inserted")
        assert scorecard.read("nps", url=any_store)[0].estimate.n == i + 1
    (batch,) = history.batches(any_store)
    assert (batch.records, batch.inserted, batch.answers, batch.live, batch.survey, batch.tool) == (6, 6, 6, 6, "Relationship", "hosted form")
    assert (batch.first_at, batch.last_at) == (DAY.replace(tzinfo=UTC), DAY.replace(tzinfo=UTC))
    assert live(any_store) == mirrored(any_store)
    assert health.deep(any_store) == []
    assert scorecard.read("nps", url=any_store)[0].estimate.value == 100


def test_an_answer_given_twice_counts_once_and_the_buckets_add_up(any_store: str) -> None:
    come(any_store, answer("a", 2))
    assert come(any_store, answer("a", 9)).status == "updated"
    assert come(any_store, answer("a", 9)).status == "unchanged"
    assert come(any_store, answer("a", 9), answer("a2", 3)).status == "updated"
    (batch,) = history.batches(any_store)
    assert (batch.records, batch.inserted, batch.updated, batch.unchanged, batch.excluded, batch.rejected) == (4, 1, 2, 1, 0, 0)
    assert live(any_store) == mirrored(any_store) == {"a": (9.0, 1), "a2": (3.0, 1)}
    assert health.deep(any_store) == []


def test_a_batch_is_full_after_its_records_or_its_days_and_the_next_one_supersedes_what_stood_in_it(any_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "MOST", 3)
    for i in range(4):
        come(any_store, answer(f"k{i}"))
    assert [b.records for b in history.batches(any_store)] == [1, 3]
    assert come(any_store, answer("k0", 1)) == Arrived(2, "updated")
    assert live(any_store) == mirrored(any_store) == {"k0": (1.0, 2), "k1": (9.0, 1), "k2": (9.0, 1), "k3": (9.0, 2)}
    monkeypatch.setattr(arrivals, "LONGEST", timedelta(0))
    assert come(any_store, answer("k9")).batch == 3
    batches.undo(2, url=any_store)
    assert live(any_store) == mirrored(any_store) == {"k0": (9.0, 1), "k1": (9.0, 1), "k2": (9.0, 1), "k9": (9.0, 3)}
    assert health.deep(any_store) == []


def test_another_survey_and_the_demo_company_have_batches_of_their_own(any_store: str) -> None:
    other = Origin(source="Hosted form", tool="hosted form", survey="Demo", demo=True)
    assert come(any_store, answer("a"), origin=other).batch == 1
    assert history.revision(any_store).demo
    assert come(any_store, answer("a")).batch == 2
    assert come(any_store, answer("b"), origin=other).batch == 1
    assert not history.revision(any_store).demo
    assert scorecard.read("nps", url=any_store)[0].estimate.n == 1
    assert sorted(live(any_store)) == ["a", "demo:a", "demo:b"]


def test_a_batch_that_was_undone_takes_nothing_more(any_store: str) -> None:
    come(any_store, answer("a"))
    batches.undo(1, url=any_store)
    assert live(any_store) == {}
    assert come(any_store, answer("a", 4)) == Arrived(2, "inserted")
    assert live(any_store) == mirrored(any_store) == {"a": (4.0, 2)}


def test_a_file_that_replaced_an_answer_closes_its_batch_and_each_can_be_taken_back(any_store: str) -> None:
    come(any_store, answer("a", 2))
    come(any_store, answer("b", 2))
    batches.load("responses", [part("responses", [answer("a", 5)])], Origin(source="file"), any_store)
    assert live(any_store) == mirrored(any_store) == {"a": (5.0, 2), "b": (2.0, 1)}
    assert come(any_store, answer("c", 8)).batch == 1, "a key of its own still fits"
    assert come(any_store, answer("a", 7)) == Arrived(3, "updated")
    assert live(any_store) == mirrored(any_store) == {"a": (7.0, 3), "b": (2.0, 1), "c": (8.0, 1)}
    assert health.deep(any_store) == []
    batches.undo(2, url=any_store)
    assert live(any_store) == mirrored(any_store) == {"a": (7.0, 3), "b": (2.0, 1), "c": (8.0, 1)}
    batches.undo(3, url=any_store)
    assert live(any_store) == mirrored(any_store) == {"a": (2.0, 1), "b": (2.0, 1), "c": (8.0, 1)}
    assert health.deep(any_store) == []


def test_rows_of_different_batches_never_share_a_number(any_store: str) -> None:
    come(any_store, answer("a"))
    batches.load("responses", [part("responses", [answer(f"f{i}") for i in range(5)])], Origin(source="file"), any_store)
    come(any_store, answer("b"))
    come(any_store, answer("other"), origin=Origin(tool="hosted form", survey="Other"))
    found = [row["id"] for row in engine.rows("SELECT id FROM responses", any_store)]
    assert len(found) == len(set(found)) == 8


def test_whoever_was_erased_leaves_the_open_batch_and_does_not_come_back(any_store: str) -> None:
    for name in ("C1", "C2"):
        come(any_store, answer(name, 3, customer_id=name))
    erasing.erase("C1", OPEN, any_store)
    assert live(any_store) == mirrored(any_store) == {"C2": (3.0, 1)}
    assert come(any_store, answer("again", 3, customer_id="C1")).status == "excluded"
    assert come(any_store, answer("C3", 3, customer_id="C3")).status == "inserted"
    (batch,) = history.batches(any_store)
    assert (batch.records, batch.inserted, batch.excluded, batch.reasons) == (4, 3, 1, '{"erased": 1}')
    assert live(any_store) == mirrored(any_store) == {"C2": (3.0, 1), "C3": (3.0, 1)}
    assert health.deep(any_store) == []


def test_what_fails_after_the_file_was_written_leaves_nothing(any_store: str) -> None:
    come(any_store, answer("a"))

    def broken(session: Session) -> None:
        arrive(session, "responses", [answer("b")], FORM, any_store)
        raise RuntimeError

    with pytest.raises(RuntimeError), writing(any_store, anyone=True) as session:
        broken(session)
    assert live(any_store) == mirrored(any_store) == {"a": (9.0, 1)}
    come(any_store, answer("c"))
    assert live(any_store) == mirrored(any_store) == {"a": (9.0, 1), "c": (9.0, 1)}


def test_two_at_once_lose_nothing_and_double_nothing(any_store: str) -> None:
    both = [subprocess.Popen([sys.executable, "-c", MANY, who, any_store, "12"], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) for who in ("x", "y")]
    assert [len(one.communicate(timeout=120)[0].split()) for one in both] == [12, 12]
    assert sorted(live(any_store)) == sorted(f"{who}-{i}" for who in "xy" for i in range(12))
    assert [b.records for b in history.batches(any_store)] == [24]
    assert health.deep(any_store) == []


def test_a_process_killed_in_between_has_kept_everything_it_thanked_for(any_store: str) -> None:
    for round_ in range(3):
        with subprocess.Popen([sys.executable, "-c", MANY, f"k{round_}", any_store, "500"], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            first = running.stdout.readline().strip()
            time.sleep(0.15 + 0.1 * round_)
            os.kill(running.pid, signal.SIGKILL)
            thanked = [first, *running.stdout.read().split()]
        mirror.recover(any_store)
        held = live(any_store)
        assert set(thanked) <= set(held)
        assert held == mirrored(any_store)
        assert len([key for key in held if key.startswith(f"k{round_}-")]) <= len(thanked) + 1, "at most the one that was under way"
        assert health.deep(any_store) == []


def test_superseded_files_do_not_pile_up(any_store: str) -> None:
    for i in range(5):
        come(any_store, answer(f"k{i}"))
    files = list((mirror.folder(any_store) / "responses").glob("*.parquet"))
    with writing(any_store) as session:
        assert mirror.sweep(session, any_store, grace=0) == len(files) - 1
    assert live(any_store) == mirrored(any_store)
    assert history.batches(any_store)[0].created_at < now()
