"""The whole Overview at a million answers, a million interactions and two hundred thousand tickets: server time of one run of the page."""

from __future__ import annotations

import statistics
import time

from streamlit.testing.v1 import AppTest

from benchmarks import large
from benchmarks.table import Row
from cx.settings import ROOT

PERIODS = ("last-quarter", "12m", "year", "quarter", "30d", "last-month")
SIZE = "1 M responses + 1 M interactions + 200 k tickets"


def rows() -> list[Row]:
    """Change the period again and again: each is computed for the first time. Clock and processor, since others may share the machine."""
    took: list[float] = []
    work: list[float] = []
    again: list[float] = []
    with large.store():
        page = AppTest.from_file(str(ROOT / "pages" / "00_overview.py"), default_timeout=300).run()
        for period in PERIODS:
            page.session_state["period"] = period
            begun, busy = time.perf_counter(), time.process_time()
            page.run()
            took.append(time.perf_counter() - begun)
            work.append(time.process_time() - busy)
            begun = time.process_time()
            page.run()
            again.append(time.process_time() - begun)
        assert not page.exception
    return [
        Row(f"whole Overview, period changed, {SIZE}", "", statistics.median(took), None, 0.5),
        Row("the same, CPU of all threads", "", statistics.median(work), None, 1.0),
        Row("the same again, CPU", "", statistics.median(again), None, 0.03),
    ]
