"""Control charts and their rules, against published tables and examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.analytics.control_chart import attribute, c4, control_chart, d2, d3, individuals, suggest, xbar
from cx.analytics.rules import RULE_SETS, rule_set, signals
from cx.errors import MeasureError

FLOWRATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # NIST/SEMATECH e-Handbook 6.3.2.2
PISTON_RINGS = [  # Montgomery, table 6.3: inside diameters of piston rings, first 25 samples
    [74.030, 74.002, 74.019, 73.992, 74.008], [73.995, 73.992, 74.001, 74.011, 74.004], [73.988, 74.024, 74.021, 74.005, 74.002],
    [74.002, 73.996, 73.993, 74.015, 74.009], [73.992, 74.007, 74.015, 73.989, 74.014], [74.009, 73.994, 73.997, 73.985, 73.993],
    [73.995, 74.006, 73.994, 74.000, 74.005], [73.985, 74.003, 73.993, 74.015, 73.988], [74.008, 73.995, 74.009, 74.005, 74.004],
    [73.998, 74.000, 73.990, 74.007, 73.995], [73.994, 73.998, 73.994, 73.995, 73.990], [74.004, 74.000, 74.007, 74.000, 73.996],
    [73.983, 74.002, 73.998, 73.997, 74.012], [74.006, 73.967, 73.994, 74.000, 73.984], [74.012, 74.014, 73.998, 73.999, 74.007],
    [74.000, 73.984, 74.005, 73.998, 73.996], [73.994, 74.012, 73.986, 74.005, 74.007], [74.006, 74.010, 74.018, 74.003, 74.000],
    [73.984, 74.002, 74.003, 74.005, 73.997], [74.000, 74.010, 74.013, 74.020, 74.003], [73.982, 74.001, 74.015, 74.005, 73.996],
    [74.004, 73.999, 73.990, 74.006, 74.009], [74.010, 73.989, 73.990, 74.009, 74.014], [74.015, 74.008, 73.993, 74.000, 74.010],
    [73.982, 73.984, 73.995, 74.017, 74.013],
]  # fmt: skip
ORANGE_JUICE = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # Montgomery, table 7.1


@pytest.mark.parametrize(
    ("n", "mean", "deviation", "factor"), [(2, 1.128, 0.853, 0.7979), (5, 2.326, 0.864, 0.94), (10, 3.078, 0.797, 0.9727), (25, 3.931, 0.708, 0.9896)]
)
def test_the_factors_are_those_of_the_printed_tables(n: int, mean: float, deviation: float, factor: float) -> None:
    assert (d2(n), d3(n), round(c4(n), 4)) == (mean, deviation, factor)


def test_individuals_have_the_limits_worked_out_by_hand() -> None:
    chart = individuals([10, 12, 11, 13, 9, 10, 14, 11])
    assert chart.limits[0].center == 11.25
    assert chart.limits[0].sigma == pytest.approx(2.15299, abs=5e-6)
    first = chart.points.iloc[0]
    assert (first["lower"], first["upper"]) == pytest.approx((4.7910, 17.7090), abs=5e-5)
    assert chart.spread is not None
    assert chart.spread.points["center"].iloc[0] == pytest.approx(2.42857, abs=5e-6)
    assert chart.spread.points["upper"].iloc[0] == pytest.approx(7.934, abs=5e-4)


def test_the_flowrate_of_the_nist_handbook_has_its_published_limits() -> None:
    chart = individuals(FLOWRATE)
    first = chart.points.iloc[0]
    assert first["center"] == pytest.approx(50.81, abs=1e-9)
    assert (first["lower"], first["upper"]) == pytest.approx((45.82, 55.80), abs=0.02)  # the handbook: 45.8200 and 55.8041 from rounded factors
    assert chart.out == 0


def test_piston_rings_have_the_limits_of_montgomery() -> None:
    values = [v for row in PISTON_RINGS for v in row]
    groups = [i for i, row in enumerate(PISTON_RINGS) for _ in row]
    ranges = xbar(values, groups)
    assert ranges.limits[0].center == pytest.approx(74.00118, abs=5e-6)
    first = ranges.points.iloc[0]
    assert (first["lower"], first["upper"]) == pytest.approx((73.98777, 74.01459), abs=2e-5)  # 74.00118 -+ 0.577 * 0.02324
    assert ranges.spread is not None
    assert ranges.spread.points[["center", "upper"]].iloc[0].tolist() == pytest.approx(
        [0.02324, 0.04915], abs=5e-5
    )  # D4 = 2.115, printed from factors of 3 decimals
    assert ranges.out == 0
    deviations = xbar(values, groups, spread="s")
    assert deviations.spread is not None
    assert deviations.spread.points[["center", "upper"]].iloc[0].tolist() == pytest.approx([0.0094, 0.0196], abs=5e-5)  # B4 = 2.089


def test_orange_juice_cans_signal_at_samples_15_and_23_as_in_montgomery() -> None:
    chart = attribute("p", ORANGE_JUICE, [50] * 30, rules="limits")
    assert chart.limits[0].center == pytest.approx(0.2313, abs=5e-5)
    assert chart.points[["lower", "upper"]].iloc[0].tolist() == pytest.approx([0.0524, 0.4102], abs=1e-4)
    assert [i + 1 for i, names in enumerate(chart.points["signals"]) if names] == [15, 23]
    counts = attribute("np", ORANGE_JUICE, [50] * 30, rules="limits")
    assert counts.points["upper"].iloc[0] == pytest.approx(50 * 0.4102, abs=5e-3)
    assert counts.out == 2


def test_a_p_chart_with_varying_sizes_has_a_limit_for_each_point() -> None:
    chart = attribute("p", [5, 8, 6, 12], [100, 120, 90, 110])
    assert chart.points["center"].iloc[0] == pytest.approx(0.0738095, abs=5e-8)
    assert chart.points["upper"].round(4).tolist() == [0.1522, 0.1454, 0.1565, 0.1486]
    assert chart.points["lower"].round(4).tolist() == [0, 0.0022, 0, 0]


def test_circuit_boards_have_the_c_chart_of_montgomery() -> None:
    boards = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]  # table 7.7
    chart = attribute("c", boards, rules="limits")
    assert chart.points[["center", "lower", "upper"]].iloc[0].tolist() == pytest.approx([19.85, 6.48, 33.22], abs=0.01)
    assert [i + 1 for i, names in enumerate(chart.points["signals"]) if names] == [6, 20]
    per_unit = attribute("u", boards, [10] * 26, rules="limits")
    assert per_unit.points["upper"].iloc[0] == pytest.approx(33.22 / 10, abs=0.001)


def test_laney_limits_widen_where_variation_exceeds_the_binomial() -> None:
    rng = np.random.default_rng(7)
    sizes = rng.integers(8000, 12000, 40)
    defectives = rng.binomial(sizes, np.clip(rng.normal(0.1, 0.02, 40), 0.02, 0.3))
    plain, laney = attribute("p", defectives, sizes, rules="limits"), attribute("laney p", defectives, sizes, rules="limits")
    assert plain.out > 10
    assert laney.out <= 1
    assert attribute("laney u", defectives, sizes, rules="limits").out <= 1
    z = (defectives / sizes - plain.limits[0].center) / plain.points["sigma"]
    factor = np.abs(np.diff(z)).mean() / 1.128
    assert laney.points["sigma"].iloc[0] == pytest.approx(plain.points["sigma"].iloc[0] * factor)


def test_western_electric_runs_eight_and_nelson_nine() -> None:
    eight = [0.5] * 8
    assert "run of 8" in signals(eight, rule_set("western electric"))[7]
    assert signals(eight, rule_set("nelson"))[7] == ()
    assert "run of 9" in signals([0.5] * 9, rule_set("nelson"))[8]


@pytest.mark.parametrize(
    ("z", "name"),
    [
        ([0.1, -3.5], "beyond 3 sigma"),
        ([2.5, 0.1, 2.5], "2 of 3 beyond 2 sigma"),
        ([1.5, 1.5, 0.2, 1.5, 1.5], "4 of 5 beyond 1 sigma"),
        ([-1.2, -0.8, -0.3, 0.1, 0.4, 0.9], "6 rising or falling"),
        ([0.2, -0.2] * 7, "14 alternating"),
        ([0.3, 0.2, -0.4] * 5, "15 within 1 sigma"),
        ([1.2, -1.2, -1.3, 1.4] * 2, "8 beyond 1 sigma"),
    ],
)
def test_each_pattern_signals_at_the_point_that_completes_it(z: list[float], name: str) -> None:
    found = signals(z, rule_set("nelson"))
    assert name in found[-1]
    assert all(name not in names for names in found[:-1])


def test_zone_rules_are_not_applied_to_attribute_charts() -> None:
    assert {r.name for r in rule_set("nelson", zones=False)} == {"beyond 3 sigma", "run of 9", "6 rising or falling", "14 alternating"}
    chart = attribute("p", [30] * 10 + [31] * 15, [1000] * 25)
    assert not {n for names in chart.points["signals"] for n in names} & {r.name for rules in RULE_SETS.values() for r in rules if r.zoned}


def test_each_stage_has_limits_of_its_own_and_no_run_spans_two() -> None:
    before, after = [10, 11, 9, 10, 11, 9, 10, 10.5], [20, 21, 19, 20, 21, 19, 20, 20.5]
    chart = individuals(before + after, stages=["before"] * 8 + ["after"] * 8, rules="western electric")
    assert [round(x.center or 0, 2) for x in chart.limits] == [10.06, 20.06]
    assert chart.out == 0
    assert chart.limits[0].sigma == chart.limits[1].sigma
    assert individuals(before + after).out > 0


def test_a_baseline_sets_the_limits_for_what_follows() -> None:
    chart = individuals([10, 11, 9, 10, 11, 9, 30, 31], baseline=6)
    assert chart.limits[0].center == 10
    assert chart.points["signals"].iloc[-1]


def test_missing_values_are_no_points_and_break_patterns() -> None:
    chart = individuals([1, 2, None, 3, 2, 1])
    assert chart.points["signals"].iloc[2] == ()
    assert chart.limits[0].n == 5
    assert signals([0.5] * 5 + [float("nan")] + [0.5] * 5, rule_set("nelson")) == [()] * 11


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 30, [None, None]])
def test_nothing_to_measure_spread_with_gives_no_signal(values: list[float | None]) -> None:
    chart = individuals(values)
    assert chart.out == 0
    assert attribute("c", values).out == 0
    if values:
        assert chart.warnings


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e9, 1e9), st.integers(2, 60), st.sampled_from(sorted(RULE_SETS)))
def test_rules_never_signal_in_a_constant_series(value: float, n: int, rules: str) -> None:
    assert individuals([value] * n, rules=rules).out == 0
    assert xbar([value] * n, [i // 3 for i in range(n)], rules=rules).out == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40))
def test_limits_enclose_the_centre_line_and_follow_a_shift(values: list[float]) -> None:
    one, two = individuals(values).points, individuals([v + 100 for v in values]).points
    assert (one["lower"] <= one["center"] + 1e-9).all()
    assert np.allclose(one["center"] + 100, two["center"], atol=1e-3)


def test_a_large_series_takes_little_time() -> None:
    assert len(individuals(np.random.default_rng(1).normal(size=100_000), rules="limits").points) == 100_000


def test_wrong_input_is_refused_with_one_sentence() -> None:
    with pytest.raises(MeasureError, match="p chart needs the number of units"):
        attribute("p", [1, 2])
    with pytest.raises(MeasureError, match="between 0 and the units"):
        attribute("p", [5], [3])
    with pytest.raises(MeasureError, match="needs subgroups"):
        control_chart("xbar-r", [1, 2])
    with pytest.raises(MeasureError, match="rule sets"):
        individuals([1, 2, 3], rules="mine")
    with pytest.raises(MeasureError, match="needs numbers"):
        individuals(["a", "b"])
    with pytest.raises(MeasureError, match="one of the charts"):
        attribute("x", [1])


def test_a_chart_is_suggested_by_the_shape_of_the_data() -> None:
    assert suggest(False) == "i-mr"
    assert suggest(False, [5, 5]) == "xbar-r"
    assert suggest(False, [20]) == "xbar-s"
    assert suggest(True) == "p"
    assert suggest(True, units_vary=False, defectives=False) == "c"


def test_every_chart_can_be_had_by_name() -> None:
    assert control_chart("i-mr", [1, 2, 3]).kind == "i-mr"
    assert control_chart("xbar-s", [1, 2, 3, 4], subgroups=[1, 1, 2, 2]).kind == "xbar-s"
    assert control_chart("laney u", [1, 2, 3], [10, 20, 30]).kind == "laney u"
