"""The editor of a register on a page: the table or the open record, and what just happened with its Undo."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from cx.records.actor import Actor
from cx.records.lookup import label, records
from cx.records.registry import Register, register
from cx.ui.register import deeds, files, form, listing
from cx.ui.register.state import State, state
from cx.ui.text import escape, outside, quiet


def show(name: str | Register, actor: Actor, *, prefix: str = "") -> None:
    """Draw the editor of a register. `prefix` keeps it apart from another editor of the same register.

    An address with `?record=NAME-ID` (or, for the one register of a page, `?record=ID`) opens that record.
    """
    row = register(name)
    if row.private and not actor.may(row.reader):
        quiet(f"{row.title} are seen by those who are {row.reader} or more.")
        return
    kept = state(row, actor, prefix)
    _linked(kept)
    if kept.open is not None:
        form.show(kept)
        return
    found, removed = records(row, actor), records(row, actor, deleted=True)
    _head(kept, bool(found), removed)
    _notice(kept)
    if found:
        listing.show(kept, found)
    else:
        _empty(kept)


def _linked(kept: State) -> None:
    wanted = st.query_params.get("record", "")
    if wanted == kept.linked:
        return
    match = re.fullmatch(rf"(?:{kept.register.name}-)?(\d{{1,9}})", wanted)
    kept.linked = wanted
    if match:
        deeds.opened(kept, int(match[1]))


def _head(kept: State, filled: bool, removed: list[Any]) -> None:
    row, writes = kept.register, kept.actor.may(kept.register.writer)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            quiet(row.purpose)
        if filled and writes:
            st.button("Add", key=f"{kept.base}-add", icon=":material/add:", on_click=kept.enter, args=(0,))
        if removed and writes:
            with st.popover(f"Removed {len(removed)}", icon=":material/restore_from_trash:", type="tertiary", key=f"{kept.base}-removed"):
                for gone in sorted(removed, key=lambda r: r.deleted_at, reverse=True)[:50]:
                    id = int(gone.id)
                    st.button(
                        f"Bring back {escape(label(row, gone))}",
                        key=f"{kept.base}-restore-{id}",
                        type="tertiary",
                        on_click=deeds.restore,
                        args=(kept, id),
                    )
        if filled:
            with st.popover("CSV", icon=":material/table_view:", type="tertiary", key=f"{kept.base}-files"):
                files.show(kept, True)


def _notice(kept: State) -> None:
    if kept.notice:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            outside(kept.notice)
            if kept.change is not None and kept.actor.may(kept.register.writer):
                st.button("Undo", key=f"{kept.base}-undo", icon=":material/undo:", type="tertiary", on_click=deeds.undo, args=(kept, kept.change))


def _empty(kept: State) -> None:
    row = kept.register
    with st.container(border=True):
        outside(f"No {row.title.lower()} yet.")
        if not kept.actor.may(row.writer):
            quiet(f"Adding needs the role of a {row.writer}.")
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Add the first", key=f"{kept.base}-add", type="primary", icon=":material/add:", on_click=kept.enter, args=(0,))
            with st.popover("From a CSV", icon=":material/table_view:", type="tertiary", key=f"{kept.base}-files"):
                files.show(kept, False)
