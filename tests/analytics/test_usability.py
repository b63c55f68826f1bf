"""Scores, grades and intervals of small user tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.analytics.usability import sus, sus_grade, sus_scores, task_success, time_on_task
from cx.errors import MeasureError


def test_the_worked_example_of_brooke_scores_55() -> None:
    """Brooke 1996: answers 5 4 2 1 2 3 2 4 5 2 add up to 22 points, score 55."""
    assert sus_scores([[5, 4, 2, 1, 2, 3, 2, 4, 5, 2]]).tolist() == [55]


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "A+"), (84.1, "A+"), (84.0, "A"), (80.8, "A"), (80.7, "A-"), (78.9, "A-"), (78.8, "B+"), (77.2, "B+"), (77.1, "B"), (74.1, "B"), (74.0, "B-"), (72.6, "B-"),
     (72.5, "C+"), (71.1, "C+"), (71.0, "C"), (65.0, "C"), (64.9, "C-"), (62.7, "C-"), (62.6, "D"), (51.7, "D"), (51.6, "F"), (0, "F")],
)  # fmt: skip
def test_grades_follow_the_curved_scale_of_sauro_and_lewis(score: float, grade: str) -> None:
    assert sus_grade(score) == grade


@given(st.lists(st.lists(st.integers(1, 5), min_size=10, max_size=10), min_size=1, max_size=20))
def test_scores_lie_between_0_and_100_and_their_mean_within_its_interval(answers: list[list[int]]) -> None:
    scores = sus_scores(answers)
    assert ((scores >= 0) & (scores <= 100)).all()
    e = sus(answers)
    assert e.low is None or e.low - 1e-9 <= e.value <= e.high + 1e-9


def test_people_with_missing_answers_are_left_out_and_counted() -> None:
    e = sus([[3] * 10, [None, *[3] * 9], [5, 1] * 5])
    assert (e.value, e.n, e.warning) == (75, 2, "1 with missing answers left out")
    assert sus([]).value is None


@pytest.mark.parametrize(("answers", "says"), [([[3] * 9], "ten items"), ([[6] * 10], "whole numbers from 1 to 5"), ([[2.5] * 10], "whole numbers")])
def test_answers_that_are_none_of_the_scale_are_refused(answers: list[list[float]], says: str) -> None:
    with pytest.raises(MeasureError, match=says):
        sus(answers)


@pytest.mark.parametrize(("x", "n", "low", "high"), [(9, 10, 57.4, 100.0), (4, 5, 36.0, 98.0), (7, 10, 39.2, 89.7), (0, 5, 0.0, 48.9)])
def test_task_success_has_the_adjusted_wald_interval(x: int, n: int, low: float, high: float) -> None:
    """7 of 10 is the worked example of Sauro & Lewis, Quantifying the User Experience, chapter 3: 39.2 to 89.7 %."""
    e = task_success(x, n)
    assert (round(e.low, 1), round(e.high, 1)) == (low, high)
    assert e.value == pytest.approx(100 * x / n)


def test_nobody_trying_has_no_rate_and_too_many_successes_are_refused() -> None:
    assert task_success(0, 0).value is None
    with pytest.raises(MeasureError, match="between 0 and"):
        task_success(6, 5)


def test_time_on_task_is_the_geometric_mean() -> None:
    times = [94, 95, 96, 113, 121, 132, 190, 193, 255, 298]
    e = time_on_task(times)
    assert e.value == pytest.approx(np.exp(np.log(times).mean()))
    assert e.low < e.value < e.high
    assert time_on_task([12]).low is None
    assert time_on_task([0, -1, None]).value is None
    assert time_on_task([0, 10, None]).warning.endswith("2 missing or non-positive times left out")
