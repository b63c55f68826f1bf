"""Promises kept, broken, open and absent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.business_hours import business_hours
from cx.analytics.frame import as_table
from cx.analytics.measure import Scope
from cx.analytics.sla import SLA_RESOLUTION, STATES, Promise, attainment, policy, queue, sla_states
from cx.errors import MeasureError

MONDAY = datetime(2026, 3, 2, 9)
OFFICE = business_hours("mon-fri 09:00-17:00")


def tickets(*rows: tuple[str | None, float, float | None]) -> pd.DataFrame:
    """Priority, hour created, hour answered, counted from Monday 9:00."""
    at = [None if h is None else MONDAY + timedelta(hours=h) for _, _, h in rows]
    created = [MONDAY + timedelta(hours=h) for _, h, _ in rows]
    return pd.DataFrame({"priority": [p for p, _, _ in rows], "created_at": pd.to_datetime(created), "first_response_at": pd.to_datetime(pd.Series(at))})


def states(frame: pd.DataFrame, promises: tuple[Promise, ...], hours: float) -> list[str]:
    scope = Scope(as_of=MONDAY + timedelta(hours=hours), options={"policy": promises})
    table = as_table(frame.assign(n=range(len(frame))))
    return sla_states(table, scope).order_by("n").to_pyarrow().to_pydict()["_state"]


def test_each_ticket_is_met_breached_pending_or_excluded() -> None:
    frame = tickets(("high", 0, 1), ("high", 0, 3), ("high", 0, None), ("high", 4, None), ("odd", 0, 1), (None, 0, 1))
    assert states(frame, policy({"high": 120}), 5) == ["met", "breached", "breached", "pending", "excluded", "excluded"]


def test_attainment_divides_by_the_decided_only_and_counts_the_rest() -> None:
    frame = tickets(("High", 0, 1), ("high", 0, 3), ("high", 0, None), ("high", 4, None), ("odd", 0, 1))
    e = attainment(frame, policy({"HIGH": 120}), as_of=MONDAY + timedelta(hours=5.6))
    assert e.value == pytest.approx(100 / 3)
    assert (e.n, e.warning) == (3, "1 pending (1 at risk); 1 without a promise left out")


def test_a_reply_after_the_moment_looked_from_has_not_happened() -> None:
    assert states(tickets(("high", 0, 3)), policy({"high": 240}), 1) == ["pending"]


def test_exactly_in_time_is_met() -> None:
    assert states(tickets(("high", 0, 2)), policy({"high": 120}), 9) == ["met"]


def test_a_promise_in_business_hours_waits_for_the_morning() -> None:
    frame = tickets(("high", 7.5, 24.4), ("high", 7.5, 24.6))
    assert states(frame, policy({"high": 60}, hours=OFFICE), 30) == ["met", "breached"]


def test_promises_may_differ_in_hours_and_in_what_they_cover() -> None:
    promises = (Promise(60, where=(("priority", "urgent"),)), Promise(60, where=(("priority", "low"),), hours=OFFICE))
    assert states(tickets(("urgent", 7.5, 24), ("low", 7.5, 24)), promises, 30) == ["breached", "met"]


def test_waiting_for_the_customer_pauses_the_resolution_clock() -> None:
    frame = tickets(("high", 0, None), ("high", 0, None)).assign(resolved_at=MONDAY + timedelta(hours=10), paused_minutes=[0.0, 240.0])
    assert attainment(frame, policy({}, {"high": 480}), end="resolution", as_of=MONDAY + timedelta(days=3)).value == 50


def test_nothing_decided_has_no_attainment() -> None:
    e = attainment(tickets(("high", 0, None)), policy({"high": 120}), as_of=MONDAY + timedelta(hours=1))
    assert e.value is None
    assert e.warning == "no ticket is decided yet; 1 pending (0 at risk)"


def test_no_tickets_have_no_attainment() -> None:
    assert attainment(tickets(("high", 0, 1)).head(0), as_of=MONDAY).value is None


def test_it_can_be_broken_down() -> None:
    frame = tickets(("high", 0, 1), ("high", 0, 3), ("low", 0, 3), ("low", 24 * 7, 24 * 7 + 1))
    out = attainment(frame, policy(120), by=("priority", "week"), as_of=MONDAY + timedelta(days=30))
    assert out["value"].tolist() == [50, 0, 100]


def test_a_policy_that_promises_nothing_is_refused() -> None:
    with pytest.raises(MeasureError, match="must promise a time for the resolution"):
        attainment(tickets(("high", 0, 1)).assign(resolved_at=pd.NaT), policy({"high": 1}), end="resolution", as_of=MONDAY)


def test_a_promise_about_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(MeasureError, match="column tier"):
        attainment(tickets(("high", 0, 1)), (Promise(60, where=(("tier", "gold"),)),), as_of=MONDAY)


def test_the_queue_shows_the_most_overdue_first_with_its_due_time() -> None:
    frame = tickets(("high", 0, None), ("high", -1, None), ("high", 3, None), ("high", 0, 1), ("high", 2, None))
    out = queue(frame, policy({"high": 120}, hours=OFFICE), as_of=MONDAY + timedelta(hours=3.6))
    assert out["state"].tolist() == ["breached", "breached", "pending"]
    assert out["due_at"].tolist() == [pd.Timestamp(MONDAY + timedelta(hours=h)) for h in (2, 2, 4)]
    assert out["minutes_left"].round().tolist() == [-96, -96, 24]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["high", "low", None]), st.integers(0, 300), st.one_of(st.none(), st.integers(-5, 300))), min_size=1, max_size=30), st.integers(0, 400))
def test_the_states_partition_the_tickets(rows: list[tuple[str | None, int, int | None]], now: int) -> None:
    frame = tickets(*((p, a, None if b is None else a + b) for p, a, b in rows))
    found = states(frame, policy({"high": 60, "low": 600}, hours=OFFICE), now)
    assert len(found) == len(rows)
    assert set(found) <= set(STATES)
    assert [s == "excluded" for s in found] == [p is None for p, _, _ in rows]


def test_the_measure_says_which_column_it_misses() -> None:
    with pytest.raises(MeasureError, match="resolved_at"):
        SLA_RESOLUTION.expression({"tickets": as_table({"created_at": [MONDAY], "priority": ["high"]})})
