"""The ten process groups in ten lines: the headline of each, how it stands, how it moved, whether it meets its target."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.blueprint.groups import GROUPS
from cx.blueprint.process import ProcessGroup
from cx.errors import MeasureError
from cx.ui import format as words
from cx.ui.page import View, page
from cx.ui.text import escape


def show(view: View) -> None:
    """A line a group, linked to its page."""
    st.markdown("**Ten groups**")
    with st.container(gap=None):
        for group in GROUPS.values():
            _line(view, group)


def _line(view: View, group: ProcessGroup) -> None:
    row = kpi(group.headline)
    try:
        reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    except MeasureError:
        reading = None
    estimate = reading.estimate if reading else None
    now = words.value(estimate.value, estimate.unit) if estimate and estimate.value is not None else "n/a"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=120):
            st.page_link(page(group.key), label=escape(group.title), help=escape(group.purpose))
        st.markdown(f":gray[:small[{escape(row.title)}]]", width="stretch", help=escape(row.question))
        st.markdown(f"**{escape(now)}**", width="content")
        st.markdown(_moved(reading, row.better), width=75)
        st.markdown(_target(estimate.value if estimate else None, row.target, row.better, row.unit), width=90)


def _moved(reading: scorecard.Reading | None, better: str) -> str:
    """The change against the period before: coloured only where it is significant and one direction is better."""
    change = reading.change if reading else None
    if reading is None or change is None or change.value is None:
        return ":gray[:small[–]]"
    text = escape(f"{'↑' if change.value > 0 else '↓' if change.value < 0 else '→'} {words.change(change.value, reading.estimate.unit)}")
    if not change.significant or better == "none" or not change.value:
        return f":gray[:small[{text}]]"
    return f":{'green' if (change.value > 0) == (better == 'higher') else 'red'}[:small[{text}]]"


def _target(value: float | None, target: float | None, better: str, unit: str) -> str:
    if target is None or value is None or better == "none":
        return ":gray[:small[no target]]"
    met = value >= target if better == "higher" else value <= target
    return f":gray[:small[{'✓' if met else '✗'} {escape(words.value(target, unit))}]]"
