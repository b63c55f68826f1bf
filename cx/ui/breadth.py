"""Room that does not shrink: on a screen too narrow for a picture's letters it is moved sideways instead of made tiny."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext

import streamlit as st

PHONE = 340  # pixels every screen has
READABLE = 0.84  # letters of a drawing, 11.5 pixels high and more, are read down to this scale
WHOLE = 1040  # pixels a page has on a laptop: what fits there is shown whole, though smaller


def at_least(width: float) -> AbstractContextManager[object]:
    """A place of the width at hand, but never narrower than `width` pixels: where there is less, it scrolls within itself."""
    if width <= PHONE:
        return nullcontext()
    return st.grid(1, min_column_width=round(width), wrap=False, gap=None).cell()


def drawn(svg: str) -> float:
    """The least width at which the letters of an SVG of ours can be read.

    >>> drawn('<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="20">')
    840.0
    """
    found = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    if not found:
        return 0.0
    least = READABLE * float(found[1])
    return min(least, max(WHOLE, 0.7 * least / READABLE))
