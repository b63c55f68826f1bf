"""The page on the API: its examples run, and it names every address and parameter there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cx.front.api import api
from cx.intake import sample
from cx.records import tokens
from cx.records.actor import Actor
from tests.server.conftest import Server

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^    (curl (?:.*\\\n)*.*)$", PAGE, re.MULTILINE)


def test_every_example_runs(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        print("\n*** curl is not installed: the examples of docs/api.md are SKIPPED ***", file=sys.stderr, flush=True)
        pytest.skip("curl is not installed")
    monkeypatch.setenv("CX_DATA_DIR", str(server.folder / "data"))
    _, secret = tokens.create("examples", "contributor", Actor("chief", "admin"))
    (tmp_path / "export.csv").write_text(sample("tickets"), "utf-8")
    assert len(EXAMPLES) == 7
    for example in EXAMPLES:
        done = subprocess.run(["bash", "-c", example], cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "CX": server.url, "TOKEN": secret}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (example, done.stdout, done.stderr)
        assert '"rejected":0' in done.stdout or "-d" not in example.split()


def test_every_address_and_parameter_is_on_the_page() -> None:
    described = api().openapi()
    for path, methods in described["paths"].items():
        assert path.split("/")[1] in PAGE
        for call in methods.values():
            assert [p["name"] for p in call.get("parameters", ()) if not re.search(rf"\b{p['name']}\b", PAGE)] == []
            assert {code for code in call["responses"] if code not in PAGE} <= {"200"}
