"""The churn model is tested on what came later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cx.analytics.churn_model import area_under_curve, churn_model, reliability_curve
from cx.errors import MeasureError

FEATURES = ["tickets", "usage", "plan", "noise"]


def customers(n: int, seed: int = 1, signal: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "tickets": rng.poisson(2, n).astype(float),
            "usage": rng.normal(size=n),
            "plan": rng.choice(["basic", "pro"], n),
            "noise": rng.normal(size=n),
        }
    )
    odds = signal * (0.6 * frame["tickets"] - 1.2 * frame["usage"] + (frame["plan"] == "basic")) - 3
    frame["left"] = rng.random(n) < 1 / (1 + np.exp(-odds))
    frame.loc[rng.random(n) < 0.1, "usage"] = np.nan
    frame["seen"] = pd.date_range("2024-01-01", periods=n, freq="h")
    return frame


@pytest.mark.parametrize("method", ["logistic", "boosted"])
def test_the_model_finds_what_drives_leaving_and_is_calibrated(method: str) -> None:
    found = churn_model(customers(3000), "left", "seen", FEATURES, method=method)
    assert found.auc.value is not None
    assert found.auc.value > 0.72
    assert found.brier is not None
    assert found.brier < (found.brier_of_base or 0)
    assert found.lift is not None
    assert found.lift > 1.5
    assert set(found.importance["feature"][:2]) == {"tickets", "usage"}
    assert (found.reliability["predicted"] - found.reliability["observed"]).abs().mean() < 8
    assert len(found.scores) == 3000
    assert found.scores.between(0, 1).all()
    assert found.split == pd.Timestamp("2024-01-01") + pd.Timedelta(hours=2250)


def test_customers_after_the_split_do_not_teach_the_model() -> None:
    frame = customers(800)
    late = frame["seen"] >= pd.Timestamp("2024-01-01") + pd.Timedelta(hours=600)
    turned = frame.assign(left=np.where(late, ~frame["left"], frame["left"]).astype(bool))
    assert (churn_model(turned, "left", "seen", FEATURES).auc.value or 1) < 0.5
    assert "do not act" in churn_model(turned, "left", "seen", FEATURES).warnings[0]


def test_noise_is_called_noise_and_a_leak_suspicious() -> None:
    noise = churn_model(customers(600, signal=0).assign(left=np.arange(600) % 3 == 0), "left", "seen", ["noise"])
    assert "do not act" in noise.warnings[0]
    frame = customers(600)
    leak = churn_model(frame.assign(hint=frame["left"].astype(float)), "left", "seen", ["hint"])
    assert any("suspiciously good" in w for w in leak.warnings)


def test_too_few_leavers_give_no_model_and_the_reason() -> None:
    assert "must have left" in churn_model(customers(40), "left", "seen", FEATURES).sentence
    assert churn_model(customers(40).iloc[:0], "left", "seen", FEATURES).auc.value is None
    assert churn_model(customers(200).assign(left=False), "left", "seen", FEATURES).model is None


def test_wrong_columns_are_named() -> None:
    with pytest.raises(MeasureError, match="column gone"):
        churn_model(customers(50), "left", "seen", ["gone"])
    with pytest.raises(MeasureError, match="cannot be features"):
        churn_model(customers(50), "left", "seen", ["left"])
    with pytest.raises(MeasureError, match="auto, logistic"):
        churn_model(customers(50), "left", "seen", FEATURES, method="magic")


def test_the_area_has_hanley_and_mcneils_error() -> None:
    # Hanley & McNeil (1982), table II: 51 abnormal, 58 normal, area 0.893, standard error 0.032
    rng = np.random.default_rng(1)
    score = np.concatenate([rng.normal(1.757, 1, 51), rng.normal(0, 1, 58)])
    found = area_under_curve([1] * 51 + [0] * 58, score)
    q1, q2 = 0.893 / 1.107, 2 * 0.893**2 / 1.893
    expected = np.sqrt((0.893 * 0.107 + 50 * (q1 - 0.893**2) + 57 * (q2 - 0.893**2)) / (51 * 58))
    assert expected == pytest.approx(0.032, abs=1e-3)
    assert found.se == pytest.approx(expected, abs=0.01)
    assert area_under_curve([1, 1], [0.2, 0.3]).value is None
    assert reliability_curve([0, 1] * 50, [0.5] * 100)["n"].sum() == 100
