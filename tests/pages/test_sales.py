"""The seven workbenches of sales, on the demo company and with nothing."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from cx.analytics.forecast import Forecast
from cx.records.lookup import records
from cx.ui import accounts, deals
from cx.ui.steps.sales.forecasting import winner
from tests.pages.kept import fill, opened, said

FILE = "04_sales.py"
STEPS = ("strategy", "forecasting", "leads", "process", "team", "performance", "relationships")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_data_says_where_to_get_it_and_keeps_its_registers(store, step):
    app = opened(FILE, step)
    assert not app.error
    assert app.expander
    assert "none yet" in said(app)


def test_the_forecast_names_the_winner_of_the_back_test_and_the_gap_to_quota(demo):
    fill("sales", only=("quota", "sales_stage"))
    app = opened(FILE, "forecasting")
    text = said(app)
    assert re.search(r"errs \d+ % (more|less)|best forecast there is", text)
    assert re.search(r"Forecast, 6 months €1\.\d+ m", text)
    assert re.search(r"Gap to quota -?€\d", text)
    stages = next(frame.value for frame in app.dataframe if "Chance to win" in frame.value.columns)
    assert list(stages["Stage"]) == ["Qualification", "Discovery", "Proposal", "Negotiation"]


def test_the_winner_is_said_with_how_much_less_it_errs():
    errors = pd.DataFrame({"method": ["ETS(A,N,A)", "seasonal naive"], "mae": [80.0, 100.0], "n": [6, 6], "vs_seasonal_naive": [0.8, 1.0]})
    assert winner(Forecast("ETS(A,N,A)", pd.DataFrame(), errors)).replace("\u00a0", " ") == "ETS(A,N,A) won the back-test: it errs 20.0 % less than last year's month"


def test_deals_that_stand_still_are_listed_with_the_reason(demo):
    fill("sales", only=("sales_stage",))
    app = opened(FILE, "process")
    assert re.search(r"\d+ open deals stand still worth €\d", said(app))
    assert re.search(r"Most is lost in \w+: \d+ % go on", said(app))
    still = next(frame.value for frame in app.dataframe if "Why" in frame.value.columns)
    assert all(re.search(r"days in \w+ \(agreed at most \d+\)|expected close passed|no expected close|no amount", why) for why in still["Why"])


def test_performance_says_why_deals_are_lost_and_what_moved_velocity(demo):
    text = said(opened(FILE, "performance"))
    assert re.search(r"Price loses most: 2\d % of 364 lost deals", text)
    assert re.search(r"Sales bring in €[\d,]+ a day, [+-]\d+ % against the period before: most by", text)


def test_a_short_list_of_deals_is_not_taken_for_skill(demo):
    text = said(opened(FILE, "team"))
    assert "the team's 29 %" in text
    assert "No quota runs for a person or a team" in text


def test_quotas_are_held_against_the_time_gone(demo):
    fill("sales", only=("quota",))
    assert re.search(r"\d+ of 6 are behind the time that has passed|All 6 are ahead", said(opened(FILE, "team")))
    quotas = next(frame.value for frame in opened(FILE, "strategy").dataframe if "Reached" in str(frame.value.columns))
    assert set(quotas["Standing"]) <= {"running", "reached", "missed"}


def test_leads_are_compared_by_what_they_bring_and_cost(demo):
    text = said(opened(FILE, "leads"))
    assert re.search(r"Existing customer brings 4\d % of 459 leads", text)
    assert re.search(r"A customer from \w+ costs €", text)


def test_renewals_without_a_review_stand_with_the_contract_at_stake(demo):
    fill("sales", only=("account_review",))
    app = opened(FILE, "relationships")
    assert re.search(r"\d+ of \d+ accounts that renew within 60 days have no review held or planned in time, €[\d.,]+ m a year at stake", said(app))
    due = next(frame.value for frame in app.dataframe if "Why" in frame.value.columns)
    worth = list(due["Contract a year"])
    assert worth == sorted(worth, reverse=True)
    assert set(due["Why"]) >= {"never reviewed"}


def test_a_quota_is_shared_over_its_days(store):
    fill("sales", only=("quota",))
    row = next(q for q in records("quota") if q.starts_on == date(2026, 10, 1) and q.team)
    parts = [deals.share(row, pd.Period(month, freq="M")) for month in ("2026-09", "2026-10", "2026-11", "2026-12")]
    assert parts[0] == 0
    assert sum(parts) == pytest.approx(row.amount_minor)
    assert parts[1] == pytest.approx(row.amount_minor * 31 / 92)


def test_an_account_is_told_what_goes_with_what_it_has_and_nothing_it_has_already():
    rules = pd.DataFrame([("cooler", "cup", 82.0, 1.4), ("machine", "cup", 70.0, 1.2), ("cooler", "beans", 60.0, 1.1), ("cup", "cooler", 50.0, 1.4)], columns=["if", "then", "confidence", "lift"])
    assert accounts.suggested(rules, {"cooler"}) == [("cup", "cooler", 82.0, 1.4), ("beans", "cooler", 60.0, 1.1)]
    assert accounts.suggested(rules, {"cooler", "cup", "beans"}) == []
    assert accounts.suggested(rules.head(0), {"cooler"}) == []


def test_an_account_shown_whole_has_suggestions_or_says_why_not(demo):
    app = opened(FILE, "relationships")
    app.get_by_key("sales-relationships-customer-").set_value("C10214").run()
    assert not app.exception
    assert re.search(r"Could also use|Nothing to suggest", said(app))
