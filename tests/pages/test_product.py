"""The seven workbenches of product development, on the demo company with its records and on nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cx.analytics.estimate import Estimate
from cx.analytics.launch_effect import adoption_curve, launch_effect
from cx.blueprint.groups import GROUPS
from cx.demo.records_product import RECORDS
from cx.records import gates, writing
from cx.records.actor import OPEN, Actor
from cx.records.lookup import find, records
from cx.records.refusal import FieldsError
from cx.ui import user_test
from cx.ui.steps.product.concepts import conflicts, gone, quarter
from tests.pages import seeds
from tests.pages.few import beside

PAGE = str(next((Path(__file__).parents[2] / "pages").glob("*_product.py")))
STEPS = [step.key for step in GROUPS["product"].steps]


def opened(step: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["step"] = step
    return app.run()


def said(app: AppTest) -> str:
    return " ".join(str(part.value) for part in [*app.markdown, *app.text, *app.warning]).replace("\\", "")


@pytest.mark.parametrize("step", STEPS)
def test_a_workbench_with_nothing_says_what_to_do(store: str, step: str) -> None:
    app = opened(step)
    assert not app.exception
    assert not app.error
    assert len(said(app)) > 100


@pytest.mark.parametrize(("step", "words"), [
    ("ideation", "promises most for its effort"), ("concepts", "begins before Delivery windows ends"), ("prototypes", "prototypes were tested"), ("testing", "could still lie under 78 %"),
    ("iteration", "Usability rose by"), ("launch", "cannot pass the gate testing: 2 must-items open"), ("evaluation", "could have adopted it"),
])  # fmt: skip
def test_a_workbench_states_its_finding(demo: str, step: str, words: str) -> None:
    seeds.load(RECORDS, needs=True)
    app = opened(step)
    assert not app.exception
    assert words in said(app)


def test_the_review_shows_what_the_new_courier_did_to_the_segment_that_got_it(demo: str) -> None:
    seeds.load({"launch": [dict(row, concept_id=None) for row in RECORDS["launch"] if row["name"] == "Rapidroute for Mid-market"]})
    app = opened("evaluation")
    assert not app.exception
    assert "against Small business: for the worse" in said(app)


def item(gate: str, status: str, must: bool = True) -> SimpleNamespace:
    return SimpleNamespace(title=f"{gate} item", gate=gate, status=status, must=must)


def test_a_launch_gate_stays_shut_while_a_must_is_open() -> None:
    assert "stays shut" in gates.launch_refused("testing", "launch", [item("development", "open")])
    assert gates.launch_refused("testing", "launch", [item("testing", "done"), item("testing", "open", must=False), item("launch", "open")]) == ""
    assert "one by one" in gates.launch_refused("scoping", "testing", [])
    assert gates.launch_refused("testing", "scoping", [item("testing", "open")]) == ""


def test_no_write_passes_a_launch_through_a_shut_gate(store: str) -> None:
    made = writing.create("launch", {"name": "L"}, OPEN)
    part = writing.create("launch_item", {"launch_id": made.id, "title": "Ready", "gate": "scoping"}, OPEN)
    with pytest.raises(FieldsError, match="'Ready'"):
        writing.update("launch", made.id, {"gate": "business_case"}, made.version, OPEN)
    with pytest.raises(FieldsError, match="only once it stands at the gate launch"):
        writing.update("launch", made.id, {"status": "launched"}, made.version, OPEN)
    writing.update("launch_item", part.id, {"status": "done"}, part.version, OPEN)
    assert writing.update("launch", made.id, {"gate": "business_case"}, made.version, OPEN).gate == "business_case"
    assert find("launch", made.id).gate == "business_case"


def test_the_page_says_which_item_keeps_the_gate_shut_and_refuses(store: str) -> None:
    made = writing.create("launch", {"name": "L"}, OPEN)
    writing.create("launch_item", {"launch_id": made.id, "title": "Ready", "gate": "scoping"}, OPEN)
    app = opened("launch")
    assert any("Ready" in str(w.value) for w in app.warning)
    next(b for b in app.button if b.label.startswith("Pass the gate")).click().run()
    assert records("launch")[0].gate == "scoping"
    assert any("stays shut" in str(e.value) for e in app.error)


def session(who: str, task: str, success: bool, seconds: float | None = None, sus: list[str] | None = None, score: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(participant=who, task=task, success=success, seconds=seconds, errors=None, ease=None, sus=sus or [], sus_score=score)


def test_the_usability_score_comes_from_ten_answers_and_counts_each_person_once() -> None:
    best = [f"q{i}={5 if i % 2 else 1}" for i in range(1, 11)]
    found = user_test.sus_by_person([session("P1", "a", True, sus=best), session("P1", "b", True), session("P2", "a", False, score=50.0)])
    assert found == {"P1": 100.0, "P2": 50.0}
    assert user_test.answers(["q1=9"]) is None
    assert user_test.grade(user_test.usability([])) == "no grade"


def test_task_times_are_of_those_who_managed_it() -> None:
    found = user_test.tasks([session("P1", "a", True, 10), session("P2", "a", True, 40), session("P3", "a", False, 500)])
    assert found[0].time.value == pytest.approx(20)
    assert found[0].success.value == pytest.approx(200 / 3)


def test_the_effect_of_a_launch_is_the_change_less_that_of_the_control() -> None:
    cells = [Estimate(v, se=1.0) for v in (10.0, 18.0, 10.0, 12.0)]
    effect = launch_effect(*cells)
    assert effect.value == pytest.approx(6)
    assert (effect.low, effect.high) == pytest.approx((2.08, 9.92), abs=0.01)
    assert launch_effect(cells[0], cells[1], cells[2], Estimate(None)).value is None


def test_adoption_only_grows_and_leaves_out_earlier_users() -> None:
    curve = adoption_curve([date(2025, 12, 1), date(2026, 1, 2), date(2026, 1, 2)], date(2026, 1, 1), 10, date(2026, 1, 4))
    assert [c.adopters for c in curve] == [0, 2, 2, 2]
    assert curve[-1].share.value == pytest.approx(20)


def test_a_concept_that_begins_before_the_one_it_waits_for_is_named() -> None:
    first = SimpleNamespace(id=1, name="A", after_id=None, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1), status="approved")
    second = SimpleNamespace(id=2, name="B", after_id=1, starts_on=date(2026, 3, 1), ends_on=date(2026, 9, 1), status="draft")
    assert conflicts([first, second]) == ["B begins before A ends, which it waits for (1 Jun 2026)"]
    assert quarter(date(2026, 11, 1)) == "2026 Q4"


def test_a_session_that_is_refused_keeps_what_was_typed_and_each_task_is_tried_once(store: str) -> None:
    test = writing.create("user_test", {"name": "Round 1", "tasks": ["Find it"]}, OPEN)
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["step"] = "testing"
    app.session_state[f"product-testing-enter-{test.id}"] = True
    app.run()
    field = {"who": "Participant, a code", "comment": "Comment"}

    def store_it() -> None:
        next(b for b in app.button if b.label == "Store").click().run()

    next(t for t in app.text_area if t.label == field["comment"]).input("Could not find the button")
    store_it()
    assert "at least one task" in beside(app, "Find it")
    next(g for g in app.button_group if g.label == "Find it").set_value("managed")
    store_it()
    assert "must be given" in beside(app, field["who"])
    assert next(t for t in app.text_area if t.label == field["comment"]).value == "Could not find the button", "what was refused stays"
    next(t for t in app.text_input if t.label == field["who"]).input("P1")
    next(n for n in app.number_input if n.label.startswith("Ease")).set_value(6)
    store_it()
    (kept,) = records("test_session")
    assert (kept.participant, kept.task, kept.success, kept.ease, kept.comment) == ("P1", "Find it", True, 6, "Could not find the button")
    assert next(t for t in app.text_input if t.label == field["who"]).value == "", "the form begins anew"
    with pytest.raises(FieldsError, match="unique within the same Test, Task"):
        writing.create("test_session", {"test_id": test.id, "participant": "p1", "task": "Find it"}, OPEN)


def test_a_finding_is_marked_as_fixed_only_with_the_version(store: str) -> None:
    writing.create("finding", {"title": "Nobody sees it", "severity": "major"}, OPEN)
    app = opened("iteration")
    next(b for b in app.button if b.label == "Mark as fixed").click().run()
    assert "needs the version" in beside(app, "Nobody sees it: fixed in version")
    assert records("finding")[0].status == "open"


def test_a_bar_of_the_road_map_is_solid_only_for_what_is_launched_or_the_time_gone() -> None:
    now = date(2026, 10, 31)
    concept = SimpleNamespace(starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 30), status="in_development")
    assert gone(concept, now) == 0.5
    assert gone(SimpleNamespace(**vars(concept) | {"status": "approved"}), now) == 0
    assert gone(SimpleNamespace(**vars(concept) | {"status": "launched"}), now) == 1
    assert gone(SimpleNamespace(**vars(concept) | {"ends_on": date(2026, 10, 1)}), now) == 0


def test_risks_are_listed_the_gravest_first_and_what_is_not_judged_is_named(store: str) -> None:
    for name, risk, risks in (("Calm", "low", "none"), ("Bold", "high", "It may rain"), ("New", None, None)):
        writing.create("concept", {"name": name, "risk": risk, "risks": risks}, OPEN)
    shown = said(opened("concepts"))
    assert "1 concept of high risk; no risk is written down for New" in shown


def test_a_checklist_item_that_somebody_settled_first_is_shown_and_not_overwritten(store: str) -> None:
    launch = writing.create("launch", {"name": "L"}, OPEN)
    item = writing.create("launch_item", {"launch_id": launch.id, "title": "Help pages", "gate": "scoping"}, OPEN)
    app = opened("launch")
    writing.update("launch_item", item.id, {"status": "done"}, item.version, Actor("Uma", "contributor"))
    next(box for box in app.selectbox if box.label == "Status").select("not_needed").run()
    assert "Uma saved" in said(app)
    assert find("launch_item", item.id).status == "done"
    next(b for b in app.button if b.label == "Go on with mine").click().run()
    assert find("launch_item", item.id).status == "not_needed"


def test_everybody_has_one_vote_for_an_idea_and_may_take_it_back(store: str) -> None:
    idea = writing.create("idea", {"title": "Windows", "votes": 4}, OPEN)

    def vote(app: AppTest) -> AppTest:
        return next(b for b in app.button if "ote" in b.label).click().run()

    app = vote(opened("ideation"))
    assert find("idea", idea.id).votes == 5
    assert next(b.label for b in app.button if "ote" in b.label) == "Take my vote back"
    now = find("idea", idea.id)
    writing.update("idea", idea.id, {"votes": 6}, now.version, Actor("Uma", "contributor"))
    vote(opened("ideation"))
    assert find("idea", idea.id).votes == 5
    assert next(b.label for b in opened("ideation").button if "ote" in b.label) == "Vote for it"
