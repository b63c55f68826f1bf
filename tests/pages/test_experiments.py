"""The result of an experiment counted in the data: who is control, who is test, and what a success is, chosen on the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cx.errors import InputError
from cx.facts.history import revision
from cx.records import lookup, writing
from cx.records.actor import OPEN
from cx.records.refusal import FieldsError
from cx.ui import experiments
from cx.ui.experiment_rule import DAY, Asked, asked_of, rule
from tests.pages.kept import opened, said

PAGE = "01_needs.py"
SUPPORT = (("metric", "csat"), ("touchpoint", "Support"))


def begun(**values: Any) -> Any:
    return writing.create("experiment", {"hypothesis": "If a person answers at noon, more are satisfied", "kind": "proportion", "metric": "share satisfied", "effect": 8.0, **values}, OPEN)


def test_a_selection_is_read_back_as_it_was_chosen():
    by_channel = Asked(SUPPORT, "channel", ("E-mail",), ("Phone", "Chat"), least=4.0)
    by_day = Asked((), DAY, day=date(2026, 7, 1), events=("First use",))
    by_number = Asked((), "device", ("phone",), ("desktop",), number="duration_seconds")
    assert asked_of(rule("responses", "proportion", by_channel)) == by_channel
    assert asked_of(rule("interactions", "proportion", by_day)) == by_day
    assert asked_of(rule("interactions", "mean", by_number)) == by_number


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Asked(column="channel", control=("E-mail",), least=4.0), "Both groups need a channel; test has none; choose at least one for each."),
        (Asked(column="channel", control=("E-mail", "Chat"), test=("Chat",), least=4.0), "Control and test must be different groups; both hold Chat; take it out of one."),
        (Asked(column="channel", control=("E-mail",), test=("Chat",)), "A share needs to know what counts as a success; no score was given; give the lowest score that counts."),
        (Asked(column=DAY, least=4.0), "A day must divide before and after; none was chosen; choose the day of the change."),
    ],
)
def test_groups_that_cannot_be_compared_are_refused_with_what_to_do(asked: Asked, sentence: str):
    with pytest.raises(InputError) as refused:
        rule("responses", "proportion", asked)
    assert str(refused.value).casefold() == sentence.casefold()


def test_before_and_after_a_day_share_no_answer_and_lose_none(demo: str):
    now = revision(demo)
    among = (("metric", "csat"), ("touchpoint", "Delivery"), ("survey", "After delivery"))
    split = rule("responses", "mean", Asked(among, DAY, day=date(2026, 8, 1)))
    whole = rule("responses", "mean", Asked(among, DAY, day=date(2000, 1, 1)))
    before, after = experiments.counted(now, "responses", split, None, None)
    none, every = experiments.counted(now, "responses", whole, None, None)
    assert before[0] > 0
    assert after[0] > 0
    assert none[0] == 0
    assert before[0] + after[0] == every[0]


def test_a_result_is_counted_in_the_answers_after_choosing_on_the_page(demo: str):
    one = begun()
    key = f"needs-validation-{one.id}-0-source"
    app = opened(PAGE, "validation", **{key: True})
    app.get_by_key(f"{key}-of").set_value("responses").run()
    asked = f"{key}-responses"
    app.get_by_key(f"{asked}-among-metric").set_value("csat")
    app.get_by_key(f"{asked}-among-touchpoint").set_value("Support")
    app.get_by_key(f"{asked}-column").set_value("channel").run()
    app.get_by_key(f"{asked}-control-channel").set_value(["E-mail"])
    app.get_by_key(f"{asked}-count").click().run()
    assert "test has none" in app.error[0].value
    app.get_by_key(f"{asked}-test-channel").set_value(["Phone"])
    app.get_by_key(f"{asked}-least").set_value(4.0)
    app.get_by_key(f"{asked}-count").click().run()
    assert not app.error
    assert not app.exception
    stored = lookup.find("experiment", one.id)
    control, test = experiments.counted(revision(demo), "responses", stored.rule, None, None)
    assert stored.dataset == "responses"
    assert control[0] > 100
    assert test[0] > 50
    assert f"Control: {control[1]:,.0f} of {control[0]:,}" in said(app)
    assert "Verdict:" in said(app)


def test_what_fewer_than_five_answered_is_not_counted_out_on_the_page(demo: str):
    choice = rule("responses", "proportion", Asked((("metric", "csat"), ("touchpoint", "Renewal"), ("survey", "After renewal")), DAY, day=date(2026, 10, 31), least=4.0))
    one = begun(dataset="responses", rule=choice, starts_on=date(2026, 10, 30), ends_on=date(2026, 10, 31))
    control, test = experiments.counted(revision(demo), "responses", choice, one.starts_on, one.ends_on)
    assert 0 < min(control[0], test[0]) < 5
    text = said(opened(PAGE, "validation"))
    assert "fewer than 5 could be told apart" in text
    assert "Verdict" not in text


def test_more_successes_than_people_are_refused_and_record_nothing(store: str):
    with pytest.raises(FieldsError, match="between 0 and the number of the test group, 142; found 500"):
        begun(control_n=296, control_value=222.0, test_n=142, test_value=500.0)
    one = begun(control_n=296, control_value=222.0, test_n=142, test_value=132.0, status="confirmed")
    app = opened(PAGE, "validation")
    app.get_by_key(f"needs-validation-{one.id}-0-result-test-v").set_value(500.0).run()
    assert "successes must lie between 0 and the number of each group" in app.warning[0].value
    assert not [b for b in app.button if b.label.startswith("Record")]
