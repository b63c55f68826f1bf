"""Tables of any make, brought to Arrow: what charts, tables and exports read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
import polars as pl
import pyarrow as pa

Data: TypeAlias = "pa.Table | pd.DataFrame | pl.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]"


def as_arrow(data: Data) -> pa.Table:
    """The data as an Arrow table, without an index. A column of mixed types becomes text."""
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pd.DataFrame):
        columns = {str(name): data[name] for name in data.columns}
        return pa.table({name: _column(column) for name, column in columns.items()})
    if isinstance(data, pl.DataFrame):
        return data.to_arrow()
    if isinstance(data, Mapping):
        return pa.table({str(name): _column(column) for name, column in data.items()})
    rows = list(data)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: _column([row.get(name) for row in rows]) for name in names})


def _column(column: Any) -> pa.Array:
    try:
        made = pa.Array.from_pandas(column) if isinstance(column, pd.Series) else pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        made = pa.array([None if cell is None else str(cell) for cell in column])
    return made
