"""From columns of NumPy arrays to the Arrow table that a dataset expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.demo.timeline import NEVER
from cx.facts.datasets import DATASETS


def _array(value: Any, kind: pa.DataType, n: int) -> pa.Array:
    if value is None or isinstance(value, (str, int, float, bool)):
        return pa.repeat(pa.scalar(value, kind), n) if value is not None else pa.nulls(n, kind)
    value = np.asarray(value)
    if pa.types.is_timestamp(kind):
        return pa.array(np.where(value >= NEVER, 0, value) * 1_000_000, pa.int64(), mask=value >= NEVER).cast(kind)
    return pa.array(value, kind, from_pandas=True)


def pick(names: Any, index: Any) -> np.ndarray:
    """The names at the positions, as Python strings."""
    return np.array(list(names), dtype=object)[index]


def when(condition: Any, yes: Any, no: Any = None) -> np.ndarray:
    """One or the other, element by element; unlike np.where either may be None, for a missing text."""
    return np.where(condition, yes, no)


def number(prefix: str, index: Any, width: int = 5) -> np.ndarray:
    """Identifiers such as C00042."""
    return np.array([f"{prefix}{i:0{width}d}" for i in np.asarray(index).tolist()], dtype=object)


def blank(rng: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    """The text values with a random share of them missing."""
    return when(rng.random(len(values)) < share, None, values)


def sheet(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """The dataset's table in order of its time column, with `key` (natural key joined by "|") and `line`.

    Moments are seconds since 1970, NEVER or beyond meaning empty; text is None and numbers NaN where missing.
    Raises KeyError for a column the dataset does not have.
    """
    dataset = DATASETS[name]
    unknown = set(columns) - set(dataset.arrow.names)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    n = len(next(iter(columns.values())))
    table = pa.Table.from_arrays([_array(columns.get(f.name), f.type, n) for f in dataset.arrow], schema=dataset.arrow)
    table = table.take(pc.sort_indices(table, [(dataset.time, "ascending")]))
    parts = [table[column].combine_chunks() for column in dataset.key]
    texts = [pc.strftime(p.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S") if pa.types.is_timestamp(p.type) else p for p in parts]
    key = pc.binary_join_element_wise(*(pc.fill_null(t, "") for t in texts), "|")
    return table.append_column("key", key.cast(pa.string())).append_column("line", pa.array(np.arange(1, n + 1)))
