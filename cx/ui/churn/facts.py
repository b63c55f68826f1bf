"""What the page asks of the data, as small tables: movements of revenue, cohorts, survival, reasons, who left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import pandas as pd

from cx.analytics.cohort import cells, filled
from cx.analytics.contract_cohort import as_contracts, of_one_currency, standing
from cx.analytics.health import scored
from cx.analytics.lifecycle import filled as every_period
from cx.analytics.lifecycle import states as active_states
from cx.analytics.measure import GRAINS, Scope, naive
from cx.analytics.revenue import MRR
from cx.analytics.survival import Survival, durations, of_counts
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.accounts import PARTS, SHOWN, signs
from cx.ui.remember import remembered

SPLITS = {"segment": "Segment", "plan": "Plan", "country": "Country", "channel": "Channel", "persona": "Persona", "size": "Size", "industry": "Industry", "region": "Region"}


@remembered
def movements(now: Revision, filters: Filters, start: datetime, end: datetime, last: datetime, grain: str) -> list[dict[str, Any]]:
    """A row a period (one without a grain) and currency: start, the five movements, end (minor units), customers, whether complete."""
    tables, _ = filters.apply(engine.tables())
    by = (grain, "currency") if grain else ("currency",)
    rows = engine.rows(MRR.expression(tables, by, Scope(start, end, last)), now=now)
    return sorted(rows, key=lambda row: (str(row["currency"]), row.get(grain) or start))


@remembered
def contracts(now: Revision, filters: Filters, last: datetime, grain: str, most: int) -> tuple[tuple[str, pd.DataFrame], ...]:
    """(currency, cohort matrix) of the latest `most` cohorts of paid subscriptions, the currency with most customers first; of customers where there is no billing."""
    tables, _ = filters.apply(engine.tables())
    table = tables["subscriptions"] if now.rows("subscriptions") else as_contracts(tables["customers"])
    first = (pd.Timestamp(naive(last)) - pd.Timedelta(microseconds=1)).to_period(GRAINS[grain]) - (most - 1)
    found = engine.fetch(standing(table, first.start_time.to_pydatetime(), last, grain), now=now).to_pandas()
    parts = [(str(code or ""), of_one_currency(part, last, grain)) for code, part in found.groupby("currency", dropna=False)]
    return tuple(sorted(parts, key=lambda pair: -int(pair[1].loc[pair[1]["since"] == 0, "size"].sum())))


@remembered
def purchases(now: Revision, filters: Filters, last: datetime, grain: str) -> tuple[tuple[str, pd.DataFrame], ...]:
    """The same of orders: who buys again in each period after the first purchase, and for how much."""
    tables, _ = filters.apply(engine.tables())
    orders = tables["orders"]
    codes = engine.rows(orders.group_by("currency").aggregate(n=orders.count()).order_by(ibis.desc("n")), now=now)
    out = []
    for code in [row["currency"] for row in codes]:
        mine = orders.filter(orders["currency"].isnull() if code is None else orders["currency"] == code)
        found = engine.fetch(cells(mine, grain, last, "ordered_at", "customer_id", "amount_minor"), now=now).to_pandas()
        if len(found):
            out.append((str(code or ""), filled(found, last, grain, True)))
    return tuple(out)


@remembered
def curves(now: Revision, filters: Filters, last: datetime, by: str | None) -> Survival:
    """Kaplan-Meier curves of all customers ever, by a column; the seven largest groups, and the rest as one."""
    tables, _ = filters.apply(engine.tables())
    counts = engine.fetch(durations(tables["customers"], last, by), now=now).to_pandas()
    sizes = counts.groupby("group")["n"].sum().sort_values(ascending=False)
    if len(sizes) > 8:
        kept = set(sizes.index[:7])
        counts["group"] = counts["group"].where(counts["group"].isin(kept), "others")
        counts = counts.groupby(["group", "time", "left"], as_index=False)["n"].sum()
    return of_counts(counts, "days")


@remembered
def states(now: Revision, filters: Filters, last: datetime, source: str, grain: str) -> pd.DataFrame:
    """New, returning, resurrected and dormant customers by period, of orders or interactions."""
    tables, _ = filters.apply(engine.tables())
    time = {"orders": "ordered_at", "interactions": "happened_at"}[source]
    found = engine.fetch(active_states(tables[source], last, grain, time), now=now).to_pandas()
    return every_period(found, last, grain)


def _gone(filters: Filters, start: datetime, end: datetime) -> Any:
    tables, _ = filters.apply(engine.tables())
    people = tables["customers"]
    return Scope(start, end).during(people.filter(people["left_at"].notnull() & people["customer_id"].notnull()), "left_at")


@remembered
def reasons(now: Revision, filters: Filters, start: datetime, end: datetime, by: str) -> list[dict[str, Any]]:
    """reason, group, n: customers who left in the period, by the reason they gave (None where none) and a column."""
    gone = _gone(filters, start, end)
    return engine.rows(gone.group_by(reason="leave_reason", group=by).aggregate(n=gone.count()), now=now)


@remembered
def monthly(now: Revision, filters: Filters, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """month, reason, n: the same over time."""
    gone = _gone(filters, start, end)
    return engine.rows(gone.group_by(month=gone["left_at"].truncate("M"), reason="leave_reason").aggregate(n=gone.count()), now=now)


@remembered
def leavers(now: Revision, filters: Filters, start: datetime, end: datetime, only: tuple[tuple[str, Any], ...], most: int = 2_000) -> list[dict[str, Any]]:
    """Who left in the period, the latest first, with what the last bill was; `only` narrows by columns of the customer."""
    gone = _gone(filters, start, end)
    for column, value in only:
        gone = gone.filter(gone[column].isnull() if value is None else gone[column] == value)
    bills = engine.tables()["subscriptions"]
    paid = bills.group_by("customer_id").aggregate(mrr_minor=bills["mrr_minor"].argmax(bills["started_at"]), currency=bills["currency"].max())
    shown = gone.left_join(paid, "customer_id").select("customer_id", "name", "segment", "plan", "joined_at", "left_at", "leave_reason", "mrr_minor", "currency")
    return engine.rows(shown.order_by(ibis.desc("left_at"), "customer_id").limit(most), now=now)


@remembered
def fragile(now: Revision, filters: Filters, at: datetime, most: int) -> list[dict[str, Any]]:
    """Running accounts from the lowest health up, at most `most`, with the signs that health is made of; those without any sign come last."""
    table = scored(signs(at, filters), PARTS)
    return engine.rows(table.select(*SHOWN).order_by(table["health"].asc(nulls_first=False), ibis.desc("mrr_minor"), "customer_id").limit(most), now=now)


@remembered
def last_words(now: Revision, filters: Filters, start: datetime, end: datetime, reason: str | None, most: int = 6) -> tuple[int, int, list[dict[str, Any]]]:
    """Comments and respondents in the half year before leaving, of customers who left for `reason`, and the worst scores among them."""
    gone = _gone(filters, start, end)
    gone = gone.filter(gone["leave_reason"].isnull() if reason is None else gone["leave_reason"] == reason).select("customer_id", "left_at")
    said = engine.tables()["responses"]
    said = said.filter(said["comment"].notnull() & (said["comment"].strip() != ""))
    near = said.inner_join(gone, "customer_id")
    near = near.filter((near["answered_at"] < near["left_at"]) & (near["answered_at"] >= near["left_at"] - ibis.interval(days=183)))
    total = engine.rows(near.aggregate(n=near.count(), people=near["customer_id"].nunique()), now=now)[0]
    place = (near["score"] - near["scale_min"]) / (near["scale_max"] - near["scale_min"]).nullif(0)
    near = near.mutate(_place=ibis.ifelse(near["higher_is_better"].fill_null(True), place, 1 - place))
    shown = near.order_by(near["_place"].asc(nulls_first=False), ibis.desc("answered_at"), "key").select("key", "customer_id", "answered_at", "survey", "score", "scale_max", "segment", "touchpoint", "comment").limit(most)
    return int(total["n"]), int(total["people"]), engine.rows(shown, now=now)
