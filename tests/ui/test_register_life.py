"""Every register of the first five groups through its editor: added, edited, undone, and not overwritten where somebody saved first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx.records.actor import OPEN, Actor
from cx.records.fields import Spec
from cx.records.lookup import find, records
from cx.records.registry import Register, registers
from cx.records.writing import update
from tests.records.filled import SPECIAL, filled, value

PAGE = str(Path(__file__).with_name("register_page.py"))
BEA = Actor("bea", "admin")
GROUPS = ("needs", "journeys", "service", "sales", "marketing")
NAMES = [name for name, row in registers().items() if row.group in GROUPS]
ALSO: dict[str, dict[str, Any]] = {"sla_policy": {"first_response_minutes": 60}}  # what a register asks for beyond its single fields
DRAWN = ("text_input", "text_area", "selectbox", "number_input", "date_input", "multiselect", "checkbox")


def fill(app: AppTest, key: str, spec: Spec, given: Any) -> None:
    """Put a value into the field of that key, whatever its widget is."""
    field = next(w for kind in DRAWN for w in getattr(app, kind) if w.key == key)
    field.set_value(f"{given / 100:.2f}" if spec.kind == "money" else given)


def pressed(app: AppTest, key: str) -> str:
    """Press a button; what the page says then."""
    app.button(key=key).click().run()
    assert not app.exception, app.exception[0].message
    return "\n".join([*(t.value for t in app.text), *(m.value for m in app.markdown)])


def titled(row: Register) -> str:
    """A field to edit: a plain text, the one that names the record where it can be."""
    plain = [name for name, spec in row.fields.items() if spec.kind in ("text", "long") and not spec.source]
    return row.label if row.label in plain else plain[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_added_edited_undone_and_a_stale_edit_overwrites_nothing(name: str, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_TEST_REGISTER", name)
    row, edited = registers()[name], titled(registers()[name])
    app = AppTest.from_file(PAGE, default_timeout=30).run()
    pressed(app, f"{name}-add")
    for spec in row.fields.values():
        if spec.kind == "link" and spec.required:
            filled(spec.register, store, "of")
    app.run()
    first = {field: value(spec, store, "new") for field, spec in row.fields.items() if (spec.required and spec.kind != "link") or field == edited}
    first |= {field: given for field, given in (SPECIAL.get(name, {}) | ALSO.get(name, {})).items() if row.fields[field].kind in ("whole", "number")}
    first |= {field: int(records(spec.register, OPEN)[0].id) for field, spec in row.fields.items() if spec.required and spec.kind == "link"}
    if any(row.fields[field].kind == "text" and row.fields[field].source for field in first):
        made = filled(name, store, "new")  # the test tool cannot type a new word into a list that takes new words
        first = {edited: getattr(made, edited)}
    else:
        for field, given in first.items():
            fill(app, f"{name}-1-{field}", row.fields[field], given)
        said = pressed(app, f"{name}-1-save")
        assert records(row, OPEN), said
        made = records(row, OPEN)[-1]
        assert {field: getattr(made, field) for field in first} == first
        assert made.created_by == "tess"

    app.query_params["record"] = f"{name}-{made.id}"
    app.run()
    turn = app.session_state[f"{name}:editor"].turn
    fill(app, f"{name}-{turn}-{edited}", row.fields[edited], "second thought")
    pressed(app, f"{name}-{turn}-save")
    assert getattr(find(row, made.id, OPEN), edited) == "second thought"
    assert "Undone" in pressed(app, f"{name}-undo")
    assert getattr(find(row, made.id, OPEN), edited) == first[edited]

    app.query_params["record"] = ""
    app.run()
    app.query_params["record"] = f"{name}-{made.id}"
    app.run()
    turn = app.session_state[f"{name}:editor"].turn
    update(row, made.id, {edited: "saved by bea"}, find(row, made.id, OPEN).version, BEA)
    fill(app, f"{name}-{turn}-{edited}", row.fields[edited], "typed meanwhile")
    said = pressed(app, f"{name}-{turn}-save")
    assert "bea saved" in said
    assert getattr(find(row, made.id, OPEN), edited) == "saved by bea"
    assert list(app.dataframe[0].value.iloc[0])[1:] == ["saved by bea", "typed meanwhile"]
