"""RFM: quintiles by rank, ties together, one currency at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.rfm import rfm
from cx.errors import MeasureError

JAN = datetime(2025, 1, 1)
LATER = datetime(2025, 12, 1)


def orders(*rows):
    frame = pd.DataFrame([(c, f"o{i}", JAN + timedelta(days=d), a, "EUR") for i, (c, d, a) in enumerate(rows)],
                         columns=["customer_id", "order_id", "ordered_at", "amount_minor", "currency"])  # fmt: skip
    return frame.astype({"ordered_at": "datetime64[us]", "amount_minor": "Int64"})


def test_ten_different_customers_fill_five_bins_of_two():
    found = rfm(orders(*[(f"c{i}", i, 100 * i) for i in range(10)]), LATER)
    assert found["r"].tolist() == found["m"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert set(found["f"]) == {3}


def test_ties_share_a_bin():
    found = rfm(orders(*[(c, 1, a) for c, a in zip("abcdef", (1, 5, 5, 5, 5, 9), strict=True)]), LATER)
    assert found["m"].tolist() == [1, 3, 3, 3, 3, 5]


def test_the_best_are_champions_and_the_lost_are_asleep():
    rows = [(f"c{i}", 10 * i, 100) for i in range(10) for _ in range(i + 1)]
    found = rfm(orders(*rows), LATER).set_index("customer_id")
    assert found.loc["c9", ["r", "f", "m", "group"]].tolist() == [5, 5, 5, "champions"]
    assert found.loc["c0", "group"] == "asleep"
    assert found.loc["c9", "frequency"] == 10


def test_one_customer_stands_in_the_middle():
    assert rfm(orders(("a", 1, 100)), LATER)[["r", "f", "m"]].values.tolist() == [[3, 3, 3]]


def test_currencies_are_ranked_apart():
    data = orders(("a", 1, 10), ("b", 2, 20), ("c", 3, 1_000_000)).assign(currency=["EUR", "EUR", "JPY"])
    assert rfm(data, LATER)["m"].tolist() == [2, 4, 3]


def test_nobody_and_unknown_buyers_give_no_rows():
    assert rfm(orders(), LATER).empty
    assert rfm(orders((None, 1, 1)), LATER).empty
    assert rfm(orders(("a", 1, 1)), JAN).empty


def test_a_missing_column_is_named():
    with pytest.raises(MeasureError, match="currency"):
        rfm({"customer_id": ["a"], "order_id": ["1"], "ordered_at": [JAN], "amount_minor": [1]}, LATER)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 100), st.integers(0, 50)), min_size=1, max_size=30))
def test_more_money_never_means_a_lower_bin(rows):
    found = rfm(orders(*rows), LATER)
    for value, bin_, rising in (("monetary_minor", "m", True), ("frequency", "f", True), ("recency_days", "r", False)):
        assert found[bin_].between(1, 5).all()
        order = found.sort_values(value, ascending=rising)
        assert order[bin_].is_monotonic_increasing
        assert (found.groupby(value)[bin_].nunique() == 1).all()
