"""What campaigns cost and bring."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats

from cx.analytics.campaigns import cac, conversion_rate, cost_per_click, cost_per_lead, ctr, lead_rate, marketing_share, roas, traffic


def campaigns(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({
        "day": pd.to_datetime(["2026-01-05", "2026-01-20", "2026-02-03"]), "channel": ["search", "social", "search"], "impressions": [1000, 2000, 3000],
        "clicks": [10, 60, 50], "visits": [8, 50, 42], "leads": [4, 6, 10], "conversions": [1, 2, 2], "spend_minor": [10_000, 20_000, 20_000],
        "revenue_minor": [30_000, 20_000, 100_000], "currency": "EUR",
    })  # fmt: skip
    return frame.assign(**columns)


def test_rates_are_of_sums_not_means_of_daily_rates() -> None:
    assert ctr(campaigns()).value == pytest.approx(100 * 120 / 6000)
    assert conversion_rate(campaigns()).value == 5
    assert lead_rate(campaigns()).value == 20
    assert traffic(campaigns()).value == 100


def test_costs_divide_spend_by_what_was_won_with_exact_poisson_bounds() -> None:
    e = cac(campaigns())
    assert (e.value, e.n, e.unit) == (100, 5, "EUR")
    assert e.low == pytest.approx(500 / (stats.chi2.ppf(0.975, 12) / 2))
    assert e.high == pytest.approx(500 / (stats.chi2.ppf(0.025, 10) / 2))
    assert cost_per_lead(campaigns()).value == 25
    assert cost_per_click(campaigns()).value == pytest.approx(500 / 120)


def test_return_on_spend_is_a_ratio_of_sums() -> None:
    e = roas(campaigns())
    assert e.value == 3
    assert 0 <= e.low < 3 < e.high
    assert roas(campaigns(), "channel")["value"].round(6).tolist() == [pytest.approx(13 / 3, abs=1e-5), 1]


def test_breakdowns_by_month_add_up_to_the_whole() -> None:
    assert cac(campaigns(), "month")["n"].tolist() == [3, 2]


def test_nobody_won_has_no_cost_and_says_what_was_spent() -> None:
    e = cac(campaigns(conversions=0))
    assert (e.value, e.warning) == (None, "no conversions for 500.00 EUR spent")
    assert roas(campaigns(spend_minor=0)).value is None
    assert cac(campaigns(spend_minor=0)).value is None
    assert ctr(campaigns().head(0)).value is None


def test_rows_that_know_only_one_side_do_not_count() -> None:
    assert cac(campaigns(spend_minor=[10_000, None, 20_000])).value == 100


def test_more_conversions_than_visits_are_no_share() -> None:
    assert "count different things" in conversion_rate(campaigns(visits=1)).warning


def test_currencies_are_never_mixed() -> None:
    mixed = campaigns(currency=["EUR", "USD", "EUR"])
    for measure in (cac, roas, cost_per_lead):
        assert measure(mixed).value is None
        assert measure(mixed, "currency")["value"].notna().all()


def test_what_marketing_sourced_is_a_share_of_the_won_money() -> None:
    deals = pd.DataFrame({
        "status": ["won", "won", "lost"], "campaign": ["spring", None, "spring"], "amount_minor": [100, 300, 900], "currency": "EUR",
        "closed_at": pd.to_datetime(["2026-01-01"] * 3),
    })  # fmt: skip
    assert marketing_share(deals).value == 25
