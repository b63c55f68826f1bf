"""What in a batch looks wrong though it can be read: named to whoever imports it, never refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from cx.facts.datasets import Dataset
from cx.facts.mirror import one, scan

ENOUGH = 20
QUESTION = """SELECT survey, question, metric, count(*) AS n, min(score) AS low, max(score) AS high, avg(score) AS mean,
    min(scale_min) AS bottom, max(scale_max) AS top, bool_and(higher_is_better) AS better
    FROM {source} WHERE score IS NOT NULL GROUP BY ALL ORDER BY ALL"""


def suspicions(kind: Dataset, file: Path, earlier: Sequence[Path], arrived: datetime, bench: duckdb.DuckDBPyConnection) -> list[str]:
    """A sentence each: dates after `arrived` (aware), scores that are all equal, a scale or polarity unlike the earlier files of the survey."""
    found = _future(kind, file, arrived, bench)
    if kind.name != "responses":
        return found
    before = {(q["survey"], q["question"]): q for q in _questions(earlier, bench)} if earlier else {}
    for now in _questions([file], bench):
        found += _question(now, before.get((now["survey"], now["question"])))
    return found


def _future(kind: Dataset, file: Path, arrived: datetime, bench: duckdb.DuckDBPyConnection) -> list[str]:
    limit = (arrived + timedelta(days=1)).replace(tzinfo=None)
    total, late, last = one(bench, f"SELECT count(*), count(*) FILTER ({kind.time} > TIMESTAMP '{limit}'), max({kind.time}) FROM {scan([file])}")
    if not late:
        return []
    return [f"{late:,} of {total:,} rows are dated in the future, up to {last:%d %b %Y}: are day and month, or the zone, read rightly?"]


def _questions(files: Sequence[Path], bench: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = bench.sql(QUESTION.format(source=scan(files))).to_arrow_table().to_pylist()
    return rows


def _question(now: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    name, found = f"{now['question']!r} of {now['survey'] or 'the survey'!r}", []
    if now["n"] > ENOUGH and now["low"] == now["high"]:
        found.append(f"all {now['n']:,} scores of {name} are {now['low']:g}")
    if before is None:
        return found
    ends, were = _ends(now), _ends(before)
    if ends and were and ends != were:
        found.append(f"{name} is on a scale of {ends[0]:g} to {ends[1]:g} here, and of {were[0]:g} to {were[1]:g} in earlier files: numbers of the two do not compare")
    if now["better"] is not None and before["better"] is not None and now["better"] != before["better"]:
        found.append(f"a higher score of {name} is read as {'better' if now['better'] else 'worse'} here, and as {'better' if before['better'] else 'worse'} in earlier files")
    if ends and ends == were and min(now["n"], before["n"]) > ENOUGH and ends[1] > ends[0]:
        middle, width = (ends[0] + ends[1]) / 2, ends[1] - ends[0]
        if now["high"] <= middle < before["high"] and now["high"] - now["low"] > width / 4 and before["mean"] > middle:
            found.append(f"no score of {name} is above {now['high']:g}, though its scale ends at {ends[1]:g} and earlier files went up to {before['high']:g}: is this another scale?")
        elif abs(now["mean"] + before["mean"] - 2 * middle) < 0.1 * width and abs(now["mean"] - before["mean"]) > 0.4 * width:
            found.append(f"{name} averages {now['mean']:.1f}, which mirrors the {before['mean']:.1f} of earlier files: was the scale turned around?")
    return found


def _ends(question: dict[str, Any]) -> tuple[float, float] | None:
    return None if question["bottom"] is None or question["top"] is None else (question["bottom"], question["top"])
