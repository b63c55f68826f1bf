"""How every call of the API is answered: a token, then the work in a thread, then one JSON document or one sentence.

The work never runs on the event loop, which draws everybody's pages, and never in the threads that pages and survey forms
wait for: however long a writer holds the store, only calls of the API queue behind it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from cx.documents import plain
from cx.errors import BusyError, CxError, InputError
from cx.front import bearer
from cx.front.bearer import RefusedError
from cx.front.failures import sentence, status
from cx.records.actor import Role
from cx.records.tokens import ApiToken
from cx.store.migrate import migrate

DOOR, READERS, WRITERS, SEARCHERS = (CapacityLimiter(n) for n in (4, 4, 2, 2))
AGAIN_SECONDS = 30


class Document(JSONResponse):
    """JSON as the command line prints it: days as YYYY-MM-DD, no NaN."""

    def render(self, content: Any) -> bytes:
        """The document as bytes."""
        return json.dumps(content, default=plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def refusal(code: int, text: str, headers: dict[str, str] | None = None) -> Document:
    """One sentence."""
    return Document({"error": text}, code, headers)


async def answer(
    request: Request, role: Role, known: tuple[str, ...], work: Callable[[ApiToken, Any], Any], limiter: CapacityLimiter,
    body: Callable[[Request], Awaitable[Any]] | None = None, then: Callable[[Any], Awaitable[Any]] | None = None,
) -> Response:  # fmt: skip
    """Answer a call with what `work(token, body)` returns: a document, or a Response as it is.

    `known` are the parameters the address may have: one that is misspelt would otherwise answer another question. `then` waits
    on the event loop for what the work has begun.
    """
    try:
        address = request.client.host if request.client else ""
        token = await to_thread.run_sync(_admitted, address, bearer.secret(request), role, limiter=DOOR)
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise InputError(f"the address may have {', '.join(known)}" if known else "the address has no parameters", f"found {unknown[0][:40]!r}", "leave it out or spell it so")
        sent = await body(request) if body is not None else None
        found = await to_thread.run_sync(_done, token, sent, work, limiter=limiter)
        found = await then(found) if then is not None else found
        return found if isinstance(found, Response) else Document(found)
    except RefusedError as refused:
        return refusal(refused.status, refused.sentence, refused.headers)
    except BusyError as busy:
        return refusal(503, str(busy), {"retry-after": str(AGAIN_SECONDS)})
    except CxError as wrong:
        return refusal(status(wrong), str(wrong))
    except ClientDisconnect:  # nobody is left to be told
        return refusal(400, "The call ended before its body did.")
    except Exception as error:
        return refusal(500, sentence(error))


def _admitted(address: str, shown: str, role: Role) -> ApiToken:
    migrate()
    return bearer.admitted(address, shown, role)


def _done(token: ApiToken, sent: Any, work: Callable[[ApiToken, Any], Any]) -> Any:
    return bearer.acting(token, lambda: work(token, sent))
