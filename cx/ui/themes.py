"""What comments are about: the themes of a selection, and the score of those who speak of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cx.analytics.themes import themes
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui import charts, low_scores, verbatims
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.text import quiet

MOST = 4_000
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "no": "Norwegian", "cs": "Czech", "tr": "Turkish"}


@remembered
def _found(now: Revision, filters: Filters, only: tuple[tuple[str, Any], ...], language: str, low: bool = False) -> tuple[int, int, tuple[tuple[str, int, float], ...], str, str]:
    """Comments, respondents, (label, n, share) of each theme, the sentence, the language looked at."""
    table = low_scores.low_answers(filters) if low else verbatims.answers(filters, dict(only))
    table = table.filter(table.comment.notnull() & (table.comment.strip() != ""))
    chosen = language
    if not chosen:
        spoken = table.filter(table.language.notnull())
        counts = spoken.group_by("language").aggregate(n=spoken.count())
        most = engine.rows(counts.order_by(counts.n.desc(), "language").limit(1), now=now)
        chosen = str(most[0]["language"]) if most else ""
    if chosen:
        table = table.filter(table.language == chosen)
    rows = engine.rows(table.order_by(table.answered_at.desc(), table.key).select("comment", "customer_id", "key").limit(MOST), now=now)
    people = len({r["customer_id"] or r["key"] for r in rows})
    found = themes([r["comment"] for r in rows])
    return len(rows), people, tuple((str(r["label"]), int(r["n"]), float(r["share"])) for r in found.table.to_dict("records")), found.sentence, chosen


def labels(view: View, only: Mapping[str, Any], most: int = 3) -> list[str]:
    """The most frequent themes of a selection, none where too few people speak."""
    _, people, found, _, _ = _found(view.now, view.filters, tuple(sorted(only.items())), "")
    return [name for name, _, _ in found[:most]] if people >= settings().minimum_group else []


def show(view: View, key: str, only: Mapping[str, Any], *, low: bool = False) -> None:
    """Themes as bars, in the language most comments are in; with `low` of the low answers of customers we know."""
    n, people, found, sentence, language = _found(view.now, view.filters, tuple(sorted(only.items())), "", low)
    st.markdown("**What low scores are about**" if low else "**What it is about**")
    if people < settings().minimum_group:
        quiet(f"{n} comments of {people} respondents: too few to show.")
        return
    if not found:
        quiet(sentence)
        return
    few = [row for row in found if row[1] >= settings().minimum_group][:8]
    charts.bars(key, f"Themes of {n:,} comments" + (f" in {LANGUAGES.get(language, language)}" if language else ""), [name for name, _, _ in few], [share for _, _, share in few],
                texts=[f"{words.value(share, '%')} · {count:,}" for _, count, share in few], alt=sentence, unit="%", note="share of comments whose main theme it is")  # fmt: skip
