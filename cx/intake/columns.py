"""What stands in a column: how many cells are filled, and which distinct values with their counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cx.intake.exclusions import kept
from cx.intake.plan import Exclusion, Layout
from cx.intake.reader import Batch, batches

DISTINCT = 20_000
SAMPLE_BYTES = 2 << 20


@dataclass
class Content:
    """`values`: distinct filled cells (blanks around them cut) -> count; `more` when there are too many to keep."""

    values: dict[str, int]
    filled: int = 0
    seen: int = 0
    more: bool = False
    length: float = 0.0

    def add(self, cells: pl.Series) -> None:
        """Count another stretch of the column."""
        cells = cells.str.strip_chars()
        cells = cells.filter(cells != "")
        self.filled += len(cells)
        if self.more:
            return
        counts = cells.value_counts(name="n").head(DISTINCT + 1)
        for value, n in zip(counts.to_series(0).to_list(), counts["n"].to_list(), strict=True):
            self.values[value] = self.values.get(value, 0) + n
        self.more = len(self.values) > DISTINCT

    def example(self) -> str:
        """A value as it stands in the file."""
        return next(iter(self.values), "")[:120]

    def width(self) -> float:
        """Mean length of the distinct values, in characters."""
        return sum(map(len, self.values)) / len(self.values) if self.values else 0.0


def first(source: Path | bytes, layout: Layout) -> tuple[Batch | None, bool]:
    """The records of the first two megabytes, and whether that is all of them."""
    stream = batches(source, layout, size=SAMPLE_BYTES)
    batch = next(stream, None)
    return batch, batch is None or next(stream, None) is None


def contents(frames: Iterable[pl.DataFrame], indexes: Iterable[int]) -> dict[int, Content]:
    """The content of these columns over all frames."""
    wanted = {i: Content({}) for i in indexes}
    for frame in frames:
        for i, content in wanted.items():
            content.seen += frame.height
            content.add(frame[str(i)])
    return wanted


def whole(source: Path | bytes, layout: Layout, indexes: Iterable[int], rules: Sequence[Exclusion] = ()) -> dict[int, Content]:
    """The content of these columns over the whole file, records left out by a rule aside."""
    wanted = sorted(set(indexes))
    only = sorted({*wanted, *(rule.index for rule in rules)})
    return contents((kept(rules, b.frame) for b in batches(source, layout, only)), wanted) if wanted else {}
