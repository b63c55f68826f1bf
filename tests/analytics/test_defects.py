"""Yield, defects, Pareto and deliveries by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.defects import DEFECT_RATE, DPMO, FPY, RTY, SIGMA_LEVEL, SUPPLIER_PPM, dpmo, first_pass_yield, rolled_yield, sigma_level
from cx.analytics.delivery import ON_TIME_DELIVERY, RETURN_RATE, SUPPLIER_ON_TIME, on_time
from cx.analytics.interval import proportion
from cx.analytics.measure import Scope, answer
from cx.analytics.pareto import pareto
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS

TYPES = {
    "sample_size": "Int64",
    "defectives": "Int64",
    "defects": "Int64",
    "opportunities": "Int64",
    "passed": "boolean",
    "measured_at": "datetime64[us]",
}


def measurements(*rows: dict[str, object]) -> ibis.expr.types.Table:
    frame = pd.DataFrame(list(rows), columns=["process", "supplier", *TYPES]).astype(TYPES | {"process": "string", "supplier": "string"})
    return ibis.memtable(frame)


def orders(*rows: tuple[str | None, str | None, str | None, bool | None]) -> ibis.expr.types.Table:
    frame = pd.DataFrame(list(rows), columns=["supplier", "promised_at", "delivered_at", "returned"])
    frame["ordered_at"] = pd.Timestamp("2025-01-01")
    moments = dict.fromkeys(("ordered_at", "promised_at", "delivered_at"), "datetime64[us]")
    return ibis.memtable(frame.astype({"supplier": "string", "returned": "boolean"} | moments))


def test_dpmo_and_sigma_level_have_their_known_values() -> None:
    assert dpmo(350, 30_000, 15).value == pytest.approx(777.8, abs=0.05)
    found = sigma_level(350, 30_000, 15)
    assert found.value == pytest.approx(4.664, abs=5e-4)
    assert "1.5 shift" in found.unit
    assert sigma_level(350, 30_000, 15, shift=0).value == pytest.approx(3.164, abs=5e-4)
    assert sigma_level(3.4, 1_000_000, 1).value == pytest.approx(6.0, abs=0.001)  # the motto of six sigma: 3.4 DPMO


def test_no_defect_gives_a_lower_bound_and_no_value() -> None:
    found = sigma_level(0, 100, 1)
    assert found.value is None
    assert found.low is not None
    assert "no defect" in found.warning
    assert sigma_level(100, 100, 1).value is None
    assert sigma_level(0, 0, 1).value is None
    with pytest.raises(MeasureError, match="at most 10 defects"):
        dpmo(11, 10, 1)


def test_rolled_yield_is_the_product_of_the_steps() -> None:
    found = rolled_yield([(95, 100), (90, 100), (98, 100)])
    assert found.value == pytest.approx(83.79)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 83.79 < found.high <= 100
    assert rolled_yield([]).value is None
    assert rolled_yield([(0, 10), (5, 10)]).value == 0


def test_samples_and_single_units_add_up() -> None:
    table = measurements({"sample_size": 100, "defectives": 5}, {"passed": True}, {"passed": False}, {"defects": 3})
    found = answer(FPY, {"measurements": table})
    assert (found.value, found.n) == (pytest.approx(100 * 96 / 102), 102)
    assert found.low == pytest.approx(proportion(96, 102).low)
    assert answer(DEFECT_RATE, {"measurements": table}).value == pytest.approx(100 * 6 / 102)
    assert first_pass_yield(table).value == found.value


def test_rolled_yield_in_the_engine_is_that_of_the_function() -> None:
    table = measurements(
        {"process": "cut", "sample_size": 100, "defectives": 5}, {"process": "cut", "sample_size": 100, "defectives": 5},
        {"process": "weld", "sample_size": 100, "defectives": 10}, {"process": "paint", "sample_size": 50, "defectives": 0},
    )  # fmt: skip
    found, expected = answer(RTY, {"measurements": table}), rolled_yield([(190, 200), (90, 100), (50, 50)])
    assert (found.value, found.low, found.high, found.n) == pytest.approx((expected.value, expected.low, expected.high, 50))
    assert answer(RTY, {"measurements": measurements()}).value is None
    assert answer(RTY, {"measurements": measurements({"process": "cut", "passed": False})}).value == 0
    assert len(answer(RTY, {"measurements": table}, ("process",))) == 3


def test_dpmo_in_the_engine_takes_the_shift_from_the_scope() -> None:
    table = measurements({"sample_size": 30_000, "defects": 350, "opportunities": 15})
    assert answer(DPMO, {"measurements": table}).value == pytest.approx(777.8, abs=0.05)
    assert answer(SIGMA_LEVEL, {"measurements": table}).value == pytest.approx(4.664, abs=5e-4)
    assert answer(SIGMA_LEVEL, {"measurements": table}, (), Scope(options={"shift": 0})).value == pytest.approx(3.164, abs=5e-4)
    wrong = measurements({"sample_size": 1, "defects": 5, "opportunities": 1})
    assert "more defects than opportunities" in answer(DPMO, {"measurements": wrong}).warning


def test_supplier_ppm_is_by_supplier_and_leaves_out_own_work() -> None:
    table = measurements(
        {"supplier": "A", "sample_size": 1000, "defectives": 2},
        {"supplier": "B", "sample_size": 500, "defectives": 3},
        {"sample_size": 10, "defectives": 9},
    )
    assert answer(SUPPLIER_PPM, {"measurements": table}).value == pytest.approx(5 / 1500 * 1e6)
    assert answer(SUPPLIER_PPM, {"measurements": table}, "supplier").set_index("supplier")["value"].to_dict() == pytest.approx({"A": 2000, "B": 6000})


def test_an_empty_table_has_no_yield_and_no_defects() -> None:
    for measure in (FPY, DEFECT_RATE, SUPPLIER_PPM, DPMO, SIGMA_LEVEL):
        found = answer(measure, {"measurements": measurements()})
        assert found.value is None
        assert found.warning


def test_on_time_counts_what_is_decided() -> None:
    table = orders(
        ("A", "2025-01-05", "2025-01-04", False), ("A", "2025-01-05", "2025-01-06", True), ("B", "2025-01-05", None, None),
        ("B", "2025-03-05", None, False), ("B", None, "2025-01-04", False),
    )  # fmt: skip
    found = on_time(table)
    assert (found.value, found.n) == (50, 2)
    assert "1 lines without a promised date" in found.warning
    later = on_time(table, as_of=datetime(2025, 2, 1, tzinfo=UTC))
    assert (later.value, later.n) == (pytest.approx(100 / 3), 3)
    assert answer(ON_TIME_DELIVERY, {"orders": table}, "month")["n"].tolist() == [2]
    assert answer(SUPPLIER_ON_TIME, {"orders": table}, "supplier")["n"].tolist() == [2, 0]
    assert answer(RETURN_RATE, {"orders": table}).value == 25
    empty = table.filter(table["supplier"] == "nobody")
    assert on_time(empty).value is None
    assert answer(RETURN_RATE, {"orders": empty}).value is None


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
@pytest.mark.parametrize(
    "measure", [FPY, RTY, DPMO, SUPPLIER_PPM, SIGMA_LEVEL, ON_TIME_DELIVERY, RETURN_RATE, SUPPLIER_ON_TIME], ids=lambda m: m.name
)
def test_the_statistics_compile_for_every_engine(dialect: str, measure: object) -> None:
    by = ("supplier", "month")
    tables = {name: DATASETS[name].unbound for name in measure.needs}  # type: ignore[attr-defined]
    assert ibis.to_sql(measure.expression(tables, by, Scope(as_of=datetime(2025, 1, 1, tzinfo=UTC))), dialect=dialect)  # type: ignore[attr-defined]


def test_pareto_marks_the_few_that_reach_the_cut() -> None:
    rows = {"cause": ["a", "b", "c", None, "a"], "cost": [50, 30, 10, 5, 5]}
    found = pareto(rows, "cause", "cost")
    assert found["category"].tolist() == ["a", "b", "c", "(not given)"]
    assert found["vital"].tolist() == [True, True, False, False]
    assert found["cumulative"].iloc[-1] == pytest.approx(100)
    assert pareto(rows, "cause", "cost", most=1)["category"].tolist() == ["a", "(other)"]
    assert pareto({"cause": ["a"]}, "cause")["share"].tolist() == [100]
    assert pareto(pd.Series([], dtype="string"), "category").empty
    with pytest.raises(MeasureError, match="negative"):
        pareto({"cause": ["a"], "cost": [-1]}, "cause", "cost")
    with pytest.raises(MeasureError, match="needs the column reason"):
        pareto(rows, "reason")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60))
def test_pareto_adds_up_to_a_hundred_and_never_rises(causes: list[str]) -> None:
    found = pareto(causes, "cause")
    assert found["share"].sum() == pytest.approx(100)
    assert found["cumulative"].iloc[-1] == pytest.approx(100)
    assert found["amount"].is_monotonic_decreasing
    assert found["vital"].iloc[0]
