"""Security headers on every answer."""

from __future__ import annotations

import base64
import hashlib
import re

from cx.front.asgi import App, Message, Receive, Scope, Send
from cx.front.hosts import FORMS

# Vega compiles expressions to closures and so needs no 'unsafe-eval'; its images and fonts arrive as data or blobs.
PAGE = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
# A file from outside, opened by its address, runs nothing and reaches nothing.
FILE = {"default-src": "'none'", "img-src": "data:", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'", "sandbox": ""}
# A survey form needs its own style and nothing else.
FORM = {"default-src": "'none'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'"}
UNUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
PRIVATE = ("/media/", "/api/", "/healthz", "/s/")


def policy(directives: dict[str, str]) -> str:
    """Content-Security-Policy as the header wants it."""
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


def inline_scripts(html: str) -> tuple[str, ...]:
    """The hashes by which the policy allows exactly the scripts written into a page of ours, and no other."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return tuple(map(_hash, scripts))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Headers:
    """Adds the headers; marks cookies Secure and adds Strict-Transport-Security where the visitor came by https.

    `scripts` are hashes of inline scripts that may run, `style` is the style sheet written into survey forms.
    """

    def __init__(self, app: App, scripts: tuple[str, ...] = (), style: str = "") -> None:
        self.app = app
        self.page = policy(PAGE | {"script-src": " ".join((PAGE["script-src"], *scripts))})
        self.file = policy(FILE)
        self.form = policy(FORM | {"style-src": _hash(style)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, https = scope["path"], scope["scheme"] == "https"
        wanted = ALWAYS | {"content-security-policy": self.file if path.startswith("/media/") else self.form if path.startswith(FORMS) else self.page}
        if https:
            wanted |= {"strict-transport-security": HSTS}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in _NAMES and name.lower() != b"server"]
                if path.startswith(PRIVATE) and not any(name.lower() == b"cache-control" for name, _ in kept):
                    kept.append((b"cache-control", b"private, no-store"))
                if https:
                    kept = [(name, _secure(value) if name.lower() == b"set-cookie" else value) for name, value in kept]
                message["headers"] = kept + [(name.encode(), value.encode()) for name, value in wanted.items()]
            await send(message)

        await self.app(scope, receive, sending)


_NAMES = {name.encode() for name in ALWAYS} | {b"content-security-policy", b"strict-transport-security"}


def _secure(cookie: bytes) -> bytes:
    attributes = [part.strip().lower() for part in cookie.split(b";")[1:]]
    return cookie if b"secure" in attributes else cookie + b"; Secure"
