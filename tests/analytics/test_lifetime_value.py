"""Lifetime value: the published CDNOW figures, recovery of known parameters, checks."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from cx.analytics.frame import as_table
from cx.analytics.lifetime_value import Model, backtest, fit, history, lifetime_value
from cx.errors import MeasureError

JAN = datetime(2023, 1, 1)
# CDNOW, weeks: Fader, Hardie & Lee, Marketing Science 24 (2005), table 2 (BG/NBD), and Fader & Hardie (2013), section 5 (gamma-gamma).
CDNOW = Model(0.243, 4.414, 0.793, 2.426, 6.25, 3.74, 15.44)


def test_the_published_expectation_of_a_cdnow_customer_is_met():
    """x = 2, last at week 30.43, observed 38.86 weeks: 1.226 purchases in the next 39 weeks (Fader, Hardie & Lee 2005, note on Excel)."""
    assert CDNOW.purchases([2], [30.43], [38.86], 39)[0] == pytest.approx(1.226, abs=0.0005)
    assert CDNOW.alive([2], [30.43], [38.86])[0] == pytest.approx(0.727, abs=0.001)
    assert CDNOW.alive([0], [0], [38.86])[0] == 1


def test_the_published_spending_of_cdnow_customers_is_met():
    """A newcomer is expected to spend 35.2 a time; one who spent 22.35 twice 24.66."""
    assert CDNOW.spend([0], [0])[0] == pytest.approx(35.22, abs=0.01)
    assert CDNOW.spend([2], [22.35])[0] == pytest.approx(24.66, abs=0.01)


def bought(customers=2500, weeks=78, seed=5):
    """Orders drawn from the model itself with r 0.8, alpha 6, a 0.8, b 2.5, p 6, q 4, v 1500."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(customers):
        rate, leave = rng.gamma(0.8, 1 / 6), rng.beta(0.8, 2.5)
        mean = rng.gamma(4, 1 / 1500)
        t = float(rng.uniform(0, 26))
        while t < weeks:
            rows.append((f"c{i}", JAN + timedelta(weeks=t), max(round(rng.gamma(6, 1 / mean)), 1)))
            t += rng.exponential(1 / rate)
            if len(rows) > 1 and rows[-1][0] == f"c{i}" and rng.random() < leave and rows[-1][1] > JAN + timedelta(weeks=26):
                break
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor"]).astype({"ordered_at": "datetime64[us]"})


def drawn(n=6000, seed=3):
    """Histories drawn from BG/NBD with r 0.8, alpha 6, a 0.8, b 2.5: drop-out may follow each repeat purchase."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        rate, leave, age = rng.gamma(0.8, 1 / 6), rng.beta(0.8, 2.5), rng.uniform(30, 78)
        t, x, last = rng.exponential(1 / rate), 0, 0.0
        while t < age:
            x, last = x + 1, t
            if rng.random() < leave:
                break
            t += rng.exponential(1 / rate)
        spend = rng.gamma(6 * x, 1 / rng.gamma(4, 1 / 1500)) / x if x else 0.0
        rows.append((x, last, age, spend))
    return pd.DataFrame(rows, columns=["frequency", "recency", "age", "monetary"])


def test_known_parameters_are_found_again():
    model = fit(drawn())
    assert (model.r, model.alpha) == pytest.approx((0.8, 6), rel=0.15)
    assert model.a / (model.a + model.b) == pytest.approx(0.8 / 3.3, rel=0.15)
    assert model.p * model.v / (model.q - 1) == pytest.approx(6 * 1500 / 3, rel=0.1)
    assert model.checks == ()


def test_a_history_counts_days_and_leaves_the_first_out_of_the_money():
    data = {"customer_id": ["a"] * 4, "ordered_at": [JAN, JAN + timedelta(hours=2), JAN + timedelta(days=7), JAN + timedelta(days=21)],
            "amount_minor": [100, 100, 300, 500]}  # fmt: skip
    row = history(as_table(data), JAN + timedelta(days=35)).to_pandas().iloc[0]
    assert (row["frequency"], row["recency"], row["age"], row["monetary"]) == (2, 3, 5, 400)


def test_a_forecast_from_orders_is_whole_and_reasonable():
    data = bought(800)
    found, model = lifetime_value(data, JAN + timedelta(weeks=78), weeks=26)
    assert model.customers == len(found)
    assert np.isfinite(found.drop(columns="customer_id").to_numpy(dtype=float)).all()
    assert found["alive"].between(0, 1).all()
    undiscounted, _ = lifetime_value(data, JAN + timedelta(weeks=78), weeks=26, yearly_discount=0)
    assert (undiscounted["value_minor"] >= found["value_minor"]).all()
    assert (undiscounted["value_minor"] - undiscounted["expected_purchases"] * undiscounted["expected_spend_minor"]).abs().max() < 1e-6
    checked = backtest(data, JAN + timedelta(weeks=52), JAN + timedelta(weeks=78))
    assert checked["error"] < checked["error_of_past_rate"]


def test_too_little_history_is_refused_and_unfit_spending_is_said():
    with pytest.raises(MeasureError, match="came back"):
        lifetime_value({"customer_id": ["a"], "ordered_at": [JAN], "amount_minor": [1]}, JAN + timedelta(days=9))
    with pytest.raises(MeasureError, match="currency"):
        lifetime_value({"customer_id": ["a", "b"], "ordered_at": [JAN] * 2, "amount_minor": [1, 1], "currency": ["EUR", "USD"]}, JAN + timedelta(days=9))
    model = fit(drawn(600).assign(monetary=100.0))
    assert model.p is None
    assert "could not be fitted" in model.checks[-1]
    assert np.isnan(model.spend([1], [100.0])).all()


def test_spending_that_goes_with_frequency_is_said():
    data = drawn(1500)
    model = fit(data.assign(monetary=data["frequency"] * 100.0 + data["monetary"] / 1e4))
    assert any("goes with frequency" in check for check in model.checks)
