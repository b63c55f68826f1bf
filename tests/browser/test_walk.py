"""What a person does, in a real browser: bring a file in, see the number, share it, take it back."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import rest

HEADER = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage", "Q1", "Q2", "Segment"]
TEXTS = ["Start Date", "End Date", "Response Type", "Progress", "Finished", "Recorded Date", "Response ID", "Distribution Channel", "User Language",
         "How likely are you to recommend us to a friend or colleague (0-10)?", "What is the main reason for your score?", "Segment"]  # fmt: skip


def qualtrics(target: Path, scores: list[int]) -> Path:
    with open(target, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerow(TEXTS)
        writer.writerow([json.dumps({"ImportId": name}) for name in HEADER])
        for i, score in enumerate(scores):
            at = f"2026-03-{1 + i % 28:02d} 10:00:00"
            writer.writerow([at, at, "IP Address", 100, "True", at, f"R_{i:04d}", "email", "EN", score, "<b>late</b> ![x](http://evil.example/p.png)" if score < 7 else "fine", "AB"[i % 2]])
    return target


def test_a_file_is_uploaded_read_imported_moves_the_number_and_is_undone(browser: Browser, empty_app: str, tmp_path: Path):
    file = qualtrics(tmp_path / "export.csv", [10] * 30 + [7] * 10 + [2] * 10)
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((empty_app, "data:", "blob:")) else None)
    page.goto(f"{empty_app}/data")
    rest(page)
    page.set_input_files("input[type=file]", str(file))
    expect(page.get_by_text("Qualtrics", exact=False).first).to_be_visible(timeout=60_000)
    rest(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("50 records: 50 inserted", exact=False)).to_be_visible(timeout=120_000)
    page.goto(f"{empty_app}/overview?period=all")
    rest(page)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("40")
    page.goto(f"{empty_app}/data")
    rest(page)
    page.goto(f"{empty_app}/overview?period=all&segment=A")
    rest(page)
    assert "segment A" in page.get_by_test_id("stMain").inner_text()
    assert not foreign, f"the page called out: {foreign[:3]}"
    page.close()


def test_a_deep_link_opens_the_same_screen_cold_with_its_menu(browser: Browser, demo_app: str):
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{demo_app}/service?step=staffing&period=12m")
    rest(page)
    main = page.get_by_test_id("stMain").inner_text()
    assert "Service" in main
    assert re.search(r"1 Nov 2025 – 31 Oct 2026", main)
    assert page.get_by_test_id("stSidebarNavLink").count() >= 12
    assert page.locator('[data-testid="stException"]').count() == 0
    page.close()


def test_the_overview_fits_a_phone_and_the_dark_theme(browser: Browser, demo_app: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{demo_app}/overview")
    rest(page)
    assert page.evaluate("() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth }") <= 0
    tiles = [box for box in (t.bounding_box() for t in page.get_by_test_id("stMetric").all()[:2]) if box]
    assert abs(tiles[0]["y"] - tiles[1]["y"]) < 30, "tiles stand two abreast"
    background = page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", background)[:3])) < 150
    context.close()
