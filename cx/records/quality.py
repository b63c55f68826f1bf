"""Registers of quality: objectives, audits, procedures, projects, corrective actions, suppliers."""

from __future__ import annotations

from datetime import date

from cx.records import fields as f
from cx.records.capa import lack, lacking, refused
from cx.records.moves import before, standing
from cx.records.record import Record
from cx.records.registry import Register

CAPA_STATES = ("raised", "root_cause", "plan", "done", "verified", "closed", "cancelled")


class QualityObjective(Record, table=True):
    name: str = f.text("Objective", example="Parcels arrive whole")
    parent_id: int | None = f.link("quality_objective", "Follows from", "The need or driver above it in the tree")
    level: str = f.choice("Level", "need", "driver", "characteristic", default="need")
    characteristic: str | None = f.known("characteristic", "Characteristic", "As it stands in the measurements")
    unit: str | None = f.text("Unit", longest=30)
    lower: float | None = f.number("Lower limit")
    target: float | None = f.number("Target", floor=("lower",))
    upper: float | None = f.number("Upper limit")
    method: str | None = f.text("How it is measured", longest=400)
    frequency: str | None = f.text("How often")
    reaction: str | None = f.long_text("What to do when it is missed")
    owner: str | None = f.person("Owner")
    due_on: date | None = f.day("Due", ahead=True)

    def problems(self) -> dict[str, str]:
        wrong = self.lower is not None and self.upper is not None and self.upper <= self.lower
        return (
            {"upper": f"The upper limit must lie above the lower one; it is {self.upper:g}, the lower {self.lower:g}; correct one."} if wrong else {}
        )


class Supplier(Record, table=True):
    name: str = f.known("supplier", "Supplier", "As it stands in the data, or a new one", unique=True, example="Parcel line")
    provides: str | None = f.text("Provides", longest=400)
    criticality: str = f.choice("Criticality", "low", "medium", "high", default="medium")
    status: str = f.choice("Status", "approved", "on_watch", "blocked", "former", default="approved")
    ppm_target: float | None = f.number("Defects allowed", low=0, unit="ppm")
    on_time_target: float | None = f.percent("On time wanted")
    audit_score: float | None = f.percent("Latest audit")
    response_score: float | None = f.percent("Response", "How fast and well complaints are answered")
    contact: str | None = f.text("Contact")
    next_review_on: date | None = f.day("Next review", ahead=True)
    owner: str | None = f.person("Owner")


class Audit(Record, table=True):
    title: str = f.text("Audit", example="Returns desk")
    kind: str = f.choice("Kind", "internal", "supplier", "customer", "certification", default="internal")
    scope: str | None = f.long_text("Scope")
    criteria: str | None = f.text("Against", "Procedure or standard", longest=400)
    supplier_id: int | None = f.link("supplier", "Supplier")
    auditor: str | None = f.person("Auditor")
    audited: str | None = f.text("Team audited")
    planned_on: date | None = f.day("Planned")
    held_on: date | None = f.day("Held")
    score: float | None = f.percent("Score")
    checklist: list[str] = f.several("Checklist", "Questions to ask")
    status: str = f.choice("Status", "planned", "held", "reported", "closed", "cancelled", default="planned")
    summary: str | None = f.long_text("Summary")


class AuditFinding(Record, table=True):
    audit_id: int = f.link("audit", "Audit", part=True)
    title: str = f.text("Finding")
    grade: str = f.choice("Grade", "strength", "conforms", "opportunity", "minor", "major", default="minor")
    requirement: str | None = f.text("Requirement", longest=400)
    evidence: str | None = f.long_text("Evidence")
    capa_id: int | None = f.link("capa", "Corrective action")
    status: str = f.choice("Status", "open", "answered", "closed", default="open")
    due_on: date | None = f.day("Due", ahead=True)
    owner: str | None = f.person("Owner")


class Procedure(Record, table=True):
    title: str = f.text("Procedure", example="How to call back a disappointed customer")
    code: str | None = f.text("Code", longest=40)
    edition: str = f.text("Version", default="1")
    group: str | None = f.group()
    process_id: int | None = f.link("process", "Process")
    summary: str | None = f.long_text("What to do", "The steps in short")
    link: str | None = f.text("Document", "Where the whole text can be read", longest=500)
    audience: list[str] = f.several("For teams or roles", "Who must have read it", source="facts:team")
    status: str = f.choice("Status", "draft", "in_review", "in_force", "retired", default="draft")
    valid_from: date | None = f.day("In force from")
    review_on: date | None = f.day("Review due", floor=("valid_from",), ahead=True)
    owner: str | None = f.person("Owner")


class Capa(Record, table=True):
    title: str = f.text("Case", example="Parcels arrive wet")
    kind: str = f.choice("Kind", "corrective", "preventive", default="corrective")
    source: str | None = f.choice("Came from", "complaint", "audit", "measurement", "supplier", "employee", "other")
    reference: str | None = f.text("Reference", "Ticket, audit or measurement")
    product: str | None = f.known("product", "Product")
    supplier_id: int | None = f.link("supplier", "Supplier")
    recurs_id: int | None = f.link("capa", "Recurrence of", "The earlier case of the same failure")
    project_id: int | None = f.link("project", "Project", "Where the cure is more than a task")
    kpi: str | None = f.kpi(description="The number that shows whether the cure works")
    severity: str = f.choice("Severity", "low", "medium", "high", "critical", default="medium")
    status: str = f.choice("State", *CAPA_STATES, default="raised")
    raised_on: date | None = f.day("Raised")
    due_on: date | None = f.day("Due", floor=("raised_on",), ahead=True)
    problem: str | None = f.long_text("Problem", "What happened, where, how often")
    containment: str | None = f.long_text("Containment", "What protects customers meanwhile")
    whys: list[str] = f.several("Whys", "Why did it happen, and why that, up to five times")
    causes: list[str] = f.several("Possible causes", "For the fishbone, such as Method: no checklist")
    root_cause: str | None = f.long_text("Root cause")
    plan: str | None = f.long_text("Plan")
    done_on: date | None = f.day("Done", floor=("raised_on",))
    measure: str | None = f.text("Proof", "What shows that it worked", longest=400)
    verified_on: date | None = f.day("Verified", floor=("raised_on",))
    verified_by: str | None = f.person("Verified by")
    effective: str | None = f.choice("Effective", "yes", "no")
    closed_on: date | None = f.day("Closed", floor=("raised_on",))
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        tasks = standing(self, CapaAction, capa_id=self.id)
        reason = refused(was, self.status, self, tasks) if (was := before(self, "status")) else lacking(self.status, self, tasks)
        field, sentence = lack(self.status, self, tasks)
        return {field if reason == sentence else "status": reason} if reason else {}


class CapaAction(Record, table=True):
    capa_id: int = f.link("capa", "Case", part=True)
    title: str = f.text("Task")
    kind: str = f.choice("Kind", "containment", "corrective", "preventive", "verification", default="corrective")
    status: str = f.choice("Status", "open", "in_progress", "done", "dropped", default="open")
    due_on: date | None = f.day("Due", ahead=True)
    done_on: date | None = f.day("Done")
    result: str | None = f.long_text("Result")
    owner: str | None = f.person("Owner")


class QualityCost(Record, table=True):
    month: date = f.day("Month", "Its first day")
    kind: str = f.choice("Kind", "prevention", "appraisal", "internal_failure", "external_failure")
    item: str = f.text("Item", example="Replacements sent")
    amount_minor: int = f.money("Cost")
    currency: str = f.currency()
    process: str | None = f.known("process", "Process")
    product: str | None = f.known("product", "Product")
    note: str | None = f.text("Note", longest=400)


REGISTERS = (
    Register(
        QualityObjective, "Quality objectives", "objective", "What customers call good, broken down to what can be measured.", "quality", "planning",
        columns=("name", "parent_id", "level", "characteristic", "lower", "target", "upper", "owner"), sort="name",
    ),
    Register(
        Audit, "Audits", "audit", "Visits that compare the agreed way of working with the lived one.", "quality", "assurance",
        label="title", columns=("title", "kind", "supplier_id", "auditor", "planned_on", "held_on", "score", "status"), sort="-planned_on",
    ),
    Register(
        AuditFinding, "Audit findings", "audit finding", "What an audit saw, good and bad, and what is done about it.", "quality", "assurance",
        label="title", columns=("audit_id", "title", "grade", "status", "capa_id", "due_on", "owner"), sort="due_on",
    ),
    Register(
        Procedure, "Procedures", "procedure", "Agreed ways of working, with version, owner and review date.", "quality", "assurance",
        label="title", columns=("code", "title", "edition", "group", "status", "valid_from", "review_on", "owner"), sort="title",
    ),
    Register(
        Capa, "Corrective actions", "case", "Failures followed to their cause, and closed only when the cure is proven.", "quality", "corrective",
        label="title", columns=("title", "kind", "source", "severity", "status", "raised_on", "due_on", "owner"), sort="-raised_on",
    ),
    Register(
        CapaAction, "Corrective tasks", "task", "What is to be done for a corrective case, by whom and until when.", "quality", "corrective",
        label="title", sort="due_on",
    ),
    Register(
        QualityCost, "Costs of quality", "cost", "What is spent on preventing, checking and making good.", "quality", "measurement",
        label="item", sort="-month",
    ),
    Register(
        Supplier, "Suppliers", "supplier", "Partners whose work our customers feel, and how they are doing.", "quality", "suppliers",
        columns=("name", "provides", "criticality", "status", "audit_score", "response_score", "next_review_on", "owner"), sort="name",
    ),
)  # fmt: skip
