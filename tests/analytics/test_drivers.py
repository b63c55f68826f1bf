"""Key drivers, regressions and before-after against R and by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.drivers import key_drivers, shapley_of, weights_of
from cx.analytics.intervention import interrupted
from cx.analytics.regression import linear, logistic
from cx.errors import MeasureError
from tests.analytics.test_inference import MPG, WEIGHT

HORSE = [
    110,
    110,
    93,
    110,
    175,
    105,
    245,
    62,
    95,
    123,
    123,
    180,
    180,
    180,
    205,
    215,
    230,
    66,
    52,
    65,
    97,
    150,
    150,
    245,
    175,
    66,
    91,
    113,
    264,
    175,
    335,
    109,
]
MANUAL = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
CARS = {"mpg": MPG, "wt": WEIGHT, "hp": HORSE, "am": MANUAL}


def test_least_squares_gives_what_r_gives_for_mtcars() -> None:
    found = linear(CARS, "mpg", ["wt", "hp"])  # lm(mpg ~ wt + hp): 37.22727, -3.87783, -0.03177; R2 0.8268, adjusted 0.8148, p 9.109e-12
    assert found.terms["coefficient"].tolist() == pytest.approx([37.22727, -3.87783, -0.03177], abs=5e-6)
    assert (found.r2, found.adjusted_r2) == pytest.approx((0.8268, 0.8148), abs=5e-5)
    assert found.p == pytest.approx(9.109e-12, rel=1e-3)
    assert found.terms["vif"].iloc[1] == pytest.approx(1.766625, abs=5e-6)  # car::vif
    assert "83 %" in found.sentence


def test_logistic_gives_what_r_gives_for_mtcars() -> None:
    found = logistic(CARS, "am", ["wt", "hp"])  # glm(am ~ wt + hp, binomial): 18.86630, -8.08348, 0.03626
    assert found.terms["coefficient"].tolist() == pytest.approx([18.86630, -8.08348, 0.03626], abs=5e-5)
    assert found.terms["se"].iloc[1] == pytest.approx(3.06868, abs=5e-5)
    assert found.terms["p"].iloc[2] == pytest.approx(0.0409, abs=5e-5)


def test_a_categorical_predictor_is_set_against_its_most_frequent_level() -> None:
    found = linear({"y": [1.0, 2, 3, 4, 5, 7], "g": ["a", "a", "a", "b", "b", "c"], "c": [1] * 6}, "y", ["g", "c"])
    assert found.terms["term"].tolist() == ["const", "g = b", "g = c"]
    assert found.terms["coefficient"].tolist() == pytest.approx([2, 2.5, 5])
    assert "left out: c" in found.warnings[0]


def test_what_has_no_model_says_why() -> None:
    assert "exact combinations" in linear({"y": [1.0, 2, 3, 5, 4, 7, 6], "a": range(7), "b": range(0, 14, 2)}, "y", ["a", "b"]).sentence
    assert "separates" in logistic({"y": [0, 0, 0, 0, 1, 1, 1, 1], "x": [1, 2, 3, 4, 5, 6, 7, 8]}, "y", ["x"]).sentence
    assert "equal" in linear({"y": [1.0] * 8, "x": range(8)}, "y", ["x"]).sentence
    assert "fewer" in linear({"y": [1.0], "x": [2.0]}, "y", ["x"]).sentence
    assert "no complete rows" in logistic({"y": [None], "x": [2.0]}, "y", ["x"]).sentence
    for call, reason in (
        (lambda: linear(CARS, "mpg", []), "predictor"),
        (lambda: linear(CARS, "mpg", ["z"]), "column z"),
        (lambda: logistic(CARS, "wt", ["hp"]), "two outcomes"),
    ):
        with pytest.raises(MeasureError, match=reason):
            call()


def test_relative_weights_are_those_of_two_drivers_worked_out_by_hand() -> None:
    # with two drivers relative weights and Shapley values are the same (Johnson & LeBreton 2004)
    r, ry = np.array([[1, 0.5], [0.5, 1]]), np.array([0.6, 0.4])
    r2 = (0.36 + 0.16 - 2 * 0.5 * 0.6 * 0.4) / 0.75
    first = 0.5 * (0.36 + r2 - 0.16)
    assert weights_of(r, ry) == pytest.approx([first, r2 - first])
    assert shapley_of(r, ry) == pytest.approx([first, r2 - first])


def test_shapley_values_are_the_mean_gains_over_all_orders() -> None:
    # relaimpo's lmg by its definition: every order of entry, every regression run
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 4)) @ np.array([[1, 0.6, 0.3, 0], [0, 1, 0.4, 0.2], [0, 0, 1, 0.5], [0, 0, 0, 1]])
    y = x @ [0.8, 0.1, 0.4, 0.0] + rng.normal(size=60)
    r = np.corrcoef(np.column_stack([x, y]), rowvar=False)

    def r2(at: tuple[int, ...]) -> float:
        return float(sm.OLS(y, sm.add_constant(x[:, list(at)])).fit().rsquared) if at else 0.0

    orders = list(permutations(range(4)))
    gains = np.zeros(4)
    for order in orders:
        for place, i in enumerate(order):
            gains[i] += r2(order[: place + 1]) - r2(order[:place])
    assert shapley_of(r[:-1, :-1], r[:-1, -1]) == pytest.approx(gains / len(orders))
    assert weights_of(r[:-1, :-1], r[:-1, -1]) == pytest.approx(gains / len(orders), abs=0.03)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_relative_weights_add_up_to_r_squared_and_are_never_negative(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(k + 20, k)) @ rng.normal(size=(k, k))
    frame = pd.DataFrame(x, columns=[f"d{i}" for i in range(k)]).assign(y=x.sum(axis=1) + rng.normal(size=k + 20))
    found = key_drivers(frame, "y", [f"d{i}" for i in range(k)], bootstrap=0)
    assert found.r2 == pytest.approx(sm.OLS(frame["y"], sm.add_constant(x)).fit().rsquared, abs=1e-6)
    assert (found.table["weight"] >= 0).all()
    assert found.table["share"].sum() == pytest.approx(100)


def test_two_drivers_that_are_the_same_share_the_weight() -> None:
    x = np.arange(20.0)
    found = key_drivers({"a": x, "b": x, "y": x + np.sin(x)}, "y", ["a", "b"], bootstrap=50)
    assert found.table["share"].tolist() == pytest.approx([50, 50])


def test_few_rows_missing_ones_and_constants_are_said() -> None:
    found = key_drivers({"a": [1.0, 2, 3, 4, None, 6], "b": [1.0] * 6, "y": [1.0, 3, 2, 5, 4, 6]}, "y", ["a", "b"])
    assert found.missing == 1
    assert "left out: b" in found.warnings[0]
    assert "10 or more" in found.warnings[1]
    assert key_drivers({"a": [], "y": []}, "y", ["a"]).r2 is None
    assert key_drivers({"a": [1.0, 2, 3, 4, 5], "y": [1.0] * 5}, "y", ["a"]).r2 is None
    with pytest.raises(MeasureError, match="holds words"):
        key_drivers({"a": ["x", "y"], "y": [1, 2]}, "y", ["a"])


def test_a_change_is_found_on_top_of_trend_and_season() -> None:
    rng = np.random.default_rng(5)
    months = pd.date_range("2021-01-01", periods=48, freq="MS")
    t = np.arange(48)
    y = 50 + 0.3 * t + 5 * np.sin(2 * np.pi * t / 12) + 4 * (t >= 30) + rng.normal(0, 0.7, 48)
    found = interrupted(y, months, "2023-07-01", season=12, unit="points")
    assert found.season
    assert found.level.low is not None
    assert found.level.high is not None
    assert found.level.low < 4 < found.level.high
    assert found.p_average is not None
    assert found.p_average < 0.001
    assert "higher" in found.sentence
    plain = interrupted(50 + 0.3 * t + rng.normal(0, 0.7, 48), months, "2023-07-01", season=12)
    assert plain.p_average is not None
    assert plain.p_average > 0.05  # the trend alone lifts the mean after, and is no effect
    assert "No effect" in plain.sentence


def test_segmented_regression_gives_the_coefficients_it_was_made_from() -> None:
    t = np.arange(24)
    y = 10 + 0.5 * t + (t >= 12) * (3 - 0.8 * (t - 12))
    found = interrupted(y, pd.date_range("2023-01-01", periods=24, freq="MS"), "2024-01-01")
    assert (found.level.value, found.slope.value) == pytest.approx((3, -0.8))
    assert found.average.value == pytest.approx(3 - 0.8 * 5.5)
    assert found.series["expected"].tolist() == pytest.approx((10 + 0.5 * t).tolist())


def test_too_few_periods_and_missing_ones_are_said() -> None:
    months = pd.date_range("2024-01-01", periods=6, freq="MS")
    assert "4 or more" in interrupted([1, 2, 3, 4, 5, 6], months, "2024-05-01").sentence
    assert interrupted([], [], "2024-05-01").p_level is None
    with pytest.raises(MeasureError, match="a value for each"):
        interrupted([1], [], "2024-05-01")
    aware = interrupted([1, 2, None, 2, 1, 5, 6, 5, 6], pd.date_range("2024-01-01", periods=9, freq="MS"), "2024-06-01T00:00:00+00:00")
    assert aware.level.n == 8
    assert "few" in aware.warnings[0]
    flat = interrupted([5.0] * 12, pd.date_range("2024-01-01", periods=12, freq="MS"), "2024-06-01")
    assert flat.average.value == pytest.approx(0, abs=1e-9)


def test_weights_of_many_resamples_at_once_are_those_of_each() -> None:
    rng = np.random.default_rng(3)
    several = np.array([np.corrcoef(rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4)), rowvar=False) for _ in range(5)])
    together = weights_of(several[:, :-1, :-1], several[:, :-1, -1])
    for one, r in zip(together, several, strict=True):
        assert one == pytest.approx(weights_of(r[:-1, :-1], r[:-1, -1]))
        assert one.sum() == pytest.approx(r[:-1, -1] @ np.linalg.solve(r[:-1, :-1], r[:-1, -1]))


def test_the_interval_is_that_of_rows_drawn_with_replacement() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.integers(1, 6, 60), "b": rng.integers(1, 6, 60)}).astype(float)
    frame["y"] = frame["a"] + 0.3 * frame["b"] + rng.normal(size=60)
    found = key_drivers(frame, "y", ["a", "b"], bootstrap=200, seed=9).table.set_index("driver")
    draw, shares = np.random.default_rng(9), []
    for _ in range(200):
        r = frame.iloc[draw.integers(0, 60, 60)].corr().to_numpy()
        weights = weights_of(r[:-1, :-1], r[:-1, -1])
        shares.append(100 * weights / weights.sum())
    low, high = np.percentile(shares, [2.5, 97.5], axis=0)
    assert found.loc[["a", "b"], "low"].to_numpy() == pytest.approx(low)
    assert found.loc[["a", "b"], "high"].to_numpy() == pytest.approx(high)
