from __future__ import annotations

import pytest

from cx.analytics.estimate import Difference, Estimate, undefined
from cx.ui.cards import Card, missed, quiet_line, spoken, tone

NPS = Estimate(31, 27, 35, 2184, "points")
WORSE = Difference(-6, -9, -3, p=0.001)


@pytest.mark.parametrize(
    ("change", "better", "expected"),
    [(WORSE, "higher", "bad"), (WORSE, "lower", "good"), (WORSE, "", ""), (Difference(6, p=0.01), "higher", "good"), (Difference(6, p=0.01), "lower", "bad"), (Difference(-6, p=0.2), "higher", ""), (Difference(0.0, p=1.0), "higher", ""), (Difference(None), "higher", ""), (None, "higher", "")],
)  # fmt: skip
def test_only_a_significant_change_has_a_colour_and_lower_is_better_inverts_it(change: Difference | None, better: str, expected: str) -> None:
    assert tone(Card("k", "K", NPS, change, better=better)) == expected  # type: ignore[arg-type]


def test_the_quiet_line_holds_interval_n_and_target() -> None:
    assert quiet_line(Card("k", "NPS", NPS, target=40)) == "27\u00a0to\u00a035\u00a0· n\u00a02,184\u00a0· target\u00a040"
    assert quiet_line(Card("k", "Revenue", Estimate(100, n=0, unit="EUR"))) == ""


def test_an_undefined_value_says_why() -> None:
    assert quiet_line(Card("k", "Win rate", undefined("no deal was closed"))) == "no deal was closed"


def test_a_hidden_card_shows_neither_value_nor_interval() -> None:
    card = Card("k", "NPS", Estimate(55, 20, 80, 4, "points"), WORSE, target=40, hidden=True)
    assert "55" not in quiet_line(card) + spoken(card)
    assert "20" not in quiet_line(card) + spoken(card)
    assert missed(card) is None


def test_a_target_is_missed_on_the_side_that_is_worse() -> None:
    assert missed(Card("k", "NPS", NPS, target=40)) is True
    assert missed(Card("k", "Churn", Estimate(1.5, unit="%"), target=1.8, better="lower")) is False
    assert missed(Card("k", "NPS", NPS)) is None


def test_a_card_can_be_heard() -> None:
    assert spoken(Card("k", "NPS", NPS, WORSE, 40)) == "NPS: 31 (27 to 35, n\u00a02,184), -6 against the period before, significant, target 40"
