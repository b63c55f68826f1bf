"""Departments: one KPI, every team; what passes between them; promises kept; nothing shown of too few."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cx import scorecard
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import handoffs
from cx.ui.departments import board
from tests.pages.few import again, frame, load, opened, said, two_customers
from tests.pages.kept import WRITER

FILE = "17_departments.py"
DAY = datetime(2025, 3, 3, 9)


def test_the_scoreboard_holds_every_team_and_its_numbers_are_the_scorecards(demo):
    app, now = opened(FILE), revision()
    text = said(app)
    assert "stands furthest behind" in text
    assert "of which no customer meets" in text
    whole = frame(app, "Team", "Meets customers").set_index("Team")
    assert {"Finance", "Warehouse", "Order desk"} <= set(whole.index)
    assert whole.loc["Finance", "Meets customers"] == "no"
    assert whole.loc["Customer care", "Meets customers"] == "yes"
    last = scorecard.latest(now)
    filters = Filters().between(last - timedelta(days=90), last)
    expected = {r.key("team"): r.estimate.value for r in scorecard.read("csat", filters, ("team",), now=now)}
    column = next(c for c in whole.columns if "atisf" in c and not c.startswith("n ") and "icket" not in c)
    assert whole.loc["Logistics desk", column] == pytest.approx(expected["Logistics desk"])
    assert whole.loc["All", column] == pytest.approx(scorecard.read("csat", filters, now=now)[0].estimate.value)


def test_hand_offs_between_teams_can_be_promised_and_the_promise_is_judged(demo):
    app = opened(FILE, teams="Hand-offs")
    assert "The longest wait is from" in said(app)
    moves = frame(app, "From", "To", "Step", "Median wait, h")
    assert moves["Waiting in all, h"].is_monotonic_decreasing
    first = moves.iloc[0]
    again(app, **{"departments-moves-all": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    app.button(key="FormSubmitter:departments-promise-Promise it").click().run()
    kept = records("handoff")
    assert [(row.giver, row.receiver, row.step) for row in kept] == [(first["From"], first["To"], first["Step"])]
    again(app, teams="Promises")
    now, last = revision(), scorecard.latest(revision())
    _, _, late = handoffs.waits(now, Filters().between(last - timedelta(days=90), last), kept[0].process, kept[0].step, kept[0].promise_hours)
    assert frame(app, "Hand-off", "Kept")["Kept"].iloc[0] == pytest.approx(100 - late.value)
    again(app, teams="One team", team="Finance")
    assert "cases waited" in said(app)
    assert "Finance does not meet customers; its process work became worse on 0 of 3 KPIs" in said(app)


def test_an_empty_store_says_what_to_bring(store):
    assert "so there is no work of departments to show" in said(opened(FILE))


def test_data_without_teams_says_what_is_missing(store):
    two_customers()
    load("tickets", {"ticket_id": "1", "customer_id": "left", "created_at": DAY})
    text = said(opened(FILE))
    assert "No team has a number yet" in text
    assert "names a team" in text
    create("handoff", {"name": "Contract check", "giver": "Sales", "receiver": "Legal"}, WRITER)
    app = opened(FILE, teams="Promises")
    assert frame(app, "Hand-off", "Beware")["Beware"].tolist() == ["no time promised"]


def test_answers_of_too_few_stay_hidden_with_the_rows_behind_them(store):
    answer = {"survey": "S", "question": "q", "metric": "csat", "scale_min": 1.0, "scale_max": 5.0, "higher_is_better": True, "answered_at": DAY, "survey_kind": "transactional"}
    rows = [{**answer, "response_id": f"{team}{i}", "customer_id": f"{team}{i}", "team": team, "score": 2.0, "comment": f"secret of {team}"} for team, n in (("Legal", 2), ("Care", 9), ("Desk", 8)) for i in range(n)]
    load("responses", *rows)
    app = opened(FILE, period="all")
    whole = frame(app, "Team", "Meets customers").set_index("Team")
    column = next(c for c in whole.columns if "atisf" in c and not c.startswith("n "))
    assert whole[column].isna()[["Legal", "Desk"]].all()  # the second, so that the total does not tell the first
    assert whole[f"n {column}"]["Legal"] == 2
    again(app, teams="One team", team="Legal", **{"departments-team-Legal": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    assert "The rows stay hidden" in said(app)
    assert "secret" not in said(app)
    again(app, team="Care", **{"departments-team-Care": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    assert len(frame(app, "Comment", "Score")) == 9


def test_a_team_is_coloured_only_where_its_interval_is_clear_of_the_whole():
    assert board.shade(0) == 0.5
    assert board.shade(-3) < 0.4
    assert board.shade(3) > 0.6
    assert 0 <= board.shade(-99) < board.shade(-3)
