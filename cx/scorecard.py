"""A KPI + filters -> readings: value, interval, n, change against another period, target. Small groups are hidden here.

Everything that shows a KPI (pages, command line, API, reports) comes through this module, so that the rule about small
groups, the warning about few observations and the note about a filter that could not apply are the same everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from cx.analytics import respondents
from cx.analytics.estimate import Difference, Estimate, difference, undefined
from cx.analytics.measure import GRAINS, Scope
from cx.blueprint.catalogue import KPIS, kpi
from cx.blueprint.kpi import Kpi
from cx.errors import InputError, MeasureError
from cx.facts import elsewhere, engine, mirror, prepared
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.facts.history import Revision, freshness, revision
from cx.records import tables as registers
from cx.records.lookup import records, written
from cx.records.promises import promises
from cx.settings import settings
from cx.store.engine import store_url

# Datasets in which a small group could betray what a person answered.
PERSONAL = frozenset({"responses", "trainings"})
HIDDEN = "hidden: fewer than {minimum} respondents"
COVER = "hidden so that the total does not give a smaller group away"
# Another engine does not tell when its tables change; so long its numbers may be kept.
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Reading:
    """One KPI for one group: the estimate, the same for the period compared with, and the change between them.

    `start` and `end` are the period looked at, None where it is open.
    """

    kpi: str
    keys: tuple[tuple[str, Any], ...]
    estimate: Estimate
    before: Estimate | None = None
    change: Difference | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def days(self) -> float | None:
        """How long the period is; None where it is open."""
        return (self.end - self.start).total_seconds() / 86400 if self.start and self.end else None

    @property
    def hidden(self) -> bool:
        """Whether the value is withheld because the group is small."""
        return self.estimate.value is None and self.estimate.warning.startswith("hidden")

    def key(self, name: str) -> Any:
        """The value of one breakdown column."""
        return dict(self.keys)[name]


def dimensions(row: Kpi) -> tuple[str, ...]:
    """The columns a KPI may be broken down by."""
    name = row.measure.dataset
    return DATASETS[name].dimensions if name in DATASETS else registers.dimensions(name)


def breakdowns(row: Kpi) -> tuple[str, ...]:
    """What a KPI may be broken down by: grains of time and columns."""
    return (*GRAINS, *dimensions(row))


def read(
    row: Kpi | str,
    filters: Filters | None = None,
    by: Sequence[str] = (),
    compare: tuple[datetime, datetime] | None = None,
    url: str | None = None,
    now: Revision | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[Reading]:
    """Compute a KPI: one Reading, or with `by` one a group, groups of `compare` matched by their keys.

    `now` is the state of the facts to read, the present one by default. A KPI that describes a period gets the last
    months of the data where no period is given, which the warning says. Raises InputError where a breakdown is not
    a column of the KPI's dataset, MeasureError where the KPI has no course in time and a grain is asked for.
    """
    wanted = kpi(row) if isinstance(row, str) else row
    unknown = [name for name in by if name not in breakdowns(wanted)]
    if unknown:
        raise InputError(f"{wanted.key} can be broken down by {', '.join(breakdowns(wanted))}", f"found {', '.join(unknown)}", "choose one of them")
    target, state = store_url(url), now or revision(url)
    chosen = filters or Filters()
    start, end = period(wanted, chosen, by, state, url)
    # registers change without the facts changing, and every change of theirs is audited
    at = kept() if _facts_only(wanted) else f"{kept()} {written(url)}"
    extra = tuple(sorted({**house(wanted, url), **(options or {})}.items()))
    minimum = settings().minimum_group
    found = _estimates(wanted.key, chosen.between(start, end), tuple(by), extra, state, target, at, minimum)
    if wanted.months and chosen.start is None and start and end:
        said = f"the {wanted.months} months from {start:%Y-%m-%d} to {end - timedelta(days=1):%Y-%m-%d}, as no period was chosen"
        found = tuple((keys, estimate.warned(said)) for keys, estimate in found)
    if compare is None:
        return [Reading(wanted.key, keys, estimate, start=start, end=end) for keys, estimate in found]
    earlier = dict(_estimates(wanted.key, chosen.between(*compare), tuple(by), extra, state, target, at, minimum))
    return [replace(_compared(wanted.key, keys, estimate, earlier.get(keys)), start=start, end=end) for keys, estimate in found]


def house(row: Kpi, url: str | None = None) -> dict[str, Any]:
    """How a KPI is counted here, by what the registers say: against the service levels in force, once somebody wrote one down."""
    if row.key not in ("sla_response", "sla_resolution"):
        return {}
    kept = promises(url)
    return kept.options() if kept.own else {}


def period(row: Kpi, filters: Filters, by: Sequence[str], state: Revision, url: str | None = None) -> tuple[datetime | None, datetime | None]:
    """The period a KPI looks at: the one chosen; where it needs one and none is, its months up to the end of the data.

    With a grain of time the first month is a whole one. Open where there is no data whose end it could be.
    """
    if not row.months or (filters.start and filters.end):
        return filters.start, filters.end
    end = filters.end or latest(state, url)
    if end is None:
        return filters.start, None
    start = filters.start or (pd.Timestamp(end) - pd.DateOffset(months=row.months)).to_pydatetime()
    return (start.replace(day=1) if not filters.start and set(by) & set(GRAINS) else start), end


def _facts_only(row: Kpi) -> bool:
    return set(row.measure.needs) <= set(DATASETS)


def _compared(key: str, keys: tuple[tuple[str, Any], ...], estimate: Estimate, before: Estimate | None) -> Reading:
    change = difference(before, estimate) if before is not None and before.value is not None and estimate.value is not None else None
    return Reading(key, keys, estimate, before, change)


Found = tuple[tuple[tuple[tuple[str, Any], ...], Estimate], ...]


@lru_cache(maxsize=4096)
def _estimates(
    key: str, filters: Filters, by: tuple[str, ...], options: tuple[tuple[str, Any], ...], state: Revision, url: str, backend: str, minimum: int
) -> Found:
    wanted = KPIS[key]
    as_of = filters.end or latest(state, url)
    # who is in a saved segment is looked at as of the same moment, nearly always, and then this date is open like the others
    same = filters.as_of is not None and filters.as_of == as_of
    undated = replace(filters.between(None, None), as_of=None if same else filters.as_of)

    def build(dates: prepared.Dates) -> ir.Table:
        dated = replace(undated, start=dates[0], end=dates[1], as_of=dates[2] if same else undated.as_of)
        return _expression(key, dated, by, options, dates[2], state.repeats, url)

    try:
        dates = (filters.start, filters.end, as_of)
        asked: ir.Table | str
        if _facts_only(wanted) and not settings().engine:
            asked = prepared.question(("kpi", key, undated, same, by, options, state.repeats), dates, build, keep=undated == Filters())
        else:
            asked = build(dates)
    except MeasureError:
        if as_of is not None:
            raise
        # what looks back from a moment has none while nothing is dated
        return () if by else (((), undefined("there is no data with a date yet", wanted.measure.estimate({}).unit)),)
    rows, ignored = engine.rows(asked, url, state), _ignored(key, undated, by, url)
    noted = []
    for row in rows or ([{}] if not by else []):
        estimate = wanted.measure.estimate(row)
        if estimate.value is not None and estimate.n < wanted.minimum:
            estimate = estimate.warned(f"few observations (n {estimate.n} of {wanted.minimum} advised)")
        columns = _columns(wanted.measure.dataset)
        needed = [c for c in ignored if c not in columns and "customer_id" not in columns]
        if needed:
            estimate = estimate.warned(f"not narrowed by {', '.join(needed)}, which this data does not have")
        noted.append((tuple((name, row.get(name)) for name in by), estimate))
    if wanted.measure.dataset in PERSONAL:
        noted = suppressed(noted, minimum)
    return tuple(sorted(noted, key=lambda pair: tuple((value is None, str(value)) for _, value in pair[0])))


def _expression(
    key: str, filters: Filters, by: tuple[str, ...], options: tuple[tuple[str, Any], ...], as_of: datetime | None, repeats: bool, url: str
) -> ir.Table:
    """What to ask the engine. It does not depend on the data, so it outlives their changes."""
    wanted = KPIS[key]
    tables, _ = filters.apply(_tables(wanted, filters, by, url))
    scope = Scope(filters.start, filters.end, as_of, repeats=repeats, options={**wanted.options, **dict(options)})
    return wanted.measure.expression(tables, by, scope)


def counted(row: Kpi | str, filters: Filters, repeats: bool = True, url: str | None = None) -> ir.Table:
    """The answers behind a KPI of the responses: of the surveys it looks at and of the period, the latest of each respondent.

    `repeats` as in the revision: False where no respondent answered one question twice.
    """
    wanted = kpi(row) if isinstance(row, str) else row
    tables, _ = filters.apply(_tables(wanted, filters, (), store_url(url)))
    scope = Scope(filters.start, filters.end, repeats=repeats)
    answers = scope.during(tables["responses"], "answered_at")
    return respondents.latest(answers.filter(answers["score"].notnull()), (), scope)


def _tables(wanted: Kpi, filters: Filters, by: tuple[str, ...], url: str) -> Mapping[str, ir.Table]:
    chosen = bool({"survey", "survey_kind"} & ({column for column, _ in filters.only} | set(by)))
    every = {**engine.tables(), **registers.tables((name for name in wanted.measure.needs if name not in DATASETS), url)}
    return wanted.tables(every, chosen)


@lru_cache(maxsize=1024)
def _ignored(key: str, filters: Filters, by: tuple[str, ...], url: str) -> tuple[str, ...]:
    """Which filters could not apply to the data of a KPI."""
    return filters.apply(_tables(KPIS[key], filters, by, url))[1] if filters != Filters() else ()


def _columns(dataset: str) -> tuple[str, ...]:
    return tuple(DATASETS[dataset].unbound.columns) if dataset in DATASETS else tuple(registers.schema(dataset).names)


def suppressed(found: list[tuple[tuple[tuple[str, Any], ...], Estimate]], minimum: int) -> list[tuple[tuple[tuple[str, Any], ...], Estimate]]:
    """Hide values of groups under `minimum`; where that leaves one group hidden among several, hide the next smallest too.

    Counts stay. The second rule holds along every breakdown column, because a total along any of them would give the
    single hidden group away by subtraction. Answers of nobody knows whom (a key that is empty) are hidden when few, but
    are no group that subtraction could give away.
    """
    hidden = {i for i, (_, e) in enumerate(found) if 0 < e.n < minimum}
    small = set(hidden)
    changed = True
    while changed and hidden:
        changed = False
        for position in range(len(found[0][0])):
            lines: dict[tuple[Any, ...], list[int]] = {}
            for i, (keys, _) in enumerate(found):
                lines.setdefault(tuple(k for j, k in enumerate(keys) if j != position), []).append(i)
            for line in lines.values():
                covered = [i for i in line if i in hidden and None not in dict(found[i][0]).values()]
                others = [i for i in line if i not in hidden and found[i][1].n > 0]
                if len(covered) == 1 and others:
                    hidden.add(min(others, key=lambda i: found[i][1].n))
                    changed = True

    def shown(i: int, estimate: Estimate) -> Estimate:
        if i not in hidden:
            return estimate
        return Estimate(None, None, None, estimate.n, estimate.unit, HIDDEN.format(minimum=minimum) if i in small else COVER)

    return [(keys, shown(i, estimate)) for i, (keys, estimate) in enumerate(found)]


def span(state: Revision, url: str | None = None) -> tuple[datetime | None, datetime | None]:
    """First and last moment of what happened in the facts shown, none of it in the future."""
    return _span(state, url, kept())


def kept() -> str:
    """Which engine computes, and since when its numbers count as the same; empty for the mirror, whose state is known."""
    return f"{settings().engine} {time.time() // KEPT_SECONDS}" if settings().engine else ""


@lru_cache(maxsize=64)
def _span(state: Revision, url: str | None, at: str) -> tuple[datetime | None, datetime | None]:
    found = elsewhere.spans(settings().engine) if settings().engine else freshness(url)
    rows = [r for r in found if r["dataset"] not in ("customers", "trainings")]
    first = min((r["earliest"] for r in rows if r["earliest"]), default=None)
    last = max((r["latest"] for r in rows if r["latest"]), default=None)
    return first, min(last, datetime.now(UTC)) if last else None


def latest(state: Revision, url: str | None = None) -> datetime | None:
    """The end of the last day that has data: what relative periods count back from."""
    if settings().as_of:
        return datetime.fromisoformat(settings().as_of).replace(tzinfo=UTC) + timedelta(days=1)
    last = span(state, url)[1]
    return (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) if last else None


def target(key: str, on: date | None, url: str | None = None, **who: str | None) -> float | None:
    """The target of a KPI on a day for everybody, or for `segment`, `team` or `channel`; else the catalogue's own."""
    fitting = []
    for row in records("target", url=url, kpi=key):
        if any(getattr(row, name) not in (None, who.get(name)) for name in ("segment", "team", "channel")):
            continue
        if on is None or ((row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)):
            fitting.append((sum(getattr(row, name) is not None for name in ("segment", "team", "channel")), row.valid_from or date.min, row.id, row.value))
    return float(max(fitting)[-1]) if fitting else KPIS[key].target


def aimed(row: Kpi | str, filters: Filters, on: datetime | None, url: str | None = None) -> Kpi:
    """The KPI with the target that people set instead of the catalogue's: the one in force on the last day before `on` and the end of the filters.

    Where the filters name one segment, team or channel, a target set for it goes before one for everybody.
    """
    wanted, end = kpi(row) if isinstance(row, str) else row, filters.end or on
    who = {column: values[0] for column, values in filters.only if column in ("segment", "team", "channel") and len(values) == 1}
    return replace(wanted, target=target(wanted.key, (end - timedelta(days=1)).date() if end else None, url, **who))


def effect(before: Revision, after: Revision, dataset: str, batch: int, url: str | None = None) -> list[dict[str, Any]]:
    """What an import did to NPS, effort and satisfaction of the surveys it brought answers to.

    `before` and `after` are the states around it. A row for each of the three that has answers: key, title, surveys, before,
    after, n_before, n. `before` is None where there was nothing, or only the demo company.
    """
    if dataset != "responses" or settings().engine:
        return []
    target = store_url(url)
    answers = engine.tables()[dataset]
    touched = answers.filter(answers.batch_id == batch, answers.score.notnull()).select("survey").distinct().order_by("survey").limit(50)
    surveys = [str(row["survey"]) for row in engine.rows(touched, target, after) if row["survey"] is not None]
    if not surveys:
        return []
    filters = Filters().narrowed("survey", *surveys)
    # an earlier state can be read as long as its files are there, which is for some minutes
    there = bool(before.rows(dataset)) and not before.demo and all(mirror.path(dataset, f.batch, f.version, target).exists() for f in dict(before.files)[dataset])
    out = []
    for key in ("nps", "ces", "csat"):
        now = read(key, filters, url=target, now=after)[0].estimate
        if now.n:
            was = read(key, filters, url=target, now=before)[0].estimate if there else None
            out.append({"key": key, "title": kpi(key).title, "surveys": surveys, "before": was.value if was else None, "after": now.value,
                        "n_before": int(was.n) if was else 0, "n": int(now.n)})  # fmt: skip
    return out
