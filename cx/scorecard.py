"""A KPI + filters -> readings: value, interval, n, change against another period, target. Small groups are hidden here.

Everything that shows a KPI (pages, command line, API, reports) comes through this module, so that the rule about small
groups, the warning about few observations and the note about a filter that could not apply are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir

from cx.analytics.estimate import Difference, Estimate, difference
from cx.analytics.measure import GRAINS, Scope
from cx.blueprint.catalogue import KPIS, kpi
from cx.blueprint.kpi import Kpi
from cx.errors import InputError
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision, revision
from cx.settings import settings
from cx.store.engine import store_url

# Datasets in which a small group could betray what a person answered.
PERSONAL = frozenset({"responses", "trainings"})
HIDDEN = "hidden: fewer than {minimum} respondents"
COVER = "hidden so that the total does not give a smaller group away"


@dataclass(frozen=True)
class Reading:
    """One KPI for one group: the estimate, the same for the period compared with, and the change between them."""

    kpi: str
    keys: tuple[tuple[str, Any], ...]
    estimate: Estimate
    before: Estimate | None = None
    change: Difference | None = None

    @property
    def hidden(self) -> bool:
        """Whether the value is withheld because the group is small."""
        return self.estimate.value is None and self.estimate.warning.startswith("hidden")

    def key(self, name: str) -> Any:
        """The value of one breakdown column."""
        return dict(self.keys)[name]


def breakdowns(row: Kpi) -> tuple[str, ...]:
    """What a KPI may be broken down by."""
    from cx.facts.datasets import DATASETS

    return (*GRAINS, *DATASETS[row.measure.dataset].dimensions)


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

    `now` is the state of the facts to read, the present one by default. Raises InputError where a breakdown is not a
    column of the KPI's dataset.
    """
    wanted = kpi(row) if isinstance(row, str) else row
    unknown = [name for name in by if name not in breakdowns(wanted)]
    if unknown:
        raise InputError(f"{wanted.key} can be broken down by {', '.join(breakdowns(wanted))}", f"found {', '.join(unknown)}", "choose one of them")
    target, state = store_url(url), now or revision(url)
    chosen = filters or Filters()
    extra = tuple(sorted((options or {}).items()))
    minimum = settings().minimum_group
    found = _estimates(wanted.key, chosen, tuple(by), extra, state, target, settings().engine, minimum)
    if compare is None:
        return [Reading(wanted.key, keys, estimate) for keys, estimate in found]
    earlier = dict(_estimates(wanted.key, chosen.between(*compare), tuple(by), extra, state, target, settings().engine, minimum))
    return [_compared(wanted.key, keys, estimate, earlier.get(keys)) for keys, estimate in found]


def _compared(key: str, keys: tuple[tuple[str, Any], ...], estimate: Estimate, before: Estimate | None) -> Reading:
    change = difference(before, estimate) if before is not None and before.value is not None and estimate.value is not None else None
    return Reading(key, keys, estimate, before, change)


Found = tuple[tuple[tuple[tuple[str, Any], ...], Estimate], ...]


@lru_cache(maxsize=4096)
def _estimates(
    key: str, filters: Filters, by: tuple[str, ...], options: tuple[tuple[str, Any], ...], state: Revision, url: str, backend: str, minimum: int
) -> Found:
    wanted = KPIS[key]
    expression, ignored = _expression(key, filters, by, options, filters.end or latest(state, url), state.repeats)
    rows = engine.rows(expression, url, state)
    noted = []
    for row in rows or ([{}] if not by else []):
        estimate = wanted.measure.estimate(row)
        if estimate.value is not None and estimate.n < wanted.minimum:
            estimate = estimate.warned(f"few observations (n {estimate.n} of {wanted.minimum} advised)")
        needed = [c for c in ignored if c in dict(filters.only)] if _unfiltered(wanted, ignored) else []
        if needed:
            estimate = estimate.warned(f"not narrowed by {', '.join(needed)}, which this data does not have")
        noted.append((tuple((name, row.get(name)) for name in by), estimate))
    if wanted.measure.dataset in PERSONAL:
        noted = suppressed(noted, minimum)
    return tuple(sorted(noted, key=lambda pair: tuple((value is None, str(value)) for _, value in pair[0])))


@lru_cache(maxsize=4096)
def _expression(
    key: str, filters: Filters, by: tuple[str, ...], options: tuple[tuple[str, Any], ...], as_of: datetime | None, repeats: bool
) -> tuple[ir.Table, tuple[str, ...]]:
    """What to ask the engine, and which filters could not apply. It does not depend on the data, so it outlives their changes."""
    wanted = KPIS[key]
    chosen = bool({"survey", "survey_kind"} & ({column for column, _ in filters.only} | set(by)))
    tables, ignored = filters.apply(wanted.tables(engine.tables(), chosen))
    scope = Scope(filters.start, filters.end, as_of, repeats=repeats, options={**wanted.options, **dict(options)})
    return wanted.measure.expression(tables, by, scope), ignored


def _unfiltered(wanted: Kpi, ignored: Iterable[str]) -> bool:
    columns = engine.tables()[wanted.measure.dataset].columns
    return any(name not in columns and "customer_id" not in columns for name in ignored)


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


@lru_cache(maxsize=64)
def span(state: Revision, url: str | None = None) -> tuple[datetime | None, datetime | None]:
    """First and last moment of what happened in the facts shown, none of it in the future."""
    from cx.facts.history import freshness

    rows = [r for r in freshness(url) if r["dataset"] not in ("customers", "trainings")]
    first = min((r["earliest"] for r in rows if r["earliest"]), default=None)
    last = max((r["latest"] for r in rows if r["latest"]), default=None)
    return first, min(last, datetime.now(UTC)) if last else None


def latest(state: Revision, url: str | None = None) -> datetime | None:
    """The end of the last day that has data: what relative periods count back from."""
    if settings().as_of:
        return datetime.fromisoformat(settings().as_of).replace(tzinfo=UTC) + timedelta(days=1)
    last = span(state, url)[1]
    return (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) if last else None


def with_target(row: Kpi, target: float | None) -> Kpi:
    """The KPI with a target that somebody set instead of the default."""
    return row if target is None else replace(row, target=target)
