"""Customers without a contract: lifecycle, inactivity, repeat purchases, baskets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.frame import as_table
from cx.analytics.lifecycle import ACTIVE_CUSTOMERS, AVERAGE_ORDER_VALUE, REPEAT_PURCHASE_RATE, inactivity_churn, lifecycle
from cx.analytics.measure import Scope, answer
from cx.errors import MeasureError

JAN, FEB, MAR, APR = (datetime(2025, month, 1) for month in (1, 2, 3, 4))
DAY = timedelta(days=1)


def orders(*rows, **more):
    """(customer, order, days after 1 January, amount) -> order lines."""
    frame = pd.DataFrame([(c, o, JAN + d * DAY, a, "EUR") for c, o, d, a in rows],
                         columns=["customer_id", "order_id", "ordered_at", "amount_minor", "currency"])  # fmt: skip
    return frame.astype({"ordered_at": "datetime64[us]", "amount_minor": "Int64"}).assign(**more)


def ask(measure, data, by=(), **scope):
    return answer(measure, {measure.dataset: as_table(data)}, by, Scope(**scope))


def test_everyone_active_is_new_returning_or_resurrected():
    data = orders(("a", "1", 1, 1), ("b", "2", 2, 1), ("a", "3", 35, 1), ("b", "4", 65, 1), ("c", "5", 66, 1))
    found = lifecycle(data, datetime(2025, 4, 10))
    assert found[["new", "returning", "resurrected", "dormant"]].values.tolist() == [[2, 0, 0, 0], [0, 1, 0, 1], [1, 0, 1, 1], [0, 0, 0, 2]]
    assert found["complete"].tolist() == [True, True, True, False]


def test_who_went_quiet_is_a_share_of_who_was_buying():
    data = orders(("a", "1", 10, 1), ("b", "2", 20, 1), ("b", "3", 50, 1), ("c", "4", 25, 1), ("new", "5", 40, 1))
    e = inactivity_churn(data, FEB, MAR, days=30)
    assert (round(e.value, 1), e.n) == (66.7, 3)
    assert "30 days" in e.warning
    assert inactivity_churn(data, FEB, MAR, days=90).value == 0


def test_each_month_has_its_own_buyers():
    data = orders(("a", "1", 20, 1), ("a", "2", 50, 1), ("b", "3", 25, 1))
    result = inactivity_churn(data, FEB, APR, days=31, by="month")
    assert result["value"].tolist() == [50.0, 100.0]
    assert result["n"].tolist() == [2, 1]


def test_an_order_of_two_lines_is_one_purchase():
    data = orders(("a", "1", 1, 100), ("a", "1", 1, 200), ("b", "2", 2, 300), ("b", "3", 3, 500), (None, "4", 4, 100))
    assert ask(REPEAT_PURCHASE_RATE, data).value == 50
    e = ask(AVERAGE_ORDER_VALUE, data)
    assert (e.value, e.n, e.unit) == (3.0, 4, "EUR")
    assert ask(AVERAGE_ORDER_VALUE, data.head(1)).warning


def test_baskets_in_two_currencies_are_not_averaged():
    data = orders(("a", "1", 1, 100), ("b", "2", 2, 300)).assign(currency=["EUR", "USD"])
    assert ask(AVERAGE_ORDER_VALUE, data).value is None
    assert ask(AVERAGE_ORDER_VALUE, data, "currency")["value"].tolist() == [1.0, 3.0]


def test_measures_can_be_told_by_channel_and_month():
    data = orders(("a", "1", 1, 100), ("a", "2", 2, 100), ("a", "3", 40, 100), ("b", "4", 3, 100), channel=["web", "web", "web", "shop"])
    result = ask(REPEAT_PURCHASE_RATE, data, ("channel", "month"))
    assert result[["channel", "value"]].values.tolist() == [["shop", 0.0], ["web", 100.0], ["web", 0.0]]
    assert len(ask(AVERAGE_ORDER_VALUE, data, "month")) == 2


def test_active_customers_are_counted_once():
    log = pd.DataFrame({"customer_id": ["a", "a", "b", None], "happened_at": [JAN + DAY, FEB, JAN, JAN]})
    assert ask(ACTIVE_CUSTOMERS, log).value == 2
    assert ask(ACTIVE_CUSTOMERS, log, "month")["value"].tolist() == [2, 1]


def test_nothing_at_all_is_no_trouble():
    none = orders()
    assert lifecycle(none, FEB).empty
    for e in (inactivity_churn(none, JAN, FEB), ask(REPEAT_PURCHASE_RATE, none), ask(AVERAGE_ORDER_VALUE, none)):
        assert e.value is None
        assert e.warning


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(MeasureError, match="days"):
        inactivity_churn(orders(), JAN, FEB, days=0)
    with pytest.raises(MeasureError, match="order_id"):
        inactivity_churn({"customer_id": ["a"], "ordered_at": [JAN]}, JAN, FEB)
    with pytest.raises(MeasureError, match="grain"):
        lifecycle(orders(), JAN, "moon")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 200)), min_size=1, max_size=20))
def test_the_lifecycle_agrees_with_reading_the_log(rows):
    found = lifecycle(orders(*[(c, "1", d, 1) for c, d in rows]), datetime(2025, 8, 1))
    seen: dict[str, set[int]] = {}
    for customer, day in rows:
        seen.setdefault(customer, set()).add((JAN + day * DAY).month)
    for _, row in found.iterrows():
        m = row["period"].month
        here = {c for c, months in seen.items() if m in months}
        assert row["new"] == sum(min(seen[c]) == m for c in here)
        assert row["returning"] == sum(m - 1 in seen[c] for c in here)
        assert row["resurrected"] == sum(min(seen[c]) < m - 1 and m - 1 not in seen[c] for c in here)
        assert row["dormant"] == sum(m - 1 in months and m not in months for months in seen.values())
        assert row["active"] == len(here)
