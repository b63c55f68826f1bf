"""A short form for a new record: some of its fields, each with the sentence of a refusal right below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from cx.records import writing
from cx.records.actor import Actor
from cx.records.registry import register
from cx.ui.fields import Fields
from cx.ui.register.widgets import widget
from cx.ui.saving import saved


def brief(
    name: str, fields: Sequence[str], key: str, actor: Actor, *, button: str, done: str, start: Mapping[str, Any] | None = None, always: Mapping[str, Any] | None = None,
    more: Callable[[], Any] = lambda: None, act: Callable[[dict[str, Any], Any], Any] | None = None, across: int = 1,
) -> Any:  # fmt: skip
    """Draw the form; returns the new record once it is stored, else None.

    `start` is what stands in the fields at first, `always` what is stored besides. `more` draws further widgets below the fields;
    what it returns goes to `act` with the values, which stores them where that takes more than one record.
    """
    row, form = register(name), Fields(key)
    with st.form(form.key, border=False):
        grid = st.grid(across, min_column_width=150, gap="small") if across > 1 else None
        for field in fields:
            spec = row.fields[field]
            with form.room(field, spec.title, grid.cell() if grid is not None else None):
                widget(spec, (start or {}).get(field, spec.default), f"{form.key}-{field}")
        further = more()
        sent = st.form_submit_button(button, type="primary", disabled=not actor.may(row.writer))
    if not sent:
        return None
    values = {field: st.session_state[f"{form.key}-{field}"] for field in fields} | dict(always or {})
    return saved(lambda: act(values, further) if act else writing.create(name, values, actor), done, form)
