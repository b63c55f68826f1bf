"""One demo company for all tests of a worker."""

from __future__ import annotations

import pyarrow as pa
import pytest

from cx.demo import company


@pytest.fixture(scope="session")
def tables() -> dict[str, pa.Table]:
    return company()
