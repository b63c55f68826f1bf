"""A score that is checked on leads it has not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cx.analytics.lead_score import lead_score, reliability
from cx.errors import MeasureError


def leads(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    visits, source = rng.poisson(4, n).astype(float), rng.choice(["ad", "mail", "fair"], n)
    logit = -2 + 0.4 * visits + np.where(source == "fair", 1.0, 0.0)
    won = rng.random(n) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame({"visits": visits, "source": source, "won": won, "created_at": pd.date_range("2025-01-01", periods=n, freq="h")})


FEATURES = ("visits", "source")


def test_a_score_learnt_from_enough_leads_is_calibrated_and_tells_its_reasons() -> None:
    s = lead_score(leads(3000), "won", FEATURES, "created_at")
    assert s.auc is not None
    assert s.auc > 0.65
    assert s.brier < s.brier_base
    assert s.slope == pytest.approx(1, abs=0.25)
    assert s.intercept == pytest.approx(0, abs=0.25)
    assert s.reliability["n"].sum() == s.held_out == 900
    assert s.reasons["feature"][0] == "visits"
    assert s.reasons.set_index("feature")["odds_ratio"]["source_fair"] > 1
    assert s.warning == ""


def test_probabilities_stay_probabilities_even_for_unknown_words_and_missing_numbers() -> None:
    s = lead_score(leads(400), "won", FEATURES, "created_at")
    out = s.score(pd.DataFrame({"visits": [np.nan, 1e9, 3.0], "source": ["ad", None, "never seen"]}))
    assert ((out >= 0) & (out <= 1)).all()
    assert len(s.score(leads(0))) == 0


def test_the_checks_are_made_on_the_latest_leads() -> None:
    frame = leads(1000)
    frame.loc[700:, "won"] = ~frame.loc[700:, "won"]
    s = lead_score(frame.sample(frac=1, random_state=1), "won", FEATURES, "created_at")
    assert s.auc is not None
    assert s.auc < 0.5


def test_later_leads_of_one_outcome_have_no_auc() -> None:
    frame = leads(200)
    frame.loc[140:, "won"] = False
    s = lead_score(frame, "won", FEATURES, "created_at")
    assert (s.auc, s.slope) == (None, None)


def test_too_few_leads_one_outcome_or_missing_columns_are_refused() -> None:
    with pytest.raises(MeasureError, match="at least 50 decided leads"):
        lead_score(leads(49), "won", FEATURES, "created_at")
    with pytest.raises(MeasureError, match="with 0 won"):
        lead_score(leads(100).assign(won=False), "won", FEATURES, "created_at")
    with pytest.raises(MeasureError, match="needs budget"):
        lead_score(leads(100), "won", ("budget",), "created_at")
    with pytest.raises(MeasureError, match="needs source"):
        lead_score(leads(100), "won", FEATURES, "created_at").score(pd.DataFrame({"visits": [1.0]}))


def test_many_features_for_few_wins_are_warned_about() -> None:
    assert "expect overfitting" in lead_score(leads(50), "won", FEATURES, "created_at").warning


def test_the_reliability_curve_covers_every_lead_once() -> None:
    rng = np.random.default_rng(1)
    chance = rng.random(1003)
    curve = reliability(chance, rng.random(1003) < chance)
    assert curve["n"].sum() == 1003
    assert ((curve["low"] <= curve["predicted"]) & (curve["predicted"] <= curve["high"])).mean() >= 0.7
    assert reliability([], []).empty
