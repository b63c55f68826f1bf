"""One migrated store for all tests of a module that give each register records of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cx.store.engine import engine
from cx.store.migrate import migrate


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One SQLite store for the registers of a module; each test uses records of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('registers') / 'cx.db'}"
    migrate(url)
    yield url
    engine(url).dispose()
