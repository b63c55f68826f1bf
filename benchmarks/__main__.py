"""`python -m benchmarks [--large] [NAME …]`: print the table of speeds; exit status 1 where a bound is not kept."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

from benchmarks.table import Row, show

PARTS = ("nps", "importing", "visitor", "overview", "customer", "steps", "funnel")


def main(words: list[str]) -> int:
    """Run the parts named, or all that exist."""
    large = "--large" in words
    wanted = [w for w in words if not w.startswith("-")] or list(PARTS)
    rows: list[Row] = []
    for name in wanted:
        make: Callable[..., list[Row]] = importlib.import_module(f"benchmarks.{name}").rows
        found = make()
        if large and name in ("nps", "importing", "funnel"):
            found += make(10_000_000, 1.15) if name == "nps" else make(10_000_000)
        show(found)
        rows += found
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
