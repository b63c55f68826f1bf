"""Sales strategy: quotas and how far they are reached, whom we sell to and whether they buy, targets and policies."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
import streamlit as st

from cx.analytics.interval import proportion
from cx.analytics.measure import Scope
from cx.analytics.sales import decided
from cx.blueprint.groups import GROUPS
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.records.lookup import records
from cx.ui import charts, deals, goals
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    if view.now.rows("deals"):
        left, right = st.columns([6, 5], gap="small")
        with left.container(border=True, height="stretch"):
            quotas(view)
        with right.container(border=True, height="stretch"):
            fit(view)
        with st.container(border=True):
            found = goals.standing(view, [key for key in GROUPS["sales"].kpis if key != "velocity"])
            headline(goals.headline(found))
            goals.show(found, "sales-strategy-targets")
            goals.reminders(view, "sales")
    else:
        quiet("Quotas and profiles are held against deals; there are none yet. They can be written down already.")
    registers(view, "sales-strategy", "quota", "customer_profile", "target", "policy")


def quotas(view: View) -> None:
    """Every quota of a team, segment or the whole that has begun, with what was won."""
    on = view.last.date() if view.last else None
    begun = [q for q in records("quota") if on is not None and q.starts_on < on and not q.employee][:24]
    if not begun:
        headline("No quota of a team or segment is set yet")
        quiet("Add quotas below; what was won stands beside them here.")
        return
    rows: list[dict[str, Any]] = []
    whose = [{name: getattr(q, name) for name in ("team", "segment") if getattr(q, name)} for q in begun]
    won = each(lambda pair: deals.won_between(view, pair[0].currency, pair[0].starts_on, pair[0].ends_on, **pair[1]), zip(begun, whose, strict=True))
    for q, who, (amount, n) in zip(begun, whose, won, strict=True):
        rows.append({"Who": " · ".join(who.values()) or "everybody", "Period": words.span(q.starts_on, q.ends_on), "Quota": words.money(q.amount_minor, q.currency), "Won": words.money(amount, q.currency), "Deals": n,
                     "Reached": 100 * amount / q.amount_minor if q.amount_minor else None, "Standing": "running" if q.ends_on >= on else "reached" if amount >= q.amount_minor else "missed"})  # fmt: skip
    over = [row for row in rows if row["Standing"] != "running"]
    running = [row["Reached"] for row in rows if row["Standing"] == "running" and row["Reached"] is not None]
    headline(f"{sum(row['Standing'] == 'reached' for row in over)} of {len(over)} quotas that ended were reached" if over else f"Running quotas are reached to {words.value(min(running), '%')} or more" if running else "Quotas")
    table(rows, "sales-strategy-quotas", units={"Reached": "%"}, height=330)


def fit(view: View) -> None:
    """Whether customers who fit a profile are won more often."""
    profiles = records("customer_profile")
    if not profiles:
        headline("No customer profile is written down yet")
        quiet("Describe whom you serve well, and whom you should not sell to: segment, industries, sizes, countries. This then shows whether they are won more often.")
        return

    def build(dated: Filters) -> ir.Table:
        tables, _ = dated.apply(engine.tables())
        closed = decided(tables, Scope(dated.start, dated.end))
        customers = tables["customers"].select("customer_id", "industry", "size")
        joined = closed.left_join(customers, "customer_id").select("segment", "country", "industry", "size", won=lambda t: t["_won"])
        return joined.group_by("segment", "country", "industry", "size").aggregate(n=lambda t: t.count(), won=lambda t: t["won"].cast("int64").sum())

    found = prepared.rows("fit of profiles", view.filters, build, view.now)

    def fits(row: dict[str, Any], p: Any) -> bool:
        return all((not wanted) or row[column] in wanted for column, wanted in (("segment", [p.segment] if p.segment else []), ("industry", p.industries), ("size", p.sizes), ("country", p.countries)))

    groups = []
    for p in profiles:
        n, won = sum(row["n"] for row in found if fits(row, p)), sum(row["won"] for row in found if fits(row, p))
        groups.append(charts.Group(f"{p.name} ({p.fit})", proportion(won, n) if n else proportion(0, 1), hidden=not n))
    others = [row for row in found if not any(fits(row, p) for p in profiles)]
    n, won = sum(row["n"] for row in others), sum(row["won"] for row in others)
    if n:
        groups.append(charts.Group("nobody's profile", proportion(won, n)))
    total, all_won = sum(row["n"] for row in found), sum(row["won"] for row in found)
    clear = [g.name for g in groups if not g.hidden and (g.estimate.low or 0) > 100 * all_won / max(total, 1)]
    title = f"Won clearly more often than the rest: {', '.join(clear)}" if clear else "No profile is won clearly more often than the rest"
    charts.dots("sales-strategy-fit", title, groups, alt=title, unit="%", note="win rate of the deals decided in the period by profile; dot with 95 % interval")
