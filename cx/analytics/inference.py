"""The right test for two variables: chosen, run and explained."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.analytics.comparison import many_groups, paired, two_groups
from cx.analytics.contingency import association, correlation, proportions
from cx.analytics.finding import Finding, aligned, refused
from cx.errors import MeasureError

MOST_GROUPS = 50


def _kind(series: pd.Series) -> str:
    return "number" if pd.api.types.is_float_dtype(series) else "category"


def _levels(series: pd.Series) -> list[Any]:
    found = series.unique().tolist()
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def infer(
    x: Any, y: Any, *, same_units: bool = False, names: tuple[str, str] = ("the first variable", "the second variable"), categories: bool = False
) -> Finding:
    """Choose and run a test of whether two variables have to do with each other.

    `x`, `y`: series of equal length, a row a unit; rows in which either is missing are dropped and counted in
    `missing`. Numbers count as numbers, words and truth values as categories; `categories` makes numbers with at most
    ten values into categories. The choice:

    - two numbers: correlation (Pearson, or Spearman for skewed, stepped or outlying values);
    - two numbers of the same thing, `same_units` (before and after): paired t, or Wilcoxon;
    - number by two categories: Welch's t, or Mann-Whitney; by more: Welch's analysis of variance, or Kruskal-Wallis;
    - two categories of two values: difference of shares, by chi-square or Fisher; larger: chi-square, by permutation
      where cells are thin.

    `Finding.why` and `Finding.assumptions` explain the choice, `Finding.sentence` says the outcome. Where no test is
    possible `p` is None and the sentence says why. Raises MeasureError where lengths differ or a category has more than 50 values.

    >>> found = infer([3, 4, 5, 4, 3, 5, 4, 6], ["a", "a", "a", "a", "b", "b", "b", "b"], names=("effort", "team"))
    >>> found.test
    "Welch's t test"
    """
    frame, missing = aligned(x, y, names)
    if frame.empty:
        return refused("none", "nothing to compare", "no row has both values", 0, missing)
    if categories:
        for name in ("x", "y"):
            if _kind(frame[name]) == "number" and frame[name].nunique() <= 10:
                frame[name] = frame[name].map(lambda v: f"{v:g}").astype(object)
    kinds = (_kind(frame["x"]), _kind(frame["y"]))
    if kinds == ("number", "number"):
        values = frame["x"].to_numpy(float), frame["y"].to_numpy(float)
        return paired(*values, names, "value", missing) if same_units else correlation(*values, names, missing)
    for name, kind, title in zip(("x", "y"), kinds, names, strict=True):
        if kind == "category" and frame[name].nunique() > MOST_GROUPS:
            raise MeasureError(
                f"a category may have at most {MOST_GROUPS} values", f"{title} has {frame[name].nunique()}", "group them, or choose another column"
            )
    if kinds == ("category", "category"):
        return _categories(frame, names, missing)
    number, category = ("x", "y") if kinds[0] == "number" else ("y", "x")
    what = names[0] if number == "x" else names[1]
    groups = {str(level): frame.loc[frame[category] == level, number].to_numpy(float) for level in _levels(frame[category])}
    if len(groups) == 1:
        return refused("Welch's t test", "a number in groups", "there is only one group", len(frame), missing)
    if len(groups) == 2:
        (first, a), (second, b) = groups.items()
        return two_groups(a, b, (first, second), what, missing)
    return many_groups(groups, what, missing)


def _categories(frame: pd.DataFrame, names: tuple[str, str], missing: int) -> Finding:
    rows, columns = _levels(frame["x"]), _levels(frame["y"])
    if len(rows) == 2 and len(columns) == 2:
        hits = [int(((frame["x"] == row) & (frame["y"] == columns[1])).sum()) for row in rows]
        totals = [int((frame["x"] == row).sum()) for row in rows]
        labels = tuple(f"{names[0]} = {row}" for row in rows)
        return proportions((hits[0], hits[1]), (totals[0], totals[1]), (labels[0], labels[1]), f"share of {names[1]} = {columns[1]}", missing)
    return association(pd.crosstab(frame["x"], frame["y"]), names, missing)
