"""A running app and a real browser for it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from cx.commands.demo import written_down
from cx.records import invented
from cx.records.lookup import records
from cx.settings import ROOT
from cx.store.engine import engine
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


@dataclass(frozen=True)
class Company:
    """The address of an app, and its store."""

    address: str
    store: str


@pytest.fixture(scope="module")
def company(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One server for all tests of a file: the demo company with all it has written down."""
    folder = tmp_path_factory.mktemp("company") / "data"
    shutil.copytree(demo_folder, folder, copy_function=lambda a, b: os.link(a, b) if str(a).endswith(".parquet") else shutil.copy2(a, b))
    url = f"sqlite:///{folder / 'cx.db'}"
    for part in written_down():
        invented.load(part(date(2026, 11, 1)), date(2026, 11, 1), url)
    for address in serve(folder):
        yield Company(address, url)
    engine(url).dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that shows no traceback in the end."""
    opened = browser.new_page(viewport={"width": 1440, "height": 1300})
    yield opened
    assert opened.get_by_test_id("stException").count() == 0
    opened.close()


def at(page: Page, company: Company, path: str) -> None:
    """Open a path of the app. A step that simulates or searches takes a while on a busy machine."""
    page.goto(company.address + path)
    rest(page, 120)


def said(page: Page) -> str:
    """The words on the page, with ordinary blanks."""
    return page.get_by_test_id("stMain").inner_text().replace("\u00a0", " ")


def write(page: Page, label: str, words: str) -> None:
    """Fill a field and leave it."""
    field = page.get_by_label(label, exact=True)
    field.fill(words)
    field.press("Tab")


def stored(company: Company, register: str, **equals: Any) -> list[Any]:
    """What the store holds in a register."""
    return [r for r in records(register, url=company.store) if all(getattr(r, name) == value for name, value in equals.items())]


def rest(page: Page, seconds: float = 60) -> None:
    """Wait until the page is drawn and has been still for a moment."""
    page.wait_for_function(RESTED, timeout=seconds * 1000)
    page.wait_for_timeout(600)
    page.wait_for_function(RESTED, timeout=seconds * 1000)
