from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cx.ui.text import LONGEST, clean, escape

PAYLOADS = [
    "![x](http://evil.example/p.png)", "[click](javascript:alert(1))", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "**bold** _it_ ~~no~~",
    "`code` ```block```", ":red[danger] :material/home: :smile: :streamlit:", "$x^2$ $$y$$", "# head", "- list", "1. one", "> quote", "| a | b |\n|---|---|", "http://evil.example",
    "www.evil.example", "a@b.example", "&lt;b&gt; &#60;", "\\[x\\](y)", "[^1]: note", "---", "+ plus", "= equals\n===", "<!-- -->", "[x]: http://evil.example", "\"quoted\" 'single'",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_with_a_meaning_in_markdown_is_left_unescaped(payload: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#+\-.!|~$:^=&@/]", re.sub(r"\\.", "", escape(payload)))


@pytest.mark.parametrize("text", ["ann@example.com", "http://evil.example", "HTTPS://evil.example", "www.evil.example", ":streamlit:", ":material_home:", ":smile:", "a -> b", "-- x", "a >= b"])
def test_what_is_made_of_plain_words_after_markdown_is_kept_apart_by_a_joiner(text: str) -> None:
    assert "\u2060" in escape(text)


def test_a_time_of_day_or_an_option_of_a_command_needs_no_joiner() -> None:
    assert "\u2060" not in escape("at 10:30:15, 3 > 2, cx demo --wipe")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_taking_the_backslashes_away_gives_the_text_back(payload: str) -> None:
    assert re.sub(r"\\(.)", r"\1", escape(payload)).replace("\u2060", "") == " ".join(payload.split())


@given(st.text(max_size=200))
def test_any_text_becomes_one_line(text: str) -> None:
    assert "\n" not in escape(text)
    assert "\r" not in escape(text)


def test_letters_of_every_script_survive() -> None:
    for text in ("Grüße", "Великолепно", "素晴らしい", "ممتاز", "नमस्ते", "👩‍👩‍👧"):
        assert clean(text) == text
        assert escape(text) == text


def test_control_characters_and_direction_overrides_are_dropped() -> None:
    assert clean("a\x00b\x1b[31m\u202egnp.exe\u2066") == "ab[31mgnp.exe"


def test_a_no_break_space_keeps_number_and_unit_together() -> None:
    assert escape("84\u00a0%") == "84\u00a0%"


def test_a_very_long_text_is_cut() -> None:
    assert len(clean("x" * (LONGEST + 5))) == LONGEST + 2
    assert len(escape("x" * 1000, 50)) == 50


def test_nothing_is_shown_for_nothing() -> None:
    assert clean(None) == ""
    assert escape(None) == ""


def test_outside_shows_the_text_as_it_reads() -> None:
    def page() -> None:
        from cx.ui.text import outside

        outside("![x](http://evil.example/p.png) <b>*hi*</b>")

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert at.text[0].value == "![x](http://evil.example/p.png) <b>*hi*</b>"
    assert not at.markdown
