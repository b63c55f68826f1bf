"""Cohorts: of those who began together, how many are still there and what they are worth, period by period."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.interval import proportion
from cx.ui import charts
from cx.ui import format as words
from cx.ui.churn import facts
from cx.ui.page import View
from cx.ui.text import quiet

MOST = {"month": 13, "quarter": 9, "year": 8}
SOURCES = {"Contracts": "still pay as the period ends", "Purchases": "bought in the period"}


def show(view: View, key: str) -> None:
    """Draw the part."""
    possible = [name for name in SOURCES if any(view.now.rows(d) for d in (("subscriptions", "customers") if name == "Contracts" else ("orders",)))]
    if not possible or view.last is None:
        quiet("Cohorts are read from subscriptions, customers or orders; there are none yet.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        source = st.segmented_control("Of", possible, default=possible[0], key="cohortof", bind="query-params", required=True, label_visibility="collapsed") or possible[0]
        value = st.segmented_control("Value", ["Customers", "Revenue"], default="Customers", key="cohortvalue", bind="query-params", required=True, label_visibility="collapsed") or "Customers"
        grain = st.segmented_control("Began by", list(MOST), format_func=str.capitalize, default="month", key="cohortgrain", bind="query-params", required=True, label_visibility="collapsed") or "month"
    end = view.period.end or view.last
    filters = view.filters.between(None, None)
    found = facts.contracts(view.now, filters, end, grain, MOST[grain]) if source == "Contracts" else facts.purchases(view.now, filters, end, grain)
    if not found:
        quiet(f"Nobody began in the {MOST[grain]} {grain}s before {words.day(end)}.")
        return
    codes = [code for code, _ in found]
    code = codes[0] if len(codes) == 1 else st.selectbox("Currency", codes, key="cohortin", bind="query-params", width=140) or codes[0]
    cells = next(frame for name, frame in found if name == code)
    if value == "Revenue" and not code:
        quiet("There is no revenue: these contracts have no price. Upload subscriptions on the Data page.")
        return
    with st.container(border=True):
        matrix(latest(cells, MOST[grain]), source, value, grain, code)


def latest(cells: pd.DataFrame, most: int) -> pd.DataFrame:
    """The newest cohorts, with as many periods."""
    kept = sorted(cells["cohort"].unique())[-most:]
    return cells[cells["cohort"].isin(kept) & (cells["since"] < most)]


def pooled(cells: pd.DataFrame, since: int) -> Estimate | None:
    """Of all cohorts that have lived through period `since`, the share of customers there; Wilson's interval."""
    rows = cells[(cells["since"] == since) & cells["complete"].astype(bool)]
    return proportion(int(rows["customers"].sum()), int(rows["size"].sum())) if rows["size"].sum() else None


def said(cells: pd.DataFrame, source: str, grain: str) -> str:
    """What the matrix says in a sentence."""
    whole = cells[cells["complete"].astype(bool)]
    deepest = int(whole["since"].max()) if len(whole) else 0
    since = min({"month": 6, "quarter": 2, "year": 1}[grain], deepest)
    there = pooled(cells, since)
    if there is None or not since:
        return "These cohorts have not lived through a whole period yet"
    rows = sorted(whole[whole["since"] == since].to_dict("records"), key=lambda row: row["retention"])
    text = f"{words.value(there.value, '%')} of customers {SOURCES[source].replace('the period ends', f'{grain} {since} ends').replace('in the period', f'in {grain} {since}')} ({words.count(there.n)})"
    if len(rows) < 2:
        return text
    worst, best = rows[0], rows[-1]
    return f"{text}: from {words.value(worst['retention'], '%')} of {words.period(worst['cohort'], grain)} to {words.value(best['retention'], '%')} of {words.period(best['cohort'], grain)}"


def matrix(cells: pd.DataFrame, source: str, value: str, grain: str, code: str) -> None:
    """The heat map, all cohorts together in its first row, and the same as a table behind it."""
    title = said(cells, source, grain)
    column = "retention" if value == "Customers" else "revenue_retention"
    shown = []
    for since in sorted(cells["since"].unique()):
        rows = cells[(cells["since"] == since) & cells["complete"].astype(bool)]
        there = pooled(cells, int(since))
        if value == "Revenue" and len(rows):
            base = cells[(cells["since"] == 0) & cells["cohort"].isin(rows["cohort"])]["revenue"].sum()
            there = Estimate(100 * float(rows["revenue"].sum() / base), None, None, int(rows["size"].sum()), "%") if base else None
        if there is not None and there.value is not None:
            shown.append(charts.Cell("All", f"{since}", there, text=f"{there.value:.0f}"))
    for row in cells.to_dict("records"):
        share, size = row[column], int(row["size"])
        label = f"{words.period(row['cohort'], grain)} · n {size:,}"
        if row["complete"] and not pd.isna(share):
            e = proportion(int(row["customers"]), size) if value == "Customers" else Estimate(float(share), None, None, size, "%")
            shown.append(charts.Cell(label, f"{row['since']}", e, text=f"{share:.0f}"))
        else:
            shown.append(charts.Cell(label, f"{row['since']}", Estimate(None, None, None, 0, "%"), text="…"))
    late = " · …: not complete" if any(cell.text == "…" for cell in shown) else ""
    unit = "% of customers" if value == "Customers" else f"% of the {code} they paid " + ("as period 0 ended" if source == "Contracts" else "in period 0")
    charts.heat("churn-cohorts", title, shown, alt=f"Cohort matrix: {title}", unit="%", counts=False, note=f"{unit} who {SOURCES[source]}, by {grain}s since they began · All: cohorts together that have come so far{late}")
