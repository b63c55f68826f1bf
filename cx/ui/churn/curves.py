"""How long customers stay: survival curves by group with bands, medians, numbers at risk, and whether the groups differ."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from cx.analytics.survival import Survival
from cx.ui import charts
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.churn import facts
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

MONTH = 365.25 / 12
MARKS = (0, 3, 6, 12, 24, 36, 48)
FEWEST = 10  # a curve ends where fewer are still observed
STEPS = 160


def show(view: View, key: str) -> None:
    """Draw the part."""
    if not view.now.rows("customers") or view.last is None:
        quiet("Survival is read from customers with the day they joined and left; there are none yet. Upload an export of your CRM on the Data page.")
        return
    column = st.selectbox("Curves by", [*facts.SPLITS, "everybody"], format_func=lambda c: f"by {facts.SPLITS[c].lower()}" if c in facts.SPLITS else "everybody", key="staysby", bind="query-params", label_visibility="collapsed", width=160)
    end = view.period.end or view.last
    found = facts.curves(view.now, view.filters.between(None, None), end, column if column in facts.SPLITS else None)
    if found.curve.empty:
        quiet("No customer of this selection has a joining date.")
        return
    title = said(found)
    left, right = st.columns([7, 4], gap="small")
    with left.container(border=True, height="stretch"):
        drawn = [curve(str(name), rows) for name, rows in found.curve.groupby("group", sort=False)]
        charts.survival("churn-survival", title, [c for c in drawn if c.times], alt=f"Kaplan-Meier curves: {title}", time_title="months since joining",
                        note=f"Kaplan-Meier as of {words.day(end)}; who is still there is censored then · band: Greenwood, 95 % · a curve ends where fewer than {FEWEST} are observed")  # fmt: skip
    with right.container(border=True, height="stretch"):
        headline(tested(found))
        groups = list(found.medians)
        medians = [found.medians[name] for name in groups]
        data = {"Group": groups, "Customers": [m.n for m in medians], "Half have left after": [words.number(m.value / MONTH, 1) if m.value is not None else "not reached" for m in medians],
                "95 % interval": [" to ".join(words.number(None if v is None else v / MONTH, 0) if v is not None else "…" for v in (m.low, m.high)) if m.value is not None else "" for m in medians]}  # fmt: skip
        table(data, "churn-medians", titles={"Half have left after": "Median stay, months"}, csv=False)
        quiet("not reached: more than half are still there" if any(m.value is None for m in medians) else "months")
    with st.container(border=True):
        at_risk(found)


def curve(name: str, rows: pd.DataFrame) -> charts.Curve:
    """One curve, thinned to a step a pixel or two, in months."""
    rows = rows[(rows["at_risk"] >= FEWEST) | (rows["time"] == 0)].dropna(subset=["survival"])
    if len(rows) > STEPS:
        edges = [rows["time"].iloc[-1] * i / STEPS for i in range(STEPS + 1)]
        places = sorted({int(rows["time"].searchsorted(edge, side="right")) - 1 for edge in edges})
        rows = rows.iloc[places]
    low, high = rows["low"].fillna(rows["survival"]), rows["high"].fillna(rows["survival"])
    return charts.Curve(name, [t / MONTH for t in rows["time"]], list(rows["survival"]), list(low), list(high), int(rows["at_risk"].max()))


def said(found: Survival) -> str:
    """Who stays longest and who leaves first, after a year."""
    year = {name: found.at(365, name) for name in found.medians}
    known = {name: e.value for name, e in year.items() if e.value is not None}
    if not known:
        return "Nobody has been observed for a year yet"
    best, worst = max(known, key=lambda n: known[n]), min(known, key=lambda n: known[n])
    if best == worst:
        return f"After a year {words.value(known[best], '%')} are still there"
    return f"After a year {words.value(known[worst], '%')} of {worst} are still there, {words.value(known[best], '%')} of {best}"


def tested(found: Survival) -> str:
    """The log-rank test in a sentence."""
    if found.p is None:
        return "One group: there is nothing to compare" if len(found.medians) < 2 else "Nobody has left: there is nothing to test"
    p = "p < 0.001" if found.p < 0.001 else f"p = {found.p:.3f}"
    text = "The groups do not stay equally long" if found.p < 0.05 else "No difference between the groups can be told"
    return f"{text}: log-rank chi-square {found.statistic:.1f}, {found.df} degrees of freedom, {p}"


def at_risk(found: Survival) -> None:
    """How many were still observed and there after so many months, beside the share that stayed."""
    longest = found.curve["time"].max() / MONTH
    marks = [m for m in MARKS if m <= longest]
    data: dict[str, list[object]] = {"Group": list(found.medians)}
    for mark in marks:
        column = []
        for name in found.medians:
            rows = found.curve[found.curve["group"] == name]
            later = rows[rows["time"] >= math.ceil(mark * MONTH)]
            n = int(later["at_risk"].iloc[0]) if len(later) else 0
            share = found.at(mark * MONTH, name).value
            column.append(f"{n:,} · {words.value(share, '%')}" if share is not None else f"{n:,}")
        data[f"{mark} months"] = list(column)
    headline("Numbers at risk, and the share still there")
    table(data, "churn-at-risk-numbers")
