"""A running app and a real browser for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from cx.settings import ROOT
from tests.postgres import free_port

RESTED = """() => { const a = document.querySelector('[data-testid="stApp"]');
  return !!a && a.getAttribute('data-test-script-state') === 'notRunning' && document.querySelectorAll('[data-testid="stSkeleton"]').length === 0 }"""


def serve(folder: Path, port: int | None = None, **settings: str) -> Iterator[str]:
    """`python -m cx serve` with a data folder of its own, and more of the environment; yields the address."""
    port = port or free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CX_")} | {"CX_DATA_DIR": str(folder), "PORT": str(port)} | settings
    process = subprocess.Popen([sys.executable, "-m", "cx", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def empty_app(store: str, own_folder: Path) -> Iterator[str]:
    """The address of an app with an empty store."""
    yield from serve(own_folder)


@pytest.fixture
def demo_app(demo: str, own_folder: Path) -> Iterator[str]:
    """The address of an app that shows the demo company."""
    yield from serve(own_folder)


def rest(page: Page, seconds: float = 60) -> None:
    """Wait until the page is drawn and has been still for a moment."""
    page.wait_for_function(RESTED, timeout=seconds * 1000)
    page.wait_for_timeout(600)
    page.wait_for_function(RESTED, timeout=seconds * 1000)
