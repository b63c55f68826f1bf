"""Quality, process and delivery measures give the same on PostgreSQL as on DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import ibis
import numpy as np
import pandas as pd
import pytest

from cx.analytics.capability import CP, CPK, PP, PPK
from cx.analytics.defects import DEFECT_RATE, DPMO, FPY, RTY, SIGMA_LEVEL, SUPPLIER_PPM
from cx.analytics.delivery import ON_TIME_DELIVERY, RETURN_RATE, SUPPLIER_ON_TIME
from cx.analytics.measure import Measure, Scope, Tables, answer
from cx.analytics.pareto import pareto
from cx.analytics.process import CYCLE_EFFICIENCY, LEAD_TIME, LEAD_TIME_P90, REWORK_RATE, flow, steps, variants
from cx.analytics.segment_rules import members, parse
from cx.analytics.spikes import spikes
from cx.analytics.stability import OUT_OF_CONTROL
from cx.facts.datasets import DATASETS

MEASURES = (FPY, DEFECT_RATE, SUPPLIER_PPM, RTY, DPMO, SIGMA_LEVEL, CP, CPK, PP, PPK, OUT_OF_CONTROL, ON_TIME_DELIVERY, SUPPLIER_ON_TIME, RETURN_RATE, LEAD_TIME,
            LEAD_TIME_P90, CYCLE_EFFICIENCY, REWORK_RATE)  # fmt: skip
START = pd.Timestamp("2025-01-01")


def facts() -> dict[str, pd.DataFrame]:
    """A few hundred rows of three datasets, with gaps, in the schema of the facts."""
    rng = np.random.default_rng(5)
    n = 400

    def holes(values: object, share: float = 0.1) -> pd.Series:
        return pd.Series(values, dtype=object).where(rng.random(len(pd.Series(values))) > share, None)

    at = START + pd.to_timedelta(rng.integers(0, 90 * 24, n), unit="h")
    measurements = pd.DataFrame({
        "process": rng.choice(["cut", "weld"], n), "characteristic": rng.choice(["width", "length"], n), "value": holes(rng.normal(10, 1, n)), "subgroup": holes(rng.choice(["a", "b", "c"], n), 0.5),
        "sample_size": holes(rng.integers(20, 90, n)), "defectives": holes(rng.integers(0, 9, n)), "defects": holes(rng.integers(0, 9, n)), "opportunities": 7, "lower_limit": 6.5,
        "upper_limit": holes(np.full(n, 13.0)), "passed": holes(rng.random(n) < 0.9), "supplier": holes(rng.choice(["A", "B"], n)), "segment": rng.choice(["x", "y"], n), "measured_at": at})  # fmt: skip
    orders = pd.DataFrame({"order_id": [str(i) for i in range(n)], "supplier": holes(rng.choice(["A", "B"], n)), "segment": rng.choice(["x", "y"], n), "ordered_at": at,
                           "promised_at": holes(at + pd.Timedelta(days=3)), "delivered_at": holes(at + pd.to_timedelta(rng.integers(0, 120, n), unit="h")),
                           "returned": holes(rng.random(n) < 0.1)})  # fmt: skip
    begun = START + pd.to_timedelta(np.repeat(rng.integers(0, 80 * 24, 100), 4) + np.tile([0, 5, 11, 30], 100), unit="h")
    runs = pd.DataFrame({"process": "order", "case_id": np.repeat([str(i) for i in range(100)], 4), "step": rng.choice(["take", "pick", "pack"], 400), "segment": np.repeat(rng.choice(["x", "y"], 100), 4),
                         "value_added": holes(rng.random(400) < 0.6), "started_at": begun, "ended_at": holes(begun + pd.to_timedelta(rng.integers(0, 300, 400), unit="m"), 0.02)})  # fmt: skip
    out = {}
    for name, frame in (("measurements", measurements), ("orders", orders), ("step_runs", runs)):
        dataset = DATASETS[name]
        kinds = {str: "string", int: "Int64", float: "Float64", bool: "boolean", datetime: "datetime64[us]"}
        frame = frame.reindex(columns=list(dataset.types)).assign(line=range(len(frame)), key=[str(i) for i in range(len(frame))])
        frame = frame.astype({column: kinds[kind] for column, kind in dataset.types.items()} | {"key": "string"})
        out[name] = frame
    return out


@pytest.fixture(scope="module")
def both(postgres_server: str | None) -> Iterator[tuple[Tables, Tables]]:
    if postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    frames = facts()
    here = {name: ibis.memtable(frame) for name, frame in frames.items()}
    connection = ibis.connect(postgres_server)
    there = {name: connection.create_table(f"parity_{name}", obj=frame, temp=True) for name, frame in frames.items()}
    yield here, there
    connection.disconnect()


@pytest.mark.parametrize("by", [(), ("segment", "month")], ids=["whole", "by segment and month"])
@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_measure_is_the_same_on_both_engines(both: tuple[Tables, Tables], measure: Measure, by: tuple[str, ...]) -> None:
    scope = Scope(start=datetime(2025, 1, 10, tzinfo=UTC), end=datetime(2025, 3, 20, tzinfo=UTC), as_of=datetime(2025, 3, 20, tzinfo=UTC))
    one, two = (answer(measure, tables, by, scope) for tables in both)
    if not by:
        assert (one.n, one.unit, one.warning) == (two.n, two.unit, two.warning)
        assert one.n > 0
        assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))
        return
    pd.testing.assert_frame_equal(one, two, check_dtype=False)


def test_tables_of_a_process_are_the_same_on_both_engines(both: tuple[Tables, Tables]) -> None:
    for function in (steps, flow, variants):
        one, two = (function(tables["step_runs"]) for tables in both)
        pd.testing.assert_frame_equal(one, two, check_dtype=False)


def test_rules_pareto_and_spikes_are_the_same_on_both_engines(both: tuple[Tables, Tables]) -> None:
    rules = parse(
        {
            "any": [
                {"column": "supplier", "operator": "contains", "value": "a"},
                {"all": [{"column": "value", "operator": ">", "value": 11}], "not": True},
            ]
        }
    )
    counts = [members(tables["measurements"], rules).count().to_pyarrow().as_py() for tables in both]
    assert counts[0] == counts[1]
    one, two = (pareto(tables["measurements"], "supplier", "defects") for tables in both)
    pd.testing.assert_frame_equal(one, two, check_dtype=False)
    one, two = (spikes(tables["measurements"], "measured_at", "process") for tables in both)
    pd.testing.assert_frame_equal(one, two, check_dtype=False)
