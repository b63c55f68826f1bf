"""Logo churn: worked examples, both formulas, and agreement with counting by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.frame import as_table
from cx.analytics.measure import Scope, answer
from cx.analytics.retention import CHURNED_CUSTOMERS, LOGO_CHURN, logo_churn, moments, yearly
from cx.errors import MeasureError

JAN, FEB, MAR, APR = (datetime(2025, month, 1) for month in (1, 2, 3, 4))
DAY = timedelta(days=1)


def customers(*spans, **more):
    """(joined, left) pairs -> a table."""
    frame = pd.DataFrame(spans, columns=["joined_at", "left_at"]).astype("datetime64[us]")
    return frame.assign(customer_id=[f"c{i}" for i in range(len(frame))], **more)


def test_who_joins_in_the_period_is_in_neither_number():
    """550 at the start, 50 of them lost, 30 won and 4 of these lost again: 9.09 %."""
    data = customers(*[(JAN, None)] * 500, *[(JAN, FEB + 9 * DAY)] * 50, *[(FEB + DAY, None)] * 26, *[(FEB + DAY, FEB + 5 * DAY)] * 4)
    e = logo_churn(data, FEB, MAR)
    assert (round(e.value, 2), e.n) == (9.09, 550)
    assert (round(e.low, 2), round(e.high, 2)) == (6.96, 11.79)  # Wilson
    assert "4 joined and left within" in e.warning


def test_the_yearly_churn_follows_from_the_monthly_one():
    """The published example of a monthly 3 %: 30.6 % a year, not 36."""
    assert yearly(3) == pytest.approx(30.616, abs=0.001)
    assert (yearly(0), yearly(100)) == (0, 100)


def test_the_daily_sum_adds_each_days_own_share():
    data = customers(*[(JAN, None)] * 8, (JAN, FEB + 0.5 * DAY), (JAN, FEB + 2.5 * DAY), (FEB + 2.1 * DAY, FEB + 2.2 * DAY))
    e = logo_churn(data, FEB, MAR, formula="daily sum")
    assert e.value == pytest.approx(100 * (1 / 10 + 1 / 9))
    assert e.low < e.value < e.high


def test_each_month_has_its_own_base():
    data = customers((JAN, FEB + DAY), (JAN, MAR + DAY), (JAN, None), (FEB + DAY, MAR + 2 * DAY))
    result = logo_churn(data, FEB, APR, by="month")
    assert result["month"].tolist() == [FEB, MAR]
    assert result["value"].round(2).tolist() == [33.33, 66.67]
    assert result["n"].tolist() == [3, 3]


def test_a_month_in_which_nobody_left_is_there_with_zero():
    result = logo_churn(customers((JAN, None), (JAN, MAR + DAY)), FEB, APR, by="month")
    assert result["value"].tolist() == [0.0, 50.0]


def test_a_month_not_over_is_marked():
    result = logo_churn(customers((JAN, None), (JAN, MAR + DAY)), FEB, APR, by="month", as_of=MAR + 10 * DAY)
    assert ["not over" in text for text in result["warning"]] == [False, True]


def test_segments_are_told_apart():
    result = logo_churn(customers((JAN, FEB + DAY), (JAN, None), (JAN, None), segment=["a", "a", "b"]), FEB, MAR, by=("segment", "month"))
    assert result[["segment", "value"]].values.tolist() == [["a", 50.0], ["b", 0.0]]


def test_leaving_at_the_very_start_of_a_month_is_that_months_loss():
    data = customers((JAN, MAR), (JAN, None))
    assert logo_churn(data, FEB, MAR).value == 0
    assert logo_churn(data, MAR, APR).value == 50


def test_nobody_at_the_start_has_no_churn():
    for data in (customers(), customers((FEB + DAY, None)), customers((None, None)), customers((FEB, JAN))):
        e = logo_churn(data, FEB, MAR)
        assert e.value is None
        assert e.warning
    assert logo_churn(customers(), FEB, MAR, formula="daily sum").value is None


def test_one_customer_has_a_wide_interval():
    e = logo_churn(customers((JAN, FEB + DAY)), FEB, MAR)
    assert e.value == 100
    assert e.low < 25


def test_the_number_of_customers_lost_is_a_count_with_its_own_interval():
    table = as_table(customers(*[(JAN, FEB + DAY)] * 4, (JAN, None)))
    e = answer(CHURNED_CUSTOMERS, {"customers": table}, scope=Scope(FEB, MAR))
    assert (e.value, round(e.low, 2), round(e.high, 2)) == (4, 1.09, 10.24)  # exact Poisson limits of 4


def test_moments_with_an_offset_fall_into_the_month_they_have_in_utc():
    zone = ZoneInfo("Asia/Tokyo")
    frame = pl.DataFrame({"customer_id": ["a", "b"], "joined_at": [datetime(2025, 1, 1, tzinfo=zone)] * 2,
                          "left_at": [datetime(2025, 3, 1, 5, tzinfo=zone), None]})  # fmt: skip
    assert logo_churn(frame, FEB.replace(tzinfo=UTC), MAR.replace(tzinfo=UTC)).value == 50


def test_questions_without_a_period_or_a_column_are_refused():
    with pytest.raises(MeasureError, match="period"):
        answer(LOGO_CHURN, {"customers": as_table(customers((JAN, None)))})
    with pytest.raises(MeasureError, match="left_at"):
        logo_churn({"customer_id": ["a"], "joined_at": [JAN]}, JAN, FEB)
    with pytest.raises(MeasureError, match="formula"):
        logo_churn(customers(), JAN, FEB, formula="guess")
    with pytest.raises(MeasureError, match="break down"):
        logo_churn(customers((JAN, None)), JAN, FEB, by="colour")


SPANS = st.lists(st.tuples(st.integers(0, 120), st.one_of(st.none(), st.integers(0, 120))), min_size=1, max_size=15)


@settings(max_examples=15, deadline=None)
@given(SPANS)
def test_both_formulas_agree_with_counting_by_hand(spans):
    pairs = [(a, None if b is None else a + b) for a, b in spans]
    data = customers(*[(JAN + a * DAY / 2, None if b is None else JAN + b * DAY / 2) for a, b in pairs])
    start, end = 62, 118  # February in half days
    base = [p for p in pairs if p[0] < start and (p[1] is None or p[1] >= start)]
    lost = [p for p in base if p[1] is not None and p[1] < end]
    e = logo_churn(data, FEB, MAR)
    assert e.value == (pytest.approx(100 * len(lost) / len(base)) if base else None)
    total = 0.0
    for day in range(start, end, 2):
        active = [p for p in pairs if p[0] < day and (p[1] is None or p[1] >= day)]
        total += sum(1 for p in active if p[1] is not None and p[1] < day + 2) / len(active) if active else 0
    daily = logo_churn(data, FEB, MAR, formula="daily sum")
    assert (daily.value or 0) == pytest.approx(100 * total)


def test_nothing_but_missing_dates_of_leaving_is_no_churn():
    assert logo_churn(moments(as_table({"customer_id": ["a"], "joined_at": [JAN], "left_at": [None]}), "left_at"), FEB, MAR).value == 0
