"""Cells on their way into rows: tidied text, scores on their scale, and who gave them."""

from __future__ import annotations

from typing import Any

import polars as pl

from cx.intake.plan import Column
from cx.intake.scores import answered, scores


def repeated(value: Any, height: int, kind: Any, name: str = "") -> pl.Series:
    """A column of one value."""
    return pl.repeat(value, height, dtype=kind, eager=True).alias(name)


def nothing(height: int) -> pl.Series:
    """A mask that marks no record."""
    return repeated(False, height, pl.Boolean)


def scored(column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(scores on the column's scale, cells that hold something else). NPS takes whole numbers only."""
    values, bad = scores(cells, dict(column.words) or None, column.missing)
    low, high = column.scale_min, column.scale_max
    if low is not None and high is not None:
        bad = bad | ~values.is_between(low, high).fill_null(True)
    if column.field == "nps":
        bad = bad | (values != values.floor()).fill_null(False)
    return values, bad


def problem_of(column: Column, integral: bool = False) -> str:
    """The reason to give for a score outside its scale."""
    low, high = column.scale_min, column.scale_max
    if low is None or high is None:
        return "is not a number"
    return f"is not a {'whole number' if integral else 'score'} from {low:g} to {high:g}"


def tidy(cells: pl.Series) -> pl.Series:
    """Text without surrounding blanks, null where empty; the guard `="007"` of spreadsheets is undone."""
    cells = answered(cells)
    if cells.str.starts_with('="').any():
        cells = cells.str.replace(r'^="(.*)"$', "$1")
    return cells
