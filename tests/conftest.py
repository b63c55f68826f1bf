"""What every test may ask for: a store of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cx.store.engine import engine
from cx.store.migrate import migrate
from tests import postgres


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
    for name in ("CX_DATABASE_URL", "CX_ENGINE", "CX_MINIMUM_GROUP", "CX_AS_OF", "PORT", "CX_HOST"):
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


@pytest.fixture(autouse=True)
def quiet_third_parties() -> Iterator[None]:
    """Warnings are errors, but for what other people's code says of itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"(?!cx|tests)")
        yield
