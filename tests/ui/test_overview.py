"""The Overview's parts tell the same story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cx import scorecard
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.ui import overview

QUARTER = Filters(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize("chosen", [QUARTER, QUARTER.narrowed("segment", "Consumer"), QUARTER.narrowed("survey_kind", "transactional")])
def test_the_spread_of_scores_adds_up_to_the_nps_beside_it(demo: str, chosen: Filters) -> None:
    estimate = scorecard.read("nps", chosen)[0].estimate
    counts = {row["score"]: row["n"] for row in overview._spread("nps", chosen, revision(), "")}
    total = sum(counts.values())
    promoters, detractors = (sum(n for score, n in counts.items() if low <= score <= high) for low, high in ((9, 10), (0, 6)))
    assert (total, 100 * (promoters - detractors) / total) == (estimate.n, pytest.approx(estimate.value))
