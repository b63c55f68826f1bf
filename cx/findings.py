"""What moved between two periods, where, and since when: found by testing every place and corrected for having looked everywhere.

Nothing here says why. A place ("for segment X"), a day ("since about 3 August") and what else happened then ("at the same
time as") are facts about the data; a cause would be more than they can show.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx import scorecard
from cx.analytics.arrival import clocked
from cx.analytics.change_point import ChangePoint, change_point
from cx.analytics.estimate import Difference, Estimate
from cx.analytics.measure import Scope
from cx.analytics.multiplicity import adjusted, split
from cx.analytics.places import ALPHA, Cube, Moved, Place, cube, dispersion, explaining
from cx.analytics.respondents import latest
from cx.analytics.told import amount, gap, place, signed
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.blueprint.kpi import Kpi
from cx.errors import MeasureError
from cx.facts import engine, prepared
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.facts.history import Revision, revision
from cx.records.lookup import records
from cx.settings import settings
from cx.store.engine import store_url

HEADLINES = ("nps", "ease", "csat", "logo_churn", "nrr", "journey_conversion", "sla_response", "response_rate")
ALSO = ("nps_transactional", "service_satisfaction", "on_time_delivery", "return_rate", "mention_negative")
# The KPIs that are watched: those of the overview, one for each group, and a few that tell where service or delivery broke.
WATCHED = tuple(dict.fromkeys((*HEADLINES, *(row.headline for row in GROUPS.values()), *ALSO)))
DIMENSIONS = ("segment", "channel", "touchpoint", "product", "country", "team", "category", "supplier", "process", "characteristic", "campaign", "source",
              "days", "hour", "weekday")  # fmt: skip
# Medians, counts of different people and sums of money: no sums over cells, so they are looked at as a whole.
APART = ("nrr", "response_rate", "roas", "adoption", "lead_time", "data_quality", "learning_gain")
DAYS = 90
SMALLEST = 30
NEAR = timedelta(days=10)


@dataclass(frozen=True)
class Happening:
    """A dated action or incident that a finding may be named beside."""

    day: date
    title: str


@dataclass(frozen=True)
class Moving:
    """One finding: a KPI that moved in a place.

    `change` with its 95 % interval (`low`, `high`) and `p` (of this one test; `adjusted` for all places looked at) is
    that of the place `where` (empty: everywhere), over `n` observations now. `mix` and `rate` add up to it: what another composition along
    `mix_by` explains, and what remains; None where the measure is no mean. `since` is the estimated first day, None where
    not clear. `overall` is the change of the KPI as a whole, `points` how much of it this place accounts for;
    `without` names places of the same KPI found before, whose rows are left out here.
    """

    kpi: str
    title: str
    direction: str
    good: bool | None
    before: float
    after: float
    change: float
    low: float | None
    high: float | None
    p: float
    adjusted: float
    n: int
    unit: str
    where: Mapping[str, str]
    since: date | None
    mix: float | None
    rate: float | None
    mix_by: str | None
    overall: float | None
    points: float | None
    without: tuple[str, ...]
    beside: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Seen:
    """A KPI looked at: its change as a whole, and its cube where its statistics add up."""

    row: Kpi
    whole: Moved
    cube: Cube | None
    weight: str | None
    checked: bool = False


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="findings")


def periods(start: datetime | None, end: datetime | None, versus: str, last: datetime) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """The period looked at (the last 90 days of data where none is given) and the one compared with: right before, or a year earlier."""
    until = end or last
    begin = start or until - timedelta(days=DAYS)
    if versus == "year":
        earlier = [m.replace(year=m.year - 1, day=28 if (m.month, m.day) == (2, 29) else m.day) for m in (begin, until)]
        return (begin, until), (earlier[0], earlier[1])
    return (begin, until), (begin - (until - begin), begin)


def findings(
    filters: Filters | None = None, compare: tuple[datetime, datetime] | None = None, happened: Sequence[Happening] = (), now: Revision | None = None,
    url: str | None = None, watched: Sequence[str] = WATCHED,
) -> list[Moving]:  # fmt: skip
    """What moved from the period `compare` to that of `filters`, the surest first; an empty list where nothing did.

    Every watched KPI is tested as a whole, for each value of each dimension and for each pair of values with 30
    observations or more in both periods. Bonferroni's correction over all of a KPI's places gives the p of its having moved
    anywhere; Benjamini and Hochberg's over the KPIs chooses those that did; Holm's, at 5 % times the share chosen, the places
    of each (Benjamini & Bogomolov, JRSS B 76, 2014). Where nothing moved the list is empty with probability 95 %. Of the places that pass, the
    fewest are named that explain the movement. The other KPIs are then tested in the places found, again after Benjamini and Hochberg. `happened` is named where it fell within ten days of the estimated day.
    """
    target = store_url(url)
    state = now or revision(target)
    last = scorecard.latest(state, url)
    if last is None:
        return []
    chosen = filters or Filters()
    (start, end), before = periods(chosen.start, chosen.end, "previous", last)
    chosen, versus = chosen.between(start, end), compare or before
    keys = [key for key in watched if key in KPIS and set(KPIS[key].measure.needs) <= set(DATASETS)]
    found = [seen for seen in _workers().map(lambda key: look(KPIS[key], chosen, versus, state, url), keys) if seen is not None]
    return sorted(_named(found, chosen, versus, happened, state, url), key=lambda one: (one.adjusted, one.p, -abs(one.change)))


def look(row: Kpi, filters: Filters, before: tuple[datetime, datetime], state: Revision, url: str | None = None) -> Seen | None:
    """One KPI in both periods: as a whole, and by every dimension it has; None where it has no value in one of them."""
    smallest = settings().minimum_group if row.measure.dataset in scorecard.PERSONAL else 0
    if row.key not in APART:
        names, asked = _question(row, filters, state, url)
        halves = [engine.fetch(asked(*period, names), url, state) for period in (before, (filters.start, filters.end))]
        both = [half.append_column("_after", pa.array([later] * len(half), pa.bool_())) for half, later in zip(halves, (False, True), strict=True)]
        table = pa.concat_tables(both, promote_options="permissive")
        made = cube(table, names, row.measure.estimate, minimum=max(SMALLEST, row.minimum, smallest), smallest=smallest)
        if made is not None and made.total.change.p is not None and min(made.total.before.n, made.total.after.n) >= max(row.minimum, smallest):
            return Seen(row, made.total, made, made.weights())
        return None
    try:
        reading = scorecard.read(row, filters, compare=before, url=url, now=state)[0]
    except MeasureError:
        return None
    if reading.change is None or reading.before is None or reading.change.p is None or min(reading.before.n, reading.estimate.n) < max(row.minimum, smallest):
        return None
    return Seen(row, Moved((), reading.before, reading.estimate, reading.change), None, None)


def sound(seen: Seen, filters: Filters, before: tuple[datetime, datetime], state: Revision, url: str | None = None) -> Seen:
    """A KPI that seems to have moved, with the scatter of its days allowed for; without places where its cells do not add up to it."""
    if seen.cube is None or seen.checked:
        return replace(seen, checked=True)
    reading = scorecard.read(seen.row, filters, compare=before, url=url, now=state)[0]
    if reading.before is None or reading.change is None or not (_same(seen.whole.before, reading.before) and _same(seen.whole.after, reading.estimate)):
        blank = Difference(None)
        return Seen(seen.row, Moved((), reading.before or reading.estimate, reading.estimate, reading.change or blank), None, None, True)
    _, asked = _question(seen.row, filters, state, url)
    scatter = 1.0
    try:
        rows = engine.rows(asked(filters.start, filters.end, ("day",)), url, state)
        days = [seen.row.measure.estimate(r) for r in sorted((r for r in rows if r["day"] is not None), key=lambda r: r["day"])]
        scatter = dispersion(seen.whole.after, days)
    except MeasureError:  # a measure without a course in time
        pass
    made = replace(seen.cube, dispersion=scatter)
    return Seen(seen.row, made.total, made, seen.weight, True)


def _same(one: Estimate, other: Estimate) -> bool:
    return one.n == other.n and one.value is not None and other.value is not None and bool(np.isclose(one.value, other.value, rtol=1e-6, atol=1e-9))


def _question(row: Kpi, filters: Filters, state: Revision, url: str | None) -> tuple[tuple[str, ...], Any]:
    """The dimensions of a KPI, and a function that asks for its statistics between two moments by any columns."""
    name, undated = row.measure.dataset, filters.between(None, None)
    single = {column for column, values in filters.only if len(values) == 1}
    columns = ("hour", "weekday", "days", *engine.tables()[name].columns) if name == "tickets" else engine.tables()[name].columns
    names, house = tuple(d for d in DIMENSIONS if d in columns and d not in single), scorecard.house(row, url)

    def asked(start: datetime | None, end: datetime | None, by: tuple[str, ...]) -> ir.Table | str:
        def build(dates: prepared.Dates) -> ir.Table:
            return _statistics(row, undated.between(dates[0], dates[1]), Scope(*dates, options={**row.options, **house}), by, state.repeats)

        dates = (start, end, end)
        key = ("places", row.key, undated, by, state.repeats, tuple(sorted(house.items())))
        return build(dates) if settings().engine else prepared.question(key, dates, build, keep=undated == Filters())

    return names, asked


def _statistics(row: Kpi, filters: Filters, scope: Scope, by: tuple[str, ...], repeats: bool) -> ir.Table:
    """The statistics of a KPI's measure by any of its dimensions."""
    chosen = bool({"survey", "survey_kind"} & {column for column, _ in filters.only})
    tables, _ = filters.apply(row.tables(engine.tables(), chosen))
    name = row.measure.dataset
    rows = clocked(tables[name]) if name == "tickets" else tables[name]
    if name == "responses" and repeats and "score" in row.measure.needs[name]:
        # one answer a respondent in the whole period, so that the cells add up to it
        rows = latest(scope.during(rows, "answered_at").filter(lambda t: t["score"].notnull()), (), scope)
    return row.measure.expression({**tables, name: rows}, by, scope)


def _tests(seen: Seen) -> list[list[Moved]]:
    return [[seen.whole], *([seen.cube.places(1), seen.cube.places(2)] if seen.cube is not None else [])]


def _least(tests: Sequence[Sequence[Moved]]) -> float:
    """The p of a KPI having moved anywhere: Bonferroni within and over its kinds of places."""
    kinds = [family for family in tests if family]
    return min(1.0, min(min(moved.p for moved in family) * len(family) for family in kinds) * len(kinds))


def _named(
    found: Sequence[Seen], filters: Filters, before: tuple[datetime, datetime], happened: Sequence[Happening], state: Revision, url: str | None
) -> list[Moving]:
    """First which KPIs moved anywhere, then where each of them did, then what else moved there."""
    looked = {seen.row.key: seen for seen in found}
    tests = {key: _tests(seen) for key, seen in looked.items()}
    while True:
        p = adjusted([_least(tests[key]) for key in looked], "benjamini-hochberg")
        chosen = [key for key, one in zip(looked, p, strict=True) if one <= ALPHA]
        doubtful = [key for key in chosen if not looked[key].checked]
        if not doubtful:
            break
        for key in doubtful:
            looked[key] = sound(looked[key], filters, before, state, url)
            tests[key] = _tests(looked[key])
    factor = len(looked) / max(len(chosen), 1)
    out: list[Moving] = []
    for key in chosen:
        seen, kinds = looked[key], [family for family in tests[key] if family]
        limits = [ALPHA / factor / len(kinds) / max(len(family), 1) for family in tests[key]]
        values = split([[moved.p for moved in family] for family in tests[key]])
        passed = {m.where: p * factor for family, line in zip(tests[key], values, strict=True) for m, p in zip(family, line, strict=True) if p * factor <= ALPHA}
        if seen.cube is None and passed:
            out.append(_moving(seen, seen.whole, None, passed[()], None, happened))
        without: tuple[str, ...] = ()
        for moved, cells in explaining(seen.cube, limits, [where for where in passed if where]) if seen.cube is not None and passed else ():
            nearest = min((p for where, p in passed.items() if set(where) <= set(moved.where)), default=min(passed.values()))
            corrected = max(passed.get(moved.where, nearest), min(1.0, moved.p * factor)) if without else passed.get(moved.where, nearest)
            since = None if without else _since(seen.row, moved, filters, before, state, url)
            out.append(_moving(seen, moved, cells, corrected, since, happened, without))
            without += (place(dict(moved.where)),)
    return out + _along(list(looked.values()), out, filters, before, happened, state, url)


def _along(
    looked: Sequence[Seen], named: Sequence[Moving], filters: Filters, before: tuple[datetime, datetime], happened: Sequence[Happening], state: Revision,
    url: str | None,
) -> list[Moving]:  # fmt: skip
    """What else moved in the places already found: few tests, chosen by other data, so that they need no correction for all places."""
    places = list(dict.fromkeys(tuple(one.where.items()) for one in named if one.where))
    taken = {one.kpi for one in named}
    asked: list[tuple[Seen, Moved]] = []
    for seen in looked:
        for where in places if seen.row.key not in taken and seen.cube is not None else ():
            if seen.cube is None or not all(n in seen.cube.dimensions and v in seen.cube.labels[seen.cube.dimensions.index(n)] for n, v in where):
                continue
            moved = seen.cube.of(where)
            if min(moved.before.n, moved.after.n) >= seen.cube.minimum and moved.change.p is not None:
                asked.append((seen, moved))
    out: list[Moving] = []
    values = adjusted([m.p for _, m in asked], "benjamini-hochberg")
    weakest = max((m.p for (_, m), p in zip(asked, values, strict=True) if p <= ALPHA), default=0.0)
    for (seen, moved), p in zip(asked, values, strict=True):
        if p > ALPHA:
            continue
        checked = sound(seen, filters, before, state, url)
        if checked.cube is None:
            continue
        again = checked.cube.of(moved.where)
        if again.p <= weakest:  # still, with the scatter of its days allowed for
            cells = checked.cube.kept(checked.cube.mask(moved.where))
            out.append(_moving(checked, again, cells, p, _since(seen.row, again, filters, before, state, url), happened))
    return out


def _since(row: Kpi, moved: Moved, filters: Filters, before: tuple[datetime, datetime], state: Revision, url: str | None) -> ChangePoint | None:
    """The day the level changed in a place, looked for from one period's length before the period compared with."""
    if filters.start is None or filters.end is None:
        return None
    length = filters.end - filters.start
    begin = min(before[0], filters.start - 2 * length) if before[1] == filters.start else before[0]
    _, asked = _question(row, filters, state, url)
    by = ("day", *(name for name, _ in moved.where))
    try:
        table = engine.fetch(asked(begin, filters.end, by), url, state)
    except MeasureError:  # the measure has no course in time
        return None
    for name, label in moved.where:
        table = table.filter(pc.equal(table[name], label))
    table = table.filter(pc.is_valid(table["day"])).sort_by("day")
    statistics = {
        name: np.nan_to_num(np.asarray(pc.fill_null(table[name].cast(pa.float64()), 0.0)))
        for name in table.column_names if name not in by and not pa.types.is_string(table[name].type)
    }  # fmt: skip
    text = {name: next((v for v in table[name].to_pylist() if v), None) for name in table.column_names if name not in by and name not in statistics}
    days = [d.date() if isinstance(d, datetime) else d for d in table["day"].to_pylist()]
    inside = np.array([filters.start.date() <= d < filters.end.date() for d in days], dtype=bool)
    try:
        together = row.measure.estimate({**text, **{k: float(v[inside].sum()) for k, v in statistics.items()}})
        if together.value is None or not np.isclose(together.value, moved.after.value or 0.0, rtol=0.02, atol=0.02 * abs(moved.change.value or 0.0)):
            return None  # days of this measure do not add up to the period
        return change_point(days, statistics, lambda r: row.measure.estimate({**text, **r}), 1 if (moved.change.value or 0) > 0 else -1)
    except (ValueError, KeyError):
        return None


def _moving(seen: Seen, moved: Moved, cells: Cube | None, corrected: float, since: ChangePoint | None, happened: Sequence[Happening], without: tuple[str, ...] = ()) -> Moving:
    row, change = seen.row, moved.change.value or 0.0
    mix = rate = by = points = None
    if cells is not None and seen.weight is not None:
        mixes = {name: d for name, d in cells.mixes(seen.weight).items() if name not in dict(moved.where)}
        mix, rate = 0.0, change
        if mixes:
            by = max(mixes, key=lambda name: abs(mixes[name].mix))
            mix = mixes[by].mix
            rate = change - mix
        if seen.cube is not None and moved.where and not without:
            points = _points(seen.cube, moved.where, seen.weight)
    beside = tuple(h.title for h in happened if since is not None and abs(h.day - since.day) <= NEAR)
    good = None if row.better == "none" else (change > 0) == (row.better == "higher")
    found = Moving(
        row.key, row.title, "up" if change > 0 else "down", good, float(moved.before.value or 0), float(moved.after.value or 0), change,
        moved.change.low, moved.change.high, moved.p, corrected, moved.after.n, moved.after.unit, dict(moved.where), since.day if since else None,
        mix, rate, by, seen.whole.change.value, points, without, beside, "",
    )  # fmt: skip
    rest = None
    if cells is not None and seen.cube is not None and moved.where and not without:
        rest = seen.cube.kept(~seen.cube.mask(tuple(moved.where))).whole()
    return _with_sentence(found, moved, seen.whole, rest)


def _points(whole: Cube, where: Place, weight: str) -> float | None:
    """How much of the change of the whole a place accounts for by its own change, in the KPI's unit."""
    total = [(e.value, float(e.n)) for e in (whole.total.before, whole.total.after)]
    inside = whole.kept(whole.mask(where))
    sums = []
    for one in (whole, inside):
        sides = (~one.after, one.after)
        sums.append([float(one.statistics[weight][s].sum()) if weight else float(e.n) for s, e in zip(sides, (one.total.before, one.total.after), strict=True)])
    if min(sums[0]) <= 0 or total[0][0] is None or inside.total.change.value is None:
        return None
    return inside.total.change.value * (sums[1][0] / sums[0][0] + sums[1][1] / sums[0][1]) / 2


def _with_sentence(found: Moving, moved: Moved, whole: Moved, rest: Moved | None) -> Moving:
    """The finding in words: how much, where, since when, what else then; never why."""
    name = found.title + (f" ({place(found.where)})" if found.where else "")
    text = f"{name} {'rose' if found.change > 0 else 'fell'} from {amount(found.before, found.unit)} to {amount(found.after, found.unit)}"
    ends = f"95 % interval {signed(found.low)} to {signed(found.high)}, " if found.low is not None and found.high is not None else ""
    p = "p < 0.001" if found.p < 0.001 else f"p = {found.p:.3f}"
    text += f": {signed(found.change)}{gap(found.unit)} ({ends}{p}, n {moved.before.n:,} then and {found.n:,} now)"
    if found.without:
        text += f", leaving out {' and '.join(found.without)}"
    if found.since:
        text += f", since about {found.since.day} {found.since:%b %Y}"
        if found.beside:
            text += ", at the same time as " + " and ".join(f"“{title}”" for title in found.beside[:2])
    text += "."
    if found.where and found.overall is not None and found.points is not None:
        text += f" Over all, {amount(whole.before.value, found.unit)} became {amount(whole.after.value, found.unit)}"
        part = f"{signed(found.points)} of the {signed(found.overall)}{gap(found.unit)} lie in this place"
        # where other places moved the other way it is no part of the whole
        text += f"; {part if 0 < found.points / (found.overall or math.inf) <= 1 else f'by itself this place moves it by {signed(found.points)}{gap(found.unit)}'}."
    if rest is not None and rest.change.value is not None:
        calm = "no significant change" if not rest.change.significant else signed(rest.change.value) + gap(found.unit)
        text += f" Elsewhere: {calm} ({amount(rest.before.value, found.unit)} to {amount(rest.after.value, found.unit)}, n {rest.after.n:,})."
    if found.mix is not None and found.mix_by and abs(found.mix) >= 0.1 * abs(found.change):
        text += f" Of the change, {signed(found.mix)} goes with another mix by {found.mix_by}, {signed(found.rate)} with other values within."
    return replace(found, sentence=text)


def registered(url: str | None = None) -> tuple[Happening, ...]:
    """The incidents and changes written down, and the actions that took effect, from the registers."""
    noted = [Happening(row.starts_on, row.title) for row in records("annotation", url=url)]
    return (*noted, *(Happening(row.done_on, row.title) for row in records("action", url=url) if row.done_on))
