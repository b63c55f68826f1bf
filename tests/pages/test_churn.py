"""Churn and retention: what the page says is what the scorecard says, and each part does its work."""

from __future__ import annotations

from datetime import datetime

import pytest

from cx import scorecard
from cx.blueprint.catalogue import KPIS
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.records.lookup import records
from cx.ui import format as words
from cx.ui.churn import cohorts, facts
from tests.pages.few import again, frame, load, opened, said, two_customers

FILE = "16_churn.py"


def shown(key: str, now, days: int = 90):
    last = scorecard.latest(now)
    filters = Filters().between(last.replace(year=last.year, month=8, day=3), last)
    return scorecard.read(key, filters, now=now)[0].estimate


def test_the_page_says_who_leaves_and_its_numbers_are_the_scorecards(demo):
    app, now = opened(FILE), revision()
    text = said(app)
    churn = shown("logo_churn", now)
    assert f"{words.value(churn.value, '%')} of customers left".replace("\u00a0", " ") in text
    assert "more than" in text
    assert "Mid-market loses most" in text
    assert "customers at the start of the period who left" in text
    tiles = {m.label: m.value.replace("\\", "").replace("\u00a0", " ") for m in app.metric}
    assert tiles["Net retention (NRR)"] == words.value(shown("nrr", now).value, "%").replace("\u00a0", " ")
    leavers = frame(app, "Customer", "Left", "Reason")
    assert len(leavers) == int(shown("churned_customers", now).value) + 9  # those who joined and left within are listed too
    assert "9 of them had joined in it" in text
    again(app, formula="daily sum")
    assert "Daily churn adds up to" in said(app)
    assert "for each day, customers who left on it" in said(app)


def test_every_part_works_on_the_demo_company(demo):
    app = opened(FILE, retention="Revenue")
    assert "Oct 2026 lost most" in said(app)
    months = frame(app, "Month", "NRR")
    nrr = {r.key("month"): r.estimate.value for r in scorecard.read("nrr", Filters().between(scorecard.latest(revision()).replace(year=2025, month=11), scorecard.latest(revision())), ("month",), now=revision())}
    assert months["NRR"].tolist() == pytest.approx(list(nrr.values()))
    moved = months[["New", "Reactivation", "Expansion", "Contraction", "Churn"]].sum(axis=1)
    assert (months["Start"] + moved).tolist() == pytest.approx(months["End"].tolist())
    again(app, retention="Cohorts")
    assert "of customers still pay as month 6 ends" in said(app)
    again(app, cohortof="Purchases", cohortvalue="Revenue", cohortgrain="quarter")
    assert "bought in quarter 2" in said(app)
    again(app, retention="Survival")
    assert "After a year 91 % of Consumer are still there, 97 % of Enterprise" in said(app)
    assert "log-rank chi-square" in said(app)
    assert "p < 0.001" in said(app)
    assert frame(app, "Group", "12 months")["12 months"].iloc[0].replace("\u00a0", " ").endswith("91 %")
    again(app, retention="Reasons")
    assert "“Late deliveries” rose from" in said(app)
    assert "Mid-market: 58 % leave for “Late deliveries”" in said(app)
    again(app, retention="Lifecycle", silence=60)
    assert "back after a pause" in said(app)
    assert "Customers silent for 60 days" in said(app)


def test_an_account_at_risk_is_taken_up(demo):
    app = opened(FILE, retention="At risk")
    assert "accounts at risk who pay" in said(app)
    worst = frame(app, "Customer", "Health").iloc[0]
    assert worst["State"] == "at risk"
    again(app, **{"churn-risk-health": {"selection": {"rows": [0], "columns": [], "cells": []}}})
    assert f"health {words.number(worst['Health'], 0)}" in said(app)
    app.button(key=f"FormSubmitter:churn-case-{worst['Customer']}-Open it").click().run()
    assert [case.customer_id for case in records("follow_up")] == [worst["Customer"]]
    assert "no follow-up is open for" in said(app)


def test_an_empty_store_says_what_to_bring(store):
    assert "so there is no churn to show" in said(opened(FILE))


def test_two_customers_are_enough_for_true_numbers(store):
    two_customers()
    load("interactions", {"interaction_id": "1", "customer_id": "stays", "event": "log-in", "happened_at": datetime(2025, 3, 31, 12)})
    app = opened(FILE, period="last-month")
    for part in ("Who leaves", "Revenue", "Cohorts", "Survival", "Reasons", "At risk", "Lifecycle"):
        again(app, retention=part, period="month")
        text = said(app)
        assert "50 % of customers left" in text
        expected = {"Revenue": "MRR fell from €200 to €100", "Cohorts": "50 % of customers still pay as month 2 ends", "Reasons": "Most often: “Price”", "Survival": "Nobody has been observed for a year yet"}
        assert expected.get(part, "") in text, part


def test_a_target_of_a_year_is_broken_down_by_compounding():
    assert KPIS["logo_churn"].goal(365.25) == pytest.approx(15)
    assert KPIS["grr"].goal(365.25 / 12) == pytest.approx(100 * 0.85 ** (1 / 12))
    assert KPIS["churned_customers"].goal(30) is None


def test_only_a_companys_customers_form_its_cohorts_where_there_is_no_billing(store):
    start = datetime(2025, 1, 10)
    load("customers", {"customer_id": "a", "joined_at": start}, {"customer_id": "b", "joined_at": start, "left_at": start.replace(month=2)})
    now = revision()
    found = facts.contracts(now, Filters(), start.replace(month=4, day=1), "month", 6)
    assert found[0][0] == ""
    assert cohorts.pooled(found[0][1], 1).value == 50
