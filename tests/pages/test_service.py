"""The seven workbenches of service, on the demo company and with nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from cx import scorecard
from cx.analytics.business_hours import business_hours
from cx.facts.history import revision
from cx.records import promises as levels
from cx.records.lookup import records
from cx.records.writing import create, remove
from cx.ui import trained
from cx.ui.weekly import occurrences, open_share
from tests.pages.kept import END, WRITER, fill, opened, said

FILE = "03_service.py"
STEPS = ("strategy", "staffing", "channels", "response", "performance", "feedback", "improvement")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_data_says_where_to_get_it_and_keeps_its_registers(store, step):
    app = opened(FILE, step)
    assert not app.error
    assert app.expander
    if step != "strategy":
        assert re.search(r"Upload|none yet|no answers yet", said(app))


def test_service_levels_are_judged_in_opening_hours_and_the_gap_at_noon_is_found(demo):
    fill("service")
    text = said(opened(FILE, "response"))
    assert re.search(r"At risk: \d+ open tickets?; overdue: \d+", text)
    assert "minutes left are of opening hours" in text
    assert re.search(r"E-mail at 1[23] h breaks most promises: 4\d % kept, 9\d % overall", text)


def test_without_own_service_levels_a_usual_one_is_named(demo):
    assert "No service level is written down yet" in said(opened(FILE, "response"))


def test_demand_has_a_busiest_hour_and_people_are_sized_for_it(demo):
    text = said(opened(FILE, "staffing"))
    assert re.search(r"Mon at 10 h is busiest: \d", text)
    assert re.search(r"\d+ people at work, \d+ on the rota, in the busiest hour", text)
    assert re.search(r"\d+ paid hours a week", text)


def test_without_tickets_people_are_sized_for_the_contacts_that_are_typed_in(store):
    text = said(opened(FILE, "staffing", **{"service-staffing-own-contacts": 60.0}))
    assert re.search(r"1\d people at work, \d+ on the rota", text)
    assert "paid hours" not in text


def test_twice_the_demand_asks_for_more_people(demo):
    def people(percent: int) -> int:
        found = re.search(r"(\d+) paid hours", said(opened(FILE, "staffing", **{"service-staffing-own-demand": percent})))
        assert found
        return int(found[1])

    assert people(400) > people(100)


def test_the_inbox_counts_low_scores_and_the_cases_show_who_was_won_back(demo):
    fill("service", only=("follow_up",))
    text = said(opened(FILE, "feedback"))
    assert re.search(r"2\d\d low scores have no case yet", text)
    assert "Won back 9 of 12" in text
    assert "Most often: Courier misses the window" in text
    assert "3 cases open" in text


def test_a_case_moves_from_open_to_contacted_to_resolved_and_asks_for_its_cause(demo):
    from cx.records.refusal import FieldsError
    from cx.records.writing import update
    from tests.pages.kept import WRITER

    fill("service", only=("follow_up",))
    case = records("follow_up", status="open")[0]
    called = update("follow_up", case.id, {"status": "contacted", "contacted_at": datetime(2026, 11, 1, tzinfo=UTC)}, case.version, WRITER)
    with pytest.raises(FieldsError, match="root cause"):
        update("follow_up", case.id, {"status": "resolved", "outcome": "refunded"}, called.version, WRITER)
    done = update("follow_up", case.id, {"status": "resolved", "outcome": "refunded", "cause": "courier"}, called.version, WRITER)
    assert done.status == "resolved"


def test_performance_names_the_change_and_shows_every_measure(demo):
    app = opened(FILE, "performance", sby="channel")
    assert "Every measure by channel" in said(app)
    matrix = next(frame.value for frame in app.dataframe if "Tickets" in frame.value.columns)
    assert {"E-mail", "Phone", "Chat", "Web", "Social"} <= set(matrix["Channel"])
    assert int(matrix["Tickets"].sum()) == 2261


def test_reasons_for_contact_are_ranked_and_the_growing_one_is_delivery(demo):
    text = said(opened(FILE, "improvement"))
    assert re.search(r"Delivery grew most: 4\d\d contacts, 1\d\d in the period before", text)


def test_channels_tell_how_much_arrives_while_they_are_closed(demo):
    fill("service", only=("business_hours", "channel"))
    text = said(opened(FILE, "channels"))
    assert re.search(r"E-mail carries 4\d % of 2,261 contacts", text)
    assert re.search(r"of contacts by .+ arrive while it is closed", text)


def test_the_strategy_counts_targets_met_and_reviews_overdue(demo):
    fill("service", only=("policy", "target"))
    text = said(opened(FILE, "strategy"))
    assert re.search(r"\d+ of \d+ targets are met", text)
    assert "Overdue for review: Call within two days after a low score" in text


def test_registered_hours_become_a_clock_with_several_windows_a_day(store):
    fill("service", only=("business_hours",))
    row = next(r for r in records("business_hours") if r.name == "Phone and chat")
    assert levels.hours_of(row) == business_hours("mon-thu 08:00-12:30 13:00-18:00; fri 08:00-12:30 13:00-17:00; sat 09:00-13:00")


def test_each_weekday_is_counted_as_often_as_it_occurs():
    assert occurrences(datetime(2026, 11, 2), datetime(2026, 11, 10)) == (2, 1, 1, 1, 1, 1, 1)


def test_half_an_hour_open_counts_half_of_its_contacts():
    found = [(datetime(2026, 10, 26, 8), 10), (datetime(2026, 10, 26, 9), 10)]
    assert open_share(found, business_hours("mon 08:30-10:00")) == 75.0


def test_contacts_are_held_against_the_clock_on_the_wall_and_its_holidays():
    found = [(datetime(2026, 7, 20, 7), 10), (datetime(2026, 12, 21, 7), 10), (datetime(2026, 12, 21, 8), 10), (datetime(2026, 12, 28, 8), 10)]
    berlin = business_hours("mon 09:00-10:00", "Europe/Berlin", [date(2026, 12, 28)])
    assert open_share(found, berlin) == 50.0  # in July nine o'clock is 07:00 UTC, in December 08:00; the 28th is a holiday
    assert open_share([], berlin) is None


def test_a_share_of_a_team_is_opened_into_the_names_of_those_who_hold_the_course(demo: str) -> None:
    now = revision(demo)
    share = next(row for row in trained.held(now, END) if 0 < row["held"] < row["people"])
    found = trained.people(now, END, share["team"], share["course"])
    assert len(found) == share["people"]
    assert sum(row["standing"] == "holds it" for row in found) == share["held"]
    assert len({row["person"] for row in found}) == share["people"]


def test_what_low_scores_are_about_stands_beside_the_causes_of_the_cases(demo: str) -> None:
    fill("service", only=("follow_up",))
    app = opened("03_service.py", "feedback")
    assert "What low scores are about" in said(app)
    assert "Loop closed" in said(app)


def test_a_case_is_given_to_somebody_else_and_may_be_dropped(demo: str) -> None:
    case = create("follow_up", {"title": "Late again", "owner": "Ada", "customer_id": "C10001"}, WRITER)
    app = opened("03_service.py", "feedback", **{"service-feedback-chosen": case.id})
    key = f"service-feedback-case-{case.id}-0"
    app.get_by_key(f"{key}-owner").set_value("Ben")
    app.get_by_key(f"{key}-notes").set_value("Somebody else's parcel")
    next(b for b in app.button if b.label == "Drop").click().run()
    stored = records("follow_up")[0]
    assert (stored.status, stored.owner, stored.notes) == ("dropped", "Ben", "Somebody else's parcel")


def test_a_case_that_was_removed_meanwhile_is_said_to_be_gone(demo: str) -> None:
    case = create("follow_up", {"title": "Late again", "customer_id": "C10001"}, WRITER)
    app = opened("03_service.py", "feedback", **{"service-feedback-chosen": case.id})
    remove("follow_up", case.id, case.version, WRITER)
    app.run()
    assert "has been removed meanwhile" in app.warning[0].value


def test_own_service_levels_count_in_every_number_of_the_kpi(demo: str) -> None:
    usual = scorecard.read("sla_response")[0].estimate
    fill("service")
    own = scorecard.read("sla_response")[0].estimate
    assert own != usual
    assert own == scorecard.read("sla_response", options=levels.promises().options())[0].estimate
    text = said(opened(FILE, "response"))
    shown = re.search(r"(\d+(\.\d)?) % of promises kept", text)
    assert shown is not None
    assert f"SLA met (reply) {shown[1]} %" in text
