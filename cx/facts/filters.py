"""What a reader of numbers has narrowed them down to, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir

COLUMNS = ("segment", "channel", "persona")


@dataclass(frozen=True)
class Filters:
    """`start` (included) and `end` (excluded) are aware moments or None; `only` holds (column, values) pairs."""

    start: datetime | None = None
    end: datetime | None = None
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def narrowed(self, column: str, *values: str) -> Filters:
        """The same filters with one column limited to `values`, replacing an earlier limit."""
        kept = tuple(pair for pair in self.only if pair[0] != column)
        return Filters(self.start, self.end, tuple(sorted((*kept, (column, values)))))

    def between(self, start: datetime | None, end: datetime | None) -> Filters:
        """The same filters for another period."""
        return Filters(start, end, self.only)

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
        return out, tuple(dict.fromkeys(ignored))
