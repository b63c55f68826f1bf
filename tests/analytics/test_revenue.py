"""Recurring revenue: the textbook example, reconciliation, currencies, boundaries."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.frame import as_table
from cx.analytics.measure import Scope, answer
from cx.analytics.revenue import ARPA, GROSS_MRR_CHURN, GRR, MOVEMENTS, MRR, NET_MRR_CHURN, NRR, REACTIVATED, mrr_movements
from cx.errors import MeasureError

JAN, FEB, MAR, APR = (datetime(2025, month, 1) for month in (1, 2, 3, 4))
DAY = timedelta(days=1)
COLUMNS = ["customer_id", "mrr_minor", "currency", "started_at", "ended_at"]


def stretches(*rows, **more):
    """(customer, MRR, start, end[, currency]) -> a table."""
    frame = pd.DataFrame([(c, m, (*rest, "USD")[0], s, e) for c, m, s, e, *rest in rows], columns=COLUMNS)
    return frame.astype({"started_at": "datetime64[us]", "ended_at": "datetime64[us]", "mrr_minor": "Int64"}).assign(**more)


MID = FEB + 9 * DAY
HUNDRED = stretches(  # $100 at the start: 10 leave, 10 are given up, 10 are added
    ("leaves", 1000, JAN, MID), ("shrinks", 3000, JAN, MID), ("shrinks", 2000, MID, None), ("grows", 2000, JAN, MID),
    ("grows", 3000, MID, None), ("stays", 4000, JAN, None),
)  # fmt: skip


def ask(measure, data, by=(), start=FEB, end=MAR, as_of=None):
    return answer(measure, {"subscriptions": as_table(data)}, by, Scope(start, end, as_of))


def test_a_hundred_dollars_move_as_the_textbook_says():
    found = [ask(m, HUNDRED).value for m in (GROSS_MRR_CHURN, NET_MRR_CHURN, GRR, NRR)]
    assert found == pytest.approx([20, 10, 80, 90])
    row = mrr_movements(HUNDRED, FEB, MAR).iloc[0]
    assert row[["start", "new", "expansion", "contraction", "churn", "reactivation", "end"]].tolist() == [10000, 0, 1000, 1000, 1000, 0, 9000]


def test_the_interval_is_that_of_a_ratio_of_sums():
    """Lost (1000, 1000, 0, 0) of (1000, 3000, 2000, 4000), by hand: se^2 = 4/3 * sum (lost - 0.2 start)^2 / 10000^2."""
    e = ask(GROSS_MRR_CHURN, HUNDRED)
    se = 100 * (4 / 3 * (800**2 + 400**2 + 400**2 + 800**2)) ** 0.5 / 10000
    assert (e.se, e.n) == (pytest.approx(se), 4)
    assert ask(GRR, HUNDRED).se == pytest.approx(se)


def test_who_comes_back_is_reactivated_and_not_new():
    data = stretches(("back", 500, JAN, JAN + 5 * DAY), ("back", 700, MID, None), ("new", 300, MID, None), ("stays", 1000, JAN, None))
    row = mrr_movements(data, FEB, MAR).iloc[0]
    assert (row["new"], row["reactivation"], row["joined"], row["returned"]) == (300, 700, 1, 1)
    assert ask(NRR, data).value == 170
    assert ask(GRR, data).value == 100
    assert ask(REACTIVATED, data).value == 1


def test_who_joins_and_leaves_within_the_period_moves_nothing():
    row = mrr_movements(stretches(("flash", 500, MID, MID + DAY), ("stays", 1000, JAN, None)), FEB, MAR).iloc[0]
    assert row[list(MOVEMENTS)].sum() == 0


def test_a_change_at_the_first_instant_belongs_to_the_period_it_opens():
    data = stretches(("a", 1000, JAN, FEB), ("a", 2000, FEB, None))
    result = mrr_movements(data, JAN + DAY, MAR, by="month")
    assert result["expansion"].tolist() == [0, 1000]
    assert result["complete"].tolist() == [False, True]


def test_two_subscriptions_of_one_customer_are_one_balance():
    data = stretches(("a", 1000, JAN, MID), ("a", 1000, JAN, None), ("a", 1500, MID, None))
    row = mrr_movements(data, FEB, MAR).iloc[0]
    assert (row["expansion"], row["contraction"], row["churn"], row["base"]) == (500, 0, 0, 1)


def test_different_currencies_are_never_added_up():
    data = stretches(("a", 1000, JAN, None, "USD"), ("b", 1000, JAN, MID, "EUR"))
    for measure in (GROSS_MRR_CHURN, NET_MRR_CHURN, GRR, NRR, MRR, ARPA):
        e = ask(measure, data)
        assert e.value is None
        assert "currencies" in e.warning
    assert ask(GRR, data, "currency").set_index("currency")["value"].to_dict() == {"EUR": 0.0, "USD": 100.0}
    assert mrr_movements(data, FEB, MAR)["currency"].tolist() == ["EUR", "USD"]


def test_revenue_is_told_in_whole_units_of_its_currency():
    e = ask(MRR, stretches(("a", 1050, JAN, None), ("b", 950, JAN, None)))
    assert (e.value, e.unit) == (20.0, "USD")
    assert ask(MRR, stretches(("a", 1050, JAN, None, "JPY"))).value == 1050
    arpa = ask(ARPA, stretches(("a", 1000, JAN, None), ("b", 3000, JAN, None)))
    assert (arpa.value, arpa.n) == (20.0, 2)
    assert ask(ARPA, stretches(("a", 1000, JAN, None))).low is None


def test_trials_and_stretches_without_a_price_carry_no_revenue():
    data = stretches(("a", 1000, JAN, None), ("b", 500, JAN, None), ("c", None, JAN, None), status=["active", "Trial", "active"])
    assert ask(MRR, data).value == 10


def test_nothing_at_the_start_leaves_no_ratio():
    for data in (stretches(), stretches(("a", 1000, MID, None)), stretches(("a", None, JAN, None))):
        for measure in (GROSS_MRR_CHURN, NET_MRR_CHURN, GRR, NRR):
            e = ask(measure, data)
            assert e.value is None
            assert e.warning
    assert ask(ARPA, stretches()).value is None


def test_huge_sums_stay_finite():
    e = ask(NRR, stretches(*[(f"c{i}", 10**13, JAN, None if i else MID) for i in range(50)]))
    assert e.value == pytest.approx(98)


def test_a_segment_and_a_month_stand_side_by_side():
    data = HUNDRED.assign(segment=["x", "x", "x", "y", "y", "y"])
    result = ask(GROSS_MRR_CHURN, data, ("segment", "month"), FEB, APR)
    assert len(result) == 4
    assert result["value"].round(1).tolist() == [50.0, 0.0, 0.0, 0.0]


def test_missing_columns_are_named():
    with pytest.raises(MeasureError, match="mrr_minor"):
        mrr_movements({"customer_id": ["a"]}, FEB, MAR)


STRETCH = st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.integers(0, 100), st.one_of(st.none(), st.integers(1, 60)))


@settings(max_examples=15, deadline=None)
@given(st.lists(STRETCH, min_size=1, max_size=10))
def test_start_and_movements_make_the_end_and_months_join_up(rows):
    data = stretches(*[(c, m, JAN + s * DAY, None if n is None else JAN + (s + n) * DAY) for c, m, s, n in rows])
    result = mrr_movements(data, JAN, datetime(2025, 7, 1), by="month")
    moved = result["start"] + result["new"] + result["reactivation"] + result["expansion"] - result["contraction"] - result["churn"]
    assert moved.tolist() == pytest.approx(result["end"].tolist())
    pairs = result[["month", "start", "end"]].values.tolist()
    for (_, _, end), (_, start, _) in pairwise(pairs):
        assert end == start
