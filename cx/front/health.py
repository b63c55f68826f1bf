"""`/healthz`: is the store writable, is the mirror in step, which version runs."""

from __future__ import annotations

import asyncio
import time

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cx import __version__
from cx.front.failures import sentence
from cx.front.scrub import scrub

FRESH_SECONDS = 1.0


class Health:
    """The findings, looked up at most once a second however often they are asked for."""

    def __init__(self) -> None:
        self.lock, self.at, self.found = asyncio.Lock(), -FRESH_SECONDS, [""]

    async def current(self) -> list[str]:
        """What is wrong, a sentence each; empty when all is well."""
        async with self.lock:
            if time.monotonic() - self.at >= FRESH_SECONDS:
                self.found = await to_thread.run_sync(_findings)
                self.at = time.monotonic()
            return self.found


def _findings() -> list[str]:
    try:
        from cx.facts.health import findings  # here, so that a broken store module makes the check fail and not the start

        return [scrub(text) for text in findings()]
    except Exception as error:
        return [sentence(error)]


def health_route() -> Route:
    """The route; 200 when all is well, else 503 with the findings."""
    health = Health()

    async def healthz(_: Request) -> JSONResponse:
        found = await health.current()
        if found:
            return JSONResponse({"status": "failing", "version": __version__, "findings": found}, 503)
        return JSONResponse({"status": "ok", "version": __version__, "store": "writable", "mirror": "in step", "findings": []})

    return Route("/healthz", healthz, methods=["GET"])
