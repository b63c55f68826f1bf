"""What stands behind a tile: the definition, the trend, a breakdown of choice, caveats."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.ui import format as words
from cx.ui import readings
from cx.ui.page import View
from cx.ui.text import escape, quiet


def panel(view: View, key: str) -> None:
    """Draw the panel of a KPI."""
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
        st.markdown(f"**{escape(row.question)}**")
        for paragraph in row.text.split("\n\n"):
            quiet(" ".join(paragraph.split()))
        if row.caveats:
            quiet(f"Beware: {row.caveats}")
        if reading.estimate.warning:
            quiet(f"Now: {reading.estimate.warning}")
