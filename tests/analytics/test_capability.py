"""Capability indices against the NIST handbook and by hand."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from cx.analytics.capability import CP, CPK, PP, PPK, capability, cpk, index
from cx.analytics.measure import answer
from cx.facts.datasets import DATASETS

HAND = [10.0, 12, 11, 13, 9, 10, 14, 11]


def table(
    values: list[float], characteristic: str = "weight", lower: float | None = 5, upper: float | None = 17, subgroups: list[str] | None = None
) -> pd.DataFrame:
    start = datetime(2025, 1, 1)
    return pd.DataFrame(
        {
            "process": "filling", "characteristic": characteristic, "value": values, "lower_limit": lower, "upper_limit": upper,
            "subgroup": pd.Series(subgroups if subgroups else [None] * len(values), dtype="string"), "line": range(len(values)),
            "measured_at": [start + timedelta(hours=i) for i in range(len(values))],
        }
    ).astype({"lower_limit": float, "upper_limit": float})  # fmt: skip


def test_the_example_of_the_nist_handbook_is_met() -> None:
    # e-Handbook 6.1.6: USL 20, LSL 8, mean 16, s 2: Cp 1.0, Cpk 0.6667
    assert index(16, 2, 8, 20, 50, 49, centred=False).value == pytest.approx(1.0)
    found = index(16, 2, 8, 20, 50, 49)
    assert found.value == pytest.approx(0.6667, abs=5e-5)
    half = 1.959964 * math.sqrt(1 / (9 * 50) + 0.66667**2 / (2 * 49))
    assert (found.low, found.high) == pytest.approx((0.66667 - half, 0.66667 + half), abs=1e-4)


def test_cp_has_the_chi_square_interval() -> None:
    # Montgomery, example 8.4 of the 6th edition: USL 62, LSL 38, s 1.75, n 20: 1.57 <= Cp <= 3.01
    found = index(50, 1.75, 38, 62, 20, 19, centred=False)
    assert (found.value, found.low, found.high) == pytest.approx((2.29, 1.57, 3.01), abs=0.01)


def test_cpk_has_the_interval_of_montgomery() -> None:
    # example 8.5: Cpk 1.33 from n 20: 0.88 <= Cpk <= 1.78 (printed 0.88 ... 1.78 with the normal approximation)
    found = index(10 - 1.33 * 3, 1.0, None, 10, 20, 19)
    assert (found.value, found.low, found.high) == pytest.approx((1.33, 0.88, 1.78), abs=0.01)


def test_cp_uses_sigma_within_and_pp_sigma_overall() -> None:
    found = capability(HAND, 5, 17)
    assert found.within == pytest.approx(2.15299, abs=5e-6)
    assert found.overall == pytest.approx(np.std(HAND, ddof=1))
    assert found.cp.value == pytest.approx(12 / (6 * 2.15299), abs=1e-5)
    assert found.ppk.value == pytest.approx((17 - 11.25) / (3 * np.std(HAND, ddof=1)))
    assert found.n == 8


def test_one_limit_gives_cpk_but_no_cp() -> None:
    found = capability(HAND, upper=17)
    assert found.cp.value is None
    assert "both" in found.cp.warning
    assert found.cpk.value is not None


@pytest.mark.parametrize(("values", "reason"), [([], "no values"), ([5.0], "two values"), ([5.0] * 10, "equal"), ([float("nan")], "no values")])
def test_no_spread_means_no_index_and_a_reason(values: list[float], reason: str) -> None:
    found = capability(values, 1, 9)
    assert found.cpk.value is None
    assert reason in found.cpk.warning
    assert capability(HAND).cpk.warning == "there is no specification limit"
    assert capability(HAND, 9, 5).cpk.value is None


def test_the_measure_gives_what_the_function_gives() -> None:
    rows = table(HAND)
    for measure, name in ((CP, "cp"), (CPK, "cpk"), (PP, "pp"), (PPK, "ppk")):
        expected = getattr(capability(HAND, 5, 17), name)
        found = answer(measure, {"measurements": ibis.memtable(rows)})
        assert (found.value, found.low, found.high, found.n) == pytest.approx((expected.value, expected.low, expected.high, 8))


def test_subgroups_set_the_sigma_within() -> None:
    rng = np.random.default_rng(3)
    values = (rng.normal(11, 1, 60) + np.repeat(rng.normal(0, 3, 15), 4)).tolist()
    names = [f"lot {i // 4}" for i in range(60)]
    expected = capability(values, 5, 17, subgroups=names)
    found = cpk(table(values, subgroups=names))
    assert (found.value, found.low) == pytest.approx((expected.cpk.value, expected.cpk.low))
    assert (expected.cpk.value or 0) > (expected.ppk.value or 0)


def test_of_several_characteristics_the_weakest_counts_and_is_named() -> None:
    rows = pd.concat([table(HAND), table([v / 10 for v in HAND], "length", 0.9, 2)])
    assert "length, the weakest of 2" in cpk(rows).warning
    each = cpk(rows, by="characteristic").set_index("characteristic")
    assert each.loc["weight", "value"] == pytest.approx(capability(HAND, 5, 17).cpk.value)
    assert cpk(rows, by="month")["value"].notna().all()


def test_an_empty_table_a_constant_and_no_limits_have_no_value() -> None:
    assert answer(CPK, {"measurements": ibis.memtable(table(HAND).iloc[:0])}).value is None
    assert "equal" in cpk(table([5.0] * 9)).warning
    assert cpk(table(HAND, lower=None, upper=None)).value is None


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
def test_the_statistics_compile_for_every_engine(dialect: str) -> None:
    assert ibis.to_sql(CPK.expression({"measurements": DATASETS["measurements"].unbound}, ("process", "month")), dialect=dialect)
