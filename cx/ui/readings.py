"""From readings to pictures: the wall of a page, a trend, a comparison of groups. Shared by every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.kpi import Kpi
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS
from cx.scorecard import Reading
from cx.settings import settings
from cx.store.recall import recall
from cx.ui import charts
from cx.ui import format as words
from cx.ui.annotations import events
from cx.ui.cards import Card
from cx.ui.page import View
from cx.ui.period import midnight, months_back, partial
from cx.ui.remember import each

SPARK_MONTHS = 12
GRAIN_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
UNKNOWN = "unknown"


def horizon(view: View, months: int = SPARK_MONTHS) -> tuple[datetime | None, datetime | None]:
    """The stretch that shows a KPI in context: whole months up to the end of the period, at least `months` of them."""
    end = view.period.end or view.last
    if end is None:
        return None, None
    first = midnight(months_back(end.date(), months).replace(day=1))
    start = view.period.start
    return (min(first, start.replace(day=1)) if start else None), end


def aimed(view: View, row: Kpi | str) -> Kpi:
    """The KPI with the target people set for what the view shows; the catalogue's own where nobody did."""
    return scorecard.aimed(row, view.filters, view.last)


def cards(view: View, keys: Sequence[str]) -> list[Card]:
    """The cards of a wall, each with its change against the period compared with and its last twelve months."""
    shown = (view.now.token, view.filters, view.period, view.before, view.versus, view.last, scorecard.kept(), settings().minimum_group)
    return list(recall(("cards", tuple(keys), shown), lambda: each(lambda key: card(view, key), keys)))


def card(view: View, key: str) -> Card:
    """One KPI as a card."""
    row = aimed(view, key)
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    start, end = horizon(view)
    trend = over_time(view, row, start, end, "month") if start else []
    better: Any = "" if row.better == "none" else row.better
    standing = not trend and not set(row.measure.needs) <= set(DATASETS)  # how a register stands now: there is no earlier state to compare with
    change, size = None if standing else reading.change, words.minor(reading.estimate.unit) if words.is_money(reading.estimate.unit) else 1
    if change is not None and change.value is not None and size != 1:
        change = replace(change, value=change.value * size)
    return Card(key, row.title, in_minor(reading.estimate), change, _drawn(row.goal(reading.days), reading.estimate.unit), better, [in_minor(r.estimate).value for r in trend], view.versus, f"{row.question}", reading.hidden, spark_target=_drawn(row.goal(GRAIN_DAYS["month"]), reading.estimate.unit))


def _drawn(target: float | None, unit: str) -> float | None:
    """A target beside estimates as the screen writes money: it is set in whole currency."""
    return target * words.minor(unit) if target is not None and words.is_money(unit) else target


def in_minor(estimate: Estimate) -> Estimate:
    """The estimate as the screen writes money: measures give whole currency, formats and charts take minor units."""
    if not words.is_money(estimate.unit) or estimate.value is None:
        return estimate
    size = words.minor(estimate.unit)
    low, high = (None if end is None else end * size for end in (estimate.low, estimate.high))
    return replace(estimate, value=estimate.value * size, low=low, high=high)


def unit_shown(row: Kpi, found: Sequence[Estimate]) -> str:
    """The unit of a chart: a KPI in money is in the currency of its data."""
    return next((e.unit for e in found if e.unit), row.unit) if row.unit.startswith("currency") else row.unit


def over_time(view: View, row: Kpi, start: datetime | None, end: datetime | None, grain: str, options: Mapping[str, Any] | None = None) -> list[Reading]:
    """A KPI by a grain of time; nothing where it describes one moment and so has no course."""
    try:
        return scorecard.read(row, view.filters.between(start, end), (grain,), now=view.now, options=options)
    except MeasureError:
        return []


def trend(
    view: View, row: Kpi, title: str, key: str, grain: str | None = None, months: int = 13, height: int = 260, options: Mapping[str, Any] | None = None, target: float | None = None,
) -> list[Reading]:  # fmt: skip
    """A KPI over time, with target and events; returns the readings shown. `options` go to its measure, `target` replaces its own."""
    row, (start, end) = aimed(view, row), horizon(view, months)
    chosen = grain or "month"
    if grain in ("day", "week") and view.period.start:
        start = view.period.start
    found = [r for r in over_time(view, row, start, end, chosen, options) if r.key(chosen) is not None]
    points = [charts.Point(r.key(chosen), in_minor(r.estimate), partial(r.key(chosen), chosen, view.last) if view.last else False) for r in found]
    whole = [p for p in points if p.estimate.value is not None and not p.partial]
    alt = f"{row.title} by {chosen}"
    if whole:
        alt += f": {words.estimate(whole[0].estimate)} in {words.period(whole[0].start, chosen)}, {words.estimate(whole[-1].estimate)} in {words.period(whole[-1].start, chosen)}"
    happened = [e for e in events(view, kpi=row.key) if start is None or (start.date() <= e.when and (end is None or e.when < end.date()))]
    unit = unit_shown(row, [p.estimate for p in points])
    charts.trend(key, title, points, alt=alt, unit=unit, grain=chosen, target=_drawn(row.goal(GRAIN_DAYS[chosen], target), unit), events=happened, height=height)
    return found


def by(view: View, row: Kpi, column: str, options: Mapping[str, Any] | None = None) -> list[Reading]:
    """A KPI by one column, compared, the lowest first; groups without a name come last."""
    found = scorecard.read(row, view.filters, (column,), compare=view.compare, now=view.now, options=options)
    worst_first = row.better != "lower"
    known = [r for r in found if r.key(column) is not None]
    ordered = sorted(known, key=lambda r: (r.estimate.value is None, (r.estimate.value or 0) * (1 if worst_first else -1)))
    return ordered + [r for r in found if r.key(column) is None and r.estimate.n]


def compare_groups(
    view: View, row: Kpi, column: str, key: str, title: str | None = None, limit: int = 12, options: Mapping[str, Any] | None = None, target: float | None = None,
) -> str | None:  # fmt: skip
    """A KPI by one column as dots with intervals; returns the group that was clicked. `options` and `target` as in `trend`."""
    row = aimed(view, row)
    found = by(view, row, column, options)[:limit]
    groups = [
        charts.Group(str(r.key(column)) if r.key(column) is not None else UNKNOWN, in_minor(r.estimate), in_minor(r.before).value if r.before else None, r.hidden) for r in found
    ]
    heading = title or standing_out(row, column, found)
    unit = unit_shown(row, [g.estimate for g in groups])
    return charts.dots(key, heading, groups, alt=f"{row.title} by {column}: {heading}", unit=unit, target=_drawn(row.goal(found[0].days if found else None, target), unit), clicks=True)


def standing_out(row: Kpi, column: str, found: Sequence[Reading]) -> str:
    """What a comparison of groups says in one sentence: the group whose interval lies clear of all others, if one does."""
    seen = [r for r in found if r.estimate.value is not None and r.estimate.low is not None and r.estimate.high is not None and r.key(column) is not None]
    plain = f"{row.title} by {column}"
    if len(seen) < 2 or row.better == "none":
        return plain
    worst = (min if row.better == "higher" else max)(seen, key=lambda r: r.estimate.value or 0)
    others = [r for r in seen if r is not worst]
    clear = all(
        ((worst.estimate.high or 0) < (r.estimate.low or 0)) if row.better == "higher" else ((worst.estimate.low or 0) > (r.estimate.high or 0)) for r in others
    )
    if clear:
        shown = in_minor(worst.estimate)
        return f"{worst.key(column)} stands behind: {row.title} {words.value(shown.value, unit_shown(row, [shown]))}"
    return f"{plain}: none stands clearly behind"
