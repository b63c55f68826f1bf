"""The rule builder: conditions on what is known of customers and on the needs they voiced, read back as a sentence, counted at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.analytics.profile import KNOWN, NUMBERS
from cx.analytics.segment_rules import Condition, Rules, describe, parse
from cx.records import lookup
from cx.ui import segments
from cx.ui.page import View
from cx.ui.text import quiet

WORDS = {"in": "is one of", "not in": "is none of", "contains": "contains", "missing": "is missing", "present": "is present"}
SIZES = {">=": "is at least", "<=": "is at most", ">": "is above", "<": "is below", "=": "is", "between": "is between", "missing": "is missing", "present": "is present"}
TIMES = {"within days": "lies within the last days", "older than days": "lies further back than days", "missing": "is missing", "present": "is present"}
NEED = "need"
TITLES = {name: name.replace("_", " ").capitalize() for name in (*KNOWN, *NUMBERS)} | {
    "nps": "Latest NPS answer", "revenue": "Revenue, whole currency", "order_days": "Days since the last order", "events": "Things done in 90 days", "months": "Months as a customer",
    "recency": "Recency of orders, fifth", "frequency": "Frequency of orders, fifth", "money": "Money spent, fifth", NEED: "Need voiced",
}  # fmt: skip
LISTED = 5  # so many customers of a list are named in a sentence


def build(view: View, base: Mapping[str, Any] | None = None, tag: str = "needs-segmentation") -> tuple[dict[str, Any], list[str]]:
    """Draw the builder, begun from stored rules where there are some. Returns the rules as plain data, and what to say besides of lists of customers.

    Conditions without a value are left out. Parts that no row of the builder can show, such as a list of customers or a group within, stay as they are.
    """
    join, start, fixed = _read(base)
    count = f"{tag}-count"
    st.session_state.setdefault(count, max(len(start), 0 if fixed else 1))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        join = st.segmented_control("Customers who meet", ["all", "any"], default=join, key=f"{tag}-join", required=True, format_func={"all": "all of these", "any": "any of these"}.__getitem__) or join
        if st.button("Add a condition", icon=":material/add:", key=f"{tag}-more"):
            st.session_state[count] += 1
        if st.session_state[count] > 1 and st.button("Remove the last", icon=":material/remove:", key=f"{tag}-less"):
            st.session_state[count] -= 1
    for part in fixed:
        quiet(f"Kept as it is: {said({'all': [part]})}.")
    found = [_condition(view, f"{tag}-{i}", start[i] if i < len(start) else None, i) for i in range(st.session_state[count])]
    parts = [part for part, _ in found if part is not None]
    return {join: [*fixed, *parts]}, [note for part, note in found if part is not None and note]


def said(rules: Mapping[str, Any]) -> str:
    """Rules as a sentence, in which a long list of customers is counted instead of read out."""
    return describe(_short(parse(rules)))


def _short(rules: Rules) -> Rules:
    parts: list[Condition | Rules] = []
    for part in rules.parts:
        if isinstance(part, Rules):
            parts.append(_short(part))
        elif part.column == "customer_id" and part.operator in ("in", "not in") and len(part.value) > LISTED:
            parts.append(Condition("customer", part.operator, (f"{len(part.value):,} listed",)))
        else:
            parts.append(part)
    return Rules(rules.join, tuple(parts), rules.negated)


def _read(base: Mapping[str, Any] | None) -> tuple[str, list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """How stored rules are joined, the conditions a row can show, and the parts that none can."""
    join = "any" if base and "any" in base else "all"
    parts: Sequence[Mapping[str, Any]] = (base or {}).get(join) or []
    if base and base.get("not"):
        return "all", [], [base]
    shown = [p for p in parts if p.get("column") in TITLES and p.get("operator", "=") in (*_kinds(str(p["column"])), "=")]
    return join, shown, [p for p in parts if p not in shown]


def _kinds(column: str) -> dict[str, str]:
    if column == NEED:
        return {"in": "is one of"}
    return TIMES if column in ("joined_at", "left_at") else WORDS if column in segments.TEXTS else {"=": "is"} if column == "consent" else SIZES


def _condition(view: View, key: str, start: Mapping[str, Any] | None, i: int) -> tuple[dict[str, Any] | None, str]:
    a, b, c = st.columns([3, 2, 4], vertical_alignment="bottom")
    columns = list(TITLES)
    first = str(start["column"]) if start else "segment" if i == 0 else "orders"
    column = a.selectbox("What", columns, format_func=TITLES.__getitem__, key=f"{key}-column", label_visibility="collapsed", index=columns.index(first))
    words, kinds = column in segments.TEXTS, _kinds(column)
    was = start if start and start["column"] == column else {}
    asked = "in" if words and was.get("operator") == "=" else was.get("operator")
    operator = b.selectbox("How", list(kinds), format_func=kinds.__getitem__, key=f"{key}-{column}-how", label_visibility="collapsed", index=list(kinds).index(asked) if asked in kinds else 0)
    if operator in ("missing", "present"):
        return {"column": column, "operator": operator}, ""
    old = was.get("value") if operator == asked else None
    with c:
        if column == NEED:
            return _voiced(f"{key}-need")
        value = _value(view, key, column, operator, old)
    return (None if value is None else {"column": column, "operator": operator, "value": value}), ""


def _value(view: View, key: str, column: str, operator: str, old: Any) -> Any:
    words = column in segments.TEXTS
    if words and operator == "contains":
        return st.text_input("Value", str(old or ""), key=f"{key}-{column}-text", label_visibility="collapsed") or None
    if words:
        chosen = [old] if isinstance(old, str) else list(old or [])
        options = list(dict.fromkeys([*segments.values(view.now, column), *chosen]))
        return st.multiselect("Values", options, default=chosen, key=f"{key}-{column}-values", label_visibility="collapsed", placeholder="Choose values") or None
    if column == "consent":
        return st.segmented_control("Value", ["true", "false"], default=None if old is None else str(old).lower(), format_func={"true": "given", "false": "not given"}.__getitem__, key=f"{key}-consent", label_visibility="collapsed")
    if operator == "between":
        low, high = (_major(column, v) for v in (old or (None, None)))
        with st.container(horizontal=True):
            low = st.number_input("From", value=low, key=f"{key}-{column}-low", label_visibility="collapsed", placeholder="from")
            high = st.number_input("To", value=high, key=f"{key}-{column}-high", label_visibility="collapsed", placeholder="to")
        return None if low is None or high is None else [_minor(column, low), _minor(column, high)]
    number = st.number_input("Value", value=_major(column, old), key=f"{key}-{column}-number", label_visibility="collapsed", placeholder="days" if column in ("joined_at", "left_at") else NUMBERS.get(column, "number"))
    return None if number is None else _minor(column, number)


def voices() -> dict[str, tuple[str, ...]]:
    """Need -> the customers whose words are filed as its evidence."""
    titles = lookup.labels("need", deleted=False)
    found: dict[str, set[str]] = {}
    for piece in lookup.records("need_evidence"):
        if piece.customer_id and piece.need_id in titles:
            found.setdefault(titles[piece.need_id], set()).add(piece.customer_id)
    return {title: tuple(sorted(people)) for title, people in sorted(found.items())}


def _voiced(key: str) -> tuple[dict[str, Any] | None, str]:
    known = voices()
    if not known:
        quiet("No need has evidence of a known customer yet: file comments with the Evidence button.")
        return None, ""
    chosen = st.multiselect("Needs", list(known), format_func=lambda t: f"{t} ({len(known[t])})", key=key, label_visibility="collapsed", placeholder="Choose needs")
    people = sorted({person for title in chosen for person in known[title]})
    return ({"column": "customer_id", "operator": "in", "value": people}, f"listed are those who voiced: {', '.join(chosen)}") if chosen else (None, "")


def _minor(column: str, value: float) -> float:
    kept = value * 100 if column == "revenue" else value
    return int(kept) if float(kept).is_integer() else kept


def _major(column: str, value: Any) -> float | None:
    return None if value is None else float(value) / (100 if column == "revenue" else 1)
