"""What the editor of one register remembers between reruns: which record is open, as it was read, and what is to be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from cx.records.actor import Actor
from cx.records.refusal import StaleRecordError
from cx.records.registry import Register


@dataclass
class State:
    """`open` is None for the table, 0 for a new record, else its number; `turn` makes fresh widgets for each opening."""

    register: Register
    actor: Actor
    base: str
    open: int | None = None
    version: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    turn: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    stale: StaleRecordError | None = None
    mine: dict[str, Any] = field(default_factory=dict)
    notice: str = ""
    change: int | None = None
    linked: str = ""

    @property
    def key(self) -> str:
        """A prefix for widget keys that changes whenever another record is opened."""
        return f"{self.base}-{self.turn}"

    def leave(self) -> None:
        """Back to the table; what was typed and not saved is given up."""
        self.open, self.version, self.before = None, 0, {}
        self.settle()

    def settle(self) -> None:
        """No errors, no conflict, fresh widgets."""
        self.errors, self.stale, self.mine = {}, None, {}
        self.turn += 1

    def enter(self, id: int, version: int = 0, values: dict[str, Any] | None = None) -> None:
        """Open a record as it stands now; 0 for a new one."""
        self.open, self.version, self.before = id, version, dict(values or {})
        self.notice, self.change = "", None
        self.settle()


def state(row: Register, actor: Actor, prefix: str) -> State:
    """The state of this register's editor on this page."""
    base = f"{prefix}-{row.name}" if prefix else row.name
    kept = st.session_state.setdefault(f"{base}:editor", State(row, actor, base))
    kept.register, kept.actor = row, actor
    return kept
