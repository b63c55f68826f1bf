"""Whatever holds rows, as an Ibis table: pandas, Polars, Arrow, Ibis, a series, a list of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import polars as pl
import pyarrow as pa

from cx.analytics import local
from cx.errors import MeasureError


def as_table(data: Any, column: str = "score", needs: tuple[str, ...] = ()) -> ir.Table:
    """`data` as an Ibis table; a single series or list becomes one column named `column`.

    Raises MeasureError naming the missing column, where one of `needs` is not there.
    """
    if isinstance(data, ir.Table):
        return checked(data, needs)
    local.chosen()
    if isinstance(data, (pd.DataFrame, pl.DataFrame, pa.Table)):
        table = ibis.memtable(_utc(data))
    elif isinstance(data, pl.LazyFrame):
        table = ibis.memtable(_utc(data.collect()))
    elif isinstance(data, pd.Series):
        table = ibis.memtable(pd.DataFrame({column: data.reset_index(drop=True)}))
    elif isinstance(data, pl.Series):
        table = ibis.memtable(pl.DataFrame({column: data}))
    elif isinstance(data, (pa.Array, pa.ChunkedArray)):
        table = ibis.memtable(pa.table({column: data}))
    elif isinstance(data, Mapping):
        table = ibis.memtable(pa.table({name: list(values) for name, values in data.items()}))
    elif isinstance(data, (list, tuple, range)) or hasattr(data, "__array__"):
        table = ibis.memtable(pa.table({column: pa.array(list(data), from_pandas=True)}))
    else:
        raise MeasureError("expected a pandas, Polars, Arrow or Ibis table", f"found {type(data).__name__}", "convert it first")
    return checked(table, needs)


def _utc(data: Any) -> Any:
    """The frame with aware moments as naive ones in UTC, which is how every measure reads them."""
    if isinstance(data, pd.DataFrame):
        aware = {n: data[n].dt.tz_convert("UTC").dt.tz_localize(None) for n in data.columns if isinstance(data[n].dtype, pd.DatetimeTZDtype)}
        return data.assign(**aware) if aware else data
    if isinstance(data, pl.DataFrame):
        names = [n for n, kind in data.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
        return data.with_columns(pl.col(names).dt.convert_time_zone("UTC").dt.replace_time_zone(None)) if names else data
    naive = pa.schema([pa.field(f.name, pa.timestamp(f.type.unit)) if pa.types.is_timestamp(f.type) and f.type.tz else f for f in data.schema])
    return data if naive.equals(data.schema) else data.cast(naive)


def checked(table: ir.Table, needs: tuple[str, ...]) -> ir.Table:
    """`table`, if every column of `needs` is in it. Raises MeasureError otherwise."""
    missing = [name for name in needs if name not in table.columns]
    if missing:
        raise MeasureError(
            f"this measure needs the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            f"the table has {', '.join(table.columns[:12]) or 'no columns'}",
            "rename a column or choose another table",
        )
    return table


def numeric(table: ir.Table, name: str) -> ir.NumericValue:
    """The column as a 64-bit float. Raises MeasureError where it does not hold numbers."""
    value = table[name]
    if value.type().is_null():
        return value.cast("float64")
    if not value.type().is_numeric() and not value.type().is_boolean():
        raise MeasureError(f"{name} must hold numbers", f"it holds {value.type()}", "convert it or choose another column")
    return value.cast("float64")


def text(table: ir.Table, name: str) -> ir.StringValue:
    """The column as text, also where it is empty and has no type."""
    return table[name].cast("string")


def moment(table: ir.Table, name: str) -> ir.TimestampValue:
    """The column as moments in UTC. Raises MeasureError where it holds none."""
    value = table[name]
    if not (value.type().is_timestamp() or value.type().is_date() or value.type().is_null()):
        raise MeasureError(f"{name} must hold moments", f"it holds {value.type()}", "convert it or choose another column")
    return value if value.type().is_timestamp() else value.cast("timestamp(6)")
