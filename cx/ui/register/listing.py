"""The table of a register: search, filters by choice with counts, a click opens a record."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx.records.fields import Spec
from cx.records.lookup import labels
from cx.records.registry import Register
from cx.records.values import worded, written
from cx.ui.register import deeds
from cx.ui.register.state import State
from cx.ui.tables import table
from cx.ui.text import clean, escape, quiet

FEW = 7  # more choices than this are a list, not buttons


def matching(row: Register, found: list[Any], search: str, only: dict[str, list[str]], named: dict[str, dict[int, str]]) -> list[Any]:
    """The records whose fields hold every word searched for, and whose choices are among those asked for."""
    wanted = search.casefold().split()
    out = []
    for record in found:
        if any(values and getattr(record, field) not in values for field, values in only.items()):
            continue
        text = " ".join(cell(spec, record, named) for spec in row.fields.values()).casefold() if wanted else ""
        if all(word in text for word in wanted):
            out.append(record)
    return out


def cell(spec: Spec, record: Any, named: dict[str, dict[int, str]]) -> str:
    """A field as a person reads it."""
    value = getattr(record, spec.name)
    if value is None:
        return ""
    if spec.kind == "link":
        return named[spec.register].get(value, "")
    if spec.kind == "money":
        whole, dot, cents = written(spec, value, record.currency).partition(".")
        return f"{int(whole):,}{dot}{cents} {record.currency or ''}".strip()
    return written(spec, value)


def column(spec: Spec, found: list[Any], named: dict[str, dict[int, str]]) -> list[Any]:
    """A column of the table: numbers, dates and truth values as such, all else in words."""
    if spec.kind in ("number", "whole", "day"):
        return [getattr(r, spec.name) for r in found]
    if spec.kind == "moment":
        return [v.astimezone(UTC).replace(tzinfo=None) if isinstance(v := getattr(r, spec.name), datetime) else None for r in found]
    return [clean(cell(spec, r, named).replace("\n", " ")) or None for r in found]


def show(state: State, found: list[Any]) -> None:
    """Draw filters and table."""
    row = state.register
    named = {spec.register: labels(spec.register) for spec in row.fields.values() if spec.kind == "link"}
    only: dict[str, list[str]] = {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        search = st.text_input(
            "Search",
            key=f"{state.base}-search",
            placeholder=f"Search {len(found):,} {row.title.lower()}",
            label_visibility="collapsed",
            icon=":material/search:",
            width=260,
        )
        for name in [n for n in row.shown if row.fields[n].kind == "choice"][:3]:
            only[name] = _choice(state, row.fields[name], found)
    left = matching(row, found, search, only, named)
    if not left:
        quiet(f"None of {len(found):,} {row.title.lower()} fits; loosen the search or the filters.")
        return
    data = {name: column(row.fields[name], left, named) for name in row.shown}
    titles = {name: row.fields[name].title for name in row.shown}
    units = {name: row.fields[name].unit for name in row.shown if row.fields[name].unit and row.fields[name].kind in ("number", "whole")}
    helps = {name: row.fields[name].description for name in row.shown if row.fields[name].description}
    picked = table(
        data, f"{state.key}-table", titles=titles, units=units, help=helps, clicks=True, csv=False, alt=f"{row.title}: {len(left)} of {len(found)}"
    )
    if len(left) < len(found):
        quiet(f"{len(left):,} of {len(found):,} {row.title.lower()}; click a row to open it.")
    else:
        quiet("Click a row to open it.")
    if picked is not None and picked < len(left):
        deeds.opened(state, int(left[picked].id))
        st.rerun()


def _choice(state: State, spec: Spec, found: list[Any]) -> list[str]:
    counts = Counter(getattr(r, spec.name) for r in found)
    there = [c for c in spec.choices if counts[c]]
    if len(there) < 2:
        return []
    key = f"{state.base}-only-{spec.name}"
    label = escape(spec.title)
    if len(there) <= FEW and spec.name == next(n for n in state.register.shown if state.register.fields[n].kind == "choice"):
        return list(
            st.pills(
                label, there, selection_mode="multi", format_func=lambda c: f"{escape(worded(c))} {counts[c]}", key=key, label_visibility="collapsed"
            )
        )
    return list(
        st.multiselect(
            label, there, format_func=lambda c: f"{worded(c)} {counts[c]}", key=key, placeholder=spec.title, label_visibility="collapsed", width=200
        )
    )
