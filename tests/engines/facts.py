"""A small company on every engine: a few customers of the demo company with all that belongs to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cx.demo import company
from cx.facts.datasets import DATASETS

CUSTOMERS = 150
ROWS = 1_500


def small() -> dict[str, pa.Table]:
    """All twelve datasets: what belongs to one customer in many, and of the measurements as few."""
    whole = company(seed=7, end=date(2026, 11, 1))
    everybody = whole["customers"].column("customer_id")
    chosen = everybody.take(pa.array(range(0, len(everybody), len(everybody) // CUSTOMERS)))
    out = {}
    for name, table in whole.items():
        if "customer_id" in table.column_names:
            table = table.filter(pc.is_in(table.column("customer_id"), value_set=chosen))
        elif name == "measurements":
            table = table.take(pa.array(range(0, table.num_rows, max(table.num_rows // ROWS, 1))))
        kind = DATASETS[name].mirrored
        rows = table.num_rows
        keys = {"id": pa.array(range(rows), pa.int64()), "batch_id": pa.array([1] * rows, pa.int64()), "key": pa.array([f"{i:08}" for i in range(rows)])}
        columns = {**{n: table.column(n) for n in table.column_names}, **keys}
        columns.setdefault("line", pa.array(range(rows), pa.int64()))
        out[name] = pa.table([columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in kind], schema=kind)
    return out


def as_parquet(tables: dict[str, pa.Table], folder: Path) -> Path:
    """A Parquet file a dataset, named as `facts=` looks for them."""
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", coerce_timestamps="us")
    return folder


def on_postgres(tables: dict[str, pa.Table], url: str) -> None:
    """Plain tables of the dataset names."""
    connected: Any = ibis.connect(url)
    for name, table in tables.items():
        connected.create_table(name, table)
    connected.disconnect()


def spark_url(folder: Path) -> str:
    """Spark in this process over the Parquet files."""
    return f"pyspark://?spark.master=local[2]&spark.driver.memory=1g&spark.sql.shuffle.partitions=1&spark.sql.codegen.wholeStage=false&spark.sql.codegen.factoryMode=NO_CODEGEN&spark.sql.adaptive.enabled=false&facts={folder}"


def end_spark(session: Any) -> None:
    """Stop the session and the Java process behind it, which `stop` leaves running until Python ends."""
    from pyspark import SparkContext

    session.stop()
    gateway = SparkContext._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(30)
    SparkContext._gateway = SparkContext._jvm = None
