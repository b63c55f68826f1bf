"""Social listening: what is said in public, how it feels, when it swells, what it is about, and what we answer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.ui import cards, readings
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.kpi_panel import panel
from cx.ui.page import View
from cx.ui.social import listing, replies, themes, volume, where
from cx.ui.text import escape, quiet

WALL = ("mention_volume", "mention_negative", "mention_sentiment", "mention_rating", "mention_response", "mention_reply_time")
PARTS: dict[str, Callable[[View], None]] = {"Over time": volume.show, "Where": where.show, "Themes": themes.show, "Mentions": listing.show, "Replies": replies.show}


def show(view: View) -> None:
    """Draw the page: what there is to say, the wall, and of its parts the chosen one."""
    if not view.now.rows("mentions"):
        nothing_yet("public voice")
        quiet("Social listening reads reviews and mentions: source, text and date, with stars, sentiment and reach where there are any. Most review sites and listening tools export them.")
        return
    st.subheader(escape(finding(view), 400), anchor=False)
    clicked = cards.wall(readings.cards(view, WALL), "social-wall")
    if clicked:
        st.session_state["social-open"] = None if st.session_state.get("social-open") == clicked else clicked
    if st.session_state.get("social-open"):
        panel(view, st.session_state["social-open"])
    part = st.segmented_control("Part", list(PARTS), default="Over time", key="voice", bind="query-params", required=True, label_visibility="collapsed") or "Over time"
    PARTS[part](view)


def finding(view: View) -> str:
    """How much of what is said is negative, whether that is more than before, and what it is about."""
    row = kpi("mention_negative")
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    e = reading.estimate
    if e.value is None:
        n = scorecard.read("mention_volume", view.filters, now=view.now)[0].estimate
        return f"{words.number(n.value, 0)} mentions; how they feel cannot be told: {e.warning}"
    text = f"{words.value(e.value, '%')} of mentions are negative"
    if reading.change is not None and reading.change.value is not None and reading.before is not None:
        was = words.value(reading.before.value, "%")
        text += f", {'up' if reading.change.value > 0 else 'down'} from {was}" if reading.change.significant else f", no significant change from {was}"
    seen = [r for r in readings.by(view, row, "touchpoint") if r.estimate.value is not None and r.estimate.low is not None and r.key("touchpoint") is not None]
    if len(seen) > 1 and all((r.estimate.high or 0) < (seen[0].estimate.low or 0) for r in seen[1:]):
        text += f"; worst about {seen[0].key('touchpoint')}: {words.value(seen[0].estimate.value, '%')} ({words.interval(seen[0].estimate.low, seen[0].estimate.high, '%')})"
    return text
