"""Campaigns: the calendar, spend and results by campaign and channel, and those in the data that no plan knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.measure import Scope
from cx.blueprint.catalogue import KPIS
from cx.facts import engine
from cx.records.lookup import records
from cx.records.writing import create, unit
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    planned = records("campaign")
    seen = known(view) if view.now.rows("campaigns") else []
    if not planned and not seen:
        quiet("No campaign is planned and no results have been loaded. Plan the first below, or upload an export of your ad platforms on the Data page.")
    else:
        calendar(view, planned, seen)
    if seen:
        results(view, planned, seen)
    registers(view, "marketing-campaigns", "campaign", "marketing_plan")


def known(view: View) -> list[dict[str, Any]]:
    """campaign, first and last day, spend and currency of every campaign in the data."""
    table_ = engine.tables()["campaigns"]
    found = table_.filter(table_["campaign"].notnull()).group_by("campaign").aggregate(
        first=lambda t: t["day"].min(), last=lambda t: t["day"].max(), spend=lambda t: t["spend_minor"].sum(), currency=lambda t: t["currency"].max(), codes=lambda t: t["currency"].nunique()
    )  # fmt: skip
    return engine.rows(found.order_by("first", "campaign"), now=view.now)


def calendar(view: View, planned: list[Any], seen: list[dict[str, Any]]) -> None:
    """What runs when: planned campaigns, and those only the data knows."""
    today = (view.last - timedelta(days=1)).date() if view.last else None
    facts = {row["campaign"].lower(): row for row in seen}
    tasks = []
    for row in planned:
        if row.starts_on and row.ends_on:
            length = (row.ends_on - row.starts_on).days or 1
            done = min(max((today - row.starts_on).days / length, 0.0), 1.0) if today else 0.0
            spent = facts.get(row.name.lower(), {}).get("spend")
            over = bool(row.budget_minor and spent and spent > row.budget_minor)
            tasks.append(charts.Task(row.name, row.starts_on, row.ends_on, done, over, row.owner or ""))
    names = {row.name.lower() for row in planned}
    unplanned = [row for row in seen if row["campaign"].lower() not in names]
    tasks += [charts.Task(row["campaign"], row["first"].date(), row["last"].date(), 1.0) for row in unplanned]
    running = [t.name for t in tasks if today and t.start <= today <= t.end]
    beyond = [t.name for t in tasks if t.late]
    title = f"{len(running)} campaigns run on {words.day(today)}" if today else "Campaigns"
    title += f"; over budget: {', '.join(beyond)}" if beyond else ""
    with st.container(border=True):
        charts.gantt("marketing-campaigns-calendar", title, sorted(tasks, key=lambda t: (t.start, t.name)), alt=title, as_of=today, note="share of the time gone; vermilion and “late” mark campaigns that spent more than their budget")
        if unplanned:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                quiet(f"{len(unplanned)} campaigns are in the results and not in the register.")
                if st.button("Add them", icon=":material/playlist_add:", key="marketing-campaigns-add"):
                    saved(lambda: adopt(view, unplanned), "Added to the register.")


def adopt(view: View, rows: list[dict[str, Any]]) -> None:
    """Write campaigns seen in the data into the register, all of them or none."""
    with unit() as session:
        for row in rows:
            ended = view.last is not None and row["last"].date() < view.last.date().replace(day=1)
            create("campaign", {"name": row["campaign"], "starts_on": row["first"].date(), "ends_on": row["last"].date(), "status": "done" if ended else "running"}, actor(view), session=session)


def results(view: View, planned: list[Any], seen: list[dict[str, Any]]) -> None:
    """Spend and results in the period, a row a campaign; cost and return as dots by campaign or channel."""
    column = st.segmented_control("Results by", ["campaign", "channel"], format_func=lambda c: f"by {c}", default="campaign", key="marketing-campaigns-by", required=True, label_visibility="collapsed") or "campaign"
    rows = sums(view, view.filters.start, view.filters.end, column)
    if not rows:
        quiet("No results in this period.")
        return
    codes = {row["currency"] for row in rows if row["currency"]}
    code = next(iter(codes)) if len(codes) == 1 else ""
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        readings.compare_groups(view, KPIS["cac"], column, "marketing-campaigns-cac")
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, KPIS["roas"], column, "marketing-campaigns-roas")
    cost = {r.key(column): readings.in_minor(r.estimate) for r in scorecard.read("cac", view.filters, (column,), now=view.now)}
    budgets = {row.name: row.budget_minor for row in planned if row.currency == code} if column == "campaign" else {}
    so_far = {row["campaign"]: row["spend"] for row in seen if row["codes"] == 1 and row["currency"] == code}
    with st.container(border=True):
        total = sum(row["spend"] or 0 for row in rows)
        first = max(rows, key=lambda row: row["spend"] or 0)
        headline(f"{words.money(total, code)} spent, {words.value(100 * (first['spend'] or 0) / total, '%')} of it on {first['group']}" if code and total else "Results by campaign")
        data = {column.capitalize(): [r["group"] or "unknown" for r in rows], "Spend": [r["spend"] for r in rows], "Spent so far": [so_far.get(r["group"]) for r in rows], "Budget in all": [budgets.get(r["group"]) for r in rows], "Impressions": [r["impressions"] for r in rows], "Clicks": [r["clicks"] for r in rows],
                "Visits": [r["visits"] for r in rows], "Leads": [r["leads"] for r in rows], "Customers": [r["conversions"] for r in rows], "a customer": [cost[r["group"]].value if r["group"] in cost else None for r in rows],
                "Revenue": [r["revenue"] for r in rows], "Return": [r["revenue"] / r["spend"] if r["revenue"] is not None and r["spend"] else None for r in rows]}  # fmt: skip
        if not budgets:
            del data["Budget in all"], data["Spent so far"]
        table(data, "marketing-campaigns-results", units=dict.fromkeys(("Spend", "Spent so far", "Budget in all", "a customer", "Revenue"), code), help={"Spend": "In the period shown", "Spent so far": "Since the campaign began", "Revenue": "As the platforms claim it", "Return": "Revenue for each unit of spend"})


def sums(view: View, start: Any, end: Any, column: str) -> list[dict[str, Any]]:
    """Sums of the results by campaign or channel, most spend first; money only of groups in one currency."""
    tables, _ = view.filters.apply(engine.tables())
    table_ = Scope(start, end).during(tables["campaigns"], "day")
    totals = {name: table_[name].sum() for name in ("impressions", "clicks", "visits", "leads", "conversions")}
    found = table_.group_by(group=table_[column]).aggregate(spend=table_["spend_minor"].sum(), revenue=table_["revenue_minor"].sum(), currency=table_["currency"].max(), **totals)
    rows = engine.rows(found.order_by(found["spend"].desc(nulls_first=False), "group"), now=view.now)
    return [{**row, **{name: None if row[name] is None else int(row[name]) for name in totals}} for row in rows]
