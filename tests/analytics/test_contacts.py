"""Repeat contacts, reopened tickets, complaints, contact rate."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from cx.analytics.contacts import (
    FIRST_CONTACT_RESOLUTION,
    complaint_resolution,
    contact_rate,
    first_contact_resolution,
    reopen_rate,
    service_satisfaction,
    ticket_volume,
)
from cx.analytics.frame import as_table
from cx.analytics.measure import Scope, answer
from cx.errors import MeasureError

END = Scope(as_of=datetime(2026, 4, 1))


def contacts(*rows: tuple[str | None, str | None, int]) -> pd.DataFrame:
    """Customer, category, day of March."""
    frame = pd.DataFrame(rows, columns=["customer_id", "category", "day"])
    return frame.assign(created_at=pd.Timestamp("2026-03-01") + pd.to_timedelta(frame["day"] - 1, unit="D"))


def test_a_repeat_on_the_same_category_within_the_window_is_no_first_contact_resolution() -> None:
    e = first_contact_resolution(contacts(("a", "bill", 1), ("a", "bill", 8), ("a", "login", 2), ("b", "bill", 3)), scope=END)
    assert (e.value, e.n) == (75.0, 4)


def test_a_repeat_after_the_window_does_not_count() -> None:
    assert first_contact_resolution(contacts(("a", "bill", 1), ("a", "bill", 9)), scope=END).value == 100
    assert first_contact_resolution(contacts(("a", "bill", 1), ("a", "bill", 9)), window_days=10, scope=END).value == 50


def test_counting_cases_leaves_the_repeats_themselves_out() -> None:
    e = first_contact_resolution(contacts(("a", "bill", 1), ("a", "bill", 3), ("b", "bill", 3)), unit="case", scope=END)
    assert (e.value, e.n) == (50.0, 2)


def test_contacts_whose_window_is_open_and_strangers_are_counted_apart() -> None:
    e = first_contact_resolution(contacts(("a", "bill", 1), (None, "bill", 2), ("b", "bill", 30)), scope=END)
    assert (e.value, e.n) == (100.0, 1)
    assert e.warning == "1 contacts whose window is still open are not in it; 1 contacts without a customer are not in it"


def test_the_repeat_may_lie_past_the_end_of_the_scope() -> None:
    scope = Scope(datetime(2026, 3, 1), datetime(2026, 3, 5), datetime(2026, 4, 1))
    assert first_contact_resolution(contacts(("a", "bill", 4), ("a", "bill", 6)), scope=scope).value == 0


def test_a_missing_category_is_a_category_of_its_own() -> None:
    assert first_contact_resolution(contacts(("a", None, 1), ("a", "bill", 2)), scope=END).value == 100
    assert first_contact_resolution(contacts(("a", None, 1), ("a", None, 2)), scope=END).value == 50


def test_no_contact_has_no_rate_and_breakdowns_add_up() -> None:
    assert first_contact_resolution(contacts(), scope=END).value is None
    table = {"tickets": as_table(contacts(("a", "bill", 1), ("a", "bill", 2), ("b", "login", 1)))}
    out = answer(FIRST_CONTACT_RESOLUTION, table, ("category", "month"), END)
    assert out["value"].tolist() == [50, 100]


def test_a_window_of_no_days_is_refused() -> None:
    with pytest.raises(MeasureError, match="longer than no days"):
        first_contact_resolution(contacts(("a", "bill", 1)), window_days=0)


def test_reopen_rate_leaves_out_what_is_not_known() -> None:
    frame = pd.DataFrame({"resolved_at": pd.to_datetime(["2026-03-01"] * 3), "reopens": [1, 0, None]})
    e = reopen_rate(frame)
    assert (e.value, e.n, e.warning) == (50.0, 2, "1 resolved tickets do not say whether they were reopened")


def test_no_complaints_have_no_resolution_rate() -> None:
    frame = pd.DataFrame({"kind": ["question"], "created_at": pd.to_datetime(["2026-03-01"]), "resolved_at": pd.to_datetime(["2026-03-02"])})
    assert complaint_resolution(frame).value is None


def test_a_complaint_resolved_later_than_the_moment_looked_from_is_open() -> None:
    frame = pd.DataFrame({"kind": ["complaint"], "created_at": pd.to_datetime(["2026-03-01"]), "resolved_at": pd.to_datetime(["2026-03-05"])})
    assert complaint_resolution(frame, scope=Scope(as_of=datetime(2026, 3, 3))).value == 0


def test_satisfaction_follows_the_scale_of_each_rating() -> None:
    frame = pd.DataFrame({"created_at": pd.to_datetime(["2026-03-01"] * 6), "satisfaction": [4, 3, 9, 8, 2, 5], "satisfaction_max": [5, 5, 10, 10, 3, None]})
    e = service_satisfaction(frame)
    assert (e.value, e.n) == (40.0, 5)
    assert "1 ratings without a scale" in e.warning


def test_volume_counts_and_is_zero_not_missing_for_an_empty_table() -> None:
    assert ticket_volume(contacts()).value == 0
    assert ticket_volume(contacts(("a", "b", 1), ("a", "b", 9)), "week")["value"].tolist() == [1, 1]


def test_contact_rate_divides_by_customers_active_in_each_period() -> None:
    customers = pd.DataFrame({
        "customer_id": list("abcd"), "segment": ["x", "x", "y", "y"],
        "joined_at": pd.to_datetime(["2025-01-01", "2026-02-10", "2025-01-01", None]), "left_at": pd.to_datetime([None, None, "2026-01-20", None]),
    })  # fmt: skip
    tickets = pd.DataFrame({"created_at": pd.to_datetime(["2026-01-05", "2026-02-20", "2026-02-21"]), "segment": ["x", "x", "y"]})
    assert contact_rate(tickets, customers, "month")["value"].round(2).tolist() == [33.33, 66.67]
    assert contact_rate(tickets, customers, ("segment", "month"))["value"].tolist() == [100, 50, 100]
    assert contact_rate(tickets, customers).value == 75
    assert contact_rate(tickets, customers.head(0)).value is None
    assert contact_rate(tickets, customers, scope=Scope(datetime(2026, 2, 1), datetime(2026, 3, 1))).value == pytest.approx(200 / 3)
