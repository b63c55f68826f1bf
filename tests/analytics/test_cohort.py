"""Cohorts: worked matrix, marks for periods not over, sums that add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.cohort import cohorts, matrix
from cx.errors import MeasureError

JAN = datetime(2025, 1, 1)
DAY = timedelta(days=1)


def orders(*rows):
    """(customer, day of the year from 0, amount) -> a table."""
    frame = pd.DataFrame([(c, JAN + d * DAY, a, "EUR") for c, d, a in rows], columns=["customer_id", "ordered_at", "amount_minor", "currency"])
    return frame.astype({"ordered_at": "datetime64[us]", "amount_minor": "Int64"})


DATA = orders(("a", 3, 100), ("a", 40, 50), ("a", 70, 60), ("b", 5, 300), ("b", 72, 20), ("c", 35, 500), ("c", 36, 100))


def test_the_matrix_is_the_one_counted_by_hand():
    found = cohorts(DATA, datetime(2025, 4, 1), amount="amount_minor")
    assert matrix(found, "customers").fillna(-1).values.tolist() == [[2, 1, 2], [1, 0, -1]]
    assert matrix(found, "revenue").fillna(-1).values.tolist() == [[400, 50, 80], [600, 0, -1]]
    assert found["revenue_retention"].tolist() == [100.0, 12.5, 20.0, 100.0, 0.0]


def test_a_period_that_is_not_over_is_marked_and_not_drawn():
    found = cohorts(DATA, datetime(2025, 3, 15))
    assert found["complete"].tolist() == [True, True, False, True, False]
    assert matrix(found).shape == (2, 2)
    assert matrix(found, incomplete=True).shape == (2, 3)


@pytest.mark.parametrize(("grain", "cells"), [("day", 70 + 87 + 84), ("week", 40), ("quarter", 2), ("year", 1)])
def test_every_grain_counts_its_own_periods(grain, cells):
    found = cohorts(DATA, datetime(2025, 4, 2), grain)
    assert found.groupby("cohort")["since"].apply(lambda s: s.tolist() == list(range(len(s)))).all()
    assert (found["since"] == 0).sum() >= 1
    if grain in ("quarter", "year"):
        assert len(found) == cells


def test_cohorts_go_over_the_turn_of_the_year():
    found = cohorts(orders(("a", -20, 1), ("a", 20, 1)), datetime(2025, 2, 1))
    assert found[["since", "customers"]].values.tolist() == [[0, 1], [1, 1]]


def test_moments_with_an_offset_belong_to_the_month_they_have_in_utc():
    frame = pl.DataFrame({"customer_id": ["a"], "ordered_at": [datetime(2025, 2, 1, 3, tzinfo=ZoneInfo("Asia/Tokyo"))]})
    assert cohorts(frame, datetime(2025, 2, 1, tzinfo=UTC))["cohort"].tolist() == [pd.Timestamp(JAN)]


def test_nothing_missing_and_unpaid_are_no_trouble():
    assert cohorts(orders(), datetime(2025, 4, 1)).empty
    found = cohorts(pd.concat([orders((None, 3, 5), ("a", 4, None)), DATA.head(0)]), datetime(2025, 2, 1), amount="amount_minor")
    assert found["customers"].tolist() == [1]
    assert found["revenue_retention"].isna().all()


def test_mixed_currencies_and_missing_columns_are_refused():
    with pytest.raises(MeasureError, match="currency"):
        cohorts(DATA.assign(currency=["EUR"] * 6 + ["USD"]), datetime(2025, 4, 1), amount="amount_minor")
    with pytest.raises(MeasureError, match="ordered_at"):
        cohorts({"customer_id": ["a"]}, JAN)
    with pytest.raises(MeasureError, match="grain"):
        cohorts(DATA, JAN, "fortnight")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 150), st.integers(0, 9)), min_size=1, max_size=25))
def test_the_rows_of_the_matrix_add_up_to_customers_and_revenue(rows):
    data = orders(*rows)
    found = cohorts(data, datetime(2025, 7, 1), amount="amount_minor")
    assert found.loc[found["since"] == 0, "customers"].sum() == data["customer_id"].nunique()
    assert found["revenue"].sum() == data["amount_minor"].sum()
    month = found.apply(lambda r: pd.Timestamp(r["cohort"]).to_period("M") + int(r["since"]), axis=1)
    active = data.groupby(data["ordered_at"].dt.to_period("M"))["customer_id"].nunique()
    assert found.groupby(month)["customers"].sum()[active.index].tolist() == active.tolist()
    assert found["retention"].between(0, 100).all()
