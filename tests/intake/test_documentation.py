"""The page on import formats names every tool, every option and every question type."""

from __future__ import annotations

from pathlib import Path

from cx.intake.plan import ASIDE, QUESTIONS
from cx.intake.tools import TOOLS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "import-formats.md").read_text("utf-8")


def test_every_tool_is_on_the_page() -> None:
    assert [t.name for t in TOOLS if t.name not in PAGE] == []


def test_every_field_of_a_survey_column_is_on_the_page() -> None:
    assert [f for f in (*QUESTIONS, *ASIDE) if f not in PAGE] == []
