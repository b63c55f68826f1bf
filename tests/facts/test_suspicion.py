"""What looks wrong in a file is named when it comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cx.facts import batches, history
from tests.facts.rows import answer, part


def load(url, scores, start=0, **more):
    rows = [answer(f"k{start + i}", float(score), **{"scale_min": 0.0, "scale_max": 10.0, "higher_is_better": True, **more}) for i, score in enumerate(scores)]
    return batches.load("responses", lambda: [part("responses", rows)], batches.Origin(source="a.csv", survey="Relationship"), url)


HIGH = [7, 8, 9, 10] * 10


@pytest.mark.parametrize(
    ("scores", "more", "words"),
    [
        ([8] * 30, {}, "all 30 scores of 'nps' of 'Relationship' are 8"),
        ([1, 2, 3, 4, 5] * 6, {}, "is this another scale"),
        ([1, 2, 3, 4, 5] * 6, {"scale_min": 1.0, "scale_max": 5.0}, "on a scale of 1 to 5 here, and of 0 to 10 in earlier files"),
        (HIGH, {"higher_is_better": False}, "read as worse here, and as better in earlier files"),
        ([0, 1, 2, 6] * 10, {}, "was the scale turned around"),
        (HIGH, {"at": datetime.now(UTC).replace(tzinfo=None) + timedelta(days=90)}, "dated in the future"),
    ],
)
def test_what_does_not_fit_the_survey_is_named(store, scores, more, words):
    assert load(store, HIGH).warnings == ()
    done = load(store, scores, 1000, **more)
    assert len(done.warnings) == 1
    assert words in done.warnings[0]
    assert words.replace('"', "") in history.batches(store)[0].warnings


def test_a_file_like_the_ones_before_raises_no_suspicion(store):
    load(store, HIGH)
    assert load(store, [6, 7, 9, 10, 8] * 8, 1000).warnings == ()
