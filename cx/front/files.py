"""Whole files over the API: any export, read as the command line reads it, imported in a process of its own."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import PurePath
from typing import IO, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from cx.errors import BusyError, InputError, NotFoundError, StoreError
from cx.facts import history
from cx.front import body
from cx.front.call import READERS, WRITERS, Document, answer
from cx.front.shapes import FileTaken, FileWaiting
from cx.intake import Options, jobs, plan
from cx.records.tokens import ApiToken

router = APIRouter()
LARGEST = 1 << 30  # bytes, as on the Data page
PATIENCE = 25.0  # seconds until the caller is told to come again; proxies cut longer waits
TICK = 0.2
AT_ONCE = 4  # imports under way, the app's included
REJECTS = 1_000
COUNTS = ("records", "inserted", "updated", "unchanged", "excluded", "rejected", "answers")
CHOICES = ("name", "dataset", "survey", "map", "scale", "effort", "dates", "zone", "currency", "tool", "include")
FILE = {"required": True, "description": "The file as it is: CSV, XLSX or one of them in a ZIP.", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
WAITING: dict[int | str, dict[str, Any]] = {202: {"model": FileWaiting, "description": "Still being imported"}, 422: {"description": "Nothing in the file can be used"}}
Word = Annotated[str, Query()]
Words = Annotated[list[str], Query()]


@router.post("/files", response_model=FileTaken, responses=WAITING, openapi_extra={"requestBody": FILE})
async def file(
    request: Request,
    name: Annotated[str, Query(description="Name of the file, such as export.csv; a survey is called after it.")] = "",
    dataset: Word = "",
    survey: Word = "",
    map: Annotated[list[str], Query(description="COLUMN=FIELD; may be repeated.")] = [],  # noqa: B006
    scale: Annotated[str, Query(description="Scale of the score questions, such as 0-10.")] = "",
    effort: Word = "",
    dates: Word = "",
    zone: Word = "",
    currency: Word = "",
    tool: Word = "",
    include: Words = [],  # noqa: B006
) -> Response:
    """Import an export of any tool, the parameters as the options of the command `import`. The same file again changes nothing."""

    def understand() -> Options:
        if not _named(name):
            raise InputError("name says what the file is called, such as export.csv", f"found {name[:40]!r}", "add ?name=export.csv")
        return Options(dataset, survey, dict(map_of(one) for one in map), scale_of(scale), effort, dates, zone, currency, tool, tuple(include))

    async def kept(sent: Request) -> IO[bytes]:
        understand()  # said before the body is read
        body.plain(sent)
        return await to_file(sent)

    def begin(token: ApiToken, sent: IO[bytes]) -> jobs.Job:
        if sum(one.progress.state == "running" for one in jobs.jobs()) >= AT_ONCE:
            raise BusyError(f"{AT_ONCE} imports are under way; try again in a minute.")
        with sent:
            one = jobs.keep(PurePath(name).name, sent)
        try:
            jobs.start(one, plan(one.file, one.name, understand()).check(), token.holder.name)
        except Exception:  # whatever it was, the file does not stay behind
            jobs.discard(one)
            raise
        return one

    return await answer(request, "contributor", CHOICES, begin, WRITERS, kept, _ended(PATIENCE))


@router.get("/files/{job}", response_model=FileTaken, responses=WAITING)
async def job(request: Request, job: str) -> Response:
    """How far the import of a file is, or what became of it; only for the token that sent it."""

    def find(token: ApiToken, _: Any) -> jobs.Job:
        one = jobs.job(job)
        if one.actor != token.holder.name:
            raise NotFoundError("This upload is no longer there; upload the file again.")
        return one

    return await answer(request, "contributor", (), find, READERS, None, _ended(0))


def _ended(patience: float) -> Callable[[jobs.Job], Awaitable[Response]]:
    """Wait for a job, then say what became of it."""

    async def wait(one: jobs.Job) -> Response:
        until = time.monotonic() + patience
        while (now := one.progress).state == "running" and time.monotonic() < until:
            await asyncio.sleep(TICK)
        return await to_thread.run_sync(_told, one, now, bool(patience), limiter=READERS)

    return wait


def _told(one: jobs.Job, now: jobs.Progress, at_once: bool) -> Response:
    if now.state == "running":
        return Document({"file": one.name, "job": one.key, "phase": now.phase, "rows": now.rows}, 202)
    name, order = one.name, one.plan
    if at_once:  # whoever waited has the answer, and the file is not kept longer than it is needed
        jobs.discard(one)
    if now.busy:
        raise BusyError(now.error)
    if now.result is None:
        return Document({"error": now.error or "The import was cancelled; nothing was stored."}, 422)
    rejects = [{"line": row["line"], "column": row["column"], "value": row["value"], "reason": row["reason"]} for row in islice(history.rejects(int(now.result["batch"])), REJECTS)]
    counts = {name: now.result[name] for name in COUNTS}
    return Document({"file": name, "tool": order.tool, "dataset": order.dataset, "survey": order.survey, "batch": now.result["batch"], **counts,
                     "reasons": dict(now.result["reasons"]), "warnings": [*order.warnings, *now.result["warnings"]], "rejects": rejects})  # fmt: skip


async def to_file(sent: Request) -> IO[bytes]:
    """The body in a nameless file, written in a thread. Raises RefusedError 413 where it is too large, StoreError where there is no room."""
    jobs.folder().mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=jobs.folder())  # noqa: SIM115  handed on
    try:
        waiting = bytearray()
        async for piece in body.pieces(sent, LARGEST):
            waiting += piece
            if len(waiting) > 1 << 20:
                await to_thread.run_sync(out.write, bytes(waiting), limiter=READERS)
                waiting.clear()
        out.write(waiting)
        out.seek(0)
    except OSError as error:
        out.close()
        raise StoreError(f"The file could not be kept: {error.strerror}. Free some space and send it again.") from error
    except BaseException:
        out.close()
        raise
    return out


def _named(name: str) -> bool:
    return bool(PurePath(name).name) and len(name) <= 200 and not re.search(r"[\x00-\x1f\x7f]", name)


def map_of(text: str) -> tuple[str, str]:
    """COLUMN=FIELD as a pair. Raises InputError."""
    column, mark, field = text.rpartition("=")
    if not mark or not column or not field:
        raise InputError("map is COLUMN=FIELD", f"found {text[:40]!r}", "write it so")
    return column, field


def scale_of(text: str) -> tuple[float, float] | None:
    """LOW-HIGH as two numbers; None where empty. Raises InputError."""
    if not text:
        return None
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)", text)
    if not found:
        raise InputError("scale is LOW-HIGH such as 0-10", f"found {text[:40]!r}", "write it so")
    return float(found[1]), float(found[2])
