"""The guard: files go in and out only for a browser that has the app open, and is signed in where that is asked for.

Streamlit serves uploads, media, metrics and its agent interface to anyone who knows an address. Here they need

- a visit: a signed cookie, not readable by scripts and never sent along by other sites, which this server hands out
  with a page or when a page reconnects, and which dies with the process;
- for uploads also a live session that was opened with the same visit: nobody puts files into another's session;
- where sign-in is configured also a valid sign-in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from cx.front.asgi import App, Message, Receive, Scope, Send, cookies, header_values, refuse
from cx.front.hosts import FORMS

COOKIE = "cx_visit"
GUARDED = ("/_stcore/upload_file", "/media", "/_stcore/metrics", "/_stcore/agent")
UPLOAD = "/_stcore/upload_file"
# A page asks these two before it (re)connects, so that a page left open over a restart gets its visit anew.
RECONNECT = ("/_stcore/health", "/_stcore/host-config")
_KEY = secrets.token_bytes(32)


def new_visit() -> str:
    """A fresh visit: random, signed with a key of this process."""
    name = secrets.token_urlsafe(16)
    return f"{name}.{_signature(name)}"


def is_visit(value: str | None) -> bool:
    """Whether this process handed out the visit."""
    name, _, signature = (value or "").partition(".")
    return hmac.compare_digest(_signature(name), signature)


def _signature(name: str) -> str:
    return hmac.new(_KEY, name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class Guard:
    """Refuses guarded paths (403). `signed_in` judges a request's cookies (always true where the app runs open);
    `session_cookies` gives the cookies a live session was opened with, None where there is no such session."""

    def __init__(
        self,
        app: App,
        signed_in: Callable[[Mapping[str, str]], bool],
        session_cookies: Callable[[str], Mapping[str, str] | None],
    ) -> None:
        self.app, self.signed_in, self.session_cookies = app, signed_in, session_cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on where it may pass; hand out a visit with a page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, sent = scope["path"], cookies(scope)
        if path.startswith(FORMS):  # whoever answers a survey is no visitor of the app, and gets no cookie of it
            await self.app(scope, receive, send)
            return
        if any(path == guarded or path.startswith(guarded + "/") for guarded in GUARDED):
            reason = self.refusal(path, scope, sent)
            if reason:
                await refuse(scope, send, 403, reason)
                return
        if is_visit(sent.get(COOKIE)):
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and (path in RECONNECT or _is_page(message)):
                cookie = f"{COOKIE}={new_visit()}; Path=/; HttpOnly; SameSite=Strict"
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, sending)

    def refusal(self, path: str, scope: Scope, sent: Mapping[str, str]) -> str:
        """Why the request may not pass; empty where it may."""
        if header_values(scope, b"sec-fetch-site") not in ([], ["same-origin"], ["none"]):
            return "Requests from other sites are refused."
        if not is_visit(sent.get(COOKIE)):
            return "Open the app first."
        if not self.signed_in(sent):
            return "Sign in first."
        if path.startswith(UPLOAD):
            session = path.removeprefix(UPLOAD).strip("/").split("/")[0]
            opened_with = self.session_cookies(session)
            if opened_with is None or opened_with.get(COOKIE) != sent.get(COOKIE):
                return "This upload belongs to no open page of yours; reload the page."
        return ""


def _is_page(message: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
