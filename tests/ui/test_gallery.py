from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx.errors import InputError
from cx.ui.charts.show import MOST_MARKS, tabled

GALLERY = Path(__file__).with_name("gallery.py")


@pytest.fixture(scope="module")
def gallery() -> AppTest:
    return AppTest.from_file(str(GALLERY), default_timeout=120).run()


def charts(at: AppTest) -> list[Any]:
    found = []

    def walk(node: Any) -> None:
        if getattr(node, "type", "") in ("vega_lite_chart", "arrow_vega_lite_chart"):
            found.append(node.proto)
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(at.main)
    return found


def test_every_piece_of_the_kit_is_drawn_without_an_error(gallery: AppTest) -> None:
    assert not gallery.exception
    assert len(gallery.metric) == 8
    assert len(charts(gallery)) > 20


def test_every_chart_says_its_takeaway(gallery: AppTest) -> None:
    assert all(chart.alt.strip() for chart in charts(gallery))


def test_no_mark_is_left_at_a_default_colour(gallery: AppTest) -> None:
    import json

    for chart in charts(gallery):
        config = json.loads(chart.spec)["config"]
        assert config["text"]["color"] == "#1C2430"
        assert config["rule"]["color"]


def test_text_from_outside_reaches_no_markdown(gallery: AppTest) -> None:
    assert any("evil" in text.value for text in gallery.text)
    assert not any("evil" in text.value for text in gallery.markdown)


def test_a_hidden_group_never_reaches_the_browser(gallery: AppTest) -> None:
    import pyarrow as pa

    for chart in charts(gallery):
        for dataset in chart.datasets:
            table = pa.ipc.open_stream(dataset.data.data).read_all()
            if {"name", "value", "reason"} <= set(table.column_names):
                for row in table.to_pylist():
                    if row["reason"].startswith("hidden"):
                        assert row["value"] is None
                        assert row["low"] is None
                        assert row["text"] == ""


def test_a_card_can_be_clicked() -> None:
    at = AppTest.from_file(str(GALLERY), default_timeout=120).run()
    at.button(key="wall-churn-title").click().run()
    assert any("clicked: churn" in caption.value for caption in at.caption)


def test_a_chart_refuses_what_a_browser_should_not_draw() -> None:
    with pytest.raises(InputError, match="at most 5,000 rows"):
        tabled({"x": list(range(MOST_MARKS + 1))}, ["x"])
    with pytest.raises(InputError, match="y is missing"):
        tabled({"x": [1]}, ["x", "y"])


def test_templates_are_compiled_once() -> None:
    from cx.ui.charts.trend import _trend

    options = {"unit": "points", "band": True, "target": True, "events": True, "before": False, "zero": False}
    _trend("light", **options)
    start = time.process_time()
    for _ in range(100):
        _trend("light", **options)
    assert (time.process_time() - start) / 100 < 0.001


def test_the_table_behind_a_chart_names_its_unit_and_shows_whole_money() -> None:
    import pyarrow as pa

    from cx.ui.charts.show import with_unit

    assert with_unit(pa.table({"name": ["a"], "value": [12_345.0]}), "EUR").to_pylist() == [{"name": "a", "value (EUR)": 123.45}]
    assert with_unit(pa.table({"name": ["a"], "value": [3.0]}), "").column_names == ["name", "value"]


def test_an_axis_of_time_has_round_ticks() -> None:
    from cx.ui.charts.spec import readable

    assert readable("minutes", [20, 400, None]) == ("h", 1 / 60)
    assert readable("s", [90]) == ("s", 1)
    assert readable("points", [90]) == ("points", 1)
