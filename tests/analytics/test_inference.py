"""Tests are chosen as a statistician would and give the published figures."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cx.analytics import sample_size
from cx.analytics.comparison import many_groups, paired, two_groups
from cx.analytics.contingency import association, correlation, proportions
from cx.analytics.inference import infer
from cx.errors import MeasureError

# R's datasets, typed in: sleep (Student 1908), PlantGrowth (Dobson 1983), mtcars (Henderson & Velleman 1981)
SLEEP_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
PLANTS = {
    "ctrl": np.array([4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]),
    "trt1": np.array([4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]),
    "trt2": np.array([6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]),
}
MPG = [21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4]  # fmt: skip
WEIGHT = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78]  # fmt: skip


def test_welch_gives_what_r_gives_for_sleep() -> None:
    found = two_groups(SLEEP_1, SLEEP_2)  # t.test(extra ~ group): t = -1.8608, df = 17.776, p = 0.07939, interval -3.365 to 0.205
    assert found.test == "Welch's t test"
    assert found.statistic == pytest.approx(1.8608, abs=5e-5)
    assert found.df[0] == pytest.approx(17.776, abs=5e-4)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert found.effect is not None
    assert (found.effect.low, found.effect.high) == pytest.approx((-0.2055, 3.3655), abs=5e-5)
    assert not found.significant
    assert "could be shown" in found.sentence


def test_the_sleep_of_students_patients_is_compared_by_ranks_as_one_stands_out() -> None:
    found = paired(SLEEP_1, SLEEP_2)  # R: shapiro.test of the differences p = 0.0333; wilcox.test: V = 0, p = 0.009091
    assert found.test == "Wilcoxon signed-rank test"
    assert found.assumptions[0].met is False
    assert found.statistic == 0
    assert found.p is not None
    assert found.p < 0.0092
    assert found.size is not None
    assert found.size.value == 1
    assert infer(SLEEP_1, SLEEP_2, same_units=True).p == found.p


def test_the_paired_t_test_agrees_with_a_t_test_of_the_differences() -> None:
    before = np.linspace(10, 20, 12)
    gap = np.array([1.1, 0.4, 2.0, -0.3, 0.9, 1.2, 0.2, 1.6, 0.7, 1.4, -0.1, 0.8])
    found = paired(before, before + gap)
    t = gap.mean() / (gap.std(ddof=1) / math.sqrt(12))
    assert found.statistic == pytest.approx(t)
    assert found.size is not None
    assert found.size.value == pytest.approx(gap.mean() / gap.std(ddof=1))


def test_mann_whitney_is_chosen_for_few_skewed_values() -> None:
    skewed = two_groups(np.array([1.0, 1, 1, 2, 2, 50]), np.array([3.0, 4, 4, 5, 60, 90]))
    assert skewed.test == "Mann-Whitney U test"
    assert skewed.size is not None
    assert skewed.size.value == pytest.approx(2 * (skewed.statistic or 0) / 36 - 1)
    assert "few and not normal" in skewed.why


def test_analysis_of_variance_gives_what_r_gives_for_plant_growth() -> None:
    found = many_groups(PLANTS)  # oneway.test(weight ~ group): F = 5.181, num df = 2, denom df = 17.128, p = 0.01739
    assert found.test.startswith("Welch's one-way")
    assert found.statistic == pytest.approx(5.181, abs=5e-4)
    assert found.df == pytest.approx((2, 17.128), abs=5e-4)
    assert found.p == pytest.approx(0.01739, abs=5e-6)
    assert found.significant
    assert "trt2" in found.sentence


def test_kruskal_is_chosen_where_a_group_is_small_and_far_from_normal() -> None:
    odd = {"a": np.array([1.0, 1, 1, 1, 30]), "b": np.array([1.0, 1, 1, 1, 31]), "c": np.array([8.0, 9, 9, 8, 90])}
    found = many_groups(odd)
    assert found.test == "Kruskal-Wallis test"
    ranks = pd.Series(np.concatenate(list(odd.values()))).rank()
    ties = ranks.value_counts()
    h = 12 / (15 * 16) * sum(ranks[i * 5 : i * 5 + 5].sum() ** 2 / 5 for i in range(3)) - 3 * 16
    assert found.statistic == pytest.approx(h / (1 - ((ties**3 - ties).sum() / (15**3 - 15))))
    assert found.size is not None
    assert found.size.value == pytest.approx((found.statistic or 0) / 14)


def test_correlation_gives_what_r_gives_for_mtcars() -> None:
    found = infer(MPG, WEIGHT, names=("mpg", "weight"))  # cor.test: r = -0.8677, interval -0.9338 to -0.7441, p = 1.29e-10
    assert found.test == "Pearson correlation"
    assert found.effect is not None
    assert (found.effect.value, found.effect.low, found.effect.high) == pytest.approx((-0.8677, -0.9338, -0.7441), abs=5e-5)
    assert found.p == pytest.approx(1.294e-10, rel=1e-3)
    assert "association, not a cause" in found.sentence
    assert correlation(np.array([1.0, 2, 3, 4, 400]), np.array([1.0, 2, 3, 4, 5])).test.startswith("Spearman")


def test_the_tea_lady_is_tested_exactly() -> None:
    found = proportions((3, 1), (4, 4))  # fisher.test(TeaTasting): p = 0.4857 two-sided, odds ratio 6.408309
    assert found.test == "Fisher's exact test"
    assert found.p == pytest.approx(0.4857, abs=5e-5)
    assert found.size is not None
    assert 1 / (found.size.value or 1) == pytest.approx(6.408309, abs=5e-4)


def test_the_difference_of_shares_has_newcombes_interval() -> None:
    found = proportions((48, 56), (80, 70))  # Newcombe (1998), table II (a): 56/70 - 48/80 = 0.2; 0.0524 to 0.3339
    assert found.effect is not None
    assert (found.effect.value, found.effect.low, found.effect.high) == pytest.approx((20, 5.24, 33.39), abs=0.01)


def test_a_table_of_counts_gives_what_r_gives() -> None:
    table = pd.DataFrame([[762, 327, 468], [484, 239, 477]], ["F", "M"], ["Democrat", "Independent", "Republican"])
    found = association(table, ("gender", "party"))  # Agresti (2007), p. 39; chisq.test: X2 = 30.07, df = 2, p = 2.954e-07
    assert found.statistic == pytest.approx(30.07, abs=0.005)
    assert found.p == pytest.approx(2.954e-07, rel=1e-3)
    assert found.groups is not None
    assert found.groups.loc["F", "Democrat"] == pytest.approx(4.50, abs=0.005)  # the standardised residual Agresti prints
    assert "Cramer" in found.sentence


def test_a_thin_table_is_tested_by_permutation() -> None:
    jobs = pd.DataFrame([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]])  # Agresti (2002), p. 57: Fisher's exact p = 0.7827
    found = association(jobs)
    assert found.test == "chi-square permutation test"
    assert found.p == pytest.approx(0.77, abs=0.05)


def test_the_choice_follows_the_kind_of_the_variables() -> None:
    flag, number = [True, False] * 20, list(range(40))
    assert infer(flag, [1, 2] * 20, categories=True).test in ("chi-square test", "Fisher's exact test")
    assert infer(pd.Series(["a", "b", "c", "d"] * 10), pl.Series([float(n % 7) + 0.1 * n for n in number])).test.startswith(("Welch", "Kruskal"))
    assert infer(flag, ["x", "y", "z", "x"] * 10).test.startswith("chi-square")
    assert infer(number, [n**0.5 for n in number]).test == "Pearson correlation"


def test_missing_rows_are_dropped_and_counted() -> None:
    found = infer([1.0, None, 3.0, 4.0, 5.0, 2.0], ["a", "a", None, "b", "b", "a"])
    assert (found.n, found.missing) == (4, 2)


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([], [], "no row"),
        ([1.0], ["a"], "only one group"),
        ([1.0, 2.0], ["a", "b"], "two values or more"),
        ([1.0] * 6, ["a", "b"] * 3, "all values are equal"),
        ([1.0] * 6, [1.0, 2, 3, 4, 5, 6], "are equal"),
        ([1.0, 2.0], [2.0, 1.0], "four pairs"),
        (["a"] * 4, ["b"] * 4, "two values or more"),
        ([None, None], [1.0, 2.0], "no row"),
    ],
)
def test_where_no_test_is_possible_the_reason_is_said(x: list[object], y: list[object], reason: str) -> None:
    found = infer(x, y)
    assert found.p is None
    assert reason in found.sentence
    assert not found.significant


def test_paired_values_that_do_not_change_are_refused() -> None:
    assert "no pair changed" in paired(SLEEP_1, SLEEP_1).sentence
    assert "same amount" in paired(SLEEP_1, SLEEP_1 + 1).sentence


def test_what_cannot_be_compared_is_an_error() -> None:
    with pytest.raises(MeasureError, match="same number of rows"):
        infer([1], [1, 2])
    with pytest.raises(MeasureError, match="at most 50"):
        infer([str(i) for i in range(60)], list(range(60)))


def test_large_groups_take_little_time() -> None:
    rng = np.random.default_rng(1)
    found = two_groups(rng.exponential(1, 50_000) ** 3, rng.exponential(1.1, 50_000) ** 3)
    assert found.significant


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-100, 100).map(lambda v: round(v, 3)), min_size=4, max_size=30),
    st.lists(st.floats(-100, 100).map(lambda v: round(v, 3)), min_size=4, max_size=30),
)
def test_swapping_the_groups_turns_the_effect_round(a: list[float], b: list[float]) -> None:
    one, two = two_groups(np.array(a), np.array(b)), two_groups(np.array(b), np.array(a))
    if one.p is None:
        assert two.p is None
        return
    assert one.effect is not None
    assert two.effect is not None
    assert one.p == pytest.approx(two.p or 0, abs=1e-9)
    assert one.effect.value == pytest.approx(-(two.effect.value or 0), abs=1e-6)
    assert 0 <= one.p <= 1
    assert (one.effect.low or 0) <= (one.effect.value or 0) + 1e-9


def test_sample_sizes_are_those_of_the_tables() -> None:
    assert sample_size.for_share(5) == 385
    assert sample_size.per_group_for_means(0.2, 1) == (394, 394)  # Cohen (1988), table 2.4.1: 393
    assert sample_size.per_group_for_means(0.8, 1) == (26, 26)
    assert sample_size.for_nps(10, promoters=60, detractors=15) == math.ceil((1.959964 * 73.993 / 10) ** 2)
    assert sample_size.for_share(5, population=100) == 80
    for bad in (lambda: sample_size.for_share(0), lambda: sample_size.for_nps(5, promoters=90, detractors=20), lambda: sample_size.invitations(5, 0)):
        with pytest.raises(MeasureError):
            bad()


@pytest.mark.parametrize(
    "groups",
    [PLANTS, {"a": np.array([1.0, 1, 2, 1, 30]), "b": np.array([1.0, 3, 1, 2, 31]), "c": np.array([8.0, 9, 9, 8, 90])}],
    ids=["means", "ranks"],
)
def test_of_several_groups_the_widest_gap_the_size_and_the_power_are_told_with_intervals(groups: dict[str, np.ndarray]) -> None:
    found = many_groups(groups)
    assert found.effect is not None
    assert found.size is not None
    assert found.power is not None
    assert found.effect.low is not None
    assert found.effect.low < (found.effect.value or 0) < (found.effect.high or 0)
    assert found.size.low is not None
    assert 0 <= found.size.low < (found.size.value or 0) < (found.size.high or 0) <= 1
    assert 0.05 <= found.power <= 1


def test_the_widest_gap_of_plants_is_that_of_games_and_howell() -> None:
    found, a, b = many_groups(PLANTS), PLANTS["trt1"], PLANTS["trt2"]
    assert found.effect_name.startswith("trt2 less trt1")
    assert found.effect is not None
    parts = [v.var(ddof=1) / len(v) for v in (a, b)]
    df = sum(parts) ** 2 / sum(part**2 / (len(v) - 1) for part, v in zip(parts, (a, b), strict=True))
    half = stats.studentized_range.ppf(0.95, 3, df) * math.sqrt(sum(parts) / 2)  # Games and Howell, Journal of Educational Statistics 1 (1976)
    assert (found.effect.value, found.effect.low, found.effect.high) == pytest.approx((0.865, 0.865 - half, 0.865 + half), abs=1e-6)


def test_ranks_of_two_groups_have_an_interval_and_a_power() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.lognormal(0, 2, 60), rng.lognormal(1, 2, 60)
    found = two_groups(a, b)
    assert found.test == "Mann-Whitney U test"
    assert found.size is not None
    assert found.power is not None
    wins = (b[:, None] > a[None, :]).mean() - (b[:, None] < a[None, :]).mean()
    assert found.size.value == pytest.approx(wins)
    assert (found.size.low or 0) < wins < (found.size.high or 0)
    mirrored = two_groups(b, a)
    assert (mirrored.size.low, mirrored.size.high) == pytest.approx((-(found.size.high or 0), -(found.size.low or 0)))  # type: ignore[union-attr]


def test_the_size_of_an_association_has_an_interval() -> None:
    found = association(pd.DataFrame([[30, 10, 5], [10, 30, 5], [5, 5, 30]]))
    assert found.size is not None
    assert found.size.low is not None
    assert 0.3 < found.size.low < (found.size.value or 0) < (found.size.high or 0) < 1
