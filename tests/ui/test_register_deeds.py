"""What the editor does to the registers of product, quality, improvement, training and reporting: edit, undo, and a stale edit."""

from __future__ import annotations

import pytest

from cx.records.actor import OPEN, Actor
from cx.records.lookup import find, records
from cx.records.registry import Register, registers
from cx.records.writing import update
from cx.ui.register import deeds
from cx.ui.register.state import State
from tests.records.filled import filled

BEA = Actor("bea", "admin")
GROUPS = ("product", "quality", "improvement", "training", "reporting")


def edited(row: Register) -> str:
    """The field to edit: the label where it is plain text, else the first plain text."""
    plain = [name for name, spec in row.fields.items() if spec.kind in ("text", "long") and not spec.source]
    return row.label if row.label in plain else next(iter(plain), "")


@pytest.mark.parametrize("group", GROUPS)
def test_an_edit_is_undone_and_a_stale_edit_is_shown_and_overwrites_nothing(store: str, group: str) -> None:
    names = [name for name, row in registers().items() if row.group == group and edited(row)]
    assert names
    for name in names:
        row = registers()[name]
        field = edited(row)
        made = filled(name, store, f"of {name}")
        first = getattr(made, field)
        state = State(row, OPEN, name)
        deeds.opened(state, made.id)
        deeds.save(state, state.before | {field: "second thought"})
        assert getattr(find(row, made.id, OPEN), field) == "second thought", (name, state.errors)
        assert state.change is not None
        deeds.undo(state, state.change)
        assert getattr(find(row, made.id, OPEN), field) == first, name
        deeds.opened(state, made.id)
        update(row, made.id, {field: "saved by bea"}, find(row, made.id, OPEN).version, BEA)
        deeds.save(state, state.before | {field: "typed meanwhile"})
        assert state.stale is not None, name
        assert state.stale.by == "bea"
        assert [(c.field, c.stored, c.yours) for c in state.stale.conflicts] == [(field, "saved by bea", "typed meanwhile")]
        assert getattr(find(row, made.id, OPEN), field) == "saved by bea", name
        deeds.keep_theirs(state)
        deeds.remove(state)
        assert made.id not in {r.id for r in records(row, OPEN)}, name


def test_a_new_record_that_is_due_on_a_day_long_gone_is_saved_and_told_so(store: str) -> None:
    state = State(registers()["action"], OPEN, "action")
    state.enter(0)
    deeds.save(state, {"title": "Call back", "group": "service", "due_on": "2019-01-31"})
    assert state.notice == "Saved 'Call back'. Due has passed already: 2019-01-31."
    deeds.opened(state, records("action")[0].id)
    deeds.save(state, state.before | {"title": "Call again"})
    assert state.notice == "Saved 'Call again'.", "said once, not with every later change"
    deeds.opened(state, records("action")[0].id)
    deeds.save(state, state.before | {"starts_on": "2019-02-28"})
    assert state.errors == {"due_on": "Due must not lie before Start; it is 2019-01-31, Start is 2019-02-28; correct one of them."}
