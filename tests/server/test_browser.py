from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.server.conftest import Server



@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(30_000)
    yield page
    page.close()


def test_charts_and_tables_render_under_the_policy_and_nothing_leaves_the_server(server: Server, browser_page: Page) -> None:
    said: list[str] = []
    asked: list[str] = []
    browser_page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    browser_page.on("pageerror", lambda e: said.append(str(e)))
    browser_page.on("request", lambda r: asked.append(r.url))
    browser_page.goto(server.url)
    expect(browser_page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first).to_be_visible(timeout=60_000)
    expect(browser_page.locator('[data-testid="stDataFrame"] canvas').first).to_be_visible()
    expect(browser_page.locator('[data-testid="stMetric"]')).to_contain_text("31")
    browser_page.wait_for_timeout(1000)
    assert [text for text in said if "Content Security Policy" in text or "Refused" in text or "error" in text.lower()] == []
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []


def test_a_person_uploads_and_downloads_through_the_guard(server: Server, browser_page: Page) -> None:
    browser_page.goto(server.url)
    browser_page.locator('input[type="file"]').set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    expect(browser_page.get_by_text("got 8 bytes")).to_be_visible(timeout=60_000)
    with browser_page.expect_download() as taken:
        browser_page.get_by_text("Take").click()
    assert taken.value.suggested_filename == "rows.csv"
    assert Path(taken.value.path()).read_text() == "a,b"


def test_an_error_shows_a_reference_and_the_log_the_details_without_secrets(server: Server, browser_page: Page) -> None:
    browser_page.goto(server.url)
    browser_page.get_by_role("button", name="Break").click()
    alert = browser_page.locator('[data-testid="stAlert"]')
    expect(alert).to_contain_text("Something went wrong here. The log has the details under", timeout=60_000)
    assert "RuntimeError" not in browser_page.content()
    assert "hunter2secret" not in browser_page.content()
    assert "RuntimeError" in server.log
    assert "hunter2secret" not in server.log
