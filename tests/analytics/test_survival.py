"""Survival: published remission times, boundaries, invariants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.survival import survival, survival_of_times
from cx.errors import MeasureError

START = datetime(2024, 1, 1)
DAY = timedelta(days=1)
# Remission in weeks of acute leukaemia under 6-MP and placebo; + is censored.
# Freireich et al., Blood 21 (1963); printed in Cox & Oakes 1984, table 1.1, and Kleinbaum & Klein, Survival Analysis.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
# Maintenance chemotherapy in acute myelogenous leukaemia: R's survival::aml; Miller, Survival Analysis (1997), p. 49.
MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NOT_MAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"


def times(**arms):
    rows = [(float(t.rstrip("+")), 0 if t.endswith("+") else 1, arm) for arm, text in arms.items() for t in text.split()]
    return pd.DataFrame(rows, columns=["time", "event", "arm"])


def test_the_remission_curve_is_the_published_one():
    """Kleinbaum & Klein, table 2.1: 0.857 at 6 weeks ... 0.448 at 23; standard error at 10 weeks 0.096."""
    result = survival_of_times(times(mp=SIX_MP), unit="weeks")
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {t: round(result.at(t).value / 100, 3) for t in published} == published
    assert (result.medians["all"].value, result.medians["all"].n) == (23.0, 21)
    row = result.curve.set_index("time").loc[10.0]
    assert (row["at_risk"], row["events"], row["censored"]) == (15, 1, 1)


def test_the_log_rank_test_of_the_two_arms_is_the_published_one():
    """Chi-square 16.79 on one degree of freedom; medians 23 and 8 weeks."""
    result = survival_of_times(times(mp=SIX_MP, placebo=PLACEBO), by="arm", unit="weeks")
    assert round(result.statistic, 2) == 16.79
    assert (result.df, result.p < 0.0001) == (1, True)
    assert {arm: e.value for arm, e in result.medians.items()} == {"mp": 23.0, "placebo": 8.0}


def test_the_aml_example_of_r_is_met():
    """survdiff(Surv(time, status) ~ x, aml): chisq 3.4, p 0.0653; survfit: medians 31 and 23, log-log bands."""
    result = survival_of_times(times(maintained=MAINTAINED, none=NOT_MAINTAINED), by="arm")
    assert (round(result.statistic, 1), round(result.p, 4)) == (3.4, 0.0653)
    assert {arm: e.value for arm, e in result.medians.items()} == {"maintained": 31.0, "none": 23.0}
    assert result.at(18, "maintained").value == pytest.approx(71.6, abs=0.05)


def test_active_customers_are_censored_at_the_data_date():
    data = {"joined_at": [START] * 4, "left_at": [START + 10 * DAY, START + 50 * DAY, None, None], "segment": ["a"] * 4}
    result = survival(data, START + 40 * DAY)
    assert result.at(40).value == pytest.approx(75)
    assert result.medians["all"].value is None
    assert "1 left" in result.medians["all"].warning
    assert result.at(41).value is None


def test_the_chance_to_leave_soon_depends_on_how_long_one_stayed():
    result = survival_of_times({"time": [1, 2, 3, 4], "event": [1, 1, 1, 1]})
    assert result.leaving(1, 1) == pytest.approx(100 / 3)
    assert result.leaving(4, 1) is None


def test_nobody_one_customer_and_all_alike_are_no_trouble():
    none = pd.DataFrame({"joined_at": pd.Series(dtype="datetime64[us]"), "left_at": pd.Series(dtype="datetime64[us]")})
    assert survival(none, START).curve.empty
    one = survival({"joined_at": [START], "left_at": [START + 5 * DAY]}, START + 9 * DAY)
    assert (one.medians["all"].value, one.medians["all"].n) == (5.0, 1)
    alike = survival_of_times({"time": [3] * 5, "event": [1] * 5, "g": ["a", "a", "b", "b", "b"]}, by="g")
    assert {e.value for e in alike.medians.values()} == {3.0}
    unseen = survival({"joined_at": [START], "left_at": [None]}, START + DAY)
    assert unseen.medians["all"].value is None


def test_missing_and_impossible_dates_are_left_out():
    data = pd.DataFrame({"joined_at": [START, None, START, START + 99 * DAY], "left_at": [None, START, START - DAY, None]}).astype("datetime64[us]")
    assert survival(data, START + 9 * DAY).medians["all"].n == 1


def test_a_segment_nobody_named_is_called_unknown():
    data = {"joined_at": [START] * 2, "left_at": [START + DAY] * 2, "segment": ["a", None]}
    result = survival(data, (START + 9 * DAY).replace(tzinfo=UTC), by="segment")
    assert sorted(result.medians) == ["a", "unknown"]


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(MeasureError, match="left_at"):
        survival({"joined_at": [START]}, START)
    with pytest.raises(MeasureError, match="negative"):
        survival_of_times({"time": [-1], "event": [1]})


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=30))
def test_survival_never_rises_and_stays_within_its_band(rows):
    curve = survival_of_times({"time": [t for t, _ in rows], "event": [int(e) for _, e in rows]}).curve
    s = curve["survival"]
    assert s.between(0, 1).all()
    assert s.is_monotonic_decreasing
    known = curve.dropna()
    assert (known["low"] <= known["survival"] + 1e-9).all()
    assert (known["high"] >= known["survival"] - 1e-9).all()
    assert curve["events"].sum() + curve["censored"].sum() == len(rows)
