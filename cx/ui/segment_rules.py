"""The rule builder: conditions on what is known of customers, read back as a sentence, counted at once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.profile import KNOWN, NUMBERS
from cx.ui import segments
from cx.ui.page import View

WORDS = {"in": "is one of", "not in": "is none of", "contains": "contains", "missing": "is missing", "present": "is present"}
SIZES = {">=": "is at least", "<=": "is at most", ">": "is above", "<": "is below", "=": "is", "between": "is between", "missing": "is missing", "present": "is present"}
TIMES = {"within days": "lies within the last days", "older than days": "lies further back than days", "missing": "is missing", "present": "is present"}
TITLES = {name: name.replace("_", " ").capitalize() for name in (*KNOWN, *NUMBERS)} | {"nps": "Latest NPS answer", "revenue": "Revenue, whole currency"}
COUNT = "needs-segmentation-count"


def build(view: View) -> dict[str, Any]:
    """Draw the builder and return the rules as plain data; conditions without a value are left out."""
    st.session_state.setdefault(COUNT, 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        join = st.segmented_control("Customers who meet", ["all", "any"], default="all", key="needs-segmentation-join", required=True, format_func={"all": "all of these", "any": "any of these"}.__getitem__)
        if st.button("Add a condition", icon=":material/add:", key="needs-segmentation-more"):
            st.session_state[COUNT] += 1
        if st.session_state[COUNT] > 1 and st.button("Remove the last", icon=":material/remove:", key="needs-segmentation-less"):
            st.session_state[COUNT] -= 1
    parts = [part for i in range(st.session_state[COUNT]) if (part := _condition(view, i)) is not None]
    return {join or "all": parts}


def _condition(view: View, i: int) -> dict[str, Any] | None:
    key = f"needs-segmentation-{i}"
    a, b, c = st.columns([3, 2, 4], vertical_alignment="bottom")
    column = a.selectbox("What", list(TITLES), format_func=TITLES.__getitem__, key=f"{key}-column", label_visibility="collapsed", index=list(TITLES).index("segment" if i == 0 else "orders"))
    words = column in segments.TEXTS
    times = column in ("joined_at", "left_at")
    kinds = TIMES if times else WORDS if words else {"=": "is"} if column == "consent" else SIZES
    operator = b.selectbox("How", list(kinds), format_func=kinds.__getitem__, key=f"{key}-{column}-how", label_visibility="collapsed")
    value: Any = None
    if operator in ("missing", "present"):
        return {"column": column, "operator": operator}
    with c:
        if words and operator == "contains":
            value = st.text_input("Value", key=f"{key}-{column}-text", label_visibility="collapsed") or None
        elif words:
            value = st.multiselect("Values", segments.values(view.now, column), key=f"{key}-{column}-values", label_visibility="collapsed", placeholder="Choose values") or None
        elif column == "consent":
            value = st.segmented_control("Value", ["true", "false"], format_func={"true": "given", "false": "not given"}.__getitem__, key=f"{key}-consent", label_visibility="collapsed")
        elif operator == "between":
            with st.container(horizontal=True):
                low = st.number_input("From", value=None, key=f"{key}-{column}-low", label_visibility="collapsed", placeholder="from")
                high = st.number_input("To", value=None, key=f"{key}-{column}-high", label_visibility="collapsed", placeholder="to")
            value = None if low is None or high is None else [_minor(column, low), _minor(column, high)]
        else:
            number = st.number_input("Value", value=None, key=f"{key}-{column}-number", label_visibility="collapsed", placeholder="days" if times else NUMBERS.get(column, "number"))
            value = None if number is None else _minor(column, number)
    return None if value is None else {"column": column, "operator": operator, "value": value}


def _minor(column: str, value: float) -> float:
    return value * 100 if column == "revenue" else value
