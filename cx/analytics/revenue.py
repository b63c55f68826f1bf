"""Recurring revenue: what it is, how it moves, how much of it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.calendar import crossed
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, checked, numeric
from cx.analytics.interval import mean, rate
from cx.analytics.measure import Measure, Scope, Statistics, Tables, plain
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.retention import PARTIAL, moments
from cx.analytics.sales import ratio

NEEDS = {"subscriptions": ("customer_id", "mrr_minor", "currency", "started_at", "ended_at")}
MOVEMENTS = ("new", "expansion", "contraction", "churn", "reactivation")


def balances(table: ir.Table, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """One row per customer and group: MRR as the period starts (`m0`) and ends (`m1`), and whether there was any `before`.

    MRR at a moment is that of the stretches that started before it and have not ended before it, so what changes at
    the first instant of a period belongs to that period. Trials and stretches without a price carry none.
    """
    amount = numeric(table, "mrr_minor")
    paid = table.filter(amount > 0, table["started_at"].notnull(), table["customer_id"].notnull(),
                        table["ended_at"].isnull() | (table["ended_at"] > table["started_at"]))  # fmt: skip
    if "status" in paid.columns:
        paid = paid.filter(paid["status"].isnull() | (paid["status"].cast("string").lower() != "trial"))
    rows, keys = crossed(paid, by, scope)
    rows = rows.filter(rows["started_at"] < rows["_end"])
    amount = numeric(rows, "mrr_minor")
    started, ended = rows["started_at"], rows["ended_at"]

    def standing(moment: ir.Value) -> ir.Value:
        return ((started < moment) & (ended.isnull() | (ended >= moment))).ifelse(amount, 0.0).sum()

    keys = {name: value for name, value in keys.items() if name != "currency"}
    return rows.group_by("customer_id", currency=rows["currency"].cast("string").upper(), **keys).aggregate(
        m0=standing(rows["_start"]), m1=standing(rows["_end"]), before=(started < rows["_start"]).any(), complete=rows["_complete"].all()
    )


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    t = balances(tables["subscriptions"], by, scope)
    m0, m1 = t["m0"], t["m1"]
    stayed = (m0 > 0) & (m1 > 0)
    zero = ibis.literal(0.0)
    back = (m0 == 0) & (m1 > 0) & t["before"]
    parts = {
        "new": ((m0 == 0) & ~t["before"]).ifelse(m1, zero), "expansion": (stayed & (m1 > m0)).ifelse(m1 - m0, zero),
        "contraction": (stayed & (m1 < m0)).ifelse(m0 - m1, zero), "churn": ((m0 > 0) & (m1 == 0)).ifelse(m0, zero),
        "reactivation": back.ifelse(m1, zero),
    }  # fmt: skip
    gross = ((m0 > 0) & (m1 < m0)).ifelse(m0 - m1, zero)
    net = ((m0 > 0) | back).ifelse(m0 - m1, zero)
    values: dict[str, ir.Value] = {name: part.sum().fill_null(0.0) for name, part in parts.items()} | {
        "start": m0.sum().fill_null(0.0), "end": m1.sum().fill_null(0.0), "start2": (m0 * m0).sum(), "end2": (m1 * m1).sum(),
        "base": (m0 > 0).sum().fill_null(0), "active": (m1 > 0).sum().fill_null(0), "returned": back.sum().fill_null(0),
        "lost": ((m0 > 0) & (m1 == 0)).sum().fill_null(0), "joined": ((m0 == 0) & ~t["before"] & (m1 > 0)).sum().fill_null(0),
        "gross2": (gross * gross).sum(), "gross0": (gross * m0).sum(), "net2": (net * net).sum(), "net0": (net * m0).sum(),
        "complete": t["complete"].all(),
    }  # fmt: skip
    values |= currencies(t, (m0 > 0) | (m1 > 0))
    return t.group_by(*by).aggregate(**values) if by else t.aggregate(**values)


def _share(top: Callable[[Statistics], float], squares: str, cross: str, complement: bool, lowest: float, highest: float) -> Callable[[Statistics], Estimate]:
    def estimate(row: Statistics) -> Estimate:
        start = row.get("start") or 0.0
        if refused := mixed(row, "%"):
            return refused
        if start <= 0:
            return undefined("no recurring revenue at the start of the period", "%")
        n = (row.get("base") or 0) + ((row.get("returned") or 0) if squares == "net2" else 0)
        lost, lost2, crossing = top(row), row[squares], row[cross]
        if complement:  # 1 - lost / start = (start - lost) / start
            lost, lost2, crossing = start - lost, row["start2"] - 2 * crossing + lost2, row["start2"] - crossing
        return _flagged(ratio(lost, start, lost2, crossing, row["start2"], n, "%", 100, "", lowest, highest), row)

    return estimate


def _flagged(found: Estimate, row: Statistics) -> Estimate:
    return found.warned(PARTIAL) if found.value is not None and row.get("complete") is False else found


def _gross(row: Statistics) -> float:
    return float(row["churn"] + row["contraction"])


def _net(row: Statistics) -> float:
    return float(row["churn"] + row["contraction"] - row["expansion"] - row["reactivation"])


def _mrr(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    if refused := mixed(row, code):
        return refused
    n = row.get("active") or 0
    if not n:
        return undefined("no recurring revenue at the end of the period", code)
    return _flagged(Estimate(row["end"] / minor, None, None, int(n), code, "a total, not a sample"), row)


def _arpa(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    if refused := mixed(row, code):
        return refused
    n = row.get("active") or 0
    if not n:
        return undefined("no paying customers at the end of the period", code)
    return _flagged(mean(row["end"] / minor, row["end2"] / minor**2, n, code, 0.0), row)


INFINITY = float("inf")
GROSS_MRR_CHURN = Measure("gross_mrr_churn", NEEDS, _statistics, _share(_gross, "gross2", "gross0", False, 0.0, 100.0))
NET_MRR_CHURN = Measure("net_mrr_churn", NEEDS, _statistics, _share(_net, "net2", "net0", False, -INFINITY, 100.0))
GRR = Measure("grr", NEEDS, _statistics, _share(_gross, "gross2", "gross0", True, 0.0, 100.0))
NRR = Measure("nrr", NEEDS, _statistics, _share(_net, "net2", "net0", True, 0.0, INFINITY))
MRR = Measure("mrr", NEEDS, _statistics, _mrr)
ARPA = Measure("arpa", NEEDS, _statistics, _arpa)
REACTIVATED = Measure("reactivated_customers", NEEDS, _statistics, lambda row: _flagged(rate(row.get("returned") or 0, 1, "customers"), row))


def mrr_movements(data: Any, start: datetime, end: datetime, by: str | tuple[str, ...] = (), *, as_of: datetime | None = None) -> pd.DataFrame:
    """How recurring revenue got from the start of a period to its end: one row a currency (and a group of `by`).

    start + new + reactivation + expansion - contraction - churn = end, each in minor units of `currency` and netted
    per customer over the period: who paid before and not at the start is reactivated, not new. Then gross and net MRR
    churn, grr and nrr in percent: gross = (churn + contraction) / start; net = gross less expansion and reactivation;
    grr = 100 - gross; nrr = 100 - net. `data`: one row a stretch at one price, customer_id, mrr_minor, currency,
    started_at, ended_at (empty while it runs). `by`: columns, or day ... year. Where a column such as plan changes
    between stretches, the customer leaves one group and joins the other. Raises MeasureError where a column is missing.

    >>> data = {"customer_id": ["a", "b", "b"], "mrr_minor": [6000, 4000, 5000], "currency": ["EUR"] * 3,
    ...         "started_at": [datetime(2025, 1, 1), datetime(2025, 1, 1), datetime(2025, 2, 1)],
    ...         "ended_at": [datetime(2025, 2, 9), datetime(2025, 2, 1), None]}
    >>> mrr_movements(data, datetime(2025, 2, 1), datetime(2025, 3, 1))[["start", "expansion", "churn", "end", "nrr"]].values.tolist()
    [[10000.0, 1000.0, 6000.0, 5000.0, 50.0]]
    """
    table = moments(checked(as_table(data), NEEDS["subscriptions"]), "started_at", "ended_at")
    names = ((by,) if isinstance(by, str) else tuple(by)) or ()
    keys = (*names, *(() if "currency" in names else ("currency",)))
    found = _statistics({"subscriptions": table}, keys, Scope(start, end, as_of)).to_pyarrow().to_pylist()
    columns = [*keys, "start", *MOVEMENTS, "end", "base", "active", "joined", "lost", "returned", "complete",
               "gross_mrr_churn", "net_mrr_churn", "grr", "nrr"]  # fmt: skip
    measures = (GROSS_MRR_CHURN, NET_MRR_CHURN, GRR, NRR)
    rows = [row | {m.name: m.estimate(row).value for m in measures} for row in plain(found)]
    frame = pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)
    return frame.sort_values(list(keys), ignore_index=True, na_position="last")
