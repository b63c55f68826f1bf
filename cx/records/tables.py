"""Registers as tables that measures read, beside those of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from cx.records.fields import Spec
from cx.records.lookup import frame
from cx.records.registry import Register, register

ARROW = {
    "whole": pa.int64(), "money": pa.int64(), "link": pa.int64(), "number": pa.float64(), "day": pa.timestamp("us"), "moment": pa.timestamp("us"), "yes": pa.bool_(),
}  # fmt: skip
LEFT_OUT = ("several", "document", "long")


def _kept(row: Register) -> dict[str, Spec]:
    return {name: spec for name, spec in row.fields.items() if spec.kind not in LEFT_OUT}


@lru_cache(maxsize=128)
def schema(name: str) -> pa.Schema:
    """Columns of a register as a table: id, its fields (no long texts, lists or documents), updated_at."""
    own = [(field, ARROW.get(spec.kind, pa.string())) for field, spec in _kept(register(name)).items()]
    return pa.schema([("id", pa.int64()), *own, ("updated_at", pa.timestamp("us"))])


def dimensions(name: str) -> tuple[str, ...]:
    """What a number about a register may be broken down by: its choices, and names that also stand in the data."""
    return tuple(field for field, spec in _kept(register(name)).items() if spec.kind == "choice" or spec.source.startswith(("facts:", "blueprint:", "people")))


def tables(names: Iterable[str], url: str | None = None) -> Mapping[str, ir.Table]:
    """The standing records of registers, each as a table in memory. Raises NotFoundError for a name that is no register."""
    return {name: ibis.memtable(_rows(name, url)) for name in names}


def _rows(name: str, url: str | None) -> pa.Table:
    kind = schema(name)
    found: Any = frame(name, url=url)[kind.names]
    return pa.Table.from_pandas(found, schema=kind, preserve_index=False)
