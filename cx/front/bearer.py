"""Who calls the API: the token in the Authorization header, and nothing else. Cookies do not count, and an open app needs one too."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from starlette.requests import Request

from cx.errors import AccessError
from cx.front.rate import Rate
from cx.records import tokens
from cx.records.actor import Role
from cx.store import gate

T = TypeVar("T")
REFUSALS = Rate(30, 600)  # refused tokens an address may show in ten minutes; good ones are not counted
CALLS = Rate(600, 60)  # calls a token may make in a minute
_holder: ContextVar[tokens.ApiToken | None] = ContextVar("holder", default=None)


class RefusedError(Exception):
    """A call that is answered with this status, sentence and headers."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        self.status, self.sentence, self.headers = status, sentence, {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(sentence)


def slow_down(seconds: float, sentence: str) -> RefusedError:
    """429, and when to come again."""
    return RefusedError(429, sentence, retry_after=str(int(seconds) + 1))


def secret(request: Request) -> str:
    """The token of a request; empty where it shows none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def admitted(address: str, shown: str, role: Role) -> tokens.ApiToken:
    """The token in force, where its role suffices.

    Raises RefusedError: 401 without a good token, 403 where it may not do this, 429 where an address showed too many bad ones
    or a token calls too often.
    """
    try:
        found = tokens.holding(shown)
    except AccessError as unknown:
        wait = REFUSALS.wait(address)
        if wait:
            raise slow_down(wait, "Too many tokens from your address were refused; try again later.") from None
        sentence = str(unknown) if shown else "The API needs a token: send it as Authorization: Bearer cx_…; python -m cx token create makes one."
        raise RefusedError(401, sentence, www_authenticate="Bearer") from None
    wait = CALLS.wait(found.prefix)
    if wait:
        raise slow_down(wait, f"More than {CALLS.most} calls a minute with one token; send many rows in one call.")
    if not found.holder.may(role):
        raise RefusedError(403, f"This token is of a {found.role}, and this needs a {role}; python -m cx token create NAME --role {role} makes one.")
    tokens.seen(found)
    return found


def acting(token: tokens.ApiToken, work: Callable[[], T]) -> T:
    """Do the work in the name of a token: right before each write the store is asked whether it still may."""
    before = _holder.set(token)
    try:
        return work()
    finally:
        _holder.reset(before)


def may_write() -> None:
    """Raise AccessError where the token in whose name this thread works may not write now."""
    token = _holder.get()
    if token is not None:
        tokens.standing(token).holder.require("contributor", "bring rows")


gate.guard("token", may_write)
