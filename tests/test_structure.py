"""The house keeps its order: who may import whom, how long a room may be, where Streamlit may be seen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(p for p in (*ROOT.glob("cx/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"))

# What each part may import of the others; arrows point down. `cx/errors.py`, `cx/settings.py` and `cx/formula.py` are everybody's.
MAY = {
    "store": set(),
    "analytics": set(),
    "facts": {"store", "analytics"},
    "records": {"store", "facts", "analytics"},
    "intake": {"store", "facts"},
    "demo": {"facts"},
    "blueprint": {"analytics"},
    "scorecard": {"blueprint", "analytics", "facts", "records", "store"},
    "erasing": {"intake", "records", "facts", "store"},
    "restoring": {"erasing", "records", "facts", "store"},
    "reports": {"scorecard", "blueprint", "analytics", "facts", "records", "store"},
    "surveys": {"scorecard", "blueprint", "analytics", "facts", "records", "store", "reports"},
    "front": {"store", "facts", "scorecard", "blueprint", "surveys", "records", "intake"},
    "commands": {"server", "erasing", "restoring", "scorecard", "blueprint", "analytics", "intake", "facts", "records", "demo", "store", "reports", "surveys"},
    "ui": {"scorecard", "erasing", "blueprint", "analytics", "facts", "records", "intake", "demo", "store", "reports", "surveys"},
    "server": {"front", "ui", "facts", "store", "scorecard", "blueprint", "surveys"},
    "__main__": {"commands"},
    "pages": {"ui"},
    "app": {"ui"},
}


def part_of(file: Path) -> str:
    """The part of the house a file belongs to."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    if parts[0] in ("pages", "app"):
        return parts[0]
    return parts[1] if len(parts) > 1 else "cx"


def imports(file: Path) -> set[str]:
    """Full names of the modules a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" if node.module == "cx" else node.module for alias in node.names}
    return found


def family(part: str) -> str:
    """`cx/scorecard.py`, `cx/findings.py`, `cx/alerts.py` … are one storey."""
    return "scorecard" if part in ("scorecard", "findings", "alerts", "documents", "search") else part


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_arrows_point_down(file):
    here = family(part_of(file))
    if here in ("__init__", "errors", "settings", "formula"):
        return
    for module in imports(file):
        if module == "cx" or not module.startswith("cx."):
            continue
        there = family(module.split(".")[1])
        if there in ("errors", "settings", "formula", "__version__", here):
            continue
        assert there in MAY[here], f"{file.relative_to(ROOT)} imports {module}: {here} may not know {there}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_streamlit_is_seen_only_where_the_screen_is(file):
    if part_of(file) in ("ui", "pages", "app", "server"):
        return
    assert not any(m == "streamlit" or m.startswith("streamlit.") for m in imports(file))


def test_steps_never_import_each_other():
    for file in ROOT.glob("cx/ui/steps/*/*.py"):
        mine = file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        others = {m for m in imports(file) if m.startswith("cx.ui.steps.") and m != mine}
        assert not others, f"{file.relative_to(ROOT)} imports {others}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_every_file_stays_one_room(file):
    lines = len(file.read_text().splitlines())
    assert lines <= 400
    if file.match("cx/ui/steps/*/*.py"):
        assert lines <= 150
    assert file.stem not in ("utils", "helpers", "common", "manager", "misc", "tools_")


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_every_module_says_what_it_is(file):
    if part_of(file) == "pages":
        return
    assert ast.get_docstring(ast.parse(file.read_text())), f"{file.relative_to(ROOT)} has no docstring"
