"""What public voice is about: themes of the mentions in one language, how negative each is, and typical mentions."""

from __future__ import annotations

import streamlit as st

from cx.ui import charts
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.social import facts
from cx.ui.text import escape, outside, quiet

FEWEST = 5


def show(view: View) -> None:
    """Draw the part."""
    spoken = facts.languages(view.now, view.filters)
    language = st.segmented_control("Language", spoken[:6], default=spoken[0], key="voicein", bind="query-params", required=True, label_visibility="collapsed") if len(spoken) > 1 else (spoken[0] if spoken else "")
    chosen, n, found, sentence = facts.spoken_of(view.now, view.filters, language or "")
    known = [theme for theme in found if theme.n >= FEWEST]
    if not known:
        quiet(sentence)
        return
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        judged = sorted(known, key=lambda theme: -(theme.bad / theme.judged if theme.judged else 0.0))
        worst = judged[0]
        e = facts.share(worst)
        title = f"Most negative: “{worst.label}”, {words.value(e.value, '%')} of {worst.judged}" if e is not None else "No mention of these themes has a sentiment"
        shown = [charts.Group(theme.label, share) for theme in judged[:12] if (share := facts.share(theme)) is not None]
        picked = charts.dots("social-themes", title, shown, alt=f"Share of negative mentions by theme. {title}", unit="%", clicks=True,
                             note=f"share of negative mentions of each theme · {n:,} mentions" + (f" in {chosen}" if chosen else "") + " · choose a theme to read typical mentions")  # fmt: skip
    with right.container(border=True, height="stretch"):
        ranked = sorted(known, key=lambda theme: -theme.n)[:12]
        charts.bars("social-themes-size", f"Most spoken of: “{ranked[0].label}”", [theme.label for theme in ranked], [theme.share for theme in ranked], alt=sentence, unit="%",
                    texts=[f"{words.value(theme.share, '%')} · {theme.n:,}" for theme in ranked], note="share of mentions whose main theme it is")  # fmt: skip
    theme = next((t for t in known if t.label == picked), worst)
    with st.container(border=True):
        st.markdown(f"**Typical of “{escape(theme.label)}”**")
        for text in theme.examples:
            with st.container(border=True):
                outside(text)
