"""What axe finds on the pages, in light and in dark; and what the browser says of our policy on the way."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import rest

PAGES = ("overview", "data", "service?step=Staffing", "quality?step=Corrective%20actions")
# Streamlit's own: the menu's sections are no list items; the chosen part of a switch and the value of a slider are written in
# the primary colour, which in the dark cannot stand out both from the ground and under the white words of its buttons.
OWN = ('[data-testid="stSidebarNav"] *', '[data-testid="stSidebarNav"]')
CHOSEN = ("[data-selected]", '[data-testid="stSliderThumbValue"]')


def serious(page: Any, theme: str) -> list[str]:
    """Serious and critical findings in the app's own content."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response
    out = []
    for rule in found["violations"]:
        for node in rule["nodes"]:
            skipped = ", ".join((*OWN, *(f"{s}, {s} *" for s in CHOSEN))) if theme == "dark" and rule["id"] == "color-contrast" else ", ".join(OWN)
            target = node["target"][0] if isinstance(node["target"][0], str) else node["target"][0][-1]
            own = page.evaluate("([target, skipped]) => { const e = document.querySelector(target); return !!e && !e.matches(skipped) }", [target, skipped])
            if own and rule["impact"] in ("serious", "critical"):
                out.append(f"{rule['id']}: {node['html'][:160]}")
    return out


def test_axe_finds_nothing_serious_and_the_policy_stops_nothing(browser: Browser, demo_app: str) -> None:
    found: dict[str, list[str]] = {}
    for theme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if "Content Security Policy" in m.text else None)  # type: ignore[misc]
        for path in PAGES:
            page.goto(f"{demo_app}/{path}")
            rest(page)
            if wrong := serious(page, theme):
                found[f"{path}, {theme}"] = wrong
        assert not said
        context.close()
    assert found == {}
