"""The register editor, as somebody works with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cx.records.actor import OPEN, Actor
from cx.records.lookup import find, records
from cx.records.registry import registers
from cx.records.sheet import ID, rows
from cx.records.writing import create, remove, update
from cx.store.engine import engine
from cx.store.migrate import migrate
from cx.ui.register import deeds, files
from cx.ui.register.listing import matching
from cx.ui.register.state import State
from tests.records.filled import filled

PAGE = str(Path(__file__).with_name("register_page.py"))
BEA = Actor("bea", "admin")


def opened(monkeypatch: pytest.MonkeyPatch, name: str = "need", role: str = "admin", record: str = "") -> AppTest:
    monkeypatch.setenv("CX_TEST_REGISTER", name)
    monkeypatch.setenv("CX_TEST_ROLE", role)
    app = AppTest.from_file(PAGE, default_timeout=30)
    if record:
        app.query_params["record"] = record
    app.run()
    assert not app.exception, app.exception
    return app


def button(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join([*(t.value for t in app.text), *(m.value for m in app.markdown)])


def test_an_empty_register_says_what_it_is_for_and_offers_the_first(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    assert "No needs yet." in texts(app)
    assert "What customers try to get done" in texts(app)
    button(app, "need-add")
    app.text_input(key="need-1-title").input("Know when it arrives")
    button(app, "need-1-save")
    assert [r.title for r in records("need")] == ["Know when it arrives"]
    assert records("need")[0].created_by == "tess"
    assert "Saved 'Know when it arrives'." in texts(app)


def test_a_missing_field_is_refused_beside_it_and_nothing_typed_is_lost(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = button(opened(monkeypatch), "need-add")
    app.text_area(key="need-1-description").input("long thought")
    button(app, "need-1-save")
    assert "Need must be given" in texts(app)
    assert app.text_area(key="need-1-description").value == "long thought"
    assert records("need") == []


def test_an_address_opens_the_record_and_a_save_can_be_undone(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create("need", {"title": "Parking"}, OPEN)
    app = opened(monkeypatch, record=f"need-{made.id}")
    app.text_input(key="need-1-title").input("Parking space")
    button(app, "need-1-save")
    assert find("need", made.id).title == "Parking space"
    button(app, "need-undo")
    assert find("need", made.id).title == "Parking"
    assert "Undone" in texts(app)


def test_a_number_alone_opens_too_and_an_unknown_one_is_said(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create("need", {"title": "Parking"}, OPEN)
    assert opened(monkeypatch, record=str(made.id)).text_input(key="need-1-title").value == "Parking"
    assert "There is no need 99" in texts(opened(monkeypatch, record="need-99"))


def test_a_stale_edit_shows_both_versions_and_overwrites_nothing(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create("need", {"title": "Parking", "importance": 5}, OPEN)
    app = opened(monkeypatch, record=f"need-{made.id}")
    update("need", made.id, {"title": "Free parking", "effort": 3}, 1, BEA)
    app.text_input(key="need-1-title").input("Parking nearby")
    button(app, "need-1-save")
    assert "bea saved" in texts(app)
    assert find("need", made.id).title == "Free parking"
    shown = app.dataframe[0].value
    assert list(shown.iloc[0]) == ["Need", "Free parking", "Parking nearby"]
    button(app, "need-mine")
    after = find("need", made.id)
    assert (after.title, after.effort, after.importance) == ("Parking nearby", 3, 5)


def test_after_a_stale_edit_one_may_take_what_was_saved(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create("need", {"title": "Parking"}, OPEN)
    app = opened(monkeypatch, record=f"need-{made.id}")
    update("need", made.id, {"title": "Free parking"}, 1, BEA)
    app.text_input(key="need-1-title").input("Parking nearby")
    button(button(app, "need-1-save"), "need-theirs")
    assert app.text_input(key="need-2-title").value == "Free parking"


def test_removing_asks_first_and_can_be_undone(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need = create("need", {"title": "Parking"}, OPEN)
    create("need_evidence", {"need_id": need.id, "quote": "I drove in circles"}, OPEN)
    app = opened(monkeypatch, record=f"need-{need.id}")
    assert "1 piece of evidence go with it" in texts(app)
    button(app, "need-remove")
    assert records("need") == [] == records("need_evidence")
    button(app, "need-undo")
    assert len(records("need")) == len(records("need_evidence")) == 1


def test_a_removed_record_is_brought_back_from_the_list(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need = create("need", {"title": "Parking"}, OPEN)
    remove("need", need.id, 1, OPEN)
    app = button(opened(monkeypatch), f"need-restore-{need.id}")
    assert [r.title for r in records("need")] == ["Parking"]
    assert "'Parking' is back." in texts(app)


def test_a_viewer_reads_and_changes_nothing(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need = create("need", {"title": "Parking"}, OPEN)
    app = opened(monkeypatch, role="viewer", record=f"need-{need.id}")
    assert app.text_input(key="need-1-title").disabled
    assert app.button(key="need-1-save").disabled
    assert "need-remove" not in [b.key for b in app.button]
    app = opened(monkeypatch, role="viewer")
    assert "need-add" not in [b.key for b in app.button]


def test_a_private_register_is_closed_to_those_without_the_role(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled("coaching_note", store, "secret")
    app = opened(monkeypatch, "coaching_note", "contributor")
    assert "secret" not in texts(app)
    assert "are seen by those who are manager or more" in texts(app)
    assert len(app.dataframe) == 0


@pytest.mark.parametrize("name", ["touchpoint", "journey_step", "quota", "capa", "survey", "business_hours", "session"])
def test_every_kind_of_field_has_a_widget_that_gives_back_what_stands(name: str, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = filled(name, store, "kept")
    app = opened(monkeypatch, name, record=f"{name}-{made.id}")
    button(app, f"{name}-1-save")
    assert "Nothing was changed." in texts(app)
    assert find(name, made.id).version == 1


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One store with a record in every register."""
    url = f"sqlite:///{tmp_path_factory.mktemp('crowded') / 'cx.db'}"
    migrate(url)
    for name in registers():
        filled(name, url, f"of {name}")
    yield url
    engine(url).dispose()


@pytest.mark.parametrize("part", range(4))
def test_every_register_shows_its_table_and_its_form(part: int, crowded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", crowded)
    for name in list(registers())[part::4]:
        id = records(name, OPEN)[-1].id
        assert len(opened(monkeypatch, name).dataframe) == 1, name
        assert opened(monkeypatch, name, record=f"{name}-{id}").button(key=f"{name}-1-save"), name


def test_a_file_is_read_before_it_is_stored_and_counted(store: str) -> None:
    state = State(registers()["need"], OPEN, "need")
    files.take(state, b"Need,Importance to customers\nParking,7\nWarm food,9\n")
    assert state.notice == "2 rows: 2 were added, 0 changed, 0 are as they stand, 0 faulty."
    assert [r.importance for r in records("need")] == [9, 7]
    assert [line[ID] for line in rows("need")] == ["2", "1"]


def test_search_finds_every_word_in_any_field(store: str) -> None:
    for title, status in (("Parking near the door", "new"), ("Warm food", "confirmed")):
        create("need", {"title": title, "status": status}, OPEN)
    row = registers()["need"]
    found = records("need")
    named: dict[str, dict[int, str]] = {"persona": {}}
    assert [r.title for r in matching(row, found, "door park", {}, named)] == ["Parking near the door"]
    assert [r.title for r in matching(row, found, "", {"status": ["confirmed"]}, named)] == ["Warm food"]


def test_saving_a_removed_record_says_so(store: str) -> None:
    need = create("need", {"title": "Parking"}, OPEN)
    state = State(registers()["need"], OPEN, "need")
    deeds.opened(state, need.id)
    remove("need", need.id, 1, BEA)
    deeds.save(state, {"title": "Other"})
    assert state.errors[""] == f"There is no need {need.id}, it was removed."


def test_words_from_outside_never_become_markup(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "![x](http://evil/p.png) <b>"
    need = create("need", {"title": evil}, OPEN)
    app = opened(monkeypatch, record=f"need-{need.id}")
    assert not [m for m in app.markdown if "](http" in m.value.replace("\\", "") and "\\]" not in m.value]
    remove("need", need.id, 1, OPEN)
    app = opened(monkeypatch)
    assert not [b for b in app.button if evil in b.label]
