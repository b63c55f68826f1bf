"""Every page opens cold, with the demo company and with nothing, and shows no error."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cx.ui.page import PLACES

ROOT = Path(__file__).parents[2]


def opened(file: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / file), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize("key", PLACES)
def test_a_page_opens_cold_with_the_demo_company(demo, key):
    app = opened(PLACES[key].file)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("key", PLACES)
def test_a_page_opens_cold_with_no_data_and_says_what_to_do(store, key):
    app = opened(PLACES[key].file)
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("file", sorted(p.name for p in (ROOT / "pages").glob("*.py")))
def test_every_page_begins_with_open_page_and_is_short(file):
    lines = (ROOT / "pages" / file).read_text().splitlines()
    statements = [line for line in lines if line and not line.startswith(("from ", "import ", "#", '"""'))]
    assert statements[0].startswith("view = open_page(")
    assert len(lines) < 40
    assert file in {place.file for place in PLACES.values()}


def test_the_app_is_two_statements():
    statements = [line for line in (ROOT / "app.py").read_text().splitlines() if line and not line.startswith('"""')]
    assert statements == ["from cx.ui.page import run", "run()"]
