"""A KPI as a row: which question it answers, how it is measured and when it can be trusted."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cx.analytics.measure import Measure, Tables

Filter = Callable[[Tables], Tables]


@dataclass(frozen=True)
class Kpi:
    """One row of the catalogue.

    `title` fits a tile and `question` is what a leader would ask. `measure` computes it, after `filter` (if any) has
    narrowed the tables and, unless the reader names surveys, `series` to those that belong together, with `options` handed to its scope. `months`
    is set where it describes a period and not single rows: so many months up to the end of the data are taken where the
    reader names none. `definition` is the public function whose docstring states the formula. `better` says which direction is good, `target` is the default until somebody sets another in
    the unit given (of a whole year where `yearly` says that the measure grows with its period), and under `minimum` observations the value should not be acted upon. `group` is the key of the
    process group that owns it, `source` where the definition comes from.
    """

    key: str
    title: str
    question: str
    measure: Measure
    definition: Callable[..., Any]
    group: str
    unit: str
    better: Literal["higher", "lower", "none"]
    filter: Filter | None = None
    series: Filter | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    months: int = 0
    target: float | None = None
    yearly: Literal["", "lost", "kept"] = ""
    minimum: int = 30
    caveats: str = ""
    source: str = ""

    def tables(self, tables: Tables, chosen: bool = False) -> Tables:
        """The tables as this KPI sees them: narrowed by its filter, and by its series unless the reader has `chosen` one."""
        seen = self.filter(tables) if self.filter else tables
        return self.series(seen) if self.series and not chosen else seen

    def goal(self, days: float | None, target: float | None = None) -> float | None:
        """What the target (or another in its place) comes to in so many days: that of a year compounded, any other as it is.

        15 % lost a year are 1.35 % lost a month: 100 × (1 - (1 - 0.15)^(days / 365.25)).
        """
        year = self.target if target is None else target
        if year is None or not self.yearly or not days or days <= 0:
            return year
        kept = max(year / 100 if self.yearly == "kept" else 1 - year / 100, 0.0)
        share = 100 * kept ** (days / 365.25)
        return share if self.yearly == "kept" else 100 - share

    @property
    def text(self) -> str:
        """Definition and formula in words: the docstring of `definition` without its examples."""
        lines = inspect.cleandoc(self.definition.__doc__ or "").splitlines()
        examples = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
        return "\n".join(lines[:examples]).strip()


def where(dataset: str, **equals: str | bool | tuple[str, ...]) -> Filter:
    """A filter that keeps the rows of `dataset` whose columns equal the values given, or are one of several."""

    def narrowed(tables: Tables) -> Tables:
        table = tables[dataset]
        for name, value in equals.items():
            table = table.filter(table[name].isin(value) if isinstance(value, tuple) else table[name] == value)
        return {**tables, dataset: table}

    return narrowed


def without(dataset: str, **equals: str) -> Filter:
    """A filter that drops the rows of `dataset` whose column equals the value given; rows where it is unknown stay."""

    def narrowed(tables: Tables) -> Tables:
        table = tables[dataset]
        for name, value in equals.items():
            table = table.filter(table[name].isnull() | (table[name] != value))
        return {**tables, dataset: table}

    return narrowed
