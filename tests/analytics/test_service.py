"""Waiting times and their intervals."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.business_hours import business_hours
from cx.analytics.estimate import difference
from cx.analytics.frame import as_table
from cx.analytics.measure import Scope, answer
from cx.analytics.quantile import quantile, quantile_estimate, quantile_table, ranks
from cx.analytics.service import FIRST_RESPONSE_P90, first_response, resolution
from cx.errors import MeasureError

MONDAY = datetime(2026, 3, 2, 16)
OFFICE = business_hours("mon-fri 09:00-17:00")


def tickets(*hours: float | None) -> pd.DataFrame:
    ends = pd.to_datetime(pd.Series([None if h is None else MONDAY + timedelta(hours=h) for h in hours]))
    return pd.DataFrame({"created_at": pd.to_datetime([MONDAY] * len(hours)), "first_response_at": ends, "resolved_at": ends})


@pytest.mark.parametrize(("n", "q", "expected"), [(6, 0.5, (1, 6)), (10, 0.5, (2, 9)), (20, 0.5, (6, 15)), (25, 0.5, (8, 18)), (5, 0.5, (0, 6)), (1, 0.5, (0, 2))])
def test_ranks_are_those_of_the_sign_test_tables(n: int, q: float, expected: tuple[int, int]) -> None:
    """Conover, Practical Nonparametric Statistics, table of confidence intervals for the median."""
    assert ranks(n, q) == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), max_size=200), st.sampled_from([0.1, 0.5, 0.9]))
def test_the_engine_finds_the_same_quantile_and_interval_as_sorting_does(values: list[float], q: float) -> None:
    table = as_table(pd.DataFrame({"v": pd.Series(values, dtype=float)}))
    row = quantile_table(table, table["v"], (), None, q).to_pyarrow().to_pylist()[0]
    found, sorted_ = quantile_estimate(row, q), quantile(values, q)
    assert (found.low, found.high, found.n, found.warning) == (sorted_.low, sorted_.high, sorted_.n, sorted_.warning)
    assert found.value == pytest.approx(sorted_.value)


def test_median_and_p90_come_with_an_interval_free_of_distribution() -> None:
    frame = tickets(*range(1, 101))
    e = first_response(frame)
    assert (e.value, e.low, e.high, e.n, e.unit) == (50.5, 40, 61, 100, "h")
    p90 = answer(FIRST_RESPONSE_P90, {"tickets": as_table(frame)})
    assert (round(p90.value, 6), p90.low, p90.high) == (90.1, 84, 96)


def test_business_time_counts_open_hours_only() -> None:
    assert first_response(tickets(18), hours=OFFICE).value == 2
    assert first_response(tickets(18)).value == 18


def test_pauses_come_off_the_resolution_and_in_business_time_by_the_open_share() -> None:
    frame = tickets(24).assign(paused_minutes=720.0)
    assert resolution(frame).value == 12
    assert resolution(frame, hours=OFFICE).value == 4
    assert resolution(frame, hours=OFFICE, scope=Scope(options={"pauses": None})).value == 8
    assert resolution(frame, hours=OFFICE, scope=Scope(options={"pauses": "business"})).value == 0


def test_tickets_without_a_reply_are_counted_not_guessed() -> None:
    e = first_response(tickets(1, None, -2))
    assert (e.value, e.n) == (1, 1)
    assert "2 tickets without a first response are not in it" in e.warning


def test_one_ticket_has_a_median_and_no_interval() -> None:
    e = first_response(tickets(3))
    assert (e.value, e.low, e.high, e.warning) == (3, None, None, "1 tickets are too few for an interval")


def test_no_ticket_has_no_median() -> None:
    assert first_response(tickets().head(0)).value is None
    assert first_response(tickets(None)).value is None
    assert first_response(tickets(None), "month")["value"].isna().all()


def test_equal_waits_have_an_interval_of_no_width() -> None:
    e = first_response(tickets(*[2] * 30))
    assert (e.value, e.low, e.high) == (2, 2, 2)


def test_a_change_of_medians_is_tested() -> None:
    rng = np.random.default_rng(1)
    change = difference(quantile(rng.exponential(4, 400)), quantile(rng.exponential(2, 400)))
    assert change.significant
    assert change.value < 0


def test_resolution_is_dated_by_its_end_and_response_by_its_start() -> None:
    frame = tickets(24 * 40)
    scope = Scope(datetime(2026, 4, 1), datetime(2026, 5, 1))
    assert resolution(frame, scope=scope).n == 1
    assert first_response(frame, scope=scope).n == 0


def test_aware_moments_polars_and_arrow_give_the_same_answer() -> None:
    frame = tickets(1, 2, 3)
    aware = frame.apply(lambda c: c.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"))
    for data in (aware, pl.from_pandas(frame), pl.from_pandas(aware), pl.from_pandas(aware).to_arrow(), pl.from_pandas(frame).lazy()):
        assert first_response(data, hours=OFFICE, scope=Scope(start=datetime(2026, 3, 2))).value == first_response(frame, hours=OFFICE).value


def test_a_column_that_holds_no_moments_is_named() -> None:
    with pytest.raises(MeasureError, match="created_at must hold moments"):
        first_response(tickets(1).assign(created_at="yesterday"))
    with pytest.raises(MeasureError, match="first_response_at"):
        first_response(tickets(1)[["created_at"]])
