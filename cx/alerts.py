"""Alert rules held against the data: what fires now, what would have fired, who is told when.

A rule looks at the last whole day, week or month of a KPI in one place. Three kinds: a threshold or target; a change
against the period before that a test shows; a control-chart rule broken against the periods before. What fires is kept
as one firing until the number is back (or, for a change, until somebody settles it): a bad month is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from cx import scorecard
from cx.analytics.control_chart import control_chart
from cx.analytics.estimate import Difference, Estimate, difference
from cx.analytics.rules import rule_set, signals
from cx.analytics.told import amount, gap, signed
from cx.blueprint.catalogue import KPIS
from cx.blueprint.kpi import Kpi
from cx.errors import MeasureError
from cx.facts.filters import Filters
from cx.facts.history import Revision, revision
from cx.records import writing
from cx.records.actor import Actor
from cx.records.invented import INVENTOR
from cx.records.lookup import records
from cx.scorecard import Reading

WATCH = Actor("alert rules", "admin")
KINDS = {
    "falls_below": "threshold", "rises_above": "threshold", "misses_target": "threshold", "changes_significantly": "change", "breaks_control_rule": "control",
}  # fmt: skip
BASELINE = 52  # periods that limits are computed from, at most
FEWEST = 12  # and at least
LOOKS_BACK = {"threshold": 1, "change": 2, "control": BASELINE + 1}
STANDING = ("open", "acknowledged")
# Both hold for any distribution that is roughly symmetric; rules by zones would ask for more.
RULES = rule_set("western electric", zones=False)


@dataclass(frozen=True)
class Seen:
    """What a rule saw in the period from `start` to `end`; `reason` says why nothing could be judged.

    `center`, `low` and `high` are control limits, where the rule has some; `signals` the rules broken.
    """

    start: datetime
    end: datetime
    estimate: Estimate
    change: Difference | None = None
    fires: bool = False
    reason: str = ""
    sentence: str = ""
    signals: tuple[str, ...] = ()
    center: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Looked:
    """One look of all rules: how many were looked at, which fired anew, how many firings went on or ended, what could not be judged."""

    rules: int
    fired: list[Any] = field(default_factory=list)
    going_on: int = 0
    resolved: int = 0
    unjudged: dict[str, str] = field(default_factory=dict)


def whole(last: datetime, grain: str) -> tuple[datetime, datetime]:
    """The last period of a grain that has ended at `last`, the end of the data.

    >>> [f"{d:%Y-%m-%d}" for d in whole(datetime(2026, 11, 12, tzinfo=UTC), "month")]
    ['2026-10-01', '2026-11-01']
    """
    day = last.date()
    end = day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday()) if grain == "week" else day
    return before(_midnight(end), grain), _midnight(end)


def before(start: datetime, grain: str) -> datetime:
    """The start of the period before the one that starts at `start`."""
    if grain == "month":
        return (start - timedelta(days=1)).replace(day=1)
    return start - timedelta(days=7 if grain == "week" else 1)


def place(rule: Any) -> str:
    """Where a rule looks, in words; empty for everywhere."""
    return ", ".join(str(getattr(rule, column)) for column in ("touchpoint", "segment", "channel") if getattr(rule, column))


def filters(rule: Any) -> Filters:
    """The filters of a rule: its touchpoint, segment and channel."""
    found = Filters()
    for column in ("touchpoint", "segment", "channel"):
        if getattr(rule, column):
            found = found.narrowed(column, getattr(rule, column))
    return found


def course(rule: Any, state: Revision, count: int, last: datetime | None = None, url: str | None = None) -> list[tuple[datetime, datetime, Reading | None]]:
    """The KPI of a rule in its last `count` whole periods up to `last` (the end of the data), oldest first; None where a period has no reading."""
    last = last or scorecard.latest(state, url)
    row = KPIS.get(rule.kpi)
    if last is None or row is None:
        return []
    start, end = whole(last, rule.grain)
    periods = [(start, end)]
    while len(periods) < count:
        periods.append((before(periods[-1][0], rule.grain), periods[-1][0]))
    periods.reverse()
    chosen = filters(rule)
    if count > 1:
        try:
            found = scorecard.read(row, chosen.between(periods[0][0], end), (rule.grain,), now=state, url=url)
            by_start = {_midnight(reading.key(rule.grain)): reading for reading in found if reading.key(rule.grain) is not None}
            return [(a, b, by_start.get(a)) for a, b in periods]
        except MeasureError:  # it describes one moment: each period is asked for by itself
            pass
    return [(a, b, scorecard.read(row, chosen.between(a, b), now=state, url=url)[0]) for a, b in periods]


def judge(rule: Any, periods: Sequence[tuple[datetime, datetime, Reading | None]]) -> Seen:
    """What a rule says of the last of these periods."""
    row = KPIS[rule.kpi]
    start, end, reading = periods[-1]
    if reading is None or reading.estimate.value is None or reading.hidden:
        said = reading.estimate.warning if reading else ""
        return Seen(start, end, reading.estimate if reading else Estimate(None), reason=said or "no data in that period")
    e = reading.estimate
    if e.n < (rule.minimum_n or 1):
        return Seen(start, end, e, reason=f"n {e.n} of the {rule.minimum_n} that it takes")
    where = f"{row.title} ({place(rule)})" if place(rule) else row.title
    told = f"{where} was {amount(e.value, e.unit)} in the {_named(start, rule.grain)}"
    ends = f"n {e.n:,}" + (f", 95 % interval {amount(e.low, '')} to {amount(e.high, '')}" if e.low is not None and e.high is not None else "")
    kind = KINDS[rule.condition]
    if kind == "threshold":
        return _threshold(rule, row, Seen(start, end, e), told, ends)
    return _changed(Seen(start, end, e), periods, told, ends, rule) if kind == "change" else _controlled(Seen(start, end, e), periods, told, ends)


def _threshold(rule: Any, row: Kpi, seen: Seen, told: str, ends: str) -> Seen:
    value = float(seen.estimate.value or 0)
    missing = rule.condition == "misses_target"
    line = rule.threshold
    if missing:
        year = scorecard.target(row.key, (seen.end - timedelta(days=1)).date(), segment=rule.segment, channel=rule.channel)
        line = row.goal((seen.end - seen.start).days, year)
    if line is None:
        return replace(seen, reason="the KPI has no target" if missing else "the rule has no threshold")
    below = row.better != "lower" if missing else rule.condition == "falls_below"
    fires = value < line if below else value > line
    said = f"{told}, {'below' if below else 'above'} {'its target of ' if missing else ''}{amount(line, seen.estimate.unit)} ({ends})."
    return replace(seen, fires=fires, sentence=said, center=line)


def _changed(seen: Seen, periods: Sequence[tuple[datetime, datetime, Reading | None]], told: str, ends: str, rule: Any) -> Seen:
    earlier = periods[-2][2] if len(periods) > 1 else None
    if earlier is None or earlier.estimate.value is None or earlier.estimate.n < (rule.minimum_n or 1):
        return replace(seen, reason="too little in the period before to compare with")
    change = difference(earlier.estimate, seen.estimate)
    if change.p is None:
        return replace(seen, change=change, reason="this KPI has no test of change")
    p = "p < 0.001" if change.p < 0.001 else f"p = {change.p:.3f}"
    said = f"{told}, {signed(change.value)}{gap(seen.estimate.unit)} against the {rule.grain} before ({p}, {ends})."
    return replace(seen, change=change, fires=change.significant, sentence=said)


def _controlled(seen: Seen, periods: Sequence[tuple[datetime, datetime, Reading | None]], told: str, ends: str) -> Seen:
    """The last period against limits from those before it: Shewhart's chart of single values."""
    earlier = [float(r.estimate.value) for _, _, r in periods[:-1] if r is not None and r.estimate.value is not None][-BASELINE:]
    if len(earlier) < FEWEST:
        return replace(seen, reason=f"{len(earlier)} periods before it of the {FEWEST} that limits take")
    limits = control_chart("i-mr", earlier, rules="limits").limits[0]
    if limits.center is None or not limits.sigma:
        return replace(seen, reason=limits.warning or "the periods before do not vary")
    z = (np.asarray([*earlier, float(seen.estimate.value or 0)]) - limits.center) / limits.sigma
    broken = signals(z, RULES)[-1]
    low, high = limits.center - 3 * limits.sigma, limits.center + 3 * limits.sigma
    named = " and ".join(broken)
    said = f"{told}: {named} against the {limits.n} periods before, centre {amount(limits.center, seen.estimate.unit)} ({ends})."
    return replace(seen, fires=bool(broken), sentence=said, signals=broken, center=limits.center, low=low, high=high)


def replay(rule: Any, state: Revision, months: int = 12, url: str | None = None) -> list[Seen]:
    """What a rule would have seen in each whole period of the last `months` months of data, oldest first. Nothing is kept."""
    inside = {"day": 31 * months, "week": round(52 * months / 12), "month": months}[rule.grain]
    back = LOOKS_BACK[KINDS[rule.condition]] - 1
    found = course(rule, state, inside + back, url=url)
    return [judge(rule, found[max(i - back, 0) : i + 1]) for i in range(len(found) - inside, len(found))] if found else []


def by_chance(rule: Any, seen: Sequence[Seen]) -> float | None:
    """How often a rule would fire in so many periods were nothing but chance at work; None for a threshold, where that is not known.

    One in twenty for a tested change. The two control rules together signal once in 152.7 points of a steady normal
    series (Champ & Woodall, Technometrics 29, 1987).
    """
    judged = sum(not one.reason for one in seen)
    return {"threshold": None, "change": 0.05 * judged, "control": judged / 152.7}[KINDS[rule.condition]]


def silent_until(rule: Any, at: datetime) -> datetime:
    """When what a rule raises at a moment may be shown: then, or as soon as its quiet hours are over.

    Hours are those of the rule's time zone; a window from 22 to 7 crosses midnight, one that ends when it begins lasts all day.
    """
    if rule.quiet_from is None or rule.quiet_to is None:
        return at
    zone = ZoneInfo(rule.zone or "UTC")
    local = at.astimezone(zone)
    start, end = rule.quiet_from, rule.quiet_to
    inside = start <= local.hour < end if start < end else (local.hour >= start or local.hour < end)
    if not inside:
        return at
    day = local.date() if local.hour < end else local.date() + timedelta(days=1)
    return datetime.combine(day, time(end), zone).astimezone(UTC)


def look(at: datetime, state: Revision | None = None, url: str | None = None, last: datetime | None = None) -> Looked:
    """Hold every active rule against the data and keep what fires; `at` is the present moment.

    A rule that fires on goes on as the same firing; one whose number is back is resolved; looked at twice, nothing
    happens twice. `last` looks from an earlier end of the data.
    """
    state = state or revision(url)
    rules = [rule for rule in records("alert_rule", url=url, active=True) if not (rule.muted_until and at.date() < rule.muted_until)]
    seen: list[tuple[Any, Seen]] = []
    unjudged: dict[str, str] = {}
    for rule in rules:
        found = course(rule, state, LOOKS_BACK[KINDS[rule.condition]], last, url)
        one = judge(rule, found) if found else None
        if one is None or one.reason:
            unjudged[rule.name] = one.reason if one else f"there is no KPI {rule.kpi}" if rule.kpi not in KPIS else "there is no data"
        else:
            seen.append((rule, one))
    who = INVENTOR if state.demo else WATCH
    fired: list[Any] = []
    going_on = resolved = 0
    with writing.unit(url) as session:
        known = records("alert_firing", url=url, session=session)
        for rule, one in seen:
            mine = [f for f in known if f.rule_id == rule.id]
            what, made = _kept(rule, one, mine, at, who, url, session)
            fired += [made] if what == "fired" else []
            going_on += what == "going on"
            resolved += what == "resolved"
        done = {"token": state.token, "looked_at": at, "rules": len(rules), "fired": len(fired)}
        earlier = records("alert_look", url=url, session=session)
        if earlier:
            writing.update("alert_look", earlier[0].id, done, earlier[0].version, who, url=url, session=session)
        else:
            writing.create("alert_look", done, who, url=url, session=session)
    return Looked(len(rules), fired, going_on, resolved, unjudged)


def _kept(rule: Any, seen: Seen, mine: Sequence[Any], at: datetime, who: Actor, url: str | None, session: Any) -> tuple[str, Any]:
    """Keep what one rule saw: fired, going on, resolved, or nothing."""
    day = seen.start.date()
    standing = next((f for f in mine if f.status in STANDING), None)
    e = seen.estimate
    numbers = {"latest_on": day, "value": e.value, "low": e.low, "high": e.high, "n": e.n, "sentence": seen.sentence}
    if seen.fires:
        if standing is not None and KINDS[rule.condition] != "change" and day >= standing.latest_on:
            count = standing.periods + (day > standing.latest_on)
            return "going on", writing.update("alert_firing", standing.id, {**numbers, "periods": count}, standing.version, who, url=url, session=session)
        if any(f.latest_on >= day for f in mine):
            return "known", None
        values = {
            **numbers, "rule_id": rule.id, "name": rule.name, "kpi": rule.kpi, "place": place(rule) or None, "condition": rule.condition, "starts_on": day,
            "fired_at": at, "shown_from": silent_until(rule, at),
        }  # fmt: skip
        return "fired", writing.create("alert_firing", values, who, url=url, session=session)
    back = standing is not None and (day == standing.latest_on or (KINDS[rule.condition] != "change" and day > standing.latest_on))
    if standing is None or not back:
        return "", None
    values = {"status": "resolved", "resolved_by": "the data", "resolved_at": at}
    return "resolved", writing.update("alert_firing", standing.id, values, standing.version, who, url=url, session=session)


def due(state: Revision, url: str | None = None) -> bool:
    """Whether the data changed since the rules were last looked at. Cheap: it reads one record."""
    return bool(records("alert_rule", url=url, active=True)) and not any(one.token == state.token for one in records("alert_look", url=url))


def look_if_new(at: datetime, url: str | None = None) -> Looked | None:
    """Look where the data changed since the last look; None where it did not, or no rule is active."""
    state = revision(url)
    return look(at, state, url) if due(state, url) else None


def standing(at: datetime, url: str | None = None) -> list[Any]:
    """The firings nobody has settled, those in their quiet hours left out, open ones first. Reads records only."""
    found = [f for f in records("alert_firing", url=url, status=list(STANDING)) if f.shown_from <= at]
    return sorted(found, key=lambda f: (f.status != "open", -f.latest_on.toordinal(), f.name))


def silent(at: datetime, url: str | None = None) -> list[Any]:
    """The firings kept silent at the moment."""
    return [f for f in records("alert_firing", url=url, status=list(STANDING)) if f.shown_from > at]


def catch_up(ends: Iterable[datetime], state: Revision, url: str | None = None) -> int:
    """Look as of each of these ends of the data, oldest first, as if the rules had stood then; returns how many firings that made."""
    return sum(len(look(end, state, url, last=end).fired) for end in sorted(ends))


def _midnight(day: date | datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _named(start: datetime, grain: str) -> str:
    return {"month": f"month of {start:%B %Y}", "week": f"week from {start.day} {start:%b %Y}", "day": f"day of {start.day} {start:%b %Y}"}[grain]
