"""Open tickets at a moment and over time."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from cx.analytics.backlog import backlog, backlog_age
from cx.analytics.measure import Scope

TICKETS = pd.DataFrame(
    {
        "team": ["a", "a", "b", "b"],
        "created_at": pd.to_datetime(["2025-12-20", "2026-01-10", "2026-01-12", "2026-03-01"]),
        "resolved_at": pd.to_datetime(["2026-01-15", None, "2026-02-01", None]),
    }
)


def test_the_backlog_at_a_moment_counts_what_was_open_then() -> None:
    assert backlog(TICKETS, scope=Scope(as_of=datetime(2026, 1, 13))).value == 3
    assert backlog(TICKETS).value == 2


def test_the_backlog_over_time_carries_what_was_open_before_the_scope() -> None:
    out = backlog(TICKETS, "month", Scope(datetime(2026, 1, 1), datetime(2026, 4, 1)))
    assert out["value"].tolist() == [2, 1, 2]


def test_each_end_of_period_equals_the_backlog_at_that_moment() -> None:
    out = backlog(TICKETS, ("team", "month"))
    for row in out.itertuples():
        end = row.month + pd.offsets.MonthBegin(1)
        assert row.value == backlog(TICKETS[TICKETS["team"] == row.team], scope=Scope(as_of=(end - pd.Timedelta(seconds=1)).to_pydatetime())).value


def test_no_tickets_are_a_backlog_of_none() -> None:
    assert backlog(TICKETS.head(0), scope=Scope(as_of=datetime(2026, 1, 1))).value == 0
    assert backlog_age(TICKETS.head(0), scope=Scope(as_of=datetime(2026, 1, 1))).value is None


def test_a_resolution_before_the_creation_closes_at_creation() -> None:
    odd = pd.DataFrame({"created_at": pd.to_datetime(["2026-02-10"]), "resolved_at": pd.to_datetime(["2026-01-10"])})
    assert backlog(odd, "month")["value"].tolist() == [0]


def test_age_is_measured_to_the_moment_looked_from() -> None:
    assert backlog_age(TICKETS, "team", Scope(as_of=datetime(2026, 3, 11)))["value"].tolist() == [60, 10]
