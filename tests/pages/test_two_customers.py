"""The pages across the groups on two customers, two answers and a record of each kind: true numbers, few people hidden, a way on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx import alerts
from cx.facts.history import revision
from cx.records.actor import OPEN
from cx.records.lookup import records
from cx.records.writing import create
from tests.pages.few import ROOT, again, beside, frame, load, opened, said, two_customers

AT = datetime(2025, 4, 2, tzinfo=UTC)


@pytest.fixture
def few(store: str) -> str:
    """One promoter who stays, one detractor who left: an NPS of 0 from two people."""
    two_customers()
    asked = {"metric": "nps", "question": "q", "survey": "Yearly", "scale_min": 0.0, "scale_max": 10.0, "higher_is_better": True}
    load(
        "responses",
        {"response_id": "1", "customer_id": "stays", "segment": "A", "score": 9.0, "comment": "fine", "answered_at": datetime(2025, 3, 4), **asked},
        {"response_id": "2", "customer_id": "left", "segment": "B", "score": 3.0, "comment": "too dear", "answered_at": datetime(2025, 3, 5), **asked},
    )
    return store


def links(app: AppTest) -> list[str]:
    """Where the links of a page lead: page and query."""
    return [f"{link.proto.page}?{link.proto.query_string}" for link in app.get("page_link")]


def test_the_overview_hides_what_two_people_said_but_counts_them(few: str) -> None:
    app = opened("00_overview.py", period="all")
    assert "NPS is hidden" in said(app) or "NPS: hidden" in said(app)
    assert "too few answers to show" in said(app)
    again(app, segment=["A"])
    assert "1 comment of 1 respondent: hidden, since fewer than 5 could be told apart" in said(app)
    assert "fine" not in [text.value for text in app.text]


def test_the_blueprint_counts_its_one_assessment_and_names_a_next_step(few: str) -> None:
    create("maturity", {"group": "service", "step": "feedback", "level": 2, "goal": 4, "owner": "Ann", "review_on": "2025-01-01"}, OPEN)
    app = opened("11_blueprint.py", period="all")
    assert "1 of 70 steps are assessed, at 2.0 of 5 on average; 1 review overdue" in said(app)
    late = frame(app, "review was due")
    assert late[["step", "level", "owner"]].values.tolist() == [["Service: Closing the loop", 2, "Ann"]]


def test_an_objective_without_enough_answers_says_so_and_leads_to_its_kpi(few: str) -> None:
    create("objective", {"title": "Loved", "kpi": "nps", "baseline": -50.0, "target": 50.0}, OPEN)
    create("objective", {"title": "Kept", "kpi": "logo_churn", "baseline": 100.0, "target": 0.0}, OPEN)
    app = opened("12_strategy.py", period="all")
    shown = frame(app, "objective", "way made").set_index("objective")
    assert shown["way made"].isna()["Loved"], "two answers are no value"
    assert any(link.endswith("?kpi=nps") for link in links(app))
    assert any(link.endswith("?kpi=logo_churn") for link in links(app))


def test_an_action_nobody_can_measure_yet_says_what_it_takes(few: str) -> None:
    create("action", {"title": "Lower the price", "group": "sales", "kpi": "nps", "done_on": "2025-03-10", "status": "done"}, OPEN)
    create("action", {"title": "Call them", "group": "service", "due_on": "2025-01-31", "owner": "Ann"}, OPEN)
    app = opened("13_actions.py", period="all")
    assert "1 of 1 open actions are overdue, the longest: Call them" in said(app)
    again(app, actstate="done")
    assert any(word in said(app) for word in ("No effect can be measured", "not measurable yet"))
    assert any(link.endswith("?kpi=nps") for link in links(app))


def test_a_rule_is_silent_on_two_answers_and_says_why_in_its_test_run(few: str) -> None:
    given: dict[str, Any] = {"kpi": "churned_customers", "condition": "rises_above", "threshold": 0.0, "grain": "month", "minimum_n": 1}
    create("alert_rule", {"name": "Somebody left", **given}, OPEN)
    create("alert_rule", {"name": "Not loved", **given, "kpi": "nps", "condition": "falls_below", "threshold": 20.0, "minimum_n": 30}, OPEN)
    looked = alerts.look(AT, revision(), last=datetime(2025, 4, 1, tzinfo=UTC))
    assert [f.name for f in looked.fired] == ["Somebody left"]
    assert "Not loved" in looked.unjudged
    app = opened("19_alerts.py")
    assert "1 of 1 open alerts wait for somebody: Somebody left" in said(app)
    assert "1 customer" in said(app) or "was 1" in said(app)
    assert any(link.endswith("?kpi=churned_customers") for link in links(app))
    assert records("alert_firing")[0].n == 1 or records("alert_firing")[0].value == 1


def test_an_address_opens_the_panel_of_a_kpi_and_close_takes_it_away(few: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "10_reporting.py"), default_timeout=120)
    app.query_params["kpi"] = "nps"
    app.query_params["period"] = "all"
    again(app)
    assert "How much more of our customers" in said(app) or "recommend" in said(app)
    app.button(key="reporting-open-close").click().run()
    assert "reporting-open-close" not in [button.key for button in app.button]


def test_departments_count_one_ticket_a_team_truly_and_hide_what_one_person_answered(few: str) -> None:
    day, solved = datetime(2025, 3, 3, 9), {"created_at": datetime(2025, 3, 3, 9), "satisfaction_max": 5.0}
    load(
        "tickets",
        {"ticket_id": "1", "customer_id": "stays", "team": "Care", "agent": "Ann", "first_response_at": day.replace(hour=10), "resolved_at": day.replace(hour=12), "satisfaction": 5.0, **solved},
        {"ticket_id": "2", "customer_id": "left", "team": "Desk", "agent": "Bob", "first_response_at": day.replace(hour=14), "satisfaction": 1.0, **solved},
    )
    asked = {"metric": "csat", "question": "s", "survey": "After", "survey_kind": "transactional", "scale_min": 1.0, "scale_max": 5.0, "higher_is_better": True, "answered_at": day}
    load("responses", {"response_id": "3", "customer_id": "stays", "team": "Care", "score": 5.0, "comment": "secret", **asked}, {"response_id": "4", "customer_id": "left", "team": "Desk", "score": 1.0, "comment": "secret", **asked})
    runs = [{"process": "returns", "case_id": "c", "step": step, "role": role, "started_at": day.replace(hour=a), "ended_at": day.replace(hour=b)} for step, role, a, b in (("Take", "Desk", 9, 10), ("Check", "Care", 14, 15))]
    load("step_runs", *runs)
    app = opened("17_departments.py", period="all")
    assert "Of 2 teams, none stands clearly behind the whole company" in said(app)
    board = frame(app, "Team", "Meets customers").set_index("Team")
    assert board["First reply (median), h"].to_dict() == {"All": 3.0, "Care": 1.0, "Desk": 5.0}
    assert board["Ticket satisfaction"].to_dict() == {"All": 50.0, "Care": 100.0, "Desk": 0.0}
    assert board["Satisfaction (CSAT)"].isna().all()
    assert board["n Satisfaction (CSAT)"].to_dict() == {"All": 2, "Care": 1, "Desk": 1}
    again(app, teams="Hand-offs")
    moved = frame(app, "From", "To", "Step", "Median wait, h")
    assert moved[["From", "To", "Step", "Hand-offs", "Median wait, h"]].values.tolist() == [["Desk", "Care", "Check", 1, 4.0]]
    again(app, teams="One team", team="Desk", **{"departments-team-Desk": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    shown = frame(app, "KPI", "value", "stands").set_index("KPI")
    assert (shown.loc["Satisfaction (CSAT)", "value"], shown.loc["Satisfaction (CSAT)", "n"]) == ("hidden", 1)
    assert not shown["stands"].any(), "one of each is no standing"
    assert "The rows stay hidden" in said(app)
    assert frame(app, "person", "ticket satisfaction").values.tolist() == [["Bob", "none", "hidden (n < 5)", "", 1]]
    assert "secret" not in said(app) + " ".join(table.value.to_string() for table in app.dataframe)
    again(app, **{"departments-people-Desk": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    assert any("step=Performance+analysis" in link or "smeasure=Ticket" in link for link in links(app)), links(app)


def test_a_form_names_the_field_it_refuses_and_tells_of_a_day_that_has_passed(few: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "13_actions.py"), default_timeout=120)
    app.query_params["new"] = "yes"
    again(app, period="all")
    file = next(button for button in app.button if button.label == "File it")
    next(field for field in app.text_input if field.label == "What will be done").input("\u200b  ")
    file.click().run()
    assert beside(app, "What will be done") == "“What will be done” must be given; it is empty; fill it in."
    assert not records("action")
    next(field for field in app.text_input if field.label == "What will be done").input("Call them")
    next(field for field in app.date_input if field.label == "Due").set_value(date(2025, 1, 31))
    next(button for button in app.button if button.label == "File it").click().run()
    assert [(action.title, str(action.due_on)) for action in records("action")] == [("Call them", "2025-01-31")], "history may be written"
    assert any("Due has passed already: 2025-01-31." in toast.value.replace("\\", "") for toast in app.toast)
