"""The workbenches of customer needs: segments narrow the app, needs are ranked by evidence, tests reach verdicts."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cx import scorecard
from cx.blueprint.groups import GROUPS
from cx.demo.records_needs import records
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records import lookup, writing
from cx.records.actor import OPEN
from cx.records.needs import Experiment
from cx.ui import evidence, experiments, needs, persona_card, segments
from cx.ui.palette import LIGHT
from tests.pages.few import beside

PAGE = str(Path(__file__).parents[2] / "pages" / "01_needs.py")
END = datetime(2026, 11, 1, tzinfo=UTC)
OFFICES = {"all": [{"column": "segment", "operator": "=", "value": "Mid-market"}]}


def opened(step: str, **state: object) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.session_state["step"] = step
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception[0].message
    assert not app.error
    return app


def named(register: str, name: str) -> Any:
    return next(r for r in lookup.records(register) if r.name == name)


def named_need(title: str) -> Any:
    return next(r for r in lookup.records("need") if r.title == title)


def said(app: AppTest) -> str:
    return "\n".join(m.value.replace("\\", "") for m in app.markdown)


@pytest.fixture
def company(demo: str) -> str:
    for name, rows in records(date(2026, 11, 1)).items():
        for row in rows:
            writing.create(name, row, OPEN)
    return demo


@pytest.mark.parametrize("step", [s.key for s in GROUPS["needs"].steps])
def test_each_step_opens_with_nothing_and_says_what_to_do(store, step):
    assert said(opened(step))


def test_segments_are_compared_and_the_one_behind_is_named(company):
    assert "Mid-market stands clearly behind: Customers lost" in said(opened("segmentation", segby="churn"))


def test_a_rule_is_counted_and_saved_as_a_segment(company):
    app = opened("segmentation", segview="rules")
    app.multiselect(key="needs-segmentation-0-segment-values").set_value(["Mid-market"]).run()
    assert not app.exception
    assert "1,031 of 5,190 customers (20 %): segment is one of Mid-market" in said(app)
    next(t for t in app.text_input if t.label == "Name").set_value("Offices")
    next(b for b in app.button if b.label == "Save the segment").click()
    app.run()
    stored = named("segment", "Offices")
    assert stored.size == 1031


def test_a_segment_built_here_is_opened_in_the_builder_and_saved_over(company):
    one = named("segment", "Good customers with trouble")
    app = opened("segmentation", segview="rules", segedit="Good customers with trouble")
    tag = f"needs-segmentation-{one.id}-0"
    assert "frequency is at least 4 and tickets is at least 3" in said(app)
    app.number_input(key=f"{tag}-1-tickets-number").set_value(5.0).run()
    next(b for b in app.button if b.label == "Save the changes").click().run()
    stored = named("segment", "Good customers with trouble")
    assert stored.rules == {"all": [{"column": "frequency", "operator": ">=", "value": 4.0}, {"column": "tickets", "operator": ">=", "value": 5.0}]}
    assert (stored.id, stored.method, stored.needs) == (one.id, "rules", "To be taken seriously")
    assert 0 < stored.size < 5190


def test_a_segment_is_made_of_those_who_voiced_a_need(company):
    need = named_need("Know when my order will arrive")
    for person in ("C10001", "C10002", "C10003", "C10004", "C10005", "C10006"):
        writing.create("need_evidence", {"need_id": need.id, "quote": "Where is it?", "customer_id": person}, OPEN)
    app = opened("segmentation", segview="rules")
    app.selectbox(key="needs-segmentation-0-column").set_value("need").run()
    app.multiselect(key="needs-segmentation-0-need").set_value(["Know when my order will arrive"]).run()
    assert "6 of 5,190 customers (0 %): customer is one of 6 listed; listed are those who voiced: Know when my order will arrive" in said(app)


def test_what_the_builder_cannot_show_of_a_segment_stays_as_it_is(company):
    people = [f"C{n}" for n in range(10001, 10041)]
    rules = {"all": [{"column": "customer_id", "operator": "in", "value": people}, {"column": "orders", "operator": ">=", "value": 1}]}
    writing.create("segment", {"name": "Panel", "method": "clusters", "rules": rules}, OPEN)
    app = opened("segmentation", segview="rules", segedit="Panel")
    assert "Kept as it is: customer is one of 40 listed" in said(app)
    next(b for b in app.button if b.label == "Save the changes").click().run()
    assert named("segment", "Panel").rules["all"][0]["value"] == people


def test_a_saved_segment_narrows_every_number_like_the_segment_it_repeats(demo):
    saved = Filters(saved=(("Offices", json.dumps(OFFICES)),), as_of=END)
    direct = Filters(only=(("segment", ("Mid-market",)),))
    a, b = (scorecard.read("sla_response", f, now=revision())[0].estimate for f in (saved, direct))
    assert a.n == b.n > 100
    assert a.value == b.value


def test_no_cluster_has_fewer_than_five_members():
    rng = np.random.default_rng(3)
    crowd = pd.DataFrame({"orders": rng.normal(10, 1, 200), "tickets": rng.normal(3, 1, 200)})
    odd = pd.DataFrame({"orders": [60.0, 61, 62], "tickets": [40.0, 41, 42]})
    found = segments.unhidden(pd.concat([crowd, odd], ignore_index=True), ("orders", "tickets"), 5, "standard")
    assert int(found.profile["n"].min()) >= 5


def test_clusters_of_the_customers_are_found_and_described(company):
    text = said(opened("segmentation", segview="clusters"))
    assert re.search(r"[\d,]+ customers fall into \d clusters, which (stand clearly|stand fairly|hardly stand) apart \(silhouette 0\.\d\d\)", text)
    assert "no cluster has fewer than five members" in text


def test_the_heat_map_says_where_it_hurts_and_opens_the_comments(company):
    text = said(opened("journey_analysis", painby="csat"))
    assert "It hurts most at Renewal for Enterprise" in text
    assert "comments of" in text


def test_needs_are_ranked_by_opportunity_with_their_evidence(company):
    rows = needs.ranked()
    assert rows[0].need.title == "Know when my order will arrive"
    assert (rows[0].score, len(rows[0].evidence)) == (15.0, 3)
    assert "Serve first: Know when my order will arrive (opportunity 15 of 20" in said(opened("prioritization"))


def test_a_comment_is_filed_once_under_a_new_need(store):
    row = {"key": "s|1|nps", "comment": "Too late again", "customer_id": "C1", "segment": "Mid-market", "touchpoint": "Delivery", "answered_at": datetime(2026, 3, 1)}
    need = evidence.pick(0, row, OPEN, title="Know when it arrives")
    assert evidence.pick(need, row, OPEN) == need
    filed = lookup.records("need_evidence", need_id=need)
    assert [(e.quote, e.reference, e.seen_on) for e in filed] == [("Too late again", "s|1|nps", date(2026, 3, 1))]
    assert lookup.find("need", need).touchpoint == "Delivery"


def test_a_persona_card_shows_the_facts_of_its_segment(company):
    app = opened("personas")
    assert "Café owner stands for 1,491 customers (29 %)" in said(app)
    svg = persona_card.svg("A <b>", "role", "quote", {"goals": "x\ny"}, ["Web"], ["phone"], [("NPS", "31", "n 40")], ["day, driver"], LIGHT)
    assert "A <b>" in [e.text for e in ElementTree.fromstring(svg).iter()]


def test_competitors_show_the_costliest_gap(company):
    assert "the costliest gap is Delivery on the day promised (-4)" in said(opened("competitors"))


def test_the_sources_say_who_is_heard_least(company):
    assert "least heard: Consumer" in said(opened("collection"))


def test_the_sample_size_is_that_of_the_tables():
    assert experiments.needed("proportion", 40, 10, None) == (388, "")
    assert experiments.needed("mean", 3, 0.5, 1) == (64, "")
    assert experiments.needed("mean", 3, 0.5, None)[0] is None


def test_a_small_study_that_finds_nothing_rejects_nothing():
    row = Experiment(hypothesis="x", effect=10.0, sample=388, control_n=30, test_n=30)
    found = experiments.trial("proportion", (30, 12, 0), (30, 13, 0))
    assert experiments.verdict(row, found)[0] == "testing"
    assert experiments.verdict(row.model_copy(update={"control_n": 400, "test_n": 400}), found)[0] == "rejected"


def test_an_effect_the_wrong_way_rejects_the_hypothesis():
    row = Experiment(hypothesis="x", effect=-8.0, control_n=200, test_n=200)
    assert experiments.verdict(row, experiments.trial("proportion", (200, 50, 0), (200, 90, 0)))[0] == "rejected"
    assert experiments.verdict(row, experiments.trial("proportion", (200, 90, 0), (200, 50, 0)))[0] == "confirmed"


def test_means_are_tested_from_their_summaries():
    found = experiments.trial("mean", (64, 3.0, 1.0), (64, 3.5, 1.0))
    assert found.statistic == pytest.approx(2.828, abs=0.001)
    assert found.p == pytest.approx(0.0054, abs=0.0002)


def test_a_verdict_is_reached_and_explained(company):
    text = said(opened("validation"))
    assert "confirmed" in text
    assert "the effect lies the way it was expected" in text


def test_a_source_is_of_the_kind_its_survey_is_registered_as(company):
    one = next(s for s in lookup.records("survey") if s.name == "Relationship")
    assert "Periodic: 733 from 1 source" in said(opened("collection"))
    writing.update("survey", one.id, {"kind": "tracking"}, one.version, OPEN)
    text = said(opened("collection"))
    assert "Tracking: 733 from 1 source" in text
    assert "After an event: " in text
    assert "Periodic or tracking" not in text


def test_a_short_form_is_refused_beside_its_fields_and_empty_again_once_it_is_stored(store):
    key = "needs-validation-new"
    app = opened("validation")

    def add(label: str) -> str:
        next(b for b in app.button if b.label == "Add").click().run()
        return beside(app, label)

    assert "Hypothesis must be given" in add("Hypothesis *")
    app.text_input(key=f"{key}-0-hypothesis").set_value("If we show the day, fewer call")
    app.date_input(key=f"{key}-0-starts_on").set_value(date(2026, 5, 1))
    app.date_input(key=f"{key}-0-ends_on").set_value(date(2026, 4, 1))
    assert "End must not lie before Start" in add("End")
    app.date_input(key=f"{key}-0-ends_on").set_value(date(2026, 6, 1))
    assert add("Hypothesis *") == ""
    assert not [m for m in app.markdown if ":material/error:" in m.value]
    assert [e.hypothesis for e in lookup.records("experiment")] == ["If we show the day, fewer call"]
    assert app.text_input(key=f"{key}-1-hypothesis").value == ""
