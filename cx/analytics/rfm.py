"""Recency, frequency, money: customers in quintiles by what they bought, when last and how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.frame import as_table, checked, numeric
from cx.analytics.measure import naive
from cx.analytics.retention import moments

NEEDS = ("customer_id", "order_id", "ordered_at", "amount_minor", "currency")


def purchases(table: ir.Table, as_of: datetime) -> ir.Table:
    """One row per customer and currency: last_at, recency_days, frequency (orders) and monetary_minor up to `as_of`."""
    moment = ibis.literal(naive(as_of), "timestamp(6)")
    known = table.filter(table["customer_id"].notnull(), table["ordered_at"] < moment)
    found = known.group_by("customer_id", "currency").aggregate(
        last_at=known["ordered_at"].max(), frequency=known["order_id"].nunique(), monetary_minor=numeric(known, "amount_minor").sum().fill_null(0.0)
    )
    days = moment.truncate("s").delta(found["last_at"].truncate("s"), unit="second") / 86400
    return found.mutate(recency_days=days.floor().cast("int64"))


def fifth(table: ir.Table, column: str, within: str, reverse: bool = False) -> ir.Value:
    """The quintile 1 to 5 of a column by its mid-rank, so that equal values share a bin: floor(5 (rank - 1/2) / n) + 1."""
    window = ibis.window(group_by=table[within], order_by=table[column].desc() if reverse else table[column])
    lowest = ibis.rank().over(window) + 1
    ties = table.count().over(ibis.window(group_by=[table[within], table[column]]))
    n = table.count().over(ibis.window(group_by=table[within]))
    middle = lowest.cast("float64") + (ties - 1).cast("float64") / 2
    return ((middle - 0.5) * 5 / n.cast("float64")).floor().cast("int64") + 1


def scored(table: ir.Table, as_of: datetime) -> ir.Table:
    """`purchases` with r, f, m (5 is best) and a name for the combination of r and f; each currency is ranked by itself."""
    t = purchases(checked(table, NEEDS), as_of)
    t = t.mutate(currency=t["currency"].fill_null(""))
    t = t.mutate(
        r=fifth(t, "recency_days", "currency", reverse=True), f=fifth(t, "frequency", "currency"), m=fifth(t, "monetary_minor", "currency")
    )
    r, f = t["r"], t["f"]
    name = ibis.cases(
        ((r >= 4) & (f >= 4), "champions"), ((r >= 3) & (f >= 4), "loyal"), ((r >= 4) & (f <= 2), "new"), ((r >= 3) & (f >= 2), "promising"),
        ((r <= 2) & (f >= 4), "at risk"), ((r <= 2) & (f == 3), "fading"), ((r <= 2) & (f <= 2), "asleep"), else_="occasional",
    )  # fmt: skip
    return t.mutate(group=name)


def rfm(data: Any, as_of: datetime) -> Any:
    """Quintiles of recency, frequency and money for every customer, as a DataFrame; best is 5.

    Quintiles go by rank, equal values share one (all alike: 3). Money is in minor units; customers who pay in several
    currencies have a row in each. `data`: one row an order line with customer_id, order_id, ordered_at, amount_minor,
    currency; orders at or after `as_of` are not looked at. Raises MeasureError where a column is missing. Source:
    Hughes, Strategic Database Marketing (1994).

    >>> days = [datetime(2025, 1, d) for d in (1, 2, 3, 4, 5)]
    >>> data = {"customer_id": list("abcde"), "order_id": list("12345"), "ordered_at": days, "amount_minor": [100] * 5, "currency": ["EUR"] * 5}
    >>> result = rfm(data, datetime(2025, 2, 1))
    >>> result["r"].tolist(), result["f"].tolist()
    ([1, 2, 3, 4, 5], [3, 3, 3, 3, 3])
    """
    table = moments(as_table(data, needs=NEEDS), "ordered_at")
    return scored(table, as_of).order_by("customer_id", "currency").to_pandas()
