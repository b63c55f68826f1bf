"""What stands behind a tile: the definition, the trend, a breakdown of choice, caveats."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import KPIS, kpi
from cx.ui import format as words
from cx.ui import readings
from cx.ui.page import View, page
from cx.ui.text import escape, quiet

ASKED = "kpi"  # in the address: the KPI whose panel is open


def link(key: str | None, label: str = "", *, icon: str | None = ":material/monitoring:", help: str | None = None) -> None:
    """A link from wherever a KPI is named to its panel on the page of its group; nothing where there is no such KPI. `label` is Markdown."""
    if key in KPIS:
        st.page_link(page(KPIS[key].group), label=label or escape(KPIS[key].title), icon=icon, help=help, query_params={ASKED: key})


def behind(view: View, place: str, clicked: str | None = None) -> None:
    """The panel of the tile that was clicked, or of the KPI that the address names; a second click, or Close, takes it away."""
    held, asked = f"{place}-open", st.query_params.get(ASKED)
    if clicked:
        choose(held, None if st.session_state.get(held) == clicked else clicked)
    elif asked in KPIS:
        st.session_state[held] = asked
    opened = st.session_state.get(held)
    if opened:
        panel(view, opened, held)


def choose(held: str, key: str | None) -> None:
    """Have this panel open, whatever the address named before."""
    st.session_state[held] = key
    st.query_params.pop(ASKED, None)


def panel(view: View, key: str, held: str = "") -> None:
    """Draw the panel of a KPI; `held` is what remembers that it is open, for the button that closes it."""
    row = kpi(key)
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    with st.container(border=True):
        left, right = st.columns([5, 4], gap="medium")
        with left:
            readings.trend(view, row, f"{row.title}: {words.estimate(reading.estimate)}", f"panel-{key}-trend", height=220)
        with right:
            choices = list(scorecard.dimensions(row))
            column = st.selectbox("Break down by", choices, key=f"panel-{key}-by") if choices else None
            if column:
                readings.compare_groups(view, row, column, f"panel-{key}-dots")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{escape(row.question)}**", width="content")
            if held:
                st.button("Close", key=f"{held}-close", type="tertiary", icon=":material/close:", on_click=choose, args=(held, None))
        for paragraph in row.text.split("\n\n"):
            quiet(" ".join(paragraph.split()))
        if row.caveats:
            quiet(f"Beware: {row.caveats}")
        if reading.estimate.warning:
            quiet(f"Now: {reading.estimate.warning}")
