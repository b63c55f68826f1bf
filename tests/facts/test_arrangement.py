"""The mirror's large files are put in the order of time: the same rows, a later version."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow.parquet as pq

from cx import scorecard
from cx.facts import arrangement, batches, blocks, health, history, mirror
from cx.facts.datasets import DATASETS
from cx.store.engine import reading
from tests.facts.rows import answer, live, mirrored, part

ANSWERS = DATASETS["responses"]
BEGUN = datetime(2026, 1, 1)


def stretches(days, score=9.0):
    """Two parts whose answers lie so many days after the beginning."""
    half = len(days) // 2
    return [part("responses", [answer(f"{i:03d}", score, BEGUN + timedelta(days=d), line=i) for i, d in chosen]) for chosen in (list(enumerate(days))[:half], list(enumerate(days))[half:])]


def load(url, days, score=9.0):
    return batches.load("responses", lambda: stretches(days, score), batches.Origin(source="a.csv"), url)


def moments(url):
    batch = next(b for b in history.batches(url) if b.live)
    return [row.as_py() for row in pq.read_table(mirror.path("responses", batch.id, batch.version, url))["answered_at"]]


def test_a_file_that_is_not_in_the_order_of_time_is_put_in_it_once_and_holds_the_same_rows(any_store):
    days = [(i * 37) % 60 for i in range(60)]
    batch = load(any_store, days).batch
    before, nps = live(any_store), scorecard.read("nps", url=any_store)
    assert moments(any_store) != sorted(moments(any_store))
    assert arrangement.arrange(any_store, least=10) == 1
    assert moments(any_store) == [BEGUN + timedelta(days=d) for d in sorted(days)]
    assert live(any_store) == mirrored(any_store) == before
    assert (scorecard.read("nps", url=any_store), health.deep(any_store)) == (nps, [])
    assert arrangement.arrange(any_store, least=10) == 0, "what is in order is left alone"
    with reading(any_store) as session, mirror.staging(any_store) as kept:
        ids = pq.read_table(blocks.fetch(session, batch, kept))["id"].to_pylist()
        assert ids == sorted(ids), "the store keeps the rows as they came"


def test_what_is_in_order_or_small_is_left_alone(store):
    load(store, list(range(60)))
    assert arrangement.arrange(store, least=10) == 0
    batches.undo(1, url=store)
    load(store, [(i * 37) % 60 for i in range(60)])
    assert arrangement.arrange(store) == 0, "reading all of a small file costs nothing"


def test_one_moment_far_away_does_not_hide_that_the_rest_is_mixed(store):
    load(store, [-20_000, *((i * 37) % 60 for i in range(59))])
    assert arrangement.arrange(store, least=10) == 1


def test_changes_and_undo_go_on_as_if_nothing_had_been_arranged(any_store):
    days = [(i * 37) % 60 for i in range(60)]
    first = load(any_store, days).batch
    arrangement.arrange(any_store, least=10)
    second = batches.load("responses", lambda: [part("responses", [answer("007", 2.0, BEGUN)])], batches.Origin(source="b.csv"), any_store)
    assert (second.updated, live(any_store)["007"]) == (1, (2.0, second.batch))
    assert live(any_store) == mirrored(any_store)
    batches.undo(second.batch, url=any_store)
    assert live(any_store) == mirrored(any_store)
    assert live(any_store)["007"] == (9.0, first)
    assert load(any_store, days).unchanged == 60


def test_a_mirror_that_was_lost_is_rebuilt_in_the_order_of_time(store):
    load(store, [(i * 37) % 60 for i in range(60)])
    before = live(store)
    for file in mirror.folder(store).glob("responses/*.parquet"):
        file.unlink()
    scorecard.read("nps", url=store)
    assert moments(store) == sorted(moments(store))
    assert live(store) == mirrored(store) == before
