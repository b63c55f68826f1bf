"""The server: the app, the API, survey forms, `/healthz`, and what guards them. `python -m cx serve` or `uvicorn cx.server:app`.

One process serves everything; Streamlit keeps a visitor's session in memory, so more workers would lose sessions.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.routing import Mount
from streamlit import auth_util, config
from streamlit.runtime import Runtime, get_instance
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

import cx
from cx.errors import BusyError, CxError, SettingError
from cx.facts.mirror import recover
from cx.front.api import api
from cx.front.failures import Failures, sentence
from cx.front.form import STYLE
from cx.front.guard import Guard
from cx.front.headers import Headers, inline_scripts
from cx.front.health import health_route
from cx.front.hosts import LOOPBACK, Hosts, loopback
from cx.front.scrub import scrub_logs
from cx.front.surveys import forms
from cx.front.watch import watch_alerts
from cx.settings import ROOT, settings
from cx.store.migrate import migrate
from cx.ui.member import admitted
from cx.ui.text import escape

log = logging.getLogger("cx")

OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,  # its CSV leaves formulas alive; ours neutralises them
    "client.showErrorDetails": "none",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # a full collection costs more than the run it follows
    "server.baseUrlPath": "",
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.runOnSave": False,
    "server.trustedUserHeaders": {},
}
SHELL = Path(st.__file__).parent / "static" / "index.html"  # the page that every address of the app answers with
WARMED = ("cx.ui.overview", "cx.ui.group", "cx.ui.data")


def signing_in() -> bool:
    """Whether sign-in is configured: an `[auth]` section in Streamlit's secrets."""
    return bool(auth_util.get_secrets_auth_section())


def signed_in(cookies: Mapping[str, str]) -> bool:
    """Whether the cookies hold a sign-in this server gave out and nobody ended; always true where the app runs open."""
    if not signing_in():
        return True
    payload = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    if payload is None:
        return False
    try:
        found = json.loads(payload)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("is_logged_in") is True and admitted(found)


def session_cookies(session: str) -> Mapping[str, str] | None:
    """The cookies with which a live session was opened; None where there is no such session."""
    client = get_instance().get_client(session) if Runtime.exists() else None
    context = client.client_context if client is not None else None
    return context.cookies if context is not None else None


def host_names() -> tuple[str, ...]:
    """The names this server answers under: loopback, `server.allowedHosts` and the host that sign-in returns to."""
    returns_to = urlsplit(str(auth_util.get_secrets_auth_section().get("redirect_uri", ""))).hostname
    return tuple(dict.fromkeys((*LOOPBACK, *config.get_option("server.allowedHosts"), *([returns_to] if returns_to else []))))


def any_name_paths() -> tuple[str, ...]:
    """Paths answered under any name: health, for those who probe by address, but only where sign-in guards the rest."""
    return ("/healthz",) if signing_in() else ()


def form_names() -> tuple[str, ...]:
    """The name under which customers reach the survey forms, and nothing else: that of CX_PUBLIC_URL."""
    found = urlsplit(settings().public_url).hostname
    return (found,) if found else ()


def script_error(error: Exception) -> bool:
    """Show a sentence where the app failed, and nothing of the details."""
    st.error(escape(sentence(error), 1000), icon=":material/error:")
    return True


def secret_values(node: object = None) -> Iterator[str]:
    """Every text in Streamlit's secrets, for the log to hide."""
    if node is None:
        node = auth_util.get_secrets_auth_section().to_dict()
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name not in ("redirect_uri", "server_metadata_url", "client_id"):
                yield from secret_values(value if value is not None else "")
    elif isinstance(node, str):
        yield node


def harden() -> None:
    """Set the options of Streamlit that the server relies on, wherever else they may have been set."""
    for name, value in OPTIONS.items():
        config.set_option(name, value, "cx.server")


def check_options() -> None:
    """Raises SettingError naming the options that are not in force."""
    wrong = [name for name, value in OPTIONS.items() if config.get_option(name) != value]
    if wrong:
        raise SettingError("the server relies on options of Streamlit", f"not in force are {', '.join(wrong)}", "start it with python -m cx serve")


def warm() -> None:
    """Import what every page needs once, so that no visitor waits for it. A part that fails is logged and left out.

    What only some steps need (models of scikit-learn and statsmodels, the reader of spreadsheets) comes with their first
    visit: all of it together is a third of the memory of the server.
    """
    for name in WARMED:
        try:
            importlib.import_module(name)
        except Exception:  # the page that needs it will say so itself
            log.exception("%s cannot be imported", name)


def open_store() -> None:
    """Bring the store up to date and clear away what a crash may have left; skipped while another process is writing."""
    try:
        migrate()
        recover()
    except BusyError as error:
        log.warning("the store is being written by another process, so it was not tidied: %s", error)


@asynccontextmanager
async def started(_: st.App) -> AsyncIterator[None]:
    """Before the first visitor: options checked, everything imported, what lives forever taken out of the collector's way."""
    check_options()
    config.set_option("server.allowedHosts", list(host_names()), "cx.server")  # Streamlit checks its websocket by it once more
    scrub_logs(secret_values())
    open_store()
    warm()
    gc.collect()
    gc.freeze()
    watching = asyncio.create_task(watch_alerts())
    try:
        yield
    finally:
        watching.cancel()


def create(script: Path = ROOT / "app.py") -> st.App:
    """The ASGI application around a Streamlit script."""
    made = st.App(
        script,
        lifespan=started,
        routes=[health_route(), Mount("/api/v1", app=api()), forms()],
        middleware=[
            Middleware(Headers, scripts=inline_scripts(SHELL.read_text(encoding="utf-8")), style=STYLE),
            Middleware(Failures),
            Middleware(Hosts, allowed=host_names, anyhow=any_name_paths, forms=form_names),
            Middleware(Guard, signed_in=signed_in, session_cookies=session_cookies),
        ],
        on_script_error=script_error,
    )
    harden()
    # Until the menu is declared for the first time, Streamlit would run the first page asked for by itself, without the app
    # around it: what is clicked there belongs to widgets that are others once the app runs, and is lost.
    PagesManager.uses_pages_directory = False
    return made


def check_address(host: str, port: int) -> None:
    """Raises SettingError where the app would stand open to the network, or the port is taken."""
    if not loopback(host) and not signing_in():
        raise SettingError(
            "without sign-in the app listens on this machine only",
            f"CX_HOST is {host}",
            "set up sign-in (an [auth] section in .streamlit/secrets.toml) or use 127.0.0.1",
        )
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        raise SettingError(f"the server needs port {port} on {host}", f"it cannot be had ({error.strerror})", "set PORT to another one") from None


def serve(port: int | None = None, host: str | None = None, script: Path = ROOT / "app.py") -> None:
    """Serve until stopped. `port` and `host` default to the settings PORT and CX_HOST.

    uvicorn binds the socket itself: one bound beforehand would lack TCP_NODELAY, which costs 40 ms on every rerun.
    Raises SettingError where the address cannot be used.
    """
    chosen = settings()
    port, host = port or chosen.port, host or chosen.host
    app = create(script)
    check_address(host, port)
    open_store()
    config.set_option("server.port", port, "cx.server")
    config.set_option("server.address", host, "cx.server")
    who = "sign-in required" if signing_in() else "open, from this machine only: no sign-in is configured"
    print(f"CX Blueprint {cx.__version__} at http://{'localhost' if loopback(host) else host}:{port} ({who})", flush=True)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=config.get_option("server.maxMessageSize") * 2**20,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
        )
    )
    server.run()
    if not server.started:
        raise CxError("The server could not start; the reason stands above.")


def main() -> None:
    """`python -m cx.server`: serve, and end with one sentence where that is not possible."""
    try:
        serve()
    except CxError as error:
        sys.exit(str(error))


def __getattr__(name: str) -> st.App:
    if name == "app":  # made when asked for: a process that only imports this module shall not pin Streamlit's options
        globals()["app"] = made = create()
        return made
    raise AttributeError(name)


if __name__ == "__main__":
    main()
