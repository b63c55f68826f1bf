"""The week by weekday and hour: when customers ask, and when promises to them break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from cx.analytics.business_hours import BusinessHours, minutes
from cx.analytics.estimate import Estimate
from cx.analytics.interval import proportion, rate
from cx.analytics.measure import Scope
from cx.analytics.sla import ENDS, Policy, sla_states
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.promises import Promises
from cx.ui import charts
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.remember import remembered

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Slot = tuple[int, int]


@dataclass(frozen=True)
class Demand:
    """Tickets by (weekday from 0 for Monday, hour UTC), and how often each weekday occurred in the period."""

    counts: dict[Slot, int]
    days: tuple[int, ...]

    def mean(self, slot: Slot) -> Estimate:
        """Contacts an hour on that weekday and hour, with the exact Poisson interval."""
        return rate(self.counts.get(slot, 0), max(self.days[slot[0]], 1))

    @property
    def hours(self) -> range:
        """From the first to the last hour with a two-hundredth of all contacts or more; office hours where there is none."""
        total = sum(self.counts.values())
        seen = [hour for hour in range(24) if total and sum(self.counts.get((day, hour), 0) for day in range(7)) >= total / 200]
        return range(seen[0], seen[-1] + 1) if seen else range(8, 18)

    @property
    def busiest(self) -> Slot | None:
        """The weekday and hour with most contacts."""
        return max(self.counts, key=lambda slot: self.counts[slot] / max(self.days[slot[0]], 1)) if self.counts else None


@remembered
def demand(now: Revision, filters: Filters, only: tuple[tuple[str, str], ...] = ()) -> Demand:
    """How many tickets arrive by weekday and hour in the period, narrowed by columns of the tickets."""

    def arrived(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        tickets = Scope(dated.start, dated.end).during(tables["tickets"], "created_at").filter(lambda t: t["created_at"].notnull())
        for name, value in only:
            tickets = tickets.filter(tickets[name] == value)
        at = tickets["created_at"]
        return tickets.group_by(day=at.day_of_week.index(), hour=at.hour()).aggregate(n=tickets.count(), first=at.min(), last=at.max())

    rows = prepared.rows(("demand", only), filters, arrived, now)
    start = filters.start or min((row["first"] for row in rows), default=None)
    end = filters.end or max((row["last"] for row in rows), default=None)
    return Demand({(int(row["day"]), int(row["hour"])): int(row["n"]) for row in rows}, occurrences(start, end) if start and end else (0,) * 7)


def occurrences(start: datetime, end: datetime) -> tuple[int, ...]:
    """How often each weekday occurs from `start` to `end` (a day begun counts), at least once each where anything lies between."""
    first, days = start.date().toordinal(), max((end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds() / 86_400, 0)
    whole = int(-(-days // 1))
    return tuple(sum((first + k + 6) % 7 == day for k in range(whole)) if whole < 366 else round(whole / 7) for day in range(7))


def demand_map(found: Demand, key: str, title: str) -> None:
    """When customers ask: contacts an hour by weekday and hour."""
    cells = [charts.Cell(name, f"{hour:02d}", found.mean((day, hour))) for day, name in enumerate(DAYS) for hour in found.hours]
    charts.heat(key, title, cells, alt=f"{title}. Contacts an hour by weekday and hour", counts=False, note="mean contacts an hour, hours in UTC")


@remembered
def broken(now: Revision, filters: Filters, policy: Policy, pauses: str | None, end: str, column: str) -> dict[tuple[str, int], tuple[int, int]]:
    """(group, hour) -> promises kept and judged, on weekdays."""
    needed = tuple(dict.fromkeys([column, "created_at", ENDS[end], "paused_minutes", "resolved_at", *(name for p in policy for name, _ in p.where)]))

    def judged(chosen: Filters) -> ir.Table:
        tables, _ = chosen.apply(engine.tables())
        tickets = Scope(chosen.start, chosen.end).during(tables["tickets"], "created_at")
        states = sla_states(tickets.select(*needed), Scope(as_of=chosen.end, options={"policy": policy, "pauses": pauses}), end)
        states = states.filter(states["_state"].isin(["met", "breached"]) & (states["created_at"].day_of_week.index() < 5) & states[column].notnull())
        met = ibis.ifelse(states["_state"] == "met", 1, 0)
        return states.group_by(group=states[column], hour=states["created_at"].hour()).aggregate(met=met.sum(), n=states.count())

    found = prepared.rows(("broken", policy, pauses, end, column), filters, judged, now)
    return {(str(row["group"]), int(row["hour"])): (int(row["met"]), int(row["n"])) for row in found}


def where_broken(view: View, kept: Promises, end: str) -> None:
    """Promises kept by channel and hour of the working day: where a gap in staffing shows."""
    import streamlit as st

    found = broken(view.now, view.filters, kept.policy, kept.pauses, end, "channel")
    if not found:
        return
    enough = {slot: pair for slot, pair in found.items() if pair[1] >= 5}
    groups = sorted({group for group, _ in found}, key=lambda g: -sum(n for (group, _), (_, n) in found.items() if group == g))[:8]
    hours = sorted({hour for _, hour in enough} or {hour for _, hour in found})
    total = [sum(pair[i] for pair in found.values()) for i in (0, 1)]
    mean = 100 * total[0] / total[1] if total[1] else None
    cells = [charts.Cell(group, f"{hour:02d}", proportion(*enough[(group, hour)]) if (group, hour) in enough else Estimate(None, n=found.get((group, hour), (0, 0))[1])) for group in groups for hour in hours]
    worst = [(slot, pair) for slot, pair in enough.items() if pair[1] >= 20 and mean is not None and (proportion(*pair).high or 100) < mean]
    title = "No hour stands out: promises are kept or broken alike through the working day"
    if worst:
        slot, pair = min(worst, key=lambda w: w[1][0] / w[1][1])
        title = f"{slot[0]} at {slot[1]} h breaks most promises: {words.value(100 * pair[0] / pair[1], '%')} kept, {words.value(mean, '%')} overall"
    with st.container(border=True):
        charts.heat("weekly-broken", title, cells, alt=title, unit="%", center=mean, note="share of promises kept by channel and hour of arrival, Monday to Friday, UTC; colours against the overall share; n/a: fewer than 5 tickets")


@remembered
def arrivals(now: Revision, filters: Filters, only: tuple[tuple[str, str], ...] = ()) -> tuple[tuple[datetime, int], ...]:
    """How many tickets arrive in each hour (UTC) of the period that has any."""

    def by_hour(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        tickets = Scope(dated.start, dated.end).during(tables["tickets"], "created_at").filter(lambda t: t["created_at"].notnull())
        for name, value in only:
            tickets = tickets.filter(tickets[name] == value)
        return tickets.group_by(hour=tickets["created_at"].truncate("h")).aggregate(n=tickets.count())

    return tuple((row["hour"], int(row["n"])) for row in prepared.rows(("arrivals", only), filters, by_hour, now))


def open_share(found: Sequence[tuple[datetime, int]], hours: BusinessHours) -> float | None:
    """Percent of contacts that arrive while it is open, in the time zone of the hours, holidays and daylight saving included.

    An hour that is open in part counts in part.
    """
    total = sum(n for _, n in found)
    if not total:
        return None
    starts = pd.Series([at for at, _ in found])
    share = np.clip(np.asarray(minutes(starts, starts + pd.Timedelta(hours=1), hours), dtype=float) / 60, 0, 1)
    return float(100 * (share * [n for _, n in found]).sum() / total)
