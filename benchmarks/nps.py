"""NPS against hand-written SQL on the same Parquet, on a native table, and against pandas."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.answers import parts
from benchmarks.table import Row, paired
from cx import scorecard
from cx.facts import batches, engine, history, mirror
from cx.facts.filters import Filters
from cx.store.migrate import migrate

SCORE = "count(*) FILTER (score >= 9) AS promoters, count(*) FILTER (score BETWEEN 7 AND 8) AS passives, count(*) FILTER (score < 7) AS detractors"
SINCE = datetime(2025, 3, 1, tzinfo=UTC)
CHANNEL = Filters(only=(("channel", ("web",)), ("segment", ("Enterprise", "Mid-market"))))
QUESTIONS: dict[str, tuple[Filters, tuple[str, ...], str]] = {
    "overall": (Filters(), (), "SELECT {score} FROM {source} WHERE metric = 'nps'"),
    "by month": (Filters(), ("month",), "SELECT date_trunc('month', answered_at) m, {score} FROM {source} WHERE metric = 'nps' GROUP BY m"),
    "by month and segment": (Filters(), ("month", "segment"), "SELECT date_trunc('month', answered_at) m, segment, {score} FROM {source} WHERE metric = 'nps' GROUP BY ALL"),
    "filtered, by month": (CHANNEL, ("month",), "SELECT date_trunc('month', answered_at) m, {score} FROM {source} WHERE metric = 'nps' AND channel = 'web' AND segment IN ('Enterprise', 'Mid-market') GROUP BY m"),
}  # fmt: skip


def uncached(question: str) -> None:
    """One question, end to end in Python, nothing remembered."""
    filters, by, _ = QUESTIONS[question]
    scorecard._estimates.cache_clear()
    engine.forget()
    scorecard.read("nps", filters, by)


def rows(n: int = 1_000_000, bound: float = 1.5) -> list[Row]:
    """The bench of `n` answers."""
    out: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CX_DATA_DIR"] = folder
        migrate()
        batches.load("responses", parts(n))
        source = mirror.scan([mirror.path("responses", b.id or 0, b.version) for b in history.batches() if b.live])
        raw = duckdb.connect()

        def ask(sql: str) -> Callable[[], object]:
            return lambda: raw.sql(sql).fetchall()

        sql = {name: text.format(score=SCORE, source=source) for name, (_, _, text) in QUESTIONS.items()}
        ours, theirs = paired(lambda: uncached("by month and segment"), ask(sql["by month and segment"]))
        out.append(Row(f"NPS by month × segment, {n / 1e6:g} M", "hand-written DuckDB SQL, same Parquet", ours, theirs, bound))
        if n <= 2_000_000:
            raw.execute(f"CREATE TABLE native AS SELECT metric, score, segment, channel, answered_at FROM {source}")
            native = {name: text.format(score=SCORE, source="native") for name, (_, _, text) in QUESTIONS.items()}
            ours, theirs = paired(lambda: [uncached(q) for q in QUESTIONS], lambda: [ask(native[q])() for q in QUESTIONS])
            out.append(Row(f"four NPS questions, {n / 1e6:g} M", "DuckDB, native table", ours, theirs, 2.0))
            out += against_pandas(source, ours, folder)
        engine._pool.cache_clear()
    return out


PANDAS = """
import resource, sys, time
import pandas as pd
frame = pd.read_parquet(sys.argv[1])
def score(g): return (g >= 9).mean() - (g < 7).mean()
begun = time.process_time()
nps = frame[frame.metric == "nps"]
score(nps.score)
month = nps.answered_at.dt.to_period("M")
nps.groupby(month).score.apply(score)
nps.groupby([month, nps.segment]).score.apply(score)
some = nps[(nps.channel == "web") & nps.segment.isin(["Enterprise", "Mid-market"])]
some.groupby(some.answered_at.dt.to_period("M")).score.apply(score)
print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def against_pandas(source: str, ours: float, folder: str) -> list[Row]:
    """Time and memory against the way a Streamlit page usually does it."""
    file = next(Path(folder).glob("*.mirror/responses/*.parquet"))
    spent = subprocess.run([sys.executable, "-c", PANDAS, str(file)], capture_output=True, text=True, check=True).stdout.split()
    code = "import resource, benchmarks.nps as n; [n.uncached(q) for q in n.QUESTIONS]; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    with_data = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    base = "import resource, benchmarks.nps; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    without = float(subprocess.run([sys.executable, "-c", base], capture_output=True, text=True, check=True).stdout)
    bare = "import resource, pandas; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    imported = float(subprocess.run([sys.executable, "-c", bare], capture_output=True, text=True, check=True).stdout)
    return [
        Row("the same, time", "pandas on the whole frame", ours, float(spent[0]), 0.2),
        Row("the same, memory above imports", "pandas on the whole frame", with_data - without, float(spent[1]) - imported, 0.2, "MB"),
    ]


