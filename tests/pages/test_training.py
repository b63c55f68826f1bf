"""Training: what the seven workbenches say of the demo company, of nothing, and to a viewer."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cx.demo import records_training
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records import writing
from cx.records.actor import OPEN, Actor
from cx.records.lookup import find
from cx.ui import certificates, member, personal, skills, training_effect
from tests.pages.few import beside
from tests.pages.seeds import load

STEPS = ("assessment", "design", "delivery", "evaluation", "coaching", "performance", "career")
ROOM = Path(__file__).with_name("room.py")
COURSE = "Empathy & first-contact resolution"


def opened(step: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOM), default_timeout=300)
    app.session_state["room"] = f"training.{step}"
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return "\n".join(m.value.replace("\\", "") for m in app.markdown)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_opens_with_nothing_and_helps(store, step):
    assert said(opened(step)).strip()


def test_the_steps_speak_of_the_demo_company_and_not_to_a_viewer(demo, monkeypatch):
    load(records_training.RECORDS)
    assert "The largest gap is settling at once" in said(opened("assessment"))
    assert "Everybody" in said(opened("delivery")) or "overdue" in said(opened("delivery"))
    assert "do not say how success is judged" in said(opened("design"))
    assert "talks are overdue" in said(opened("coaching"))
    assert "past its day" in said(opened("performance"))
    assert "could take their step now" in said(opened("career"))
    monkeypatch.setattr("cx.ui.page.require_member", lambda: member.Member("vera", "viewer"))
    for step, private in (("coaching", "Asks well"), ("performance", "Settle two in three"), ("career", "Quality specialist"), ("assessment", "Aoife Brennan"), ("delivery", "Aoife Brennan"), ("evaluation", "Aoife Brennan")):
        app = opened(step)
        shown = said(app) + "".join(t.value for t in app.text) + "".join(d.value.to_string() for d in app.dataframe)
        assert private not in shown, step


def test_the_course_of_the_story_moves_customers_and_says_by_how_much(demo):
    now = revision()
    gain = training_effect.gain(now, COURSE)
    assert gain is not None
    assert gain.p is not None
    assert gain.p < 0.001
    assert (gain.change.value or 0) > 10
    found = training_effect.results(now, COURSE, "csat")
    assert found.trained >= 10
    assert found.others >= 5
    assert found.effect.value is not None
    assert found.effect.low is not None
    text = said(opened("evaluation", course=COURSE))
    assert "Difference in differences" in text
    assert "people gained" in text


def test_a_certificate_is_current_due_or_overdue_by_its_day(demo):
    found = certificates.standings(revision(), date(2026, 10, 31))
    states = certificates.counts(found)
    assert states["current"] > states["overdue"] > 0
    for one in found:
        if one.until is not None:
            assert (one.state == "overdue") == (one.until < date(2026, 10, 31))


def test_small_groups_of_assessed_people_are_hidden_from_those_who_may_not_see_all(store):
    rows = [skills.Held(f"p{i}", "t", "Agent", "Listening", 2, 4) for i in range(3)]
    hidden, shown = skills.gaps(rows, False)[0], skills.gaps(rows, True)[0]
    assert hidden.hidden
    assert hidden.held is None
    assert shown.short == 3
    assert shown.rank == 3 * 2.0 * 5.0


def test_an_enrolment_that_somebody_saved_first_is_shown_and_not_overwritten(store):
    course = writing.create("course", {"name": "Listening"}, OPEN)
    for name in ("Ada", "Ben"):
        writing.create("employee", {"name": name}, OPEN)
    session = writing.create("session", {"course_id": course.id, "name": "May", "seats": 2}, OPEN)
    app = opened("delivery")
    next(m for m in app.multiselect if m.label.startswith("Enrolled")).select("Ada")
    writing.update("session", session.id, {"enrolled": ["Ben"]}, session.version, Actor("Uma", "contributor"))
    next(b for b in app.button if b.label == "Save").click().run()
    assert any("Uma saved" in str(w.value) for w in app.warning)
    assert find("session", session.id).enrolled == ["Ben"]
    next(b for b in app.button if b.label == "Show what was saved").click().run()
    assert next(m for m in app.multiselect if m.label.startswith("Enrolled")).value == ["Ben"]


def test_a_course_leads_to_the_agents_who_took_it_their_ratings_before_and_after_and_on_to_their_team(demo):
    now = revision()
    app = opened("evaluation", course=COURSE)
    assert "who took it have 5 tickets or more before and after, by which to see satisfaction with tickets" in said(app)
    shown = next(d.value for d in app.dataframe if {"agent", "n before", "n after"} <= set(d.value.columns))
    found = training_effect.by_agent(now, COURSE, "csat")
    assert shown["agent"].tolist() == found["agent"].tolist() == sorted(set(training_effect.scores(now, COURSE)["employee"].dropna()))
    one = found[(found["n before"] >= 5) & (found["n after"] >= 5)].iloc[0]
    t = engine.tables()["tickets"]
    tickets = engine.fetch(t.filter(t["agent"] == one["agent"]).select("created_at", "satisfaction", "satisfaction_max"), now=now).to_pandas().dropna()
    since = tickets["created_at"] - one["completed"]
    scores = 100 * (tickets["satisfaction"] - 1) / (tickets["satisfaction_max"] - 1)
    for name, inside in (("before", since.between(-training_effect.WINDOW, timedelta(0), inclusive="left")), ("after", since.between(timedelta(0), training_effect.WINDOW, inclusive="left"))):
        assert (one[name], one[f"n {name}"]) == (pytest.approx(scores[inside].mean()), inside.sum())
        assert int(shown.set_index("agent").loc[one["agent"], f"n {name}"]) == inside.sum()
    few = found[(found["n before"] > 0) & (found["n before"] < 5)]["agent"]
    assert set(shown.set_index("agent").loc[list(few), "before"]) <= {"hidden (n < 5)"}
    app.session_state[f"training-evaluation-agents-{COURSE}"] = {"selection": {"rows": [shown["agent"].tolist().index(one["agent"])], "columns": [], "cells": []}}
    app.run()
    links = {link.proto.label.replace("\\", ""): f"{link.proto.page}?{link.proto.query_string}" for link in app.get("page_link")}
    assert [label for label in links if label.endswith("its people, their courses and ratings")] == [f"{one['team']}: its people, their courses and ratings"]
    assert "Satisfaction by agent" in links


def test_a_session_is_held_only_where_somebody_came(store):
    course = writing.create("course", {"name": "Listening"}, OPEN)
    session = writing.create("session", {"course_id": course.id, "name": "May"}, OPEN)
    app = opened("delivery")
    next(b for b in app.button if b.label == "Save as held").click().run()
    assert "Somebody came to a session that was held" in beside(app, "Attended")
    assert find("session", session.id).status == "planned"


def test_who_is_called_ready_and_falls_short_of_the_role_is_named(store):
    ada = writing.create("employee", {"name": "Ada", "role": "Agent"}, OPEN)
    skill = writing.create("competency", {"name": "Listening"}, OPEN)
    writing.create("requirement", {"role": "Coach", "competency_id": skill.id, "level": 4}, OPEN)
    writing.create("assessment", {"employee_id": ada.id, "competency_id": skill.id, "level": 2, "assessed_on": date(2026, 10, 1)}, OPEN)
    step = writing.create("career_step", {"employee_id": ada.id, "role_to": "Coach", "readiness": "now"}, OPEN)
    assert any("fall short of the role: Ada" in str(w.value).replace("\\", "") for w in opened("career").warning)
    writing.update("career_step", step.id, {"readiness": "one_year"}, step.version, OPEN)
    assert not opened("career").warning


def test_a_goal_shows_its_kpi_measured_from_the_work_of_that_person_alone(demo):
    now = revision()
    agent, other = [name for name, n in Counter(r["agent"] for r in engine.rows(engine.tables()["tickets"].select("agent"), now=now) if r["agent"]).most_common(2)]
    view = SimpleNamespace(now=now, filters=Filters())
    mine, theirs = (personal.measured(view, "first_response_median", name) for name in (agent, other))
    assert mine.n != theirs.n
    assert mine.value is not None
    assert personal.measured(view, None, agent) is None
    assert "whose work" in personal.measured(view, "cpk", agent).warning
