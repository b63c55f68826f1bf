"""What a reader of numbers has narrowed them down to, as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import ibis.expr.types as ir

from cx.analytics.profile import profile
from cx.analytics.segment_rules import parse, predicate
from cx.facts.datasets import DATASETS

COLUMNS = ("segment", "channel", "persona")


@dataclass(frozen=True)
class Filters:
    """`start` (included) and `end` (excluded) are aware moments or None; `only` holds (column, values) pairs.

    `saved` are segments that people built: (name, rules as JSON). Who meets any of them is looked at, as of `as_of`.
    """

    start: datetime | None = None
    end: datetime | None = None
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    saved: tuple[tuple[str, str], ...] = ()
    as_of: datetime | None = None

    def narrowed(self, column: str, *values: str) -> Filters:
        """The same filters with one column limited to `values`, replacing an earlier limit."""
        kept = tuple(pair for pair in self.only if pair[0] != column)
        return replace(self, only=tuple(sorted((*kept, (column, values)))))

    def between(self, start: datetime | None, end: datetime | None) -> Filters:
        """The same filters for another period."""
        return replace(self, start=start, end=end)

    def apply(self, tables: Mapping[str, ir.Table]) -> tuple[dict[str, ir.Table], tuple[str, ...]]:
        """The tables narrowed by every column limit (not by time: each measure has its own clock), and what could not apply.

        A dataset without the column is narrowed through its customers where it names them; a dataset that has neither
        stays whole, and the column is returned so that the number can say so.
        """
        out = dict(tables)
        ignored: list[str] = []
        for column, values in self.only:
            for name, table in tables.items():
                if column in table.columns:
                    out[name] = out[name].filter(out[name][column].isin(values))
                elif "customer_id" in table.columns and column in tables.get("customers", table).columns:
                    customers = tables["customers"]
                    chosen = customers.filter(customers[column].isin(values)).select("customer_id")
                    out[name] = out[name].semi_join(chosen, "customer_id")
                else:
                    ignored.append(column)
        if self.saved:
            chosen = self.members()
            for name, table in out.items():
                if "customer_id" in table.columns:
                    out[name] = table.semi_join(chosen, "customer_id")
                else:
                    ignored.append("saved segment")
        return out, tuple(dict.fromkeys(ignored))

    def members(self) -> ir.Table:
        """The customers who meet any of the saved segments."""
        everybody = profile({name: kind.unbound for name, kind in DATASETS.items()}, self.as_of or self.end or datetime(9999, 1, 1, tzinfo=UTC))
        met = predicate(parse({"any": [json.loads(rules) for _, rules in self.saved]}), everybody, self.as_of or self.end)
        return everybody.filter(met).select("customer_id")
