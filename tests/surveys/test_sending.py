"""Invitations by mail, against a real SMTP server: at most once, in the survey's language, and known to the facts."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from cx import erasing, scorecard
from cx.analytics.response_rate import response_rate
from cx.commands import app
from cx.errors import AccessError, InputError, SettingError
from cx.facts import batches, engine, history
from cx.records import invented
from cx.records.actor import OPEN, Actor
from cx.records.invitations import Invitation, OptOut
from cx.records.lookup import find, records
from cx.records.writing import create, update
from cx.reports.post import office
from cx.store import audit
from cx.store.engine import reading, writing
from cx.surveys import answer, audience, due, links, results, sending
from cx.surveys.answer import Given
from cx.surveys.audience import RECENT, TICKET, Audience
from tests.facts.rows import part
from tests.pages.few import load
from tests.reports.test_mail import Inbox
from tests.surveys.conftest import survey

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # the server of these tests, on loopback
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROOT = "https://cx.example.com"


def asked(one: Any, **more: Any) -> sending.Sent:
    """Everybody who may be asked, invited and mailed."""
    sending.invite(one, audience.plan(one, Audience(**more), AT), OPEN, at=AT)
    return sending.send_waiting(office(), ROOT, AT)


def invitations() -> dict[str, Invitation]:
    with reading() as session:
        return {str(one.customer_id): one for one in session.exec(select(Invitation))}


def tokens(inbox: Inbox) -> dict[str, str]:
    """Address -> token, as a reader of the mail finds it."""
    found = {}
    for to, mail in inbox.letters:
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        found[to[0].lower()] = re.search(rf"{ROOT}/s/([\w-]+)\?score=9", text)[1]  # type: ignore[index]
    return found


def test_a_letter_has_the_question_a_link_a_score_and_a_way_out_in_the_language_of_the_survey(customers: str, inbox: Inbox) -> None:
    one = survey(language="de", question="Würden Sie uns <b>empfehlen</b>?\r\nBcc: spy@evil.example")
    assert asked(one, segments=("Consumer",)) == sending.Sent(1, 0, 0)
    ((to, mail),) = inbox.letters
    assert to == ["cleo@acme.example"]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Eine Frage an Sie: Würden Sie uns <b>empfehlen</b>?")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    (token,) = tokens(inbox).values()
    for body in (text, html):
        assert all(f"{ROOT}/s/{token}?score={n}" in body for n in range(11))
        assert f"{ROOT}/s/{token}/stop" in body
        assert "Nicht mehr fragen" in body
    assert "&lt;b&gt;empfehlen&lt;/b&gt;" in html
    assert "<b>" not in html
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (f"<{ROOT}/s/{token}/stop>", "List-Unsubscribe=One-Click")


def test_what_was_delivered_is_known_and_an_answer_makes_the_response_rate(customers: str, inbox: Inbox) -> None:
    one = survey()
    inbox.deny = "bob@"
    assert asked(one) == sending.Sent(2, 1, 0)
    assert {who: i.state for who, i in invitations().items()} == {"ada": "sent", "bob": "failed", "cleo": "sent"}
    assert "refused every recipient" in invitations()["bob"].reason
    rate = scorecard.read("response_rate")[0].estimate
    assert (rate.n, rate.value) == (2, None), "of a group this small the value is hidden"
    token = tokens(inbox)["ada@acme.example"]
    answer.take(token, Given(9, "Fine", "0" * 24))
    answer.take(token, Given(4, "", "1" * 24))
    table = engine.tables()["responses"]
    mine = engine.rows(table.filter(table.customer_id == "ada").order_by("id"))
    assert [(r["metric"], r["score"], r["delivered"], r["invited_at"], r["response_id"] == mine[0]["response_id"]) for r in mine] == [
        ("invitation", None, True, AT.replace(tzinfo=None), True), ("nps", 4.0, True, AT.replace(tzinfo=None), True),
    ]  # fmt: skip
    counted = response_rate(engine.fetch(table))
    assert (counted.n, counted.value) == (2, 50.0)
    (standing,) = results.standings()
    assert (standing.invited, standing.answered, standing.answers, standing.states) == (2, 1, 1, {"sent": 2, "failed": 1})
    assert [b.tool for b in history.batches()][:2] == ["hosted form", "survey invitations"]


def test_the_store_holds_no_token_and_the_facts_no_way_back_to_it(customers: str, inbox: Inbox) -> None:
    asked(survey())
    for token in tokens(inbox).values():
        with reading() as session:
            kept = " ".join(f"{i.model_dump()}" for i in session.exec(select(Invitation)))
            said = " ".join(f"{e.before} {e.after}" for e in session.exec(select(audit.AuditEntry)))
        assert token not in kept + said + str(engine.rows("SELECT * FROM responses"))
        assert "@acme.example" not in said


def test_a_server_that_cannot_be_used_leaves_them_waiting_and_the_next_round_sends_them(customers: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    one = survey()
    sending.invite(one, audience.plan(one, Audience(), AT), OPEN, at=AT)
    with monkeypatch.context() as patch:
        patch.setenv("CX_SMTP_URL", "smtp://127.0.0.1:1")
        done = sending.send_waiting(office(), ROOT)
        assert (done.sent, done.failed, done.waiting) == (0, 0, 3)
        assert "cannot be reached" in done.reason
    assert sending.send_waiting(office(), ROOT) == sending.Sent(3, 0, 0)
    assert sending.send_waiting(office(), ROOT) == sending.Sent(0, 0, 0)
    assert len(inbox.letters) == 3


def test_what_waits_can_be_withdrawn_and_whoever_it_was_for_is_asked_another_time(customers: str, inbox: Inbox) -> None:
    one = survey()
    sending.invite(one, audience.plan(one, Audience(), AT), OPEN, at=AT)
    with pytest.raises(AccessError, match="manager"):
        sending.withdraw(one, Actor("con", "contributor"))
    assert sending.withdraw(one, OPEN) == 3
    assert sending.send_waiting(office(), ROOT) == sending.Sent(0, 0, 0)
    inbox.deny = "bob@"
    assert asked(one) == sending.Sent(2, 1, 0)
    ((reason, n),) = sending.failures(one.id).items()
    assert (n, "no such mailbox" in reason) == (1, True)
    assert [row["invited"] for row in due.sendings(one.id)] == [3, 3]


def test_two_who_send_at_once_send_each_letter_once(customers: str, inbox: Inbox) -> None:
    load("customers", *({"customer_id": f"c{i}", "email": f"c{i}@many.example", "consent": True} for i in range(20)))
    one = survey()
    sending.invite(one, audience.plan(one, Audience(), AT), OPEN, at=AT)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: sending.send_waiting(office(), ROOT), range(2)))
    assert sum(d.sent for d in done) == 23
    assert len({to[0] for to, _ in inbox.letters}) == len(inbox.letters) == 23


def test_two_plans_made_at_once_ask_nobody_twice(customers: str) -> None:
    one, two = survey(), survey("Second")
    plans = [audience.plan(s, Audience(), AT) for s in (one, two)]
    assert sending.invite(one, plans[0], OPEN, at=AT).count == 3
    again = sending.invite(two, plans[1], OPEN, at=AT)
    assert (again.count, again.left_out) == (0, {RECENT: 3})


def test_who_opts_out_while_a_letter_waits_gets_none_and_is_never_asked_again(customers: str, inbox: Inbox) -> None:
    one = survey(rest_days=0)
    asked(one)
    assert answer.stop(tokens(inbox)["cleo@acme.example"])
    assert not answer.stop("nobody")
    two = survey("Second", rest_days=0)
    assert [p.customer for p in audience.plan(two, Audience(), AT).chosen] == ["ada", "bob"]
    sending.invite(two, audience.plan(two, Audience(), AT), OPEN, at=AT)
    with writing() as session:
        session.add(OptOut(customer_id="ada"))
    assert sending.send_waiting(office(), ROOT).sent == 1
    assert [to[0].lower() for to, _ in inbox.letters[3:]] == ["bob@acme.example"]


def test_whoever_was_erased_gets_no_letter_and_leaves_no_invitation(customers: str, inbox: Inbox) -> None:
    one = survey()
    sending.invite(one, audience.plan(one, Audience(), AT), OPEN, at=AT)
    held = erasing.holdings("ada", OPEN)
    assert held.records["survey_invitation"][0]["state"] == "waiting"
    gone = erasing.erase("ada", OPEN)
    assert gone.records["survey_invitation"] == 1
    assert sending.send_waiting(office(), ROOT).sent == 2
    assert [to[0].lower() for to, _ in inbox.letters] == ["bob@acme.example", "cleo@acme.example"]


def test_links_are_handed_out_once_and_their_answers_have_no_response_rate(customers: str) -> None:
    one = survey()
    made = sending.invite(one, audience.plan(one, Audience(), AT, mail=False), OPEN, mail=False, at=AT)
    assert [person.customer for person, _ in made.links] == ["ada", "bob", "cleo", "nomail", "twin"]
    assert answer.take(made.links[0][1], Given(10)).status == "inserted"
    assert results.standings()[0].rate is None
    with reading() as session:
        (entry, *_) = audit.history(session, sending.SUBJECT, one.id)
    assert (entry.action, json.loads(entry.after or "{}")["invited"]) == ("export", 5)


@pytest.mark.parametrize(("change", "sentence"), [({"status": "draft"}, "draft"), ({"status": "paused"}, "paused"), ({"status": "closed"}, "closed"), ({"starts_on": date(2099, 1, 1)}, "not started")])
def test_a_survey_that_takes_no_answers_invites_nobody(customers: str, change: dict[str, Any], sentence: str) -> None:
    one = survey()
    plan = audience.plan(one, Audience(), AT)
    one = update("survey", one.id, change, one.version, OPEN)
    with pytest.raises(InputError, match=sentence):
        sending.invite(one, plan, OPEN, at=AT)
    assert invitations() == {}


def test_inviting_is_a_managers_deed(customers: str) -> None:
    one = survey()
    with pytest.raises(AccessError, match="manager"):
        sending.invite(one, audience.plan(one, Audience(), AT), Actor("con", "contributor"))


def test_the_demo_company_is_never_mailed_and_never_asked_by_a_survey_of_ones_own(customers: str, inbox: Inbox) -> None:
    batches.undo(1)
    batches.load("customers", [part("customers", [{"key": "d", "customer_id": "d", "email": "d@demo.example", "consent": True}])], batches.Origin(demo=True))
    own = survey()
    invented_ = create("survey", {"name": "Theirs", "metric": "nps", "question": "?", "status": "live", "trigger": "to_a_sample", "sample": 100.0}, invented.INVENTOR)
    for one, mail in ((own, True), (own, False), (invented_, True)):
        with pytest.raises(InputError, match="demo company"):
            sending.invite(one, audience.plan(one, Audience(), AT, mail=mail), OPEN, mail=mail)
    made = sending.invite(invented_, audience.plan(invented_, Audience(), AT, mail=False), OPEN, mail=False)
    answer.take(made.links[0][1], Given(9))
    assert history.revision().demo, "what a survey of the demo company is answered stays with it"
    assert due.due(datetime.now(UTC) + timedelta(days=400)) == []
    answer.take(links.opened(own.id, OPEN)["public"], Given(3, "", "0" * 24))
    assert not history.revision().demo
    assert [s.name for s in records("survey")] == ["Relationship"]
    batches.undo(history.batches()[0].id or 0)
    assert history.revision().demo, "taking the answer back brings the demo company back"
    invented.wipe()
    assert invitations() == {}


def test_a_survey_after_an_event_asks_at_every_run_and_one_on_a_schedule_when_its_time_has_come(customers: str, inbox: Inbox) -> None:
    now = datetime.now(UTC)
    closed = {"ticket_id": "1", "customer_id": "ada", "created_at": (now - timedelta(days=3)).replace(tzinfo=None), "resolved_at": (now - timedelta(days=1)).replace(tzinfo=None)}
    load("tickets", closed)
    survey("After support", kind="event", trigger="on_event", event=TICKET, rest_days=0)
    survey("Nameless", kind="event", trigger="on_event", rest_days=0)
    monthly = survey("Monthly", trigger="on_schedule", rest_days=0, design={"rhythm": "weekly", "segments": ["Consumer"]})
    survey("By hand")
    survey("Tomorrow", trigger="on_schedule", starts_on=(now + timedelta(days=2)).date())
    told = CliRunner().invoke(app, ["surveys", "--due", "--json"])
    said = json.loads(told.stdout)
    assert {row["survey"]: (row["invited"], bool(row["reason"])) for row in said["surveys"]} == {"After support": (1, False), "Monthly": (1, False), "Nameless": (0, True)}
    assert said["mail"] == {"sent": 2, "failed": 0, "waiting": 0, "reason": ""}
    assert told.exit_code == 1, "one of them could not"
    assert sorted(to[0].lower() for to, _ in inbox.letters) == ["ada@acme.example", "cleo@acme.example"]
    assert {s.name for s in due.due()} == {"After support", "Nameless"}
    assert "Monthly" in {s.name for s in due.due(now + timedelta(days=8))}
    assert due.run([find("survey", monthly.id)], at=now + timedelta(days=8))[0].invited == 1
    again = due.run(due.due())
    assert all(one.invited == 0 for one in again)


def test_the_command_lists_and_says_what_is_missing(customers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No survey is defined" in CliRunner().invoke(app, ["surveys"]).stdout
    one = survey()
    answer.take(links.opened(one.id, OPEN)["public"], Given(9, "", "0" * 24))
    (row,) = json.loads(CliRunner().invoke(app, ["surveys", "--json"]).stdout)
    assert (row["survey"], row["status"], row["answers"], row["rate"]) == ("Relationship", "live", 1, None)
    assert "Relationship" in CliRunner().invoke(app, ["surveys"]).stdout
    assert isinstance(CliRunner().invoke(app, ["surveys", "--due"]).exception, SettingError)
    for wrong in ("", "cx.example.com", "ftp://x", "https://", "https://a@b.c", "https://x/?y"):
        monkeypatch.setenv("CX_PUBLIC_URL", wrong)
        with pytest.raises(SettingError, match="CX_PUBLIC_URL"):
            links.base()
    monkeypatch.setenv("CX_PUBLIC_URL", "https://cx.example.com/below/")
    assert links.address("t", links.base()) == "https://cx.example.com/below/s/t"
