"""What moved in the demo company, and where: the planted places are named, and every finding adds up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cx.facts.filters import Filters
from cx.findings import Happening, findings

PERIOD = Filters(datetime(2026, 8, 3, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
BEFORE = (datetime(2026, 5, 5, tzinfo=UTC), datetime(2026, 8, 3, tzinfo=UTC))


def test_the_planted_places_are_named_and_mix_and_rate_add_up(demo):
    found = findings(PERIOD, BEFORE, [Happening(date(2026, 8, 1), "another courier")], watched=("on_time_delivery", "sla_response", "win_rate"))
    first = found[0]
    assert (first.kpi, first.where, first.direction, first.good) == ("on_time_delivery", {"segment": "Mid-market"}, "down", False)
    assert first.since is not None
    assert abs((first.since - date(2026, 8, 1)).days) <= 7
    assert first.beside == ("another courier",)
    assert "at the same time as" in first.sentence
    assert "because" not in first.sentence
    staffing = next(one for one in found if one.kpi == "sla_response")
    assert staffing.where["hour"] == "12-14 h"
    assert not any(one.kpi == "win_rate" for one in found)
    for one in found:
        assert one.mix is not None
        assert one.rate is not None
        assert one.mix + one.rate == pytest.approx(one.change, abs=1e-9)
        assert f"{one.n:,}" in one.sentence


def test_an_empty_store_has_no_findings(store):
    assert findings() == []
