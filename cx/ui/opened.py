"""A record as it stood when somebody began to work on it, so that a save by somebody else in between is noticed and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cx.records import writing
from cx.records.actor import Actor
from cx.records.lookup import find
from cx.ui.fields import Fields
from cx.ui.saving import saved
from cx.ui.text import escape


@dataclass
class Opened:
    """What the form of a record goes by: `row` as it was read, the `version` its save answers to, and `turn`, which makes fresh widgets.

    `key` begins the keys of its widgets: it stays while one types, whatever others save, and changes with the record shown.
    """

    register: str
    name: str
    row: Any
    version: int
    turn: int = 0

    @property
    def key(self) -> str:
        """The beginning of the keys of the form's widgets."""
        return f"{self.name}-{self.row.id}-{self.turn}"

    def renew(self, row: Any) -> None:
        """Show the record as it stands now; what was typed is given up."""
        self.row, self.version, self.turn = row, row.version, self.turn + 1

    def stand_by(self, version: int) -> None:
        """Keep what was typed: the next save answers to the version that others stored."""
        self.version = version

    def save(self, values: dict[str, Any], actor: Actor, done: str, form: Fields | None = None, *, computed: bool = False) -> None:
        """Save (`computed`: what a test has worked out), and begin the page anew; refusals stand beside the fields of `form`; where somebody saved first, say who and on what both differ, and overwrite nothing."""
        stored = saved(lambda: writing.update(self.register, int(self.row.id), values, self.version, actor, computed=computed), done, form)
        if stored is not None:
            self.renew(stored)
            st.rerun()

    def do(self, deed: Callable[[], Any], done: str, form: Fields | None = None) -> None:
        """Run a write that saves this record at `version` together with others, as one unit; refused and begun anew as by `save`."""

        def whole() -> bool:
            deed()
            return True

        if saved(whole, done, form):
            self.renew(find(self.register, int(self.row.id)))
            st.rerun()


def opened(register: str, row: Any, name: str) -> Opened:
    """The record as it was when this session first showed it under `name`; says so where somebody has saved it since."""
    kept: dict[int, Opened] = st.session_state.setdefault(f"{name}-opened", {})
    found = kept.setdefault(int(row.id), Opened(register, name, row, row.version))
    if found.version != row.version:
        _changed(found, row)
    return found


def forget(name: str) -> None:
    """Show the records opened under `name` as they stand: this session itself has just changed them in another way."""
    st.session_state.pop(f"{name}-opened", None)


def _changed(found: Opened, row: Any) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{found.key}-changed"):
        st.warning(escape(f"{row.updated_by or 'Somebody'} saved this first, at {row.updated_at:%Y-%m-%d %H:%M} UTC. Below it stands as you opened it; nothing was overwritten."), icon=":material/sync_problem:")
        st.button("Show what was saved", key=f"{found.key}-theirs", on_click=found.renew, args=(row,))
        st.button("Go on with mine", key=f"{found.key}-mine", on_click=found.stand_by, args=(row.version,))
