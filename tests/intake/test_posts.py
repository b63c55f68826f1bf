"""Rows that programs post are in the facts as imported ones are: once, counted, undone, erased."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from cx import erasing, scorecard
from cx.errors import InputError
from cx.facts import batches, health, history
from cx.intake import mending, plan, posts, read
from cx.intake.posts import Posted, post
from cx.records.actor import OPEN
from tests.facts.rows import live, mirrored

WHO = "token sync"


def answers(n: int, score: int = 9, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [{"survey": "Relationship", "response_id": f"r{i}", "metric": "nps", "score": score, "customer_id": f"C{i}", "answered_at": "2026-01-15", **more} for i in range(start, start + n)]


def counts(done: Posted) -> tuple[int, ...]:
    found = (done.inserted, done.updated, done.unchanged, done.excluded, done.rejected)
    assert sum(found) == done.records
    return found


def nps(url: str) -> float | None:
    return scorecard.read("nps", url=url)[0].estimate.value


def sound(url: str) -> None:
    assert live(url) == mirrored(url)
    assert health.deep(url) == []
    for batch in history.batches(url):
        assert batch.records == batch.inserted + batch.updated + batch.unchanged + batch.excluded + batch.rejected


@pytest.mark.parametrize("n", [8, posts.OWN])
def test_rows_move_a_number_and_the_same_again_changes_nothing_and_undo_gives_back(any_store: str, n: int) -> None:
    post("responses", answers(n), WHO)
    assert nps(any_store) == 100
    first = history.revision(any_store)
    assert counts(post("responses", answers(n), WHO)) == (0, 0, n, 0, 0)
    assert history.revision(any_store).rows("responses") == first.rows("responses")
    changed = post("responses", answers(n, 0), "token other")
    assert counts(changed) == (0, n, 0, 0, 0)
    assert nps(any_store) == -100
    sound(any_store)
    batches.undo(changed.batch or 0, url=any_store)
    assert nps(any_store) == 100
    sound(any_store)


def test_small_posts_of_one_sender_and_survey_share_a_batch_and_large_ones_have_their_own(any_store: str) -> None:
    first = post("responses", answers(2), WHO).batch
    assert post("responses", answers(2, start=2), WHO).batch == first
    assert post("responses", answers(1, start=4), "token other").batch != first
    assert post("responses", answers(1, start=5, survey="Other"), WHO).batch != first
    large = post("responses", answers(posts.OWN, start=100), WHO).batch
    assert large != first
    assert post("responses", answers(1, start=9), WHO).batch == first, "a large post is not joined"
    assert {(b.actor, b.tool) for b in history.batches(any_store)} == {(WHO, "api"), ("token other", "api")}
    sound(any_store)


def test_of_several_rows_with_one_key_the_last_counts(any_store: str) -> None:
    three = [*answers(1, 3), *answers(1, 5), *answers(1, 5)]
    assert counts(post("responses", three, WHO)) == (1, 1, 1, 0, 0)
    assert live(any_store) == {"Relationship|r0|nps": (5.0, 1)}
    assert counts(post("responses", [*answers(1, 5), *answers(1, 7)], WHO)) == (0, 1, 1, 0, 0)
    assert live(any_store) == {"Relationship|r0|nps": (7.0, 1)}
    sound(any_store)


def test_rejected_rows_are_told_kept_and_can_be_mended_as_a_file(any_store: str) -> None:
    rows = [*answers(2), {"survey": "Relationship", "response_id": "r9", "metric": "nps", "score": 12, "answered_at": "2026-01-15", "comment": "=1+1"}]
    done = post("responses", rows, WHO)
    assert counts(done) == (2, 0, 0, 0, 1)
    assert done.plain()["rejects"] == [{"index": 2, "column": "score", "value": "12", "reason": "is outside the scale of its question"}]
    (kept,) = history.rejects(done.batch or 0, any_store)
    assert (kept["line"], kept["column"], kept["value"]) == (3, "score", "12")
    lines = list(mending.to_mend(done.batch or 0, any_store))
    at = lines[0].index("score")
    mended = [lines[0], [*lines[1][:at], "2", *lines[1][at + 1 :]]]
    content = "\n".join(",".join(f'"{cell}"' for cell in line) for line in mended).encode()
    (row,) = [r for c in read(plan(content, "mended.csv")) for r in c.rows.to_pylist()]
    assert (row["key"], row["score"], row["comment"]) == ("Relationship|r9|nps", 2.0, "=1+1")


def test_where_no_row_can_be_used_nothing_is_stored(any_store: str) -> None:
    for rows in ([], [{}], [1], [{"score": 9}], [{"score": 9}] * posts.OWN):
        done = post("responses", rows, WHO)
        assert (done.batch, done.records) == (None, len(rows))
        counts(done)
    assert history.batches(any_store) == []


@pytest.mark.parametrize("n", [3, posts.OWN])
def test_whoever_was_erased_does_not_come_back(any_store: str, n: int) -> None:
    post("responses", answers(n), WHO)
    erasing.erase("C1", OPEN, any_store)
    again = post("responses", answers(n), WHO)
    assert counts(again) == (0, 0, n - 1, 1, 0)
    assert dict(again.reasons) == {"erased": 1}
    alone = post("responses", answers(1, start=1), WHO)
    assert (counts(alone), alone.batch) == ((0, 0, 0, 1, 0), None)
    wrong = post("responses", [{**answers(1, start=1)[0], "score": 99}, *answers(1)], WHO)
    assert (counts(wrong), wrong.rejects) == ((0, 0, 1, 1, 0), ())
    sound(any_store)


def test_two_at_once_lose_nothing_and_double_nothing(any_store: str) -> None:
    def send(start: int) -> None:
        for i in range(5):
            post("responses", answers(3, start=start + 2 * i), f"token {start % 2}")

    both = [threading.Thread(target=send, args=(start,)) for start in (0, 5)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(live(any_store)) == sorted(f"Relationship|r{i}|nps" for i in range(16))
    sound(any_store)


def test_too_many_rows_and_an_unknown_dataset_are_refused(store: str) -> None:
    with pytest.raises(InputError, match="at most 10,000 rows in one post"):
        post("tickets", [{}] * 10_001, WHO)
    with pytest.raises(InputError, match="one of the datasets"):
        post("people", [{}], WHO)
