"""What was prepared once reads, for any period, exactly as if it had been written for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import ibis
import pytest

from cx import scorecard
from cx.analytics import sla
from cx.analytics.business_hours import business_hours
from cx.analytics.measure import Scope, plain
from cx.blueprint.catalogue import KPIS
from cx.errors import MeasureError
from cx.facts import engine, prepared
from cx.facts.filters import Filters

PERIODS = (
    (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)),
    (datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
    (datetime(2025, 8, 3, tzinfo=UTC), datetime(2026, 8, 3, tzinfo=UTC)),
    (datetime(2019, 12, 31, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
)


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_memory", {})
    monkeypatch.setattr(prepared, "_written", {})


@pytest.mark.parametrize("key", [key for key, row in KPIS.items() if scorecard._facts_only(row)])
def test_every_kpi_prepared_once_asks_for_any_period_what_it_would_have_asked(key: str) -> None:
    def build(dates: prepared.Dates) -> Any:
        return scorecard._expression(key, Filters(dates[0], dates[1]), (), (), dates[2], False, "")

    for start, end in PERIODS[2:3]:
        try:
            direct = str(ibis.to_sql(build((start, end, end)), dialect="duckdb", pretty=False))
        except MeasureError:
            continue
        assert prepared.question(key, (start, end, end), build) == direct


def by_start(dates: prepared.Dates) -> Any:
    table = engine.tables()["responses"]
    return Scope(dates[0], dates[1]).during(table, "answered_at").count().as_table()


def test_a_question_is_written_for_two_trial_periods_and_then_never_again() -> None:
    made: list[prepared.Dates] = []

    def build(dates: prepared.Dates) -> Any:
        made.append(dates)
        return by_start(dates)

    texts = {prepared.question("count", (start, end, end), build) for start, end in PERIODS}
    assert len(texts) == len(PERIODS)
    assert len(made) == 2


def test_a_question_that_depends_on_the_length_of_its_period_is_written_for_each() -> None:
    def build(dates: prepared.Dates) -> Any:
        assert dates[0]
        assert dates[1]
        return engine.tables()["responses"].limit((dates[1] - dates[0]).days)

    for start, end in PERIODS:
        assert f"LIMIT {(end - start).days}" in str(prepared.question("length", (start, end, end), build))


def test_a_question_open_at_one_end_is_another_question() -> None:
    start, end = PERIODS[0]
    both, late = (str(prepared.question("count", dates, by_start)) for dates in ((start, end, end), (start, None, None)))
    assert both.count("MAKE_TIMESTAMP") == 2
    assert late.count("MAKE_TIMESTAMP") == 1


def test_what_was_prepared_is_there_at_the_next_start(store: str) -> None:
    start, end = PERIODS[0]
    first = prepared.question("kept", (start, end, end), by_start, keep=True)
    prepared._memory.clear()

    def never(dates: prepared.Dates) -> Any:
        raise AssertionError("it was prepared already")

    assert prepared.question("kept", (start, end, end), never, keep=True) == first


def test_a_kept_file_that_was_cut_off_costs_only_its_last_line(store: str) -> None:
    start, end = PERIODS[0]
    prepared.question("kept", (start, end, end), by_start, keep=True)
    with prepared.place().open("a") as file:
        file.write('["abc", ["SELE')
    assert len(prepared._disk()) == 1


def test_a_question_that_carries_rows_of_its_own_stays_an_expression() -> None:
    start, end = PERIODS[0]
    hours = ibis.memtable({"weekday": [0, 1], "opens": [8, 9]})
    found = prepared.question("hours", (start, end, end), lambda dates: by_start(dates).cross_join(hours))
    assert not isinstance(found, str)


def test_opening_hours_are_written_once_for_all_periods_and_lent_to_the_query(demo: str) -> None:
    """The calendar of the hours is known by a name: what is computed is the same as with its rows in the expression."""
    hours = business_hours("mon-fri 09:00-12:00 13:00-17:00", "Europe/Berlin", [date(2026, 5, 1)])
    policy = sla.policy({"urgent": 60, "normal": 480}, {"urgent": 480, "normal": 4320}, hours)
    made: list[prepared.Dates] = []
    apart = ibis.duckdb.connect()
    apart.con.register("tickets", engine.fetch(engine.tables()["tickets"]))

    def build(dates: prepared.Dates) -> Any:
        made.append(dates)
        return sla.SLA_RESPONSE.expression(engine.tables(), ("priority",), Scope(dates[0], dates[1], dates[2], options={"policy": policy}))

    for start, end in PERIODS:
        asked = prepared.question(("sla", policy), (start, end, end), build)
        assert isinstance(asked, str)
        direct = apart.to_pyarrow(build((start, end, end))).to_pylist()
        found = engine.rows(asked)
        assert sorted(found, key=str) == sorted(plain(direct), key=str)
    assert len(made) == 2 + len(PERIODS)
