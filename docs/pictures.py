"""Photograph the pages of the demo company for README and docs: `make pictures`, or `python docs/pictures.py improvement quality.control`.

Makes a demo store of its own, serves it, and writes docs/img: every page and step in light, the busiest steps also in the dark
and at the width of a phone (docs/looks.md shows them). Pictures of uploads (data*.png, upload-*.png) are not made here.
Needs Chromium, and a font that stands for Helvetica (Debian: fonts-liberation). Look at each picture that changed before committing it.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from cx.blueprint.groups import GROUPS
from cx.settings import ROOT

PORT = int(os.environ.get("PORT", "8597"))
OUT = ROOT / "docs" / "img"
WIDTH, PHONE = 1440, 390
PAGES = {"overview": 1440, "churn": 1440, "departments": 1440, "social": 1440, "blueprint": 1440, "strategy": 1440, "actions": 1440, "alerts": 1440}
GROUP, STEP = 1100, 900  # pixels wide
BUSIEST = (
    "needs.segmentation", "needs.personas", "needs.journey_analysis", "journeys.map", "journeys.analysis", "service.response", "service.feedback", "sales.forecasting", "sales.relationships",
    "marketing.performance", "product.concepts", "quality.control", "quality.corrective", "quality.measurement", "improvement.mapping", "improvement.redesign", "training.assessment",
    "training.evaluation", "reporting.cleaning", "reporting.analysis",
)  # fmt: skip
RESTED = """() => { const a = document.querySelector('[data-testid="stApp"]');
  return a ? a.getAttribute('data-test-script-state') + '|' + document.querySelectorAll('[data-testid="stSkeleton"]').length + '|' + a.innerText.length : '' }"""


def rest(page: Page, still: float = 0.8, limit: float = 60) -> None:
    """Wait until the page has stood still for a while."""
    seen, since, until = "", time.monotonic(), time.monotonic() + limit
    while time.monotonic() < until:
        now = page.evaluate(RESTED)
        if now != seen or not now.startswith("notRunning|0"):
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > still:
            return
        time.sleep(0.1)
    raise TimeoutError(f"{page.url} does not come to rest")


def shoot(browser: Browser, path: str, file: Path, wide: int, *, dark: bool = False, phone: bool = False) -> None:
    """One picture of a whole page, in 256 colours of which rare ones keep a place."""
    width = PHONE if phone else WIDTH
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", device_scale_factor=1)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}/{path}", wait_until="domcontentloaded")
    page.wait_for_selector("h1")
    rest(page)
    page.wait_for_function("() => !document.body.innerText.includes('takes some seconds')", timeout=120_000)  # what moved is being looked for
    rest(page)
    height = page.evaluate("""() => document.querySelector('[data-testid="stMain"]').scrollHeight""")
    page.set_viewport_size({"width": width, "height": min(max(int(height) + 20, 844), 6000)})
    rest(page)
    if page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').count():
        raise RuntimeError(f"{path} shows an error")
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    if taken.width > wide:
        taken = taken.resize((wide, round(taken.height * wide / taken.width)), Image.Resampling.LANCZOS)
    file.parent.mkdir(parents=True, exist_ok=True)
    taken.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB", flush=True)


def main(asked: list[str]) -> None:
    """Every picture, or those of the pages, groups and steps named."""

    def wanted(*names: str) -> bool:
        return not asked or bool({*names} & {*asked})

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CX_")} | {"CX_DATA_DIR": folder, "PORT": str(PORT)}
        subprocess.run([sys.executable, "-m", "cx", "demo"], check=True, env=environment, cwd=ROOT)
        server = subprocess.Popen([sys.executable, "-m", "cx", "serve"], env=environment, cwd=ROOT)
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5)
                    break
                except OSError:
                    time.sleep(0.2)
            browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
            for name, wide in PAGES.items():
                if wanted(name):
                    shoot(browser, "" if name == "overview" else name, OUT / f"{name}.png", wide)
            if wanted("overview"):
                shoot(browser, "", OUT / "overview-dark.png", WIDTH, dark=True)
                shoot(browser, "", OUT / "overview-phone.png", PHONE, phone=True)
            for group, row in GROUPS.items():
                if wanted(group):
                    shoot(browser, group, OUT / f"{group}.png", GROUP)
                for step in row.steps:
                    name = f"{group}.{step.key}"
                    if not wanted(group, name):
                        continue
                    file = OUT / "steps" / f"{name.replace('.', '-').replace('_', '-')}.png"
                    shoot(browser, f"{group}?step={step.key}", file, STEP)
                    if name in BUSIEST:
                        shoot(browser, f"{group}?step={step.key}", file.with_name(f"{file.stem}-dark.png"), STEP, dark=True)
                        shoot(browser, f"{group}?step={step.key}", file.with_name(f"{file.stem}-phone.png"), PHONE, phone=True)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


if __name__ == "__main__":
    main(sys.argv[1:])
