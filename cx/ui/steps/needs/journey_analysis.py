"""Pain by touchpoint: scores of touchpoints and segments on one map, and the comments behind a cell."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.scorecard import Reading
from cx.ui import chain, charts, readings, themes, verbatims
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.charts import Cell
from cx.ui.page import View, page
from cx.ui.text import escape, quiet

MEASURES = {"csat": "Satisfaction", "ease": "Ease", "nps": "NPS"}
ACROSS = {"segment": "Segment", "persona": "Persona", "channel": "Channel", "country": "Country"}


def show(view: View) -> None:
    """Draw the step."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = st.segmented_control("Measure", list(MEASURES), format_func=MEASURES.__getitem__, default="csat", key="painby", bind="query-params", required=True)
        across = st.selectbox("Across", list(ACROSS), format_func=ACROSS.__getitem__, key="painacross", bind="query-params", width=150)
    row = readings.aimed(view, key or "csat")
    found = [r for r in scorecard.read(row, view.filters, ("touchpoint", across), now=view.now) if r.key("touchpoint") is not None and r.key(across) is not None and r.estimate.n]
    if not found:
        quiet(f"No answers to {row.title} name a touchpoint in this period. Map the column of the survey to touchpoint on upload, or choose a longer period.")
        return
    places, columns = _order(found, "touchpoint"), _order(found, across)
    by = {(r.key("touchpoint"), r.key(across)): r for r in found}
    cells = [Cell(str(p), str(c), by[p, c].estimate, by[p, c].hidden) for p in places for c in columns if (p, c) in by]
    title, worst = sentence(found, across)
    headline(title)
    clicked = charts.heat("needs-pain", f"{row.title} by touchpoint and {across}", cells, alt=title, unit=row.unit, center=row.target, clicks=True, note=f"middle: target {words.value(row.target, row.unit)} · click a cell for what is behind it")
    place, column = clicked or worst
    only = {"touchpoint": place, across: column, "metric": "ces" if key == "ease" else key}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{escape(place)} × {escape(column)}**" + ("" if clicked else " (the lowest)"), width="content")
        st.page_link(page("journeys"), label="Drop-off in the funnel", icon=":material/filter_alt:", query_params={"step": "analysis", "fview": "Drop-off and effort"})
    if not chain.of_touchpoint(place):
        st.page_link(page("journeys"), label=f"{escape(place)} is not in the register of touchpoints yet: add it", icon=":material/touch_app:", query_params={"step": "touchpoints"})
    left, right = st.columns([2, 3], gap="medium")
    with left:
        themes.show(view, "needs-pain-themes", only)
    with right:
        verbatims.show(view, f"needs-pain-words-{place}-{column}", only, "Comments behind the cell")


def sentence(found: list[Reading], across: str) -> tuple[str, tuple[str, str]]:
    """Where it hurts most, and whether clearly so: the cell whose interval ends lowest."""
    seen: list[Any] = [r for r in found if not r.hidden and r.estimate.value is not None]
    if not seen:
        return "Every cell is too small to show", (str(found[0].key("touchpoint")), str(found[0].key(across)))
    worst = min(seen, key=lambda r: r.estimate.high if r.estimate.high is not None else r.estimate.value)
    e, place, column = worst.estimate, str(worst.key("touchpoint")), str(worst.key(across))
    return f"It hurts most at {place} for {column}: {words.estimate(e)}", (place, column)


def _order(found: list[Reading], column: str) -> list[Any]:
    """The values of a column, those with the lowest mean first."""
    totals: dict[Any, tuple[float, int]] = {}
    for r in found:
        if r.estimate.value is not None:
            total, n = totals.get(r.key(column), (0.0, 0))
            totals[r.key(column)] = (total + r.estimate.value * r.estimate.n, n + r.estimate.n)
    rest = [r.key(column) for r in found if r.key(column) not in totals]
    return [*sorted(totals, key=lambda k: totals[k][0] / totals[k][1]), *dict.fromkeys(rest)]
