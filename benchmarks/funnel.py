"""A funnel of five steps and a cohort matrix against hand-written SQL on the same Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.answers import SEGMENTS
from benchmarks.table import Row, paired
from cx.analytics.cohort import cells
from cx.analytics.funnel import JOURNEY_CONVERSION
from cx.analytics.measure import Scope

STEPS = ("Visit", "Quote", "Order placed", "Delivery", "First use")
OTHERS = ("Log-in", "Help page", "Invoice viewed")
WINDOW_DAYS = 14
END = datetime(2026, 11, 1)
CHUNK = 1_000_000


def interactions(folder: str, n: int) -> Path:
    """`n` interactions of n/20 customers over two years, in the order of time, as a Parquet file."""
    target = Path(folder) / "interactions.parquet"
    names = np.array([*STEPS, *OTHERS])
    writer = None
    for first in range(0, n, CHUNK):
        size = min(CHUNK, n - first)
        chance = np.random.default_rng(first)
        who = chance.integers(0, n // 20, size)
        seconds = np.sort(chance.integers(0, 730 * 86_400 * size // n, size)) + 730 * 86_400 * first // n
        table = pa.table({
            "customer_id": pa.array(np.char.add("C", who.astype(str))),
            "event": pa.array(names[chance.choice(8, size, p=[0.22, 0.16, 0.12, 0.1, 0.1, 0.1, 0.1, 0.1])]),
            "segment": pa.array(SEGMENTS[who % 4]),
            "happened_at": pa.array((np.datetime64("2024-11-01", "s") + seconds.astype("timedelta64[s]")).astype("datetime64[us]")),
        })  # fmt: skip
        writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return target


def funnel_sql(source: str) -> str:
    """Every visit is an entry; the next event of each step is looked up with an ASOF join, the best entry of a customer counts."""
    out = [f"e AS (SELECT customer_id, event, segment, happened_at FROM {source})", "s1 AS (SELECT customer_id, segment, happened_at AS t1 FROM e WHERE event = 'Visit')"]
    for k, step in enumerate(STEPS[1:], start=2):
        out.append(
            f"s{k} AS (SELECT s.*, CASE WHEN n.happened_at <= s.t1 + INTERVAL {WINDOW_DAYS} DAY THEN n.happened_at END AS t{k} FROM s{k - 1} s "
            f"ASOF LEFT JOIN (SELECT customer_id, happened_at FROM e WHERE event = '{step}') n ON s.customer_id = n.customer_id AND s.t{k - 1} <= n.happened_at)"
        )
    depth = " + ".join(f"(t{k} IS NOT NULL)::INT" for k in range(2, 6))
    out.append(f"d AS (SELECT customer_id, segment, t1, 1 + {depth} AS depth, max(t1) OVER (PARTITION BY customer_id) AS last FROM s5)")
    out.append(
        "b AS (SELECT customer_id, arg_max(segment, (depth, -epoch_us(t1))) AS segment, max(depth) AS depth, "
        f"max(depth) < 5 AND any_value(last) + INTERVAL {WINDOW_DAYS} DAY > TIMESTAMP '{END:%Y-%m-%d}' AS open FROM d GROUP BY customer_id)"
    )
    counts = ", ".join([*(f"count(*) FILTER (depth >= {k})" for k in range(1, 6)), *(f"count(*) FILTER (open AND depth = {k})" for k in range(1, 5))])
    return f"WITH {', '.join(out)} SELECT segment, {counts} FROM b GROUP BY segment ORDER BY segment"


def cohort_sql(source: str) -> str:
    """Customers by month of their first interaction and months since."""
    return (
        f"WITH a AS (SELECT DISTINCT customer_id, date_trunc('month', happened_at) AS p FROM {source} WHERE happened_at < TIMESTAMP '{END:%Y-%m-%d}'), "
        "f AS (SELECT p, min(p) OVER (PARTITION BY customer_id) AS c FROM a) SELECT c, date_diff('month', c, p) AS k, count(*) FROM f GROUP BY ALL ORDER BY ALL"
    )


def rows(n: int = 1_000_000) -> list[Row]:
    """The bench of `n` interactions. Both sides must give the same counts; the measure also runs on engines without an ASOF join."""
    with tempfile.TemporaryDirectory() as folder:
        source = f"read_parquet('{interactions(folder, n)}')"
        raw = duckdb.connect()
        raw.execute("SET enable_progress_bar=false")
        connected = ibis.duckdb.from_connection(raw)
        raw.execute(f"CREATE VIEW interactions AS SELECT * FROM {source}")
        table = connected.table("interactions")
        options = {"steps": STEPS, "window_days": timedelta(days=WINDOW_DAYS) // timedelta(days=1)}

        def funnel() -> list[tuple[object, ...]]:
            found = JOURNEY_CONVERSION.expression({"interactions": table}, ("segment",), Scope(end=END, as_of=END, options=options)).to_pyarrow().to_pylist()
            assert all(JOURNEY_CONVERSION.estimate(row).value is not None for row in found)
            names = [*(f"reached_{k}" for k in range(1, 6)), *(f"open_{k}" for k in range(1, 5))]
            return sorted((row["segment"], *(int(row[name]) for name in names)) for row in found)

        def matrix() -> list[tuple[object, ...]]:
            found = cells(table, "month", END, "happened_at", "customer_id").to_pyarrow().to_pylist()
            return sorted((row["cohort"], int(row["since"]), int(row["customers"])) for row in found)

        def by_hand(sql: str) -> Callable[[], list[tuple[object, ...]]]:
            return lambda: raw.sql(sql).fetchall()

        out = []
        for what, ours, theirs, bound in (
            (f"funnel of 5 steps by segment, 14 days, {n / 1e6:g} M, CPU", funnel, by_hand(funnel_sql(source)), 1.5),
            (f"cohort matrix, {n / 1e6:g} M, CPU", matrix, by_hand(cohort_sql(source)), 1.5),
        ):
            if ours() != theirs():
                raise AssertionError(f"{what}: the two sides do not count the same")
            mine, other = paired(ours, theirs, 5 if n <= 2_000_000 else 3)
            out.append(Row(what, "hand-written DuckDB SQL, same Parquet", mine, other, bound))
        raw.close()
    return out
