"""Sharing the credit for conversions."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.attribution import MODELS, NO_TOUCH, attribution, example, journeys, removal_effects, transitions
from cx.analytics.measure import Scope
from cx.errors import MeasureError

BRYL = example([(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)])


def credit(frame: pd.DataFrame, *models: str, **options: object) -> dict[str, list[float]]:
    out = attribution(frame, "conversion", models, **options)
    return {row[0]: [round(float(v), 6) for v in row[1:]] for row in out.itertuples(index=False)}


def test_the_published_markov_example() -> None:
    """Bryl, Marketing multi-channel attribution model with R (analyzecore.com, 2016): effects 0.5, 1, 1; credit 0.2, 0.4, 0.4."""
    assert removal_effects(transitions(journeys(BRYL, "conversion"))) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
    assert credit(BRYL, "markov") == {"C1": [0.2], "C2": [0.4], "C3": [0.4]}


def test_the_rules_of_position_and_time() -> None:
    one = example([(["a", "b", "c", "d"], True)])
    assert credit(one, "first", "last", "linear", "position") == {
        "a": [1, 0, 0.25, 0.4], "b": [0, 0, 0.25, 0.1], "c": [0, 0, 0.25, 0.1], "d": [0, 1, 0.25, 0.4],
    }  # fmt: skip
    assert credit(example([(["a", "b"], True)]), "position") == {"a": [0.5], "b": [0.5]}
    assert credit(example([(["a"], True)]), "position", "time_decay", "markov") == {"a": [1, 1, 1]}


def test_time_decay_halves_with_every_half_life() -> None:
    assert credit(example([(["a", "b"], True)]), "time_decay", half_life_days=1) == {"a": [round(1 / 3, 6)], "b": [round(2 / 3, 6)]}


def test_a_touch_before_the_window_does_not_count() -> None:
    assert credit(example([(["a", "b", "c"], True)]), "linear", window_days=2) == {"b": [0.5], "c": [0.5]}


def test_each_conversion_has_its_own_path() -> None:
    frame = pd.DataFrame({
        "customer_id": ["x"] * 5, "channel": ["a", None, "b", None, "c"], "event": ["t", "conversion", "t", "conversion", "t"],
        "happened_at": pd.to_datetime([f"2026-01-0{d}" for d in range(1, 6)]),
    })  # fmt: skip
    assert credit(frame, "first", "last", "linear") == {"a": [1, 1, 1], "b": [1, 1, 1]}


def test_conversions_without_a_touch_are_not_lost() -> None:
    frame = example([(["a"], True), ([], True)])
    assert credit(frame, "first", "markov") == {NO_TOUCH: [1, 1], "a": [1, 1]}


def test_a_touch_of_the_same_moment_comes_before_the_conversion() -> None:
    frame = example([(["a"], True)]).assign(happened_at=pd.Timestamp("2026-01-01"))
    assert credit(frame, "last") == {"a": [1]}


def test_a_channel_repeated_in_a_path_changes_nothing_in_the_chain() -> None:
    again = example([(["C1", "C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3", "C3"], False)])
    assert set(credit(again, "markov")) == {"C1", "C2", "C3"}


def test_only_conversions_of_the_scope_count_but_their_touches_may_be_older() -> None:
    frame = example([(["a", "b"], True)])
    assert credit(frame, "first", scope=Scope(datetime(2026, 1, 3), datetime(2026, 1, 9))) == {"a": [1], "b": [0]}
    assert credit(frame, "first", scope=Scope(datetime(2026, 1, 4), datetime(2026, 1, 9))) == {}
    assert credit(frame, "first", "markov", scope=Scope(as_of=datetime(2026, 1, 2))) == {}


def test_nothing_gives_nothing_and_unknown_models_are_refused() -> None:
    assert attribution(BRYL.head(0), "conversion").empty
    with pytest.raises(MeasureError, match="found magic"):
        attribution(BRYL, "conversion", ("magic",))
    with pytest.raises(MeasureError, match="longer than no days"):
        attribution(BRYL, "conversion", window_days=0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.lists(st.sampled_from("abcd"), max_size=5), st.booleans()), min_size=1, max_size=12))
def test_every_model_adds_up_to_the_conversions(paths: list[tuple[list[str], bool]]) -> None:
    out = attribution(example(paths), "conversion")
    for model in (*MODELS, "markov"):
        assert out[model].sum() == pytest.approx(sum(won for _, won in paths))
        assert (out[model] >= 0).all()
