"""Whom a request says it is for, and from which page it comes.

A hostile page may resolve its own name to this machine (DNS rebinding) or post to us from the visitor's browser. The
first is caught by the Host header, the second by the Origin header.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from cx.front.asgi import App, Receive, Scope, Send, header_values, refuse

LOOPBACK = ("localhost", "127.0.0.1", "::1")
FORMS = "/s/"
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def address(text: str, scheme: str) -> tuple[str, int] | None:
    """Host name (lower case, no final dot) and port of a Host header; None where it is none."""
    try:
        parts = urlsplit(f"//{text}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or parts.path or parts.query or parts.fragment or "@" in text or text != text.strip():
        return None
    return name.rstrip("."), port if port is not None else PORTS.get(scheme, 0)


def listed(name: str, allowed: Iterable[str]) -> bool:
    """Whether a host name is among those allowed; `*.example.com` stands for every name below."""
    for pattern in (p.strip().lower().rstrip(".") for p in allowed):
        if pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:])):
            return True
    return False


class Hosts:
    """Refuses requests for names that are not ours (421) and from pages that are not ours (403).

    `allowed` gives the names in force, `forms` those under which only survey forms are answered. A request without Origin passes: browsers leave it out only where a page of ours
    or the visitor asks, and other programs may say what they like anyway. `anyhow` are paths answered under any name.
    """

    def __init__(
        self, app: App, allowed: Callable[[], Iterable[str]], anyhow: Callable[[], tuple[str, ...]] = tuple, forms: Callable[[], tuple[str, ...]] = tuple
    ) -> None:
        self.app, self.allowed, self.anyhow, self.forms = app, allowed, anyhow, forms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on where it is for us and from us."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        hosts = header_values(scope, b"host")
        host = address(hosts[0], scope["scheme"]) if len(hosts) == 1 else None
        path = scope["path"]
        if host is None or not (listed(host[0], self.allowed()) or path in self.anyhow() or (path.startswith(FORMS) and listed(host[0], self.forms()))):
            await refuse(scope, send, 421, "This server does not answer under that name.")
            return
        origins = header_values(scope, b"origin")
        if origins and not (len(origins) == 1 and same(origins[0], hosts[0])):
            await refuse(scope, send, 403, "Requests from other sites are refused.")
            return
        await self.app(scope, receive, send)


def same(origin: str, host: str) -> bool:
    """Whether a page of `origin` belongs to the host asked; behind a proxy the scheme may differ, so it does not count."""
    scheme, _, rest = origin.partition("://")
    if scheme not in ("http", "https"):
        return False
    found = address(rest, scheme)
    return found is not None and found == address(host, scheme)
