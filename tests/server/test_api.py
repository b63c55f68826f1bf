"""The API over real HTTP: numbers out, rows in, and a refusal in one sentence for everything else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import jsonschema
import pytest
from sqlmodel import select

from cx.errors import AccessError
from cx.facts import batches, health, history
from cx.front import bearer
from cx.front.bearer import REFUSALS
from cx.front.rate import Rate
from cx.intake import sample
from cx.intake.posts import post
from cx.records import tokens
from cx.records.actor import Actor
from cx.store.base import now
from cx.store.engine import writing
from tests.server.conftest import Server

CHIEF = Actor("chief", "admin")
API = "/api/v1"
ROW = {"survey": "Api", "response_id": "r1", "metric": "nps", "score": 9, "answered_at": "2026-01-15", "customer_id": "C1"}


class Caller:
    """A program with a token; every answer is held against the description the server gives of itself."""

    def __init__(self, server: Server, role: str, name: str) -> None:
        self.token, self.secret = tokens.create(name, role, CHIEF)
        self.client = server.client(headers={"Authorization": f"Bearer {self.secret}"})
        self.description = self.client.get(f"{API}/openapi.json").json()

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self.held("get", path, self.client.get(API + path, params=parameters))

    def post(self, path: str, rows: Any, **more: Any) -> httpx.Response:
        sent = {"json": rows} if not isinstance(rows, bytes) else {"content": rows}
        return self.held("post", path, self.client.post(API + path, **sent, **more))

    def held(self, method: str, path: str, answered: httpx.Response) -> httpx.Response:
        parts = path.strip("/").split("?")[0].split("/")
        place = next(p for p in self.description["paths"] if len(p.strip("/").split("/")) == len(parts) and p.strip("/").split("/")[0] == parts[0] and method in self.description["paths"][p])
        told = self.description["paths"][place][method]["responses"][str(answered.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answered.json(), {**told, "components": self.description["components"]})
        if answered.status_code >= 400:
            assert answered.json()["error"].endswith(".")
        return answered


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


@pytest.fixture
def writer(here: Server, request: pytest.FixtureRequest) -> Iterator[Caller]:
    made = Caller(here, "contributor", request.node.name[:60])
    yield made
    made.client.close()
    for batch in history.batches():
        if batch.undone_at is None:
            batches.undo(int(batch.id or 0))
    tokens.revoke(made.token.name, CHIEF)


def answers(n: int, score: int = 9, **more: Any) -> list[dict[str, Any]]:
    return [{**ROW, "response_id": f"r{i}", "customer_id": f"C{i}", "score": score, **more} for i in range(n)]


def test_without_a_token_nothing_is_told_whether_the_app_runs_open_or_not(there: Server) -> None:
    paths = [f"{API}/{path}" for path in ("kpis", "kpis/nps", "findings", "datasets", "files/abc")]
    with there.client() as client:
        client.get("/")  # a visit is no token
        for path in paths:
            answered = client.get(path)
            assert (answered.status_code, answered.headers["www-authenticate"]) == (401, "Bearer")
            assert answered.json() == {"error": "The API needs a token: send it as Authorization: Bearer cx_…; python -m cx token create makes one."}
        for shown in ("Bearer", "Bearer nope", f"Bearer {tokens.new_secret()}", f"Basic {tokens.new_secret()}", "Token x"):
            assert client.get(f"{API}/kpis", headers={"Authorization": shown}).status_code == 401
        assert client.post(f"{API}/datasets/tickets", json=[]).status_code == 401
        assert client.post(f"{API}/files?name=a.csv", content=b"a").status_code == 401
        assert client.get(f"{API}/kpis?token={tokens.new_secret()}").status_code == 401
        assert client.get(f"{API}/version").status_code == 200


def test_with_a_token_it_answers_whether_the_app_runs_open_or_not_and_gives_no_cookie(there: Server) -> None:
    _, secret = tokens.create("reader", "contributor", CHIEF)
    with there.client(headers={"Authorization": f"Bearer {secret}"}) as client:
        taken = client.post(f"{API}/datasets/responses", json=[ROW]).json()
        assert taken["records"] == 1
        batches.undo(taken["batch"])
        answered = client.get(f"{API}/kpis")
        assert answered.status_code == 200
        assert "set-cookie" not in answered.headers
        assert "access-control-allow-origin" not in answered.headers
        assert answered.headers["cache-control"] == "private, no-store"
        assert client.get(f"{API}/kpis", headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.options(f"{API}/kpis", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}).status_code == 403
        assert client.get(f"{API}/kpis", headers={"Host": "evil.example"}).status_code == 421
    tokens.revoke("reader", CHIEF)


def test_a_token_that_was_revoked_or_has_ended_is_refused_from_then_on(here: Server) -> None:
    with here.client() as client:
        for name in ("revoked", "ended"):
            _, secret = tokens.create(name, "viewer", CHIEF, days=1)
            client.headers["Authorization"] = f"Bearer {secret}"
            assert client.get(f"{API}/kpis").status_code == 200
            if name == "revoked":
                tokens.revoke(name, CHIEF)
            else:
                with writing() as session:
                    session.exec(select(tokens.ApiToken).where(tokens.ApiToken.name == name)).one().expires_at = now()
            answered = client.get(f"{API}/kpis")
            assert (answered.status_code, answered.json()["error"]) == (401, tokens.UNKNOWN)


def test_whoever_tries_many_tokens_is_told_to_wait_and_good_ones_still_pass(guarded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_DATA_DIR", str(guarded.folder / "data"))
    _, secret = tokens.create("good", "viewer", CHIEF)
    with guarded.client(headers={"X-Forwarded-For": "203.0.113.7"}) as client:
        tried = [client.get(f"{API}/kpis", headers={"Authorization": f"Bearer {tokens.new_secret()}"}) for _ in range(REFUSALS.most + 1)]
        assert {one.status_code for one in tried[:-1]} == {401}
        assert tried[-1].status_code == 429
        assert 0 < int(tried[-1].headers["retry-after"]) <= 600
        assert client.get(f"{API}/kpis", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_rows_move_a_number_the_same_again_changes_nothing_and_undo_gives_back(writer: Caller) -> None:
    assert writer.get("/kpis/nps").json()["value"] is None
    done = writer.post("/datasets/responses", answers(8)).json()
    assert {name: done[name] for name in ("records", "inserted", "updated", "unchanged", "excluded", "rejected")} == {"records": 8, "inserted": 8, "updated": 0, "unchanged": 0, "excluded": 0, "rejected": 0}
    found = writer.get("/kpis/nps", by="month,survey").json()
    assert (found["value"], found["n"], found["groups"][0]["month"], found["groups"][0]["survey"]) == (100.0, 8, "2026-01-01", "Api")
    assert writer.post("/datasets/responses", answers(8)).json()["unchanged"] == 8
    assert writer.post("/datasets/responses", answers(1, 0)[0]).json()["updated"] == 1, "one row may come without a list"
    assert writer.get("/kpis/nps", survey="Api", **{"from": "2026-01-15", "to": "2026-01-15"}).json()["value"] == 75.0
    assert writer.get("/kpis/nps", survey="Other").json()["n"] == 0
    batches.undo(done["batch"])
    assert writer.get("/kpis/nps").json()["n"] == 0
    assert health.deep() == []


def test_many_rows_are_a_batch_of_their_own(writer: Caller) -> None:
    done = writer.post("/datasets/responses", answers(1200)).json()
    assert (done["records"], done["inserted"]) == (1200, 1200)
    (batch,) = [b for b in history.batches() if b.id == done["batch"]]
    assert (batch.records, batch.source) == (1200, f"API, {writer.token.holder.name}: 1,200 rows")
    assert next(d for d in writer.get("/datasets").json() if d["name"] == "responses")["rows"] == 1200


def test_small_groups_are_hidden_as_everywhere(writer: Caller) -> None:
    writer.post("/datasets/responses", [*answers(9, segment="Large"), *({**row, "response_id": f"s{i}"} for i, row in enumerate(answers(3, 0, segment="Small")))])
    found = writer.get("/kpis/nps", by="segment").json()
    assert {g["segment"]: (g["value"], g["n"]) for g in found["groups"]} == {"Large": (None, 9), "Small": (None, 3)}
    assert writer.get("/kpis/nps", segment="Small").json()["value"] is None
    assert writer.get("/kpis/nps", segment=["Small", "Large"]).json()["n"] == 9, "three of them answered twice"


def test_two_at_once_lose_nothing_and_double_nothing(writer: Caller) -> None:
    seen: list[int] = []

    def send(start: int) -> None:
        for i in range(4):
            rows = [{**ROW, "response_id": f"x{start + 2 * i + j}"} for j in range(3)]
            seen.append(writer.client.post(f"{API}/datasets/responses", json=rows).status_code)

    both = [threading.Thread(target=send, args=(start,)) for start in (0, 4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert seen == [200] * 8
    assert next(d for d in writer.get("/datasets").json() if d["name"] == "responses")["rows"] == 13
    assert health.deep() == []


def test_a_viewer_reads_and_brings_nothing(here: Server) -> None:
    reader = Caller(here, "viewer", "only reads")
    assert reader.get("/kpis/nps").status_code == 200
    for answered in (reader.post("/datasets/responses", [ROW]), reader.post("/files?name=a.csv", b"a,b")):
        assert answered.status_code == 403
        assert "needs a contributor" in answered.json()["error"]
    reader.client.close()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/kpis/npx", 404, "no KPI 'npx'"), ("/kpis/nps?by=monht", 400, "can be broken down by"), ("/kpis/nps?by=day,team,agent,country", 400, "at most 3 columns"), ("/kpis/nps?form=2026-01-01", 400, "found 'form'"), ("/kpis/nps?from=1.1.2026", 400, "from is a day"),
        ("/kpis/nps?from=2026-02-01&to=2026-01-01", 400, "begins before it ends"), ("/kpis/logo_churn?survey=x", 400, "survey narrows KPIs of survey responses"), ("/findings?compare=x", 400, "previous or year"),
        ("/kpis/" + "x" * 3000, 404, "no KPI"), ("/nothing", 404, "nothing at this address"), ("/files/abc", 404, "no longer there"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(writer: Caller, path: str, status: int, words: str) -> None:
    answered = writer.client.get(API + path)
    assert answered.status_code == status
    assert words in answered.json()["error"]


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (b"", "application/json", 400, "found none at line 1"), (b"[1,", "application/json", 400, "expected JSON"), (b"3", "application/json", 400, "a list of rows"), (b'"x"', "application/json", 400, "a list of rows"),
        (b'[{"score": NaN}]', "application/json", 400, "NaN, which JSON does not have"), (b'[{"score": -Infinity}]', "application/json", 400, "-Infinity"), (b'[{"a": 1, "a": 2}]', "application/json", 400, "'a' twice"),
        (b"[" * 100_000, "application/json", 400, "nested too deeply"), (b'{"a":' * 100_000, "application/json", 400, "nested too deeply"), (b"\xff\xfe[", "application/json", 400, "UTF-8"),
        (b"[" + b"9" * 5000 + b"]", "application/json", 400, "expected JSON"), (b"a,b\n1,2", "text/csv", 415, "/api/v1/files"), (b"[]", "", 415, "application/json"), (b"[]", "application/x-www-form-urlencoded", 415, "application/json"),
        (b"[" + b" " * (17 << 20) + b"]", "application/json", 413, "at most 16 MiB"), (json.dumps([{}] * 10_001).encode(), "application/json", 400, "at most 10,000 rows"), (b"[{}, 1, []]", "application/json", 422, "No row can be used"),
    ],
)  # fmt: skip
def test_what_is_no_strict_json_of_rows_is_refused_in_one_sentence(writer: Caller, content: bytes, kind: str, status: int, words: str) -> None:
    answered = writer.post("/datasets/tickets", content, headers={"Content-Type": kind} if kind else {})
    assert (answered.status_code, words in answered.json()["error"]) == (status, True), answered.text
    assert history.batches() == [] or all(b.undone_at for b in history.batches())


def test_a_body_that_is_packed_or_longer_than_it_says_is_refused(writer: Caller) -> None:
    packed = writer.post("/datasets/tickets", b"[]", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert (packed.status_code, "Content-Encoding" in packed.json()["error"]) == (415, True)

    def endless() -> Iterator[bytes]:
        for _ in range(18):
            yield b" " * (1 << 20)

    with suppress(httpx.TransportError):  # the server may answer and close while we are still sending
        assert writer.client.post(f"{API}/datasets/tickets", content=endless(), headers={"Content-Type": "application/json"}).status_code == 413
    assert writer.get("/kpis/nps").status_code == 200


def test_hostile_values_come_in_as_text_or_not_at_all(writer: Caller) -> None:
    ticket = {"created_at": "2026-01-02"}
    rows = [
        {**ticket, "ticket_id": "a", "subject": "=HYPERLINK(1)", "kind": "<img src=x onerror=alert(1)>"}, {**ticket, "ticket_id": "b", "subject": "x" * (10 << 20)}, {**ticket, "ticket_id": "c", "replies": "3 OR 1=1"},
        {**ticket, "ticket_id": "d\u0000\ud800", "subject": "'; DROP TABLE import_batch; --"}, {**ticket, "ticket_id": "e", "__proto__": {"x": 1}}, {**ticket, "ticket_id": "a", "subject": "again"}, ["no"], None,
    ]  # fmt: skip
    done = writer.post("/datasets/tickets", json.dumps(rows).encode(), headers={"Content-Type": "application/json"}).json()
    assert [(r["index"], r["column"]) for r in done["rejects"]] == [(1, "subject"), (2, "replies"), (4, "__proto__"), (6, ""), (7, "")]
    assert (done["records"], done["inserted"], done["updated"], done["rejected"]) == (8, 2, 1, 5)
    assert max(len(r["value"]) for r in done["rejects"]) <= 200


def test_an_unknown_dataset_and_a_wrong_method_are_named(writer: Caller) -> None:
    answered = writer.post("/datasets/people", [ROW])
    assert (answered.status_code, "there are customers, responses" in answered.json()["error"]) == (404, True)
    for method, path in (("PUT", "/kpis"), ("DELETE", "/datasets/responses"), ("POST", "/kpis/nps"), ("HEAD", "/kpis")):
        answered = writer.client.request(method, API + path)
        assert answered.status_code == 405
        assert method == "HEAD" or "does not take that method" in answered.json()["error"]


def test_while_another_program_writes_the_caller_is_told_to_come_again_and_pages_go_on(writer: Caller, here: Server) -> None:
    with writing(), here.client() as page:
        waiting: list[httpx.Response] = []
        sender = threading.Thread(target=lambda: waiting.append(writer.client.post(f"{API}/datasets/responses", json=[ROW], timeout=60)))
        sender.start()
        assert page.get("/_stcore/health", timeout=5).status_code == 200
        assert writer.get("/kpis").status_code == 200
        sender.join(60)
    assert waiting[0].status_code == 503
    assert waiting[0].headers["retry-after"] == "30"
    assert "try again in a minute" in waiting[0].json()["error"]


def test_a_whole_file_is_read_as_the_command_reads_it(writer: Caller) -> None:
    content = sample("tickets").encode()
    done = writer.post("/files?name=helpdesk.csv", content)
    assert done.status_code == 200, done.text
    assert {name: done.json()[name] for name in ("file", "dataset", "records", "inserted", "rejected")} == {"file": "helpdesk.csv", "dataset": "tickets", "records": 30, "inserted": 30, "rejected": 0}
    again = writer.post("/files?name=other.csv", content).json()
    assert (again["inserted"], again["unchanged"]) == (0, 30)
    survey = b"Wie zufrieden?;Datum\n5;2026-01-02\n9;2026-01-03\n4;2026-01-04\n"
    mapped = writer.client.post(f"{API}/files", content=survey, params={"name": "s.csv", "survey": "Mine", "map": "Wie zufrieden?=csat", "scale": "1-5"})
    assert mapped.status_code == 200, mapped.text
    assert (mapped.json()["survey"], mapped.json()["inserted"], mapped.json()["rejected"]) == ("Mine", 2, 1)
    assert mapped.json()["rejects"][0]["value"] == "9"


def test_a_file_that_takes_long_is_asked_for_again_by_whoever_sent_it(writer: Caller, here: Server) -> None:
    with writing():  # another program holds the store, so the import waits
        waiting = writer.client.post(f"{API}/files?name=late.csv", content=sample("orders").encode(), timeout=120)
        assert waiting.status_code == 202, waiting.text
        place = f"/files/{waiting.json()['job']}"
        assert writer.get(place).status_code == 202
        assert writer.get("/kpis").status_code == 200
    other = Caller(here, "contributor", "somebody else")
    assert other.get(place).status_code == 404
    other.client.close()
    for _ in range(300):
        done = writer.get(place)
        if done.status_code != 202:
            break
        time.sleep(0.2)
    assert (done.status_code, done.json()["inserted"]) == (200, 30)
    assert writer.get(place).json() == done.json(), "it can be asked for again"


def test_a_token_that_is_revoked_while_it_is_at_work_writes_no_more(store: str) -> None:
    made, _ = tokens.create("sync", "contributor", CHIEF)
    assert bearer.acting(made, lambda: post("responses", [ROW], "token sync")).inserted == 1
    tokens.revoke("sync", CHIEF)
    with pytest.raises(AccessError, match="revoked"):
        bearer.acting(made, lambda: post("responses", [{**ROW, "score": 1}], "token sync"))
    reader, _ = tokens.create("reads", "viewer", CHIEF)
    with pytest.raises(AccessError, match="must be contributor"):
        bearer.acting(reader, lambda: post("responses", [{**ROW, "score": 1}], "token reads"))
    assert [b.records for b in history.batches()] == [1]
    assert post("responses", [ROW], "nobody's token").unchanged == 1, "outside a call nobody is asked"


def test_a_token_that_calls_too_often_is_told_when_to_come_again(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearer, "CALLS", Rate(3, 60))
    _, secret = tokens.create("busy", "viewer", CHIEF)
    for _ in range(3):
        bearer.admitted("203.0.113.1", secret, "viewer")
    with pytest.raises(bearer.RefusedError) as refused:
        bearer.admitted("203.0.113.2", secret, "viewer")
    assert refused.value.status == 429
    assert 1 <= int(refused.value.headers["retry-after"]) <= 21


@pytest.mark.parametrize(
    ("query", "content", "status", "words"),
    [
        ("", b"a,b\n1,2", 400, "name says what the file is called"), ("name=a.csv", b"", 400, "empty file"), ("name=a.csv", b"%PDF-1.4 x", 400, "PDF"), ("name=a.csv&map=x", b"a", 400, "COLUMN=FIELD"), ("name=a.csv&scale=x", b"a", 400, "LOW-HIGH"),
        ("name=a.csv&dataset=people", b"a,b\n1,2", 400, "one of the datasets"), ("name=../../etc/passwd&colour=red", b"a", 400, "'colour'"), ("name=t.csv&dataset=tickets", b"ticket_id,created_at,status,team\n,x,y,z\n", 400, ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence_and_not_kept(writer: Caller, here: Server, query: str, content: bytes, status: int, words: str) -> None:
    uploads = here.folder / "data" / "uploads"
    before = sorted(uploads.glob("*"))
    answered = writer.post(f"/files?{query}", content)
    assert (answered.status_code in (status, 422), words in answered.json()["error"]) == (True, True), answered.text
    assert sorted(uploads.glob("*")) == before


def test_what_moved_is_told_as_the_command_tells_it(writer: Caller) -> None:
    assert writer.get("/findings").json() == []
