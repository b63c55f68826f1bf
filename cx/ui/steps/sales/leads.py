"""Leads: sources by volume, conversion, speed, worth and what a lead and a customer cost."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import undefined
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("deals"):
        quiet("Leads are read from deals and their source; there are none yet. Upload an export of your CRM on the Data page.")
        registers(view, "sales-leads", "sales_stage")
        return
    rows = sources(view)
    if not rows:
        quiet("No deal was opened in this period.")
        return
    left, right = st.columns([5, 6], gap="small")
    with left.container(border=True, height="stretch"):
        total = sum(row["leads"] for row in rows)
        title = f"{rows[0]['source']} brings {words.value(100 * rows[0]['leads'] / total, '%')} of {total:,} leads"
        texts = [f"{row['leads']:,}" + (f" (before {row['before']:,})" if row["before"] is not None else "") for row in rows]
        charts.bars("sales-leads-volume", title, [row["source"] for row in rows], [float(row["leads"]) for row in rows], texts=texts, alt=title)
    with right.container(border=True, height="stretch"):
        judged = sorted((row for row in rows if row["win"].n), key=lambda row: -(row["win"].value or 0))
        best = judged[0] if judged else None
        clear = best is not None and all((best["win"].low or 0) > (row["win"].high or 0) for row in judged[1:])
        title = f"{best['source']} converts best: {words.value(best['win'].value, '%')} won" + ("" if clear else ", though not clearly") if best else "No lead of this period is decided yet"
        charts.dots("sales-leads-won", title, [charts.Group(row["source"], row["win"]) for row in judged], alt=title, unit="%", note="won, of the deals decided in the period, with 95 % interval")
    with st.container(border=True):
        headline(cheapest(rows))
        money = next((row["currency"] for row in rows if row["currency"]), "")
        data = {
            "Source": [r["source"] for r in rows], "Leads": [r["leads"] for r in rows], "Won": [r["win"].value for r in rows], "decided": [r["win"].n for r in rows],
            "Days to win": [r["days"] for r in rows], "Deal size": [r["size"] for r in rows], "Worth a lead": [r["worth"] for r in rows], "Spend": [r["spend"] for r in rows],
            "a lead": [r["spend"] / r["leads"] if r["spend"] and r["leads"] else None for r in rows], "a customer": [r["spend"] / r["won"] if r["spend"] and r["won"] else None for r in rows],
        }  # fmt: skip
        table(data, "sales-leads-table", units={"Won": "%", "Days to win": "days", "Deal size": money, "Worth a lead": money, "Spend": money, "a lead": money, "a customer": money},
              help={"Worth a lead": "Win rate times mean size of a won deal", "Spend": "Of the campaigns the deals of this source name"})  # fmt: skip
        quiet("Spend is that of the campaigns named on the deals of a source; where several sources name one campaign it is shared by their leads. Sources without a campaign have no spend here: people's time is not in it.")
    with st.container(border=True):
        from cx.blueprint.catalogue import kpi

        reading = scorecard.read("lead_velocity", view.filters, now=view.now)[0].estimate
        readings.trend(view, kpi("lead_velocity"), f"New deals: {words.estimate(reading)} against the period before", "sales-leads-trend", height=200)


def cheapest(rows: list[dict[str, Any]]) -> str:
    """Which source's customers cost least, of those with spend."""
    paid = [(row["spend"] / row["won"], row) for row in rows if row["spend"] and row["won"]]
    if not paid:
        return "No source names a campaign with spend, so cost cannot be told"
    low, high = min(paid, key=lambda p: p[0]), max(paid, key=lambda p: p[0])
    text = f"A customer from {low[1]['source']} costs {words.money(low[0], low[1]['currency'])}"
    return text + (f", from {high[1]['source']} {words.money(high[0], high[1]['currency'])}" if high is not low else "")


def sources(view: View) -> list[dict[str, Any]]:
    """A row a source, the most leads first: leads, won and decided, days and size of won deals, spend of its campaigns."""
    tables, _ = view.filters.apply(engine.tables())

    def opened(start: Any, end: Any) -> list[dict[str, Any]]:
        made = Scope(start, end).during(tables["deals"], "created_at")
        return engine.rows(made.group_by("source", "campaign").aggregate(n=made.count()), now=view.now)

    now = opened(view.filters.start, view.filters.end)
    before: dict[Any, int] = {}
    for row in opened(*view.compare) if view.compare else []:
        before[row["source"]] = before.get(row["source"], 0) + row["n"]

    def by(key: str) -> dict[Any, Any]:
        return {r.key("source"): r.estimate for r in scorecard.read(key, view.filters, ("source",), now=view.now)}

    win, size, cycle = by("win_rate"), by("deal_size"), by("sales_cycle")
    spent = spend(view)
    of_campaign: dict[str, int] = {}
    for row in now:
        of_campaign[row["campaign"]] = of_campaign.get(row["campaign"], 0) + row["n"]
    out: dict[Any, dict[str, Any]] = {}
    for row in now:
        name = row["source"]
        e = size.get(name, undefined("none won"))
        minor = words.minor(e.unit) if e.value is not None else 100
        entry = out.setdefault(name, {"source": name or "unknown", "leads": 0, "before": before.get(name, 0) if view.compare else None, "win": win.get(name, undefined("none decided", "%")), "spend": 0.0,
                                      "days": cycle[name].value if name in cycle else None, "size": e.value * minor if e.value is not None else None, "currency": e.unit if e.value is not None else ""})  # fmt: skip
        entry["leads"] += row["n"]
        if row["campaign"] in spent:
            entry["spend"] += spent[row["campaign"]] * row["n"] / of_campaign[row["campaign"]]
    for entry in out.values():
        share = entry["win"].value
        entry["won"] = round(entry["win"].n * share / 100) if share is not None else 0
        entry["worth"] = entry["size"] * share / 100 if entry["size"] is not None and share is not None else None
        entry["spend"] = entry["spend"] or None
    return sorted(out.values(), key=lambda entry: -entry["leads"])


def spend(view: View) -> dict[str, float]:
    """Campaign -> spend in the period in minor units; campaigns that spent in several currencies are left out."""
    campaigns = Scope(view.filters.start, view.filters.end).during(engine.tables()["campaigns"], "day")
    found = campaigns.group_by("campaign").aggregate(spend=campaigns["spend_minor"].sum(), codes=campaigns["currency"].nunique())
    return {row["campaign"]: float(row["spend"] or 0) for row in engine.rows(found, now=view.now) if row["codes"] == 1}


