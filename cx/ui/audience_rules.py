"""The conditions of an audience: what, how and how much, a row each, begun from those of a saved one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.segment_rules import Condition, Rules, parse
from cx.errors import MeasureError
from cx.ui import audience, segments
from cx.ui.page import View
from cx.ui.text import quiet

MOST = 5
OPERATORS = {"number": {">=": "at least", "<=": "at most", "missing": "is not known"}, "word": {"in": "is one of", "not in": "is none of", "missing": "is not known"}, "built": {"in": "is one of", "not in": "is none of"}}


def build(view: View, base: Any, tag: str) -> Rules | None:
    """The conditions, from the saved audience or anew."""
    start: list[Condition] = []
    join = "all"
    if base is not None:
        data = base.rules or {"all": [{"column": "segment", "operator": "in", "value": base.segments}] if base.segments else []}
        try:
            stored = parse(data)
            join, start = stored.join, [p for p in stored.parts if isinstance(p, Condition) and p.column in audience.TITLES]
        except MeasureError as error:
            quiet(f"The saved rules cannot be read: {error}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        quiet("Customers who meet")
        join = st.segmented_control("Join", ["all", "any"], default=join, key=f"{tag}-join", label_visibility="collapsed", required=True) or join
        quiet("of these:")
    count = st.session_state.setdefault(f"{tag}-count", max(len(start), 1))
    parts = [part for i in range(count) if (part := condition(view, f"{tag}-{i}", start[i] if i < len(start) else None)) is not None]
    if count < MOST and st.button("One more", icon=":material/add:", key=f"{tag}-more", type="tertiary"):
        st.session_state[f"{tag}-count"] = count + 1
        st.rerun()
    return Rules(join, tuple(parts))


def condition(view: View, tag: str, start: Condition | None) -> Condition | None:
    """One row: what, how, and the value; None while it is not filled in."""
    what, how, much = st.columns([3, 2, 6], gap="small", vertical_alignment="bottom")
    here = tuple(segments.built())
    names = [name for name in audience.TITLES if name != audience.BUILT or here]
    column = what.selectbox("What", names, index=names.index(start.column) if start and start.column in names else 0, format_func=audience.TITLES.__getitem__, key=f"{tag}-what", label_visibility="collapsed")
    operators = OPERATORS["number" if column in audience.NUMBERS else "built" if column == audience.BUILT else "word"]
    known = start is not None and start.column == column and start.operator in operators
    operator = how.selectbox("How", list(operators), index=list(operators).index(start.operator) if known and start else 0, format_func=operators.__getitem__, key=f"{tag}-how-{column}", label_visibility="collapsed")
    if operator == "missing":
        return Condition(column, operator)
    if column in audience.NUMBERS:
        value = much.number_input("Value", value=float(start.value) if known and start and start.value is not None else None, key=f"{tag}-much-{column}", label_visibility="collapsed", placeholder="a number")
        return None if value is None else Condition(column, operator, value)
    options = here if column == audience.BUILT else audience.values(view.now, column)
    gone = [v for v in (start.value if known and start else []) if v not in options]
    if gone:
        quiet(f"No longer there, so left out: {', '.join(map(str, gone))}")
    several = much.multiselect("Value", options, default=[v for v in (start.value if known and start else []) if v in options], key=f"{tag}-much-{column}", label_visibility="collapsed", placeholder="choose")
    return Condition(column, operator, tuple(several)) if several else None
