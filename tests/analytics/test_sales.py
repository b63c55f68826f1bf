"""Winning, how much, how fast."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope
from cx.analytics.money import minor_units
from cx.analytics.sales import deal_size, lead_velocity, open_pipeline, ratio, sales_cycle, velocity, velocity_of, win_rate, win_rate_value
from cx.errors import MeasureError


def deals(*rows: tuple[str, float | None, int, int | None]) -> pd.DataFrame:
    """Status, amount in euro, day created, day closed (days of 2026)."""
    frame = pd.DataFrame(rows, columns=["status", "amount", "created", "closed"])
    day = pd.Timestamp("2026-01-01")
    return pd.DataFrame({
        "deal_id": [f"d{k}" for k in range(len(frame))], "status": frame["status"], "amount_minor": frame["amount"].astype(float) * 100, "currency": "EUR",
        "segment": ["x" if k % 2 else "y" for k in range(len(frame))],
        "created_at": day + pd.to_timedelta(frame["created"].astype(float), unit="D"), "closed_at": day + pd.to_timedelta(frame["closed"].astype(float), unit="D"),
    })  # fmt: skip


SOME = deals(("won", 100, 0, 30), ("lost", 300, 0, 20), ("lost", 100, 3, 40), ("open", 900, 5, None), ("Won", 500, 1, 61))


def test_the_golden_velocity_is_3333_a_day() -> None:
    v = velocity_of(50, Estimate(20.0), Estimate(10_000.0, unit="EUR"), Estimate(30.0))
    assert v.value == pytest.approx(3333.33, abs=0.005)
    assert v.warning == "too few deals for an interval"


def test_win_rate_leaves_open_deals_out() -> None:
    e = win_rate(SOME)
    assert (e.value, e.n) == (50.0, 4)
    assert win_rate(SOME, "month")["value"].tolist() == [50, 0, 100]


def test_win_rate_by_value_weighs_by_amount() -> None:
    assert win_rate_value(SOME).value == 60
    assert win_rate_value(deals(("won", 10, 0, 1))).low is None


def test_size_and_cycle_are_of_won_deals_only() -> None:
    assert deal_size(SOME).value == 300
    assert sales_cycle(SOME).value == 45
    assert open_pipeline(SOME).value == 900


def test_a_deal_closed_later_was_open_and_undecided_then() -> None:
    scope = Scope(as_of=datetime(2026, 2, 5))
    assert open_pipeline(SOME, scope=scope).value == 1500
    assert win_rate(SOME, scope=scope).n == 2


def test_velocity_multiplies_what_its_parts_say() -> None:
    v = velocity(SOME)
    assert v.value == pytest.approx(1 * 0.5 * 300 / 45)
    many = pd.concat([SOME.assign(deal_id=SOME["deal_id"] + str(k)) for k in range(20)])
    e = velocity(many)
    assert e.low < e.value < e.high
    assert e.unit == "EUR/day"
    assert velocity(SOME, "segment").shape == (1, 7)
    with pytest.raises(MeasureError, match="open at one moment"):
        velocity(SOME, "month")


def test_different_currencies_are_refused_but_may_be_told_apart() -> None:
    mixed = SOME.assign(currency=["EUR", "USD", "EUR", "EUR", "EUR"])
    for measure in (win_rate_value, velocity):
        assert measure(mixed).value is None or measure is velocity
    assert "never added up" in win_rate_value(mixed).warning
    assert win_rate_value(mixed, "currency")["value"].round(6).tolist() == [pytest.approx(600 / 7, abs=1e-5), 0]
    assert deal_size(SOME.assign(currency=["EUR", "EUR", "EUR", "EUR", None])).value is None


def test_yen_have_no_cents() -> None:
    assert deal_size(SOME.assign(currency="JPY")).value == 30_000
    assert (minor_units("KWD"), minor_units("xyz")) == (1000, 100)


def test_nothing_decided_has_no_rate_and_no_size() -> None:
    only_open = deals(("open", 1, 0, None))
    for measure in (win_rate, win_rate_value, deal_size, sales_cycle, velocity):
        assert measure(only_open).value is None
        assert measure(only_open).warning
    assert win_rate(only_open.head(0)).value is None
    assert open_pipeline(only_open.head(0)).value == 0


def test_a_cycle_that_ends_before_it_starts_is_left_out() -> None:
    assert sales_cycle(deals(("won", 1, 10, 2), ("won", 1, 0, 4))).value == 4


def test_lead_velocity_compares_with_the_period_before() -> None:
    frame = deals(*(("open", 1, d, None) for d in [0] * 10 + [31] * 12 + [90] * 5))
    out = lead_velocity(frame, "month")
    assert out["value"].round(6).tolist()[1] == 20
    assert out["warning"].tolist() == ["no leads in the period before", "", "no leads in the period before"]
    e = lead_velocity(frame, scope=Scope(datetime(2026, 1, 29), datetime(2026, 2, 26)))
    assert e.value == pytest.approx(20)
    assert e.low < 0 < e.high
    with pytest.raises(MeasureError, match="no period was given"):
        lead_velocity(frame)


def test_the_ratio_estimator_has_no_spread_where_the_ratio_is_the_same_everywhere() -> None:
    e = ratio(6.0, 12.0, 14.0, 28.0, 56.0, 3)
    assert (e.value, e.low, e.high) == (0.5, 0.5, 0.5)
    assert ratio(0, 0, 0, 0, 0, 0).value is None
