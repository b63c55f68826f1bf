"""Pareto analysis: the few causes that make up most of a problem."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cx.analytics.frame import as_table, checked, numeric
from cx.errors import MeasureError

COLUMNS = ["category", "amount", "share", "cumulative", "vital"]


def pareto(data: Any, category: str, weight: str | None = None, *, cut: float = 80.0, most: int | None = None) -> pd.DataFrame:
    """Categories by falling amount, with their share and cumulative share in percent.

    `data`: table with the column `category`, or a series of categories. Amount = number of rows, or the sum of
    `weight` (defects, cost; missing counts as nothing, negative is refused). `vital` marks the smallest set of leading
    categories that reaches `cut` percent. A missing category is called "(not given)". With `most` the rest is summed
    in a last row "(other)". Equal amounts are ordered by name. Nothing at all gives no rows.
    Source: Juran's Quality Handbook.

    >>> pareto(["scratch", "dent", "scratch", "scratch", "stain"], "category")[["category", "cumulative", "vital"]].values.tolist()
    [['scratch', 60.0, True], ['dent', 80.0, True], ['stain', 100.0, False]]
    """
    table = checked(as_table(data, category), (category, *([weight] if weight else [])))
    name = table[category].cast("string").fill_null("(not given)")
    if weight is None:
        counted = table.group_by(category=name).aggregate(amount=lambda t: t.count().cast("float64"), lowest=lambda t: t.count().cast("float64"))
    else:
        amount = numeric(table, weight).fill_null(0.0)
        counted = table.group_by(category=name).aggregate(amount=amount.sum(), lowest=amount.min())
    frame: pd.DataFrame = counted.to_pandas()
    if len(frame) and float(frame["lowest"].min()) < 0:
        raise MeasureError("amounts must not be negative", f"{weight} has negative values", "choose another column")
    frame = frame[frame["amount"] > 0].sort_values(["amount", "category"], ascending=[False, True], ignore_index=True)[["category", "amount"]]
    if most is not None and len(frame) > most:
        rest = pd.DataFrame({"category": ["(other)"], "amount": [frame["amount"].iloc[most:].sum()]})
        frame = pd.concat([frame.iloc[:most], rest], ignore_index=True)
    total = float(frame["amount"].sum())
    frame["share"] = 100 * frame["amount"] / total if total else frame["amount"]
    frame["cumulative"] = 100 * frame["amount"].cumsum() / total if total else frame["amount"]
    frame["vital"] = frame["cumulative"].shift(fill_value=0.0) < cut - 1e-9
    return frame[COLUMNS]
