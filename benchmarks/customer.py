"""One customer whole, five thousand events over ten years, among a million answers and a million interactions: server time of one run."""

from __future__ import annotations

import functools
import gc
import statistics
import time

from streamlit.testing.v1 import AppTest

from benchmarks import large
from benchmarks.table import Row
from cx.facts import engine
from cx.settings import ROOT

RUNS = 7


def forget() -> None:
    """Drop every result that pages keep of the engine's answers; what was compiled stays, as in a server that runs."""
    for held in gc.get_objects():
        if isinstance(held, functools._lru_cache_wrapper) and str(getattr(getattr(held, "__wrapped__", None), "__qualname__", "")).startswith("remembered."):
            held.cache_clear()
    engine.forget()


def rows() -> list[Row]:
    """Open the page of the same customer after everything that is kept was forgotten."""
    took: list[float] = []
    work: list[float] = []
    with large.store():
        page = AppTest.from_file(str(ROOT / "pages" / "15_customers.py"), default_timeout=300)
        page.query_params["customer"] = large.FAITHFUL
        page.run()
        assert sum(large.EVENTS.values()) == 5_000
        for _ in range(RUNS):
            forget()
            gc.collect()
            begun, busy = time.perf_counter(), time.process_time()
            page.run()
            took.append(time.perf_counter() - begun)
            work.append(time.process_time() - busy)
        assert not page.exception
        assert not page.error
    return [
        Row("customer 360, 5,000 events over 10 years, nothing kept", "", statistics.median(took), None, 0.3),
        Row("the same, CPU of all threads", "", statistics.median(work), None, 0.3),
    ]
