"""Ways to higher value: from which plan customers go on to pay more, where to, after how long, and what that brings; and who goes down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.interval import proportion
from cx.analytics.measure import Scope, naive
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import quiet

APART = timedelta(days=31)  # a stretch that begins later than this after the last one ended is a customer who came back
MONTH = 30.4375


def show(view: View) -> None:
    """The plans with how many of their customers went up and down in the period."""
    if not view.now.rows("subscriptions"):
        return
    found = ways(view.now, view.filters)
    if not found:
        return
    rising = [row for row in found if row["share"].value is not None and row["share"].n >= settings().minimum_group]
    best = max(rising, key=lambda row: row["share"].value or 0.0, default=None)
    if best is None or not best["up"]:
        headline("Nobody went on to pay more in this period")
    else:
        headline(f"Way up: {words.value(best['share'].value, '%')} of customers on {best['plan']} went on to pay more, half of them after {words.number(best['months'], 0)} months or less")
    codes = {row["currency"] for row in found if row["currency"]}
    code = next(iter(codes)) if len(codes) == 1 else ""
    rows = [{
        "plan": row["plan"], "customers": row["n"], "went up": row["up"], "share": row["share"].value, "interval": words.interval(row["share"].low, row["share"].high, "%"), "mostly to": row["to"],
        "after": row["months"], "more a month": row["gain"] if code else None, "went down": row["down"], "less a month": row["loss"] if code else None,
    } for row in found]  # fmt: skip
    table(rows, "journeys-tiers", units={"share": "%", "more a month": code, "less a month": code, "after": "months"}, titles={"after": "median stay before"}, alt="Plans with the customers who went up and down")
    quiet("Of the customers on a plan in the period: those whose next stretch costs more (a higher plan, or more of the same) or less. Who paused longer than a month came back, and is not in it.")


@remembered
def ways(now: Revision, filters: Filters) -> list[dict[str, Any]]:
    """plan, n (customers on it in the period), up, share (with interval), to, months (median stay before), gain, down, loss (minor units a month), currency."""

    def stretches(dated: Filters) -> ir.Table:
        told = dated.apply(engine.tables())[0]["subscriptions"]
        told = told.filter(told["customer_id"].notnull() & told["plan"].notnull() & told["started_at"].notnull() & told["mrr_minor"].notnull())
        order = ibis.window(group_by=told["customer_id"], order_by=[told["started_at"], told["key"]])
        return told.mutate(_to=told["plan"].lead().over(order), _paid=told["mrr_minor"].lead().over(order), _code=told["currency"].lead().over(order), _at=told["started_at"].lead().over(order))

    def moved(dated: Filters) -> ir.Table:
        told = Scope(dated.start, dated.end).during(stretches(dated), "_at")
        gap = told["_at"].epoch_seconds() - told["ended_at"].epoch_seconds()
        told = told.filter(told["_at"].notnull() & told["ended_at"].notnull() & (gap <= APART.total_seconds()) & (gap >= -86_400) & (told["_code"] == told["currency"]) & (told["_paid"] != told["mrr_minor"]))
        stay = (told["_at"].epoch_seconds() - told["started_at"].epoch_seconds()).cast("float64") / (86_400 * MONTH)
        told = told.mutate(_up=told["_paid"] > told["mrr_minor"], _stay=stay)
        return told.group_by("plan", "_to", "_up").aggregate(n=told["customer_id"].nunique(), change=(told["_paid"] - told["mrr_minor"]).sum(), stay=told["_stay"].median(), currency=told["currency"].max(), codes=told["currency"].nunique())

    def present(dated: Filters) -> ir.Table:
        told = dated.apply(engine.tables())[0]["subscriptions"]
        told = told.filter(told["customer_id"].notnull() & told["plan"].notnull())
        if dated.end is not None:
            told = told.filter(told["started_at"] < ibis.literal(naive(dated.end), "timestamp(6)"))
        if dated.start is not None:
            told = told.filter(told["ended_at"].isnull() | (told["ended_at"] >= ibis.literal(naive(dated.start), "timestamp(6)")))
        return told.group_by("plan").aggregate(n=told["customer_id"].nunique())

    there = {row["plan"]: int(row["n"]) for row in prepared.rows("plans present", filters, present, now)}
    steps = prepared.rows("ways between plans", filters, moved, now)
    out = []
    for plan, n in there.items():
        ups, downs = ([row for row in steps if row["plan"] == plan and bool(row["_up"]) == rising] for rising in (True, False))
        up, down = min(sum(row["n"] for row in ups), n), min(sum(row["n"] for row in downs), n)
        first = max(ups, key=lambda row: row["n"], default=None)
        single = all(row["codes"] == 1 for row in (*ups, *downs)) and len({row["currency"] for row in (*ups, *downs)}) <= 1
        out.append({
            "plan": plan, "n": n, "up": up, "share": proportion(up, n), "to": None if first is None else "more of the same" if first["_to"] == plan else first["_to"], "months": None if first is None else float(first["stay"]),
            "gain": float(sum(row["change"] for row in ups)) if single else None, "down": down, "loss": float(-sum(row["change"] for row in downs)) if single else None,
            "currency": next((row["currency"] for row in (*ups, *downs)), ""),
        })  # fmt: skip
    return sorted(out, key=lambda row: -(row["share"].value or 0.0))
