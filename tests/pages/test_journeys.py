"""The workbenches of journeys: the map is drawn, edited and exported, funnels say where people stop."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cx.blueprint.groups import GROUPS
from cx.demo.records_journeys import records
from cx.demo.records_needs import records as needs_records
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records import lookup, writing
from cx.records.actor import OPEN
from cx.ui import flow, journey_map, journeys, poster, tiers
from cx.ui.journey_map import Mark, Step
from cx.ui.journey_templates import TEMPLATES
from cx.ui.palette import DARK, LIGHT
from tests.pages.few import beside

PAGE = str(Path(__file__).parents[2] / "pages" / "02_journeys.py")
EVIL = "![x](http://evil/p.png)<script>alert(1)</script>"


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


def said(app: AppTest) -> str:
    return "\n".join(m.value.replace("\\", "") for m in app.markdown)


@pytest.fixture
def company(demo: str) -> str:
    end = date(2026, 11, 1)
    for source in (needs_records(end), records(end)):
        for name, rows in source.items():
            for row in rows:
                writing.create(name, row, OPEN)
    return demo


@pytest.mark.parametrize("step", [s.key for s in GROUPS["journeys"].steps])
def test_each_step_opens_with_nothing_and_says_what_to_do(store, step):
    assert said(opened(step))


def test_the_map_names_the_step_that_falls_furthest_short_and_its_live_score(company):
    text = said(opened("map"))
    assert "Wait for the delivery falls furthest short: felt -4, wanted 3, and the data agree: CSAT" in text


def test_a_journey_begins_from_a_template_and_its_touchpoints_are_registered(store):
    number = journeys.begin("Buying a bicycle", "E-commerce", OPEN)
    steps = lookup.records("journey_step", journey_id=number)
    assert [s.name for s in steps] == [row[1] for row in TEMPLATES["E-commerce"]]
    assert {"Checkout", "Delivery"} <= {t.name for t in lookup.records("touchpoint")}


def test_a_step_is_edited_in_place(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    app = opened("map", jstep="3. Get in touch")
    row = named("journey_step", "Get in touch")
    key = f"journeys-map-step-{row.id}-0"
    app.number_input(key=f"{key}-feeling").set_value(-3)
    app.text_area(key=f"{key}-pains").set_value("Nobody answers")
    next(b for b in app.button if b.label == "Save the step").click()
    app.run()
    stored = lookup.find("journey_step", row.id)
    assert (stored.feeling, stored.pains) == (-3, "Nobody answers")


def test_a_step_saved_first_by_somebody_else_is_not_overwritten(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    app = opened("map", jstep="1. Something is wrong")
    row = named("journey_step", "Something is wrong")
    writing.update("journey_step", row.id, {"feeling": 4}, 1, OPEN)
    app.number_input(key=f"journeys-map-step-{row.id}-0-feeling").set_value(-5)
    next(b for b in app.button if b.label == "Save the step").click()
    app.run()
    assert lookup.find("journey_step", row.id).feeling == 4
    assert "saved" in app.warning[0].value


def test_a_step_that_was_renamed_or_moved_stays_chosen(store):
    number = journeys.begin("Buying a bicycle", "Service request", OPEN)
    app = opened("map", jstep="1. Something is wrong")
    row = named("journey_step", "Something is wrong")
    app.text_input(key=f"journeys-map-step-{row.id}-0-name").set_value("The chain breaks")
    next(b for b in app.button if b.label == "Save the step").click()
    app.run()
    assert app.session_state["jstep"] == "1. The chain breaks"
    next(b for b in app.button if b.label == "Later").click()
    app.run()
    assert app.session_state["jstep"] == "2. The chain breaks"
    next(b for b in app.button if b.label == "Remove the step").click()
    app.run()
    assert "The chain breaks" not in [s.name for s in lookup.records("journey_step", journey_id=number)]


def test_a_step_that_somebody_removed_meanwhile_is_said_to_be_gone(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    app = opened("map", jstep="1. Something is wrong")
    row = named("journey_step", "Something is wrong")
    writing.remove("journey_step", row.id, row.version, OPEN)
    app.run()
    assert "'1. Something is wrong' was removed by" in app.warning[0].value.replace("\\", "")


def test_choosing_another_journey_does_not_say_that_its_step_was_removed(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    journeys.begin("Leasing a bicycle", "E-commerce", OPEN)
    app = opened("map", journey="Buying a bicycle · edition 1 · draft", jstep="1. Something is wrong")
    app.selectbox(key="journey").set_value("Leasing a bicycle · edition 1 · draft").run()
    assert not app.warning
    assert not app.exception

def test_steps_are_added_moved_and_counted(store):
    number = journeys.begin("Buying a bicycle", "Service request", OPEN)
    made = journeys.insert(number, 1, OPEN, "Ask a friend")
    steps = lookup.records("journey_step", journey_id=number)
    assert [s.position for s in steps] == list(range(1, 10))
    assert steps[1].id == made
    journeys.ordered(number, [s.id for s in reversed(steps)], OPEN)
    assert lookup.records("journey_step", journey_id=number)[0].name == "Be asked"


def test_an_edition_keeps_the_old_map_and_its_differences_are_told(store):
    number = journeys.begin("Buying a bicycle", "Service request", OPEN)
    copy = journeys.edition(lookup.find("journey", number), OPEN)
    first = lookup.records("journey_step", journey_id=copy)[0]
    writing.update("journey_step", first.id, {"feeling": -4}, first.version, OPEN)
    found = journeys.differences(lookup.records("journey_step", journey_id=number), lookup.records("journey_step", journey_id=copy))
    assert found == [{"step": "Something is wrong", "what": "Feeling today", "before": "", "after": "-4"}]
    assert lookup.find("journey", copy).edition == 2


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 8, 13, 20])
def test_a_map_of_any_length_is_valid_and_never_wider_than_a_page(count, colours):
    steps = [Step(f"Step {i} {EVIL}", f"Phase {i // 4}", EVIL, "Web", "", EVIL, i % 11 - 5, 3, "glad", EVIL, EVIL, "Care", marks=(Mark("CSAT", "73 %", "n 20", "bad"),)) for i in range(count)]
    svg = journey_map.svg(EVIL, EVIL, steps, colours, chosen=0)
    root = ElementTree.fromstring(svg)
    assert float(root.get("width") or 0) <= journey_map.WIDE
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "a"))]
    assert sum(1 for e in root.iter() if (e.text or "") == "73 %" or (e.text or "").endswith("73 %")) == count


def test_the_exports_are_the_picture_of_the_screen():
    svg = journey_map.svg("Journey", "", [Step("Search", "Awareness", feeling=1, wanted=3), Step("Buy", "Purchase", feeling=-2, wanted=2)], LIGHT)
    assert poster.rendered(svg, "svg").decode() == svg
    assert poster.rendered(svg, "png").startswith(b"\x89PNG")
    assert poster.rendered(svg, "pdf").startswith(b"%PDF")


def test_the_funnel_shows_where_people_stop_and_what_they_said(company):
    app = opened("analysis", fsteps=["Order placed", "Delivery", "Onboarding call", "First use"], fwindow=60, fby="segment", fwho=3, period="all")
    text = said(app)
    assert "most stop between Onboarding call and First use" in text
    assert "Who stopped" in text
    assert "What they said afterwards" in text


def test_paths_add_up_to_all_times_the_event_was_seen():
    rows = [{"step_1": "a", "step_2": "b", "count": 5}, {"step_1": "a", "step_2": "(end)", "count": 3}, {"step_1": "(other)", "step_2": "", "count": 2}]
    columns = flow.columns(rows, "start")
    assert columns[0]["start"].count == 10
    assert {name: node.count for name, node in columns[1].items()} == {"a": 8, "(other)": 2}
    ElementTree.fromstring(flow.svg(rows, "start", LIGHT))


def test_a_touchpoint_seen_in_the_data_is_registered_in_one_click(company):
    app = opened("touchpoints")
    assert "1 seen in the data but not registered" in said(app)
    app.button(key="journeys-touchpoints-add-Renewal").click().run()
    assert "Renewal" in {t.name for t in lookup.records("touchpoint")}


def test_blind_spots_are_named(company):
    text = said(opened("collection"))
    assert "used but never asked about, the busiest is Website" in text


def test_the_gap_between_wanted_and_lived_becomes_an_action(company):
    app = opened("optimization")
    assert "Delivery falls furthest short" in said(app)
    assert "staff overrate Delivery" in said(app)
    app.text_input(key="journeys-optimization-1-title").set_value("Another courier for offices")
    next(b for b in app.button if b.label == "File the action").click()
    app.run()
    made = lookup.records("action", title="Another courier for offices")[0]
    assert (made.touchpoint, made.kpi) == ("Delivery", "csat")


def test_a_change_that_hurt_is_told_with_its_test_and_the_alert_fires(company):
    text = said(opened("monitoring"))
    assert "alerts fire: Delivery falls" in text
    assert "New courier for most deliveries to offices made it worse" in text
    assert "feeling fell at Wait for the delivery" in text


def test_two_segments_are_compared_with_every_difference_tested(company):
    text = said(opened("personas", vs1segment="Small business", vs2segment="Mid-market", period="12m"))
    assert "corrected after Holm" in text


def test_ways_up_are_those_whose_next_stretch_costs_more(demo):
    start, end = datetime(2026, 8, 3, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    found = {row["plan"]: row for row in tiers.ways(revision(demo), Filters(start, end))}
    rows = engine.fetch(engine.tables()["subscriptions"], now=revision(demo)).to_pandas().sort_values(["customer_id", "started_at", "key"])
    following = rows.groupby("customer_id").shift(-1)
    inside = (following["started_at"] >= start.replace(tzinfo=None)) & (following["started_at"] < end.replace(tzinfo=None)) & ((following["started_at"] - rows["ended_at"]).abs() <= pd.Timedelta(days=1))
    more = rows[inside & (following["mrr_minor"] > rows["mrr_minor"]) & (rows["plan"] == "Home")]
    assert found["Home"]["up"] == more["customer_id"].nunique() > 50
    assert found["Home"]["gain"] == float((following["mrr_minor"] - rows["mrr_minor"])[more.index].sum())
    assert all(0 <= row["up"] + row["down"] <= row["n"] for row in found.values())


def test_the_way_to_higher_value_is_named(company):
    assert re.search(r"Way up: \d+(\.\d)?\s% of customers on [\w ]+ went on to pay more, half of them after \d+ months or less", said(opened("optimization")))


def test_a_step_names_the_process_behind_it_and_carries_further_lanes(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    process = writing.create("process", {"name": "Handling of a claim"}, OPEN)
    app = opened("map", jstep="1. Something is wrong")
    row = named("journey_step", "Something is wrong")
    key = f"journeys-map-step-{row.id}-0"
    app.selectbox(key=f"{key}-process").set_value(process.id)
    app.text_area(key=f"{key}-lanes").set_value("Cost 4 euros")
    next(b for b in app.button if b.label == "Save the step").click()
    app.run()
    assert "found 'Cost 4 euros'" in beside(app, "Further lanes")
    app.text_area(key=f"{key}-lanes").set_value("Cost: 4 euros a call\nRisk: leaves")
    next(b for b in app.button if b.label == "Save the step").click()
    app.run()
    stored = lookup.find("journey_step", row.id)
    assert (stored.process_id, stored.notes) == (process.id, {"Cost": "4 euros a call", "Risk": "leaves"})
    (drawn, *_) = journeys.drawn([stored])
    svg = journey_map.svg("Journey", "", [drawn], LIGHT)
    assert {"Process", "Handling of a claim", "Cost", "Risk"} <= {e.text for e in ElementTree.fromstring(svg).iter()}


def test_a_map_on_which_nothing_is_felt_yet_does_not_claim_that_all_is_well(store):
    journeys.begin("Buying a bicycle", "Service request", OPEN)
    assert "how they feel today is not written down yet" in said(opened("map"))
