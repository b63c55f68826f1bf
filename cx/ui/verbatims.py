"""What customers wrote, searchable, for the selection a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ibis
import streamlit as st

from cx import scorecard
from cx.analytics.measure import Scope
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui import evidence
from cx.ui import format as words
from cx.ui.page import View, page
from cx.ui.tables import table as show_table
from cx.ui.text import escape, outside, quiet

PAGE = 8
COLUMNS = ("answered_at", "survey", "metric", "score", "scale_max", "segment", "channel", "touchpoint", "customer_id", "comment")


def selection(view: View, only: Mapping[str, Any] | None = None) -> Any:
    """The answers in the page's period and filters, narrowed by `only` (a value, or None for unknown)."""
    return answers(view.filters, only)


def answers(filters: Filters, only: Mapping[str, Any] | None = None) -> Any:
    """The same for filters alone."""
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["responses"], "answered_at")
    for column, value in (only or {}).items():
        table = table.filter(table[column].isnull() if value is None else table[column] == value)
    return table


Only = tuple[tuple[str, Any], ...]


def _comments(filters: Filters, only: Only, asked: str, low: bool) -> Any:
    table = answers(filters, dict(only))
    table = table.filter(table.comment.notnull() & (table.comment.strip() != ""))
    if asked:
        table = table.filter(table.comment.lower().contains(asked))
    if low:
        # the lower half of a scale; reversed where a higher score is worse
        middle = (table.scale_min + table.scale_max) / 2
        table = table.filter(ibis.ifelse(table.higher_is_better.fill_null(True), table.score <= middle, table.score >= middle))
    return table


@lru_cache(maxsize=256)
def _counted(filters: Filters, only: Only, asked: str, low: bool, now: Revision, kept: str) -> dict[str, Any]:
    def build(dated: Filters) -> Any:
        table = _comments(dated, only, asked, low)
        return table.aggregate(n=table.count(), people=table.customer_id.fill_null(table.key).nunique())

    return prepared.rows(("comments", only, asked, low), filters, build, now, keep=not asked)[0]


@lru_cache(maxsize=256)
def _page(filters: Filters, only: Only, asked: str, low: bool, now: Revision, kept: str, number: int) -> list[dict[str, Any]]:
    def build(dated: Filters) -> Any:
        table = _comments(dated, only, asked, low)
        latest = table.order_by(table.answered_at.desc(), table.id.desc()).select("key", *COLUMNS)
        return latest.limit(PAGE, offset=(number - 1) * PAGE)

    return prepared.rows(("comment page", only, asked, low, number), filters, build, now, keep=number == 1 and not asked)


def show(view: View, key: str, only: Mapping[str, Any] | None = None, title: str = "What they said") -> None:
    """Comments with their score, the latest first; search, scores, and the rows as a table.

    Comments of fewer respondents than the small-group rule asks for are not shown: they could be told apart.
    """
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    top.markdown(f"**{escape(title)}**", width="stretch")
    asked = top.text_input("Search", key=f"{key}-search", placeholder="Search comments", label_visibility="collapsed", width=220)
    low = top.toggle("Low scores", key=f"{key}-low")
    question = (view.filters, tuple((only or {}).items()), asked.strip().lower(), low, view.now, scorecard.kept())
    total = _counted(*question)
    if not total["n"]:
        quiet("No comments in this selection." if not asked else f"No comment contains “{asked.strip()}” in this selection.")
        return
    if total["people"] < settings().minimum_group and (only or view.filters.only):
        quiet(f"{words.plural(total['n'], 'comment')} of {words.plural(total['people'], 'respondent')}: hidden, since fewer than {settings().minimum_group} could be told apart.")
        return
    pages = -(-int(total["n"]) // PAGE)
    number = top.number_input("Page", 1, pages, key=f"{key}-page", label_visibility="collapsed", width=110) if pages > 1 else 1
    rows = _page(*question, int(number))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        quiet(f"{words.plural(total['n'], 'comment')} of {words.plural(total['people'], 'respondent')}" + (f", page {int(number)} of {pages:,}" if pages > 1 else ""))
        evidence.offer_one(view, key, rows)
    with st.container(gap="xsmall"):
        for row in rows:
            said(row)


def said(row: Mapping[str, Any]) -> None:
    """One comment, and under it where it came from as the link to the customer: two elements, since a page shows many."""
    score = f"{row['score']:g}/{row['scale_max']:g}" if row["score"] is not None and row["scale_max"] is not None else ""
    facts = (score, words.day(row["answered_at"]), row["customer_id"], row["survey"], row["segment"], row["touchpoint"], row["channel"])
    line = " · ".join(str(f) for f in facts if f)
    outside(row["comment"])
    if row["customer_id"]:
        st.page_link(page("customers"), label=f":gray[:small[{escape(line)}]]", query_params={"customer": row["customer_id"]})
    else:
        quiet(line)


def rows_behind(view: View, key: str, only: Mapping[str, Any], metric: str | None = None) -> None:
    """The answers behind a number, as a table with CSV; hidden where they are too few."""
    table = selection(view, {**only, **({"metric": metric} if metric else {})})
    found = engine.rows(table.order_by(table.answered_at.desc(), table.id.desc()).select(*COLUMNS).limit(5000), now=view.now)
    if 0 < len({row["customer_id"] or i for i, row in enumerate(found)}) < settings().minimum_group:
        quiet(f"{len(found)} answers: hidden, since fewer than {settings().minimum_group} respondents could be told apart.")
        return
    if not found:
        quiet("No answers in this selection.")
        return
    columns = [c for c in COLUMNS if any(row[c] is not None for row in found)]
    show_table({c: [row[c] for row in found] for c in columns}, key)
