"""Funnels: against a slow reference that tries every attempt, and against worked examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from zoneinfo import ZoneInfo

import ibis
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.attempts import Exclusion, Funnel, attempts
from cx.analytics.funnel import JOURNEY_CONVERSION, STEP_CONVERSION, TIME_TO_CONVERT, funnel, stage_counts
from cx.analytics.furthest import follows, furthest
from cx.analytics.measure import Scope, answer
from cx.errors import MeasureError

DAY = timedelta(days=1)
T0 = datetime(2025, 1, 1)
LATE = datetime(2026, 1, 1)


def log(**customers):
    """{"a": "ABC"} or {"a": [("A", 0), ("B", 3)]} with moments in days -> a table of events."""
    rows = []
    for customer, events in customers.items():
        pairs = [(name, i) for i, name in enumerate(events)] if isinstance(events, str) else events
        rows += [(customer, name, T0 + moment * DAY) for name, moment in pairs]
    return pd.DataFrame(rows, columns=["customer_id", "event", "happened_at"])


def depth(events, steps, **more):
    """The deepest step one customer reaches."""
    result = funnel(log(x=events), steps, as_of=LATE, **more)
    return int((result["customers"] > 0).sum())


# --- the reference: every attempt written out -------------------------------------------------------------------


def chain(entry, events, steps, window, exclusions):
    """Depth and arrival times of the attempt that starts with `entry`, trying every assignment of its moment ties."""
    best = (1, [entry[1]])
    todo = [([entry], 1)]
    while todo:
        taken, done = todo.pop()
        times = [e[1] for e in taken]
        if (done, [-(t - T0).total_seconds() for t in times]) > (best[0], [-(t - T0).total_seconds() for t in best[1]]):
            best = (done, times)
        if done == len(steps):
            continue
        nexts = [e for e in events if e[0] == steps[done] and e not in taken and times[-1] <= e[1] <= entry[1] + window]
        if not nexts:
            continue
        first = min(e[1] for e in nexts)
        for x in exclusions:
            if x.after <= done < (x.before or len(steps)):
                since = times[x.after - 1]
                if any(e[0] == x.event and since < e[1] < first for e in events):
                    nexts = []
        todo += [([*taken, e], done + 1) for e in nexts if e[1] == first]
    return best


def strictly(entry, events, steps, window, exclusions):
    tracked = sorted((e for e in events if e[0] in steps), key=lambda e: (e[1], steps.index(e[0]), e[2]))
    at = tracked.index(entry)
    times = [entry[1]]
    for step, e in zip(steps[1:], tracked[at + 1 :], strict=False):
        done = len(times)
        broken = any(
            x.after <= done < (x.before or len(steps)) and any(o[0] == x.event and times[x.after - 1] < o[1] < e[1] for o in events)
            for x in exclusions
        )
        if e[0] != step or e[1] > entry[1] + window or broken:
            break
        times.append(e[1])
    return len(times), times


def anyhow(entry, events, steps, window, exclusions):
    stop = min((e[1] for x in exclusions for e in events if e[0] == x.event and e[1] > entry[1]), default=datetime.max)
    within = [e for e in events if e[0] in steps and entry[1] <= e[1] <= min(entry[1] + window, stop)]
    found = 0
    for name in set(steps):
        found += min(steps.count(name), sum(e[0] == name for e in within))
    return found, [entry[1]]


REFERENCE = {"ordered": chain, "strict": strictly, "any": anyhow}


def reference(events, steps, window, order, exclusions):
    """(depth, entry) of the attempt that counts: the deepest, then the earliest."""
    entries = [e for e in events if (e[0] in steps if order == "any" else e[0] == steps[0])]
    tries = [(*REFERENCE[order](entry, events, steps, window, exclusions), entry[1]) for entry in entries]
    return min(((-deep, entry, times) for deep, times, entry in tries), default=None)


EVENTS = st.lists(st.tuples(st.sampled_from("ABCDX"), st.integers(0, 7)), max_size=9)
STEPS = st.sampled_from(["ABC", "ABCD", "ABA", "AAB", "AB", "ABAB", "AA", "ABBA", "ABCAC"])
EXCLUSIONS = st.sampled_from([(), (Exclusion("X"),), (Exclusion("X", 1, 2),), (Exclusion("X", 2, 3),), (Exclusion("X", 2),)])


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=6), STEPS, st.integers(1, 7), st.sampled_from(sorted(REFERENCE)), EXCLUSIONS)
def test_the_engine_agrees_with_trying_every_attempt(customers, steps, days, order, exclusions):
    steps = tuple(steps)
    if order == "any":
        exclusions = tuple(x for x in exclusions if (x.after, x.before) == (1, None))
    exclusions = tuple(x for x in exclusions if x.after < (x.before or len(steps)) <= len(steps))
    window = days * DAY
    question = Funnel(steps, window, order, exclusions)
    data = log(**{f"c{i}": events for i, events in enumerate(customers)})
    found = attempts(ibis.memtable(data, columns=data.columns) if len(data) else _nothing(), question).to_pyarrow().to_pylist()
    for i, events in enumerate(customers):
        numbered = [(name, T0 + moment * DAY, line) for line, (name, moment) in enumerate(events)]
        expected = reference(numbered, steps, window, order, exclusions)
        mine = [(-row["depth"], row["entry"], row) for row in found if row["customer_id"] == f"c{i}"]
        assert (expected is None) == (not mine)
        if expected:
            deep, entry, row = min(mine, key=lambda each: each[:2])
            assert (deep, entry) == expected[:2]
            if order != "any":
                assert [row["entry"]] + [row[f"at_{k}"] for k in range(2, -deep + 1)] == expected[2]
    if follows(question):
        short = furthest(ibis.memtable(data, columns=data.columns) if len(data) else _nothing(), question, keep=("event",)).to_pyarrow().to_pylist()
        best = {who: min((row for row in found if row["customer_id"] == who), key=lambda row: (-row["depth"], row["entry"])) for who in {row["customer_id"] for row in found}}
        assert {row["customer_id"]: (row["depth"], row["entry"], row["event"]) for row in short} == {who: (row["depth"], row["entry"], steps[0]) for who, row in best.items()}
        assert all(row["at"] == (best[row["customer_id"]][f"at_{row['depth']}"] if row["depth"] > 1 else row["entry"]) for row in short)
        assert all(row["_last"] == max(each["entry"] for each in found if each["customer_id"] == row["customer_id"]) for row in short)


def _nothing():
    return ibis.memtable(pd.DataFrame({"customer_id": pd.Series(dtype=str), "event": pd.Series(dtype=str), "happened_at": pd.Series(dtype="datetime64[us]")}))


# --- worked examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("events", "expected"), [("ABCDE", 5), ("ABFCDE", 5), ("ABCE", 3), ("ABCEDE", 5)])
def test_an_ordered_funnel_lets_other_events_pass_and_skips_no_step(events, expected):
    assert depth(events, "ABCDE") == expected


@pytest.mark.parametrize(("events", "expected"), [("ABC", 3), ("AFBFC", 3), ("ABBC", 2), ("ACB", 1), ("ABABC", 3), ("AAB", 2)])
def test_a_strict_funnel_allows_no_tracked_event_between_two_steps(events, expected):
    assert depth(events, "ABC", order="strict") == expected


@pytest.mark.parametrize("events", ["".join(p) for p in permutations("ABC")])
def test_any_order_takes_the_steps_as_they_come(events):
    assert depth(events, "ABC", order="any") == 3


def test_the_window_is_counted_from_the_entry_and_its_last_moment_still_counts():
    events = [("A", 0), ("B", 10), ("C", 14)]
    assert depth(events, "ABC", window=14 * DAY) == 3
    assert depth([*events[:2], ("C", 14 + 1 / 86400)], "ABC", window=14 * DAY) == 2
    assert depth([("A", 0), ("B", 10), ("C", 20)], "ABC", window=14 * DAY) == 2


def test_a_later_entry_may_convert_where_the_first_did_not():
    assert depth([("A", 0), ("A", 20), ("B", 21), ("C", 22)], "ABC", window=5 * DAY) == 3


def test_steps_may_share_a_moment_but_no_event_serves_two_steps():
    assert depth([("C", 0), ("B", 0), ("A", 0)], "ABC") == 3
    assert depth([("A", 0)], "AA") == 1
    assert depth([("A", 0), ("A", 0)], "AA") == 2
    assert depth([("A", 0), ("B", 0)], "ABA") == 2
    assert depth([("A", 0), ("B", 0), ("A", 1)], "ABA") == 3
    assert depth([("A", 0)], "AA", order="any") == 1


def test_an_excluded_event_ends_the_attempt():
    assert depth("AXB", "AB") == 2
    assert depth("AXB", "AB", exclude=["X"]) == 1
    assert depth("AXAB", "AB", exclude=["X"]) == 2
    assert depth("ABXC", "ABC", exclude=[Exclusion("X", 1, 2)]) == 3
    assert depth("ABXC", "ABC", exclude=[Exclusion("X", 2, 3)]) == 2


def test_a_step_may_be_one_of_several_events():
    assert depth("AQ", [("A", "B"), ("P", "Q")]) == 2


def test_who_can_still_convert_is_neither_converted_nor_lost():
    data = log(done="ABC", lost="AB", waiting=[("A", 90), ("B", 91)], new=[("A", 95)])
    result = funnel(data, "ABC", as_of=T0 + 96 * DAY)
    assert result["customers"].tolist() == [4, 3, 1]
    assert result["in_progress"].tolist() == [1, 1, 0]
    assert result["lost"].tolist() == [0, 1, 0]
    assert not result["complete"].any()
    e = answer(JOURNEY_CONVERSION, {"interactions": ibis.memtable(data)}, scope=Scope(as_of=T0 + 96 * DAY, options={"steps": "ABC"}))
    assert (e.value, e.n) == (50.0, 2)
    assert "2 still within their window" in e.warning


def test_what_happens_after_the_data_date_is_not_known_yet():
    data = log(a=[("A", 0), ("B", 5)])
    e = answer(JOURNEY_CONVERSION, {"interactions": ibis.memtable(data)}, scope=Scope(as_of=T0 + 2 * DAY, options={"steps": "AB"}))
    assert e.value is None
    assert "all 1 who entered" in e.warning


def test_a_scope_bounds_the_entries_and_lets_the_steps_follow_after_it():
    data = log(a=[("A", 0), ("B", 5)], b=[("A", 4), ("B", 5)], c=[("A", -1), ("B", 1)])
    result = funnel(data, "AB", start=T0, end=T0 + 3 * DAY, as_of=LATE)
    assert result["customers"].tolist() == [1, 1]


def test_time_to_convert_is_that_of_the_earliest_attempt_that_converted():
    data = log(a=[("A", 0), ("B", 1)], b=[("A", 0), ("A", 1), ("B", 4)], c=[("A", 0), ("B", 10)], d="A")
    result = funnel(data, "AB", as_of=LATE)
    assert result["median_hours"].iloc[1] == 4 * 24
    assert result["mean_hours"].iloc[1] == 5 * 24
    e = answer(TIME_TO_CONVERT, {"interactions": ibis.memtable(data)}, scope=Scope(as_of=LATE, options={"steps": "AB"}))
    assert (e.value, e.n) == (96.0, 3)


def test_the_median_has_its_rank_interval():
    data = log(**{f"c{i}": [("A", 0), ("B", i)] for i in range(1, 12)})
    e = answer(TIME_TO_CONVERT, {"interactions": ibis.memtable(data)}, scope=Scope(as_of=LATE, options={"steps": "AB"}))
    assert (e.value, e.low, e.high) == (6 * 24, 2 * 24, 10 * 24)


def test_a_breakdown_names_the_touch_it_goes_by():
    data = log(a="AB", b="AB", c="AB").assign(channel=["web", "app", "web", "shop", "app", "app"])
    first = funnel(data, "AB", by="channel", as_of=LATE)
    last = funnel(data, "AB", by="channel", attribution="last touch", as_of=LATE)
    assert first.groupby("channel")["customers"].max().to_dict() == {"app": 1, "web": 2}
    assert last.groupby("channel")["customers"].max().to_dict() == {"app": 2, "shop": 1}


def test_a_trend_goes_by_the_date_of_entry_and_marks_what_is_not_over():
    data = log(a="AB", b=[("A", 31), ("B", 32)], c=[("A", 33)])
    result = funnel(data, "AB", by="month", as_of=datetime(2025, 2, 20))
    assert result["customers"].tolist() == [1, 1, 2, 1]
    assert result["complete"].tolist() == [True, True, False, False]


def test_a_step_of_the_funnel_is_a_measure_of_its_own():
    data = log(a="ABC", b="AB", c="A", d="AB")
    e = answer(STEP_CONVERSION, {"interactions": ibis.memtable(data)}, scope=Scope(as_of=LATE, options={"steps": "ABC", "step": 3}))
    assert (round(e.value, 1), e.n) == (33.3, 3)


def test_nobody_and_nothing_give_no_value_and_no_crash():
    result = funnel(_nothing(), "AB", as_of=LATE)
    assert result["customers"].tolist() == [0, 0]
    e = answer(JOURNEY_CONVERSION, {"interactions": _nothing()}, scope=Scope(options={"steps": "AB"}))
    assert (e.value, e.warning) == (None, "nobody entered")
    assert answer(TIME_TO_CONVERT, {"interactions": _nothing()}, scope=Scope(options={"steps": "AB"})).value is None


def test_events_without_customer_name_or_moment_are_not_followed():
    data = pd.concat([log(a="AB"), pd.DataFrame({"customer_id": [None, "b", "c"], "event": ["A", None, "A"], "happened_at": [T0, T0, pd.NaT]})])
    assert funnel(data, "AB", as_of=LATE)["customers"].tolist() == [1, 1]


def test_moments_with_an_offset_are_compared_as_instants():
    zone = ZoneInfo("America/New_York")
    frame = pl.DataFrame({"customer_id": ["a", "a"], "event": ["A", "B"],
                          "happened_at": [datetime(2025, 1, 1, 23, tzinfo=zone), datetime(2025, 1, 2, 1, tzinfo=zone)]})  # fmt: skip
    result = funnel(frame, "AB", start=datetime(2025, 1, 2, 4, tzinfo=UTC), as_of=LATE)
    assert result["customers"].tolist() == [1, 1]
    assert result["median_hours"].iloc[1] == 2


@settings(max_examples=10, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=6), st.sampled_from(sorted(REFERENCE)))
def test_a_funnel_never_widens_and_everyone_is_somewhere(customers, order):
    result = funnel(log(**{f"c{i}": [*events, ("A", 0)] for i, events in enumerate(customers)}), "ABC", order=order, as_of=T0 + 16 * DAY)
    counts = result["customers"].tolist()
    assert all(one >= two for one, two in combinations(counts, 2))
    assert counts[0] == counts[-1] + result["lost"].sum() + result["in_progress"].sum() == len(customers)


def test_questions_that_make_no_sense_are_refused():
    for wrong in (
        {"steps": "A"}, {"steps": "AB", "order": "backwards"}, {"steps": "AB", "window": timedelta(0)}, {"steps": "AB", "exclude": ["A"]},
        {"steps": [("A", "B"), ("B", "C")]}, {"steps": "AB", "by": "nothing"}, {"steps": "AB", "attribution": "middle touch"},
    ):  # fmt: skip
        with pytest.raises(MeasureError):
            funnel(log(a="AB"), **wrong)
    with pytest.raises(MeasureError, match="happened_at"):
        funnel({"customer_id": ["a"], "event": ["A"]}, "AB")
    with pytest.raises(MeasureError, match="steps"):
        answer(JOURNEY_CONVERSION, {"interactions": ibis.memtable(log(a="AB"))})


def test_counts_without_customers_are_labelled_as_such():
    result = stage_counts({"lead": 40, "deal": 0, "won": 5})
    assert result["note"].unique().tolist() == ["stage counts, not a cohort"]
    assert pd.isna(result["conversion"].iloc[2])
