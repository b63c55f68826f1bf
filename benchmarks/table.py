"""A row of the bench: what, against what, how it came out."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One comparison: `ours` and `theirs` in seconds (or another unit), the ratio between them and what it must not exceed."""

    what: str
    against: str
    ours: float
    theirs: float | None
    bound: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Ours over theirs; ours itself where there is nothing to compare with."""
        return self.ours / self.theirs if self.theirs else self.ours

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.ratio <= self.bound


def paired(ours: Callable[[], object], theirs: Callable[[], object], runs: int = 7) -> tuple[float, float]:
    """Median seconds of processor time, on all cores, of two functions run in turn: other work on the machine must not show in the ratio."""
    mine, others = [], []
    for i in range(runs + 1):
        for run, kept in ((ours, mine), (theirs, others)):
            gc.collect()
            begun = time.process_time()
            run()
            if i:  # the first of each warms up
                kept.append(time.process_time() - begun)
    return statistics.median(mine), statistics.median(others)


def show(rows: Sequence[Row]) -> None:
    """Print rows as a table."""
    cells = [("what", "against", "ours", "theirs", "ratio", "must", "")]
    for r in rows:
        theirs = f"{r.theirs:,.4g} {r.unit}" if r.theirs else "-"
        cells.append((r.what, r.against, f"{r.ours:,.4g} {r.unit}", theirs, f"{r.ratio:.3g}" if r.theirs else "-", f"<= {r.bound:g}", "ok" if r.holds else "OVER"))
    widths = [max(len(line[i]) for line in cells) for i in range(7)]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(), flush=True)
