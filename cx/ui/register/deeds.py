"""What the editor's buttons do, without drawing anything: each tells its outcome to the state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cx.errors import CxError
from cx.records import writing
from cx.records.lookup import find, history, label
from cx.records.refusal import FieldsError, StaleRecordError
from cx.records.registry import Register
from cx.records.values import Refused, read, written
from cx.ui.register.state import State


def opened(state: State, id: int) -> None:
    """Open a record for editing."""
    try:
        record = find(state.register, id, state.actor)
    except CxError as error:
        state.leave()
        state.notice, state.change = str(error), None
    else:
        state.enter(id, record.version, record.values())


def save(state: State, given: dict[str, Any]) -> None:
    """Save what was given: a new record, or the fields of the open one that were changed since it was read."""
    row = state.register
    state.errors, state.stale, state.mine = {}, None, {}
    moved = given if state.open == 0 else changed(row, state.before, given)
    try:
        if state.open == 0:
            saved = writing.create(row, moved, state.actor)
        elif not moved:
            state.leave()
            state.notice = "Nothing was changed."
            return
        else:
            saved = writing.update(row, state.open or 0, moved, state.version, state.actor)
    except FieldsError as error:
        state.errors = error.errors
    except StaleRecordError as error:
        state.stale, state.mine = error, moved
    except CxError as error:
        state.errors = {"": str(error)}
    else:
        passed = saved.passed(datetime.now(UTC).date()) if state.open == 0 or any(row.fields[name].ahead for name in moved) else ""
        _done(state, int(saved.id), f"Saved {label(row, saved)!r}." + (f" {passed}" if passed else ""))


def changed(row: Register, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The given fields that differ from what was read; one that cannot be read counts as changed, so that it is refused aloud."""
    found = {}
    for name, value in given.items():
        spec, currency = row.fields[name], str(given.get("currency") or before.get("currency") or "").upper() or None
        try:
            same = written(spec, read(spec, value, currency), currency) == written(spec, before.get(name), currency)
        except Refused:
            same = False
        if not same:
            found[name] = value
    return found


def keep_theirs(state: State) -> None:
    """Give up one's own changes and show what stands."""
    opened(state, state.open or 0)


def keep_mine(state: State) -> None:
    """Save one's own changes over what stands now, which was shown; if somebody was faster again, that is shown too."""
    if state.stale is not None:
        mine, state.version = state.mine, state.stale.version
        record = find(state.register, state.open or 0, state.actor)
        state.before = record.values()
        save(state, record.values() | mine)


def remove(state: State) -> None:
    """Remove the open record as it was read."""
    row, id = state.register, state.open or 0
    try:
        gone = writing.remove(row, id, state.version, state.actor)
    except StaleRecordError as error:
        state.stale, state.mine = error, {}
    except FieldsError as error:
        state.errors = error.errors
    except CxError as error:
        state.errors = {"": str(error)}
    else:
        _done(state, id, f"Removed {label(row, gone)!r}.")


def restore(state: State, id: int) -> None:
    """Bring a removed record back."""
    try:
        back = writing.restore(state.register, id, state.actor)
    except CxError as error:
        state.notice, state.change = str(error), None
    else:
        _done(state, id, f"{label(state.register, back)!r} is back.")


def undo(state: State, change: int) -> None:
    """Take a change back."""
    try:
        record = writing.undo(change, state.actor)
    except CxError as error:
        state.leave()
        state.notice, state.change = str(error), None
    else:
        _done(state, int(record.id), f"Undone: {label(state.register, record)!r} is as it was before.")


def _done(state: State, id: int, sentence: str) -> None:
    state.leave()
    state.notice = sentence
    state.change = history(state.register, id, state.actor, limit=1)[0].id
