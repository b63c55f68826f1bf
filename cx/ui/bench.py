"""What workbenches have in common: who acts, saving with the reason of a refusal, choosing a record, a headline, tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from cx.errors import CxError, NotFoundError
from cx.records.actor import Actor
from cx.records.lookup import find
from cx.records.record import Record, snake
from cx.records.refusal import FieldsError
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.saving import late
from cx.ui.text import escape, quiet


def actor(view: View) -> Actor:
    """Who writes: the member looking at the page."""
    return Actor(view.member.name, view.member.role)  # type: ignore[arg-type]


def saved(act: Callable[[], Any], done: str, form: Fields | None = None) -> None:
    """Run a write and start the page anew; where it is refused, say why (beside the fields of `form` it is about) and leave everything as it was."""
    try:
        written = act()
    except FieldsError as refused:
        (form or Fields()).refuse(refused.errors, refused.titles)
        return
    except CxError as refused:
        st.error(escape(str(refused), 900), icon=":material/block:")
        return
    st.toast(escape(done), icon=":material/check:")
    if form is not None:
        form.stored()
    late(written)
    st.rerun()


def choose(label: str, found: Sequence[Any], key: str, name: Callable[[Any], str], *, width: Any = "stretch", index: int | None = 0, placeholder: str | None = None) -> Any:
    """Choose one of the records; the choice is in the address. None where there is none, or none chosen. One that was just `made` is chosen.

    Who it is outlasts what it is called: where the name has changed since (it often ends in a state), the same record stays chosen. One that
    somebody removed meanwhile is said to be gone. With `placeholder` the label is only read out, and `index` None leaves the choice open.
    """
    if not found:
        return None
    called = [name(r) for r in found]
    fresh = st.session_state.pop(f"{key}-made", None)
    names = {int(r.id): label if called.count(label) == 1 else f"{label} · {r.id}" for r, label in zip(found, called, strict=True)}
    options = list(names.values())
    wanted = st.session_state.get(key) or st.query_params.get(key)
    if fresh in names:
        st.session_state[key] = names[fresh]
    elif wanted and wanted not in options:
        same = names.get(st.session_state.get(f"{key}-chosen", 0)) if st.session_state.get(key) else next((o for o in options if o.partition(" (")[0] == wanted.partition(" (")[0]), None)
        if same:
            st.session_state[key] = same
        elif st.session_state.pop(key, None):
            _gone(found[0], st.session_state.pop(f"{key}-chosen", None), wanted)
    start = None if index is None else min(index, len(options) - 1)
    chosen = st.selectbox(label, options, index=start, key=key, bind="query-params", width=width, placeholder=placeholder, label_visibility="collapsed" if placeholder else "visible")
    if chosen is None:
        st.session_state.pop(f"{key}-chosen", None)
        return None
    one = next((r for r in found if names[int(r.id)] == chosen), found[0])
    st.session_state[f"{key}-chosen"] = int(one.id)
    return one


def _gone(like: Any, number: int | None, name: str) -> None:
    """Say who removed the record that was chosen, where it was removed and does not just stand on another list."""
    if number is None or not isinstance(like, Record):
        return
    with suppress(NotFoundError):
        one = find(snake(type(like).__name__), number, deleted=True)
        if one.deleted_at is not None:
            st.warning(escape(f"{name!r} was removed by {one.updated_by or 'somebody'} at {one.deleted_at:%Y-%m-%d %H:%M} UTC; what was typed for it is not kept. The history of the register brings it back."), icon=":material/sync_problem:")


def made(key: str, id: int) -> None:
    """Have a record that was just added chosen where `choose` is drawn under that key."""
    st.session_state[f"{key}-made"] = id


def headline(text: str) -> None:
    """What the screen says, in one sentence."""
    st.markdown(f"**{escape(text)}**")


def tiles(key: str, values: Sequence[tuple[str, str, str]]) -> None:
    """Counted facts side by side: what, how much, and a note under it."""
    grid = st.grid(len(values), min_column_width=130, border=True, gap="xsmall", key=key)
    for what, much, note in values:
        with grid.cell(), st.container(gap=None):
            st.metric(escape(what), escape(much))
            quiet(note or " ")


def today(view: View) -> date:
    """The day from which due dates are seen: today, or the last day of the demo company."""
    if view.now.demo and view.last:
        return (view.last - timedelta(days=1)).date()
    return datetime.now(UTC).date()


def listed(words: str) -> list[str]:
    """The lines of a text field as a list."""
    return [line.strip() for line in words.splitlines() if line.strip()]
