"""Survey forms over real HTTP: reachable without sign-in, closed when closed, once per invitation, safe against what is typed."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from cx.facts import engine, history
from cx.front.form import STYLE
from cx.front.headers import inline_scripts
from cx.front.hosts import Hosts
from cx.front.rate import Rate
from cx.front.surveys import ANSWERS
from cx.records.actor import OPEN
from cx.records.invitations import Invitation, OptOut, hashed, new_response, new_token
from cx.records.lookup import find
from cx.records.writing import create, remove, update
from cx.store.engine import reading, writing
from cx.surveys import links
from cx.surveys.wording import LANGUAGES
from tests.browser import hostile
from tests.server.conftest import Server

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><b>", "{{7*7}} ${7*7}", "\u202eabc", "'; DROP TABLE x; --", "&lt;b&gt;", "\x00nul"]
MARKS = {"!doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "form", "input", "fieldset", "legend", "div", "label", "span", "small", "textarea", "button", "a"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(params=["open", "sign-in"])
def there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server, with and without sign-in, whose store the test shares."""
    found: Server = request.getfixturevalue("server" if request.param == "open" else "guarded")
    monkeypatch.setenv("CX_DATA_DIR", str(found.folder / "data"))
    return found


@pytest.fixture
def here(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The open server, whose store the test shares."""
    monkeypatch.setenv("CX_DATA_DIR", str(server.folder / "data"))
    return server


def survey(name: str, **more: Any) -> Any:
    return create("survey", {"name": name, "metric": "nps", "question": "How likely are you to recommend us?", "status": "live", "kind": "periodic", **more}, OPEN)


def public(one: Any) -> str:
    return f"/s/{links.opened(one.id, OPEN)['public']}"


def invited(one: Any, customer: str = "C1") -> str:
    """The personal link of a customer who got a mail."""
    token = new_token()
    with writing() as session:
        session.add(Invitation(survey_id=one.id, customer_id=customer, way="mail", state="sent", token=hashed(token), response=new_response(), sent_at=one.created_at, context='{"segment": "Enterprise"}'))
    return f"/s/{token}"


def rows(name: str) -> list[dict[str, Any]]:
    table = engine.tables()["responses"]
    return engine.rows(table.filter(table.survey == name).order_by("id"))


def words(answered: httpx.Response) -> str:
    """The text of a page, without marks."""
    body = re.sub(r"<style>.*?</style>", "", answered.text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def nonce(answered: httpx.Response) -> str:
    found = re.search(r'name="nonce" value="([0-9a-f]{24})"', answered.text)
    assert found
    return found[1]


def test_anybody_with_the_link_answers_without_signing_in_and_the_answer_counts(there: Server) -> None:
    one = survey(f"Walk {there.port}", touchpoint="Delivery", language="en")
    with there.client() as client:
        shown = client.get(public(one))
        assert shown.status_code == 200
        sent = client.post(public(one), data={"score": "9", "comment": "Fast.", "nonce": nonce(shown)})
        assert sent.status_code == 303
        thanked = client.get(sent.headers["location"] if sent.headers["location"].startswith("/") else f"/s/{sent.headers['location']}")
        assert "Your answer is stored." in words(thanked)
        assert not client.cookies, "whoever answers is given no cookie"
    (row,) = rows(one.name)
    assert (row["metric"], row["question"], row["score"], row["scale_min"], row["scale_max"], row["higher_is_better"]) == ("nps", "nps", 9.0, 0.0, 10.0, True)
    assert (row["survey_kind"], row["comment"], row["touchpoint"], row["language"], row["customer_id"], row["delivered"]) == ("relationship", "Fast.", "Delivery", "en", None, None)
    batch = history.batches()[0]
    assert (batch.survey, batch.records, batch.inserted, batch.demo) == (one.name, 1, 1, False)


def test_nothing_else_of_the_app_opens_with_it(guarded: Server) -> None:
    with guarded.client() as client:
        assert client.get("/_stcore/metrics").status_code == 403
        assert client.get("/s/").status_code == 404
        assert client.get("/s/../media/x").status_code in (403, 404)
        assert client.get("/s/nobody").status_code == 404
        assert client.get("/s/nobody/x/y").status_code == 404
        assert client.put("/s/nobody").status_code == 405


def test_a_look_stores_nothing_whatever_score_stands_in_the_address(here: Server) -> None:
    one = survey("Scanned")
    with here.client() as client:
        for path in (public(one), invited(one)):
            for score in ("9", "0", "11", "-1", "<b>"):
                shown = client.get(path, params={"score": score})
                assert shown.status_code == 200
                assert ("required checked" in shown.text) is (score in ("9", "0"))
                client.head(path, params={"score": score})
        assert "You chose 9. Press Send to confirm." in words(client.get(public(one), params={"score": "9"}))
    assert rows("Scanned") == []


def test_an_invitation_has_one_answer_and_the_last_one_counts(here: Server) -> None:
    one = survey("Once")
    path = invited(one, "C7")
    with here.client() as client:
        assert client.post(path, data={"score": "2"}).status_code == 303
        assert "You have answered already" in words(client.get(path))
        assert "Change my answer" in words(client.get(f"{path}/thanks"))
        assert client.post(path, data={"score": "8", "comment": "better"}).status_code == 303
    (row,) = rows("Once")
    assert (row["customer_id"], row["score"], row["comment"], row["segment"], row["delivered"]) == ("C7", 8.0, "better", "Enterprise", True)
    assert row["invited_at"] is not None
    assert path.removeprefix("/s/") not in str(row)
    assert next(b for b in history.batches() if b.survey == "Once").updated == 1


def test_the_same_form_sent_twice_is_one_answer_and_another_form_another(here: Server) -> None:
    one = survey("Twice")
    with here.client() as client:
        first = nonce(client.get(public(one)))
        for _ in range(2):
            client.post(public(one), data={"score": "7", "nonce": first})
        client.post(public(one), data={"score": "7", "nonce": nonce(client.get(public(one)))})
    assert [r["score"] for r in rows("Twice")] == [7.0, 7.0]


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"status": "draft"}, 403, "has not started yet"), ({"status": "paused"}, 403, "is paused"), ({"status": "closed"}, 410, "is closed"),
        ({"starts_on": date.today() + timedelta(days=3)}, 403, "starts on"), ({"ends_on": date.today() - timedelta(days=2)}, 410, "is closed"),
    ],
)  # fmt: skip
def test_a_survey_that_takes_no_answers_says_why(here: Server, change: dict[str, Any], status: int, sentence: str) -> None:
    one = survey(f"Shut {change}")
    open_form = public(one)
    update("survey", one.id, change, one.version, OPEN)
    with here.client() as client:
        for answered in (client.get(open_form), client.post(open_form, data={"score": "9"})):
            assert answered.status_code == status
            assert sentence in words(answered)
        preview = f"/s/{links.tokens(one.id)['preview']}"
        assert "Preview: nothing is stored." in words(client.get(preview))
        assert client.post(preview, data={"score": "9"}).status_code == 303
        assert "Preview" in words(client.get(f"{preview}/thanks"))
    assert rows(one.name) == []


def test_a_removed_survey_and_a_replaced_link_open_nothing(here: Server) -> None:
    one = survey("Replaced")
    old = public(one)
    links.renewed(one.id, OPEN)
    with here.client() as client:
        assert client.get(old).status_code == 404
        assert client.get(public(one)).status_code == 200
        remove("survey", one.id, find("survey", one.id).version, OPEN)
        assert client.get(f"/s/{links.tokens(one.id)['public']}").status_code == 404


def plain(html: str) -> bool:
    """Whether a page has the marks of a form and no others, and no handlers."""
    inner = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return set(re.findall(r"<\s*/?([a-zA-Z!][a-zA-Z0-9]*)", inner)) <= MARKS and not re.search(r"<[^>]*\son\w+\s*=", inner) and html.count("</textarea>") == 1


def test_two_hundred_bad_intentions_stay_in_their_field(here: Server) -> None:
    one = survey("Intentions")
    for i, text in enumerate(hostile.PAYLOADS):
        with here.client(headers={"x-forwarded-for": f"198.51.100.{i}"}) as client:
            refused = client.post(public(one), data={"score": f"x{text}", "comment": text, "nonce": text})
        assert refused.status_code == 400
        assert plain(refused.text), text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_asked_and_what_is_typed_stays_text(here: Server, text: str) -> None:
    said = text.replace("\x00", "").strip()
    one = survey(f"Typed {HOSTILE.index(text)}", question=said, follow_up=said)
    with here.client(headers={"x-forwarded-for": f"192.0.2.{HOSTILE.index(text)}"}) as client:
        assert plain(client.get(public(one)).text)
        assert client.post(public(one), data={"score": "3", "comment": text}).status_code == 303
    (row,) = rows(one.name)
    assert row["comment"] == said


@pytest.mark.parametrize("score", ["", "9.5", "eleven", "11", "-1", "９", "1e1", "9" * 500])
def test_a_score_that_is_none_is_refused_with_a_sentence_and_the_comment_is_kept(here: Server, score: str) -> None:
    one = survey(f"Score {score[:9]}", language="fr")
    with here.client(headers={"x-forwarded-for": "203.0.113.77"}) as client:
        refused = client.post(public(one), data={"score": score, "comment": "écrit avec soin"})
        assert refused.status_code == 400
        assert "écrit avec soin" in refused.text
        assert 'role="alert"' in refused.text
    assert rows(one.name) == []


def test_too_much_is_refused_before_it_is_read(here: Server) -> None:
    one = survey("Large")
    with here.client() as client:
        assert client.post(public(one), data={"score": "9", "comment": "x" * 4_001}).status_code == 400
        assert client.post(public(one), content=b"score=9&comment=" + b"x" * 70_000, headers=FORM).status_code == 413
        assert client.post(public(one), content=b"&".join([b"a=1"] * 500), headers=FORM).status_code == 400
        assert client.post(public(one), content=b'{"score": 9}', headers={"content-type": "application/json"}).status_code == 400
        assert client.post(public(one), data={"score": "9", "comment": "☕" * 4_000}).status_code == 303
    assert len(rows("Large")) == 1


def test_one_address_may_answer_so_often_and_is_told_until_when(here: Server) -> None:
    one = survey("Often", language="de")
    with here.client(headers={"x-forwarded-for": "203.0.113.9"}) as client:
        given = [client.post(public(one), data={"score": "x"}).status_code for _ in range(ANSWERS.most + 8)]
        assert given[: ANSWERS.most] == [400] * ANSWERS.most
        refused = client.post(public(one), data={"score": "9"})
        assert refused.status_code == 429
        assert "zu viele Antworten" in words(refused)
        assert int(refused.headers["retry-after"]) >= 1
    with here.client(headers={"x-forwarded-for": "203.0.113.10"}) as other:
        assert other.post(public(one), data={"score": "9"}).status_code == 303


def test_a_budget_fills_up_again_and_a_network_of_version_six_is_one_address() -> None:
    clock = [0.0]
    rate = Rate(2, 60, addresses=3, clock=lambda: clock[0])
    assert [rate.wait("2001:db8::1"), rate.wait("2001:db8::2")] == [0, 0]
    assert rate.wait("2001:db8::3") == pytest.approx(30)
    assert rate.wait("2001:db8:1::1") == 0
    clock[0] = 30.0
    assert rate.wait("2001:db8::4") == 0
    assert rate.wait("2001:db8::5") > 0
    for i in range(5):
        rate.wait(f"192.0.2.{i}")
    assert len(rate._left) == 3


def test_whoever_was_invited_can_ask_to_be_asked_no_more_by_page_and_by_mail_program(here: Server) -> None:
    one = survey("Stop", status="live")
    first, second = invited(one, "stop-1"), invited(one, "stop-2")
    update("survey", one.id, {"status": "closed"}, one.version, OPEN)
    with here.client() as client:
        assert "Shall we stop asking you" in words(client.get(f"{first}/stop"))
        assert "You will not be asked again." in words(client.post(f"{first}/stop"))
        assert client.post(f"{first}/stop").status_code == 200
        assert client.post(f"{second}/stop", data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert client.get(f"{public(one)}/stop").status_code == 404, "a public link is nobody's"
    with reading() as session:
        assert [(o.customer_id, o.way) for o in session.exec(select(OptOut).where(OptOut.customer_id.in_(["stop-1", "stop-2"])).order_by(OptOut.customer_id))] == [("stop-1", "link"), ("stop-2", "mail")]  # type: ignore[attr-defined]


def test_another_site_cannot_send_for_somebody_and_no_site_may_frame_the_form(here: Server) -> None:
    one = survey("Foreign")
    with here.client() as client:
        assert client.post(public(one), data={"score": "9"}, headers={"origin": "https://evil.example"}).status_code == 403
        shown = client.get(public(one))
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    (hash_,) = inline_scripts(f"<script>{STYLE}</script>")
    assert hash_ in policy
    assert f"<style>{STYLE}</style>" in shown.text
    assert "<script" not in shown.text
    assert "style=" not in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert rows("Foreign") == []


@pytest.mark.parametrize("language", [*LANGUAGES, "nl", ""])
def test_the_form_speaks_the_language_of_the_survey(here: Server, language: str) -> None:
    one = survey(f"Speaks {language}", language=language or None, metric="ces", question="Was it easy?", scale_min=1, scale_max=7)
    said = LANGUAGES.get(language, LANGUAGES["en"])
    with here.client() as client:
        shown = client.get(public(one))
    assert f'<html lang="{said.language}">' in shown.text
    for text in (said.send, said.optional, *(f"{n} = {end}" for n, end in zip((1, 7), said.anchors["ces"], strict=True))):
        assert text in words(shown)
    assert shown.text.count('type="radio"') == 7


def test_a_long_scale_is_a_field_and_effort_of_the_first_kind_names_its_ends_otherwise(here: Server) -> None:
    one = survey("Long", metric="ces", scale_min=0, scale_max=100, higher_is_better=False, question="How much effort was it?")
    with here.client() as client:
        shown = client.get(public(one), params={"score": "55"})
        assert 'type="number"' in shown.text
        assert 'value="55"' in shown.text
        assert "0 = very low effort" in words(shown)
        assert client.post(public(one), data={"score": "101"}).status_code == 400
        assert client.post(public(one), data={"score": "100"}).status_code == 303
    assert [(r["score"], r["higher_is_better"]) for r in rows("Long")] == [(100.0, False)]


def test_while_somebody_else_writes_the_answer_is_not_thanked_for_and_stays_in_the_form(here: Server) -> None:
    one = survey("Busy")
    path = public(one)
    with writing(), here.client() as client:
        refused = client.post(path, data={"score": "9", "comment": "kept in the form"})
    assert refused.status_code == 503
    assert "could not be stored just now" in words(refused)
    assert "kept in the form" in refused.text
    assert 'value="9" required checked' in refused.text
    assert rows("Busy") == []


def test_the_public_name_answers_forms_and_nothing_else() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse(Request(scope).url.path)(scope, receive, send)

    guarded = Hosts(app, lambda: ["localhost"], forms=lambda: ("cx.example.com",))
    async def asked() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=guarded), base_url="http://cx.example.com") as client:
            return [(await client.get(path)).status_code for path in ("/s/abc", "/s/abc/stop", "/", "/healthz", "/s", "/media/s/x", "/_stcore/health")]

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have an event loop in this thread
        found = apart.submit(lambda: asyncio.run(asked())).result()
    assert found == [200, 200, 421, 421, 421, 421, 421]


def test_the_sentence_of_each_state_is_there_in_every_language() -> None:
    for said in LANGUAGES.values():
        for name in ("draft", "early", "paused", "closed", "unknown", "busy", "many", "large", "thanks", "stored"):
            assert getattr(said, name)
        assert set(said.anchors) == {"nps", "csat", "ces", "effort", "rating"}
        assert "{send}" in said.chosen
        assert "{send}" in said.busy
        assert "{day}" in said.early
        assert "{minutes}" in said.many
        assert "{question}" in said.mail_subject
