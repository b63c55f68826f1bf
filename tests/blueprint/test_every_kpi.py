"""Each KPI of the catalogue as a reader meets it: on the demo company, on nothing, by segment and by month."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.commands import app
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.records.actor import Actor
from cx.records.writing import create

KEYS = list(KPIS)
# Numbers of one moment, which have no course in time, and say so.
WITHOUT_GRAIN = {"velocity", "sales_forecast", "freshness", "top_opportunity", "needs_validated", "findings_fixed"}
OF_REGISTERS = {key for key, row in KPIS.items() if not set(row.measure.needs) <= set(DATASETS)}
# The demo company asks for effort on two scales, which are not averaged.
WITHOUT_DEMO_DATA = {"ces"}


def sound(e: Estimate) -> None:
    numbers = [x for x in (e.value, e.low, e.high, e.center, e.se) if x is not None]
    assert all(math.isfinite(x) for x in numbers), e
    assert e.n >= 0
    assert e.value is not None or e.warning, e
    if e.value is not None and e.low is not None:
        assert e.low <= e.value + 1e-9, e
    if e.value is not None and e.high is not None:
        assert e.high >= e.value - 1e-9, e


def test_every_kpi_of_the_demo_company_has_a_value(demo: str) -> None:
    missing = {}
    for key in KEYS:
        (reading,) = scorecard.read(key)
        sound(reading.estimate)
        if reading.estimate.value is None:
            missing[key] = reading.estimate.warning
    assert set(missing) <= OF_REGISTERS | WITHOUT_DEMO_DATA, missing


def test_every_kpi_of_the_demo_company_by_segment_and_by_month(demo: str) -> None:
    for key in KEYS:
        for by in ("segment", "month"):
            if by not in scorecard.breakdowns(KPIS[key]):
                continue
            if by == "month" and key in WITHOUT_GRAIN:
                with pytest.raises(MeasureError):
                    scorecard.read(key, by=(by,))
                continue
            if key == "freshness":
                continue
            found = scorecard.read(key, by=(by,))
            for reading in found:
                sound(reading.estimate)
            assert len({r.keys for r in found}) == len(found), (key, by)
            if key not in OF_REGISTERS | WITHOUT_DEMO_DATA:
                assert any(r.estimate.value is not None for r in found), (key, by)


def test_every_kpi_of_an_empty_store_says_why_it_has_no_value(store: str) -> None:
    for key in KEYS:
        (reading,) = scorecard.read(key)
        sound(reading.estimate)
        assert reading.estimate.value is None or reading.estimate.n == 0, key
        for by in ("segment", "month"):
            if by in scorecard.breakdowns(KPIS[key]) and key not in WITHOUT_GRAIN:
                assert scorecard.read(key, by=(by,)) == [], (key, by)


def test_every_kpi_keeps_to_the_period_it_is_given(demo: str) -> None:
    quarter = Filters(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
    for key in KEYS:
        (reading,) = scorecard.read(key, quarter)
        sound(reading.estimate)
        assert (reading.start, reading.end) == (quarter.start, quarter.end)


def test_a_kpi_that_needs_a_period_takes_the_last_months_and_says_so(demo: str) -> None:
    found = json.loads(CliRunner().invoke(app, ["kpi", "logo_churn", "--json"]).stdout)
    assert (found["from"], found["to"]) == ("2025-11-01", "2026-10-31")
    assert "12 months from 2025-11-01 to 2026-10-31" in found["warning"]
    given = json.loads(CliRunner().invoke(app, ["kpi", "logo_churn", "--json", "--from", "2026-01-01", "--to", "2026-03-31"]).stdout)
    assert (given["from"], given["to"]) == ("2026-01-01", "2026-03-31")
    assert "as no period was chosen" not in given["warning"]
    assert given["value"] < found["value"]


def test_a_kpi_of_a_register_follows_its_records_at_once(store: str) -> None:
    actor = Actor("Ada", "admin")
    assert scorecard.read("closed_loop")[0].estimate.value is None
    case = {"title": "Late again", "status": "resolved", "cause": "Carrier", "outcome": "Refund"}
    create("follow_up", case, actor)
    create("follow_up", {"title": "Wrong parcel"}, actor)
    assert scorecard.read("closed_loop")[0].estimate.value == 50.0
    create("need", {"title": "Know when it arrives", "importance": 9, "satisfaction": 3, "segment": "Consumer"}, actor)
    (group,) = scorecard.read("top_opportunity", by=("segment",))
    assert (group.key("segment"), group.estimate.value) == ("Consumer", 15.0)


def test_what_has_no_course_in_time_says_so_in_one_sentence(demo: str) -> None:
    for key in sorted(WITHOUT_GRAIN):
        with pytest.raises(MeasureError) as refused:
            scorecard.read(key, by=("month",))
        assert str(refused.value).count("\n") == 0
