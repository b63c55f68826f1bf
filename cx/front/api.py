"""The API under /api/v1: numbers out, rows in. Every call needs a token but these two: the version, and the description."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cx import __version__
from cx.front import files, numbers, taking
from cx.front.call import refusal
from cx.front.shapes import Problem, Version

ABOUT = "Numbers out, rows in. Send a token as Authorization: Bearer cx_…; python -m cx token create makes one."
TOKEN = HTTPBearer(auto_error=False, scheme_name="token", bearerFormat="cx_…", description="An API token.")  # described here, checked in `bearer`
REFUSALS = {
    400: "Something in the call cannot be used", 401: "No token, or none in force", 403: "The token may not do this", 404: "There is no such thing",
    413: "Too large", 415: "Not of the expected type", 429: "Too many calls, see Retry-After", 503: "Busy or out of room, see Retry-After",
}  # fmt: skip
SAID = {404: "There is nothing at this address; /api/v1/openapi.json says what there is.", 405: "This address does not take that method; /api/v1/openapi.json says which it takes."}


def api() -> FastAPI:
    """The API's own application; its description is at /api/v1/openapi.json, without pages that load scripts from elsewhere."""
    made = FastAPI(
        title="CX Blueprint", version=__version__, description=ABOUT, docs_url=None, redoc_url=None, redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={HTTPException: _no_such, RequestValidationError: _not_so},
    )  # fmt: skip

    @made.get("/version", response_model=Version)
    def version() -> dict[str, str]:
        """The version that runs; answered without a token."""
        return {"version": __version__}

    for router, codes in ((numbers.router, (400, 401, 403, 404, 429, 503)), (taking.router, tuple(REFUSALS)), (files.router, tuple(REFUSALS))):
        made.include_router(router, dependencies=[Depends(TOKEN)], responses={code: {"model": Problem, "description": REFUSALS[code]} for code in codes})
    made.openapi = lambda: _description(made)  # type: ignore[method-assign]
    return made


def _description(made: FastAPI) -> dict[str, Any]:
    """The description as it is true: parameters are checked by hand and refused with 400, never with a list of errors."""
    if made.openapi_schema is None:
        found = get_openapi(title=made.title, version=made.version, description=made.description, routes=made.routes)
        for path in found["paths"].values():
            for call in path.values():
                if "ValidationError" in str(call["responses"].get("422", "")):
                    del call["responses"]["422"]
        for name in ("HTTPValidationError", "ValidationError"):
            found["components"]["schemas"].pop(name, None)
        for parameter in found["paths"]["/files"]["post"]["parameters"]:
            parameter["required"] = parameter["name"] == "name"  # checked by hand too: without a token nothing is told, not even this
        found["servers"] = [{"url": "/api/v1"}]
        made.openapi_schema = found
    return made.openapi_schema


async def _no_such(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, SAID.get(error.status_code, str(error.detail)), dict(error.headers or {}))


async def _not_so(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return refusal(400, f"{first['loc'][-1]}: {first['msg']}.")
