"""Text from outside is shown as it reads: nothing runs, nothing is fetched, nothing on the page was made by it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from cx.blueprint.groups import GROUPS
from cx.ui.export import to_csv
from tests.browser import hostile
from tests.browser.conftest import rest, serve

STEPS = {
    "needs": ("collection", "segmentation"), "journeys": ("touchpoints", "map"), "service": ("feedback", "performance"), "sales": ("process",), "marketing": ("campaigns",), "product": ("ideation",),
    "quality": ("suppliers", "corrective"), "improvement": ("continuous",), "training": ("delivery",), "reporting": ("collection",),
}  # fmt: skip
TITLES = {(group.key, step.key): quote(step.title) for group in GROUPS.values() for step in group.steps}
WALK = ("overview?period=All%20data", "data", "churn?period=All%20data", *(f"{group}?step={TITLES[group, step]}&period=All%20data" for group, steps in STEPS.items() for step in steps))
# Elements that carry a foreign address, or whose whole text is what a payload wanted to dress up.
ALIVE = """() => {
  const bad = [], own = location.host, app = document.querySelector('[data-testid="stApp"]');
  if (window.zqran) bad.push('a script ran');
  for (const e of app.querySelectorAll('*')) {
    for (const name of ['href', 'src', 'xlink:href', 'action', 'data', 'srcdoc', 'poster', 'formaction']) {
      const given = e.getAttribute(name);
      if (given === null) continue;
      let to; try { to = new URL(given, location.href) } catch { bad.push(e.outerHTML.slice(0, 200)); continue }
      const fine = ['data:', 'blob:'].includes(to.protocol) ? e.tagName !== 'A' : ['http:', 'https:'].includes(to.protocol) && to.host === own;
      if (!fine) bad.push(e.outerHTML.slice(0, 200));
    }
    if (/^on/.test([...e.getAttributeNames()].find(n => /^on/.test(n)) || '')) bad.push(e.outerHTML.slice(0, 200));
    if (/url\\(.*evil/.test(e.getAttribute('style') || '')) bad.push(e.outerHTML.slice(0, 200));
    const text = e.childElementCount ? '' : e.textContent.trim();
    const dressed = e.closest('strong,em,del,code,pre,h1,h2,h3,h4,h5,h6,li,blockquote,sup,.katex,kbd,[data-testid="stMarkdownBadge"],.stMarkdownBadge,.stMarkdownColoredText,[class*="stMarkdownColored"]');
    if (/^zq(bold|italic|gone|code|head|item|task|quote|note|colour|badge|small|link|pic)?$/.test(text) && (dressed || e.tagName === 'A')) bad.push(e.outerHTML.slice(0, 200));
    if (e.dataset.testid === 'stIconMaterial' && text === 'skull') bad.push(e.outerHTML.slice(0, 200));
    if (e.matches('iframe,object,embed,base,meta,.katex,svg foreignObject script,img[alt*="streamlit" i]')) bad.push(e.outerHTML.slice(0, 200));
  }
  return bad;
}"""


def walked(page: Page, app: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """What came alive on each of the pages."""
    found: dict[str, list[str]] = {}
    here = ""

    def note(what: str) -> None:
        found.setdefault(here, []).append(what)

    page.on("dialog", lambda d: (note(f"dialog: {d.message}"), d.dismiss()))
    page.on("request", lambda r: None if r.url.startswith((app, "data:", "blob:")) else note(f"request: {r.url}"))
    page.on("pageerror", lambda e: note(f"error: {e}"))
    page.on("console", lambda m: note(f"policy: {m.text}") if "Content Security Policy" in m.text else None)
    for path in paths:
        here = path
        page.goto(f"{app}/{path}")
        rest(page)
        for one in page.evaluate(ALIVE):
            note(f"element: {one}")
        if page.locator('[data-testid="stException"]').count():
            note("an exception is shown")
    return found


@pytest.fixture
def hostile_app(store: str, own_folder: Path) -> Iterator[str]:
    """The address of an app whose every text is hostile."""
    hostile.facts(store)
    hostile.records(store, hostile.PAYLOADS[1:140:70])
    yield from serve(own_folder)


def test_two_hundred_hostile_texts_are_text_on_every_page(browser: Browser, hostile_app: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    assert len(hostile.PAYLOADS) >= 200
    assert walked(page, hostile_app, WALK) == {}
    page.close()


def test_no_cell_of_an_export_starts_a_formula() -> None:
    written = to_csv({"text": list(hostile.PAYLOADS)}).decode("utf-8-sig")
    cells = [line[0] for line in csv.reader(io.StringIO(written, newline=""))][1:]
    assert len(cells) == len(hostile.PAYLOADS)
    assert [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") and not c.lstrip("+-").replace(".", "").replace("e", "").isdigit()] == []
