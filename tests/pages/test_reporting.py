"""Analysis and reports: what the seven workbenches say of the demo company, and of nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cx.analytics.regression import linear
from cx.demo import records_reporting
from cx.facts import engine
from cx.facts.history import revision
from cx.records import writing
from cx.records.actor import OPEN
from cx.records.lookup import records
from cx.records.refusal import FieldsError
from cx.ui.models import references
from cx.ui.recipe import Recipe, name_of, needs, read
from tests.pages.seeds import load

STEPS = ("collection", "cleaning", "analysis", "visualization", "interpretation", "reports", "improvement")
ROOM = Path(__file__).with_name("room.py")


def opened(step: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOM), default_timeout=300)
    app.session_state["room"] = f"reporting.{step}"
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return "\n".join(m.value.replace("\\", "") for m in app.markdown)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_opens_with_nothing_and_helps(store, step):
    text = said(opened(step))
    assert text.strip()


def test_the_score_names_the_rule_that_most_rows_break(demo):
    assert "segment is known" in said(opened("cleaning"))


def test_duplicates_are_proposed_merged_and_taken_back(demo):
    app = opened("cleaning", clean="Customers twice")
    assert "42 pairs of customers may be one each" in said(app)
    app = app.button(key="reporting-cleaning-twice-all").click().run()
    merges = records("customer_merge")
    assert len(merges) == 30
    customers = engine.tables()["customers"]
    assert engine.rows(customers.aggregate(n=customers.count()), now=revision())[0]["n"] == 5190 - 30
    for merge in merges:
        writing.remove("customer_merge", merge.id, merge.version, OPEN)
    assert engine.rows(customers.aggregate(n=customers.count()), now=revision())[0]["n"] == 5190


def test_a_question_in_words_finds_its_variables_and_its_test(demo):
    text = said(opened("interpretation", ask="Does reply time differ by channel?"))
    assert "Hours to first reply differs between the 5 groups (p < 0.001)" in text
    assert "Kruskal-Wallis" in text


def test_delivery_goes_along_with_nps_most(demo):
    assert "Delivery goes along with NPS most" in said(opened("analysis"))


def test_a_regression_shows_its_checks(demo):
    text = said(opened("analysis", model="Regression"))
    assert "variance inflation factor" in text
    assert "RESET" in text


def test_saved_charts_stand_on_their_board(demo):
    load(records_reporting.RECORDS)
    text = said(opened("visualization", board="Delivery"))
    for title in ("Days to delivery by courier", "Ease by touchpoint and segment", "Days late, all orders"):
        assert title in text


@pytest.mark.parametrize("kind", ["Bar", "Line", "Scatter", "Heat map", "Box", "Histogram"])
def test_each_kind_of_chart_is_drawn(demo, kind):
    said(opened("visualization", chartkind=kind))


def test_a_recipe_comes_back_from_its_document_and_says_what_it_lacks():
    recipe = Recipe("orders", "bar", "supplier", "delivery_days", aggregate="median", only=(("channel", ("App",)),))
    assert read(recipe.document()) == recipe
    assert name_of(recipe) == "Median of days to delivery by supplier"
    assert needs(Recipe("orders", "box", "supplier")) == "Choose the number to draw."


def test_a_report_is_scheduled_only_with_somebody_to_go_to(store):
    with pytest.raises(FieldsError, match="add an e-mail address"):
        writing.create("report_schedule", {"title": "Monday"}, OPEN)
    assert writing.create("report_schedule", {"title": "Monday", "active": False}, OPEN).recipients == []


def test_a_regression_names_what_the_values_of_a_category_are_compared_with():
    frame = pd.DataFrame({"score": [float(i % 7) for i in range(60)], "hours": [float(i % 11) for i in range(60)], "channel": (["mail"] * 3 + ["chat", "phone"]) * 12})
    assert references(linear(frame, "score", ["hours", "channel"]), frame) == ["channel = mail"]
    assert references(linear(frame, "score", ["hours"]), frame) == []
