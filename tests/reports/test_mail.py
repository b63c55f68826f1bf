"""Scheduled reports by mail, against a real SMTP server."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from typer.testing import CliRunner

from cx.commands import app
from cx.errors import AccessError, NotFoundError, SettingError
from cx.records.actor import OPEN, Actor
from cx.records.lookup import find
from cx.records.writing import create
from cx.reports import dispatch
from cx.reports.post import Letter, PostError, office
from cx.store import audit
from cx.store.engine import reading, writing
from tests.postgres import free_port

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # the server of these tests, on loopback
TO = ["board@acme.example", "team@acme.example"]


class Inbox:
    """What the server took; `deny` is refused."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.deny = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.deny and self.deny in address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        made = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.letters.append((envelope.rcpt_tos, made))
        return "250 taken"


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    box = Inbox()

    def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=getattr(data, "login", b"") == b"cx" and getattr(data, "password", b"") == b"p@ss/word", handled=False)

    server = Controller(box, hostname="127.0.0.1", port=free_port(), authenticator=knows, auth_required=True, auth_require_tls=False)
    server.start()
    monkeypatch.setenv("CX_SMTP_URL", f"smtp://cx:p%40ss%2Fword@127.0.0.1:{server.port}")
    monkeypatch.setenv("CX_MAIL_FROM", "reports@acme.example")
    yield box
    server.stop()


def schedule(title: str = "Monday scorecard", **more: object) -> object:
    return create("report_schedule", {"title": title, "content": "summary", "group": "service", "form": "html", "rhythm": "daily", "hour": 6, "recipients": TO, **more}, OPEN)


def test_without_the_setting_one_sentence_says_so(store: str) -> None:
    schedule()
    done = CliRunner().invoke(app, ["reports", "--due"])
    assert isinstance(done.exception, SettingError)
    assert "CX_SMTP_URL is not set" in str(done.exception)


@pytest.mark.parametrize(("url", "sender", "word"), [("ftp://x", "a@b.c", "must be smtp://"), ("smtp://mail:port", "a@b.c", "cannot be read"), ("smtp://mail", "", "CX_MAIL_FROM"), ("smtp://mail", "me", "CX_MAIL_FROM")])
def test_a_setting_that_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, url: str, sender: str, word: str) -> None:
    monkeypatch.setenv("CX_SMTP_URL", url)
    monkeypatch.setenv("CX_MAIL_FROM", sender)
    with pytest.raises(SettingError, match=word):
        office()


def test_a_due_report_is_mailed_once_with_its_file_and_written_down(demo: str, inbox: Inbox) -> None:
    made = schedule(view={"period": "last-quarter", "compare": "year", "segment": ["Mid-market"]})
    later = datetime.now(UTC) + timedelta(days=2)
    assert [s.title for s in dispatch.due(later)] == ["Monday scorecard"]
    done = dispatch.send_all(dispatch.due(later), office(), at=later)
    assert [one.sent for one in done] == [True]
    assert dispatch.due(later) == []
    assert dispatch.send(made, office()) is None, "who read an older version sends nothing twice"
    (to, mail), *more = inbox.letters
    assert not more
    assert to == TO
    assert (mail["From"], mail["Subject"]) == ("reports@acme.example", "Monday scorecard")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "1 Jul – 30 Sep 2026 · segment Mid-market" in text
    assert "1 Jul – 30 Sep 2025" in text
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "monday-scorecard-2026-11-01.html"
    assert "SLA met (reply)" in file.get_content()
    (log,) = dispatch.deliveries()
    assert (log.to, log.sent, log.size) == (tuple(TO), True, done[0].size)
    assert find("report_schedule", made.id).last_sent_at == later  # type: ignore[attr-defined]


def test_the_command_mails_by_name_and_says_what_it_did(store: str, inbox: Inbox) -> None:
    schedule(form="xlsx")
    inbox.deny = "team@"
    told = CliRunner().invoke(app, ["reports", "--send", "monday SCORECARD", "--json"])
    (row,) = json.loads(told.stdout)
    assert (row["sent"], row["refused"], told.exit_code) == (True, ["team@acme.example"], 0)
    assert inbox.letters[0][0] == ["board@acme.example"]
    listed = json.loads(CliRunner().invoke(app, ["reports", "--json"]).stdout)
    assert listed[0]["sent"] is not None
    with pytest.raises(NotFoundError, match="Monday scorecard"):
        dispatch.named("Friday")


def test_a_letter_nobody_takes_stays_due_and_its_reason_is_kept(store: str, inbox: Inbox) -> None:
    schedule()
    inbox.deny = "@"
    later = datetime.now(UTC) + timedelta(days=2)
    (done,) = dispatch.send_all(dispatch.due(later), office(), at=later)
    assert not done.sent
    assert "refused every recipient" in done.reason
    assert len(dispatch.due(later)) == 1
    assert dispatch.deliveries()[0].reason == done.reason


def test_a_wrong_password_is_one_sentence_and_the_report_goes_out_once_it_is_right(store: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    schedule()
    right = os.environ["CX_SMTP_URL"]
    monkeypatch.setenv("CX_SMTP_URL", right.replace("p%40ss%2Fword", "Winter%2F2019"))
    told = CliRunner().invoke(app, ["reports", "--send", "Monday scorecard"])
    assert told.exit_code == 1
    later = datetime.now(UTC) + timedelta(days=2)
    (done,) = dispatch.send_all(dispatch.due(later), office(), at=later)
    assert not done.sent
    assert re.fullmatch(r"The mail server 127\.0\.0\.1 refuses the user 'cx' with this password \(535 .+\); correct user and password in CX_SMTP_URL, special characters percent-encoded, and send again\.", done.reason)
    assert [log.reason for log in dispatch.deliveries()] == [done.reason, done.reason]
    assert not inbox.letters
    assert [(s.title, s.last_sent_at) for s in dispatch.due(later)] == [("Monday scorecard", None)]
    with reading() as session:
        kept = " ".join(f"{entry.before} {entry.after}" for subject in (dispatch.SUBJECT, "report_schedule") for entry in audit.history(session, subject))
    for word in ("Winter/2019", "Winter%2F2019", "p@ss/word"):
        assert word not in told.output + told.stderr + caplog.text + kept
    monkeypatch.setenv("CX_SMTP_URL", right)
    assert [one.sent for one in dispatch.send_all(dispatch.due(later), office(), at=later)] == [True]
    assert len(inbox.letters) == 1
    assert dispatch.due(later) == []


def test_a_server_that_asks_for_a_password_where_none_is_set_says_which_setting(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_SMTP_URL", os.environ["CX_SMTP_URL"].replace("cx:p%40ss%2Fword@", ""))
    with pytest.raises(PostError, match=r"asks for a user and a password .* put them into CX_SMTP_URL"):
        office().send(Letter(("a@b.example",), "x", "y"))


def test_a_silent_host_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("CX_MAIL_FROM", "reports@acme.example")
    with pytest.raises(PostError, match="cannot be reached"):
        office().send(Letter(("a@b.example",), "x", "y"))


def test_no_header_is_smuggled_in(inbox: Inbox) -> None:
    office().send(Letter(("a@b.example",), "Report\r\nBcc: spy@evil.example", "text"))
    (to, mail), *_ = inbox.letters
    assert to == ["a@b.example"]
    assert mail["Bcc"] is None
    with pytest.raises(PostError, match="recipients"):
        office().send(Letter(("a@b.example\r\nRCPT TO:<spy@evil.example>",), "x", "y"))


def test_who_may_not_write_schedules_sends_nothing(store: str, inbox: Inbox) -> None:
    with pytest.raises(AccessError, match="manager"):
        dispatch.send(schedule(), office(), Actor("vic", "viewer"))
    assert not inbox.letters


def test_reports_of_the_demo_company_go_to_nobody_by_themselves(demo: str) -> None:
    from cx.demo.records_reporting import RECORDS
    from tests.pages.seeds import load

    load({"report_schedule": RECORDS["report_schedule"]})
    assert dispatch.due(datetime.now(UTC) + timedelta(days=100)) == []


def test_the_password_is_hidden_in_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cx.front.scrub import known_secrets, scrub

    monkeypatch.setenv("CX_SMTP_URL", "smtp://cx:hunter22@mail.example:587")
    assert "hunter22" not in scrub("sending by smtp://cx:hunter22@mail.example:587 failed", known_secrets())


def test_an_older_schedule_that_goes_to_nobody_is_never_due(store: str) -> None:
    made = schedule()
    later = datetime.now(UTC) + timedelta(days=3)
    assert [s.title for s in dispatch.due(later)] == ["Monday scorecard"]
    with writing() as session:  # as rows stood before a recipient was asked for
        session.get(type(made), made.id).recipients = []  # type: ignore[attr-defined,union-attr]
    assert dispatch.due(later) == []
