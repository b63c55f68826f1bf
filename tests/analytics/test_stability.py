"""The share of points out of control agrees with the charts."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from cx.analytics.control_chart import attribute, individuals
from cx.analytics.measure import answer
from cx.analytics.stability import OUT_OF_CONTROL
from cx.facts.datasets import DATASETS

COLUMNS = {
    "process": "string",
    "characteristic": "string",
    "value": float,
    "sample_size": "Int64",
    "defectives": "Int64",
    "measured_at": "datetime64[us]",
}


def table(values: list[float | None], samples: list[tuple[int, int]] = ()) -> ibis.expr.types.Table:  # type: ignore[assignment]
    start = datetime(2025, 1, 1)
    rows = [("cut", "width", v, None, None, start + timedelta(hours=i)) for i, v in enumerate(values)]
    rows += [("cut", "scratches", None, n, d, start + timedelta(hours=i)) for i, (d, n) in enumerate(samples)]
    return ibis.memtable(pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS))


def test_the_share_is_that_of_the_charts() -> None:
    rng = np.random.default_rng(2)
    values = [*rng.normal(10, 1, 60).tolist(), 20.0, 0.0]
    sizes = rng.integers(80, 120, 40)
    bad = [*rng.binomial(sizes[:-1], 0.05).tolist(), 60]
    samples = list(zip(bad, sizes.tolist(), strict=True))
    expected = individuals(values, rules="limits").out + attribute("p", bad, sizes, rules="limits").out
    found = answer(OUT_OF_CONTROL, {"measurements": table(values, samples)})  # type: ignore[arg-type]
    assert found.n == 102
    assert found.value == pytest.approx(100 * expected / 102)
    by = answer(OUT_OF_CONTROL, {"measurements": table(values, samples)}, ("characteristic", "week"))  # type: ignore[arg-type]
    assert by["n"].sum() == 102


@pytest.mark.parametrize("values", [[], [1.0] * 30, [1.0, 2.0, 3.0], [0.1 + 0.2] * 20])
def test_what_does_not_vary_or_is_too_short_has_no_share(values: list[float | None]) -> None:
    found = answer(OUT_OF_CONTROL, {"measurements": table(values)})
    assert found.value is None
    assert "8 points" in found.warning


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
def test_the_statistics_compile_for_every_engine(dialect: str) -> None:
    assert ibis.to_sql(OUT_OF_CONTROL.expression({"measurements": DATASETS["measurements"].unbound}, ("process", "month")), dialect=dialect)
