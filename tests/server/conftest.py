from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from cx.settings import ROOT

SCRIPT = """
import pandas as pd
import streamlit as st

st.title("Small app")
frame = pd.DataFrame({"x": range(20), "y": [i * i for i in range(20)]})
spec = {"mark": "line", "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}}
st.vega_lite_chart(frame, spec)
st.dataframe(frame)
st.metric("Score", 31, -6, chart_data=[1, 3, 2], chart_type="line")
st.download_button("Take", "a,b", "rows.csv", "text/csv")
got = st.file_uploader("Give")
if got is not None:
    st.text(f"got {len(got.getvalue())} bytes")
if st.button("Break"):
    raise RuntimeError("database said password=hunter2secret")
"""
SECRETS = """
[auth]
redirect_uri = "https://cx.example.com/oauth2callback"
cookie_secret = "a-cookie-secret-that-nobody-knows"
client_id = "cx"
client_secret = "a-client-secret-that-nobody-knows"
server_metadata_url = "https://id.example.com/.well-known/openid-configuration"
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class Server:
    """A server process of its own, with its own store."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def client(self, **more: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, **more)  # type: ignore[arg-type]


def launch(folder: Path, *, secrets: bool = False, host: str = "127.0.0.1", port: int | None = None, wait: bool = True) -> Server:
    (folder / "app.py").write_text(SCRIPT, encoding="utf-8")
    (folder / ".streamlit").mkdir(exist_ok=True)
    if (ROOT / ".streamlit" / "config.toml").exists():
        shutil.copy(ROOT / ".streamlit" / "config.toml", folder / ".streamlit" / "config.toml")
    if secrets:
        (folder / ".streamlit" / "secrets.toml").write_text(SECRETS, encoding="utf-8")
    port = port or free_port()
    code = f"""
import sys
from pathlib import Path
from cx.errors import CxError
from cx.server import serve
try:
    serve({port}, {host!r}, Path("app.py").resolve())
except CxError as error:
    sys.exit(str(error))
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CX_", "STREAMLIT_"))}
    environment |= {"CX_DATA_DIR": str(folder / "data"), "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
    made = Server(folder, port, process)
    deadline = time.monotonic() + 180
    while wait:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not start:\n{made.log}")
        try:
            httpx.get(f"{made.url}/_stcore/health", timeout=5)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    return made


def stop(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = launch(tmp_path_factory.mktemp("open"))
    yield made
    stop(made)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-in configured."""
    made = launch(tmp_path_factory.mktemp("guarded"), secrets=True)
    yield made
    stop(made)


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def start(**options: object) -> Server:
        made.append(launch(tmp_path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for server in made:
        stop(server)
