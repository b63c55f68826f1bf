"""Two characteristics that go together: tables of counts, shares and correlations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.power import GofChisquarePower
from statsmodels.stats.proportion import confint_proportions_2indep

from cx.analytics import noncentral
from cx.analytics.estimate import CONFIDENCE, Z95, Estimate
from cx.analytics.finding import ALPHA, Assumption, Finding, Values, figure, magnitude, refused, said

SMALL_CELL = 5
EXACT_LIMIT = 1000


def proportions(
    hits: tuple[int, int], totals: tuple[int, int], names: tuple[str, str] = ("first", "second"), what: str = "share", missing: int = 0
) -> Finding:
    """Two shares: chi-square without continuity correction, or Fisher's exact test where an expected count is under 5.

    Effect: second - first in percentage points with Newcombe's interval; size: odds ratio with its interval (exact,
    conditional, with Fisher), and Cohen's h for the words. Source: Newcombe, Statistics in Medicine 17 (1998).

    >>> found = proportions((15, 30), (100, 100))
    >>> found.test, round(found.p, 4), round(found.effect.value, 1)
    ('chi-square test', 0.0111, 15.0)
    """
    (x1, x2), (n1, n2) = hits, totals
    n = n1 + n2
    if min(n1, n2) < 1:
        return refused("chi-square test", "two shares", "each group needs one observation or more", n, missing)
    table = np.array([[x1, n1 - x1], [x2, n2 - x2]])
    if table.sum(axis=0).min() == 0:
        return refused("chi-square test", "two shares", "everybody answered alike", n, missing)
    p1, p2 = x1 / n1, x2 / n2
    low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", compare="diff", alpha=1 - CONFIDENCE)
    effect = Estimate(100 * (p2 - p1), 100 * float(low), 100 * float(high), n, "points")
    expected = stats.contingency.expected_freq(table)
    exact = bool(expected.min() < SMALL_CELL)
    h = 2 * math.asin(math.sqrt(p2)) - 2 * math.asin(math.sqrt(p1))
    harmonic = 2 / (1 / n1 + 1 / n2)
    power = float(stats.norm.sf(Z95 - abs(h) * math.sqrt(harmonic / 2)) + stats.norm.cdf(-Z95 - abs(h) * math.sqrt(harmonic / 2)))
    checks = (Assumption("expected counts of 5 or more", not exact, f"smallest expected count {expected.min():.1f}"),)
    described = pd.DataFrame({"group": list(names), "n": [n1, n2], "share": [100 * p1, 100 * p2]})
    swapped = table[::-1]
    df: tuple[float, ...] = ()
    if exact:
        p = float(stats.fisher_exact(table).pvalue)
        ratio = stats.contingency.odds_ratio(swapped)
        ends = ratio.confidence_interval(CONFIDENCE)
        size = Estimate(
            float(ratio.statistic) if np.isfinite(ratio.statistic) else None, float(ends.low), float(ends.high) if np.isfinite(ends.high) else None, n
        )
        test, why, statistic = "Fisher's exact test", "two shares with so few cases that the exact distribution is used", None
    else:
        found = stats.chi2_contingency(table, correction=False)
        p, statistic = float(found.pvalue), float(found.statistic)
        test, why, df = "chi-square test", "two shares with enough cases in each cell", (1.0,)
        odds = np.where(swapped == 0, 0.5, swapped)
        ratio_log, se = math.log(odds[0, 0] * odds[1, 1] / (odds[0, 1] * odds[1, 0])), math.sqrt((1 / odds).sum())
        size = Estimate(math.exp(ratio_log), math.exp(ratio_log - Z95 * se), math.exp(ratio_log + Z95 * se), n)
    if p >= ALPHA:
        sentence = (f"No difference in {what} between {names[0]} ({100 * p1:.1f} %) and {names[1]} ({100 * p2:.1f} %) could be shown "
                    f"({said(p)}; it may lie anywhere from {100 * low:.1f} to {100 * high:.1f} points).")  # fmt: skip
    else:
        sentence = (f"{what[:1].upper()}{what[1:]} is {abs(100 * (p2 - p1)):.1f} points {'higher' if p2 > p1 else 'lower'} for {names[1]} ({100 * p2:.1f} %) than for "
                    f"{names[0]} ({100 * p1:.1f} %); 95 % interval {100 * low:.1f} to {100 * high:.1f} points, {said(p)}.")  # fmt: skip
    return Finding(
        test,
        why,
        p,
        sentence,
        statistic,
        df,
        effect,
        "difference in points",
        size,
        "odds ratio",
        magnitude(h, 0.2, 0.5, 0.8),
        power,
        n,
        missing,
        checks,
        described,
    )


def association(table: pd.DataFrame, names: tuple[str, str] = ("first", "second"), missing: int = 0) -> Finding:
    """Independence of two characteristics from their table of counts (rows: first, columns: second).

    Chi-square; where more than a fifth of expected counts is under 5, or one under 1, Fisher's exact test (2 x 2) or a
    chi-square permutation test (10,000 tables with the same margins, fixed seed). Size: Cramer's V, corrected for
    bias (Bergsma 2013), with the interval of the noncentrality of chi-square. `groups` holds the adjusted residuals: beyond +-2 a cell is fuller or emptier than chance.
    """
    counts = table.loc[table.sum(axis=1) > 0, table.sum(axis=0) > 0].astype(int)
    n = int(counts.to_numpy().sum())
    if counts.shape[0] < 2 or counts.shape[1] < 2:
        return refused("chi-square test", "two characteristics", "each needs two values or more that occur", n, missing)
    observed = counts.to_numpy()
    found = stats.chi2_contingency(observed, correction=False)
    expected = found.expected_freq
    sparse = bool((expected < SMALL_CELL).mean() > 0.2 or expected.min() < 1)
    checks = (Assumption("expected counts of 5 or more in four fifths of the cells", not sparse, f"smallest expected count {expected.min():.1f}"),)
    r, k = observed.shape
    phi = max(found.statistic / n - (r - 1) * (k - 1) / max(n - 1, 1), 0.0)
    rows, columns = r - (r - 1) ** 2 / max(n - 1, 1), k - (k - 1) ** 2 / max(n - 1, 1)
    v = math.sqrt(phi / (min(rows, columns) - 1)) if min(rows, columns) > 1 else 0.0
    v = min(v, 1.0)
    effect_w = v * math.sqrt(min(r, k) - 1)
    power = float(GofChisquarePower().power(effect_w, n, ALPHA, n_bins=(r - 1) * (k - 1) + 1)) if effect_w > 0 else None
    if not sparse:
        test, why, p = "chi-square test", "two characteristics with enough cases in the cells", float(found.pvalue)
    elif (r, k) == (2, 2):
        test, why, p = (
            "Fisher's exact test",
            "two characteristics of two values with few cases, so that the exact distribution is used",
            float(stats.fisher_exact(observed).pvalue),
        )
    else:
        method = stats.PermutationMethod(n_resamples=9999, rng=np.random.default_rng(1))
        test, why = (
            "chi-square permutation test",
            "two characteristics with few cases in many cells, so that the distribution is made from shuffled tables",
        )
        p = float(stats.chi2_contingency(observed, correction=False, method=method).pvalue) if n <= EXACT_LIMIT else float(found.pvalue)
    share_row, share_column = observed.sum(axis=1, keepdims=True) / n, observed.sum(axis=0, keepdims=True) / n
    residuals = pd.DataFrame((observed - expected) / np.sqrt(expected * (1 - share_row) * (1 - share_column)), counts.index, counts.columns)
    far = residuals.to_numpy()
    at = np.unravel_index(np.abs(far).argmax(), far.shape)
    where = f"{names[0]} = {counts.index[at[0]]} with {names[1]} = {counts.columns[at[1]]} is {'more' if far[at] > 0 else 'less'} frequent than chance would have it"
    sentence = (f"{_headed(names[0])} and {names[1]} go together ({said(p)}, Cramer's V {v:.2f}); most of all, {where}." if p < ALPHA
                else f"No association between {names[0]} and {names[1]} could be shown ({said(p)}).")  # fmt: skip
    least, most = (min(math.sqrt(x / n / (min(r, k) - 1)), 1.0) for x in noncentral.chi_square(float(found.statistic), (r - 1) * (k - 1)))
    grade = magnitude(v, *(t / math.sqrt(min(r, k) - 1) for t in (0.1, 0.3, 0.5)))
    return Finding(
        test,
        why,
        p,
        sentence,
        float(found.statistic),
        (float((r - 1) * (k - 1)),),
        None,
        "",
        Estimate(v, least, most, n),
        "Cramer's V",
        grade,
        power,
        n,
        missing,
        checks,
        residuals,
    )


def _headed(name: str) -> str:
    """A name as a sentence begins with it."""
    return name[:1].upper() + name[1:]


def correlation(x: Values, y: Values, names: tuple[str, str] = ("first", "second"), missing: int = 0, ordinal: bool = False) -> Finding:
    """Pearson's correlation, or Spearman's where the relation is not a line: outliers, skew, ranks (`ordinal`).

    Interval from Fisher's z (for Spearman's with Bonett & Wright's variance (1 + r^2 / 2) / (n - 3)). "Goes with", not
    "causes".
    """
    n = len(x)
    if n < 4:
        return refused("correlation", "two numbers of each unit", "four pairs or more are needed", n, missing)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return refused("correlation", "two numbers of each unit", f"all values of {names[0] if np.ptp(x) == 0 else names[1]} are equal", n, missing)
    skews = [abs(float(stats.skew(v))) for v in (x, y)]
    outlier = max(float(np.abs(stats.zscore(v)).max()) for v in (x, y))
    few_values = min(len(np.unique(x)), len(np.unique(y))) <= 7
    line = max(skews) < 1 and outlier < max(3.5, stats.norm.isf(0.01 / n)) and not ordinal and not few_values
    checks = (
        Assumption("no extreme values", outlier < max(3.5, stats.norm.isf(0.01 / n)), f"furthest value {outlier:.1f} standard deviations out"),
        Assumption("both about symmetric", max(skews) < 1, f"skewness {skews[0]:.2f} and {skews[1]:.2f}"),
        Assumption("measured on a scale finer than seven steps", not few_values and not ordinal, "ranks are compared otherwise"),
    )
    found = stats.pearsonr(x, y) if line else stats.spearmanr(x, y)
    r, p = float(found.statistic), float(found.pvalue)
    spread = math.sqrt((1 if line else 1 + r**2 / 2) / (n - 3))
    z = math.atanh(max(min(r, 1 - 1e-15), -1 + 1e-15))
    low, high = math.tanh(z - Z95 * spread), math.tanh(z + Z95 * spread)
    effect = Estimate(r, low, high, n, "", "", r, None)
    power = float(stats.norm.sf(Z95 - abs(z) / spread)) if abs(r) < 1 else 1.0
    test = "Pearson correlation" if line else "Spearman rank correlation"
    why = (
        "two numbers of each unit that spread evenly"
        if line
        else "two numbers of each unit with few steps, skew or extreme values, so that ranks are compared"
    )
    sentence = (f"{_headed(names[0])} {'rises' if r > 0 else 'falls'} with {names[1]} (r = {figure(r)}, 95 % interval {low:.2f} to {high:.2f}, {said(p)}); this is an association, not a cause."
                if p < ALPHA else f"No correlation of {names[0]} with {names[1]} could be shown (r = {figure(r)}, {said(p)}; it may lie anywhere from {low:.2f} to {high:.2f}).")  # fmt: skip
    return Finding(
        test, why, p, sentence, r, (float(n - 2),), effect, "correlation", effect, "r", magnitude(r, 0.1, 0.3, 0.5), power, n, missing, checks
    )
