"""Measurements as series: one characteristic of one process, product and supplier, ready for a control chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.control_chart import Chart, control_chart, suggest
from cx.analytics.measure import Scope
from cx.analytics.stability import OUT_OF_CONTROL
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.ui import charts
from cx.ui.annotations import events
from cx.ui.page import View
from cx.ui.period import midnight, months_back
from cx.ui.remember import each, remembered

NAMED = ("process", "characteristic", "product", "supplier")
COLUMNS = ("measured_at", "value", "subgroup", "sample_size", "defectives", "defects", "opportunities", "lower_limit", "upper_limit", "target", "operator")
MOST = 20_000


@dataclass(frozen=True)
class Series:
    """What is measured where.

    `out` is the share of its points beyond three sigma in percent, `kind` value, defectives or defects, `limits` how many of
    the two specification limits come with it.
    """

    names: tuple[str | None, ...]
    kind: str
    unit: str
    points: int
    subgroup: float
    out: float | None = None
    limits: int = 0

    @property
    def title(self) -> str:
        """Characteristic first, then what tells it from others."""
        process, characteristic, product, supplier = self.names
        return " · ".join(str(part) for part in (characteristic, supplier or product or process) if part)

    @property
    def charts(self) -> tuple[str, ...]:
        """The charts that can be drawn of it, the best fitting first."""
        if self.kind == "value":
            best = suggest(False, (int(self.subgroup),))
            return tuple(dict.fromkeys((best, *(("xbar-r", "xbar-s") if self.subgroup >= 2 else ()), "i-mr")))
        return ("p", "laney p", "np") if self.kind == "defectives" else ("u", "laney u", "c")


@remembered
def _found(now: Revision, filters: Filters) -> tuple[Series, ...]:
    keys = list(NAMED)

    def stable(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        return OUT_OF_CONTROL.expression(tables, NAMED, Scope(dated.start, dated.end))

    def counted(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        table = Scope(dated.start, dated.end).during(tables["measurements"], "measured_at")
        return table.group_by(keys).aggregate(
            values=table["value"].count(), defectives=table["defectives"].count(), defects=table["defects"].count(), groups=table["subgroup"].nunique(), unit=table["unit"].max(),
            lower=table["lower_limit"].count(), upper=table["upper_limit"].count(),
        )  # fmt: skip

    marked, rows = each(lambda pair: prepared.rows(("series", pair[0]), filters, pair[1], now), [("stable", stable), ("counted", counted)])
    out = {tuple(r[k] for k in keys): OUT_OF_CONTROL.estimate(r).value for r in marked}
    made = []
    for row in rows:
        kind = "value" if row["values"] else "defectives" if row["defectives"] else "defects"
        points = int(row["values"] or row["defectives"] or row["defects"] or 0)
        if points and row["characteristic"]:
            names = tuple(row[k] for k in keys)
            size = row["values"] / row["groups"] if kind == "value" and row["groups"] else 1.0
            made.append(Series(names, kind, row["unit"] or "", points, size, out.get(names), bool(row["lower"]) + bool(row["upper"])))
    return tuple(sorted(made, key=lambda s: (-(s.out or 0.0), s.title)))


def series(view: View, filters: Filters | None = None) -> tuple[Series, ...]:
    """Every series in the selection, the least stable first."""
    return _found(view.now, filters or view.filters)


def horizon(view: View, months: int) -> Filters:
    """The page's filters, their period stretched back so that it spans at least so many months; 0 for all data."""
    end = view.period.end or view.last
    if not months or end is None:
        return view.filters.between(None, None)
    first = midnight(months_back(end.date(), months))
    start = view.period.start
    return view.filters.between(min(first, start) if start else None, end)


@remembered
def _rows(now: Revision, filters: Filters, one: Series) -> pd.DataFrame:
    def latest(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        table = Scope(dated.start, dated.end).during(tables["measurements"], "measured_at")
        for name, value in zip(NAMED, one.names, strict=True):
            table = table.filter(table[name].isnull() if value is None else table[name] == value)
        return table.order_by(table.measured_at.desc(), table.id.desc()).select(*COLUMNS).limit(MOST)

    read = prepared.rows(("series rows", one.names), filters, latest, now)
    return pd.DataFrame(read[::-1], columns=list(COLUMNS))


@dataclass(frozen=True)
class Keeping:
    """How a characteristic kept its limits in the selection: values within them of all, and pieces bad of all inspected."""

    inside: float
    total: float
    bad: float
    size: float


@remembered
def keeping(now: Revision, filters: Filters, asked: tuple[tuple[str, float | None, float | None], ...]) -> tuple[Keeping, ...]:
    """For each characteristic with its lower and upper limit (None: none) how it kept them, over all its series."""

    def build(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        table = Scope(dated.start, dated.end).during(tables["measurements"], "measured_at")
        sums: dict[str, ir.Value] = {}
        for i, (name, low, high) in enumerate(asked):
            mine = (table["characteristic"] == name).fill_null(False)
            inside = mine & table["value"].notnull()
            sums[f"total_{i}"] = inside.sum().fill_null(0)
            for limit, kept in ((low, lambda x: table["value"] >= x), (high, lambda x: table["value"] <= x)):
                inside = inside if limit is None else inside & kept(limit)
            pieces = table["defectives"].coalesce(table["defects"])
            counted = mine & pieces.notnull() & table["sample_size"].notnull()
            sums |= {f"inside_{i}": inside.fill_null(False).sum().fill_null(0), f"bad_{i}": ibis.ifelse(counted, pieces, 0).sum().fill_null(0), f"size_{i}": ibis.ifelse(counted, table["sample_size"], 0).sum().fill_null(0)}
        return table.aggregate(**sums)

    if not asked:
        return ()
    (row,) = prepared.rows(("keeping", asked), filters, build, now)
    return tuple(Keeping(*(float(row[f"{name}_{i}"]) for name in ("inside", "total", "bad", "size"))) for i in range(len(asked)))


def rows(view: View, one: Series, filters: Filters | None = None) -> pd.DataFrame:
    """The measurements of a series in order, the latest 20,000 of them."""
    return _rows(view.now, filters or view.filters, one)


def changes(view: View, group: str | None = None) -> list[charts.Event]:
    """Dated changes at which limits may begin anew: improvement actions in effect, projects, annotations, known incidents."""
    found = list(events(view))
    found += [charts.Event(a.done_on, a.title) for a in records("action") if a.done_on and (group is None or a.group in (group, "improvement"))]
    found += [charts.Event(p.in_effect_on, p.name) for p in records("project") if p.in_effect_on]
    found += [charts.Event(a.starts_on, a.title) for a in records("annotation")]
    unique = {(day(e.when), e.name): e for e in found}
    return sorted(unique.values(), key=lambda e: (day(e.when), e.name))


def day(when: date | datetime) -> date:
    """The date of a moment."""
    return when.date() if isinstance(when, datetime) else when


@dataclass(frozen=True)
class Charted:
    """A control chart with the moment of each point, its unit, and the factor to it (shares are shown in percent)."""

    chart: Chart
    when: tuple[Any, ...]
    unit: str = ""
    factor: float = 1.0

    def samples(self, chart: Chart | None = None) -> list[charts.Sample]:
        """The points as the chart kit draws them; a point without a value or limits is left out."""
        made = []
        for when, (_, p) in zip(self.when, (chart or self.chart).points.iterrows(), strict=True):
            if pd.notna(p["value"]) and pd.notna(p["center"]):
                low, high = (self.factor * float(p[side]) if pd.notna(p[side]) else None for side in ("lower", "upper"))
                made.append(charts.Sample(when, self.factor * float(p["value"]), self.factor * float(p["center"]), low, high, tuple(p["signals"]), str(p["stage"])))
        return made


def charted(frame: pd.DataFrame, one: Series, kind: str, rules: str, stages: Sequence[charts.Event] = ()) -> Charted:
    """The control chart of a series; limits begin anew at each of `stages`."""
    starts = sorted(stages, key=lambda e: day(e.when))

    def stage(when: Any) -> str:
        passed = [e.name for e in starts if pd.Timestamp(day(e.when)) <= pd.Timestamp(when)]
        return passed[-1] if passed else ("before" if starts else "")

    if kind in ("xbar-r", "xbar-s"):
        known = frame[frame["value"].notna() & frame["subgroup"].notna()]
        first = known.groupby("subgroup", sort=False)["measured_at"].min()
        made = control_chart(kind, known["value"], subgroups=known["subgroup"], stages=[stage(w) for w in first], rules=rules)
        return Charted(made, tuple(w.to_pydatetime() for w in first), one.unit)
    column = one.kind
    known = frame[frame[column].notna()]
    size = None if one.kind == "value" or kind == "c" else known["sample_size"]
    named = [stage(w) for w in known["measured_at"]]
    made = control_chart(kind, known[column], size, stages=named, rules=rules) if size is not None else control_chart(kind, known[column], stages=named, rules=rules)
    when = tuple(spread_out([w.to_pydatetime() for w in known["measured_at"]]))
    return Charted(made, when, "%", 100.0) if kind in ("p", "laney p") else Charted(made, when, one.unit if one.kind == "value" else "")


def spread_out(moments: Sequence[datetime]) -> list[datetime]:
    """Moments that are equal moved apart by a second each, so that a chart draws every point."""
    found: list[datetime] = []
    for when in moments:
        found.append(max(when, found[-1] + timedelta(seconds=1)) if found else when)
    return found
