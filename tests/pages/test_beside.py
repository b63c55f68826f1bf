"""What stands beside every step: its maturity and its actions, held shut until somebody opens them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from cx.records.lookup import records
from cx.settings import ROOT
from tests.pages.few import beside

PAGE = str(ROOT / "pages" / "07_quality.py")
STEP = "quality-planning"


def opened(*names: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=60)
    for name in names:
        page.session_state[f"{name}-{STEP}-open"] = True
    page.run()
    assert not page.exception
    return page


def test_shut_they_send_no_form(store):
    assert not [b for b in opened().button if b.label in ("Save", "File it")]


def test_a_step_is_assessed_and_the_next_day_of_data_keeps_the_first_as_history(store):
    page = opened("maturity")
    page.select_slider[0].set_value(3)
    next(t for t in page.text_input if t.label == "Owner").set_value("Marta")
    next(b for b in page.button if b.label == "Save").click()
    page.run()
    assert not page.exception
    assert [(row.group, row.step, row.level, row.owner) for row in records("maturity")] == [("quality", "planning", 3, "Marta")]


def test_an_action_is_filed_for_the_step(store):
    page = opened("actions")
    next(t for t in page.text_input if t.label == "New action").set_value("Weigh every box")
    next(b for b in page.button if b.label == "File it").click()
    page.run()
    assert not page.exception
    assert [(row.title, row.group, row.step, row.status) for row in records("action")] == [("Weigh every box", "quality", "planning", "open")]


def test_an_action_without_a_title_is_refused_in_a_sentence(store):
    page = opened("actions")
    next(b for b in page.button if b.label == "File it").click()
    page.run()
    assert not page.exception
    assert beside(page, "New action") == "“New action” must be given; it is empty; fill it in."
    assert records("action") == []
