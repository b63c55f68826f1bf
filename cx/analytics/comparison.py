"""Comparing numbers between two groups, before and after, or between several groups."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.power import FTestAnovaPower, TTestIndPower, TTestPower

from cx.analytics import noncentral, rank_effect
from cx.analytics.estimate import CONFIDENCE, Z95, Estimate
from cx.analytics.finding import ALPHA, Assumption, Finding, Values, figure, magnitude, refused, said

ENOUGH = 30  # from here on the mean is close to normal whatever the values, unless they are very skewed
SKEWED = 2.0


def _normal(values: Values) -> tuple[bool, str]:
    """Whether a t test is safe on these values: they look normal, or there are many and not very skewed."""
    n = len(values)
    if n < 3 or np.ptp(values) == 0:
        return False, "too few values to tell"
    skew = float(stats.skew(values))
    if n >= ENOUGH:
        return abs(skew) < SKEWED or n >= 500, f"n = {n}, skewness {skew:.2f}"
    p = float(stats.shapiro(values).pvalue)
    return p >= ALPHA, f"Shapiro-Wilk {said(p)}, n = {n}"


def _described(groups: Mapping[str, Values]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"group": name, "n": len(v), "mean": float(v.mean()), "median": float(np.median(v)), "sd": float(v.std(ddof=1)) if len(v) > 1 else None}
            for name, v in groups.items()
        ]
    )


def hedges(a: Values, b: Values) -> Estimate:
    """Hedges' g: difference of means (b - a) over the pooled standard deviation, corrected for small samples.

    g = d (1 - 3 / (4 df - 1)); interval from its normal approximation. Source: Hedges & Olkin (1985).
    """
    n1, n2 = len(a), len(b)
    df = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * a.var(ddof=1) + (n2 - 1) * b.var(ddof=1)) / df)
    if pooled == 0:
        return Estimate(None, n=n1 + n2, warning="no spread")
    g = float((b.mean() - a.mean()) / pooled) * (1 - 3 / (4 * df - 1))
    se = math.sqrt((n1 + n2) / (n1 * n2) + g**2 / (2 * (n1 + n2)))
    return Estimate(g, g - Z95 * se, g + Z95 * se, n1 + n2, "sd", "", g, se)


def _shift(a: Values, b: Values, z: float = Z95) -> Estimate:
    """Hodges-Lehmann shift, the median of all b - a, with its rank-sum interval (Bauer 1972); thinned above 1,500 values a group."""
    a, b = (np.sort(v)[np.linspace(0, len(v) - 1, min(len(v), 1500)).astype(int)] for v in (a, b))
    gaps = np.sort((b[None, :] - a[:, None]).ravel())
    half = z * math.sqrt(len(a) * len(b) * (len(a) + len(b) + 1) / 12)
    k = max(math.floor(len(gaps) / 2 - half), 0)
    return Estimate(float(np.median(gaps)), float(gaps[k]), float(gaps[len(gaps) - 1 - k]), len(a) + len(b))


def two_groups(a: Values, b: Values, names: tuple[str, str] = ("first", "second"), what: str = "value", missing: int = 0) -> Finding:
    """Welch's t test, or Mann-Whitney's where the values are few and not normal, or very skewed.

    The effect is second - first: the difference of means, or Hodges-Lehmann's shift. Sizes: Hedges' g, or the rank-biserial
    correlation 2 U / (n1 n2) - 1. Welch's is used whether or not the variances are equal: testing that first only
    spoils the error rate (Delacre et al. 2017).
    """
    n = len(a) + len(b)
    if min(len(a), len(b)) < 2:
        return refused("Welch's t test", "two groups of numbers", "each group needs two values or more", n, missing)
    if np.ptp(np.concatenate([a, b])) == 0:
        return refused("Welch's t test", "two groups of numbers", "all values are equal", n, missing)
    checks = [_normal(v) for v in (a, b)]
    fit = all(ok for ok, _ in checks) or (np.ptp(a) == 0) != (np.ptp(b) == 0)
    assumptions = [Assumption(f"{name}: mean close to normal", ok, detail) for name, (ok, detail) in zip(names, checks, strict=True)]
    ratio = max(a.var(ddof=1), b.var(ddof=1)) / max(min(a.var(ddof=1), b.var(ddof=1)), 1e-300)
    assumptions.append(Assumption("equal variances", bool(ratio < 4), "not needed: Welch's test allows for unequal ones"))
    table = _described({names[0]: a, names[1]: b})
    if fit:
        t = stats.ttest_ind(b, a, equal_var=False)
        ends = t.confidence_interval(CONFIDENCE)
        gap = float(b.mean() - a.mean())
        effect = Estimate(gap, float(ends.low), float(ends.high), n, "", "", gap, abs(gap / t.statistic) if t.statistic else None, float(t.df))
        size = hedges(a, b)
        power = None
        if size.value:
            power = float(TTestIndPower().power(abs(size.value), len(a), ALPHA, ratio=len(b) / len(a)))
        sentence = _compared(what, names, (float(a.mean()), float(b.mean())), effect, float(t.pvalue), "on average")
        grade = magnitude(size.value, 0.2, 0.5, 0.8) if size.value is not None else ""
        why = "two groups of numbers whose means are close to normal; variances need not be equal"
        return Finding("Welch's t test", why, float(t.pvalue), sentence, float(t.statistic), (float(t.df),), effect, "difference of means", size, "Hedges' g",
                       grade, power, n, missing, tuple(assumptions), table)  # fmt: skip
    u = stats.mannwhitneyu(b, a)
    size = rank_effect.biserial(a, b)
    biserial = size.value or 0.0
    effect = _shift(a, b)
    sentence = _compared(what, names, (float(np.median(a)), float(np.median(b))), effect, float(u.pvalue), "at the median")
    why = "two groups of numbers that are few and not normal, or very skewed, so that ranks are compared instead of means"
    return Finding("Mann-Whitney U test", why, float(u.pvalue), sentence, float(u.statistic), (), effect, "Hodges-Lehmann shift", size,
                   "rank-biserial correlation", magnitude(biserial, 0.1, 0.3, 0.5), rank_effect.power_of_two(biserial, len(a), len(b)), n, missing, tuple(assumptions), table)  # fmt: skip


def _compared(what: str, names: Sequence[str], centres: tuple[float, float], effect: Estimate, p: float, how: str) -> str:
    low, high = figure(effect.low or 0.0), figure(effect.high or 0.0)
    if p >= ALPHA:
        return (f"No difference in {what} between {names[0]} ({figure(centres[0])}) and {names[1]} ({figure(centres[1])}) could be shown {how} "
                f"({said(p)}; the difference may lie anywhere from {low} to {high}).")  # fmt: skip
    direction = "higher" if (effect.value or centres[1] - centres[0]) > 0 else "lower"
    return (f"{what[:1].upper()}{what[1:]} is {figure(abs(effect.value or 0.0))} {direction} {how} for {names[1]} ({figure(centres[1])}) than for {names[0]} "
            f"({figure(centres[0])}); 95 % interval of the difference {low} to {high}, {said(p)}.")  # fmt: skip


def paired(before: Values, after: Values, names: tuple[str, str] = ("before", "after"), what: str = "value", missing: int = 0) -> Finding:
    """Paired t test, or Wilcoxon's signed-rank test where the differences are few and not normal, or very skewed.

    Effect: mean (or pseudo-median) of after - before. Sizes: Cohen's d_z, or the matched-pairs rank-biserial correlation.
    """
    gap = after - before
    n = len(gap)
    if n < 2:
        return refused("paired t test", "two values of each unit", "two pairs or more are needed", n, missing)
    if np.ptp(gap) < 1e-12 * max(float(np.abs(gap).max()), 1e-300) or not gap.any():
        same = not gap.any()
        return refused("paired t test", "two values of each unit", "no pair changed" if same else "every pair changed by the same amount", n, missing)
    fit, detail = _normal(gap)
    assumptions = (Assumption("differences close to normal", fit, detail),)
    table = _described({names[0]: before, names[1]: after})
    if fit:
        t = stats.ttest_rel(after, before)
        ends = t.confidence_interval(CONFIDENCE)
        dz = float(gap.mean() / gap.std(ddof=1))
        se = math.sqrt(1 / n + dz**2 / (2 * n))
        effect = Estimate(
            float(gap.mean()), float(ends.low), float(ends.high), n, "", "", float(gap.mean()), float(gap.std(ddof=1) / math.sqrt(n)), n - 1
        )
        power = float(TTestPower().power(abs(dz), n, ALPHA)) if dz else None
        return Finding("paired t test", "two values of each unit, whose differences are close to normal", float(t.pvalue),
                       _compared(what, names, (float(before.mean()), float(after.mean())), effect, float(t.pvalue), "on average"), float(t.statistic),
                       (float(n - 1),), effect, "mean difference", Estimate(dz, dz - Z95 * se, dz + Z95 * se, n, "sd", "", dz, se), "Cohen's d_z",
                       magnitude(dz, 0.2, 0.5, 0.8), power, n, missing, assumptions, table)  # fmt: skip
    changed = gap[gap != 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # exact p is not available with ties; the normal one is used and that is intended
        w = stats.wilcoxon(changed)
    ranks = stats.rankdata(np.abs(changed))
    biserial = float((ranks[changed > 0].sum() - ranks[changed < 0].sum()) / ranks.sum())
    few = gap if n <= 1500 else np.sort(gap)[np.linspace(0, n - 1, 1500).astype(int)]
    i, j = np.triu_indices(len(few))
    walsh = np.sort((few[i] + few[j]) / 2)
    m = len(few)
    k = max(math.floor(len(walsh) / 2 - Z95 * math.sqrt(m * (m + 1) * (2 * m + 1) / 24)), 0)
    effect = Estimate(float(np.median(walsh)), float(walsh[k]), float(walsh[-1 - k]), n)
    return Finding("Wilcoxon signed-rank test", "two values of each unit, whose differences are few and not normal, or very skewed", float(w.pvalue),
                   _compared(what, names, (float(np.median(before)), float(np.median(after))), effect, float(w.pvalue), "at the median"), float(w.statistic), (),
                   effect, "pseudo-median of the differences", rank_effect.of_pairs(biserial, len(changed)), "matched-pairs rank-biserial correlation",
                   magnitude(biserial, 0.1, 0.3, 0.5), rank_effect.power_of_pairs(biserial, len(changed)), n, missing, assumptions, table)  # fmt: skip


def many_groups(groups: Mapping[str, Values], what: str = "value", missing: int = 0) -> Finding:
    """Welch's one-way analysis of variance, or Kruskal-Wallis where a group is small and not normal, or very skewed.

    Effect: the group with the highest mean against the one with the lowest, by Games-Howell's interval, or, on ranks, the highest
    median against the lowest, by Hodges-Lehmann's shift at the level that allows for every pair (Bonferroni). Sizes: omega squared of
    the classical decomposition, or epsilon squared H / (n - 1), each with the interval of its noncentrality; the power on ranks
    comes from the noncentral chi-square distribution of H. Groups of fewer than two values are left out and named. `groups` of the finding holds Tukey-Kramer's (Games-Howell's, unequal variances) adjusted p
    against the rest of the groups as `lowest_p`.
    """
    dropped = [name for name, v in groups.items() if len(v) < 2]
    kept = {name: v for name, v in groups.items() if len(v) >= 2}
    left = (f"left out for having fewer than two values: {', '.join(dropped)}",) if dropped else ()
    n = sum(len(v) for v in kept.values())
    if len(kept) < 2:
        return refused("one-way analysis of variance", "several groups of numbers", "two groups of two values or more are needed", n, missing)
    if len(kept) == 2:
        (first, a), (second, b) = kept.items()
        return two_groups(a, b, (first, second), what, missing)
    whole = np.concatenate(list(kept.values()))
    if np.ptp(whole) == 0:
        return refused("one-way analysis of variance", "several groups of numbers", "all values are equal", n, missing)
    checks = {name: _normal(v) for name, v in kept.items()}
    assumptions = tuple(Assumption(f"{name}: mean close to normal", ok, detail) for name, (ok, detail) in checks.items())
    table = _described(kept)
    high, low = table.sort_values("mean").iloc[-1], table.sort_values("mean").iloc[0]
    spread = f"from {figure(low['mean'])} ({low['group']}) to {figure(high['mean'])} ({high['group']})"
    k = len(kept)
    if all(ok for ok, _ in checks.values()) and all(np.ptp(v) > 0 for v in kept.values()):
        found = anova_oneway(list(kept.values()), use_var="unequal")
        between = sum(len(v) * (v.mean() - whole.mean()) ** 2 for v in kept.values())
        error = sum(((v - v.mean()) ** 2).sum() for v in kept.values()) / (n - k)
        omega = float(max((between - (k - 1) * error) / (between + (n - k) * error + error), 0.0))
        effect_f = math.sqrt(omega / (1 - omega)) if omega < 1 else math.inf
        power = float(FTestAnovaPower().power(effect_f, n, ALPHA, k_groups=k)) if 0 < effect_f < 10 else None
        games = stats.tukey_hsd(*kept.values(), equal_var=False)
        table["lowest_p"] = [float(np.min(np.delete(games.pvalue[i], i))) for i in range(k)]
        p = float(found.pvalue)
        names = list(kept)
        i, j = names.index(low["group"]), names.index(high["group"])
        ends = games.confidence_interval(CONFIDENCE)
        gap = Estimate(float(high["mean"] - low["mean"]), float(ends.low[j][i]), float(ends.high[j][i]), len(kept[names[i]]) + len(kept[names[j]]))
        classical = (between / (k - 1)) / error
        least, most = (x / (x + n) for x in noncentral.f_ratio(float(classical), k - 1, n - k))
        size = Estimate(omega, least, most, n)
        return Finding("Welch's one-way analysis of variance", "three or more groups of numbers whose means are close to normal; variances need not be equal", p,
                       _several(what, spread, p, k), float(found.statistic), (float(found.df_num), float(found.df_denom)), gap, f"{high['group']} less {low['group']}, means", size,
                       "omega squared", magnitude(omega, 0.01, 0.06, 0.14), power, n, missing, assumptions, table, left)  # fmt: skip
    h = stats.kruskal(*kept.values())
    epsilon = float(h.statistic / (n - 1))
    p = float(h.pvalue)
    least, most = (min(x / (n - 1), 1.0) for x in noncentral.chi_square(float(h.statistic), k - 1))
    size = Estimate(epsilon, least, most, n)
    top, bottom = (table.sort_values(["median", "mean"]).iloc[at]["group"] for at in (-1, 0))
    shift = _shift(kept[bottom], kept[top], float(stats.norm.isf(ALPHA / (k * (k - 1)))))
    return Finding("Kruskal-Wallis test", "three or more groups of numbers, some few and not normal, or very skewed, so that ranks are compared", p,
                   _several(what, spread, p, k), float(h.statistic), (float(k - 1),), shift, f"{top} less {bottom}, shift", size, "epsilon squared",
                   magnitude(epsilon, 0.01, 0.06, 0.14), noncentral.power(max(float(h.statistic) - (k - 1), 0.0), k - 1), n, missing, assumptions, table, left)  # fmt: skip


def _several(what: str, spread: str, p: float, k: int) -> str:
    if p >= ALPHA:
        return f"No difference in {what} between the {k} groups could be shown ({said(p)}); their means range {spread}."
    return f"{what[:1].upper()}{what[1:]} differs between the {k} groups ({said(p)}); their means range {spread}."


def as_values(values: Any) -> Values:
    """Numbers as a NumPy array without missing ones."""
    found = pd.to_numeric(pd.Series(values)).to_numpy(dtype=float, na_value=np.nan)
    return found[np.isfinite(found)]
