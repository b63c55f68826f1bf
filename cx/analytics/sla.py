"""Service-level promises: which tickets kept them, broke them, may still keep them, and which have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.business_hours import BusinessHours, due, opened
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, checked, moment, text
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.analytics.service import waited
from cx.errors import MeasureError

ENDS = {"response": "first_response_at", "resolution": "resolved_at"}
STATES = ("met", "breached", "pending", "excluded")
AT_RISK = 0.75


@dataclass(frozen=True)
class Promise:
    """Minutes promised until the first response and until the resolution, and for which tickets.

    `where` holds column = value pairs that must all be true (compared without regard to case); none matches every
    ticket. None as minutes promises nothing. `hours`: open time counts; None is round the clock.
    """

    response: float | None = None
    resolution: float | None = None
    where: tuple[tuple[str, str], ...] = ()
    hours: BusinessHours | None = None


Policy = tuple[Promise, ...]


def policy(response: Mapping[str, float] | float = {}, resolution: Mapping[str, float] | float = {}, hours: BusinessHours | None = None) -> Policy:
    """A policy from minutes by priority, or one number for every ticket. The first promise that matches a ticket holds.

    >>> [p.response for p in policy({"urgent": 30, "high": 60}, {"urgent": 240})]
    [30, 60]
    """
    both = {"response": response, "resolution": resolution}
    names = dict.fromkeys(str(k).lower() for minutes in both.values() if isinstance(minutes, Mapping) for k in minutes)
    low = {end: {str(k).lower(): v for k, v in m.items()} if isinstance(m, Mapping) else m for end, m in both.items()}

    def of(end: str, name: str | None) -> float | None:
        found = low[end]
        if isinstance(found, dict):
            return found.get(name) if name is not None else None
        return float(found)

    named = tuple(Promise(of("response", n), of("resolution", n), (("priority", n),), hours) for n in names)
    if any(not isinstance(m, Mapping) for m in both.values()):
        named += (Promise(of("response", None), of("resolution", None), (), hours),)
    return named


STANDARD = policy({"urgent": 60, "high": 240, "normal": 480, "low": 1440}, {"urgent": 480, "high": 1440, "normal": 4320, "low": 7200})


def sla_states(tickets: ir.Table, scope: Scope, end: str = "response") -> ir.Table:
    """`tickets` with `_state` (met, breached, pending, excluded), `_at_risk`, `_minutes` used and `_promised`.

    met: done within the promise. breached: done too late, or not done and overdue at `as_of`. pending: not done, not
    due yet. excluded: no promise covers it, or it has no creation time. at risk: pending with 75 % of the time used
    (`options["at_risk"]` sets the share). Without `as_of` the latest moment in the table is taken.
    Options: `policy` (a tuple of Promise, else a standard one round the clock), `pauses` as in `service.waited`.
    """
    promises: Policy = scope.options.get("policy") or STANDARD
    column = ENDS[end]
    original = tickets.columns
    for promise in promises:
        for name, _ in promise.where:
            checked(tickets, (name,))
    tickets = tickets.mutate(**{n: moment(tickets, n) for n in ("created_at", column)})
    matched = ibis.cases(*((_matches(tickets, p), k) for k, p in enumerate(promises)), else_=-1)
    table = tickets.mutate(_promise=matched)
    minutes = [getattr(p, end) for p in promises]
    if not any(m is not None for m in minutes):
        raise MeasureError(f"the policy must promise a time for the {end}", "it promises none", "add minutes to it")
    table = table.mutate(_promised=ibis.cases(*((table["_promise"] == k, float(m)) for k, m in enumerate(minutes) if m is not None), else_=ibis.null("float64")))
    now = _now(table, column, scope)
    table = table.mutate(_now=now)
    table = table.mutate(_now=ibis.greatest(table["_now"], table["created_at"]))
    clocks = list(dict.fromkeys(p.hours for p, m in zip(promises, minutes, strict=True) if m is not None))
    used: list[tuple[str, str, list[int]]] = []
    for k, hours in enumerate(clocks):
        inner = Scope(scope.start, scope.end, scope.as_of, options={**scope.options, "hours": hours})
        table = waited(table, column, inner, f"_done{k}")
        table = opened(table, table["created_at"], f"_a{k}", hours)
        table = opened(table, table["_now"], f"_b{k}", hours)
        used.append((f"_done{k}", f"_open{k}", [i for i, p in enumerate(promises) if p.hours == hours]))
        open_ = (table[f"_b{k}"] - table[f"_a{k}"]).cast("float64") / 60
        if end == "resolution" and scope.options.get("pauses", "calendar") and "paused_minutes" in original:
            share = ibis.ifelse(open_ > 0, open_ / _clock(table), 0.0) if hours is not None and scope.options.get("pauses", "calendar") == "calendar" else 1.0
            open_ = ibis.ifelse(open_ > 0, ibis.greatest(open_ - table["paused_minutes"].cast("float64").fill_null(0.0) * share, 0.0), open_)
        table = table.mutate(**{f"_open{k}": open_}).drop(f"_a{k}", f"_b{k}")
    done = ibis.cases(*((table["_promise"].isin(of), table[d]) for d, _, of in used), else_=ibis.null("float64"))
    waiting = ibis.cases(*((table["_promise"].isin(of), table[o]) for _, o, of in used), else_=ibis.null("float64"))
    table = table.mutate(_done=done.notnull(), _minutes=done.coalesce(waiting))
    spent, promised = table["_minutes"], table["_promised"]
    state = ibis.cases(
        (promised.isnull() | spent.isnull(), "excluded"), (spent > promised, "breached"), (table["_done"], "met"), else_="pending"
    )  # fmt: skip
    table = table.mutate(_state=state)
    risk = (table["_state"] == "pending") & (spent >= promised * float(scope.options.get("at_risk", AT_RISK)))
    return table.mutate(_at_risk=risk).select(*original, "_state", "_at_risk", "_minutes", "_promised", "_promise")


def _clock(table: ir.Table) -> ir.FloatingValue:
    """Calendar minutes from creation to now, at least one second so that it can divide."""
    return ibis.greatest((table["_now"].truncate("s").epoch_seconds() - table["created_at"].truncate("s").epoch_seconds()).cast("float64") / 60, 1 / 60)


def _matches(table: ir.Table, promise: Promise) -> ir.BooleanValue:
    found = ibis.literal(True)
    for name, value in promise.where:
        found = found & (text(table, name).lower() == str(value).lower()).fill_null(False)
    return found


def _now(table: ir.Table, column: str, scope: Scope) -> ir.TimestampValue:
    if scope.as_of is not None:
        return ibis.literal(naive(scope.as_of), "timestamp(6)")
    latest = table.aggregate(_c=table["created_at"].max(), _d=table[column].max())
    return latest.select(_m=ibis.greatest(latest["_c"], latest["_d"].coalesce(latest["_c"]))).as_scalar()


def _measure(end: str, name: str) -> Measure:
    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        time = scope.options.get("time", "created_at")
        table = scope.during(tables["tickets"], time)
        wanted = {n for p in scope.options.get("policy") or STANDARD for n, _ in p.where}
        wanted |= {"created_at", ENDS[end], time, "paused_minutes", *by}
        table = sla_states(checked(table.select(*(n for n in table.columns if n in wanted)), ("created_at", ENDS[end])), scope, end)
        counts = {s: (table["_state"] == s).sum().fill_null(0) for s in STATES}
        return grouped(table, by, time, **counts, at_risk=table["_at_risk"].sum().fill_null(0))

    needs = ("created_at", ENDS[end], "priority")
    return Measure(name, {"tickets": needs}, statistics, attainment_of)


def attainment_of(row: Statistics) -> Estimate:
    """Attainment from the counts of states: 100 met / (met + breached), Wilson's interval.

    >>> round(attainment_of({"met": 90, "breached": 10, "pending": 4, "excluded": 1}).value, 1)
    90.0
    """
    met, breached, pending, excluded = (int(row.get(s) or 0) for s in STATES)
    notes = [f"{pending} pending ({int(row.get('at_risk') or 0)} at risk)"] if pending else []
    notes += [f"{excluded} without a promise left out"] if excluded else []
    if met + breached == 0:
        return undefined("; ".join(["no ticket is decided yet", *notes]), "%")
    found = proportion(met, met + breached)
    return found.warned("; ".join(notes)) if notes else found


SLA_RESPONSE = _measure("response", "sla_response")
SLA_RESOLUTION = _measure("resolution", "sla_resolution")


def attainment(tickets: Any, promises: Policy = STANDARD, by: str | tuple[str, ...] = (), *, end: str = "response", as_of: datetime | None = None) -> Any:
    """Share of decided tickets that kept their promise, in percent: an Estimate, or with `by` a DataFrame.

    attainment = met / (met + breached); open and not due is pending, open and overdue is breached, without a promise is
    excluded; pending and excluded are counted in the warning. `end`: response or resolution. See `sla_states`.

    >>> day = [datetime(2026, 3, 2, h) for h in range(24)]
    >>> data = {"created_at": day[:3], "first_response_at": [day[1], day[9], None], "priority": ["high"] * 3}
    >>> attainment(data, policy({"high": 120}), as_of=day[3]).value
    100.0
    """
    measure = {"response": SLA_RESPONSE, "resolution": SLA_RESOLUTION}[end]
    table = as_table(tickets, needs=measure.needs["tickets"])
    return answer(measure, {"tickets": table}, by, Scope(as_of=as_of, options={"policy": promises}))


def queue(tickets: Any, promises: Policy = STANDARD, *, end: str = "response", as_of: datetime, limit: int = 1000) -> pd.DataFrame:
    """Open tickets that are overdue or at risk at `as_of`, the most urgent first, with `due_at` (naive UTC) and minutes left.

    The due moment allows for opening hours, not for pauses, whose times are not known.
    """
    table = as_table(tickets, needs=("created_at", ENDS[end]))
    states = sla_states(table, Scope(as_of=as_of, options={"policy": promises}), end)
    waiting = states[ENDS[end]].isnull() | (states[ENDS[end]] > ibis.literal(naive(as_of), "timestamp(6)"))
    states = states.filter(waiting & (states["created_at"] <= ibis.literal(naive(as_of), "timestamp(6)")) & (states["_at_risk"] | (states["_state"] == "breached")))
    states = states.mutate(minutes_left=states["_promised"] - states["_minutes"])
    frame = states.order_by("minutes_left").limit(limit).to_pyarrow().to_pandas()
    frame["due_at"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    for k, promise in enumerate(promises):
        of = (frame["_promise"] == k).to_numpy()
        if of.any():
            frame.loc[of, "due_at"] = due(frame.loc[of, "created_at"], frame.loc[of, "_promised"], promise.hours)
    return frame.rename(columns={"_state": "state", "_at_risk": "at_risk"}).drop(columns=["_minutes", "_promised", "_promise"])
