"""A form that is refused says so beside the field, keeps what was typed and stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx.records.actor import OPEN
from cx.records.writing import create
from cx.store import audit
from cx.store.engine import reading
from tests.pages.few import ROOT, beside, two_customers

LONG = "x" * 2001
HOLDS = "holds at most"
EMPTY = "must be given; it is empty; fill it in."


@dataclass(frozen=True)
class Form:
    """Where a form stands, what is typed into it (label -> value), which field is refused with which words."""

    where: str
    button: str
    typed: dict[str, Any]
    refused: str
    words: str = EMPTY
    state: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    before: Callable[[], Any] = lambda: None

    def __str__(self) -> str:
        return f"{self.where}: {self.button}"


def add(register: str, **values: Any) -> Callable[[], Any]:
    return lambda: create(register, values, OPEN)


def a_step() -> None:
    create("journey_step", {"journey_id": create("journey", {"name": "First order"}, OPEN).id, "name": "Compare", "position": 1}, OPEN)


def a_goal() -> None:
    create("development_goal", {"employee_id": create("employee", {"name": "Ben"}, OPEN).id, "title": "Calm calls", "status": "open"}, OPEN)


def a_reading() -> None:
    paper = create("procedure", {"title": "Call back", "status": "in_force"}, OPEN)
    create("acknowledgement", {"procedure_id": paper.id, "edition": paper.edition, "employee": OPEN.name, "read_on": date(2025, 1, 2), "understood": True}, OPEN)


def a_plan() -> None:
    create("capa", {"title": "Late", "problem": "Parcels are late", "root_cause": "", "status": "root_cause"}, OPEN)


FORMS = [
    Form("13_actions.py", "File it", {"What will be done": "", "Owner": "Ada"}, "What will be done", query={"new": "1"}),
    Form("07_quality.py", "File it", {"New action": " ", "Owner": "Ada"}, "New action", state={"actions-quality-planning-open": True}),
    Form("07_quality.py", "Save", {"Owner": LONG, "Evidence": "seen"}, "Owner", HOLDS, state={"maturity-quality-planning-open": True}),
    Form("15_customers.py", "Add", {"What was said or promised": "", "Owner": "Ada"}, "What was said or promised", before=two_customers, state={"customers-note-stays-add": True}, query={"customer": "stays"}),
    Form("needs.personas", "Add the persona", {"Quote": "Where is it?"}, "Name *"),
    Form("needs.validation", "Add", {"Hypothesis *": "", "Metric": "calls"}, "Hypothesis *"),
    Form("journeys.map", "Begin", {"Name": ""}, "Name"),
    Form("journeys.map", "Save the step", {"Step": "", "Emotion": "curious"}, "Step", before=a_step, state={"jstep": "1. Compare"}),
    Form("product.testing", "Store", {"Participant, a code": "P1", "Comment": "fine"}, "Find it", "none is marked", before=add("user_test", name="Round 1", tasks=["Find it"]), state={"product-testing-enter-1": True}),
    Form("product.iteration", "Mark as fixed", {"Too small: fixed in version": ""}, "Too small: fixed in version", "needs the version", before=add("finding", title="Too small")),
    Form("product.prototypes", "Save", {"What we learnt": "y" * 20_001}, "What we learnt", HOLDS, before=add("prototype", name="Window")),
    Form("quality.control", "Store", {"Characteristic": "", "By": "Ada"}, "Characteristic", "Say what was measured", state={"quality-control-entry": True}),
    Form("quality.corrective", "Move to plan", {"Root cause": ""}, "Root cause", "needs the root cause", before=a_plan),
    Form("improvement.continuous", "Record the decision", {"Evidence for the tollgate of define": ""}, "Evidence for the tollgate of define", "passed on evidence", before=add("project", name="Faster returns")),
    Form("improvement.standardization", "Read and understood", {"Question, if something is not clear": ""}, "Read by", "has confirmed version 1 already", before=a_reading),
    Form("training.performance", "Save the review", {"What was said": "z" * 20_001}, "What was said", HOLDS, before=a_goal),
    Form("reporting.improvement", "Send", {"Report or KPI": "", "Comment": "too late"}, "Report or KPI"),
    Form("reporting.reports", "Schedule", {"Report": "Monday", "Recipients, an address a line": "nobody"}, "Recipients, an address a line", "e-mail"),
    Form("11_blueprint.py", "Save assessment", {"Owner": LONG, "Evidence": "seen"}, "Owner", HOLDS),
    Form("service.feedback", "Resolved", {"Root cause": "", "Outcome": "refunded"}, "Root cause", "A resolved case needs its root cause", before=add("follow_up", title="Low score"), query={"followup": "1"}),
    Form("service.feedback", "Save", {"Root cause": LONG, "Outcome": "refunded"}, "Root cause", HOLDS, before=add("follow_up", title="Low score", due_on=date(2025, 1, 2)), query={"followup": "1"}),
]


def opened(form: Form) -> AppTest:
    form.before()
    app = AppTest.from_file(str(ROOT / "tests" / "pages" / "room.py" if not form.where.endswith(".py") else ROOT / "pages" / form.where), default_timeout=120)
    app.query_params.update(form.query)
    for key, value in {"room": form.where, "period": "all", **form.state}.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def widget(app: AppTest, label: str) -> Any:
    return next(w for w in (*app.text_input, *app.text_area, *app.number_input) if w.label == label)


def written() -> int:
    """The number of the last entry in the audit log: what was stored counts it up."""
    with reading() as session:
        return audit.last(session)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_is_refused_is_said_beside_the_field_and_nothing_typed_is_lost(store: str, form: Form) -> None:
    app = opened(form)
    stood = written()
    for label, value in form.typed.items():
        widget(app, label).set_value(value)
    next(b for b in app.button if b.label == form.button).click().run()
    assert not app.exception, [e.message for e in app.exception]
    sentence = beside(app, form.refused)
    assert form.words in sentence, [m.value for m in app.markdown if ":red[" in m.value] + [e.value for e in app.error]
    assert form.refused.removesuffix(" *") in sentence
    assert {label: widget(app, label).value for label in form.typed} == form.typed
    assert not app.error
    assert written() == stood
