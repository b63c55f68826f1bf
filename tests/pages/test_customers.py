"""The Customers page: whom a search finds, one customer whole, their story, notes, export and erasing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from cx import erasing
from cx.facts import batches, engine, history
from cx.records.actor import Actor
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui.customers import leaving, tale
from cx.ui.member import Member
from tests.facts.rows import answer, part
from tests.pages.kept import said

PAGE = str(Path(__file__).parents[2] / "pages" / "15_customers.py")
ANN = Actor("ann", "manager")
DAY = datetime(2026, 3, 1)
EVIL = "=1+1 ![x](http://evil.example/p.png) <b>late</b>"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def load(name, rows, source="a.csv"):
    batches.load(name, lambda: [part(name, rows)], batches.Origin(source=source))


@pytest.fixture
def two(store):
    """Two customers of one company; the first has 130 interactions, an answer, a complaint and a note."""
    person = {"key": "C1", "customer_id": "C1", "name": "Lena Vogt", "email": "lena@vogt.example", "company": "Vogt AG", "owner": "Mia", "properties": '{"Phone": "+49 (170) 123-456"}'}
    load("customers", [person, {"key": "C2", "customer_id": "C2", "name": "Omar Said", "company": "Vogt AG"}])
    load("customers", [{**person, "owner": "Kai"}])
    load("responses", [answer("r", 3, DAY, customer_id="C1", comment=EVIL, scale_max=10.0)])
    load("tickets", [{"key": "t", "ticket_id": "t", "customer_id": "C1", "subject": "Where is it?", "kind": "complaint", "status": "open", "created_at": DAY + timedelta(days=1)}])
    load("interactions", [{"key": f"i{n}", "customer_id": "C1", "event": f"Log-in {n}", "happened_at": DAY - timedelta(days=n + 1)} for n in range(130)])
    create("customer_note", {"customer_id": "C1", "kind": "promise", "text": "Will call on Monday", "due_on": "2026-03-09"}, ANN)
    return store


def test_with_nothing_the_page_says_what_to_do(store):
    app = opened()
    assert "Bring in your first file" in [*(s.value for s in app.subheader), *(h.value for h in app.header)]
    assert not opened(customer="C1").exception


@pytest.mark.parametrize(("asked", "whom"), [("c1", "C1"), ("lena", "C1"), ("@VOGT", "C1"), ("omar", "C2"), ("49 170 123456", "C1"), ("late", "C1"), ("where is", "C1")])
def test_a_customer_is_found_by_anything(two, asked, whom):
    app = opened(find=asked)
    assert "1 customer found by" in said(app)
    assert app.dataframe[0].value["Identifier"].tolist()[0] == whom


def test_both_of_a_company_are_found_and_nobody_is_said_to_be_nobody(two):
    found = opened(find="vogt ag").dataframe[0].value
    assert set(found["Identifier"]) == {"C1", "C2"}
    assert "Nobody is found by “zebra”" in said(opened(find="zebra"))


def test_one_customer_whole(two):
    app = opened(customer="C1")
    text = said(app)
    assert app.header[0].value == "Lena Vogt"
    assert "NPS 3 of 10" in text
    assert "2 open, 1 late" in text
    assert "Will call on Monday" in text
    assert "1 other at Vogt AG" in text
    assert "134 events since" in text
    assert "owner Mia → Kai" in text, "what a later file corrected is told"
    assert "account of Mia" in text, "the owner at the time"
    assert not [m.value for m in app.markdown if "![x](" in m.value], "what customers write is never Markdown"


def test_older_events_come_fifty_at_a_time_and_none_is_lost(two):
    app = opened(customer="C1")
    seen = []
    for turn in range(3):
        seen.append(said(app))
        assert f"{50 * turn + 1} to {min(50 * turn + 50, 134)} of 134" in seen[-1]
        app.button(key="customers-tale-C1-older").click().run() if turn < 2 else None
    assert "Log-in 129" in seen[2]


def test_the_story_is_narrowed_by_kind_and_words(two):
    app = opened(customer="C1")
    app.button_group(key="customers-tale-C1-kinds").set_value(["ticket", "note"]).run()
    assert "Log-in" not in said(app)
    assert "Complaint: Where is it?" in said(app)
    app.button_group(key="customers-tale-C1-kinds").set_value([]).run()
    app.text_input(key="customers-tale-C1-text").set_value("monday").run()
    assert "Complaint: Where is it?" not in said(app)
    assert "Will call on Monday" in said(app)


def test_facts_and_entries_are_one_list_on_every_page():
    facts = [{"at": DAY - timedelta(days=2 * n), "n": f"f{n}"} for n in range(140)]
    own = [{"at": DAY - timedelta(days=3 * n, hours=1), "n": f"o{n}"} for n in range(70)]
    whole = sorted([*facts, *own], key=lambda e: e["at"], reverse=True)
    for skip in range(0, 210, 50):
        assert tale.stretch(lambda size, start: facts[start : start + size], own, skip) == whole[skip : skip + 50]
    assert tale.stretch(lambda size, start: (), own, 50) == own[50:]


def test_a_note_is_added_corrected_and_taken_back(two):
    app = opened(customer="C2")
    app.session_state["customers-note-C2-add"] = True
    app.run()
    base = "customers-note-form-C2-new-0"
    app.text_area(key=f"{base}-text").set_value("Likes the new beans")
    next(b for b in app.button if b.key == f"{base}-save").click().run()
    (note,) = records("customer_note", customer_id="C2")
    assert (note.text, note.created_by) == ("Likes the new beans", "local user")
    assert "Likes the new beans" in said(app)
    assert [text.value for text in app.text_area] == [""], "the form is empty for the next note"
    app.button(key="customers-note-undo").click().run()
    assert records("customer_note", customer_id="C2") == []


def test_a_merged_customer_opens_the_one_kept(two):
    create("customer_merge", {"kept_id": "C2", "merged_id": "C1"}, ANN)
    app = opened(customer="C1")
    assert app.header[0].value == "Omar Said"
    assert "Merged from C1" in said(app)


def test_the_export_holds_everything_neutralised_and_is_logged(two):
    class Looking:
        member = Member("ben", "contributor")

    with zipfile.ZipFile(io.BytesIO(leaving.archive(Looking(), "C1"))) as packed:  # type: ignore[arg-type]
        held = json.loads(packed.read("customer.json"))
        book = openpyxl.load_workbook(io.BytesIO(packed.read("customer.xlsx")))
    assert {name: len(rows) for name, rows in held["facts"].items()} == {"customers": 2, "responses": 1, "interactions": 130, "tickets": 1}
    assert held["facts"]["responses"][0]["comment"] == EVIL
    sheet = book["Survey responses"]
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head.index("comment") + 1).value == "'" + EVIL
    assert [row["text"] for row in held["records"]["customer_note"]] == ["Will call on Monday"]


def test_erasing_asks_for_the_identifier_and_says_what_changes(two):
    app = opened(customer="C1")
    app.session_state["customers-erase-C1"] = True
    app.run()
    assert "133 rows that count today go" in said(app)
    button = app.button(key="customers-erase-C1-now")
    assert button.disabled
    app.text_input(key="customers-erase-C1-typed").set_value("C1").run()
    app.button(key="customers-erase-C1-now").click().run()
    assert not app.exception
    assert "The customer is erased" in app.success[0].value
    responses = engine.tables()["responses"]
    assert engine.rows(responses.count().name("n").as_table(), now=history.revision()) == [{"n": 0}]
    assert "Nothing is known of a customer" in said(opened(customer="C1"))
    with pytest.raises(Exception, match="Nothing is held"):
        erasing.footprint("C1")


def test_the_demo_company_has_stories_to_read(demo):
    first = opened(find="late").dataframe[0].value
    assert len(first) == 100
    app = opened(customer=first["Identifier"][0])
    assert "events since" in said(app)
    assert "Health" in said(app)
    assert any(m.label == "NPS" for m in app.metric)


def test_what_a_customer_said_is_filed_under_a_need_from_the_story(two):
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["customer"] = "C1"
    app.session_state["customers-tale-C1-kinds"] = ["survey"]
    app.session_state["customers-tale-C1-words-evidence"] = True
    app.run()
    next(t for t in app.text_input if t.label == "In the customer's words").set_value("Know when it comes")
    next(b for b in app.button if b.label == "File it").click().run()
    assert not app.exception
    (piece,) = records("need_evidence")
    assert (piece.quote, piece.dataset, piece.reference, piece.customer_id) == (EVIL, "responses", "r", "C1")
