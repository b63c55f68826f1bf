"""Counting only the minutes a desk is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.business_hours import BusinessHours, business_hours, due, minutes, opened
from cx.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = business_hours("mon-sun 00:00-24:00", "Europe/Berlin")
OFFICE = business_hours("mon-fri 09:00-12:00 13:00-17:00", "Europe/Berlin", [date(2026, 5, 1)])
moments = st.datetimes(datetime(2019, 1, 1), datetime(2031, 12, 31)).map(lambda d: d.replace(microsecond=0))


def berlin(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold)


def by_hand(start: datetime, end: datetime, hours: BusinessHours) -> int:
    """Count minute by minute on the local clock: slow and obvious."""
    zone, count, now = ZoneInfo(hours.timezone), 0, start
    while now < end:
        local = now.astimezone(zone)
        at = 60 * local.hour + local.minute
        count += any(a <= at < b for a, b in hours.on(local.date()))
        now += timedelta(minutes=1)
    return count


def test_lunch_nights_weekends_and_holidays_do_not_count() -> None:
    assert minutes(berlin(2026, 4, 30, 11, 30), berlin(2026, 5, 4, 9, 30), OFFICE) == 30 + 240 + 30


def test_the_night_when_clocks_go_forward_has_23_hours() -> None:
    assert minutes(berlin(2026, 3, 29), berlin(2026, 3, 30), ALWAYS) == 23 * 60


def test_the_night_when_clocks_go_back_has_25_hours() -> None:
    assert minutes(berlin(2026, 10, 25), berlin(2026, 10, 26), ALWAYS) == 25 * 60


def test_office_hours_stay_at_the_local_clock_across_both_changes() -> None:
    for monday in ((2026, 3, 30), (2026, 10, 26)):
        assert minutes(berlin(*monday, 8), berlin(*monday, 10), OFFICE) == 60
        assert due(berlin(*monday, 6), 1, OFFICE).tz_localize("UTC").tz_convert(BERLIN).hour == 9


def test_a_window_that_starts_in_the_skipped_hour_opens_when_the_clock_exists_again() -> None:
    night = business_hours("sun 02:30-05:00", "Europe/Berlin")
    assert minutes(berlin(2026, 3, 29), berlin(2026, 3, 29, 12), night) == 120


def test_a_window_within_the_repeated_hour_counts_it_twice() -> None:
    night = business_hours("sun 02:00-02:30 02:30-03:00", "Europe/Berlin")
    assert minutes(berlin(2026, 10, 25), berlin(2026, 10, 25, 12), night) == 120


def test_a_window_past_midnight_belongs_to_two_days() -> None:
    night = business_hours("fri 22:00-06:00")
    assert minutes("2026-05-08T21:00", "2026-05-09T12:00", night) == 480


def test_special_days_replace_the_week_even_on_a_holiday() -> None:
    hours = business_hours("mon-fri 09:00-17:00", holidays=[date(2026, 12, 24)], special={date(2026, 12, 24): "09:00-12:00"})
    assert minutes("2026-12-24", "2026-12-25", hours) == 180


def test_pauses_are_taken_off_once_even_where_they_overlap_or_fall_outside() -> None:
    pauses = [(berlin(2026, 5, 4, 9), berlin(2026, 5, 4, 11)), (berlin(2026, 5, 4, 10), berlin(2026, 5, 4, 12)), (berlin(2026, 5, 4, 18), berlin(2026, 5, 5))]
    assert minutes(berlin(2026, 5, 4, 8), berlin(2026, 5, 4, 17), OFFICE, pauses) == 240
    assert minutes(berlin(2026, 5, 4, 10), berlin(2026, 5, 4, 11), None, pauses) == 0


def test_missing_moments_give_no_number() -> None:
    out = minutes(["2026-05-04T09:00Z", None], [None, "2026-05-04T09:00Z"], OFFICE)
    assert np.isnan(out).all()
    assert pd.isna(due(["2026-05-04T09:00Z"], [np.nan], OFFICE)[0])


def test_series_of_any_kind_are_taken() -> None:
    start = pd.Series(pd.to_datetime(["2026-05-04 07:00", "2026-05-04 08:00"]))
    assert minutes(start, start + pd.Timedelta(hours=1), OFFICE).tolist() == [60, 60]
    assert minutes(start.dt.tz_localize("UTC"), start.dt.tz_localize("UTC") + pd.Timedelta(hours=1), OFFICE).tolist() == [60, 60]
    assert minutes([], [], OFFICE).tolist() == []


@settings(max_examples=40, deadline=None)
@given(moments, st.integers(0, 4000))
def test_the_count_is_what_a_minute_by_minute_walk_finds(start: datetime, length: int) -> None:
    start = start.replace(second=0, tzinfo=UTC)
    end = start + timedelta(minutes=length)
    assert minutes(start, end, OFFICE) == by_hand(start, end, OFFICE)


@settings(max_examples=60, deadline=None)
@given(st.lists(moments, min_size=3, max_size=3))
def test_open_minutes_add_up_and_never_exceed_the_calendar(three: list[datetime]) -> None:
    a, b, c = sorted(three)
    assert minutes(a, c, OFFICE) == pytest.approx(minutes(a, b, OFFICE) + minutes(b, c, OFFICE))
    assert 0 <= minutes(a, c, OFFICE) <= minutes(a, c)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 20_000))
def test_due_is_the_inverse_of_the_count(start: datetime, allowed: int) -> None:
    end = due(start, allowed, OFFICE)
    assert minutes(start, end, OFFICE) == pytest.approx(allowed)
    assert minutes(start, end - pd.Timedelta(seconds=1), OFFICE) < allowed


def test_the_engine_counts_what_numpy_counts() -> None:
    rng = np.random.default_rng(3)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 900 * 86400, 3000), unit="s")
    end = start + pd.to_timedelta(rng.integers(0, 20 * 86400, 3000), unit="s")
    for hours in (OFFICE, ALWAYS, business_hours("mon-sat 22:00-04:00", "America/New_York")):
        frame = pd.DataFrame({"a": start, "b": end, "expected": minutes(start, end, hours)})
        table = ibis.memtable(frame)
        table = opened(table, table["a"], "x", hours)
        table = opened(table, table["b"], "y", hours)
        off = ((table["y"] - table["x"]) / 60 - table["expected"]).abs().max()
        assert off.to_pyarrow().as_py() == 0


def test_a_moment_outside_the_calendar_is_unknown_not_wrong() -> None:
    table = ibis.memtable(pd.DataFrame({"a": [pd.Timestamp("1950-01-02 10:00"), None]}))
    assert opened(table, table["a"], "x", OFFICE)["x"].to_pyarrow().to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("week", "zone", "says"),
    [("mon-fri 9-17", "UTC", "found '9-17'"), ("someday 09:00-17:00", "UTC", "'someday'"), ("mon", "UTC", "at least one"), ("mon 09:00-10:00", "Mars/Base", "Mars/Base"), ("mon 09:00-25:00", "UTC", "25:00")],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused_with_one_sentence(week: str, zone: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        business_hours(week, zone)


def test_equal_hours_are_equal_keys() -> None:
    assert {business_hours("mon-fri 09:00-17:00"): 1}[business_hours({"mon-fri": "09:00-17:00"})] == 1


def test_two_hundred_thousand_tickets_take_well_under_a_second() -> None:
    rng = np.random.default_rng(1)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 86400 * 700, 200_000), unit="s")
    end = start + pd.to_timedelta(rng.integers(0, 86400 * 9, 200_000), unit="s")
    minutes(start[:1], end[:1], OFFICE)
    began = datetime.now(UTC)
    minutes(start, end, OFFICE)
    assert datetime.now(UTC) - began < timedelta(seconds=1)
