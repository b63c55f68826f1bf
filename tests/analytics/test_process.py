"""Process figures from a log small enough to work out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.measure import Scope, answer
from cx.analytics.process import CYCLE_EFFICIENCY, LEAD_TIME, LEAD_TIME_P90, REWORK_RATE, cycle_efficiency, flow, lead_time, steps, variants
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS

START = datetime(2025, 1, 1)
MEASURES = (LEAD_TIME, LEAD_TIME_P90, CYCLE_EFFICIENCY, REWORK_RATE)


def log(*runs: tuple[str, str, float, float | None, bool | None], process: str = "order") -> pd.DataFrame:
    """Runs as (case, step, start hour, end hour, value added)."""
    frame = pd.DataFrame(list(runs), columns=["case_id", "step", "start", "end", "value_added"])
    frame["process"], frame["role"] = process, frame["step"].map({"take": "sales"}).fillna("store")
    frame["started_at"] = [START + timedelta(hours=h) for h in frame["start"]]
    frame["ended_at"] = pd.Series(
        [START + timedelta(hours=h) if h is not None and not np.isnan(h) else pd.NaT for h in frame["end"]], dtype="datetime64[us]"
    )
    return frame.drop(columns=["start", "end"]).astype(
        {"value_added": "boolean", "case_id": "string", "step": "string", "role": "string", "process": "string"}
    )


ORDERS = log(
    ("1", "take", 0, 1, True), ("1", "pick", 3, 4, True), ("1", "check", 6, 8, False), ("1", "pick", 9, 10, False), ("1", "pack", 22, 24, True),
    ("2", "take", 0, 2, True), ("2", "pick", 4, 6, True), ("2", "pack", 40, 48, True),
    ("3", "take", 10, 12, True), ("3", "pick", 12, None, None),
)  # fmt: skip


def test_lead_time_is_from_the_first_start_to_the_last_end_of_finished_cases() -> None:
    found = lead_time(ORDERS)
    assert (found.value, found.n, found.unit) == (1.5, 2, "days")
    assert lead_time(ORDERS, quantile=0.9).value == pytest.approx(1.9)


def test_cycle_efficiency_is_value_added_time_over_lead_time() -> None:
    found = cycle_efficiency(ORDERS)
    assert found.value == pytest.approx(100 * (4 + 12) / (24 + 48))
    rest = (4 - 24 * 16 / 72) ** 2 + (12 - 48 * 16 / 72) ** 2
    assert found.se == pytest.approx(100 * np.sqrt(2 * rest) / 72)


def test_rework_is_a_step_that_recurs_within_a_case() -> None:
    found = answer(REWORK_RATE, {"step_runs": ibis.memtable(ORDERS)})
    assert (found.value, found.n) == (50, 2)


def test_a_case_counts_in_the_period_in_which_it_was_finished() -> None:
    tables = {"step_runs": ibis.memtable(ORDERS)}
    second = Scope(start=START + timedelta(days=1, hours=12), end=START + timedelta(days=9))
    assert answer(LEAD_TIME, tables, (), second).value == 2
    by_day = answer(LEAD_TIME, tables, "day")
    assert by_day["n"].tolist() == [1, 1]
    assert by_day["day"].dt.day.tolist() == [2, 3]


def test_a_breakdown_by_role_measures_the_part_of_each_case() -> None:
    found = answer(LEAD_TIME, {"step_runs": ibis.memtable(ORDERS)}, "role").set_index("role")
    assert found.loc["sales", "n"] == 3
    assert found.loc["store", "value"] == pytest.approx((21 + 44) / 2 / 24)


def test_work_and_wait_of_each_step_show_the_bottleneck() -> None:
    found = steps(ORDERS).set_index("step")
    assert found.loc["pack", "work_median"] == 5
    assert found.loc["pack", "wait_median"] == (12 + 34) / 2
    assert found.loc["pick", "runs"] == 4
    assert found.loc["pick", "cases"] == 3
    assert found.loc["pick", "repeats"] == 1
    assert found.loc["pick", "open"] == 1
    assert found.index[0] == "pack"
    assert found["share"].sum() == pytest.approx(100)


def test_the_map_holds_every_move_with_its_frequency_and_wait() -> None:
    found = flow(ORDERS).set_index(["source", "target"])
    assert found.loc[("take", "pick"), "n"] == 3
    assert found.loc[("take", "pick"), "wait_median"] == 2
    assert found.loc[("check", "pick"), "n"] == 1
    assert found.loc[("(start)", "take"), "n"] == 3
    assert found["n"].groupby("target").sum()["(end)"] == 3
    assert found.loc[("pick", "pack"), "share"] == 50
    assert len(flow(ORDERS, least=50)) < len(found)


def test_variants_are_the_sequences_of_steps() -> None:
    found = variants(ORDERS)
    assert set(found["variant"]) == {"take → pick → check → pick → pack", "take → pick → pack", "take → pick"}
    assert found["share"].sum() == pytest.approx(100)
    assert found.set_index("variant").loc["take → pick → check → pick → pack", "rework"]
    assert np.isnan(found.set_index("variant").loc["take → pick", "lead_median"])


def test_an_empty_log_says_that_no_case_was_finished() -> None:
    empty = ORDERS.iloc[:0]
    for measure in MEASURES:
        found = answer(measure, {"step_runs": ibis.memtable(empty)})
        assert found.value is None
        assert found.warning
    assert steps(empty).empty
    assert flow(empty).empty
    assert variants(empty).empty


def test_without_marks_cycle_efficiency_is_undefined() -> None:
    assert cycle_efficiency(log(("1", "a", 0, 1, None))).value is None
    assert cycle_efficiency(log(("1", "a", 0, 1, True))).value == 100
    with pytest.raises(MeasureError, match="value_added"):
        cycle_efficiency(ORDERS.drop(columns="value_added"))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.integers(0, 100), st.integers(0, 20)), min_size=1, max_size=30))
def test_what_enters_a_step_leaves_it(rows: list[tuple[int, str, int, int]]) -> None:
    runs = log(*[(str(case), step, start, start + length, True) for case, step, start, length in rows])
    moves = flow(runs)
    entered = moves.groupby("target")["n"].sum().drop("(end)")
    left = moves.groupby("source")["n"].sum().drop("(start)")
    assert entered.to_dict() == left.to_dict()
    assert variants(runs)["cases"].sum() == runs["case_id"].nunique()
    assert steps(runs)["runs"].sum() == len(rows)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_the_statistics_compile_for_every_engine(dialect: str, measure: object) -> None:
    scope = Scope(start=datetime(2025, 1, 1, tzinfo=UTC), end=datetime(2025, 2, 1, tzinfo=UTC))
    expression = measure.expression({"step_runs": DATASETS["step_runs"].unbound}, ("process", "segment", "month"), scope)  # type: ignore[attr-defined]
    assert ibis.to_sql(expression, dialect=dialect)
