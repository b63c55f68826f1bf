"""What the measurements and deliveries say of each supplier: defects, punctuality, answers, and defects month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cx.analytics.estimate import Estimate
from cx.analytics.interval import proportion
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.page import View
from cx.ui.remember import remembered

PUNCTUAL = ("deliver", "delay", "on time", "punctual")
ANSWERS = ("response", "reply", "answer")


@dataclass(frozen=True)
class Supplied:
    """Counts of one supplier: units inspected and defective, deliveries and answers judged and in time."""

    name: str
    units: float
    bad: float
    deliveries: int
    on_time: int
    answers: int
    answered: int

    @property
    def ppm(self) -> float | None:
        """Defective parts per million inspected."""
        return 1e6 * self.bad / self.units if self.units else None

    @property
    def defects(self) -> Estimate:
        """Defective parts per million with Wilson's interval."""
        e = proportion(self.bad, self.units)
        value, low, high = (None if v is None else 1e4 * v for v in (e.value, e.low, e.high))
        return Estimate(value, low, high, e.n, "ppm", e.warning)

    @property
    def punctual(self) -> float | None:
        """Deliveries in time, percent."""
        return 100 * self.on_time / self.deliveries if self.deliveries else None

    @property
    def prompt(self) -> float | None:
        """Answers within their limit, percent."""
        return 100 * self.answered / self.answers if self.answers else None


@remembered
def _read(now: Revision, filters: Filters) -> tuple[Supplied, ...]:
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["measurements"], "measured_at")
    table = table.filter(table["supplier"].notnull())
    sampled = table["sample_size"].notnull() & table["defectives"].notnull()
    counted = table.group_by("supplier", "characteristic").aggregate(
        units=sampled.ifelse(table["sample_size"], 0).sum(), bad=sampled.ifelse(table["defectives"], 0).sum(),
        judged=(~sampled & table["passed"].notnull()).sum(), passed=(~sampled & table["passed"].fill_null(False)).sum(),
    )  # fmt: skip
    found: dict[str, dict[str, float]] = {}
    for row in engine.rows(counted, now=now):
        one = found.setdefault(row["supplier"], dict.fromkeys(("units", "bad", "deliveries", "on_time", "answers", "answered"), 0))
        one["units"] += row["units"] or 0
        one["bad"] += row["bad"] or 0
        title = (row["characteristic"] or "").casefold()
        kind = ("deliveries", "on_time") if any(w in title for w in PUNCTUAL) else ("answers", "answered") if any(w in title for w in ANSWERS) else None
        if kind:
            one[kind[0]] += row["judged"] or 0
            one[kind[1]] += row["passed"] or 0
    orders = Scope(filters.start, filters.end).during(tables["orders"], "ordered_at")
    orders = orders.filter(orders["supplier"].notnull() & orders["promised_at"].notnull() & orders["delivered_at"].notnull())
    for row in engine.rows(orders.group_by("supplier").aggregate(n=orders.count(), met=(orders["delivered_at"] <= orders["promised_at"]).sum()), now=now):
        one = found.setdefault(row["supplier"], dict.fromkeys(("units", "bad", "deliveries", "on_time", "answers", "answered"), 0))
        one["deliveries"] += row["n"]
        one["on_time"] += row["met"]
    return tuple(
        Supplied(name, o["units"], o["bad"], int(o["deliveries"]), int(o["on_time"]), int(o["answers"]), int(o["answered"])) for name, o in sorted(found.items())
    )


def supplied(view: View, filters: Filters | None = None) -> dict[str, Supplied]:
    """Every supplier or courier that the data names, by name."""
    return {s.name: s for s in _read(view.now, filters or view.filters)}


@remembered
def _months(now: Revision, filters: Filters) -> list[dict[str, Any]]:
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["measurements"], "measured_at")
    table = table.filter(table["supplier"].notnull() & (table["sample_size"] > 0) & table["defectives"].notnull())
    each = table.group_by("supplier", month=table["measured_at"].truncate("M")).aggregate(units=table["sample_size"].sum(), bad=table["defectives"].sum())
    return engine.rows(each.order_by("month"), now=now)


def months(view: View, filters: Filters) -> dict[str, list[tuple[Any, float | None]]]:
    """Defects per million by supplier and month."""
    found: dict[str, list[tuple[Any, float | None]]] = {}
    for row in _months(view.now, filters):
        found.setdefault(row["supplier"], []).append((row["month"], 1e6 * row["bad"] / row["units"]))
    return found
