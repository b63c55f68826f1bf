"""A short form for a new record: some of its fields, each with the sentence of a refusal right below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from cx.records import writing
from cx.records.actor import Actor
from cx.records.refusal import FieldsError
from cx.records.registry import register
from cx.ui.register.widgets import said, widget
from cx.ui.saving import saved


def brief(
    name: str, fields: Sequence[str], key: str, actor: Actor, *, button: str, done: str, start: Mapping[str, Any] | None = None, always: Mapping[str, Any] | None = None,
    more: Callable[[], Any] = lambda: None, act: Callable[[dict[str, Any], Any], Any] | None = None, across: int = 1,
) -> Any:  # fmt: skip
    """Draw the form; returns the new record once it is stored, else None.

    `start` is what stands in the fields at first, `always` what is stored besides. `more` draws further widgets below the fields;
    what it returns goes to `act` with the values, which stores them where that takes more than one record.
    """
    row, held = register(name), f"{key}-refused"
    turn = st.session_state.get(f"{key}-turn", 0)  # what was typed is gone once it is stored
    errors: dict[str, str] = st.session_state.get(held, {})
    with st.form(f"{key}-{turn}", border=False):
        grid = st.grid(across, min_column_width=150, gap="small") if across > 1 else None
        for field in fields:
            spec = row.fields[field]
            with grid.cell() if grid is not None else st.container():
                widget(spec, (start or {}).get(field, spec.default), f"{key}-{turn}-{field}", error=errors.get(field, ""))
        further = more()
        for sentence in (text for field, text in errors.items() if field not in fields):
            said(sentence)
        sent = st.form_submit_button(button, type="primary", disabled=not actor.may(row.writer))
    if not sent:
        return None
    values = {field: st.session_state[f"{key}-{turn}-{field}"] for field in fields} | dict(always or {})
    try:
        made = saved(lambda: _checked(name, values, actor, further, act), done)
    except _RefusedError as refused:
        st.session_state[held] = refused.errors
        st.rerun()
    st.session_state.pop(held, None)
    st.session_state[f"{key}-turn"] = turn + (made is not None)
    return made


class _RefusedError(Exception):
    """Carries the sentences past the place where a refusal would be said below the form."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__()


def _checked(name: str, values: dict[str, Any], actor: Actor, further: Any, act: Callable[[dict[str, Any], Any], Any] | None) -> Any:
    try:
        return act(values, further) if act else writing.create(name, values, actor)
    except FieldsError as refused:
        raise _RefusedError(refused.errors) from None
