from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.analytics.estimate import Difference, Estimate, undefined
from cx.ui import format as words


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (31.2, "points", "31"), (-6.4, "points", "-6.4"), (84.0, "%", "84\u00a0%"), (0.0, "%", "0\u00a0%"), (2.43, "%", "2.4\u00a0%"), (4.21, "score", "4.21"), (2184, "customers", "2,184"),
        (130, "minutes", "2 h 10 min"), (0.5, "h", "30 min"), (3.25, "d", "3 d 6 h"), (29.99999, "min", "30 min"), (59.9, "s", "1 min"), (1206, "s", "20 min"), (40, "days", "40 d"),
        (41200, "EUR", "€412"), (1999, "USD", "$19.99"), (123_456_789, "EUR", "€1.23 m"), (5000, "JPY", "¥5,000"), (-4500, "CHF", "-CHF 45.00"),
        (None, "%", "n/a"), (float("nan"), "points", "n/a"), (float("inf"), "EUR", "n/a"),
    ],
)  # fmt: skip
def test_a_value_reads_as_its_unit_asks(amount: float | None, unit: str, text: str) -> None:
    assert words.value(amount, unit) == text


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [(-6, "points", "-6"), (0.72, "%", "+0.7\u00a0pts"), (0.0, "%", "±0\u00a0pts"), (-0.01, "points", "±0"), (0.04, "%", "±0\u00a0pts"), (12.0, "%", "+12\u00a0pts"), (-10, "minutes", "-10 min"), (250, "EUR", "+€2.50"), (0, "EUR", "±0"), (None, "%", "n/a")],
)  # fmt: skip
def test_a_change_carries_its_sign(amount: float | None, unit: str, text: str) -> None:
    assert words.change(amount, unit) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.sampled_from(["points", "%", "minutes", "EUR", "", "score"]))
def test_signs_are_never_typographic_and_zero_never_negative(amount: float, unit: str) -> None:
    for text in (words.value(amount, unit), words.change(amount, unit)):
        assert "−" not in text
        assert not text.startswith("-") or any(digit in text for digit in "123456789")


def test_an_interval_names_its_unit_once() -> None:
    assert words.interval(27, 35, "points") == "27 to 35"
    assert words.interval(82.1, 85.4, "%") == "82 to 85\u00a0%"
    assert words.interval(2.0, 2.9, "%") == "2.0 to 2.9\u00a0%"
    assert words.interval(84.1, 84.4, "%") == "84.1 to 84.4\u00a0%"
    assert words.interval(5511, 9357, "EUR/day") == "€5,511 to €9,357 a day"
    assert words.interval(None, 1) == ""


def test_an_estimate_is_never_a_bare_number() -> None:
    assert words.estimate(Estimate(31, 27, 35, 2184, "points")) == "31 (27 to 35, n\u00a02,184)"
    assert words.estimate(undefined("nobody answered")) == "n/a: nobody answered"


def test_a_difference_says_its_p() -> None:
    assert words.difference(Difference(-6, -9, -3, p=0.0001, unit="points")) == "-6 (-9 to -3, p < 0.001)"
    assert words.difference(Difference(None)) == "n/a"


def test_periods_say_nothing_twice() -> None:
    assert words.span(date(2026, 8, 1), date(2026, 10, 31)) == "1 Aug – 31 Oct 2026"
    assert words.until(date(2026, 8, 1), date(2026, 11, 1)) == "1 Aug – 31 Oct 2026"
    assert words.until(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC)) == "1 Aug 2026"
    assert [words.period(date(2026, 8, 3), grain) for grain in ("day", "week", "month", "quarter", "year")] == ["3 Aug 2026", "week of 3 Aug 2026", "Aug 2026", "Q3 2026", "2026"]
    assert words.moment(datetime(2026, 11, 19, 14, 5, tzinfo=UTC)) == "19 Nov 2026, 14:05"
