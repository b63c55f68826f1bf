"""Rows that a program hands over (JSON objects) into rows of a dataset: checked as the columns of a file are.

Types are taken at their word, where a file's text has to be guessed at: a number is a JSON number or a text that is one, a
moment is ISO 8601, and each column is called as the dataset calls it. From there on a row takes the way of a file's record.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from cx.errors import InputError
from cx.facts.datasets import dataset
from cx.intake.container import cell
from cx.intake.keys import Occurrences
from cx.intake.moments import PLAUSIBLE
from cx.intake.moments import read as moment_of
from cx.intake.plan import Chunk, Column, Layout, Plan, Reject
from cx.intake.quotes import LONGEST
from cx.intake.reader import Batch
from cx.intake.reading import chunk, schema

MOST_EXTRA = 200
LONGEST_NAME = 200
LARGEST = 1e15  # as for numbers in files
NUMBER = re.compile(r"\s*-?\d+(\.\d+)?([eE][+-]?\d{1,3})?\s*")
MOMENT = re.compile(r"\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?\s*")
SAID = {float: "is not a number", int: "is not a whole number", bool: "is not true or false", datetime: "is no moment such as 2026-01-31 or 2026-01-31T09:30:00Z"}
TRUTHS = {"true", "false", "yes", "no", "1", "0", ""}
# Columns that a row is nothing without, beyond those a file can do without since its name or its header stands for them.
ALSO = {"responses": ("survey",), "mentions": ("source",), "step_runs": ("process",)}


@dataclass(frozen=True)
class Understood:
    """How the rows were read (`plan`), what became of them (`chunk`), and which names were kept as properties."""

    plan: Plan
    chunk: Chunk
    properties: tuple[str, ...]


def understood(name: str, rows: Sequence[Any]) -> Understood:
    """Check and type rows of the dataset `name`; row 0 is line 1.

    Names the dataset does not have are kept as properties. Raises InputError for an unknown dataset, or where more names than
    200 are no columns of it.
    """
    kind = dataset(name)
    read = [(line, *_cells(name, row)) for line, row in enumerate(rows, 1)]
    extra = sorted({column for _, cells, _ in read for column in cells if column not in kind.types})
    if len(extra) > MOST_EXTRA:
        raise InputError(f"expected columns of {name} and at most {MOST_EXTRA} others", f"found {len(extra):,} others, such as {extra[0][:40]!r}", "look at GET /api/v1/datasets")
    plan = plan_of(name, extra)
    header = plan.layout.header
    good = [(line, cells) for line, cells, wrong in read if wrong is None]
    rejects = tuple(Reject(line, *wrong, tuple(cells.get(column, "") for column in header)) for line, cells, wrong in read if wrong is not None)
    frame = pl.DataFrame([pl.Series(str(i), [cells.get(column, "") for _, cells in good], pl.String) for i, column in enumerate(header)])
    frame = frame.with_columns(pl.Series("line", [line for line, _ in good], pl.Int64))
    made = chunk(plan, Batch(frame, rejects), ByName(header), set()) if good else Chunk(schema(name).empty_table(), len(rejects), {}, rejects)
    return Understood(plan, made, tuple(column.name for column in plan.columns if column.field == "property"))


def plan_of(name: str, extra: Sequence[str] = ()) -> Plan:
    """How rows of a dataset are read: its columns in their order, then other names, which become properties."""
    kind = dataset(name)
    header = (*kind.types, *extra)
    columns = []
    for at, column in enumerate(header):
        form = ("point",) if kind.types.get(column) in (int, float) else ("ymd",) if kind.types.get(column) is datetime else ()
        field = column if column in kind.types else "email" if column == "email" and "customer_id" in kind.types else "property"
        columns.append(Column(column, column, field, (at,), "its name", 1.0, form=form))
    layout = Layout("", "utf-8", ",", "\n", 0, len(header), 1, False, 0, header, (header,))
    return Plan(b"", "API", "generic", "API", 1.0, "rows of a program", name, "", layout, tuple(columns))


class ByName(Occurrences):
    """Content by name, for rows without an identifier: a row says the same whatever other columns its neighbours have."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names

    def tokens(self, cells: list[pl.Series]) -> pl.Series:
        """As of a file's records, from the filled cells and their names."""
        parts = [
            pl.DataFrame({"c": series}).select(pl.when(pl.col("c") != "").then(pl.concat_str(pl.lit(f"{name}\x1f"), "c", pl.lit("\x1e"))).otherwise(pl.lit(""))).to_series().alias(str(i))
            for i, (name, series) in enumerate(zip(self.names, cells, strict=True))
        ]
        return super().tokens([pl.DataFrame(parts).select(pl.concat_str(pl.all())).to_series()])


def _cells(name: str, row: Any) -> tuple[dict[str, str], tuple[str, str, str] | None]:
    """(column -> text, what is wrong first: column, value, reason) of one row."""
    if not isinstance(row, Mapping):
        return {}, ("", _shown(row), "is no object of column names and values")
    kind, out = dataset(name), {}
    wrong: tuple[str, str, str] | None = None
    for key, value in row.items():
        column = _text(str(key)).strip()
        if not column or len(column) > LONGEST_NAME:
            wrong = wrong or (column[:40], "", f"is no name of a column (1 to {LONGEST_NAME} characters)")
            continue
        said = _problem(value, kind.types.get(column, str))
        if said:
            wrong = wrong or (column, _shown(value), said)
            value = None if isinstance(value, Mapping | list) else value
        out[column] = _written(value)
    if sum(map(len, out.values())) > LONGEST:
        longest = max(out, key=lambda column: len(out[column]))
        wrong = wrong or (longest, out[longest][:40], f"makes the row longer than {LONGEST:,} characters")
        out = {column: text[:200] for column, text in out.items()}
    if wrong is None and any(text.strip() for text in out.values()):
        missing = next((column for column in ALSO.get(name, ()) if not out.get(column, "").strip()), None)
        wrong = (missing, "", f"is empty, and {name} need a {missing}") if missing else None
    return out, wrong


def _problem(value: Any, kind: type) -> str:
    """Why a value cannot stand in a column of this type; empty where it can."""
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping | list):
        return "is no single value"
    if isinstance(value, float) and not math.isfinite(value):
        return SAID[float]
    if kind in (int, float):
        if isinstance(value, str) and not value.strip():
            return ""
        ok = not isinstance(value, bool) and (isinstance(value, int | float) or NUMBER.fullmatch(value) is not None)
        return SAID[kind] if not ok else "" if abs(float(value) if isinstance(value, str) else value) < LARGEST else "is beyond a thousand million million"
    if kind is bool:
        return "" if isinstance(value, bool) or str(value).strip().lower() in TRUTHS else SAID[bool]
    if kind is datetime:
        return "" if isinstance(value, str) and (not value.strip() or _dated(value)) else SAID[datetime]
    return ""


def _written(value: Any) -> str:
    """A single value as the cell of a file; what is none is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return _text(value) if isinstance(value, str) else cell(value)


def _dated(value: str) -> bool:
    found = moment_of(value, ("ymd",)) if MOMENT.fullmatch(value) else None
    return found is not None and PLAUSIBLE[0] <= found[0] <= PLAUSIBLE[1]


def _text(value: str) -> str:
    """Text that UTF-8 can hold, without NUL."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "")


def _shown(value: Any) -> str:
    return _text(str(value))[:200]
