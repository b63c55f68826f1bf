"""Comments that contain given words, for following an idea to those who asked for it and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from cx.facts import engine
from cx.settings import settings
from cx.ui import format as words
from cx.ui import verbatims
from cx.ui.page import View
from cx.ui.text import outside, quiet

MOST = 12


@dataclass(frozen=True)
class Comment:
    """A customer's words with where they come from."""

    key: str
    text: str
    when: datetime
    score: str
    segment: str | None
    touchpoint: str | None
    customer: str | None


def found_in(theme: str | None, text: str) -> bool:
    """Whether the text contains the words, whatever their case.

    >>> found_in("Delivery date", "no delivery date given"), found_in("", "anything")
    (True, False)
    """
    return bool(theme and theme.strip()) and str(theme).strip().casefold() in text.casefold()


def search(view: View, theme: str) -> tuple[list[Comment], int]:
    """The latest comments of the selection that contain the words, and how many there are; none where they come from too few people."""
    wanted = theme.strip().lower()
    if not wanted:
        return [], 0
    table = verbatims.selection(view)
    table = table.filter(table.comment.notnull() & table.comment.lower().contains(wanted))
    total = engine.rows(table.aggregate(n=table.count(), people=table.customer_id.fill_null(table.key).nunique()), now=view.now)[0]
    if view.filters.only and total["people"] < settings().minimum_group:
        return [], int(total["n"])
    rows = engine.rows(table.order_by(table.answered_at.desc(), table.id.desc()).select("key", "comment", "answered_at", "score", "scale_max", "segment", "touchpoint", "customer_id").limit(MOST), now=view.now)
    return [
        Comment(r["key"], r["comment"], r["answered_at"], f"{r['score']:g}/{r['scale_max']:g}" if r["score"] is not None and r["scale_max"] is not None else "", r["segment"], r["touchpoint"], r["customer_id"])
        for r in rows
    ], int(total["n"])  # fmt: skip


def quote(c: Comment) -> None:
    """One comment in a frame, with where it comes from."""
    with st.container(border=True, gap=None):
        outside(c.text)
        quiet(" · ".join(str(x) for x in (c.score, c.segment, c.touchpoint, words.day(c.when)) if x))
