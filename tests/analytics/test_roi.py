"""Return on investment against hand calculations."""

from __future__ import annotations

import pytest

from cx.analytics.roi import Assumptions, break_even, returns, scenarios, sensitivity
from cx.errors import MeasureError

# 1 000 000 a year, 10 % churn, 2 points kept, 1 % added, half claimed, margin 60 %, 20 000 once, 1 000 a year, 2 years at 10 %
CASE = Assumptions(1_000_000, 10, 2, 1, 50, 60, 20_000, 1_000, ramp=0, years=2, discount=10)


def test_two_years_by_hand():
    found = returns(CASE)
    # year 1: kept 920 000 - 900 000 = 20 000, added 9 200; margin of half: 0.3 x 29 200 = 8 760
    assert found.years[0].benefit == pytest.approx(8_760)
    # year 2: kept 846 400 - 810 000 = 36 400, added 8 464; 0.3 x 44 864 = 13 459.2
    assert found.years[1].benefit == pytest.approx(13_459.2)
    assert found.npv == pytest.approx(-20_000 + 7_760 / 1.1 + 12_459.2 / 1.21)
    assert found.payback == pytest.approx(1 + (20_000 - 7_760) / 12_459.2)


def test_the_effect_grows_evenly_over_the_ramp():
    ramped = returns(Assumptions(1_000, 10, 10, 0, 100, 100, 0, 0, ramp=2, years=2, discount=0))
    assert [round(y.kept, 6) for y in ramped.years] == [50, 140]  # 950 - 900, then 950 - 810


def test_it_breaks_even_where_the_present_value_is_zero():
    even = break_even(CASE, "kept")
    assert even is not None
    assert returns(Assumptions(1_000_000, 10, even, 1, 50, 60, 20_000, 1_000, ramp=0, years=2, discount=10)).npv == pytest.approx(0, abs=1e-3)


def test_the_low_scenario_takes_every_unfavourable_end_and_the_widest_swing_comes_first():
    ranges = {"kept": (0.0, 4.0), "once": (10_000.0, 21_000.0)}
    low, base, high = scenarios(CASE, ranges)
    assert (low.assumptions.once, high.assumptions.once) == (21_000, 10_000)
    assert low.result.npv < base.result.npv < high.result.npv
    assert sensitivity(CASE, ranges)[0].name == "kept"


def test_impossible_shares_are_refused():
    with pytest.raises(MeasureError):
        returns(Assumptions(1, 120, 0, 0, 50, 50, 0, 0))
