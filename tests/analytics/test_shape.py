"""SQL written once a shape is the SQL of the expression, and rows at hand are forgotten once they were asked of."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pytest

from cx.analytics import local, shape
from cx.analytics.attribution import attribution
from cx.analytics.frame import as_table
from cx.analytics.measure import Scope

TABLE = ibis.table({"at": "timestamp(6)", "who": "string", "score": "float64"}, name="answers")
FIRST = datetime(2026, 3, 5, 12, 30, 15, 250_000)


def expression(first: datetime, last: datetime, who: str = "anna") -> ir.Table:
    """An expression with two moments, one of them twice, and a text."""
    start, end = (ibis.literal(moment, "timestamp(6)") for moment in (first, last))
    inside = TABLE.filter(TABLE["at"] >= start, TABLE["at"] < end, TABLE["who"] != who)
    return inside.group_by("who").aggregate(n=inside.count(), late=(inside["at"] > start).sum())


@pytest.mark.parametrize("first", [FIRST, datetime(1970, 1, 1), datetime(1001, 1, 2), datetime(2068, 12, 31, 23, 59, 59, 999_999)])
@pytest.mark.parametrize("days", [0, 1, 365.25])
@pytest.mark.parametrize("who", ["anna", "MAKE_TIMESTAMP(1001, 1, 1, 0, 0, 0.0)", "MAKE_TIMESTAMP(99999, 13, 1, 0, 0, 1.0.e)", "it's rows_0_"])
def test_text_is_that_which_ibis_writes_also_where_somebody_is_called_like_sql(first: datetime, days: float, who: str) -> None:
    asked = expression(first, first + timedelta(days=days), who)
    text = shape.sql(asked.op())
    assert text == ibis.to_sql(asked, dialect="duckdb", pretty=False)
    parts, moments = shape.split(text)
    assert text == "".join(part + moment for part, moment in zip(parts, [*(shape.written(m) for m in moments), ""], strict=True))


def test_another_moment_or_other_rows_do_not_have_the_text_written_again() -> None:
    def asked(days: int) -> str:
        rows = as_table({"at": [FIRST + timedelta(days=days)], "score": [float(days)]})
        later = rows.filter(rows["at"] > ibis.literal(FIRST + timedelta(days=days), "timestamp(6)"))
        return shape.sql(later.aggregate(n=later.count()).op())

    asked(1)
    before = shape._written.cache_info()
    texts = {re.sub(r"ibis_\w+", "", asked(days)) for days in range(2, 12)}
    after = shape._written.cache_info()
    assert len(texts) == 10
    assert after.misses == before.misses
    assert after.hits == before.hits + 10


def test_rows_at_hand_are_forgotten_once_they_were_asked_of() -> None:
    as_table([1.0])
    backend = ibis.get_backend()
    assert isinstance(backend, local.Local)
    for k in range(5):
        rows = as_table({"score": [float(k), 1.0]})
        assert rows["score"].sum().to_pyarrow().as_py() == k + 1
        assert rows.to_pandas()["score"].tolist() == [k, 1.0]
    with pytest.raises(Exception, match=r"[Cc]onver"):
        as_table({"score": ["x"]})["score"].cast("int64").sum().to_pyarrow()
    assert backend.con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [(0,)]


def test_threads_that_ask_at_once_each_get_their_own_answer() -> None:
    def asked(k: int) -> tuple[float, int]:
        rows = as_table({"customer_id": ["a"] * (k + 1), "channel": ["ad"] * k + ["web"], "event": ["see"] * k + ["buy"], "happened_at": [FIRST + timedelta(hours=h) for h in range(k + 1)]})
        found = attribution(rows, "buy", scope=Scope(FIRST - timedelta(days=k), FIRST + timedelta(days=k)), models=("linear",))
        return round(float(found["linear"].sum()), 9), int(rows.count().to_pyarrow().as_py())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(asked, range(1, 40))) == [(1.0, k + 1) for k in range(1, 40)]
