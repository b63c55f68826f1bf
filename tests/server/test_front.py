from __future__ import annotations

import logging

import pytest

from cx.errors import AccessError, BusyError, InputError, NotFoundError
from cx.front.failures import sentence, status
from cx.front.guard import is_visit, new_visit
from cx.front.headers import PAGE, policy
from cx.front.hosts import address, listed, loopback, same
from cx.front.scrub import HIDDEN, known_secrets, scrub


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LocalHost", "::1", "[::1]"])
def test_loopback_is_this_machine(host: str) -> None:
    assert loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.com", "", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_anything_else_is_not_this_machine(host: str) -> None:
    assert not loopback(host)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("localhost:8501", ("localhost", 8501)),
        ("Example.COM.", ("example.com", 80)),
        ("[::1]:8501", ("::1", 8501)),
        ("user@localhost", None),
        ("localhost/x", None),
        ("localhost:notaport", None),
        ("localhost:99999", None),
        (" localhost", None),
        ("", None),
        ("a:b:c", None),
    ],
)
def test_a_host_header_is_a_name_and_a_port_or_nothing(text: str, found: tuple[str, int] | None) -> None:
    assert address(text, "http") == found


def test_names_are_listed_exactly_or_by_star() -> None:
    assert listed("localhost", ["localhost"])
    assert listed("a.example.com", ["*.example.com"])
    assert not listed("example.com", ["*.example.com"])
    assert not listed("evilexample.com", ["*.example.com", "example.com"])
    assert not listed("localhost", [])


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://cx.example.com", "cx.example.com", True),
        ("https://cx.example.com:443", "cx.example.com", True),
        ("http://localhost:9999", "localhost:8501", False),
        ("http://evil.example", "localhost:8501", False),
        ("null", "localhost:8501", False),
        ("http://localhost:8501.evil.example", "localhost:8501", False),
        ("file://", "localhost:8501", False),
        ("http://localhost:8501/path", "localhost:8501", False),
    ],
)
def test_an_origin_is_ours_where_host_and_port_are(origin: str, host: str, ours: bool) -> None:
    assert same(origin, host) is ours


def test_a_visit_cannot_be_made_up() -> None:
    visit = new_visit()
    assert is_visit(visit)
    assert visit != new_visit()
    for forged in (None, "", ".", "a.b", visit[:-1] + ("0" if visit[-1] != "0" else "1"), "x" + visit, "é." + "0" * 64):
        assert not is_visit(forged)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://cx:hunter2@db/cx",
        "postgresql+psycopg://cx:hun:ter2@db/cx",
        "password=hunter2",
        "password: 'hunter2 and more'",
        '{"client_secret": "hunter2"}',
        "CX_API_TOKEN=hunter2",
        "Authorization: Bearer hunter2hunter2",
        "cookie=hunter2",
        "GET /s/hunter2 failed",
        "said cx_hunter2" + "0" * 39 + " there",
    ],
)
def test_secrets_are_taken_out_of_text(text: str) -> None:
    found = scrub(text)
    assert "hunter2" not in found
    assert "ter2" not in found
    assert HIDDEN in found


def test_known_values_are_taken_out_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "correct horse")
    monkeypatch.setenv("MAIL_SECRET", "abc")
    values = known_secrets(["from a file"])
    assert scrub("said correct horse from a file abc", values) == f"said {HIDDEN} {HIDDEN} abc"


def test_ordinary_text_is_left_alone() -> None:
    text = "12 rows of responses.csv were refused at http://localhost:8501/data; see column 3"
    assert scrub(text) == text


def test_our_own_errors_are_told_and_others_only_referred_to(caplog: pytest.LogCaptureFixture) -> None:
    assert sentence(InputError("expected a", "found b", "do c")) == "expected a; found b; do c."
    with caplog.at_level(logging.ERROR, logger="cx"):
        told = sentence(RuntimeError("the inside"))
    assert "the inside" not in told
    found = told.split()[-1].rstrip(".")
    assert found in caplog.text
    assert "the inside" in caplog.text


def test_errors_have_the_status_that_fits() -> None:
    assert [status(e) for e in (AccessError(), NotFoundError(), InputError("x"), BusyError(), ValueError())] == [403, 404, 400, 503, 500]


def test_the_policy_allows_no_foreign_source() -> None:
    text = policy(PAGE)
    assert "http" not in text
    assert "*" not in text
    assert "'unsafe-eval'" not in text
    assert text.startswith("default-src 'self'; script-src 'self'")
