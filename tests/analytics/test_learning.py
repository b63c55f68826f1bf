"""What training changed."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cx.analytics.learning import (
    difference_in_differences,
    kirkpatrick,
    learning_gain,
    paired_gain,
    training_behaviour,
    training_completion,
    training_reaction,
)
from cx.analytics.measure import Scope
from cx.errors import MeasureError

SLEEP_A = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_B = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_students_sleep_data_gives_the_published_paired_t() -> None:
    """R's `sleep` (Student 1908): mean difference 1.58, t = 4.0621, df = 9, p = 0.002833, interval 0.70 to 2.46."""
    g = paired_gain(SLEEP_A, SLEEP_B)
    assert g.change.value == pytest.approx(1.58)
    assert (round(g.change.low, 4), round(g.change.high, 4)) == (0.7001, 2.4599)
    assert stats.ttest_rel(SLEEP_B, SLEEP_A).pvalue == pytest.approx(0.002833, abs=1e-6)
    assert g.test == "Wilcoxon signed-rank"  # one large difference: Shapiro-Wilk p = 0.02
    assert g.p == pytest.approx(0.00909, abs=2e-4)


def test_differences_that_look_normal_get_the_paired_t() -> None:
    rng = np.random.default_rng(2)
    pre = rng.normal(50, 10, 20)
    g = paired_gain(pre, pre + rng.normal(5, 4, 20))
    assert g.test == "paired t"
    assert g.p is not None
    assert g.p < 0.01
    assert g.effect is not None
    assert g.effect > 0.8


def test_many_pairs_get_the_paired_t_whatever_their_shape() -> None:
    rng = np.random.default_rng(2)
    g = paired_gain(np.zeros(200), rng.exponential(1, 200))
    assert (g.test, g.reason) == ("paired t", "200 pairs, enough for the mean to be normal")


def test_normalised_gain_is_undefined_at_the_top_and_says_for_how_many() -> None:
    g = paired_gain([50, 80, 100], [75, 90, 100], 100)
    assert (g.normalised.value, g.normalised.n, g.normalised.warning) == (50, 2, "1 already at the highest score before")
    assert paired_gain([10, 10], [10, 9], 10).normalised.value is None
    assert paired_gain([1], [2]).normalised.warning == "the highest score is not known"


def test_people_with_one_score_are_dropped_and_counted() -> None:
    g = paired_gain([1, None, 3, 4], [2, 3, None, 6])
    assert (g.change.n, g.unpaired) == (2, 2)
    assert (g.test, g.reason) == ("none", "2 pairs are too few to test")


def test_nobody_one_person_and_equal_changes_give_no_test() -> None:
    assert paired_gain([], []).change.value is None
    assert paired_gain([1], [2]).change.low is None
    g = paired_gain([1, 2, 3], [2, 3, 4])
    assert (g.p, g.effect, g.reason) == (None, None, "everyone changed by the same amount")


def test_scores_that_cannot_be_are_refused() -> None:
    with pytest.raises(MeasureError, match="exceed the highest, 10"):
        paired_gain([1], [11], 10)
    with pytest.raises(MeasureError, match="found 1 and 2"):
        paired_gain([1], [1, 2])


def test_difference_in_differences_reproduces_card_and_krueger() -> None:
    """Card & Krueger, American Economic Review 84 (1994), table 3: 20.44, 21.03 in New Jersey, 23.33, 21.17 in Pennsylvania: 2.76 (se 1.36)."""

    def sample(centre: float, se: float, n: int) -> np.ndarray:
        z = np.random.default_rng(n).normal(size=n)
        return centre + (z - z.mean()) / z.std(ddof=1) * se * n**0.5

    e, p = difference_in_differences(sample(20.44, 0.51, 321), sample(21.03, 0.52, 319), sample(23.33, 1.35, 77), sample(21.17, 0.94, 77))
    assert e.value == pytest.approx(2.75, abs=0.011)
    assert e.se == pytest.approx(1.80, abs=0.01)  # four separate samples; the paper's 1.36 pairs the restaurants
    assert p is not None
    assert p > 0.05


def test_paired_people_make_it_welchs_test_of_their_changes() -> None:
    rng = np.random.default_rng(4)
    a, c = rng.normal(0, 5, 30), rng.normal(0, 5, 40)
    a2, c2 = a + rng.normal(1, 1, 30), c + rng.normal(0, 1, 40)
    e, p = difference_in_differences(a, a2, c, c2, paired=True)
    assert p == pytest.approx(stats.ttest_ind(a2 - a, c2 - c, equal_var=False).pvalue)
    assert e.low < e.value < e.high


def test_groups_without_values_or_spread_say_so() -> None:
    assert difference_in_differences([], [1], [1], [1])[0].value is None
    assert difference_in_differences([1], [3], [1], [2])[0].warning.startswith("a group has one value")
    e, p = difference_in_differences([1, 1], [3, 3], [1, 1], [2, 2])
    assert (e.value, e.low, p) == (1, 1, None)
    with pytest.raises(MeasureError, match="same people"):
        difference_in_differences([1], [1, 2], [1], [1], paired=True)


TRAININGS = pd.DataFrame(
    {
        "course": ["a", "a", "b", "b"],
        "status": ["completed", "Completed", "missed", "cancelled"],
        "enrolled_at": pd.to_datetime(["2026-01-05"] * 4),
        "completed_at": pd.to_datetime(["2026-02-05", "2026-02-06", None, None]),
        "pre_score": [4.0, 5.0, 3.0, None],
        "post_score": [8.0, 7.0, None, None],
        "max_score": [10.0, 10.0, 10.0, None],
        "reaction": [5.0, 4.0, 9.0, None],
        "behaviour": [4.0, None, None, None],
    }
)


def test_the_levels_of_a_training() -> None:
    levels = kirkpatrick(TRAININGS)
    assert levels["learning"].value == 30
    assert levels["reaction"].value == 4.5
    assert levels["behaviour"].value == 4
    assert levels["results"].value is None


def test_completion_leaves_cancelled_enrolments_out() -> None:
    e = training_completion(TRAININGS)
    assert (round(e.value, 2), e.n) == (66.67, 3)
    assert training_completion(TRAININGS, "course")["value"].tolist() == [100, 0]


def test_no_training_has_no_numbers() -> None:
    for measure in (training_completion, learning_gain, training_reaction, training_behaviour):
        assert measure(TRAININGS.head(0)).value is None
    assert learning_gain(TRAININGS, scope=Scope(datetime(2027, 1, 1), datetime(2027, 2, 1))).value is None
