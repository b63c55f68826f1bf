"""The whole Overview, nothing cached, at a million responses: server time of one run of the page."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

from streamlit.testing.v1 import AppTest

from benchmarks.answers import parts
from benchmarks.table import Row
from cx import scorecard
from cx.demo import company
from cx.facts import batches
from cx.settings import ROOT
from cx.store.migrate import migrate
from tests.conftest import WholeTable

PERIODS = ("90d", "last-quarter", "12m", "year", "quarter", "30d")


def rows(n: int = 1_000_000) -> list[Row]:
    """Change the period again and again: each is computed for the first time."""
    took: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CX_DATA_DIR"] = folder
        migrate()
        batches.load("responses", lambda: parts(n))
        for name, table in company().items():
            if name != "responses":
                batches.load(name, lambda table=table: [WholeTable(table, len(table["line"].unique()))])  # type: ignore[misc]
        page = AppTest.from_file(str(ROOT / "pages" / "00_overview.py"), default_timeout=300).run()
        for period in PERIODS:
            page.query_params["period"] = period
            page.session_state["period"] = period
            begun = time.perf_counter()
            page.run()
            took.append(time.perf_counter() - begun)
            begun = time.process_time()
            page.run()
            again.append(time.process_time() - begun)
        assert not page.exception
        scorecard._estimates.cache_clear()
    return [
        Row(f"whole Overview, period changed, {n / 1e6:g} M responses + the demo's other data", "", statistics.median(took), None, 0.5),
        Row("the same again, CPU", "", statistics.median(again), None, 0.03),
    ]
