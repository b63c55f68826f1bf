"""The seventy steps, switched to and with the period changed, nothing kept: server time of one run of the page.

    python -m benchmarks steps
    python -m benchmarks.steps 0 service.staffing sales    (0: the demo company as it is; some steps or groups only)

Where other work shares the machine the processor's time, of all threads, is the honest figure: it is printed beside the clock's.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from streamlit.testing.v1 import AppTest

from benchmarks import large
from benchmarks.table import Row, show
from cx.blueprint.groups import GROUPS
from cx.commands.demo import written_down
from cx.demo import END, company
from cx.facts import arrangement, batches
from cx.facts.batches import Origin
from cx.records import invented
from cx.settings import ROOT
from cx.store.migrate import migrate
from cx.ui.page import PLACES

TILED = ("customers", "responses", "interactions")
OWN = {"customers": ("key", "customer_id"), "responses": ("key", "response_id", "customer_id"), "interactions": ("key", "interaction_id", "session_id", "customer_id")}
TIMES = 3


@dataclass(frozen=True)
class Took:
    """Seconds of one step's page: the clock and the processor with the period changed, and the clock when switched to."""

    step: str
    clock: float
    processor: float
    switched: float


def load(n: int) -> None:
    """Fill the store in force with the demo company and what it has written down; with `n` its answers and interactions become that many."""
    migrate()
    tables = company()
    again = n / tables["responses"].num_rows if n else 0
    for name, table in tables.items():
        size = max(table.num_rows, int(table.num_rows * again)) if name == "customers" else max(table.num_rows, n) if name in TILED else table.num_rows
        batches.load(name, lambda name=name, table=table, size=size: large.copies(name, table, size, OWN), Origin(source="demo company", tool="demo", demo=True))  # type: ignore[misc]
    arrangement.arrange()  # as after every import
    for part in written_down():
        invented.load(part(END), END)


@contextmanager
def filled(n: int) -> Iterator[None]:
    """A store of its own with the data; `CX_BENCH_STORE` names a folder that keeps it from run to run."""
    kept = os.environ.get("CX_BENCH_STORE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CX_DATA_DIR"] = kept or folder
        if not kept or not os.path.exists(os.path.join(kept, "cx.db")):
            load(n)
        yield


def wanted(words: Sequence[str]) -> list[tuple[str, str]]:
    """Group and step of each step asked for: `group`, `group.step`, or nothing for all."""
    every = [(group, step.key) for group in GROUPS for step in GROUPS[group].steps]
    return [(g, s) for g, s in every if not words or g in words or f"{g}.{s}" in words]


def timed(page: AppTest) -> tuple[float, float]:
    """Clock and processor seconds of one run."""
    gc.collect()
    clock, processor = time.perf_counter(), time.process_time()
    page.run()
    out = time.perf_counter() - clock, time.process_time() - processor
    if page.exception:
        raise AssertionError(f"{page.session_state['step']}: {page.exception[0].value}")
    return out


def measured(words: Sequence[str] = (), times: int = TIMES) -> list[Took]:
    """Every step: its group's page is opened, the step is switched to, then the period is changed; no period is asked for twice."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns of threads without a session, which a test of a page has
    out: list[Took] = []
    days = 365
    pages: dict[str, AppTest] = {}
    for group, step in wanted(words):
        if group not in pages:
            pages[group] = AppTest.from_file(str(ROOT / "pages" / PLACES[group].file), default_timeout=600)
            pages[group].session_state["step"] = GROUPS[group].steps[-1].key
            pages[group].run()
        page = pages[group]
        page.session_state["step"] = step
        timed(page)  # modules are imported
        page.session_state["step"] = next(s.key for s in GROUPS[group].steps if s.key != step)
        _other(page, days := days + 1)
        page.run()
        page.session_state["step"] = step
        switched, _ = timed(page)
        taken = []
        for _ in range(times):
            _other(page, days := days + 1)
            taken.append(timed(page))
        out.append(Took(f"{group}.{step}", statistics.median(t[0] for t in taken), statistics.median(t[1] for t in taken), switched))
    return out


def _other(page: AppTest, days: int) -> None:
    page.session_state["period"] = "custom"
    page.session_state["from"] = END - timedelta(days=days)
    page.session_state["to"] = END - timedelta(days=1)
    assert isinstance(page.session_state["to"], date)


def told(found: Sequence[Took]) -> None:
    """Print each step, the slowest first."""
    print(f"{'step':<30}{'clock':>8}{'CPU':>8}{'switch':>8}")
    for t in sorted(found, key=lambda t: -t.clock):
        print(f"{t.step:<30}{t.clock:8.3f}{t.processor:8.3f}{t.switched:8.3f}", flush=True)


def rows() -> list[Row]:
    """The bench: the demo company as it is, and with a million answers and as many interactions."""
    return [*sized(0, 0.3), *sized(1_000_000, 1.0)]


def sized(n: int, bound: float, words: Sequence[str] = ()) -> list[Row]:
    """Median and worst of the steps; `n` answers and interactions, or the demo company as it is."""
    with filled(n):
        found = measured(words)
    told(found)
    size = f"{n / 1e6:g} M answers, {n / 1e6:g} M interactions" if n else "demo company"
    worst = max(found, key=lambda t: t.clock)
    busiest = max(found, key=lambda t: t.processor)
    slowest = max(found, key=lambda t: t.switched)
    return [
        Row(f"{len(found)} steps, period changed, {size}: median", "", statistics.median(t.clock for t in found), None, bound),
        Row(f"the worst of them, {worst.step}", "", worst.clock, None, bound),
        Row(f"the worst in processor time, all threads on two cores, {busiest.step}", "", busiest.processor, None, 2 * bound),
        Row(f"the slowest switch of step, {slowest.step}", "", slowest.switched, None, bound),
    ]


if __name__ == "__main__":
    asked = [w for w in sys.argv[1:] if not w.isdigit()]
    size = next((int(w) for w in sys.argv[1:] if w.isdigit()), 1_000_000)
    show(sized(size, 1.0 if size else 0.3, asked))
