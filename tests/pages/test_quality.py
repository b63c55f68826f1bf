"""The seven workbenches of quality, on the demo company with its records and on nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cx.analytics.supplier_grade import defect_score, supplier_grade
from cx.blueprint.groups import GROUPS
from cx.demo.records_quality import RECORDS
from cx.errors import MeasureError
from cx.records import capa, writing
from cx.records.actor import OPEN, Actor
from cx.records.lookup import find, records
from cx.records.refusal import FieldsError
from cx.ui import fishbone
from cx.ui.inspection import problem, row
from tests.pages import seeds
from tests.pages.few import beside

PAGE = str(next((Path(__file__).parents[2] / "pages").glob("*_quality.py")))
STEPS = [step.key for step in GROUPS["quality"].steps]


def opened(step: str, **query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["step"] = step
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    parts = [*app.markdown, *app.text, *app.warning, *app.badge] if hasattr(app, "badge") else [*app.markdown, *app.text, *app.warning]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.mark.parametrize("step", STEPS)
def test_a_workbench_with_nothing_says_what_to_do(store: str, step: str) -> None:
    app = opened(step)
    assert not app.exception
    assert not app.error
    assert len(said(app)) > 100


def test_the_control_chart_of_the_slipping_supplier_names_the_broken_rules_and_opens_a_case_from_a_point(demo: str) -> None:
    app = opened("control")
    assert not app.exception
    assert "Incoming inspection · Calwerk Filters" in said(app)
    assert "points signal" in said(app)
    table = app.dataframe[0].value
    assert "beyond 3 sigma" in set("; ".join(table["rule"]).split("; "))


def test_capability_shows_both_sigmas_with_intervals(demo: str) -> None:
    app = opened("measurement")
    assert not app.exception
    text = said(app)
    assert "Ppk" in text
    assert "Sigma within comes from" in text


def test_the_supplier_who_slipped_is_graded_lowest_of_those_inspected(demo: str) -> None:
    seeds.load(RECORDS)
    app = opened("suppliers")
    assert not app.exception
    card = app.dataframe[0].value
    inspected = card[card["ppm"].notna()]
    assert inspected.iloc[0]["supplier"] == "Calwerk Filters"
    assert inspected.iloc[0]["grade"] == "D"


@pytest.mark.parametrize(("step", "words"), [
    ("planning", "characteristics"), ("assurance", "overdue"), ("improvement", "Next candidate"), ("corrective", "overdue"),
])  # fmt: skip
def test_a_workbench_states_its_finding(demo: str, step: str, words: str) -> None:
    seeds.load(RECORDS)
    app = opened(step)
    assert not app.exception
    assert words in said(app)


def case(**more: object) -> SimpleNamespace:
    fields = {"problem": "it leaks", "root_cause": "cold", "plan": "heat", "measure": "leaks a lot", "verified_on": seeds.END, "verified_by": "Ada", "effective": "yes", "owner": "Bo"}
    return SimpleNamespace(**(fields | more))


def test_a_case_cannot_be_closed_unverified() -> None:
    reason = capa.refused("done", "closed", case())
    assert "verified" in reason
    assert "closed only once" in reason


def test_a_case_walks_its_way_and_may_step_back() -> None:
    for was, wanted in (("raised", "root_cause"), ("root_cause", "plan"), ("plan", "done"), ("done", "verified"), ("verified", "closed"), ("done", "root_cause")):
        assert capa.refused(was, wanted, case()) == ""


@pytest.mark.parametrize(("wanted", "lacks", "word"), [
    ("plan", {"root_cause": None}, "root cause"), ("done", {"plan": ""}, "plan"), ("verified", {"effective": "no"}, "effective"), ("verified", {"verified_by": "Bo"}, "other than the owner"),
])  # fmt: skip
def test_a_case_is_refused_with_what_it_lacks(wanted: str, lacks: dict[str, object], word: str) -> None:
    was = capa.WAY[capa.WAY.index(wanted) - 1]
    assert word in capa.refused(was, wanted, case(**lacks))


def test_open_tasks_keep_a_case_from_being_done() -> None:
    task = SimpleNamespace(title="Weld", status="open", kind="corrective")
    assert "'Weld'" in capa.refused("plan", "done", case(), [task])


def test_every_way_of_writing_obeys_the_machine(store: str) -> None:
    made = writing.create("capa", {"title": "Leak", "problem": "it leaks"}, OPEN)
    with pytest.raises(FieldsError, match="closed only once"):
        writing.update("capa", made.id, {"status": "closed"}, made.version, OPEN)
    assert find("capa", made.id).status == "raised"
    moved = writing.update("capa", made.id, {"status": "root_cause"}, made.version, OPEN)
    assert moved.status == "root_cause"


def test_the_workbench_moves_a_case_and_says_why_it_will_not(store: str) -> None:
    writing.create("capa", {"title": "Leak", "problem": "it leaks", "raised_on": seeds.END}, OPEN)
    app = opened("corrective")
    moves = next(box for box in app.selectbox if box.label == "Move to")
    moves.select("closed").run()
    assert any("not to Closed" in str(w.value).replace("\\", "") for w in app.warning)
    next(box for box in app.selectbox if box.label == "Move to").select("root_cause").run()
    next(b for b in app.button if b.label == "Move to root cause").click().run()
    assert records("capa")[0].status == "root_cause"


def test_a_move_of_a_case_that_somebody_saved_first_overwrites_nothing_and_goes_through_on_demand(store: str) -> None:
    made = writing.create("capa", {"title": "Leak", "problem": "it leaks", "raised_on": seeds.END}, OPEN)
    writing.update("capa", made.id, {"status": "root_cause"}, made.version, OPEN)
    app = opened("corrective")
    next(t for t in app.text_area if t.label == "Root cause").input("A worn seal")
    read = find("capa", made.id)
    writing.update("capa", made.id, {"root_cause": "A wrong seal"}, read.version, Actor("Uma", "contributor"))
    next(b for b in app.button if b.label == "Move to plan").click().run()
    shown = said(app)
    assert "Uma saved" in shown
    assert "stored is A wrong seal, yours is A worn seal" in shown
    assert (find("capa", made.id).root_cause, find("capa", made.id).status) == ("A wrong seal", "root_cause")
    next(b for b in app.button if b.label == "Go on with mine").click().run()
    next(b for b in app.button if b.label == "Move to plan").click().run()
    assert (find("capa", made.id).root_cause, find("capa", made.id).status) == ("A worn seal", "plan")


def test_the_case_that_was_chosen_stays_chosen_when_its_state_changes(store: str) -> None:
    for title, due in (("First", 1), ("Second", 2)):
        writing.create("capa", {"title": title, "problem": "it leaks", "raised_on": seeds.END, "due_on": seeds.END + timedelta(days=due)}, OPEN)
    app = opened("corrective", case="Second (raised)")
    next(b for b in app.button if b.label == "Move to root cause").click().run()
    assert next(box for box in app.selectbox if box.label.startswith("Case")).value == "Second (root cause)"
    assert {c.title: c.status for c in records("capa")} == {"First": "raised", "Second": "root_cause"}
    assert next(box for box in opened("corrective", case="Second (raised)").selectbox if box.label.startswith("Case")).value == "Second (root cause)", "an old link still finds it"


def test_causes_go_to_their_bones_and_hostile_text_stays_text() -> None:
    bones = fishbone.sorted_causes(["Method: no list", "rain", "<script>alert(1)</script>"])
    assert bones["Method"] == ["no list"]
    assert bones["Other"] == ["rain", "<script>alert(1)</script>"]
    svg = fishbone.fishbone("It <leaks>", bones).svg()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_tied_loop_of_objectives_is_still_drawn() -> None:
    names = {1: ("a", "", ""), 2: ("b", "", "good")}
    assert "✓" in fishbone.tree([1], names, {1: [2], 2: [1]}).svg()


def test_a_supplier_grade_shares_the_weight_of_what_is_not_known() -> None:
    grade = supplier_grade({"defects": 100.0, "on_time": None, "audit": 80.0, "response": None}, {"defects": 60, "on_time": 20, "audit": 20, "response": 0})
    assert grade.score == pytest.approx(95.0)
    assert (grade.letter, grade.missing) == ("A", ("on_time",))
    assert defect_score(2500, 500) == 0
    with pytest.raises(MeasureError):
        supplier_grade({}, {"defects": -1.0})


def test_an_entered_inspection_is_checked_before_it_is_stored() -> None:
    assert problem({"characteristic": "x", "sample_size": 5, "defectives": 9}, "defectives") == {"defectives": "More defectives than units: 9 of 5."}
    assert list(problem({"characteristic": "x", "sample_size": None, "defects": 2}, "defects")) == ["sample_size"]
    assert list(problem({"characteristic": "x", "sample_size": 5, "defects": None}, "defects")) == ["defects"]
    assert problem({"characteristic": "x", "value": 1.0}, "value") == {}
    made = row({"characteristic": "x", "value": 1.0})
    assert made.rows.num_rows == 1
    assert made.rows["characteristic"][0].as_py() == "x"


def test_an_audit_is_not_held_without_a_result(store: str) -> None:
    writing.create("audit", {"title": "Returns desk", "planned_on": seeds.END, "checklist": ["Is it registered?", "Is it told?"]}, OPEN)
    app = opened("assurance")
    next(b for b in app.button if b.label == "Record").click().run()
    assert "nothing is marked" in beside(app, "Another finding")
    assert (records("audit")[0].status, records("audit_finding")) == ("planned", [])
    next(g for g in app.button_group if g.label.replace("\\", "") == "Is it registered?").set_value("conforms")
    next(b for b in app.button if b.label == "Record").click().run()
    (held,) = records("audit")
    assert (held.status, held.score, [f.title for f in records("audit_finding")]) == ("held", 100.0, ["Is it registered?"])


def test_long_words_stay_within_the_boxes_of_a_drawing() -> None:
    svg = fishbone.tree([1], {1: ("At most 0.8 % defective at incoming inspection", "driver", "bad")}, {}).svg()
    assert "At most 0.8 % defective at incoming" in svg
    assert ">inspection<" in svg
    bones = fishbone.fishbone("It leaks", {"Method": ["The calibration plan knows nothing of moves between two plants"]}, "").svg()
    assert "The calibration plan knows" in bones
    assert "between two" in bones
    assert "…" not in bones + svg


@pytest.mark.parametrize("series", ["Supplier response time · Torrefa Beans", "Brew temperature · Brunoma Studio", "Packing defects · Packing"])
def test_a_series_of_any_unit_lists_its_signals_with_limits_in_that_unit(demo: str, series: str) -> None:
    app = opened("control", series=series)
    assert not app.exception
    assert f"{series}:" in said(app)
    assert "points signal" in said(app)
    assert set(app.dataframe[0].value.columns) >= {"limits", "rule"}
