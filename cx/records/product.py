"""Registers of product and service development: ideas, concepts, prototypes, user tests, findings, launches."""

from __future__ import annotations

from datetime import date

from cx.records import fields as f
from cx.records.gates import LAUNCH, launch_refused
from cx.records.moves import before, standing
from cx.records.record import Record
from cx.records.registry import Register


class Idea(Record, table=True):
    title: str = f.text("Idea", example="Choose the delivery window at checkout")
    description: str | None = f.long_text("Description")
    need_id: int | None = f.link("need", "Need", "The need it answers")
    evidence: str | None = f.long_text("Evidence", "Comments or numbers that speak for it")
    theme: str | None = f.text(
        "Words in comments", "Customers' comments that contain this are shown with the idea", longest=80, example="delivery date"
    )
    source: str | None = f.choice("Came from", "customer", "employee", "partner", "competitor", "data")
    reach: float | None = f.number("Reach", "Customers it touches in a quarter", low=0)
    impact: float | None = f.number("Impact", "0.25 (minimal), 0.5, 1, 2, 3 (massive)", low=0, high=3)
    confidence: float | None = f.percent("Confidence")
    effort: float | None = f.number("Effort", "In person-months", low=0.1, unit="months")
    votes: int = f.whole("Votes", low=0, default=0)
    status: str = f.choice("Status", "new", "considered", "concept", "rejected", "done", default="new")
    owner: str | None = f.person("Owner")


class Concept(Record, table=True):
    name: str = f.text("Concept", example="Delivery windows")
    idea_id: int | None = f.link("idea", "Idea")
    segment: str | None = f.known("segment", "For segment")
    problem: str | None = f.long_text("Problem")
    solution: str | None = f.long_text("Solution")
    benefit: str | None = f.long_text("Benefit to customers")
    value_minor: int | None = f.money("Expected value a year")
    cost_minor: int | None = f.money("Cost")
    currency: str | None = f.currency()
    risks: str | None = f.long_text("Risks")
    risk: str | None = f.choice("Risk", "low", "medium", "high")
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))
    after_id: int | None = f.link("concept", "After", "What must be done before")
    status: str = f.choice("Status", "draft", "assessed", "approved", "in_development", "launched", "stopped", default="draft")
    owner: str | None = f.person("Owner")


class Prototype(Record, table=True):
    name: str = f.text("Prototype", example="Delivery windows, clickable")
    concept_id: int | None = f.link("concept", "Concept")
    edition: str = f.text("Version", default="1", example="2")
    fidelity: str = f.choice("Fidelity", "sketch", "wireframe", "clickable", "functional", "pilot", default="sketch")
    link: str | None = f.text("Link", longest=500)
    picture: str | None = f.text("Picture", "Address or file name", longest=500)
    question: str | None = f.long_text("What it is to teach us")
    learning: str | None = f.long_text("What we learnt")
    built_on: date | None = f.day("Built on")
    owner: str | None = f.person("Owner")


class UserTest(Record, table=True):
    name: str = f.text("Test", example="Checkout, round 2")
    prototype_id: int | None = f.link("prototype", "Prototype")
    product: str | None = f.known("product", "Product")
    edition: str | None = f.text("Version tested", example="2")
    method: str = f.choice("Method", "moderated", "unmoderated", "guerrilla", "beta", default="moderated")
    tasks: list[str] = f.several("Tasks", "What participants were asked to do")
    held_on: date | None = f.day("Date")
    goal: float | None = f.percent("Success wanted", default=78)
    status: str = f.choice("Status", "planned", "running", "done", default="planned")
    summary: str | None = f.long_text("Summary")
    owner: str | None = f.person("Owner")


class TestSession(Record, table=True):
    __test__ = False  # its name starts like a test's, and collectors go by names
    test_id: int = f.link("user_test", "Test", part=True)
    participant: str = f.text("Participant", "A code, not a name; each task once", example="P1", within=("test_id", "task"))
    segment: str | None = f.known("segment", "Segment")
    held_on: date | None = f.day("Date")
    task: str = f.text("Task")
    success: bool = f.yes("Succeeded")
    seconds: float | None = f.number("Time on task", low=0, unit="seconds")
    errors: int | None = f.whole("Errors", low=0)
    ease: int | None = f.score("Ease after the task", high=7)
    sus: list[str] = f.several("SUS answers", "Ten answers from 1 to 5 in order, such as q1=4", source="sus")
    sus_score: float | None = f.number("SUS", "0 to 100, of the whole session", low=0, high=100)
    comment: str | None = f.long_text("Comment")


class Finding(Record, table=True):
    title: str = f.text("Finding", example="Nobody sees the date field")
    test_id: int | None = f.link("user_test", "Test")
    product: str | None = f.known("product", "Product")
    edition: str | None = f.text("Version found in")
    severity: str = f.choice("Severity", "cosmetic", "minor", "major", "critical", default="minor")
    participants: int | None = f.whole("Participants affected", low=0)
    description: str | None = f.long_text("Description")
    recommendation: str | None = f.long_text("Recommendation")
    status: str = f.choice("Status", "open", "planned", "fixed", "declined", default="open")
    fixed_in: str | None = f.text("Fixed in version")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        return (
            {"fixed_in": "A fixed finding needs the version it was fixed in; it is empty; name it."}
            if self.status == "fixed" and not self.fixed_in
            else {}
        )


class Launch(Record, table=True):
    name: str = f.text("Launch", example="Delivery windows for everybody")
    concept_id: int | None = f.link("concept", "Concept")
    product: str | None = f.known("product", "Product", "Whose answers and use tell the effect")
    segment: str | None = f.known("segment", "For segment")
    control_segment: str | None = f.known("segment", "Control segment", "Which does not get it yet")
    adoption_event: str | None = f.known("event", "Adoption", "The event that shows a customer uses it")
    gate: str = f.choice("Stage", *LAUNCH, default="scoping")
    launch_on: date | None = f.day("Launch date")
    kpi: str | None = f.kpi()
    goal: float | None = f.number("Goal")
    status: str = f.choice("Status", "planned", "go", "no_go", "launched", "stopped", default="planned")
    learning: str | None = f.long_text("What we learnt")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        items = standing(self, LaunchItem, launch_id=self.id)
        reason = launch_refused(was, self.gate, items) if (was := before(self, "gate")) else ""
        if not reason and self.status == "launched" and self.gate not in ("launch", "review"):
            return {
                "status": f"It is launched only once it stands at the gate launch; it stands at {self.gate.replace('_', ' ')}; pass the gates first."
            }
        return {"gate": reason} if reason else {}


class LaunchItem(Record, table=True):
    launch_id: int = f.link("launch", "Launch", part=True)
    title: str = f.text("Item", example="Help pages are written")
    gate: str = f.choice("Stage", *LAUNCH, default="launch")
    area: str | None = f.choice("Area", "product", "marketing", "sales", "service", "legal", "operations", "training")
    must: bool = f.yes("Must be done before the gate", default=True)
    status: str = f.choice("Status", "open", "in_progress", "done", "not_needed", default="open")
    due_on: date | None = f.day("Due", ahead=True)
    owner: str | None = f.person("Owner")


REGISTERS = (
    Register(
        Idea, "Ideas", "idea", "What could be made or changed, each tied to a need that somebody has.", "product", "ideation",
        label="title", columns=("title", "need_id", "reach", "impact", "confidence", "effort", "votes", "status"), sort="-votes",
    ),
    Register(
        Concept, "Concepts", "concept", "Ideas thought through on a page: problem, solution, value, risk, time.", "product", "concepts",
        columns=("name", "idea_id", "segment", "risk", "starts_on", "ends_on", "status", "owner"), sort="starts_on",
    ),
    Register(
        Prototype, "Prototypes", "prototype", "What people could touch, version by version, and what it taught us.", "product", "prototypes",
        columns=("name", "concept_id", "edition", "fidelity", "link", "built_on", "owner"), sort="-built_on",
    ),
    Register(
        UserTest, "User tests", "user test", "Rounds in which people tried it while we watched.", "product", "testing",
        columns=("name", "prototype_id", "edition", "method", "held_on", "status", "owner"), sort="-held_on",
    ),
    Register(
        TestSession, "Test sessions", "test session", "One row a participant and task: success, time, errors, usability.", "product", "testing",
        label="participant", columns=("test_id", "participant", "task", "success", "seconds", "errors", "ease", "sus_score"), sort="participant",
    ),
    Register(
        Finding, "Findings", "finding", "What went wrong in tests, how bad it is and in which version it was mended.", "product", "iteration",
        label="title", columns=("title", "test_id", "edition", "severity", "participants", "status", "fixed_in", "owner"), sort="title",
    ),
    Register(
        Launch, "Launches", "launch", "What goes out when, for whom, and how we shall know that it worked.", "product", "launch",
        columns=("name", "product", "segment", "gate", "launch_on", "status", "owner"), sort="-launch_on",
    ),
    Register(
        LaunchItem, "Launch checklist", "checklist item", "What must be ready before a launch passes its next gate.", "product", "launch",
        label="title", columns=("launch_id", "title", "gate", "area", "must", "status", "due_on", "owner"), sort="due_on",
    ),
)  # fmt: skip
