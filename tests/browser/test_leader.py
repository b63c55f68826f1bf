"""Two minutes of a leader: look, change the period, see who stands behind a number, send the link to a colleague."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import rest


def screen(page: Page) -> dict[str, list[str]]:
    """What a leader reads off the page: the title with its period, the tiles, what is chosen."""
    main = page.get_by_test_id("stMain")
    return {
        "period": [text for text in main.get_by_test_id("stMarkdown").all_inner_texts() if "data through" in text],
        "tiles": main.get_by_test_id("stMetric").all_inner_texts(),
        "chosen": main.locator("[data-selected]").all_inner_texts(),
        "by": [box.input_value() for box in main.get_by_role("combobox").all()],
    }


def test_a_leader_changes_the_period_sees_the_answers_behind_and_shares_the_screen(browser: Browser, demo_app: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1400})
    page.goto(demo_app)
    rest(page)
    first = screen(page)
    assert len(first["tiles"]) >= 6
    page.get_by_role("combobox", name="Period").click()
    page.get_by_role("option", name="Last 12 months").click()
    rest(page)
    page.get_by_test_id("stMain").get_by_text("Quarter", exact=True).click()
    rest(page)
    year = screen(page)
    assert "1 Nov 2025 – 31 Oct 2026" in year["period"][0]
    assert year["tiles"] != first["tiles"]

    dots = page.locator('[data-testid="stVegaLiteChart"][aria-label^="NPS by segment"] g.mark-symbol path')
    dots.first.click(force=True)
    expect(page.get_by_text("Answers behind NPS", exact=False)).to_be_visible(timeout=60_000)
    rest(page)
    assert page.get_by_test_id("stDataFrame").count() >= 1

    colleague = browser.new_context(viewport={"width": 1440, "height": 1400}).new_page()
    colleague.goto(page.url)
    rest(colleague)
    assert screen(colleague) == year
    colleague.context.close()
    page.close()
