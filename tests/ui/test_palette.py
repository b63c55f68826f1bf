from __future__ import annotations

import tomllib
from dataclasses import fields
from itertools import combinations
from pathlib import Path

import pytest

from cx.ui.palette import DARK, LIGHT, Palette, contrast, ink, luminance

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@BOTH
def test_the_palette_and_the_theme_say_the_same_colours(colours: Palette) -> None:
    theme = THEME[colours.mode]
    assert colours.ground == theme["backgroundColor"]
    assert colours.raised == theme["secondaryBackgroundColor"]
    assert colours.text == theme["textColor"]
    assert colours.data == theme["linkColor"]
    assert colours.quiet == theme["grayTextColor"]
    assert colours.context == theme["grayColor"]
    assert colours.faint == theme["borderColor"]
    assert colours.good == theme["greenColor"]
    assert colours.bad == theme["redColor"]
    assert colours.event == theme["orangeColor"]
    assert colours.event_text == theme["orangeTextColor"]
    assert list(colours.series) == theme["chartCategoricalColors"]
    assert list(colours.sequential) == theme["chartSequentialColors"]
    assert list(colours.diverging) == theme["chartDivergingColors"]


@BOTH
def test_text_reaches_four_and_a_half_to_one_on_both_grounds(colours: Palette) -> None:
    for ground in (colours.ground, colours.raised):
        for name in ("text", "quiet", "event_text"):
            assert contrast(getattr(colours, name), ground) >= 4.5, (name, ground)


@BOTH
def test_text_colours_of_the_theme_are_readable(colours: Palette) -> None:
    for name in ("greenTextColor", "redTextColor", "orangeTextColor", "grayTextColor", "linkColor"):
        assert contrast(THEME[colours.mode][name], colours.ground) >= 4.5, name


@BOTH
def test_marks_reach_three_to_one(colours: Palette) -> None:
    for name in ("data", "before", "context", "good", "bad", "event", "target"):
        assert contrast(getattr(colours, name), colours.ground) >= 3, name
    for colour in colours.series:
        assert contrast(colour, colours.ground) >= 3, colour


@BOTH
def test_numbers_on_heat_map_cells_reach_four_and_a_half_to_one(colours: Palette) -> None:
    for cell in (*colours.sequential[:6], *colours.diverging):
        assert contrast(ink(cell, colours), cell) >= 4.5, cell


def _seen(colour: str, kind: str) -> tuple[float, float, float]:
    """The colour as someone with full protanopia or deuteranopia sees it (Viénot, Brettel & Mollon 1999), linear RGB."""
    matrix = {
        "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
        "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    }[kind]
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in matrix)
    return red, green, blue


@BOTH
@pytest.mark.parametrize("kind", ["protan", "deutan"])
def test_data_event_and_bad_stay_apart_for_the_colour_blind(colours: Palette, kind: str) -> None:
    for one, other in combinations((colours.data, colours.event, colours.bad), 2):
        a, b = _seen(one, kind), _seen(other, kind)
        assert max(abs(x - y) for x, y in zip(a, b, strict=True)) > 0.03, (one, other)


def test_sequential_scales_only_go_one_way() -> None:
    for colours, sign in ((LIGHT, -1), (DARK, 1)):
        steps = [sign * luminance(colour) for colour in colours.sequential]
        assert steps == sorted(steps)


def test_every_colour_is_written_as_six_digits() -> None:
    for colours in (LIGHT, DARK):
        for field in fields(colours):
            value = getattr(colours, field.name)
            for colour in value if isinstance(value, tuple) else [value]:
                if isinstance(colour, str) and field.name != "mode":
                    assert len(colour) == 7
                    assert colour.startswith("#")


def test_no_colour_stands_elsewhere_in_python() -> None:
    import re

    for path in (ROOT / "cx").rglob("*.py"):
        if path.name != "palette.py" and "reports" not in path.parts:
            assert not re.search(r"[\"']#[0-9A-Fa-f]{6}[\"']", path.read_text()), path
