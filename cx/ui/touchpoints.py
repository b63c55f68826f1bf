"""What the facts say of each touchpoint: where it is seen, how often, when last, and how it is scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from cx import scorecard
from cx.analytics.measure import Scope
from cx.blueprint.kpi import Kpi
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.scorecard import Reading
from cx.ui import format as words
from cx.ui.journey_map import Mark
from cx.ui.page import View
from cx.ui.remember import each, remembered

SCORES = ("csat", "ease", "nps")
SOURCES = {"interactions": "happened_at", "responses": "answered_at", "tickets": "created_at", "mentions": "posted_at"}
TITLES = {"interactions": "Interactions", "responses": "Survey answers", "tickets": "Tickets", "mentions": "Mentions"}


@dataclass(frozen=True)
class Seen:
    """A touchpoint in one dataset: rows, distinct customers, and the last moment."""

    rows: int
    customers: int
    last: datetime | None


@remembered
def seen(now: Revision, filters: Filters) -> dict[str, dict[str, Seen]]:
    """Touchpoint -> dataset -> what was seen of it in the period and filters. Invitations without an answer do not count."""

    def read(name: str) -> list[dict[str, Any]]:
        def build(filters: Filters) -> ir.Table:
            table = Scope(filters.start, filters.end).during(filters.apply(engine.tables())[0][name], SOURCES[name])
            table = table.filter(table.touchpoint.notnull(), table[SOURCES[name]].notnull())
            return table.group_by("touchpoint").aggregate(rows=table.count(), customers=table.customer_id.nunique(), last=table[SOURCES[name]].max())

        return prepared.rows(("touchpoints seen", name), filters, build, now, keep=True)

    found: dict[str, dict[str, Seen]] = {}
    for name, rows in zip(SOURCES, each(read, SOURCES), strict=True):
        for row in rows:
            found.setdefault(str(row["touchpoint"]), {})[name] = Seen(int(row["rows"]), int(row["customers"]), row["last"])
    return found


@remembered
def habits(now: Revision) -> dict[str, dict[str, Any]]:
    """Touchpoint -> the channel and team it is mostly seen with, over all data: a proposal for the register."""
    tables = engine.tables()
    found: dict[str, dict[str, Any]] = {}
    for name, column in (("interactions", "channel"), ("tickets", "team"), ("responses", "channel")):
        table = tables[name].filter(tables[name].touchpoint.notnull() & tables[name][column].notnull())
        counts = table.group_by("touchpoint", column).aggregate(n=table.count())
        for row in sorted(engine.rows(counts, now=now), key=lambda r: r["n"]):
            found.setdefault(str(row["touchpoint"]), {})[column] = row[column]
    return found


def scores(view: View, filters: Filters | None = None, keys: Sequence[str] = SCORES, compare: bool = False) -> dict[str, dict[str, Reading]]:
    """Touchpoint -> KPI -> reading, small groups hidden."""
    found: dict[str, dict[str, Reading]] = {}

    def read(key: str) -> list[Reading]:
        return scorecard.read(key, filters or view.filters, ("touchpoint",), compare=view.compare if compare else None, now=view.now)

    for key, readings in zip(keys, each(read, keys), strict=True):
        for reading in readings:
            if reading.key("touchpoint") is not None and (reading.estimate.n or reading.before):
                found.setdefault(str(reading.key("touchpoint")), {})[key] = reading
    return found


def marks(of: Mapping[str, Reading], volume: Mapping[str, Seen], aims: Mapping[str, Kpi]) -> tuple[Mark, ...]:
    """The live numbers of a touchpoint as a journey map shows them: each score with n, and how many passed."""
    out = []
    for key, reading in of.items():
        row = aims[key]
        e = reading.estimate
        name = {"csat": "CSAT", "ease": "Ease", "nps": "NPS"}.get(key, row.title)
        if reading.hidden:
            out.append(Mark(name, "hidden", "n < 5"))
        elif e.value is not None:
            tone = ""
            if row.target is not None and e.low is not None and e.high is not None:
                tone = "bad" if e.high < row.target else "good" if e.low > row.target else ""
            out.append(Mark(name, words.value(e.value, row.unit), f"{words.interval(e.low, e.high, row.unit)} · n {e.n:,}", tone))
    passed = volume.get("interactions") or volume.get("tickets")
    if passed:
        out.append(Mark("Volume", f"{passed.rows:,}", f"{passed.customers:,} customers"))
    return tuple(out)


@remembered
def events(now: Revision, filters: Filters) -> tuple[tuple[str, str | None, int, int], ...]:
    """Every event seen in the period: (event, touchpoint it mostly belongs to, rows, customers), the most frequent first."""

    def build(filters: Filters) -> ir.Table:
        table = Scope(filters.start, filters.end).during(filters.apply(engine.tables())[0]["interactions"], "happened_at")
        table = table.filter(table.event.notnull())
        counts = table.group_by("event").aggregate(touchpoint=table.touchpoint.max(), rows=table.count(), customers=table.customer_id.nunique())
        return counts.order_by(ibis.desc("rows"), "event").limit(400)

    rows = prepared.rows("events seen", filters, build, now, keep=True)
    return tuple((str(r["event"]), r["touchpoint"], int(r["rows"]), int(r["customers"])) for r in rows)
