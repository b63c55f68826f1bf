"""The global filters: period, comparison, segment, channel, persona. They live in the address and hold on every page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import ibis
import streamlit as st

from cx.facts import engine
from cx.facts.filters import COLUMNS, Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.store.engine import store_url
from cx.ui import format as words
from cx.ui.period import COMPARE, NAMES, PRESETS, Period, compared, preset

SOURCES = {"segment": ("customers", "responses", "tickets"), "channel": ("responses", "tickets", "interactions"), "persona": ("customers", "responses")}


@dataclass(frozen=True)
class Chosen:
    """What the bar says."""

    filters: Filters
    period: Period
    before: Period | None
    versus: str


@lru_cache(maxsize=64)
def _values(column: str, now: Revision, url: str) -> tuple[str, ...]:
    tables = engine.tables()
    seen = [tables[name].select(column).filter(tables[name][column].notnull()).distinct() for name in SOURCES[column]]
    found = engine.rows(ibis.union(*seen, distinct=True).limit(200), url, now)
    return tuple(sorted(row[column] for row in found))


def values(column: str, now: Revision) -> tuple[str, ...]:
    """The values of a filter column seen in the facts, at most 200."""
    return _values(column, now, store_url())


def through(last: datetime) -> str:
    """The last day with data, in words."""
    return words.day(last - timedelta(days=1))


def by_key(name: str, titles: Mapping[str, str]) -> None:
    """Let an address name a choice by its key as well as by its title, which is what the widget itself writes."""
    if st.session_state.get(name) not in titles:
        asked = st.query_params.get(name, "")
        st.session_state[name] = next((key for key, title in titles.items() if asked in (key, title)), next(iter(titles)))


def show(now: Revision, last: datetime | None) -> Chosen:
    """Draw the bar and say what it is set to."""
    today = (last - timedelta(days=1)).date() if last else date(2026, 1, 1)
    by_key("period", PRESETS)
    by_key("compare", COMPARE)
    key = st.selectbox("Period", list(PRESETS), format_func=PRESETS.__getitem__, key="period", bind="query-params", width=150)
    versus = st.selectbox("Compare", list(COMPARE), format_func=COMPARE.__getitem__, key="compare", bind="query-params", width=165)
    only: list[tuple[str, tuple[str, ...]]] = []
    limits = sum(bool(st.session_state.get(name)) for name in (*COLUMNS, "saved"))
    with st.popover(f"Filters ({limits})" if limits else "Filters", icon=":material/filter_list:"):
        custom = None
        if key == "custom":
            begin = st.date_input("From", today - timedelta(days=89), key="from", bind="query-params", max_value=today)
            end = st.date_input("To", today, key="to", bind="query-params")
            custom = (min(begin, end), max(begin, end))
        for column in COLUMNS:
            options = values(column, now)
            if options or st.session_state.get(column):
                picked = st.multiselect(column.capitalize(), options, key=column, bind="query-params", placeholder=f"All {column}s")
                if picked:
                    only.append((column, tuple(sorted(picked))))
        saved = _saved()
    chosen = preset(key, today, custom) if last else Period(None, None)
    before = compared(chosen, versus)
    return Chosen(Filters(chosen.start, chosen.end, tuple(sorted(only)), saved, last if saved else None), chosen, before, NAMES[versus])


def _saved() -> tuple[tuple[str, str], ...]:
    """The segments built in the app that are chosen, with their rules."""
    built = {row.name: json.dumps(row.rules, sort_keys=True) for row in records("segment", active=True) if row.rules}
    if not built:
        return ()
    picked = st.multiselect("Saved segment", list(built), key="saved", bind="query-params", placeholder="All customers")
    return tuple((name, built[name]) for name in sorted(picked))
