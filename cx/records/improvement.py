"""Registers of process improvement: processes and their steps, projects, roll-out tasks, who has read what."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.records import fields as f
from cx.records.gates import project_refused
from cx.records.moves import before, standing
from cx.records.record import Record
from cx.records.registry import Register

PHASES = ("define", "measure", "analyse", "improve", "control", "closed", "stopped")


class Process(Record, table=True):
    name: str = f.known("process", "Process", "As it stands in the event log, or a new one", example="returns")
    kind: str = f.choice("State", "as_is", "to_be", default="as_is")
    edition: int = f.whole("Edition", low=1, default=1)
    as_is_id: int | None = f.link("process", "Present version", "The one this redesign is to replace")
    group: str | None = f.group()
    purpose: str | None = f.long_text("Purpose")
    suppliers: list[str] = f.several("Suppliers", "Who provides what it needs")
    inputs: list[str] = f.several("Inputs")
    outputs: list[str] = f.several("Outputs")
    customers: list[str] = f.several("Customers", "Who receives what it makes")
    starts_with: str | None = f.text("Starts with")
    ends_with: str | None = f.text("Ends with")
    arrivals_per_day: float | None = f.number("Cases a day", low=0)
    target_hours: float | None = f.number("Lead time wanted", low=0, unit="hours")
    status: str = f.choice("Status", "draft", "agreed", "retired", default="draft")
    owner: str | None = f.person("Owner")
    settings: Any = f.document("Simulation", "Settings of the simulation, written by the workbench")


class ProcessStep(Record, table=True):
    process_id: int = f.link("process", "Process", part=True)
    position: int = f.whole("Position", low=0, default=1)
    name: str = f.known("step", "Step", "As it stands in the event log, or a new one", example="inspect", within=("process_id",))
    role: str | None = f.known("role", "Role", "Whose lane it stands in")
    kind: str = f.choice("Kind", "task", "decision", "wait", "start", "end", default="task")
    next_steps: list[str] = f.several("Followed by", "Names of the steps; a share may follow, such as repair: 20%")
    work_minutes: float | None = f.number("Work", low=0, unit="minutes")
    wait_minutes: float | None = f.number("Wait before", low=0, unit="minutes")
    variation: float | None = f.number("Variation of work", "Coefficient of variation", low=0, high=10)
    staff: int | None = f.whole("People", low=0)
    value_added: bool = f.yes("Adds value for the customer")
    right_first_time: float | None = f.percent("Right first time")
    technology_id: int | None = f.link("technology", "System")
    touchpoint_id: int | None = f.link("touchpoint", "Touchpoint", "Where the customer feels it")
    note: str | None = f.long_text("Note")


class Project(Record, table=True):
    name: str = f.text("Project", example="Half the returns lead time")
    kind: str = f.choice("Kind", "quality", "process", "customer experience", "cost", default="process")
    group: str | None = f.group()
    phase: str = f.choice("Phase", *PHASES, default="define")
    problem: str | None = f.long_text("Problem")
    scope: str | None = f.long_text("Scope")
    kpi: str | None = f.kpi()
    measure: str | None = f.text("Measure", "Where no KPI fits")
    process: str | None = f.known("process", "Only of process", "Narrows the KPI to one process of the event log")
    baseline: float | None = f.number("Baseline")
    target: float | None = f.number("Target")
    actual: float | None = f.number("Actual")
    expected_minor: int | None = f.money("Benefit expected a year")
    verified_minor: int | None = f.money("Benefit verified a year", "As the test on the KPI shows it", low=None, computed=True)
    currency: str | None = f.currency()
    verified_by: str | None = f.person("Verified by", "Somebody outside the project")
    causes: list[str] = f.several("Causes found")
    solution: str | None = f.long_text("Solution")
    control_plan: str | None = f.long_text("Control plan", "How the gain is kept")
    in_effect_on: date | None = f.day("In effect from", "From this day on its effect is tested")
    effect: float | None = f.number("Tested effect", "Change of the KPI, as the board computed it", computed=True)
    effect_low: float | None = f.number("Tested effect, lower end", computed=True)
    effect_high: float | None = f.number("Tested effect, upper end", floor=("effect_low",), computed=True)
    effect_p: float | None = f.number("p of the test", low=0, high=1, computed=True)
    starts_on: date | None = f.day("Start")
    due_on: date | None = f.day("Due", floor=("starts_on",), ahead=True)
    sponsor: str | None = f.person("Sponsor")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.verified_minor is not None and not self.verified_by:
            found["verified_by"] = "A verified benefit needs the name of who verified it; it is empty; fill it in."
        if self.verified_minor and (self.effect_p is None or self.effect_p >= 0.05):
            found["verified_minor"] = (
                "A benefit counts as verified only where a test on the KPI shows the effect; it does not; run the test on the board."
            )
        gates = standing(self, Tollgate, project_id=self.id)
        reason = project_refused(was, self.phase, self, gates) if (was := before(self, "phase")) else ""
        return found | ({"phase": reason} if reason else {})


class Tollgate(Record, table=True):
    project_id: int = f.link("project", "Project", part=True)
    phase: str = f.choice("Phase", *PHASES[:5], default="define")
    decision: str = f.choice("Decision", "passed", "sent_back", default="passed")
    evidence: str | None = f.long_text("Evidence", "What was shown: numbers, documents, links")
    decided_by: str | None = f.person("Decided by")
    decided_on: date | None = f.day("Decided on")

    def problems(self) -> dict[str, str]:
        bare = self.decision == "passed" and not (self.evidence or "").strip()
        return {"evidence": "A gate is passed on evidence; it is empty; say what was shown."} if bare else {}


class RolloutTask(Record, table=True):
    title: str = f.text("Task", example="Train the evening shift")
    process_id: int | None = f.link("process", "Process")
    project_id: int | None = f.link("project", "Project")
    kind: str = f.choice("Kind", "task", "communication", "training", "decision", default="task")
    responsible: str | None = f.person("Responsible", "Does it")
    accountable: str | None = f.person("Accountable", "Answers for it")
    consulted: list[str] = f.several("Consulted", source="people")
    informed: list[str] = f.several("Informed", source="people")
    starts_on: date | None = f.day("Start")
    due_on: date | None = f.day("Due", floor=("starts_on",), ahead=True)
    after_id: int | None = f.link("rollout_task", "After")
    status: str = f.choice("Status", "open", "in_progress", "done", "dropped", default="open")
    progress: float | None = f.percent("Progress")
    note: str | None = f.long_text("Note")


class Acknowledgement(Record, table=True):
    procedure_id: int = f.link("procedure", "Procedure", part=True)
    edition: str = f.text("Version read", default="1")
    employee: str = f.person("Person")
    read_on: date = f.day("Read on")
    understood: bool = f.yes("Understood", default=True)
    question: str | None = f.text("Question", longest=600)


REGISTERS = (
    Register(
        Process, "Processes", "process", "How work runs now, and how it is to run.", "improvement", "mapping",
        columns=("name", "kind", "edition", "group", "target_hours", "status", "owner"), sort="name",
    ),
    Register(
        ProcessStep, "Process steps", "process step", "The steps of a process: role, work, waiting and what follows.", "improvement", "mapping",
        columns=("process_id", "position", "name", "role", "kind", "work_minutes", "wait_minutes", "value_added"), sort="position",
    ),
    Register(
        RolloutTask, "Roll-out tasks", "task", "Who does what until when, so that a change reaches everybody it concerns.", "improvement",
        "implementation", label="title", columns=("title", "kind", "responsible", "accountable", "starts_on", "due_on", "status", "progress"), sort="due_on",
    ),
    Register(
        Project, "Projects", "project", "Improvements led from a stated problem to a verified benefit.", "improvement", "continuous",
        columns=("name", "kind", "phase", "kpi", "baseline", "target", "actual", "owner"), sort="due_on",
    ),
    Register(
        Tollgate, "Tollgates", "tollgate", "Decisions that let a project into its next phase, each with its evidence.", "improvement", "continuous",
        label="phase", columns=("project_id", "phase", "decision", "evidence", "decided_by", "decided_on"), sort="-decided_on",
    ),
    Register(
        Acknowledgement, "Acknowledgements", "acknowledgement", "Who has read and understood which version of a procedure.", "improvement",
        "standardization", label="employee", sort="-read_on",
    ),
)  # fmt: skip
