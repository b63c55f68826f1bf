"""The ten process groups in ten lines: the headline of each, how it stands, how it moved, whether it meets its target."""

from __future__ import annotations

import streamlit as st

from cx import scorecard
from cx.blueprint.groups import GROUPS
from cx.blueprint.process import ProcessGroup
from cx.errors import MeasureError
from cx.ui import format as words
from cx.ui import readings
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """A row a group; the row that is chosen opens the group's page."""
    st.markdown("**Ten groups**")
    found = [_row(view, group) for group in GROUPS.values()]
    alt = "; ".join(f"{row['group']}: {row['headline']} {row['now']}, {row['vs before']}" for row in found)
    picked = table(found, "ten-groups", clicks=True, csv=False, alt=alt)
    quiet("✓ by a change: significant · ✓ ✗ by a target: met or missed · choose a row to open the group")
    if picked is not None:
        st.switch_page(page(list(GROUPS)[picked]))


def _row(view: View, group: ProcessGroup) -> dict[str, str]:
    row = readings.aimed(view, group.headline)
    out = {"group": group.title, "headline": row.title, "now": words.MISSING, "vs before": "–", "target": "–"}
    try:
        reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    except MeasureError:
        return out
    estimate, change = reading.estimate, reading.change
    if estimate.value is None:
        return out
    out["now"] = words.value(estimate.value, estimate.unit)
    if change is not None and change.value is not None:
        text = words.change(change.value, estimate.unit)
        arrow = "→" if not words.moves(text) else "↑" if change.value > 0 else "↓"
        out["vs before"] = f"{arrow} {text}{' ✓' if change.significant else ''}"
    goal = row.goal(reading.days)
    if goal is not None and row.better != "none":
        met = estimate.value >= goal if row.better == "higher" else estimate.value <= goal
        out["target"] = f"{'✓' if met else '✗'} {words.value(goal, estimate.unit)}"
    return out
