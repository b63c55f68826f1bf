"""Pictures of our own: a line of text takes the room it was given, in whatever font it is drawn."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
import vl_convert
from PIL import Image

from cx.ui import drawing, journey_map
from cx.ui.palette import LIGHT

LONG = "Describes rooms and people"


def held(svg: str) -> list[tuple[str, float]]:
    """Each text of a picture with the width it is held to; 0 where it is not."""
    return [(words, float(length[0]) if (length := re.findall(r'textLength="([\d.]+)"', head)) else 0.0) for head, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", svg)]


def extent(font: str, words: str) -> int:
    """Pixels from the first to the last dark column of a line drawn in a font."""
    body = drawing.text(10, 40, words, 20, "#000000")
    svg = drawing.document(600, 60, [body], "#ffffff", "a line").replace(drawing.FONT, font)
    dark = np.asarray(Image.open(BytesIO(vl_convert.svg_to_png(svg))).convert("L")).min(axis=0) < 128
    columns = np.flatnonzero(dark)
    return int(columns[-1] - columns[0])


def test_a_line_is_as_wide_in_a_wide_font_as_in_the_one_it_was_measured_for() -> None:
    wide, usual = extent("DejaVu Sans", LONG), extent("Liberation Sans", LONG)
    assert wide == pytest.approx(usual, abs=4)
    assert wide <= drawing.width(LONG, 20) + 2


def test_an_accent_does_not_make_a_letter_wider() -> None:
    assert drawing.width("Lucía Núñez", 12) == drawing.width("Lucia Nunez", 12)


def test_a_line_in_letters_of_unknown_width_is_left_as_it_is() -> None:
    assert held(drawing.text(0, 0, "обслуживание", 12, "#000000")) == [("обслуживание", 0.0)]


def test_no_line_of_a_map_is_wider_than_its_column() -> None:
    steps = [journey_map.Step(f"Search for a provider {i}", "Awareness", actions="Describes rooms and people in the town hall", touchpoint="Website", pains="Days late, and nobody says so") for i in range(6)]
    room = (journey_map.WIDE - journey_map.LABELS) / 6
    lengths = [length for words, length in held(journey_map.svg("A journey", "", steps, LIGHT)) if words and words in "Describes rooms and people in the town hall Days late, and nobody says so"]
    assert lengths
    assert max(lengths) <= room
