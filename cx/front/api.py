"""The API under /api/v1."""

from __future__ import annotations

from fastapi import FastAPI

from cx import __version__


def api() -> FastAPI:
    """The API's own application; its description is at /api/v1/openapi.json, without pages that load scripts from elsewhere."""
    made = FastAPI(title="CX Blueprint", version=__version__, docs_url=None, redoc_url=None)

    @made.get("/version")
    def version() -> dict[str, str]:
        """The version that runs."""
        return {"version": __version__}

    return made
