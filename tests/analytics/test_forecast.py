"""Forecasts chosen by how they did before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cx.analytics.forecast import SIMPLE, SMOOTHING, forecast, regular
from cx.errors import MeasureError

OIL = [445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72, 473.82, 525.95, 549.83, 542.34]
YEARS = np.arange(48)
SEASONAL = 100 + 2 * YEARS + 20 * np.sin(YEARS / 12 * 2 * np.pi)


def test_simple_exponential_smoothing_gives_the_published_forecast_of_saudi_oil() -> None:
    """Hyndman & Athanasopoulos, Forecasting: principles and practice, 2nd ed., section 7.1: 542.68 million tonnes."""
    value, _ = SMOOTHING["ETS(A,N,N)"](np.array(OIL), 3, 1)
    assert value == pytest.approx([542.68] * 3, abs=0.01)


def test_the_simple_methods_follow_the_textbook() -> None:
    """Forecast standard deviations of the benchmark methods: Forecasting, 3rd ed., table 5.2."""
    y = np.array([1.0, 3.0, 2.0, 4.0])
    assert SIMPLE["mean"](y, 2, 1)[0].tolist() == [2.5, 2.5]
    assert SIMPLE["drift"](y, 2, 1)[0].tolist() == [5, 6]
    value, spread = SIMPLE["naive"](y, 4, 1)
    assert value.tolist() == [4] * 4
    assert (spread / spread[0]).tolist() == pytest.approx([1, 2**0.5, 3**0.5, 2])
    value, spread = SIMPLE["seasonal naive"](y, 3, 2)
    assert value.tolist() == [2, 4, 2]
    assert spread[2] / spread[0] == pytest.approx(2**0.5)


def test_a_series_with_season_and_trend_is_forecast_better_than_by_last_year() -> None:
    found = forecast(pd.Series(SEASONAL + np.random.default_rng(0).normal(0, 4, 48), index=pd.period_range("2022-01", periods=48, freq="M")), 6, origins=3)
    assert found.method.startswith("ETS")
    assert found.errors["vs_seasonal_naive"][0] < 0.6
    assert found.errors["mae"].is_monotonic_increasing
    assert str(found.frame["period"][0]) == "2026-01"
    truth = 100 + 2 * np.arange(48, 54) + 20 * np.sin(np.arange(48, 54) / 12 * 2 * np.pi)
    assert ((found.frame["low"] < truth) & (truth < found.frame["high"])).all()


def test_a_short_history_is_carried_on_by_its_mean_and_says_so() -> None:
    found = forecast([4, 5, 6], 2)
    assert (found.method, found.frame["value"].tolist()) == ("mean", [5, 5])
    assert "too little history" in found.warning


def test_half_a_year_is_compared_without_a_seasonal_naive() -> None:
    found = forecast([4, 5, 6, 5, 4, 5, 6], 2)
    assert found.warning == "too little history for a seasonal naive forecast to compare with"
    assert found.errors["vs_seasonal_naive"].isna().all()


def test_a_constant_series_goes_on_without_width() -> None:
    found = forecast([5.0] * 9, 2, season=1)
    assert found.frame[["value", "low", "high"]].round(9).to_numpy().tolist() == [[5, 5, 5]] * 2


def test_no_interval_goes_below_the_floor() -> None:
    found = forecast([0, 0, 9, 0, 0, 0, 8, 0, 1], 3)
    assert (found.frame["low"] >= 0).all()
    assert forecast([0, 0, 9, 0, 0, 0, 8, 0, 1], 3, floor=None).frame["low"].min() < 0


def test_huge_numbers_are_forecast() -> None:
    assert np.isfinite(forecast([1e14, 2e14, 1.5e14, 1.2e14, 1.9e14], 2).frame["value"]).all()


@pytest.mark.parametrize("history", [[], [1.0, 2.0], [1.0, None, 2.0, 3.0]])
def test_gaps_and_too_few_periods_are_refused(history: list[float | None]) -> None:
    with pytest.raises(MeasureError, match="at least 3 periods without gaps"):
        forecast(history)


def test_periods_without_a_deal_count_as_none() -> None:
    dated = pd.Series([1.0, 2.0], index=pd.to_datetime(["2026-01-31", "2026-04-01"]))
    assert regular(dated).tolist() == [1, 0, 0, 2]
    assert regular(dated, "quarter").tolist() == [1, 2]
    assert regular(pd.Series([], index=pd.DatetimeIndex([]), dtype=float)).empty
