"""Health: weighted over the parts that are known."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from cx.analytics.health import Part, health
from cx.errors import MeasureError

PARTS = [Part("use", 2), Part("score", 1, 0, 10), Part("tickets", 1, 10, 0)]


def test_the_parts_count_by_their_weight_and_direction():
    found = health({"use": [50], "score": [10], "tickets": [10]}, PARTS)
    assert found[["health", "coverage", "band"]].values.tolist() == [[50.0, 100.0, "watch"]]


def test_a_missing_part_is_left_out_and_is_not_nought():
    found = health({"use": [80.0, None], "score": [None, math.nan], "tickets": [None, 0.0]}, PARTS)
    assert found["health"].tolist() == [80.0, 100.0]
    assert found["coverage"].tolist() == [50.0, 25.0]


def test_where_nothing_is_known_there_is_no_health():
    found = health({"use": [None], "score": [None], "tickets": [None]}, PARTS)
    assert found["health"].isna().all()
    assert found["band"].tolist() == ["unknown"]


def test_values_beyond_the_ends_are_cut_off():
    assert health({"use": [1e12, -5]}, [Part("use")])["health"].tolist() == [100.0, 0.0]


def test_no_rows_give_no_rows():
    assert health(pd.DataFrame({"use": pd.Series(dtype=float)}), [Part("use")]).empty


def test_parts_that_make_no_sense_are_refused():
    for wrong in (lambda: Part("use", 0), lambda: Part("use", 1, 5, 5), lambda: health({"use": [1]}, []), lambda: health({"use": [1]}, PARTS),
                  lambda: health({"use": ["a"]}, [Part("use")])):  # fmt: skip
        with pytest.raises(MeasureError):
            wrong()


@limits(max_examples=10, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(-50, 150))] * 3), min_size=1, max_size=10))
def test_health_lies_between_nought_and_a_hundred(rows):
    found = health(pd.DataFrame(rows, columns=["use", "score", "tickets"]).astype("Float64"), PARTS)
    assert found["health"].dropna().between(0, 100).all()
    assert (found["coverage"].eq(0) == found["health"].isna()).all()
