"""Somebody moves between pages while a file of a million rows is imported beside them: how much longer a rerun takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks import answers
from benchmarks.importing import OURS
from benchmarks.table import Row
from cx.demo import company
from cx.facts import batches
from cx.settings import ROOT
from cx.store.migrate import migrate
from tests.conftest import WholeTable

PAGES = ("00_overview", "07_quality", "03_service", "02_journeys")
IDLE = 80


def reruns(pages: list[AppTest], go_on: Callable[[int], bool]) -> list[float]:
    """Seconds of each rerun, page after page, with a breath between them, as long as `go_on` says."""
    took: list[float] = []
    while go_on(len(took)):
        page = pages[len(took) % len(pages)]
        begun = time.perf_counter()
        page.run()
        took.append(time.perf_counter() - begun)
        time.sleep(0.02)
    return took


def late(took: list[float]) -> float:
    """The 95th percentile."""
    return sorted(took)[int(0.95 * (len(took) - 1))]


def rows(n: int = 1_000_000) -> list[Row]:
    """The bench with an import of `n` rows."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CX_DATA_DIR"] = folder
        migrate()
        for name, table in company().items():
            batches.load(name, lambda table=table: [WholeTable(table, len(table["line"].unique()))])  # type: ignore[misc]
        file = Path(folder) / "survey.csv"
        answers.csv(file, n)
        pages = [AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120).run() for name in PAGES]
        reruns(pages, lambda done: done < 2 * len(pages))
        idle = reruns(pages, lambda done: done < IDLE)
        # at the lower priority that the app gives its imports
        importing = subprocess.Popen(["nice", "-n", "5", sys.executable, "-c", OURS, str(file)], stdout=subprocess.DEVNULL, env=dict(os.environ))
        beside = reruns(pages, lambda _: importing.poll() is None)
        assert importing.returncode == 0
        assert not any(page.exception for page in pages)
    return [Row(f"a rerun during an import of {n / 1e6:g} M rows, 95th percentile of {len(beside)}", f"of {IDLE} idle reruns", late(beside), late(idle), 2.0)]
