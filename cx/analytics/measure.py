"""What every measure is made of: statistics computed where the rows are, an estimate computed from the statistics.

A measure never fetches rows. `statistics` turns Ibis tables into one small Ibis table, a row a group, that holds
sufficient statistics; `estimate` turns one such row into an Estimate. The same measure therefore runs on a pandas
frame in a notebook, on DuckDB over Parquet, on PostgreSQL and on Spark.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.estimate import Estimate
from cx.analytics.frame import checked
from cx.errors import MeasureError

GRAINS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
Statistics = Mapping[str, Any]
Tables = Mapping[str, ir.Table]


def naive(moment: datetime) -> datetime:
    """An aware moment as the engine keeps it: UTC without an offset. A naive one is taken as UTC already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@dataclass(frozen=True)
class Scope:
    """When a measure looks: from `start` (included) to `end` (excluded), as of `as_of`.

    `once`: one answer per respondent and group (the latest); `repeats` is False where the caller knows that nobody
    answered twice, which saves the work. `options` hold a measure's own parameters, such as a funnel's window.
    """

    start: datetime | None = None
    end: datetime | None = None
    as_of: datetime | None = None
    once: bool = True
    repeats: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)

    def during(self, table: ir.Table, time: str) -> ir.Table:
        """The rows of `table` whose `time` lies in the scope; a row without a time is in none that is bounded."""
        if self.start is not None:
            table = table.filter(table[time] >= ibis.literal(naive(self.start), "timestamp(6)"))
        if self.end is not None:
            table = table.filter(table[time] < ibis.literal(naive(self.end), "timestamp(6)"))
        return table

    def before(self) -> Scope | None:
        """The scope of equal length right before this one; None where it is unbounded."""
        if self.start is None or self.end is None:
            return None
        return replace(self, start=self.start - (self.end - self.start), end=self.start)


@dataclass(frozen=True)
class Measure:
    """`needs` names the datasets (the first is the one `by` refers to) and the columns read of each."""

    name: str
    needs: Mapping[str, tuple[str, ...]]
    statistics: Callable[[Tables, tuple[str, ...], Scope], ir.Table]
    estimate: Callable[[Statistics], Estimate]

    @property
    def dataset(self) -> str:
        """The dataset whose columns `by` may name."""
        return next(iter(self.needs))

    def expression(self, tables: Tables, by: tuple[str, ...] = (), scope: Scope | None = None) -> ir.Table:
        """The statistics as an expression, after checking that every column it reads is there."""
        for name, columns in self.needs.items():
            if name not in tables:
                raise MeasureError(f"{self.name} needs the dataset {name}", f"given were {', '.join(tables) or 'none'}", "add it")
            checked(tables[name], columns)
        return self.statistics(tables, tuple(by), scope or Scope())


def groups(table: ir.Table, by: tuple[str, ...], time: str | None = None) -> dict[str, ir.Value]:
    """The grouping expressions for `by`: a grain (day, week, month, quarter, year) truncates `time`, else a column.

    Raises MeasureError where a name is neither.
    """
    out: dict[str, ir.Value] = {}
    for name in by:
        if name in table.columns:
            out[name] = table[name]
        elif name in GRAINS and time is not None:
            out[name] = table[time].truncate(GRAINS[name])
        else:
            raise MeasureError(f"cannot break down by {name!r}", f"columns are {', '.join(table.columns)}", f"choose one of them or of {', '.join(GRAINS)}")
    return out


def grouped(table: ir.Table, by: tuple[str, ...], time: str | None, **aggregates: ir.Value) -> ir.Table:
    """Aggregate by `by`; without `by` one row, of zero counts where the table is empty."""
    return table.group_by(**groups(table, by, time)).aggregate(**aggregates) if by else table.aggregate(**aggregates)


def rows(table: ir.Table) -> list[dict[str, Any]]:
    """The rows of a small table of a connected backend, NaN as None."""
    return plain(table.to_pyarrow().to_pylist())


def plain(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records with NaN as None, so that nothing that is no number passes for one."""
    return [{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in r.items()} for r in records]


def answer(measure: Measure, tables: Tables, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Run a measure on connected tables: an Estimate, or with `by` a DataFrame with one row a group."""
    names = (by,) if isinstance(by, str) else tuple(by)
    found = rows(measure.expression(tables, names, scope))
    if not names:
        return measure.estimate(found[0] if found else {})
    records = []
    for row in found:
        e = measure.estimate(row)
        records.append({n: row[n] for n in names} | {"value": e.value, "low": e.low, "high": e.high, "n": e.n, "unit": e.unit, "warning": e.warning})
    frame = pd.DataFrame(records, columns=[*names, "value", "low", "high", "n", "unit", "warning"])
    return frame.sort_values(list(names), ignore_index=True, na_position="last")
