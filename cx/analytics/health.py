"""Customer health: a weighted mean over the parts that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.frame import as_table, checked, numeric
from cx.errors import MeasureError

BANDS = ((70.0, "healthy"), (40.0, "watch"), (0.0, "at risk"))


@dataclass(frozen=True)
class Part:
    """One part of the score: a column, its weight, and the values that count 0 and 100 (best may be below worst)."""

    column: str
    weight: float = 1.0
    worst: float = 0.0
    best: float = 100.0

    def __post_init__(self) -> None:
        if self.weight <= 0 or self.worst == self.best:
            raise MeasureError("a part of health needs a weight above 0 and two different ends", f"{self.column} has {self}", "correct it")


def scored(table: ir.Table, parts: Sequence[Part]) -> ir.Table:
    """`table` with health (0 to 100), coverage (% of the weight that is known) and band; runs in the engine."""
    if not parts:
        raise MeasureError("health needs one part or more", "none were named", "name the columns it is made of")
    checked(table, tuple(part.column for part in parts))
    total, known = ibis.literal(0.0), ibis.literal(0.0)
    for part in parts:
        value = numeric(table, part.column)
        there = value.notnull() & ~value.isnan()
        points = ((value - part.worst) * 100 / (part.best - part.worst)).clip(0.0, 100.0)
        total = total + there.ifelse(points * part.weight, 0.0)
        known = known + there.ifelse(part.weight, 0.0)
    table = table.mutate(health=total / known.nullif(0.0), coverage=known * 100 / sum(part.weight for part in parts))
    band = ibis.cases(*((table["health"] >= lowest, name) for lowest, name in BANDS), else_="unknown")
    return table.mutate(band=band)


def health(data: Any, parts: Sequence[Part]) -> Any:
    """The health of every row of `data` as a DataFrame: health = sum of weight x points / sum of weight, over known parts.

    A part's points run from 0 at `worst` to 100 at `best`, cut off at both ends. A missing part is left out, never 0;
    where all are missing health is missing. Bands: 70 and more healthy, 40 and more watch, else at risk. Raises
    MeasureError where a column is missing or no part is named.

    >>> data = {"nps": [10, None], "open_tickets": [5, 0]}
    >>> result = health(data, [Part("nps", 3, 0, 10), Part("open_tickets", 1, 10, 0)])
    >>> result["health"].tolist(), result["coverage"].tolist()
    ([87.5, 100.0], [100.0, 25.0])
    """
    return scored(as_table(data), parts).to_pandas()
