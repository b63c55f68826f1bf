"""Errors: the details to the log, a reference to the visitor."""

from __future__ import annotations

import logging
import secrets

from cx.errors import AccessError, CxError, InputError, NotFoundError
from cx.front.asgi import App, Message, Receive, Scope, Send, refuse

log = logging.getLogger("cx")


def reference() -> str:
    """Six letters under which an error stands in the log."""
    return secrets.token_hex(3)


def sentence(error: BaseException) -> str:
    """What the visitor is told: our own sentences as they are; of anything else only where the log has it."""
    if isinstance(error, CxError):
        return str(error)
    found = reference()
    log.error("error %s", found, exc_info=error)
    return f"Something went wrong here. The log has the details under {found}."


def status(error: BaseException) -> int:
    """The HTTP status that fits the error."""
    if isinstance(error, AccessError):
        return 403
    if isinstance(error, NotFoundError):
        return 404
    return 400 if isinstance(error, InputError) else 503 if isinstance(error, CxError) else 500


class Failures:
    """Catches what nobody else caught."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer with a sentence where that fails before anything was answered."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if scope["type"] == "lifespan":
                raise
            text = sentence(error)
            if not started:
                await refuse(scope, send, status(error), text)
