"""The fields of a form: the sentence of a refusal stands below its field and names it as the form does; the rest is handed back."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx.records.actor import OPEN
from cx.records.refusal import FieldsError
from cx.records.writing import create
from tests.pages.few import beside

ROOT = Path(__file__).parents[2]
ASKS = {"text_input", "text_area", "date_input"}


def page() -> None:
    import streamlit as st

    from cx.records.refusal import FieldsError
    from cx.ui.fields import Fields
    from cx.ui.saving import saved
    from cx.ui.text import escape

    def deed() -> bool:
        if wrong := {name: sentence for name, sentence in st.session_state["wrong"].items() if sentence}:
            raise FieldsError(wrong, {"title": "Action", "owner": "Owner", "due_on": "Due"})
        return True

    form = Fields("new")
    with st.form(form.key):
        title = form("title").text_input("What *will* be done")
        left, right = st.columns(2)
        form("owner", left).text_input("Owner")
        form("due_on", right).text_input(escape("By [when]"))
        sent = st.form_submit_button("File it")
    if sent and saved(deed, "Filed", form):
        st.session_state["filed"] = title
        st.rerun()


def refused(**wrong: str) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["wrong"] = wrong
    app.run()
    app.text_input[0].set_value("Call them")
    app.text_input[1].set_value("Ada")
    app.button[0].click().run()
    assert not app.exception
    return app


def test_each_sentence_stands_below_its_field_by_the_name_the_form_gives_it() -> None:
    app = refused(title="Action must be given; it is empty; fill it in.", owner="Owner holds at most 200 characters.", due_on="It lies before the beginning.")
    assert beside(app, "What *will* be done") == "“What *will* be done” must be given; it is empty; fill it in."
    assert beside(app, "Owner") == "Owner holds at most 200 characters."
    assert beside(app, app.text_input[2].label) == "“By [when]”: It lies before the beginning."
    assert [m.value for m in app.markdown if "Not saved yet" in m.value]
    assert not app.error


def test_what_was_typed_is_kept_when_refused_and_gone_once_stored() -> None:
    app = refused(owner="Owner must be somebody else.")
    assert [t.value for t in app.text_input] == ["Call them", "Ada", ""]
    assert "filed" not in app.session_state
    app.session_state["wrong"] = {}
    app.button[0].click().run()
    assert app.session_state["filed"] == "Call them"
    assert [t.value for t in app.text_input] == ["", "", ""]
    assert not [m for m in app.markdown if ":red[" in m.value]


def test_what_is_about_no_field_of_the_form_is_said_at_its_end() -> None:
    app = refused(kpi="KPI must be one of the catalogue.")
    assert [e.value.replace("\\", "") for e in app.error] == ["KPI must be one of the catalogue."]
    assert not [m for m in app.markdown if ":red[" in m.value]


def test_words_from_outside_in_a_sentence_are_not_read_as_markdown() -> None:
    app = refused(owner="Owner must be unique; '![x](http://evil/p.png)' is taken.")
    (shown,) = [m.value for m in app.markdown if "unique" in m.value]
    assert "![x](" not in shown
    assert "'![x](http:" in beside(app, "Owner").replace("\u2060", "")


def test_a_refused_record_tells_the_names_under_which_its_sentences_speak(store: str) -> None:
    with pytest.raises(FieldsError) as empty:
        create("action", {"title": " "}, OPEN)
    assert empty.value.titles["title"] == "Action"
    with pytest.raises(FieldsError) as early:
        create("desired_experience", {}, OPEN)
    assert all(sentence.startswith(early.value.titles[name]) for name, sentence in early.value.errors.items())


def bare(tree: Any) -> list[ast.Call]:
    """The texts and days that forms ask for without room for a refusal."""
    forms = [n for n in ast.walk(tree) if isinstance(n, ast.With) and any(isinstance(i.context_expr, ast.Call) and ast.unparse(i.context_expr.func) == "st.form" for i in n.items)]
    calls = [c for form in forms for part in form.body for c in ast.walk(part) if isinstance(c, ast.Call)]
    return [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr in ASKS and not isinstance(c.func.value, ast.Call)]


@pytest.mark.parametrize("file", sorted(f for f in ROOT.glob("cx/ui/**/*.py") if "st.form(" in f.read_text()), ids=lambda f: str(f.relative_to(ROOT)))
def test_every_text_and_day_a_form_asks_for_has_room_for_its_refusal(file: Path) -> None:
    assert [ast.unparse(call)[:80] for call in bare(ast.parse(file.read_text()))] == []
    assert "clear_on_submit" not in file.read_text() or file.name == "fields.py", "a refused form would lose what was typed"


def test_a_form_without_that_room_would_be_noticed() -> None:
    assert len(bare(ast.parse("with box, st.form('a'):\n    name = st.text_input('Name')\n    form('x').text_area('X')"))) == 1
