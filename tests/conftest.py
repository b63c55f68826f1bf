"""What every test may ask for: a store of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright
from streamlit.components.v2 import manifest_scanner

from cx.demo import company
from cx.facts import batches
from cx.store.engine import engine
from cx.store.migrate import migrate
from tests import postgres

CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str | None]:
    """The URL of a running server, or None where PostgreSQL is not installed, said loudly."""
    if postgres.binaries() is None:
        print("\n*** PostgreSQL is not installed: every test on PostgreSQL is SKIPPED ***", file=sys.stderr, flush=True)
        yield None
        return
    with postgres.server() as url:
        yield url


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the data folder of the project, or inherits a setting of the person who runs it."""
    for name in ("CX_ADMIN", "CX_NEW_MEMBER_ROLE", "CX_SIGN_IN_HOURS", "CX_DATABASE_URL", "CX_ENGINE", "CX_MINIMUM_GROUP", "CX_AS_OF", "CX_SMTP_URL", "CX_MAIL_FROM", "CX_PUBLIC_URL", "PORT", "CX_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty, migrated store; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{own_folder / 'cx.db'}"
        migrate(url)
        yield url
        engine(url).dispose()
        return
    server = request.getfixturevalue("postgres_server")
    if server is None:
        pytest.skip("PostgreSQL is not installed")
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    url = server.rsplit("/", 1)[0] + f"/{name}"
    monkeypatch.setenv("CX_DATABASE_URL", url)
    migrate(url)
    yield url
    engine(url).dispose()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def store(own_folder: Path) -> Iterator[str]:
    """The URL of an empty, migrated SQLite store."""
    url = f"sqlite:///{own_folder / 'cx.db'}"
    migrate(url)
    yield url
    engine(url).dispose()


@pytest.fixture(autouse=True, scope="session")
def components_looked_for_once() -> Iterator[None]:
    """Which installed packages bring components is read once: AppTest would read it anew for every app, most of a second each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def quiet_third_parties() -> Iterator[None]:
    """Warnings are errors, but for what other people's code says of itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"(?!cx|tests)")
        yield


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo company, loaded once for all workers. Not to be written to: ask for `demo` to have a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "demo-company"
    with FileLock(shared / "demo-company.lock"):
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            url = f"sqlite:///{folder / 'cx.db'}"
            migrate(url)
            for name, table in company(seed=7, end=date(2026, 11, 1)).items():
                batches.load(name, lambda table=table: [WholeTable(table, len(table["line"].unique()))], batches.Origin(source="demo company", tool="demo", demo=True), url)
            engine(url).dispose()
            (folder / "done").touch()
    return folder


@dataclass(frozen=True)
class WholeTable:
    """A generated table as one part of a file."""

    rows: pa.Table
    records: int
    excluded: dict[str, int] = field(default_factory=dict)
    rejects: tuple[batches.Rejected, ...] = ()


@pytest.fixture
def demo(demo_folder: Path, own_folder: Path) -> Iterator[str]:
    """The URL of a store of one's own that holds the demo company; its mirror files are linked, which costs nothing."""
    shutil.copytree(demo_folder, own_folder, copy_function=lambda a, b: os.link(a, b) if str(a).endswith(".parquet") else shutil.copy2(a, b))
    url = f"sqlite:///{own_folder / 'cx.db'}"
    yield url
    engine(url).dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where it is not installed the tests that need it are skipped, said loudly."""
    if not Path(CHROMIUM).exists():
        print("\n*** Chromium is not installed: every test in a browser is SKIPPED ***", file=sys.stderr, flush=True)
        pytest.skip("Chromium is not installed")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield running
        running.close()
