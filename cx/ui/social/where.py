"""Where it is said and of what: KPIs by source, touchpoint, product, segment, language; stars by source; the mentions behind."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from cx.analytics.interval import proportion
from cx.blueprint.catalogue import kpi
from cx.ui import charts, readings
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.social import facts, listing
from cx.ui.text import quiet

MEASURES = {"mention_negative": "Negative", "mention_rating": "Rating", "mention_sentiment": "Sentiment", "mention_response": "Replied", "mention_volume": "Volume"}


def show(view: View) -> None:
    """Draw the part."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        key = st.segmented_control("Measure", list(MEASURES), format_func=MEASURES.__getitem__, default="mention_negative", key="voiceof", bind="query-params", required=True, label_visibility="collapsed") or "mention_negative"
        column = st.selectbox("Break down by", list(facts.SPLITS), format_func=lambda c: f"by {facts.SPLITS[c].lower()}", key="voicesplit", bind="query-params", label_visibility="collapsed", width=160)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        picked = readings.compare_groups(view, kpi(key), column, f"social-by-{key}-{column}")
        quiet("Choose a group to read what stands behind it.")
    with right.container(border=True, height="stretch"):
        stars(view)
    if picked:
        with st.container(border=True):
            st.markdown(f"**{listing.title(facts.SPLITS[column], picked)}**")
            listing.cards(view, "social-where", ((column, None if picked == readings.UNKNOWN else picked),))


def stars(view: View) -> None:
    """How many stars each source gives."""
    rows = facts.stars(view.now, view.filters)
    sizes: Counter[str] = Counter()
    for row in rows:
        sizes[str(row["source"] or "unknown")] += int(row["n"])
    if not sizes:
        st.markdown("**No mention of this selection carries stars**")
        return
    n_of = {(str(row["source"] or "unknown"), int(row["stars"])): int(row["n"]) for row in rows}
    top = [name for name, _ in sizes.most_common(8)]
    cells = [charts.Cell(name, f"{star}★", proportion(n_of.get((name, star), 0), sizes[name])) for name in top for star in range(1, 6)]
    low = {name: sum(n_of.get((name, star), 0) for star in (1, 2)) / sizes[name] for name in top}
    worst = max(low, key=lambda name: low[name])
    title = f"{words.value(100 * low[worst], '%')} of reviews on {worst} give one or two stars"
    charts.heat("social-stars", title, cells, alt=f"Stars by source: {title}", unit="%", counts=False, note="share of the source's rated mentions · " + " · ".join(f"{name} {words.count(sizes[name])}" for name in top))
