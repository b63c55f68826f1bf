"""The one palette: every colour by what it means, for the light and the dark theme.

Blue is data, grey is context, green and vermilion are good and bad of a change, amber is an event, a dashed dark
line is a target. Values are the same as in `.streamlit/config.toml`; nowhere else in Python stands a colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Mode = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours by meaning. Text colours reach 4.5:1 on `ground`, marks 3:1; `grid`, `band` and `faint` are quiet on purpose."""

    mode: Mode
    ground: str  # what everything stands on
    raised: str  # second background: headers, sidebars, tracks
    text: str
    quiet: str  # secondary text: axes, notes, n
    grid: str
    data: str  # the actual
    before: str  # the previous period of the same thing
    context: str  # what is there for comparison only
    faint: str  # large areas without meaning of their own
    good: str
    bad: str
    event: str
    event_text: str
    target: str
    on_dark: str  # text on strongly coloured cells
    on_light: str  # text on pale cells
    band: float  # opacity of interval bands
    series: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]


LIGHT = Palette(
    mode="light", ground="#FFFFFF", raised="#F4F5F3", text="#1C2430", quiet="#59636D", grid="#E6E9EB",
    data="#1F4E79", before="#6A8DB0", context="#6B7680", faint="#DDE1E4", good="#1B7F5C", bad="#B3402A",
    event="#B9770E", event_text="#8A5706", target="#1C2430", on_dark="#FFFFFF", on_light="#1C2430", band=0.16,
    series=("#1F4E79", "#C56A14", "#2A8C82", "#8C4A7D", "#7A7F2A", "#5B7FB5", "#B3402A", "#6B7680"),
    sequential=("#EEF3F7", "#DCE7F0", "#C6D8E7", "#ABC5DC", "#8CAFCF", "#6C97C0", "#4F7FAE", "#386899", "#285584", "#1F4E79"),
    diverging=("#B3402A", "#D07A62", "#D8937D", "#E8BCAC", "#F3E0D8", "#DCEBE8", "#B2D4CE", "#80B8AF", "#4C9C91", "#1B7F5C"),
)  # fmt: skip

DARK = Palette(
    mode="dark", ground="#14181D", raised="#1C2128", text="#E4E8EC", quiet="#A7B1BA", grid="#2A3138",
    data="#8CB8E0", before="#6586A6", context="#98A3AD", faint="#313941", good="#5CC29B", bad="#EF8A74",
    event="#E5AE57", event_text="#EBBE78", target="#E4E8EC", on_dark="#FFFFFF", on_light="#14181D", band=0.20,
    series=("#8CB8E0", "#EBA45C", "#63C3B8", "#CF8FC2", "#C2C76A", "#B3C7E6", "#EF8A74", "#98A3AD"),
    sequential=("#1D2731", "#22313F", "#28405A", "#2F4F70", "#386085", "#44739C", "#5587B2", "#6A9BC6", "#7CAAD4", "#8CB8E0"),
    diverging=("#EF8A74", "#C8725F", "#A05C4D", "#75463C", "#4A322D", "#28403A", "#33604F", "#3F8167", "#4DA281", "#5CC29B"),
)  # fmt: skip


def palette() -> Palette:
    """The palette of the theme that the person looking has chosen; light where that is not known yet."""
    return DARK if st.context.theme.get("type") == "dark" else LIGHT


def luminance(colour: str) -> float:
    """Relative luminance of a #RRGGBB colour, 0 to 1, after WCAG 2.2."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, after WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(colour: str, colours: Palette) -> str:
    """The text colour that reads better on a cell of this colour."""
    return max(colours.on_dark, colours.on_light, key=lambda text: contrast(text, colour))
