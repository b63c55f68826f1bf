"""What stands behind a tile: the definition, the trend or control chart, a breakdown of choice, caveats, who works on it."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.analytics.control_chart import control_chart
from cx.blueprint.catalogue import KPIS, kpi
from cx.blueprint.kpi import Kpi
from cx.ui import chain, charts, readings
from cx.ui import format as words
from cx.ui import measurement_series as measured
from cx.ui.kpi_link import ASKED, CONTROL, DRAWN
from cx.ui.page import View
from cx.ui.period import partial
from cx.ui.text import escape, quiet

KINDS = ("Trend", CONTROL)
FEWEST = 8  # weeks; limits from fewer say little


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
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{escape(row.question)}**", width="stretch")
            drawn = st.segmented_control("Drawn as", KINDS, default=KINDS[0], key=DRAWN, bind="query-params", required=True, label_visibility="collapsed")
            if held:
                st.button("Close", key=f"{held}-close", type="tertiary", icon=":material/close:", on_click=choose, args=(held, None))
        left, right = st.columns([5, 4], gap="medium")
        with left:
            if drawn != CONTROL or not controlled(view, row):
                readings.trend(view, row, f"{row.title}: {words.estimate(reading.estimate)}", f"panel-{key}-trend", height=220)
        with right:
            choices = list(scorecard.dimensions(row))
            column = st.selectbox("Break down by", choices, key=f"panel-{key}-by") if choices else None
            if column:
                readings.compare_groups(view, row, column, f"panel-{key}-dots")
        for paragraph in row.text.split("\n\n"):
            quiet(" ".join(paragraph.split()))
        if row.caveats:
            quiet(f"Beware: {row.caveats}")
        if reading.estimate.warning:
            quiet(f"Now: {reading.estimate.warning}")
        chain.of_kpi(key)


def controlled(view: View, row: Kpi) -> bool:
    """The KPI by week on a control chart over the last twelve months; False, and why, where there are too few weeks."""
    start, end = readings.horizon(view)
    found = [r for r in readings.over_time(view, row, start, end, "week") if r.key("week") and r.estimate.value is not None and not r.hidden]
    weeks = [r for r in found if view.last is None or not partial(r.key("week"), "week", view.last)]
    if len(weeks) < FEWEST:
        quiet(f"{words.plural(len(weeks), 'whole week')} with a value: a control chart takes {FEWEST}.")
        return False
    values = [readings.in_minor(r.estimate).value for r in weeks]
    unit = readings.unit_shown(row, [r.estimate for r in weeks])
    chart = control_chart("i-mr", values, rules="nelson")
    samples = measured.Charted(chart, tuple(r.key("week") for r in weeks), unit).samples()
    out = sum(bool(s.rules) for s in samples)
    said = f"{row.title}: {out} of {len(samples)} weeks signal" if out else f"{row.title} is steady: none of {len(samples)} weeks signals"
    charts.control(f"panel-{row.key}-control", said, samples, alt=said, unit="" if words.is_money(unit) else unit, height=220, note=" · ".join(("one point a week, I-MR, Nelson's rules", *chart.warnings)))
    return True
