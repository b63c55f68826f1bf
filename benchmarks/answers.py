"""Survey answers made on the spot: as a CSV, as the parts a loader takes, as a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from cx.facts import batches
from cx.facts.datasets import DATASETS

CHUNK = 250_000
SEGMENTS = np.array(["Consumer", "Small business", "Mid-market", "Enterprise"])
CHANNELS = np.array(["web", "e-mail", "sms", "phone"])


@dataclass(frozen=True)
class Part:
    """A stretch of answers."""

    rows: pa.Table
    records: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[batches.Rejected, ...] = ()


def columns(first: int, n: int, repeat: int = 0) -> dict[str, pa.Array]:
    """The varying columns of `n` answers; with `repeat` each customer answers about that often."""
    chance = np.random.default_rng(first)
    moments = (np.datetime64("2024-11-01", "s") + chance.integers(0, 730 * 86_400, n).astype("timedelta64[s]")).astype("datetime64[us]")
    people = chance.integers(0, max(n // repeat, 1), n) if repeat else np.arange(first, first + n)
    return {
        "response_id": pa.array([f"R{i:08d}" for i in range(first, first + n)]),
        "score": pa.array(chance.choice(11, n, p=[0.02, 0.01, 0.02, 0.03, 0.04, 0.07, 0.08, 0.13, 0.2, 0.2, 0.2]).astype(float)),
        "segment": pa.array(SEGMENTS[chance.integers(0, 4, n)]),
        "channel": pa.array(CHANNELS[chance.integers(0, 4, n)]),
        "customer_id": pa.array([f"C{i:08d}" for i in people]),
        "answered_at": pa.array(moments),
    }


def parts(n: int, repeat: int = 0) -> Iterator[Part]:
    """`n` answers to one NPS question, as intake would deliver them."""
    kind = DATASETS["responses"]
    for first in range(0, n, CHUNK):
        size = min(CHUNK, n - first)
        made = columns(first, size, repeat)
        constant = {"survey": "Relationship", "question": "nps", "metric": "nps", "scale_min": 0.0, "scale_max": 10.0, "higher_is_better": True}
        full = {f.name: made.get(f.name, pa.array([constant[f.name]] * size, f.type) if f.name in constant else pa.nulls(size, f.type)) for f in kind.arrow}
        table = pa.table(full, schema=kind.arrow)
        keys = pa.array([f"Relationship|R{i:08d}|nps" for i in range(first, first + size)])
        table = table.append_column("key", keys).append_column("line", pa.array(np.arange(first + 1, first + size + 1)))
        yield Part(table, size)


def csv(target: Path, n: int) -> None:
    """A survey export of `n` answers."""
    schema = None
    for first in range(0, n, CHUNK):
        made = columns(first, min(CHUNK, n - first))
        table = pa.table({"Response ID": made["response_id"], "Date": made["answered_at"].cast(pa.timestamp("s")), "How likely are you to recommend us (0-10)?": made["score"].cast(pa.int64()),
                          "Segment": made["segment"], "Channel": made["channel"], "Customer ID": made["customer_id"]})  # fmt: skip
        if schema is None:
            schema = table.schema
            writer = pa_csv.CSVWriter(target, schema)
        writer.write_table(table)
    writer.close()
