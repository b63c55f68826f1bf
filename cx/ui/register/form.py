"""The form of one record: add, edit, remove, what somebody else saved meanwhile, and its history."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.errors import CxError
from cx.records.actor import Actor
from cx.records.lookup import find, history, label, labels, records
from cx.records.refusal import StaleRecordError
from cx.records.registry import Register, parts
from cx.records.values import Refused, read, worded, written
from cx.ui import format as words
from cx.ui.fields import said
from cx.ui.register import deeds
from cx.ui.register.state import State
from cx.ui.register.widgets import widget
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

DEEDS = {"create": "added it", "update": "changed", "delete": "removed it", "restore": "brought it back", "undo": "took a change back"}


def show(state: State) -> None:
    """Draw the open record."""
    row = state.register
    try:
        record = find(row, state.open, state.actor) if state.open else None
    except CxError as error:
        st.button("Back", key=f"{state.base}-back", icon=":material/arrow_back:", type="tertiary", on_click=state.leave)
        outside(error)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back", key=f"{state.base}-back", icon=":material/arrow_back:", type="tertiary", on_click=state.leave)
        st.markdown(f"**{escape('New ' + row.singular if record is None else label(row, record))}**", width="stretch")
        if record is not None and state.actor.may(row.writer):
            _removal(state, record)
    if state.stale is not None:
        _conflict(state, state.stale)
    if state.errors.get(""):
        said(state.errors[""])
    _fields(state)
    if record is not None:
        quiet(f"Last saved by {record.updated_by or 'nobody known'} on {words.moment(record.updated_at)} UTC. Link: ?record={row.name}-{record.id}")
        _past(state, int(record.id))


def _fields(state: State) -> None:
    row, writes, new = state.register, state.actor.may(state.register.writer), state.open == 0
    wide = [name for name, spec in row.fields.items() if spec.kind == "long"]
    kept = [name for name, spec in row.fields.items() if spec.kind == "document"]
    short = [name for name in row.fields if name not in (*wide, *kept)]
    with st.form(f"{state.key}-form", border=True):
        grid = st.grid(3, min_column_width=240, gap="small")
        for name in short:
            with grid.cell():
                _one(state, name, writes)
        for name in wide:
            _one(state, name, writes)
        if kept and not new:
            with st.expander("Kept by other tools, as JSON"):
                for name in kept:
                    _one(state, name, writes)
        if not writes:
            quiet(f"You may look; changing {row.title.lower()} needs the role of a {row.writer}.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                "Add" if new else "Save", key=f"{state.key}-save", type="primary", on_click=submit, args=(state,), disabled=not writes
            )
            if any(spec.required for spec in row.fields.values()):
                quiet("* must be given")
            if any(name for name in state.errors if name):
                said("Not saved yet: see the fields marked above.")


def _one(state: State, name: str, writes: bool) -> None:
    spec = state.register.fields[name]
    value = state.before.get(name, spec.default)
    currency = state.before.get("currency")
    widget(spec, value, f"{state.key}-{name}", currency=currency, error=state.errors.get(name, ""), disabled=not writes or spec.computed)


def submit(state: State) -> None:
    """Collect what stands in the form and save it."""
    drawn = {name: f"{state.key}-{name}" for name in state.register.fields}
    deeds.save(state, {name: st.session_state[key] for name, key in drawn.items() if key in st.session_state})


def _removal(state: State, record: Any) -> None:
    row = state.register
    with st.popover("Remove", icon=":material/delete:", type="tertiary", key=f"{state.base}-ask"):
        found = [(part, len(records(part, Actor("the form", "admin"), **{field: record.id}))) for part, field in parts(row)]
        along = [f"{n} {part.singular if n == 1 else part.title.lower()}" for part, n in found if n]
        outside(f"Remove {label(row, record)!r}?" + (f" {' and '.join(along)} go with it." if along else "") + " It can be brought back.")
        st.button("Remove it", key=f"{state.base}-remove", type="primary", on_click=deeds.remove, args=(state,))


def _conflict(state: State, stale: StaleRecordError) -> None:
    row = state.register
    with st.container(border=True):
        said(str(stale))
        if stale.conflicts:
            table(
                {
                    "Field": [c.title for c in stale.conflicts],
                    f"Saved by {stale.by or 'somebody'}": [readable(row, c.field, c.stored) for c in stale.conflicts],
                    "Yours": [readable(row, c.field, c.yours) for c in stale.conflicts],
                },
                f"{state.base}-conflict", csv=False, alt="What was saved meanwhile, and what you were about to save",
            )  # fmt: skip
        with st.container(horizontal=True):
            st.button("Show what was saved", key=f"{state.base}-theirs", on_click=deeds.keep_theirs, args=(state,))
            if stale.conflicts:
                st.button("Save mine over it", key=f"{state.base}-mine", on_click=deeds.keep_mine, args=(state,))


def _past(state: State, id: int) -> None:
    row = state.register
    past = st.expander("History", icon=":material/history:", key=f"{state.key}-history", on_change="rerun")
    if not past.open:
        return
    with past:
        for change in history(row, id, state.actor, limit=50):
            with st.container(border=True, gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    quiet(f"{words.moment(change.at)} UTC · {change.actor} {DEEDS.get(change.action, change.action)}")
                    if state.actor.may(row.writer) and change.action in ("update", "undo"):
                        st.button(
                            "Take back",
                            key=f"{state.base}-back-{change.id}",
                            type="tertiary",
                            icon=":material/undo:",
                            on_click=deeds.undo,
                            args=(state, change.id),
                        )
                if change.action in ("update", "undo"):
                    for name, (before, after) in change.fields.items():
                        if name in row.fields:
                            outside(f"{row.fields[name].title}: {readable(row, name, before) or '–'} → {readable(row, name, after) or '–'}")


def readable(row: Register, name: str, value: Any) -> str:
    """A value as history and conflicts hold it, in words."""
    spec = row.fields[name]
    if value is None or value == "":
        return ""
    if spec.kind == "link":
        return labels(spec.register).get(int(value), f"number {value}") if str(value).isdigit() else str(value)
    try:
        return written(spec, read(spec, value))
    except Refused:
        return worded(str(value))
