"""The seven workbenches of marketing, on the demo company and with nothing."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from cx import scorecard
from cx.analytics.segment_rules import Condition, Rules
from cx.errors import AccessError, MeasureError
from cx.facts.history import revision
from cx.records.actor import Actor
from cx.records.writing import create, remove
from cx.store import audit
from cx.store.engine import reading
from cx.ui import audience
from tests.pages.kept import WRITER, fill, opened, said

FILE = "05_marketing.py"
STEPS = ("research", "brand", "strategy", "campaigns", "nurturing", "performance", "targeting")
OFFICES = Rules("all", (Condition("segment", "in", ("Mid-market",)), Condition("orders", ">=", 3.0)))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_data_says_what_it_needs(store, step):
    app = opened(FILE, step)
    assert not app.error
    assert re.search(r"none yet|No plan|No promise|No campaign|there are no", said(app))


def test_attribution_stands_side_by_side_with_what_changes(demo):
    app = opened(FILE, "performance")
    assert re.search(r"\w+ is disputed most: [\d.]+ % of conversions by [\w ]+, [\d.]+ % by \w+", said(app))
    changes = next(frame.value for frame in app.dataframe if "gap" in frame.value.columns)
    assert {"Search", "Social", "Display", "E-mail", "Direct", "Partner"} <= set(changes["Channel"])
    assert (changes["most"] >= changes["least"]).all()


def test_the_lead_score_is_tested_on_later_leads_and_says_why(demo):
    app = opened(FILE, "nurturing")
    text = said(app)
    assert re.search(r"Picks the better of two leads 6\d % of the time, on 1,1\d\d later leads", text)
    assert re.search(r"\d+ open leads, the likeliest first", text)
    leads = next(frame.value for frame in app.dataframe if "Score" in frame.value.columns)
    assert list(leads["Score"]) == sorted(leads["Score"], reverse=True)
    assert leads["Why"].str.len().gt(0).all()


def test_campaigns_in_the_results_can_be_taken_into_the_register(demo):
    app = opened(FILE, "campaigns")
    assert "campaigns are in the results and not in the register" in said(app)
    app.button(key="marketing-campaigns-add").click().run()
    assert not app.exception
    assert "not in the register" not in said(app)


def test_a_promise_is_broken_where_the_whole_interval_misses_its_target(demo):
    fill("marketing", only=("brand_promise",))
    app = opened(FILE, "brand")
    held = next(frame.value for frame in app.dataframe if "Verdict" in frame.value.columns)
    verdicts = dict(zip(held["Promise"], held["Verdict"], strict=True))
    assert set(verdicts.values()) <= {"kept", "open", "broken"}
    assert int(held.set_index("Promise")["Comments on it"]["On the day we say"]) > 40


def test_research_finds_that_the_mid_market_recommends_less(demo):
    assert "Mid-market and Promoter meet less often than by chance" in said(opened(FILE, "research"))


def test_a_plan_shows_how_far_it_has_come(demo):
    fill("marketing", only=("marketing_plan", "market_size"))
    assert re.search(r"Behind their time: |Every plan is ahead of its time", said(opened(FILE, "strategy")))
    assert "Most to win: Offices of 50 to 250" in said(opened(FILE, "research"))


def test_an_audience_shows_its_size_and_who_may_be_addressed(demo):
    fill("marketing", only=("audience",))
    app = opened(FILE, "targeting", **{"marketing-targeting-audience": "Offices, quiet for 90 days"})
    text = said(app)
    assert re.search(r"Audience \d+", text)
    assert "segment is one of Mid-market and quiet_days is at least 90" in text
    assert re.search(r"\d+ of \d+ agreed and can be reached; only they are exported", text)


def test_an_export_holds_only_those_who_agreed_and_the_log_says_who_took_it(demo):
    now = revision()
    at = scorecard.latest(now)
    found = audience.measured(now, at, OFFICES)
    content = audience.export("Offices", now, at, OFFICES, Actor("ann@example.org", "contributor"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == found["agreed"] < found["n"]
    assert all("@" in row["email"] and row["segment"] == "Mid-market" for row in rows)
    with reading() as session:
        entry = audit.history(session, "audience", "Offices")[0]
    assert (entry.actor, entry.action) == ("ann@example.org", "export")
    assert json.loads(entry.after or "{}")["rows"] == len(rows)


def test_who_may_only_look_exports_nothing(demo):
    now = revision()
    with pytest.raises(AccessError):
        audience.export("Offices", now, scorecard.latest(now), OFFICES, Actor("guest", "viewer"))


def test_a_plan_says_its_value_and_goal_in_the_unit_of_the_kpi(demo):
    fill("marketing")
    plans = next(frame.value for frame in opened(FILE, "strategy").dataframe if "Way" in str(list(frame.value.columns)))
    cost = plans[plans["KPI"] == "Customer cost (CAC)"].iloc[0]
    assert cost["Goal"] == "€90.00"
    assert re.fullmatch(r"€\d+(\.\d\d)?", cost["Now"])


TROUBLED = {"all": [{"column": "frequency", "operator": ">=", "value": 4}, {"column": "tickets", "operator": ">=", "value": 3}]}


def test_an_audience_is_made_of_a_segment_built_here_and_narrowed_further(demo):
    create("segment", {"name": "Good customers with trouble", "method": "rules", "rules": TROUBLED}, WRITER)
    now, at = revision(), scorecard.latest(revision())
    inside, outside = (Rules("all", (Condition(audience.BUILT, how, ("Good customers with trouble",)),)) for how in ("in", "not in"))
    narrow = Rules("all", (*inside.parts, Condition("segment", "in", ("Mid-market",))))
    whole = audience.measured(now, at, Rules())["n"]
    kept = audience.built(inside)
    n = audience.measured(now, at, inside, kept)["n"]
    assert 0 < audience.measured(now, at, narrow, kept)["n"] < n < whole
    assert audience.measured(now, at, outside, kept)["n"] == whole - n
    lines = audience.export("Troubled", now, at, inside, WRITER).decode("utf-8-sig").strip().splitlines()
    assert len(lines) - 1 == audience.measured(now, at, inside, kept)["agreed"]


def test_an_audience_whose_segment_is_gone_says_which_and_counts_nobody(demo):
    gone = Rules("all", (Condition(audience.BUILT, "in", ("Nobody knows",)),))
    with pytest.raises(MeasureError, match="'Nobody knows' is no longer among the segments built here"):
        audience.built(gone)


def test_the_audience_builder_offers_the_segments_built_here(demo):
    create("segment", {"name": "Good customers with trouble", "method": "rules", "rules": TROUBLED}, WRITER)
    create("audience", {"name": "Troubled", "rules": {"all": [{"column": audience.BUILT, "operator": "in", "value": ["Good customers with trouble"]}]}}, WRITER)
    app = opened(FILE, "targeting", **{"marketing-targeting-audience": "Troubled"})
    assert "segment built here is one of Good customers with trouble" in said(app)


def test_an_audience_that_was_removed_meanwhile_is_said_to_be_gone(demo):
    made = create("audience", {"name": "Offices", "rules": {"all": [{"column": "segment", "operator": "in", "value": ["Mid-market"]}]}}, WRITER)
    app = opened(FILE, "targeting", **{"marketing-targeting-audience": "Offices"})
    remove("audience", made.id, made.version, WRITER)
    app.run()
    assert "'Offices' is no longer among the audiences" in app.warning[0].value.replace("\\", "")
    assert app.selectbox(key="marketing-targeting-audience").value is None
