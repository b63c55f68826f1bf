"""Market research: two characteristics of answers crossed with a test on every cell, market sizes, and the studies."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd
import streamlit as st

from cx.analytics.contingency import association
from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.records.lookup import records
from cx.settings import settings
from cx.ui import charts
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

COLUMNS = {"segment": "Segment", "mood": "Promoter or detractor", "answer": "Answer in words", "persona": "Persona", "channel": "Channel", "touchpoint": "Touchpoint", "product": "Product", "language": "Language", "country": "Country", "team": "Team"}


def show(view: View) -> None:
    """Draw the step."""
    if view.now.rows("responses"):
        crossed(view)
    else:
        quiet("Cross-tables are made of survey answers; there are none yet. Upload an export of your survey tool on the Data page.")
    sizes()
    registers(view, "marketing-research", "study", "market_size")


def crossed(view: View) -> None:
    """The cross-table with its test."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            survey = st.selectbox("Survey", [None, *surveys(view)], format_func=lambda s: "all surveys" if s is None else s, key="marketing-research-survey", width=220)
            first = st.selectbox("Rows", COLUMNS, format_func=COLUMNS.__getitem__, key="xrows", bind="query-params", width=200)
            second = st.selectbox("Columns", [c for c in COLUMNS if c != first], format_func=COLUMNS.__getitem__, key="xcolumns", bind="query-params", width=200)
        counts = cells(view, survey, first, second)
        if counts.empty or counts.shape[0] < 2 or counts.shape[1] < 2:
            headline("Too little to cross: each side needs two groups or more")
            return
        found = association(counts, (COLUMNS[first].lower(), COLUMNS[second].lower()))
        small = int((counts.sum(axis=1) < settings().minimum_group).sum())
        residuals = found.groups
        left, right = st.columns(2, gap="medium")
        names = [str(c) for c in counts.columns]
        with left:
            shares = counts.div(counts.sum(axis=1), axis=0) * 100
            drawn = [charts.Cell(str(row), column, Estimate(float(shares.loc[row, column]), n=int(counts.loc[row, column])), hidden=int(counts.loc[row].sum()) < settings().minimum_group) for row in counts.index for column in names]
            charts.heat("marketing-research-cross", found.sentence[:1].upper() + found.sentence[1:], drawn, alt=found.sentence, unit="%", note=f"row percent; n is answers{f'; {small} small groups are hidden' if small else ''}")
        with right:
            title, drawn = stand_out(residuals, counts)
            charts.heat("marketing-research-residuals", title, drawn, alt=title, center=0.0, counts=False, note="adjusted residuals: beyond 2 a cell is fuller (green), beyond -2 emptier (vermilion) than chance, p < 0.05 for each cell by itself; neither is good or bad")
        quiet(f"{found.test[:1].upper()}{found.test[1:]} · {found.size_name} {words.number(found.size.value, 2) if found.size else words.MISSING} ({found.magnitude}) · n {found.n:,}. One respondent may stand in several rows where a survey has several questions.")


def stand_out(residuals: Any, counts: pd.DataFrame) -> tuple[str, list[charts.Cell]]:
    """The cell that departs most from chance, and all of them."""
    frame = residuals if isinstance(residuals, pd.DataFrame) else pd.DataFrame()
    values = {(str(row), str(column)): float(frame.loc[row, column]) for row in frame.index for column in frame.columns}
    cells_ = [charts.Cell(str(row), str(column), Estimate(values.get((str(row), str(column))), n=int(counts.loc[row, column]))) for row in counts.index for column in counts.columns]
    if not values:
        return "No cell can be judged", cells_
    (row, column), worst = max(values.items(), key=lambda pair: abs(pair[1]))
    if abs(worst) < 2:
        return "No cell departs from chance", cells_
    return f"{row} and {column} meet {'more' if worst > 0 else 'less'} often than by chance (residual {words.number(worst, 1)})", cells_


def surveys(view: View) -> list[str]:
    """The surveys of the period."""
    table_ = Scope(view.filters.start, view.filters.end).during(engine.tables()["responses"], "answered_at")
    return [row["survey"] for row in engine.rows(table_.filter(table_["survey"].notnull()).select("survey").distinct().order_by("survey").limit(100), now=view.now)]


def cells(view: View, survey: str | None, first: str, second: str) -> pd.DataFrame:
    """Counts of respondents by two characteristics, at most twelve groups a side."""
    tables, _ = view.filters.apply(engine.tables())
    table_ = Scope(view.filters.start, view.filters.end).during(tables["responses"], "answered_at")
    if survey is not None:
        table_ = table_.filter(table_["survey"] == survey)
    if "mood" in (first, second):
        table_ = table_.filter((table_["metric"] == "nps") & table_["score"].notnull())
        table_ = table_.mutate(mood=ibis.cases((table_["score"] >= 9, "Promoter"), (table_["score"] >= 7, "Passive"), else_="Detractor"))
    elif "answer" in (first, second):
        table_ = table_.filter(table_["metric"] == "choice")
    person = table_["customer_id"].fill_null(table_["key"])
    found = table_.filter(table_[first].notnull() & table_[second].notnull()).group_by(a=table_[first], b=table_[second])
    rows = engine.rows(found.aggregate(n=person.nunique()), now=view.now)
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows).pivot(index="a", columns="b", values="n").fillna(0).astype(int)
    frame = frame.loc[frame.sum(axis=1).sort_values(ascending=False).index[:12], frame.sum().sort_values(ascending=False).index[:12]]
    return frame.rename_axis(index=None, columns=None)


def sizes() -> None:
    """Total, reachable and winnable market from the stated assumptions."""
    kept = [row for row in records("market_size") if row.customers and row.yearly_minor and row.currency]
    if not kept:
        return
    rows = []
    for row in kept:
        total = row.customers * row.yearly_minor
        reach = total * (row.reachable if row.reachable is not None else 100) / 100
        win = reach * row.winnable / 100 if row.winnable is not None else None
        rows.append({"Market": row.name, "Year": str(row.year or ""), "Customers": row.customers, "Whole market": words.money(total, row.currency), "Reachable": words.money(reach, row.currency), "Winnable": words.money(win, row.currency), "Assumptions": row.assumptions, "_w": win or 0})
    first = max(rows, key=lambda r: r["_w"])
    with st.container(border=True):
        headline(f"Most to win: {first['Market']}, {first['Winnable']} a year")
        table([{k: v for k, v in row.items() if k != "_w"} for row in rows], "marketing-research-sizes")
