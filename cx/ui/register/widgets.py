"""One widget for one field: label and help from its declaration, the sentence of a refusal right below it."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from cx.records.fields import Spec
from cx.records.lookup import labels
from cx.records.values import worded, written
from cx.ui.fields import said
from cx.ui.register.suggestions import suggestions, titled
from cx.ui.text import clean, escape

SCALE = 11  # up to this many steps a score is picked from a list


def widget(spec: Spec, value: Any, key: str, *, currency: str | None = None, error: str = "", disabled: bool = False) -> None:
    """Draw the field with its present value."""
    unit = f", {spec.unit}" if spec.unit else ""
    label = f"{spec.title}{unit}{' *' if spec.required else ''}"  # our own words: a backslash before the star would be read aloud
    _drawn(spec, value, label, {"key": key, "help": escape(spec.description, 600) or None, "disabled": disabled}, currency)
    if error:
        said(error)


def _drawn(spec: Spec, value: Any, label: str, more: dict[str, Any], currency: str | None) -> None:
    if spec.kind == "long":
        st.text_area(label, clean(value or ""), height=96, **more)
    elif spec.kind == "choice":
        _select(label, list(spec.choices), value, worded, more)
    elif spec.kind == "yes":
        st.checkbox(label, bool(value), **more)
    elif spec.kind == "day":
        st.date_input(label, value, format="YYYY-MM-DD", **more)
    elif spec.kind == "link":
        named = labels(spec.register, deleted=False)
        _select(label, list(named), value if value in named else None, lambda id: clean(named.get(id, f"number {id}")), more)
    elif spec.kind == "several":
        chosen = list(value or [])
        known = list(spec.choices) or list(dict.fromkeys([*suggestions(spec), *chosen]))
        st.multiselect(
            label, known, chosen, format_func=worded if spec.choices else clean, accept_new_options=not spec.choices, placeholder="", **more
        )
    elif spec.kind == "document":
        st.text_area(label, json.dumps(value, ensure_ascii=False, indent=1) if value is not None else "", height=96, **more)
    elif spec.kind == "whole" and spec.low is not None and spec.high is not None and spec.high - spec.low < SCALE:
        _select(label, list(range(int(spec.low), int(spec.high) + 1)), value, str, more)
    elif spec.kind == "whole":
        st.number_input(label, value=value, step=1, placeholder="", **more)
    elif spec.kind == "number":
        st.number_input(label, value=None if value is None else float(value), step=_step(spec), format="%g", placeholder="", **more)
    elif spec.source:
        known = suggestions(spec)
        options = known if not value or value in known else [value, *known]
        _select(label, options, value, lambda text: clean(titled(spec, text)), more, new=True)
    else:
        st.text_input(label, clean(written(spec, value, currency)), max_chars=spec.longest if spec.kind == "text" else None, **more)


def _select(label: str, options: list[Any], value: Any, words: Any, more: dict[str, Any], *, new: bool = False) -> None:
    index = options.index(value) if value in options else None
    st.selectbox(label, options, index, format_func=words, accept_new_options=new, placeholder="", **more)


def _step(spec: Spec) -> float:
    return 0.1 if spec.high is not None and spec.high <= 10 else 1.0
