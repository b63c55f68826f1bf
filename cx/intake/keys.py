"""Identity of records: natural keys where the source has them, else what the record says and how often it said it so far."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl


class Occurrences:
    """Counts, over a whole file, how often each content has been seen; memory is 8 to 16 bytes a record.

    Sorted runs are merged when of similar length, so that looking up a batch stays logarithmic in the records read.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def tokens(self, cells: list[pl.Series]) -> pl.Series:
        """"#" + MD5 of the record's cells + "#" + 1 for the first record that says this, 2 for the second …"""
        joined = pl.DataFrame([c.fill_null("").alias(str(i)) for i, c in enumerate(cells)]).select(pl.concat_str(pl.all(), separator="\x1f")).to_series()
        said = joined.to_frame("said").to_arrow()
        with duckdb.connect(config={"threads": 1}) as bench:
            digests = bench.from_arrow(said).query("said", "SELECT md5(said) AS digest FROM said").to_arrow_table()
        frame = pl.DataFrame(pl.from_arrow(digests))
        numbers = frame.select(pl.col("digest").str.head(15).str.to_integer(base=16)).to_series().to_numpy()
        nth = self._before(numbers) + 1
        again = pl.Series(numbers).is_duplicated()
        if again.any():
            nth[again.to_numpy()] += frame.filter(again).select(pl.int_range(0, pl.len()).over("digest")).to_series().to_numpy()
        self._add(numbers)
        return frame.select(pl.concat_str(pl.lit("#"), "digest", pl.lit("#"), pl.Series("nth", nth).cast(pl.String))).to_series()

    def _before(self, numbers: np.ndarray) -> np.ndarray:
        total = np.zeros(len(numbers), dtype=np.int64)
        for values, counts in self._runs:
            at = np.minimum(np.searchsorted(values, numbers), len(values) - 1)
            total += np.where(values[at] == numbers, counts[at], 0)
        return total

    def _add(self, numbers: np.ndarray) -> None:
        if not len(numbers):
            return
        values, counts = np.unique(numbers, return_counts=True)
        self._runs.append((values, counts.astype(np.uint32)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            (a, m), (b, n) = self._runs.pop(), self._runs.pop()
            values, inverse = np.unique(np.concatenate([a, b]), return_inverse=True)
            counts = np.bincount(inverse, weights=np.concatenate([m, n])).astype(np.uint32)
            self._runs.append((values, counts))


def joined(parts: list[pl.Series | str]) -> pl.Expr:
    """Key columns joined by a bar; an empty part stays empty."""
    cells = [pl.lit(p) if isinstance(p, str) else p.cast(pl.String).fill_null("") for p in parts]
    return pl.concat_str(cells, separator="|")
