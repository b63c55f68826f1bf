"""Cohorts of customers under contract: of those who began together, who still pays as each period ends, and how much."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.cohort import elapsed, filled
from cx.analytics.frame import as_table, checked
from cx.analytics.measure import GRAINS, Scope, naive
from cx.analytics.retention import moments
from cx.analytics.revenue import NEEDS, balances
from cx.errors import MeasureError


def standing(table: ir.Table, start: datetime, as_of: datetime, grain: str) -> ir.Table:
    """One row per cohort, currency and period since: size, customers who pay and what they pay as it ends. Runs in the engine.

    A cohort are the customers whose first stretch starts in one period; those who began before the period of `start` are left out.
    """
    if grain not in GRAINS:
        raise MeasureError(f"the grain must be one of {', '.join(GRAINS)}", f"found {grain!r}", "choose one of them")
    first = pd.Timestamp(naive(start)).to_period(GRAINS[grain]).start_time.to_pydatetime()
    begun = table.filter(table["started_at"].notnull()).group_by("customer_id").aggregate(_first=table["started_at"].min())
    since = begun.filter(begun["_first"] >= ibis.literal(first, "timestamp(6)"))
    each = balances(table.semi_join(since, "customer_id"), (grain,), Scope(first, as_of, as_of))
    each = each.mutate(cohort=each[grain].min().over(ibis.window(group_by=[each["customer_id"], each["currency"]])))
    each = each.mutate(since=elapsed(each["cohort"], each[grain], grain))
    return each.group_by("cohort", "since", "currency").aggregate(size=each.count(), customers=(each["m1"] > 0).sum(), revenue=each["m1"].sum())


def as_contracts(customers: ir.Table) -> ir.Table:
    """Customers as contracts without a price, for companies whose billing is not at hand: from joining to leaving, 1 a month."""
    return customers.filter(customers["joined_at"].notnull()).select(
        "customer_id", mrr_minor=ibis.literal(1, "int64"), currency=ibis.literal(""), started_at=customers["joined_at"], ended_at=customers["left_at"]
    )


def contract_cohorts(data: Any, as_of: datetime, grain: str = "month") -> pd.DataFrame:
    """The cohort matrix of contracts in long form: one row per cohort and period `since` (0, 1, ...).

    Columns: cohort (period of the first paid stretch), since, size (customers of the cohort), customers (who pay as the
    period ends), retention (% of size), complete (False where `as_of` falls into the period), revenue (recurring, minor
    units, as the period ends), revenue_retention (% of that at the end of period 0; above 100 where those who stay pay
    more). `data`: customer_id, mrr_minor, currency, started_at, ended_at, a row a stretch at one price. Raises
    MeasureError where a column is missing or amounts are in several currencies.

    >>> data = {"customer_id": ["a", "b"], "mrr_minor": [100, 300], "currency": ["EUR"] * 2,
    ...         "started_at": [datetime(2025, 1, 5)] * 2, "ended_at": [datetime(2025, 2, 9), None]}
    >>> contract_cohorts(data, datetime(2025, 3, 1))[["since", "customers", "retention", "revenue_retention"]].values.tolist()
    [[0.0, 2.0, 100.0, 100.0], [1.0, 1.0, 50.0, 75.0]]
    """
    table = moments(checked(as_table(data), NEEDS["subscriptions"]), "started_at", "ended_at")
    earliest = table["started_at"].min().to_pyarrow().as_py()
    if earliest is None:
        return filled(pd.DataFrame(columns=["cohort", "since", "size", "customers", "revenue"]), as_of, grain, True)
    return of_one_currency(standing(table, earliest, as_of, grain).to_pandas(), as_of, grain)


def of_one_currency(found: pd.DataFrame, as_of: datetime, grain: str) -> pd.DataFrame:
    """The matrix from what `standing` found. Raises MeasureError where it holds several currencies."""
    if found["currency"].nunique() > 1:
        raise MeasureError("revenue is added up in one currency", f"found {found['currency'].nunique()}", "filter to one")
    return filled(found.drop(columns="currency"), as_of, grain, True)
