"""Paths: the graph, what comes next and before, and sums that add up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.paths import directly_follows, next_steps, paths
from cx.errors import MeasureError

JAN = datetime(2025, 1, 1)


def log(**customers):
    rows = [(c, e, JAN + timedelta(hours=i)) for c, events in customers.items() for i, e in enumerate(events)]
    return pd.DataFrame(rows, columns=["customer_id", "event", "happened_at"]).astype({"happened_at": "datetime64[us]"})


def test_the_graph_counts_who_follows_whom_and_how_long_it_takes():
    """Log [<a,b,c>, <a,c>]: a>b 1, a>c 1, b>c 1 with one start and one end each."""
    found = directly_follows(log(x="abc", y="ac")).set_index(["source", "target"])
    assert found["count"].to_dict() == {("(start)", "a"): 2, ("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 1, ("c", "(end)"): 2}
    assert found.loc[("a", "b"), "mean_hours"] == 1
    assert found.loc[("a", "b"), "share"] == 50


def test_paths_go_forward_and_back():
    data = log(x="abc", y="abd", z="ab")
    ahead = paths(data, "a", steps=2)
    assert ahead[["step_1", "step_2", "count"]].values.tolist() == [["b", "(end)", 1], ["b", "c", 1], ["b", "d", 1]]
    back = paths(data, "b", direction="before", steps=2)
    assert back[["step_1", "step_2", "count"]].values.tolist() == [["a", "(start)", 3]]


def test_what_exceeds_the_limit_is_other():
    found = paths(log(v="ab", w="ab", x="ac", y="ad", z="ae"), "a", steps=1, limit=2)
    assert found[["step_1", "count"]].values.tolist() == [["b", 2], ["c", 1], ["(other)", 2]]
    assert found["share"].sum() == pytest.approx(100)


def test_an_event_that_repeats_itself_is_read_once_unless_told_otherwise():
    assert paths(log(x="aab"), "a", steps=1)["step_1"].tolist() == ["b"]
    assert paths(log(x="aab"), "a", steps=1, collapse=False)["step_1"].tolist() == ["a", "b"]


def test_the_drop_off_is_an_end():
    assert next_steps(log(x="a", y="ab"), "a")["step_1"].tolist() == ["(end)", "b"]


def test_an_empty_log_and_an_unknown_event_have_no_paths():
    assert directly_follows(log()).empty
    assert paths(log(x="ab"), "q").empty
    assert paths(log(), "a").empty


def test_what_makes_no_sense_is_refused():
    with pytest.raises(MeasureError, match="after or before"):
        paths(log(x="ab"), "a", direction="sideways")
    with pytest.raises(MeasureError, match="event"):
        directly_follows({"customer_id": ["a"], "happened_at": [JAN]})


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text("abc", max_size=6), min_size=1, max_size=5))
def test_what_flows_into_an_event_flows_out_again(customers):
    data = log(**{f"c{i}": events for i, events in enumerate(customers)})
    found = directly_follows(data)
    for event in set("".join(customers)):
        into = found.loc[found["target"] == event, "count"].sum()
        out = found.loc[found["source"] == event, "count"].sum()
        assert into == out == sum(events.count(event) for events in customers)
    everything = paths(data, "a", limit=1, collapse=False)
    assert everything["count"].sum() == sum(events.count("a") for events in customers)
