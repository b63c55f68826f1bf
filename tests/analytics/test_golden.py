"""NPS, effort, satisfaction and response rate against published or hand-computed figures."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cx.analytics.effort import ces, ces_agree, ease
from cx.analytics.estimate import difference
from cx.analytics.interval import mean, proportion, rate
from cx.analytics.measure import Scope, answer
from cx.analytics.nps import NPS, nps, nps_of_counts, standard_error
from cx.analytics.response_rate import response_rate
from cx.analytics.satisfaction import csat
from cx.errors import MeasureError

# Counts with the score, its plain standard error and its adjusted Wald interval (Rocks 2016, recomputed by hand).
PUBLISHED = [
    ((162, 108, 54), 33.33, 4.141, 24.9, 41.1),
    ((60, 25, 15), 45.00, 7.399, 29.3, 58.0),
    ((19, 12, 5), 38.89, 11.966, 13.2, 58.6),
    ((3, 1, 1), 40.00, 35.78, -29.8, 79.8),
    ((10, 0, 0), 100, 0, 47.5, 100),
    ((0, 5, 0), 0, 0, -30, 30),
]


@pytest.mark.parametrize(("counts", "score", "se", "low", "high"), PUBLISHED)
def test_nps_and_its_interval_equal_the_published_figures(counts, score, se, low, high):
    found = nps_of_counts(*counts)
    assert found.value == pytest.approx(score, abs=0.005)
    assert standard_error(*counts) == pytest.approx(se, abs=0.005)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.051), pytest.approx(high, abs=0.051))
    scores = [9] * counts[0] + [7] * counts[1] + [0] * counts[2]
    assert nps(scores) == found


@pytest.mark.parametrize(("before", "after", "z", "p"), [((60, 25, 15), (70, 20, 10), 1.475, 0.140), ((120, 50, 30), (140, 40, 20), 2.110, 0.035)])
def test_the_change_of_nps_between_two_periods_is_tested_on_the_adjusted_scores(before, after, z, p):
    change = difference(nps_of_counts(*before), nps_of_counts(*after))
    assert change.value == pytest.approx(15.0)
    assert (change.z, change.p) == (pytest.approx(z, abs=0.0006), pytest.approx(p, abs=0.0006))
    assert change.significant is (p < 0.05)


def test_zero_is_a_detractor_and_what_is_off_the_scale_is_left_out_and_said():
    found = nps([0, 10, 11, -1, 7.5, None, float("nan")])
    assert (found.value, found.n) == (0, 2)
    assert found.warning.startswith("3 answers")


def test_nobody_answering_has_no_score_and_no_crash():
    for data in ([], [None], pd.Series([], dtype=float), pd.DataFrame({"score": pd.Series([None], dtype=float)})):
        found = nps(data)
        assert found.value is None
        assert "nobody answered" in found.warning


@pytest.mark.parametrize("wrap", [list, np.array, pd.Series, pl.Series, pa.array, lambda v: pd.DataFrame({"score": v}), lambda v: pl.DataFrame({"score": v}),
                                  lambda v: pl.DataFrame({"score": v}).lazy(), lambda v: pa.table({"score": v}), lambda v: ibis.memtable({"score": v})])  # fmt: skip
def test_any_frame_a_notebook_holds_is_accepted(wrap):
    assert nps(wrap([10, 9, 8, 3])).value == 25.0


def test_the_mean_of_monthly_scores_is_not_the_score_of_the_pool():
    frame = pd.DataFrame({"score": [10] * 9 + [0], "answered_at": pd.to_datetime(["2026-01-05"] * 9 + ["2026-02-05"])})
    assert nps(frame, "month")["value"].tolist() == [100.0, -100.0]
    assert nps(frame).value == 80.0


def test_one_answer_per_respondent_and_period_counts_the_latest():
    frame = pd.DataFrame({"score": [0, 10, 10, 5, 5], "customer_id": ["a", "a", "b", None, None],
                          "answered_at": pd.to_datetime(["2026-01-05", "2026-01-20", "2026-01-06", "2026-01-06", "2026-01-06"])})  # fmt: skip
    assert nps(frame).n == 4
    assert nps(frame, once=False).n == 5
    two_months = frame.assign(answered_at=pd.to_datetime(["2026-01-05", "2026-02-20", "2026-01-06", "2026-01-06", "2026-01-06"]))
    assert nps(two_months, "month")["n"].tolist() == [4, 1]


def test_two_surveys_stay_two_series_of_the_same_respondent():
    frame = pd.DataFrame({"score": [0, 10], "customer_id": ["a", "a"], "survey": ["relationship", "after delivery"],
                          "answered_at": pd.to_datetime(["2026-01-05", "2026-01-06"])})  # fmt: skip
    assert nps(frame).n == 2


def test_the_scope_includes_its_start_and_excludes_its_end():
    frame = pd.DataFrame({"score": [10, 10, 0], "answered_at": pd.to_datetime(["2026-01-01 00:00", "2026-01-31 23:59", "2026-02-01 00:00"])})
    scope = Scope(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    assert answer(NPS, {"responses": ibis.memtable(frame)}, (), scope).n == 2


def test_a_wrong_table_is_told_which_column_is_missing():
    with pytest.raises(MeasureError, match=r"needs the column score; the table has points; rename"):
        answer(NPS, {"responses": ibis.memtable({"points": [1]})})
    with pytest.raises(MeasureError, match="score must hold numbers"):
        nps(pd.DataFrame({"score": ["nine"]}))
    with pytest.raises(MeasureError, match="cannot break down by 'colour'"):
        nps([1, 2], "colour")


def test_csat_is_the_top_two_boxes_with_wilsons_interval():
    found = csat([5] * 50 + [4] * 34 + [3] * 16)
    assert (found.value, found.low, found.high) == (84, pytest.approx(75.6, abs=0.05), pytest.approx(89.9, abs=0.05))
    few = csat([5, 5, 4])
    assert (few.value, few.low, few.high) == (100, pytest.approx(43.8, abs=0.06), pytest.approx(100))


def test_csat_on_short_scales_counts_only_the_top_box():
    assert csat([1, 1, 0, 0], scale=(0, 1)).value == 50
    assert csat([2, 1, 0, 0], scale=(0, 2)).value == 25
    assert csat([7, 6, 5, 4], scale=(1, 7)).value == 50


def test_effort_polarity_turns_the_ease_index_and_is_never_guessed():
    assert ease([1, 1, 5], scale=(1, 5), higher_is_better=False).value == pytest.approx(200 / 3)
    assert ease([7, 4], higher_is_better=True).value == 75
    assert ces([2, 4], scale=(1, 5), higher_is_better=False).unit == "on 1-5, lower is better"
    with pytest.raises(TypeError, match="never guessed"):
        ces([1, 2])


def test_effort_of_mixed_scales_is_not_averaged_but_has_an_ease_index():
    frame = {"score": [1.0, 7.0], "scale_min": [1.0, 1.0], "scale_max": [5.0, 7.0], "higher_is_better": [False, True]}
    assert ces(frame).value is None
    assert "cannot be averaged" in ces(frame).warning
    assert ease(frame).value == 100
    assert ces_agree(frame).value == 100


def test_a_mean_has_the_textbook_t_interval_and_one_observation_has_none():
    values = np.array([4.0, 5, 6, 7, 7])
    found = mean(values.sum(), (values**2).sum(), 5)
    half = 2.776445 * values.std(ddof=1) / 5**0.5
    assert (found.value, found.low, found.high) == (5.8, pytest.approx(5.8 - half, abs=1e-5), pytest.approx(5.8 + half, abs=1e-5))
    assert mean(5, 25, 1).low is None
    assert mean(0, 0, 0).value is None
    same = mean(30, 300, 3)
    assert (same.low, same.high, same.se) == (10, 10, 0)


def test_a_rate_has_the_exact_poisson_interval():
    found = rate(10, 1)
    assert (found.low, found.high) == (pytest.approx(4.795, abs=0.001), pytest.approx(18.390, abs=0.001))
    assert rate(0, 2).low == 0


def test_a_proportion_equals_statsmodels_wilson_and_refuses_the_impossible():
    low, high = proportion_confint(7, 20, method="wilson")
    assert (proportion(7, 20).low, proportion(7, 20).high) == (pytest.approx(100 * low), pytest.approx(100 * high))
    with pytest.raises(ValueError, match="between 0 and n"):
        proportion(5, 4)


def test_response_rate_counts_responses_not_questions_and_is_undefined_without_invitations():
    frame = pd.DataFrame({"survey": "s", "response_id": ["1", "1", "2", "3", "4"], "delivered": [True, True, True, False, None],
                          "invited_at": pd.to_datetime(["2026-01-01"] * 5), "answered_at": pd.to_datetime(["2026-01-02", "2026-01-02", None, None, "2026-01-02"])})  # fmt: skip
    assert (response_rate(frame).value, response_rate(frame).n) == (50, 2)
    unknown = response_rate(frame.assign(delivered=pd.Series([None] * 5, dtype="boolean")))
    assert unknown.value is None
    assert "not known" in unknown.warning


@settings(max_examples=200, deadline=None)
@given(st.tuples(*[st.integers(0, 10_000)] * 3))
def test_nps_stays_within_its_scale_and_its_interval(counts):
    found = nps_of_counts(*counts)
    if sum(counts) == 0:
        assert found.value is None
    else:
        assert -100 <= found.low <= found.high <= 100
        assert -100 <= found.value <= 100
        mirror = nps_of_counts(counts[2], counts[1], counts[0])
        assert mirror.value == pytest.approx(-found.value)
        assert mirror.low == pytest.approx(-found.high)
