"""A store of a million answers, a million interactions and two hundred thousand tickets beside the demo company's other data, and one customer of ten years."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.commands.demo import written_down
from cx.demo import END, company
from cx.facts import arrangement, batches
from cx.facts.datasets import DATASETS
from cx.records import invented
from cx.store.migrate import migrate
from tests.conftest import WholeTable

SIZES = {"responses": 1_000_000, "interactions": 1_000_000, "tickets": 200_000}
OWN = {"responses": ("key", "response_id"), "interactions": ("key", "interaction_id", "session_id"), "tickets": ("key", "ticket_id")}
FAITHFUL = "C-since-2016"  # the customer with five thousand events
EVENTS = {"interactions": 4_000, "tickets": 500, "responses": 500}


def copies(name: str, table: pa.Table, n: int, own: Mapping[str, tuple[str, ...]] = OWN) -> Iterator[WholeTable]:
    """`n` rows of a dataset: the demo's again and again, each time with other values in the columns that are its `own`."""
    last = pc.max(table["line"]).as_py()
    for k in range(-(-n // table.num_rows)):
        part = table.slice(0, min(table.num_rows, n - k * table.num_rows))
        if k:
            for column in own.get(name, ()):
                part = _replaced(part, column, pc.binary_join_element_wise(part[column].cast(pa.string()), str(k), "~"))
            part = _replaced(part, "line", pc.add(part["line"], k * last))
        yield WholeTable(part, len(np.unique(part["line"].to_numpy())))


def _replaced(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, column, values.cast(table.schema.field(place).type))


def years(name: str, table: pa.Table, n: int, spread: int = 10) -> WholeTable:
    """`n` rows of one customer over so many years: the demo's first rows, moved in time as a whole and given to them."""
    time = DATASETS[name].time
    part = table.slice(0, n)
    part = _replaced(part, "line", pa.array(range(1, n + 1)))
    part = _replaced(part, "customer_id", pa.array([FAITHFUL] * n))
    for column in OWN[name]:
        part = _replaced(part, column, pc.binary_join_element_wise(part[column].cast(pa.string()), "old", "~"))
    step = timedelta(days=365.25 * spread) / n
    begun = datetime.combine(END, datetime.min.time()) - timedelta(days=365.25 * spread)
    moved = [begun + i * step for i in range(n)]
    for field in part.schema:
        if pa.types.is_timestamp(field.type):
            held = zip(part[field.name].to_pylist(), part[time].to_pylist(), moved, strict=True)
            part = _replaced(part, field.name, pa.array([None if v is None or t is None else m + (v - t) for v, t, m in held], field.type))
    return WholeTable(part, n)


def fill() -> None:
    """Load all of it into the store in force."""
    migrate()
    origin = batches.Origin(source="demo company", tool="demo", demo=True)
    tables = company()
    for name, table in tables.items():
        if name in SIZES:
            batches.load(name, lambda name=name, table=table: copies(name, table, SIZES[name]), origin)  # type: ignore[misc]
            batches.load(name, lambda name=name, table=table: [years(name, table, EVENTS[name])], origin)  # type: ignore[misc]
        else:
            batches.load(name, lambda table=table: [WholeTable(table, len(table["line"].unique()))], origin)  # type: ignore[misc]
    arrangement.arrange()  # as after every import
    for part in written_down():
        invented.load(part(date(2026, 11, 1)), date(2026, 11, 1))


@contextmanager
def store() -> Iterator[Path]:
    """The folder of such a store, in force while it stands; one made before is used again where CX_BENCH_STORE names it."""
    kept = os.environ.get("CX_BENCH_STORE")
    before = os.environ.get("CX_DATA_DIR")
    with tempfile.TemporaryDirectory() as fresh:
        folder = Path(kept or fresh)
        os.environ["CX_DATA_DIR"] = str(folder)
        if not (folder / "filled").exists():
            folder.mkdir(exist_ok=True)
            fill()
            (folder / "filled").touch()
        yield folder
    if before is None:
        del os.environ["CX_DATA_DIR"]
    else:
        os.environ["CX_DATA_DIR"] = before
