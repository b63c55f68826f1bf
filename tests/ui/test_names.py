"""Names on charts, drawn as the browser draws them: none is cut, and none covers another."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
import vl_convert as vlc

from cx.ui.charts.comparison import _bars
from cx.ui.charts.lines import _spread


def drawn(*names: str) -> list[str]:
    """The texts that a bar chart of these names writes."""
    rows = [{"name": name, "value": 1.0, "end": 1.0, "label": "1", "tone": ""} for name in names]
    spec = {**_bars("light", unit="", clicks=False, tones=False, top=0.0), "data": {"values": rows}, "width": 400, "height": 32 * len(rows)}
    spec["layer"] = [{k: v for k, v in layer.items() if k != "data"} for layer in spec["layer"]]
    return [unescape(text) for text in re.findall(r">([^<>]+)</(?:text|tspan)>", vlc.vegalite_to_svg(spec))]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Short", ["Short"]),
        ("Close complaints without a second contact", ["Close complaints without", "a second contact"]),
        ("Empathy & first-contact resolution", ["Empathy & first-contact", "resolution"]),
        ("Filters leak after the supplier's move", ["Filters leak after", "the supplier's move"]),
    ],
)
def test_a_long_name_stands_on_two_lines_and_whole(name: str, lines: list[str]) -> None:
    assert [text for text in drawn(name, "Other") if text not in ("1", "Other")] == lines


def test_a_name_without_a_blank_stays_on_one_line() -> None:
    word = "Donaudampfschifffahrtsgesell"
    assert word in drawn(word)


def test_names_at_the_ends_of_lines_keep_apart_and_within_the_scale() -> None:
    found = _spread([10.0, 10.2, 10.1, 40.0, 39.9], 3.0, 40.0)
    assert max(found) <= 40
    assert all(b - a >= 3 - 1e-9 for a, b in pairwise(sorted(found)))
    assert _spread([1.0, 20.0], 3.0, 40.0) == [1.0, 20.0]
