"""The shape of the last periods beside a number: no axes, no pointing at it, so a picture and not a chart.

A wall has seven of them on every page. A browser draws all seven in the time one chart takes to start, and the server sends
a tenth of the bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from cx.ui import drawing
from cx.ui.palette import palette
from cx.ui.text import clean

WIDTH, HEIGHT, MARGIN = 150, 42, 5


def show(values: Sequence[float | None], *, alt: str, target: float | None = None) -> None:
    """Draw the course of the values, the last one as a dot, the target as a dashed line; room for it where there is no course."""
    if sum(v is not None for v in values) < 2:
        st.space(HEIGHT)
        return
    colours = palette()
    st.image(svg(tuple(values), target, colours.ground, colours.data, colours.quiet), alt=clean(alt), width="stretch")


@lru_cache(maxsize=1024)
def svg(values: tuple[float | None, ...], target: float | None, ground: str, data: str, quiet: str) -> str:
    """The picture: at least two of the values are given, missing ones are bridged."""
    drawn = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    levels = [v for _, v in drawn] + ([target] if target is not None else [])
    low, spread = min(levels), (max(levels) - min(levels)) or 1.0
    first, steps = drawn[0][0], drawn[-1][0] - drawn[0][0]

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / spread

    points = [(MARGIN + (WIDTH - 2 * MARGIN) * (i - first) / steps, y(v)) for i, v in drawn]
    parts = [drawing.box(0, 0, WIDTH, HEIGHT, ground)]
    if target is not None:
        parts.append(drawing.rule(0, y(target), WIDTH, y(target), quiet, 1, "3 3"))
    parts.append(drawing.path("M" + "L".join(f"{x:.1f} {at:.1f}" for x, at in points), stroke=data, wide=1.6))
    parts.append(drawing.dot(*points[-1], 2.9, data))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
