"""What a call brings: a body of bounded size, read strictly."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from cx.errors import InputError
from cx.front.bearer import RefusedError

LARGEST = 16 << 20  # bytes of rows in one post


async def pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body piece by piece. Raises RefusedError 413 as soon as it is, or says it is, larger than `most` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise _large(most)
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise _large(most)
        yield piece


def _large(most: int) -> RefusedError:
    return RefusedError(413, f"Expected at most {most / (1 << 20):,.0f} MiB; send it in parts.")


async def rows_sent(request: Request) -> bytes:
    """The body of a post of rows. Raises RefusedError 415 where it is not said to be JSON, 413 where it is too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(415, "Expected rows as JSON (Content-Type: application/json); whole files go to /api/v1/files.")
    plain(request)
    return b"".join([piece async for piece in pieces(request, LARGEST)])


def plain(request: Request) -> None:
    """Raise RefusedError 415 where the body is packed: what it grows to could not be bounded."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedError(415, "Expected the body as it is, without Content-Encoding.")


def rows(body: bytes) -> list[Any]:
    """The rows in a body: a JSON list, or one object. Raises InputError where it is no strict JSON."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_unique)
    except RecursionError:
        raise InputError("expected a list of rows", "found JSON nested too deeply", "send objects of column names and single values") from None
    except UnicodeDecodeError:
        raise InputError("expected JSON in UTF-8", "found other bytes", "encode it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError("expected JSON", f"found none at line {error.lineno}, column {error.colno}", "look at the comma, quote or bracket there") from None
    except ValueError as error:
        raise InputError("expected JSON", f"found {error}", "send rows as RFC 8259 has them") from None
    if not isinstance(found, list | dict):
        raise InputError("expected a list of rows, or one row as an object", f"found {type(found).__name__}", "put it into a list")
    return found if isinstance(found, list) else [found]


def _no_number(word: str) -> Any:
    raise ValueError(f"{word}, which JSON does not have")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for i, (name, _) in enumerate(pairs) if name in dict(pairs[:i]))
        raise ValueError(f"{twice[:40]!r} twice in one object")
    return made
