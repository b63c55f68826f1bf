"""Opportunity and RICE."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.analytics.needs import opportunity_band, opportunity_score, rated_share, rice
from cx.errors import MeasureError

scale = st.floats(0, 10)


def test_the_published_opportunities() -> None:
    """Ulwick, Turn customer input into innovation, Harvard Business Review 80 (2002): importance 9.5 and satisfaction 3.2 give 15.8."""
    assert opportunity_score(9.5, 3.2) == pytest.approx(15.8)
    assert opportunity_score([8.3, 5.0], [4.2, 9.0]).tolist() == pytest.approx([12.4, 5.0])


@given(scale, scale)
def test_the_score_is_from_0_to_20_and_at_least_the_importance(importance: float, satisfaction: float) -> None:
    assert importance <= opportunity_score(importance, satisfaction) <= 20


def test_missing_parts_give_no_score() -> None:
    assert np.isnan(opportunity_score(None, 3))
    assert opportunity_band(None) == opportunity_band(float("nan")) == "unknown"
    assert np.isnan(rice(10, 1, 0.5, 0))
    assert rated_share([]) is None


def test_values_off_the_scale_are_refused() -> None:
    with pytest.raises(MeasureError, match="importance must be from 0 to 10"):
        opportunity_score(11, 3)
    with pytest.raises(MeasureError, match=r"write 0\.8 for 80"):
        rice(1, 1, 80, 1)
    with pytest.raises(MeasureError, match="reach must not be negative"):
        rice(-1, 1, 0.8, 1)


def test_rice_of_many_ideas() -> None:
    assert rice([1000, 500], [2, 3], [0.5, 1], [1, 5]).tolist() == [1000, 300]
