from __future__ import annotations

import json
import socket
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from cx import __version__
from cx.front.guard import COOKIE
from cx.front.headers import ALWAYS

if TYPE_CHECKING:
    from tests.server.conftest import Server

PATHS = [
    "/",
    "/quality",
    "/healthz",
    "/api/v1/version",
    "/api/v1/nothing",
    "/_stcore/health",
    "/_stcore/host-config",
    "/media/x",
    "/_stcore/metrics",
    "/%2e%2e/x",
    "//x",
]
GUARDED = ["/media/abc.png", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"]


def visit(client: httpx.Client) -> str:
    return client.get("/").cookies[COOKIE]


@contextmanager
def page(server: Server, cookie: str) -> Iterator[tuple[ClientConnection, str]]:
    """A page open as in the browser: the connection and the name of its session."""
    with connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"Cookie": f"{COOKIE}={cookie}"},
        origin=server.url,  # type: ignore[arg-type]
        max_size=None,
    ) as socket_:
        message = BackMsg()
        message.rerun_script.query_string = ""
        socket_.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(socket_.recv(30))  # type: ignore[arg-type]
            if answer.WhichOneof("type") == "new_session":
                yield socket_, answer.new_session.initialize.session_id
                return


def put(client: httpx.Client, session: str, **headers: str) -> httpx.Response:
    token = client.get("/_stcore/health").cookies.get("_streamlit_xsrf") or client.cookies.get("_streamlit_xsrf") or ""
    return client.put(
        f"/_stcore/upload_file/{session}/f1", files={"f": ("a.csv", b"a,b\n1,2\n", "text/csv")}, headers={"X-Xsrftoken": token, **headers}
    )


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    with server.client() as client:
        headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "server" not in headers
    assert "strict-transport-security" not in headers


def test_behind_https_transport_is_strict_and_cookies_are_secure(server: Server) -> None:
    with server.client(headers={"X-Forwarded-Proto": "https"}) as client:
        answer = client.get("/")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("Secure" in line for line in cookies)


def test_what_is_private_is_not_kept_by_caches(server: Server) -> None:
    with server.client() as client:
        assert all(client.get(path).headers["cache-control"] == "private, no-store" for path in ("/healthz", "/api/v1/version", "/media/x"))


def test_the_api_tells_its_version_and_loads_no_foreign_page(server: Server) -> None:
    with server.client() as client:
        assert client.get("/api/v1/version").json() == {"version": __version__}
        assert client.get("/api/v1/docs").status_code == 404
        assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "CX Blueprint"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "localhost.evil.example", "user@localhost", "192.168.0.7"])
def test_a_foreign_host_name_is_refused(server: Server, host: str) -> None:
    with server.client() as client:
        for path in ("/", "/healthz", "/api/v1/version", "/_stcore/health"):
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 421
            assert answer.json() == {"error": "This server does not answer under that name."}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "https://127.0.0.1.evil.example"])
def test_a_foreign_origin_is_refused(server: Server, origin: str) -> None:
    with server.client() as client:
        assert client.get("/api/v1/version", headers={"Origin": origin}).status_code == 403
        assert client.post("/api/v1/version", headers={"Origin": origin}).status_code == 403
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused, connect(address, subprotocols=["streamlit"], origin=origin):  # type: ignore[list-item,arg-type]
        pass
    assert refused.value.response.status_code == 403


def test_a_websocket_under_a_foreign_name_is_refused(server: Server) -> None:
    address = ("127.0.0.1", server.port)
    with (
        pytest.raises(InvalidStatus) as refused,
        socket.create_connection(address) as raw,
        connect("ws://evil.example/_stcore/stream", sock=raw, subprotocols=["streamlit"]),  # type: ignore[list-item]
    ):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", GUARDED)
def test_guarded_paths_are_refused_without_a_visit(server: Server, path: str) -> None:
    with server.client() as client:
        answer = client.get(path)
        assert answer.status_code == 403
        assert answer.json() == {"error": "Open the app first."}
        assert client.get(path, headers={"Cookie": f"{COOKIE}=made.up"}).status_code == 403


@pytest.mark.parametrize("path", GUARDED)
def test_guarded_paths_are_reached_with_a_visit_but_not_from_other_sites(server: Server, path: str) -> None:
    with server.client() as client:
        visit(client)
        assert client.get(path).status_code != 403
        for site in ("cross-site", "same-site"):
            assert client.get(path, headers={"Sec-Fetch-Site": site}).status_code == 403


def test_the_visit_cannot_be_read_by_scripts_nor_sent_by_other_sites(server: Server) -> None:
    with server.client() as client:
        cookie = SimpleCookie(next(line for line in client.get("/").headers.get_list("set-cookie") if line.startswith(COOKIE)))[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert not any(line.startswith(COOKIE) for line in client.get("/").headers.get_list("set-cookie"))


def test_a_page_left_open_over_a_restart_gets_a_visit_when_it_reconnects(server: Server) -> None:
    with server.client() as client:
        answer = client.get("/_stcore/health", headers={"Cookie": f"{COOKIE}=of.another-process"})
        assert COOKIE in answer.cookies


def test_an_upload_reaches_only_a_live_session_of_the_same_browser(server: Server) -> None:
    with server.client() as mine, server.client() as other, page(server, visit(mine)) as (_, session):
        visit(other)
        assert put(mine, session).status_code == 204
        assert put(other, session).status_code == 403
        assert put(mine, "no-such-session").status_code == 403
        assert put(mine, session, Origin="http://evil.example").status_code == 403
        mine.cookies.delete(COOKIE)
        assert mine.put(f"/_stcore/upload_file/{session}/f1", files={"f": b"x"}).status_code == 403
        assert mine.delete(f"/_stcore/upload_file/{session}/f1").status_code == 403


def test_an_upload_to_a_closed_session_is_refused(server: Server) -> None:
    with server.client() as client:
        with page(server, visit(client)) as (_, session):
            pass
        deadline = time.monotonic() + 10
        while put(client, session).status_code != 403:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def signed(server: Server, **payload: object) -> str:
    secret = tomllib.loads((server.folder / ".streamlit" / "secrets.toml").read_text())["auth"]["cookie_secret"]
    value = json.dumps({"origin": server.url, "is_logged_in": True, "iss": "https://id.example.com", "sub": "ann", "iat": time.time(), **payload})
    return create_signed_value(secret, "_streamlit_user", value).decode()


@pytest.mark.parametrize("path", GUARDED)
def test_with_sign_in_guarded_paths_need_a_valid_one(guarded: Server, path: str) -> None:
    with guarded.client() as client:
        visit(client)
        assert client.get(path).json() == {"error": "Sign in first."}
        client.cookies.set("_streamlit_user", signed(guarded)[:-2] + "zz")
        assert client.get(path).status_code == 403
        client.cookies.delete("_streamlit_user")
        client.cookies.set("_streamlit_user", signed(guarded, is_logged_in=False))
        assert client.get(path).status_code == 403
        client.cookies.delete("_streamlit_user")
        client.cookies.set("_streamlit_user", signed(guarded))
        assert client.get(path).status_code != 403
        client.cookies.delete(COOKIE)
        assert client.get(path).status_code == 403


def test_with_sign_in_an_upload_needs_it_too(guarded: Server) -> None:
    with guarded.client() as client, page(guarded, visit(client)) as (_, session):
        assert put(client, session).json() == {"error": "Sign in first."}
        client.cookies.set("_streamlit_user", signed(guarded))
        assert put(client, session).status_code == 204


def test_with_sign_in_the_host_it_returns_to_is_answered_and_health_under_any_name(guarded: Server) -> None:
    with guarded.client() as client:
        assert client.get("/", headers={"Host": "cx.example.com"}).status_code == 200
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
        assert client.get("/healthz", headers={"Host": "10.0.0.7:8501"}).status_code in (200, 503)
    origin = "https://cx.example.com"
    with (
        socket.create_connection(("127.0.0.1", guarded.port)) as raw,
        connect("ws://cx.example.com/_stcore/stream", sock=raw, subprotocols=["streamlit"], origin=origin) as page_,  # type: ignore[list-item,arg-type]
    ):
        assert page_.subprotocol == "streamlit"


def test_health_says_ok_and_which_version(server: Server) -> None:
    with server.client() as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok"), server.log
    assert answer.json() == {"status": "ok", "version": __version__, "store": "writable", "mirror": "in step", "findings": []}


def test_health_says_503_and_why_where_the_store_is_spoilt(launched: Callable[..., Server]) -> None:
    made = launched()
    with made.client() as client:
        assert client.get("/healthz").status_code == 200, made.log
        for file in (made.folder / "data").glob("cx.db*"):
            if file.suffix != ".lock":
                file.write_bytes(b"this is no database" * 400)
        time.sleep(1.1)
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["findings"]


def test_without_sign_in_it_refuses_to_listen_to_the_network(launched: Callable[..., Server]) -> None:
    made = launched(host="0.0.0.0", wait=False)
    assert made.process.wait(180) == 1
    assert made.log.strip().splitlines()[-1].startswith("without sign-in the app listens on this machine only; CX_HOST is 0.0.0.0;")


def test_a_taken_port_is_named_in_one_sentence(launched: Callable[..., Server]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        made = launched(port=port, wait=False)
        assert made.process.wait(180) == 1
    last = made.log.strip().splitlines()[-1]
    assert f"needs port {port}" in last
    assert "set PORT to another one" in last
