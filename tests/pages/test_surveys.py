"""The page Surveys: empty, with the demo company, for every role, asking and handing out links, and what it says of the demo."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from cx.facts import history
from cx.records import invented
from cx.records.actor import OPEN
from cx.records.invitations import Invitation
from cx.records.lookup import find, records
from cx.records.writing import create
from cx.store.engine import reading
from cx.surveys import answer, audience, links, sending
from cx.surveys.answer import Given
from cx.surveys.audience import Audience
from cx.surveys.due import sendings
from cx.ui import member
from tests.pages.few import again, frame, load, opened, said
from tests.pages.kept import fill
from tests.pages.kept import opened as at_step

FILE = "21_surveys.py"
PARTS = ("results", "form", "asking", "define")
ROLES = ("viewer", "contributor", "manager", "admin")


def survey(name: str = "Pulse", **more: Any) -> Any:
    return create("survey", {"name": name, "metric": "nps", "question": "How likely are you to recommend us?", "status": "live", "kind": "periodic", **more}, OPEN)


def answered(one: Any, *scores: int) -> None:
    token = links.opened(one.id, OPEN)["public"]
    for i, score in enumerate(scores):
        answer.take(token, Given(score, f"comment {score} **bold** ![x](http://evil/p.png)", f"{i:024x}"))


def people(n: int = 6) -> None:
    load("customers", *({"customer_id": f"C{i}", "name": f"Person {i}", "email": f"p{i}@acme.example", "segment": "A" if i % 2 else "B", "consent": i != 0} for i in range(n)))


def button(app: AppTest, text: str) -> Any:
    return next(b for b in app.button if text in b.label)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_defined_and_the_page_says_what_a_survey_is(store: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx.ui.page.require_member", lambda: member.Member("vera", role))
    text = said(opened(FILE))
    assert "No survey is defined yet" in text
    assert ("Adding needs the role of a contributor" in text) is (role == "viewer")


@pytest.mark.parametrize("role", ROLES)
def test_every_part_opens_for_every_role_with_the_demo_company(demo: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx.ui.page.require_member", lambda: member.Member("vera", role))
    fill("needs", only=("survey",))
    for part in PARTS:
        app = opened(FILE, surveypart=part, survey="After delivery")
        text = said(app)
        assert "8 surveys of 9 take answers" in text
        if part == "results":
            assert "Answers 4," in text
        if part == "form":
            assert app.button(key=next(b.key for b in app.button if b.label == "Make the link")).disabled is (role == "viewer")
        if part == "asking":
            assert "of 490 customers would be asked now" in text
    assert len(frame(app, "survey", "answers")) == 9


def test_what_came_in_is_shown_with_its_interval_and_words_of_strangers_stay_words(store: str) -> None:
    one = survey()
    answered(one, 10, 9, 3)
    app = opened(FILE)
    text = said(app)
    assert "hidden: fewer than 5 respondents" in text
    assert "Comments are shown from 5 answers on" in text
    assert not any("comment 3" in element.value for element in app.text)
    assert "How the scores spread is shown from 5 answers on" in text
    for i, score in enumerate((9, 9, 8), 3):
        answer.take(links.opened(one.id, OPEN)["public"], Given(score, "", f"{i:024x}"))
    app = opened(FILE)
    text = said(app)
    assert "NPS 50" in text
    assert "n 6" in text
    assert "6 scores, most often 9" in text
    assert "comment 3 **bold** ![x](http://evil/p.png)" in [element.value for element in app.text]
    assert not any("![x](" in element.value for element in app.markdown)


def test_a_contributor_makes_the_link_and_a_manager_replaces_it(store: str) -> None:
    one = survey()
    app = opened(FILE, surveypart="form")
    button(app, "Make the link").click().run()
    made = links.tokens(one.id)
    assert app.code[0].value.endswith(f"/s/{made['public']}")
    assert "CX_PUBLIC_URL is not set" in said(app)
    again(app, **{f"surveys-replace-{one.id}": True})
    app.button(key=f"surveys-replace-{one.id}-now").click().run()
    assert links.tokens(one.id)["public"] != made["public"]
    assert links.tokens(one.id)["preview"] == made["preview"]


def test_links_are_made_once_shown_once_and_written_down(store: str) -> None:
    people()
    one = survey()
    app = opened(FILE, surveypart="asking", **{f"surveys-ask-way-{one.id}": "links"})
    text = said(app)
    assert "5 of 6 customers would be asked now" in text
    assert frame(app, "left out because")["customers"].tolist() == [1]
    again(app, **{f"surveys-ask-segments-{one.id}": ["A"], f"surveys-ask-most-{one.id}": 2})
    assert "2 of 3 customers would be asked now" in said(app)
    again(app, **{f"surveys-ask-confirm-{one.id}": True})
    app.button(key=f"surveys-ask-now-{one.id}").click().run()
    assert not app.error
    csv = app.session_state[f"surveys-ask-links-{one.id}"]
    assert csv.decode("utf-8-sig").count("/s/") == 2
    with reading() as session:
        made = list(session.exec(select(Invitation)))
    assert [(i.state, i.way, i.actor) for i in made] == [("handed", "link", "local user")] * 2
    log = sendings(one.id)[0]
    assert (log["invited"], log["way"], log["sample"], log["segments"]) == (2, "link", 2, ["A"])
    assert "Asked so far" in said(opened(FILE, surveypart="asking"))


def test_without_a_mail_server_it_says_which_setting_is_missing_and_who_may_not_is_told(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people()
    survey()
    assert "CX_SMTP_URL is not set" in said(opened(FILE, surveypart="asking"))
    monkeypatch.setenv("CX_SMTP_URL", "smtp://127.0.0.1:1")
    assert "CX_PUBLIC_URL is not set, so the links in a mail would lead nowhere" in said(opened(FILE, surveypart="asking"))
    monkeypatch.setenv("CX_PUBLIC_URL", "https://cx.example.com")
    monkeypatch.setattr("cx.ui.page.require_member", lambda: member.Member("vera", "contributor"))
    app = opened(FILE, surveypart="asking")
    assert "Asking customers needs the role of a manager." in said(app)


def test_a_survey_is_told_to_ask_by_itself(store: str) -> None:
    people()
    one = survey()
    app = opened(FILE, surveypart="asking", **{f"surveys-ask-itself-{one.id}": True, f"surveys-ask-segments-{one.id}": ["A"]})
    app.selectbox(key=f"surveys-ask-trigger-{one.id}").set_value("to_a_sample")
    app.selectbox(key=f"surveys-ask-rhythm-{one.id}").set_value("weekly")
    app.number_input(key=f"surveys-ask-share-{one.id}").set_value(25.0)
    next(b for b in app.button if b.label == "Save").click().run()
    kept = find("survey", one.id)
    assert (kept.trigger, kept.sample, kept.design) == ("to_a_sample", 25.0, {"rhythm": "weekly", "segments": ["A"], "unknown_consent": False})


def test_the_page_says_what_the_first_answer_does_to_the_demo_company(demo: str) -> None:
    fill("needs", only=("survey",))
    create("survey", {"name": "Theirs", "metric": "nps", "question": "?", "status": "live"}, invented.INVENTOR)
    assert "is a survey of the demo company" in said(opened(FILE, surveypart="form", survey="Theirs"))
    own = next(s for s in records("survey") if s.name == "Relationship")
    text = said(opened(FILE, surveypart="form", survey="Relationship"))
    assert "from then on the demo company is hidden, everywhere" in text
    assert "import your customers first" in said(opened(FILE, surveypart="asking", survey="Relationship"))
    theirs = next(s for s in records("survey") if s.name == "Theirs")
    answered(theirs, 9)
    assert history.revision().demo
    answered(own, 9)
    assert not history.revision().demo
    assert "the demo company is hidden" not in said(opened(FILE, surveypart="form", survey="Relationship"))


def test_collection_leads_to_the_surveys(store: str) -> None:
    app = at_step("01_needs.py", "collection")
    assert "open a survey and hand out its link" in said(app)


def test_a_customer_is_noted_and_lifted_on_the_page(store: str) -> None:
    people()
    survey()
    app = opened(FILE, surveypart="asking", **{"surveys-stopped": True})
    app.text_input(key="surveys-stopped-who").set_value("C3").run()
    app.button(key="surveys-stopped-note").click().run()
    assert "4 of 6 customers would be asked now" in said(app)
    assert frame(app, "customer", "since")["customer"].tolist() == ["C3"]
    app.button(key="surveys-stopped-lift").click().run()
    assert "5 of 6 customers would be asked now" in said(app)


def test_what_waits_is_told_and_can_be_withdrawn(store: str) -> None:
    people()
    one = survey()
    sending.invite(one, audience.plan(one, Audience()), OPEN)
    app = opened(FILE, surveypart="asking")
    assert "5 invitations wait to be sent" in said(app)
    assert "Invitations: 5 waiting" in said(app)
    assert "0 of 6 customers would be asked now" in said(app)
    button(app, "Send the 5 invitations that wait").click().run()
    assert "CX" in app.error[0].value, "without a mail server it says which setting is missing"
    button(app, "Withdraw them").click().run()
    assert "5 of 6 customers would be asked now" in said(app)
    assert sending.waiting() == 0
