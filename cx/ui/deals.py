"""Deals as the sales workbenches read them: won by month, the open ones weighed, their way through the stages, those that stand still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from cx import scorecard
from cx.analytics.measure import Scope, naive
from cx.analytics.pipeline import STEPS, stage_conversion, stage_order, time_in_stage
from cx.analytics.sales import decided, open_deals
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.ui.page import View
from cx.ui.remember import remembered

STALE_DAYS = 30


def currencies(view: View) -> list[str]:
    """The currencies deals are in, the commonest first."""
    deals = engine.tables()["deals"]
    counted = deals.filter(deals["currency"].notnull()).group_by("currency").aggregate(n=lambda t: t.count())
    return [row["currency"] for row in engine.rows(counted.order_by(counted["n"].desc(), "currency"), now=view.now)]


def won_by_month(view: View, currency: str) -> pd.Series:
    """Amounts won (minor units) by whole month up to the end of the data, oldest first; months without any are 0. The period is not looked at."""
    tables, _ = view.filters.apply(engine.tables())
    won = decided(tables, Scope(as_of=view.last)).filter(lambda t: t["_won"] & (t["currency"] == currency) & t["closed_at"].notnull())
    found = engine.rows(won.group_by(month=won["closed_at"].truncate("M")).aggregate(total=won["amount_minor"].sum()).order_by("month"), now=view.now)
    if not found or view.last is None:
        return pd.Series(dtype=float)
    series = pd.Series([float(row["total"] or 0) for row in found], index=pd.PeriodIndex([row["month"] for row in found], freq="M"))
    whole = pd.Period(view.last.replace(tzinfo=None), freq="M") - 1  # the end of the data is excluded, so a month that ends with it is whole
    return series[series.index <= whole].reindex(pd.period_range(series.index.min(), whole, freq="M"), fill_value=0.0)


def chances(view: View) -> dict[str, tuple[float, int, str]]:
    """Stage -> (chance to win from 0 to 1, deals it rests on, where it comes from): own history of 20 deals or more, else the register."""
    runs, deals = engine.tables()["step_runs"], engine.tables()["deals"]
    runs = runs.filter(runs["process"] == "sales").select("case_id", "step").distinct()
    ended = decided({"deals": deals}, Scope(as_of=view.last)).select("deal_id", "_won")
    joined = runs.join(ended, runs["case_id"] == ended["deal_id"])
    found = engine.rows(joined.group_by("step").aggregate(n=joined.count(), won=ibis.ifelse(joined["_won"], 1, 0).sum()), now=view.now)
    out = {row["step"]: (row["won"] / row["n"], int(row["n"]), "own history") for row in found if row["n"] >= 20}
    for row in records("sales_stage"):
        if row.name not in out and row.probability is not None:
            out[row.name] = (row.probability / 100, 0, "the register")
    return out


def open_by_month(view: View, currency: str) -> list[dict[str, Any]]:
    """Open deals by stage and the month they are expected to close: month, stage, n, total (minor units)."""
    tables, _ = view.filters.apply(engine.tables())
    waiting = open_deals(tables, Scope(as_of=view.last)).filter(lambda t: (t["currency"] == currency) & t["amount_minor"].notnull())
    return engine.rows(waiting.group_by("stage", month=waiting["expected_close_at"].truncate("M")).aggregate(n=waiting.count(), total=waiting["amount_minor"].sum()), now=view.now)


def through_stages(view: View, order: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Conversion from each stage of the deals begun in the period, and how long deals stay in it (all history)."""
    only = Filters(only=view.filters.only, saved=view.filters.saved, as_of=view.filters.as_of)
    runs, deals, stages, time = _stays(view.now, only, view.last, order)
    if not stages:
        return pd.DataFrame(), pd.DataFrame()
    return stage_conversion(runs, deals, list(stages), Scope(view.filters.start, view.filters.end)), time


@remembered
def _stays(now: Revision, filters: Filters, at: datetime | None, order: tuple[str, ...]) -> tuple[pa.Table, pa.Table, tuple[str, ...], pd.DataFrame]:
    """Runs and deals, the stages seen in their order, how long deals stay in each: what a period does not change."""
    tables, _ = filters.apply(engine.tables())
    runs = engine.fetch(tables["step_runs"].filter(tables["step_runs"]["process"] == "sales").select(*STEPS), now=now)
    deals = engine.fetch(tables["deals"].select("deal_id", "status"), now=now)
    if not runs.num_rows:
        return runs, deals, (), pd.DataFrame()
    seen = stage_order(runs)
    stages = [name for name in order if name in seen] or seen
    stages += [name for name in seen if name not in stages]
    return runs, deals, tuple(stages), time_in_stage(runs, at or datetime.max.replace(year=2200), stages)


@remembered
def usual_days(now: Revision) -> dict[str, float]:
    """Stage -> the days within which nine of ten deals that went on had left it."""
    runs = engine.tables()["step_runs"]
    left = runs.filter((runs["process"] == "sales") & runs["ended_at"].notnull())
    days = (left["ended_at"].epoch_seconds() - left["started_at"].epoch_seconds()).cast("float64") / 86_400
    return {row["step"]: float(row["days"]) for row in engine.rows(left.group_by("step").aggregate(days=days.quantile(0.9), n=left.count()), now=now) if row["n"] >= 20}


def stale(view: View) -> list[dict[str, Any]]:
    """Open deals that stand still at the end of the data, the largest first, each with its reasons in words.

    A deal stands still where it is longer in its stage than the register allows (else than nine of ten deals needed,
    else 30 days), where its expected close has passed, or where it has no expected close or amount.
    """
    tables, _ = view.filters.apply(engine.tables())
    at = view.last
    if at is None:
        return []
    waiting = open_deals(tables, Scope(as_of=at))
    rows = engine.rows(waiting.select("deal_id", "name", "customer_id", "segment", "stage", "owner", "team", "amount_minor", "currency", "created_at", "stage_entered_at", "expected_close_at"), now=view.now)
    allowed = {row.name: float(row.stale_days) for row in records("sales_stage") if row.stale_days}
    usual, end = usual_days(view.now), naive(at)
    out = []
    for row in rows:
        since = row["stage_entered_at"] or row["created_at"]
        days = (end - since) / timedelta(days=1) if since else None
        limit, source = (allowed[row["stage"]], "agreed at most") if row["stage"] in allowed else (usual[row["stage"]], "nine of ten need at most") if row["stage"] in usual else (STALE_DAYS, "usual are at most")
        why = []
        if days is not None and days > limit:
            why.append(f"{days:.0f} days in {row['stage']} ({source} {limit:.0f})")
        if row["expected_close_at"] is None:
            why.append("no expected close")
        elif row["expected_close_at"] < end:
            why.append(f"expected close passed {(end - row['expected_close_at']).days} days ago")
        if row["amount_minor"] is None:
            why.append("no amount")
        if why:
            out.append({**row, "days": days, "why": "; ".join(why)})
    return sorted(out, key=lambda row: -(row["amount_minor"] or 0))


def quotas(view: View, currency: str, **who: str | None) -> list[Any]:
    """Quotas in a currency whose person, team and segment are exactly those given (None: of no one in particular)."""
    wanted = {"employee": None, "team": None, "segment": None, **who}
    return [row for row in records("quota", currency=currency) if all((getattr(row, name) or None) == value for name, value in wanted.items())]


def planned(view: View, currency: str, month: pd.Period) -> float | None:
    """The company's quota of a month in minor units: that of the whole, else the sum of the teams', spread evenly over its days."""
    every = records("quota", currency=currency)
    groups = ([q for q in every if not (q.employee or q.team or q.segment)], [q for q in every if q.team and not q.employee and not q.segment], [q for q in every if q.employee])
    for kept in groups:
        total = sum(share(q, month) for q in kept)
        if total:
            return total
    return None


def share(quota: Any, month: pd.Period) -> float:
    """The part of a quota that falls into a month, by days."""
    first, last = max(quota.starts_on, month.start_time.date()), min(quota.ends_on, month.end_time.date())
    days = (last - first).days + 1
    return float(quota.amount_minor * days / ((quota.ends_on - quota.starts_on).days + 1)) if days > 0 else 0.0


def won_between(view: View, currency: str, start: Any, end: Any, **who: str) -> tuple[float, int]:
    """Amount won (minor units) and deals won from one day to another, both included, by a person, team or segment."""
    between = Filters(datetime(start.year, start.month, start.day, tzinfo=UTC), datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=1), view.filters.only)

    def build(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        won: ir.Table = decided(tables, Scope(dated.start, dated.end)).filter(lambda t: t["_won"] & (t["currency"] == currency))
        for name, value in who.items():
            won = won.filter(won[name] == value)
        return won.aggregate(total=won["amount_minor"].sum(), n=won.count())

    row = prepared.rows(("won between", currency, tuple(sorted(who.items()))), between, build, view.now)[0]
    return float(row["total"] or 0), int(row["n"])


def win_rate_said(view: View) -> str:
    """The win rate now and what it was, in words."""
    from cx.ui import format as words

    reading = scorecard.read("win_rate", view.filters, compare=view.compare, now=view.now)[0]
    return f"win rate {words.value(reading.estimate.value, '%')}"
