"""The few ASGI types and answers that the parts of the front share."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header_values(scope: Scope, name: bytes) -> list[str]:
    """All values of a request header, in order; the name in lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies; one that cannot be read is left out."""
    found: dict[str, str] = {}
    for line in header_values(scope, b"cookie"):
        for part in line.split(";"):
            try:
                found |= {name: morsel.value for name, morsel in SimpleCookie(part.strip()).items()}
            except CookieError:
                continue
    return found


async def refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    """Answer with one sentence and nothing else; a websocket is closed before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = json.dumps({"error": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
