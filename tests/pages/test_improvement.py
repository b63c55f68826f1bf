"""The seven workbenches of process improvement, on the demo company with its records and on nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cx.analytics.drawn_process import Step, edges, model, shares
from cx.analytics.simulation import change, simulate
from cx.blueprint.groups import GROUPS
from cx.demo import records_improvement, records_quality
from cx.errors import MeasureError
from cx.records import gates, writing
from cx.records.actor import OPEN
from cx.records.lookup import find, records
from cx.records.refusal import FieldsError
from cx.ui.process_map import Arrow, Node, process_map, upright_map
from cx.ui.project_board import reached, worth
from tests.pages import seeds
from tests.pages.few import beside

PAGE = str(next((Path(__file__).parents[2] / "pages").glob("*_improvement.py")))
STEPS = [step.key for step in GROUPS["improvement"].steps]


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


def test_the_log_draws_its_own_map_and_can_be_taken_over(demo: str) -> None:
    app = opened("mapping")
    assert not app.exception
    assert "Ask department takes" in said(app)
    next(b for b in app.button if b.label == "Take over as a drawn process").click().run()
    assert not app.exception
    assert [p.name for p in records("process")] == ["complaint handling"]
    assert {s.name for s in records("process_step")} >= {"Register", "Assess", "Ask department", "Decide", "Close"}


@pytest.mark.parametrize(("step", "words"), [
    ("analysis", "is the bottleneck"), ("redesign", "The new version is faster"), ("implementation", "tasks are done"), ("monitoring", "weeks signal"),
    ("continuous", "have a benefit that a test confirms"), ("standardization", "past their review"),
])  # fmt: skip
def test_a_workbench_states_its_finding(demo: str, step: str, words: str) -> None:
    seeds.load(records_quality.RECORDS, records_improvement.RECORDS)
    app = opened(step)
    assert not app.exception
    assert words in said(app)


def test_what_follows_a_step_shares_the_rest_evenly_and_never_passes_a_hundred_percent() -> None:
    assert shares(("repair: 20%", "pack", "scrap")) == pytest.approx({"repair": 0.2, "pack": 0.4, "scrap": 0.4})
    with pytest.raises(MeasureError):
        shares(("a: 70%", "b: 40%"))


def test_a_step_that_names_nothing_goes_on_to_the_next() -> None:
    assert edges((Step("a"), Step("b", follows=("a: 10%", "end")), Step("c"))) == {"a": {"b": 1.0}, "b": {"a": pytest.approx(0.1)}, "c": {}}


def test_a_shorter_wait_shows_in_the_simulated_lead_time() -> None:
    slow, fast = (simulate(model((Step("a", "clerk", wait=wait, work=10),), 8.0), hours=200, replications=5) for wait in (120.0, 10.0))
    gap = change(slow, fast)
    assert gap.significant
    assert gap.value is not None
    assert gap.value == pytest.approx(-110 / 60, rel=0.25)


def test_a_drawn_process_that_leads_nowhere_is_refused_in_one_sentence() -> None:
    with pytest.raises(MeasureError, match="must be in the process"):
        model((Step("a", follows=("nowhere",)),), 8.0)


def test_maps_escape_the_names_of_steps_and_mark_what_leads_back() -> None:
    nodes = [Node("<b>", "A & B", 0, "wait 2 h · work 5 min"), Node("c", "A & B", 1, hot=True)]
    for draw in (process_map, upright_map):
        svg = draw(nodes, [Arrow("<b>", "c", "90 %", 0.9), Arrow("c", "<b>", "10 %")]).svg()
        assert "<b>" not in svg
        assert "A &amp; B" in svg
        assert "stroke-dasharray" in svg


def project(**more: object) -> SimpleNamespace:
    fields = {"problem": "slow", "kpi": "lead_time", "measure": None, "target": 1.0, "baseline": 2.0, "causes": ["wait"], "solution": "less", "in_effect_on": seeds.END, "control_plan": "chart", "effect": -0.5}
    return SimpleNamespace(**(fields | more))


def test_a_phase_is_passed_only_through_a_gate_with_evidence() -> None:
    passed = SimpleNamespace(phase="define", decision="passed", evidence="charter")
    assert "was not passed" in gates.project_refused("define", "measure", project(), [])
    assert gates.project_refused("define", "measure", project(), [passed]) == ""
    assert "one by one" in gates.project_refused("define", "improve", project(), [passed])
    assert "the baseline" in gates.project_refused("measure", "analyse", project(baseline=None), [passed])


def test_no_write_moves_a_project_past_its_gate_or_types_in_a_benefit(store: str) -> None:
    made = writing.create("project", {"name": "P", "problem": "slow", "kpi": "lead_time", "target": 1.0}, OPEN)
    with pytest.raises(FieldsError, match="was not passed"):
        writing.update("project", made.id, {"phase": "measure"}, made.version, OPEN)
    benefit = {"verified_minor": 100, "currency": "EUR", "verified_by": "Ada", "effect": -0.5, "effect_p": 0.001}
    with pytest.raises(FieldsError, match="computed by a test and cannot be typed") as typed:
        writing.update("project", made.id, benefit, made.version, OPEN)
    assert set(typed.value.errors) == {"verified_minor", "effect", "effect_p"}
    with pytest.raises(FieldsError, match="computed by a test and cannot be typed"):
        writing.create("project", {"name": "Q", **benefit}, OPEN)
    with pytest.raises(FieldsError, match="only where a test on the KPI"):
        writing.update("project", made.id, benefit | {"effect_p": 0.2}, made.version, OPEN, computed=True)
    with pytest.raises(FieldsError, match="evidence"):
        writing.create("tollgate", {"project_id": made.id, "phase": "define"}, OPEN)
    writing.create("tollgate", {"project_id": made.id, "phase": "define", "evidence": "charter signed"}, OPEN)
    assert writing.update("project", made.id, {"phase": "measure"}, made.version, OPEN).phase == "measure"
    assert find("project", made.id).phase == "measure"


def test_the_verified_benefit_is_the_shown_share_of_what_was_expected() -> None:
    from cx.analytics.estimate import Estimate

    p = project(expected_minor=1000)
    shown = SimpleNamespace(average=Estimate(-0.5), p_average=0.01)
    assert worth(p, shown) == 500  # type: ignore[arg-type]
    assert worth(p, SimpleNamespace(average=Estimate(-0.5), p_average=0.2)) == 0  # type: ignore[arg-type]
    assert worth(p, SimpleNamespace(average=Estimate(0.5), p_average=0.01)) == 0  # type: ignore[arg-type]
    assert reached(2.0, 1.0, 1.5) == 50
    assert reached(None, 1.0, 1.5) is None


def test_a_version_is_confirmed_once_a_person_and_a_question_is_settled_by_understanding(store: str) -> None:
    paper = writing.create("procedure", {"title": "Call back", "edition": "2", "status": "in_force"}, OPEN)
    writing.create("employee", {"name": "Ada"}, OPEN)

    def confirm(question: str = "") -> AppTest:
        app = opened("standardization")
        next(box for box in app.selectbox if box.label == "Read by").select("Ada")
        next(t for t in app.text_input if t.label.startswith("Question")).input(question)
        return next(b for b in app.button if b.label == "Read and understood").click().run()

    confirm("What on weekends?")
    assert [(a.employee, a.understood, a.question) for a in records("acknowledgement")] == [("Ada", False, "What on weekends?")]
    confirm()
    assert [(a.edition, a.understood, a.question) for a in records("acknowledgement")] == [("2", True, "What on weekends?")]
    again = confirm()
    assert "confirmed version 2 already" in beside(again, "Read by")
    assert len(records("acknowledgement", procedure_id=paper.id)) == 1


def test_a_process_beyond_what_can_be_simulated_is_still_shown(store: str) -> None:
    process = writing.create("process", {"name": "returns", "arrivals_per_day": 50_000.0}, OPEN)
    writing.create("process_step", {"process_id": process.id, "name": "Open", "work_minutes": 1.0, "staff": 900}, OPEN)
    app = opened("redesign")
    assert {n.label: n.value for n in app.number_input} == {"Cases a day": 4000, "Open, people": 500}


def test_a_process_is_drawn_step_by_step_each_at_its_place(store: str) -> None:
    process = writing.create("process", {"name": "returns"}, OPEN)

    def draw(app: AppTest, name: str, after: str = "") -> AppTest:
        next(t for t in app.text_input if t.label == "Another step").input(name)
        if after:
            box = next(box for box in app.selectbox if box.label == "After")
            box.select(next(int(r.id) for r in records("process_step") if r.name == after))
        return next(b for b in app.button if b.label == "Add the step").click().run()

    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["step"] = "mapping"
    app.query_params["mapped"] = "Drawn"
    app.run()
    draw(draw(draw(app, "Register"), "Refund"), "Inspect", after="Register")
    steps = sorted(records("process_step", process_id=process.id), key=lambda r: r.position)
    assert [(r.position, r.name) for r in steps] == [(1, "Register"), (2, "Inspect"), (3, "Refund")]
    again = draw(app, "inspect")
    assert "must be unique within the same Process" in beside(again, "Another step")
    assert len(records("process_step")) == 3


def test_the_roll_out_says_who_is_told_and_taught_until_when(store: str) -> None:
    writing.create("rollout_task", {"title": "Tell the teams", "kind": "communication", "responsible": "Ada", "informed": ["Ben"], "due_on": seeds.END, "status": "done"}, OPEN)
    writing.create("rollout_task", {"title": "Train the late shift", "kind": "training", "responsible": "Cy", "due_on": seeds.END}, OPEN)
    assert "Done: communication 1 of 1, training 0 of 1" in said(opened("implementation"))


def test_a_process_is_begun_from_nothing_on_the_map(store: str) -> None:
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["step"] = "mapping"
    app.query_params["mapped"] = "Drawn"
    app.run()
    next(b for b in app.button if b.label == "Begin").click().run()
    assert "must be given" in beside(app, "Name of the process")
    next(t for t in app.text_input if t.label == "Name of the process").input("returns")
    next(b for b in app.button if b.label == "Begin").click().run()
    assert [(p.name, p.kind) for p in records("process")] == [("returns", "as_is")]
    assert any(t.label == "Another step" for t in app.text_input)
