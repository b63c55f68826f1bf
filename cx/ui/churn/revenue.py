"""What churn costs: how recurring revenue moved by month, the way from start to end, and how much of it stays."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.revenue import GROSS_MRR_CHURN, GRR, NET_MRR_CHURN, NRR
from cx.blueprint.catalogue import kpi
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.churn import facts, period
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

UP, DOWN = ("new", "reactivation", "expansion"), ("contraction", "churn")
MONTH = 365.25 / 12
TONES = {"new": "data", "reactivation": "before", "expansion": "good", "contraction": "event", "churn": "bad"}
SHARES = {"nrr": "NRR", "grr": "GRR", "net_mrr_churn": "Net churn", "gross_mrr_churn": "Gross churn"}
FORMULA = {
    "nrr": "NRR = 100 % - net churn; above 100 % those who stay pay more than those who left took away",
    "grr": "GRR = 100 % - gross churn; new sales and raised prices cannot mend it",
    "net_mrr_churn": "net churn = (churn + contraction - expansion - reactivation) / MRR at the start",
    "gross_mrr_churn": "gross churn = (churn + contraction) / MRR at the start",
}


def show(view: View, key: str) -> None:
    """Draw the part."""
    here = period.bounds(view)
    start, end = readings.horizon(view, 12)
    if not view.now.rows("subscriptions") or here is None or view.last is None:
        quiet("Revenue churn is read from subscriptions with their price, start and end; there are none yet. Upload an export of your billing system on the Data page.")
        return
    filters = view.filters.between(None, None)
    months = facts.movements(view.now, filters, start or here[0], end or here[1], view.last, "month")
    whole = facts.movements(view.now, filters, *here, view.last, "")
    codes = list(dict.fromkeys(str(row["currency"]) for row in sorted(whole or months, key=lambda row: -row["end"])))
    if not codes:
        quiet("No subscription with a price ran in this period.")
        return
    code = codes[0] if len(codes) == 1 else st.selectbox("Currency", codes, key="mrrin", bind="query-params", width=140) or codes[0]
    mine = [row for row in months if row["currency"] == code]
    total = next((row for row in whole if row["currency"] == code), None)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        picked = by_month(mine, code)
    with right.container(border=True, height="stretch"):
        one = mine[picked] if picked is not None else total
        way(one, code, words.period(mine[picked]["month"]) if picked is not None else period.text(view))
    shares(view)
    listed(mine, code)


def by_month(rows: list[dict[str, Any]], code: str) -> int | None:
    """The five movements of each month; returns the number of the one clicked."""
    parts = {name: [row[name] for row in rows] for name in UP} | {name: [-row[name] for row in rows] for name in DOWN}
    worst = max(rows, key=lambda row: (row["churn"] + row["contraction"]) / (row["start"] or 1))
    title = f"{words.period(worst['month'])} lost most: {words.value(GROSS_MRR_CHURN.estimate(worst).value, '%')} of its MRR"
    return charts.gains("churn-movements", title, [row["month"] for row in rows], parts, TONES, alt=f"Recurring revenue gained and lost by month. {title}", unit=code, partial=[not row["complete"] for row in rows], clicks=True,
                        note="line: net · pale: not complete · choose a month to see its way")  # fmt: skip


def way(row: dict[str, Any] | None, code: str, when: str) -> None:
    """From MRR at the start through the five movements to the end."""
    if row is None:
        quiet("No recurring revenue in this period.")
        return
    steps = [(name.capitalize(), row[name]) for name in UP] + [(name.capitalize(), -row[name]) for name in DOWN]
    verb = "rose" if row["end"] > row["start"] else "fell" if row["end"] < row["start"] else "stayed"
    title = f"MRR {verb} from {words.money(row['start'], code)} to {words.money(row['end'], code)} in {when}"
    lost = row["churn"] + row["contraction"]
    gained = row["expansion"] + row["reactivation"]
    note = f"{words.money(lost, code)} lost from {row['lost']:,.0f} who left and those who pay less, {words.money(gained, code)} won back from customers already there"
    charts.waterfall("churn-waterfall", title, steps, alt=f"{title}: {note}", unit=code, total="Net change", note=note)


def shares(view: View) -> None:
    """One of the four shares over time and by group."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = st.segmented_control("Share", list(SHARES), format_func=SHARES.__getitem__, default="nrr", key="mrrshare", bind="query-params", required=True, label_visibility="collapsed") or "nrr"
        column = st.selectbox("Break down by", ["segment", "plan", "country", "channel", "product"], format_func=lambda c: f"by {c}", key="mrrby", bind="query-params", label_visibility="collapsed", width=150)
    row = kpi(name)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        reading = readings.card(view, name)
        readings.trend(view, row, f"{row.title}: {words.estimate(reading.estimate)}", f"churn-share-{name}", "month")
        quiet(FORMULA[name])
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, row, column, f"churn-share-{name}-{column}")


def listed(rows: list[dict[str, Any]], code: str) -> None:
    """Every month with its movements and shares."""
    with st.container(border=True):
        data: dict[str, Any] = {"Month": [words.period(row["month"]) + ("" if row["complete"] else ", not complete") for row in rows], "Start": [row["start"] for row in rows]}
        data |= {name.capitalize(): [row[name] * sign for row in rows] for names, sign in ((UP, 1), (DOWN, -1)) for name in names} | {"End": [row["end"] for row in rows]}
        data |= {title: [measure.estimate(row).value for row in rows] for title, measure in (("Gross churn", GROSS_MRR_CHURN), ("Net churn", NET_MRR_CHURN), ("GRR", GRR), ("NRR", NRR))}
        money = ("Start", *(name.capitalize() for name in (*UP, *DOWN)), "End")
        table(data, "churn-months", units=dict.fromkeys(money, code) | dict.fromkeys(("Gross churn", "Net churn", "GRR", "NRR"), "%"))
