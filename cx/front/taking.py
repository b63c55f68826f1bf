"""What the API takes in: rows of a dataset."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cx.errors import NotFoundError
from cx.facts.datasets import DATASETS
from cx.front import body
from cx.front.call import WRITERS, Document, answer
from cx.front.shapes import Taken, Unusable
from cx.intake import posts
from cx.records.tokens import ApiToken

router = APIRouter()
CELL = {"type": ["string", "number", "boolean", "null"]}
ROW = {"type": "object", "additionalProperties": CELL}
ROWS = {
    "required": True,
    "description": f"Rows of the dataset by the names of its columns, at most {posts.MOST:,} and {body.LARGEST >> 20} MiB; other names are kept as properties. Moments are ISO 8601, in UTC where they carry no offset; amounts are in minor units.",
    "content": {"application/json": {"schema": {"oneOf": [{"type": "array", "maxItems": posts.MOST, "items": ROW}, ROW]}}},
}


@router.post("/datasets/{name}", response_model=Taken, responses={422: {"model": Unusable, "description": "No row can be used"}}, openapi_extra={"requestBody": ROWS})
async def rows(request: Request, name: str) -> Response:
    """Take rows in, keyed as in an import: one sent twice changes nothing, one that changed supersedes the earlier."""

    async def read(sent: Request) -> bytes:
        if name not in DATASETS:  # said before the body is read
            raise NotFoundError(f"There is no dataset {name[:40]!r}; there are {', '.join(DATASETS)}.")
        return await body.rows_sent(sent)

    def work(token: ApiToken, sent: bytes) -> Document:
        done = posts.post(name, body.rows(sent), token.holder.name)
        if done.rejected and done.batch is None:
            first = done.rejects[0]
            why = f"Row {first.line - 1}: {first.column} {first.reason}." if first.column else f"Row {first.line - 1} {first.reason}."
            return Document({"error": f"No row can be used; nothing was stored. {why}", **done.plain()}, 422)
        return Document(done.plain())

    return await answer(request, "contributor", (), work, WRITERS, read)
