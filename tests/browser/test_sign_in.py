"""People sign in with a real provider, are what the store says they are, and are refused at the moment of writing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import rest, serve
from tests.browser.test_walk import qualtrics
from tests.postgres import free_port

PEOPLE = {"ann": "Ann Admin", "bob": "Bob <b>Builder</b>"}


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of an OpenID Connect provider that knows Ann and Bob."""
    port = free_port()
    known = [json.dumps({"sub": who, "email": f"{who}@example.com", "email_verified": True, "name": name}) for who, name in PEOPLE.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *(part for claims in known for part in ("--user-claims", claims))]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield f"http://localhost:{port}"
    finally:
        running.terminate()
        running.wait(15)


@pytest.fixture
def closed_app(store: str, own_folder: Path, provider: str, tmp_path: Path) -> Iterator[str]:
    """The address of an app that asks for sign-in, in which Ann is to be admin."""
    port = free_port()
    secrets = tmp_path / "home" / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir(parents=True)
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "only-for-this-test-{port}-0123456789"\n'
        f'client_id = "cx"\nclient_secret = "secret"\nserver_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    yield from serve(own_folder, port, HOME=str(tmp_path / "home"), CX_ADMIN="ann@example.com")


def enter(browser: Browser, app: str, who: str) -> Page:
    """A browser of one's own, signed in."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith((app, "http://localhost:", "data:", "blob:")) else r.abort())
    page.goto(f"{app}/data")
    page.get_by_role("button", name="Sign in", exact=True).click(timeout=60_000)
    page.get_by_role("button", name=who, exact=True).click(timeout=60_000)
    page.wait_for_url(f"{app}/**", timeout=60_000)
    expect(page.get_by_test_id("stSidebar").get_by_text(PEOPLE[who], exact=True)).to_be_visible(timeout=60_000)
    page.goto(f"{app}/data")
    rest(page)
    return page


def give(ann: Page, app: str, role: str) -> None:
    """What Ann does on the Members page for Bob."""
    ann.goto(f"{app}/members?member=bob@example.com")
    rest(ann)
    ann.get_by_test_id("stForm").get_by_text(role, exact=True).click()
    ann.get_by_role("button", name="Save", exact=True).click()
    rest(ann)
    ann.reload()
    rest(ann)
    expect(ann.get_by_test_id("stForm").get_by_role("radio", name=role, exact=True)).to_be_checked()


def offer(bob: Page, app: str, file: Path) -> None:
    """Bob drops a file and sees how it is read."""
    bob.goto(f"{app}/data")
    rest(bob)
    bob.set_input_files("input[type=file]", str(file))
    expect(bob.get_by_text("Qualtrics", exact=False).first).to_be_visible(timeout=60_000)
    rest(bob)


def test_people_sign_in_and_may_do_what_the_store_says_now(browser: Browser, closed_app: str, tmp_path: Path) -> None:
    file = qualtrics(tmp_path / "export.csv", [10] * 30 + [7] * 10 + [2] * 10)
    stranger = browser.new_context().new_page()
    for path in ("", "/overview", "/data", "/members", "/quality?step=control"):
        stranger.goto(closed_app + path)
        expect(stranger.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=60_000)
        assert stranger.get_by_test_id("stMain").inner_text().split() == ["CX", "Blueprint", "Sign", "in", "to", "see", "your", "company's", "customer", "experience.", "Sign", "in"]

    ann = enter(browser, closed_app, "ann")
    expect(ann.get_by_text("example.com · admin", exact=False)).to_be_visible()
    bob = enter(browser, closed_app, "bob")
    expect(bob.get_by_text(PEOPLE["bob"], exact=True)).to_be_visible()
    expect(bob.get_by_text("example.com · viewer", exact=False)).to_be_visible()
    expect(bob.get_by_text("importing needs the role of a contributor", exact=False)).to_be_visible()
    assert bob.locator("input[type=file]").count() == 0
    bob.goto(f"{closed_app}/members")
    expect(bob.get_by_text("Members are managed by administrators.")).to_be_visible(timeout=60_000)

    give(ann, closed_app, role="contributor")
    offer(bob, closed_app, file)
    give(ann, closed_app, role="viewer")
    bob.get_by_role("button", name="Import", exact=True).click()
    expect(bob.get_by_text("importing needs the role of a contributor", exact=False)).to_be_visible(timeout=60_000)
    expect(bob.get_by_text("Nothing has been imported yet", exact=False)).to_be_visible()
    for page in (stranger, ann, bob):
        page.context.close()
