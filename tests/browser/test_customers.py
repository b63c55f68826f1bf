"""Find a customer and read the story, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import rest


def main(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text()


def test_a_customer_is_found_by_words_opened_read_noted_and_shared(browser: Browser, demo_app: str):
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{demo_app}/customers")
    rest(page)
    assert "customers who spoke last" in main(page)

    asked = page.get_by_label("Find a customer")
    asked.fill("days late")
    asked.press("Enter")
    expect(page.get_by_text("found by", exact=False).first).to_be_visible(timeout=60_000)
    rest(page)
    assert "find=days+late" in page.url or "find=days%20late" in page.url

    # the list is a canvas: its first row is ticked by place
    grid = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert grid
    page.mouse.click(grid["x"] + 16, grid["y"] + 52)
    expect(page.get_by_text("events since", exact=False).first).to_be_visible(timeout=60_000)
    rest(page)
    customer = re.search(r"customer=(C\d+)", page.url)
    assert customer, "the address names the customer"
    assert "Health" in main(page)
    assert page.locator('[data-testid="stVegaLiteChart"]').count() >= 1

    page.get_by_placeholder("Words in the story").fill("late")
    page.get_by_placeholder("Words in the story").press("Enter")
    rest(page)
    story = main(page)
    assert re.search(r"delivered late|days late", story)
    assert "Invoice viewed" not in story

    page.get_by_role("button", name="Add a note").click()
    rest(page)
    page.get_by_label("What was said or promised").fill("Called back, was glad")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Called back, was glad").first).to_be_visible(timeout=60_000)
    rest(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Called back, was glad")).to_have_count(0, timeout=60_000)

    other = browser.new_page(viewport={"width": 390, "height": 844})
    other.goto(f"{demo_app}/customers?customer={customer[1]}")
    rest(other)
    assert customer[1] in main(other)
    assert "events since" in main(other)
    assert other.evaluate("() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth }") <= 0
    assert other.locator('[data-testid="stException"]').count() == 0
    other.close()
    page.close()
