"""`serve`: the app, the API and /healthz on one port."""

from __future__ import annotations

from cx.settings import settings


def serve() -> None:
    """Serve the app on PORT (8501) of CX_HOST (127.0.0.1)."""
    from cx import server  # imports Streamlit, which the other commands do without

    server.serve(port=settings().port, host=settings().host)
