"""A complete import against plain `executemany` of the same rows, and against `pandas.to_sql`."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import answers
from benchmarks.table import Row

SURVEY = "How likely are you to recommend us (0-10)?"
OURS = """
import resource, sys, time
from pathlib import Path
from cx.commands.imports import take
from cx.intake import Options
from cx.store.migrate import migrate
migrate()
begun = time.perf_counter()
(done,) = take(Path(sys.argv[1]), Options(survey="Relationship"))
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, done["inserted"])
"""


def plain(file: Path, target: Path) -> float:
    """Read the CSV and insert its rows with executemany, in one transaction, with the same durability; seconds."""
    begun = time.perf_counter()
    store = sqlite3.connect(target, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE answers (response_id TEXT, answered_at TEXT, score REAL, segment TEXT, channel TEXT, customer_id TEXT)")
    with open(file, newline="", encoding="utf-8") as handle:
        lines = csv.reader(handle)
        next(lines)
        store.execute("BEGIN IMMEDIATE")
        store.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", lines)
        store.execute("COMMIT")
    store.close()
    return time.perf_counter() - begun


def rows(n: int = 1_000_000) -> list[Row]:
    """The bench of a survey CSV of `n` rows: three pairs, the median pair."""
    pairs: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "survey.csv"
        answers.csv(file, n)
        for i in range(3 if n <= 1_000_000 else 1):
            theirs = plain(file, Path(folder) / f"plain-{i}.db")
            environment = {**os.environ, "CX_DATA_DIR": f"{folder}/{i}"}
            spent = subprocess.run([sys.executable, "-c", OURS, str(file)], capture_output=True, text=True, env=environment)
            if spent.returncode:
                raise RuntimeError(spent.stderr)
            seconds, memory, inserted = spent.stdout.split()
            assert int(inserted) == n
            pairs.append((float(seconds), theirs, float(memory)))
    ours, theirs, memory = sorted(pairs, key=lambda p: p[0] / p[1])[len(pairs) // 2]
    size = f"{n / 1e6:g} M rows"
    return [Row(f"complete import of a survey CSV, {size}", "plain executemany of the same rows", ours, theirs, 1.5), Row(f"peak memory of that import, {size}", "", memory, None, 1536, "MB")]
