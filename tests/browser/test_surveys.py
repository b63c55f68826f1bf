"""A survey from its definition to its answers: defined, looked at, mailed to two people, answered on a phone, counted, taken back."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cx import scorecard
from cx.facts import history
from cx.records.actor import OPEN
from cx.records.lookup import records
from cx.records.writing import create
from cx.surveys import links
from tests.browser.conftest import rest, said, serve, write
from tests.pages.few import load
from tests.postgres import free_port
from tests.reports.test_mail import Inbox, inbox

__all__ = ["inbox"]
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # the server of these tests, on loopback
SLOW = 30_000


@pytest.fixture
def asking(store: str, own_folder: Path, inbox: Inbox) -> Iterator[str]:
    """The address of an app with two customers, eight answers of before, and a mail server."""
    load("customers", *({"customer_id": name, "name": name.title(), "email": f"{name}@acme.example", "consent": True, "segment": "Consumer"} for name in ("ada", "bob")))
    before = (datetime.now(UTC) - timedelta(days=20)).replace(tzinfo=None)
    load("responses", *({"survey": "Pulse", "response_id": str(i), "question": "nps", "metric": "nps", "score": 6.0, "scale_min": 0.0, "scale_max": 10.0, "answered_at": before, "survey_kind": "relationship"} for i in range(8)))
    port = free_port()
    yield from serve(own_folder, port, CX_SMTP_URL=os.environ["CX_SMTP_URL"], CX_MAIL_FROM="ask@acme.example", CX_PUBLIC_URL=f"http://127.0.0.1:{port}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()
    rest(page)


def part(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).click()
    rest(page)


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).fill(option)
    page.get_by_role("option", name=option).last.click()


def reads(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=SLOW)


def test_a_survey_is_defined_sent_answered_on_a_phone_counted_and_taken_back(page: Page, browser: Browser, asking: str, inbox: Inbox) -> None:
    page.goto(f"{asking}/surveys")
    rest(page)
    press(page, "Add the first")
    pick(page, "Survey *", "Pulse")
    pick(page, "Kind", "Periodic")
    write(page, "Question *", "How likely are you to recommend us?")
    write(page, "Language", "de")
    pick(page, "Status", "Live")
    press(page, "Add")
    reads(page, "1 survey of 1 takes answers")
    assert [(s.name, s.status, s.kind) for s in records("survey")] == [("Pulse", "live", "periodic")]

    part(page, "Form and link")
    press(page, "Make the link")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Look at the form").click()
    look = opened.value
    expect(look.get_by_text("Vorschau: Es wird nichts gespeichert.")).to_be_visible()
    look.get_by_role("radio", name="10", exact=True).check()
    look.get_by_role("button", name="Absenden").click()
    expect(look.get_by_role("heading", name="Vielen Dank.")).to_be_visible()
    look.close()
    assert len(history.batches()) == 2, "a preview stores nothing"

    part(page, "Ask")
    reads(page, "2 of 2 customers would be asked now")
    press(page, "Send 2 invitations")
    press(page, "Send now")
    for _ in range(100):
        if len(inbox.letters) == 2:
            break
        time.sleep(0.2)
    assert sorted(to[0] for to, _ in inbox.letters) == ["ada@acme.example", "bob@acme.example"]
    reads(page, "Invitations: 2 sent")
    reads(page, "0 of 2 customers would be asked now")

    text = inbox.letters[0][1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"http://\S+\?score=9", text)
    assert link
    phone = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", java_script_enabled=False)
    form = phone.new_page()
    form.goto(link[0])
    expect(form.get_by_text("Sie haben 9 gewählt.")).to_be_visible()
    box = form.locator("form").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    form.get_by_label("Kommentar").fill("Schnell <b>und</b> gut")
    part(page, "Results")
    reads(page, "8 scores, most often 6")
    form.get_by_role("button", name="Absenden").click()
    expect(form.get_by_role("heading", name="Vielen Dank.")).to_be_visible()

    reads(page, "9 scores, most often 6")
    reads(page, "Schnell <b>und</b> gut")
    rest(page)
    assert "nps 9 of 10" in said(page)
    estimate = scorecard.read("nps")[0].estimate
    assert (estimate.n, round(estimate.value or 0, 1)) == (9, -77.8)
    page.goto(f"{asking}/needs")
    rest(page)
    assert "-78" in said(page)

    page.goto(f"{asking}/data")
    rest(page)
    answers = next(b for b in history.batches() if b.tool == "hosted form")
    assert (answers.survey, answers.records) == ("Pulse", 1)
    undo(page, int(answers.id or 0))
    assert scorecard.read("nps")[0].estimate.n == 8
    page.goto(f"{asking}/surveys")
    rest(page)
    reads(page, "8 scores, most often 6")
    assert "Schnell" not in said(page)
    phone.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_form_its_errors_and_its_thanks(browser: Browser, asking: str, theme: str) -> None:
    one = create("survey", {"name": "Axe", "metric": "nps", "question": "How likely are you to recommend us?", "status": "live", "language": "es"}, OPEN)
    long = create("survey", {"name": "Long", "metric": "ces", "question": "How easy was it?", "status": "live", "scale_min": 0, "scale_max": 100}, OPEN)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)  # type: ignore[arg-type]
    form = phone.new_page()
    said: list[str] = []
    form.on("console", lambda m: said.append(m.text) if "Content Security Policy" in m.text else None)
    for number in (one.id, long.id):
        address = f"{asking}/s/{links.opened(number, OPEN)['preview']}"
        form.goto(address)
        faults(form)
        form.evaluate("document.querySelectorAll('[required]').forEach(field => field.removeAttribute('required'))")
        form.get_by_role("button", name="Enviar" if number == one.id else "Send").click()
        expect(form.get_by_role("alert")).to_be_visible()
        faults(form)
        form.goto(f"{address}/thanks")
        faults(form)
    form.goto(f"{asking}/s/nothing")
    faults(form)
    assert said == []
    phone.close()


def faults(form: Page) -> None:
    """Nothing that axe would object to, however lightly; and nothing wider than the screen."""
    found = Axe().run(form, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]] == []
    assert form.evaluate("document.documentElement.scrollWidth") <= 390


def undo(page: Page, batch: int) -> None:
    """Take the newest batch back on the Data page; its table is a canvas, so the row is found by its place."""
    canvas = page.get_by_test_id("stDataFrame").last
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 18, "y": 32 + 15})
    rest(page)
    reads(page, f"Batch {batch}: Hosted form")
    press(page, "Undo …")
    press(page, "Undo it")
