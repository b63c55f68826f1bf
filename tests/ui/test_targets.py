"""A target that people set is the one a tile, a table and a chart show; one for a segment counts where that segment is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cx import scorecard
from cx.facts.filters import Filters
from cx.records.actor import Actor
from cx.records.writing import create
from cx.settings import ROOT

BEN = Actor("ben@example.com", "manager")
END = datetime(2026, 11, 1, tzinfo=UTC)


def aim(filters: Filters | None = None, on: datetime | None = END) -> float | None:
    return scorecard.aimed("nps", filters or Filters(), on).target


@pytest.mark.usefixtures("store")
def test_without_a_target_of_ones_own_the_catalogues_counts() -> None:
    assert aim() == 40


@pytest.mark.usefixtures("store")
def test_the_target_in_force_on_the_last_day_shown_counts() -> None:
    create("target", {"kpi": "nps", "value": 45, "valid_from": date(2026, 6, 1)}, BEN)
    create("target", {"kpi": "nps", "value": 50, "valid_from": date(2026, 11, 1)}, BEN)
    assert aim() == 45
    assert aim(Filters(end=datetime(2026, 5, 1, tzinfo=UTC))) == 40
    assert aim(on=datetime(2026, 11, 2, tzinfo=UTC)) == 50


@pytest.mark.usefixtures("store")
def test_a_target_for_a_segment_counts_where_that_segment_alone_is_looked_at() -> None:
    create("target", {"kpi": "nps", "value": 45}, BEN)
    create("target", {"kpi": "nps", "value": 60, "segment": "Enterprise"}, BEN)
    assert aim() == 45
    assert aim(Filters().narrowed("segment", "Enterprise")) == 60
    assert aim(Filters().narrowed("segment", "Enterprise", "Consumer")) == 45


@pytest.mark.usefixtures("demo")
def test_a_target_in_money_is_written_in_the_currency_of_what_it_is_held_against() -> None:
    create("target", {"kpi": "cac", "value": 45}, BEN)
    app = AppTest.from_file(str(Path(ROOT) / "pages" / "05_marketing.py"), default_timeout=120).run()
    assert "target €45" in " ".join(str(m.value) for m in app.markdown).replace("\u00a0", " ")


@pytest.mark.usefixtures("demo")
def test_the_tiles_of_a_page_show_the_target_that_was_set_a_moment_ago() -> None:
    app = AppTest.from_file(str(Path(ROOT) / "pages" / "00_overview.py"), default_timeout=120)

    def said() -> str:
        return " ".join(str(m.value) for m in app.markdown).replace("\u00a0", " ")

    app.run()
    assert "target 40" in said()
    create("target", {"kpi": "nps", "value": 47}, BEN)
    app.run()
    assert "target 47" in said()
    assert "target 40" not in said()
