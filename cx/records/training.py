"""Registers of training: employees, skills required and held, courses, sessions, goals, careers."""

from __future__ import annotations

from datetime import date, datetime

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register


class Employee(Record, table=True):
    name: str = f.known("agent", "Name", "As it stands in tickets and deals, or a new one", unique=True, example="Ada Brandt")
    employee_id: str | None = f.text("Employee number", "As it stands in the training data")
    email: str | None = f.email("E-mail")
    role: str | None = f.known("role", "Role")
    team: str | None = f.known("team", "Team")
    manager: str | None = f.person("Manager")
    mentor: str | None = f.person("Mentor")
    joined_on: date | None = f.day("Joined")
    left_on: date | None = f.day("Left", floor=("joined_on",))
    languages: list[str] = f.several("Languages")
    hours_week: float | None = f.number("Hours a week", low=0, high=80)


class Competency(Record, table=True):
    name: str = f.text("Competency", unique=True, example="Listening")
    area: str | None = f.choice("Area", "product", "service", "sales", "method", "tool", "leadership", "language")
    description: str | None = f.long_text("Description")
    levels: str | None = f.long_text("Levels", "What each of 0 to 5 looks like")
    weight: float | None = f.number("Effect on customers", "0 (none) to 10 (large)", low=0, high=10)
    kpi: str | None = f.kpi()


class Requirement(Record, table=True):
    role: str = f.known("role", "Role", within=("competency_id",))
    competency_id: int = f.link("competency", "Competency", part=True)
    level: int = f.score("Level required", low=0, high=5)
    must: bool = f.yes("Indispensable")


class Assessment(Record, table=True):
    employee_id: int = f.link("employee", "Employee", part=True)
    competency_id: int = f.link("competency", "Competency", part=True)
    level: int = f.score("Level held", low=0, high=5)
    assessed_on: date | None = f.day("Assessed on")
    method: str | None = f.choice("Method", "self", "manager", "peer", "test", "observation")
    assessor: str | None = f.person("Assessor")
    note: str | None = f.long_text("Note")


class Course(Record, table=True):
    name: str = f.known("course", "Course", "As it stands in the training data, or a new one", unique=True, example="Calming upset callers")
    objectives: str | None = f.long_text("Objectives", "What people do differently afterwards")
    competency_id: int | None = f.link("competency", "Competency")
    method: str | None = f.choice("Method", "classroom", "online", "self_paced", "on_the_job", "simulation", "blended")
    hours: float | None = f.number("Length", low=0, unit="hours")
    audience: list[str] = f.several("For roles", source="facts:role")
    materials: str | None = f.long_text("Materials")
    trainer: str | None = f.person("Trainer")
    evaluation: str | None = f.long_text("How success is judged", "Reaction, learning, behaviour, results")
    pass_score: float | None = f.percent("Score to pass")
    valid_months: int | None = f.whole("Valid for", low=1, unit="months")
    cost_minor: int | None = f.money("Cost a person")
    currency: str | None = f.currency()
    status: str = f.choice("Status", "draft", "offered", "retired", default="draft")
    owner: str | None = f.person("Owner")


class Session(Record, table=True):
    course_id: int = f.link("course", "Course")
    name: str = f.text("Session", example="Autumn, evening shift")
    starts_at: datetime | None = f.moment("Start")
    ends_at: datetime | None = f.moment("End", floor=("starts_at",))
    place: str | None = f.text("Place or link", longest=400)
    trainer: str | None = f.person("Trainer")
    seats: int | None = f.whole("Seats", low=1)
    enrolled: list[str] = f.several("Enrolled", source="people")
    attended: list[str] = f.several("Attended", source="people")
    status: str = f.choice("Status", "planned", "held", "cancelled", default="planned")
    note: str | None = f.long_text("Note")

    def problems(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.status == "held" and not self.attended:
            found["attended"] = "Somebody came to a session that was held; nobody is named; say who came, or cancel it."
        if self.seats and len(self.enrolled or []) > self.seats:
            found["enrolled"] = f"The session has {self.seats} seats; {len(self.enrolled)} are enrolled; add seats or plan a second session."
        return found


class DevelopmentGoal(Record, table=True):
    employee_id: int = f.link("employee", "Employee", part=True)
    title: str = f.text("Goal", longest=300)
    competency_id: int | None = f.link("competency", "Competency")
    kpi: str | None = f.kpi()
    baseline: float | None = f.number("Baseline")
    target: float | None = f.number("Target")
    actual: float | None = f.number("Actual")
    progress: float | None = f.percent("Progress")
    status: str = f.choice("Status", "open", "on_track", "at_risk", "reached", "dropped", default="open")
    due_on: date | None = f.day("Due", ahead=True)
    reviewed_on: date | None = f.day("Last review")
    review: str | None = f.long_text("Review")
    mentor: str | None = f.person("Mentor")


class CareerStep(Record, table=True):
    employee_id: int = f.link("employee", "Employee", part=True)
    kind: str = f.choice("Kind", "promotion", "rotation", "stretch_task", "specialist_path", default="promotion")
    role_from: str | None = f.known("role", "From role")
    role_to: str = f.known("role", "To role")
    readiness: str = f.choice("Readiness", "now", "one_year", "two_years", "unclear", default="unclear")
    wanted_on: date | None = f.day("Wanted from")
    actions: str | None = f.long_text("What it takes")
    status: str = f.choice("Status", "idea", "agreed", "under_way", "done", "dropped", default="idea")
    sponsor: str | None = f.person("Sponsor")


REGISTERS = (
    Register(
        Employee, "Employees", "employee", "Who serves, sells and builds: role, team, mentor.", "training", "assessment",
        columns=("name", "role", "team", "manager", "mentor", "joined_on", "left_on"), sort="name", writer="manager",
    ),
    Register(
        Competency, "Competencies", "competency", "Skills that customers feel, with what each level looks like.", "training", "assessment",
        columns=("name", "area", "description", "weight", "kpi"), sort="name", writer="manager",
    ),
    Register(
        Requirement, "Role requirements", "requirement", "Which level of which skill a role needs.", "training", "assessment",
        label="role", sort="role", writer="manager",
    ),
    Register(
        Assessment, "Skill assessments", "assessment", "Which level of a skill somebody has; seen by managers only.", "training", "assessment",
        label="employee_id", sort="-assessed_on", writer="manager", reader="manager",
    ),
    Register(
        Course, "Courses", "course", "What is taught, to whom, how, and how success will be judged.", "training", "design",
        columns=("name", "competency_id", "method", "hours", "trainer", "valid_months", "status"), sort="name",
    ),
    Register(
        Session, "Course sessions", "session", "When a course is held, and who takes part.", "training", "delivery",
        columns=("course_id", "name", "starts_at", "trainer", "seats", "enrolled", "status"), sort="-starts_at",
    ),
    Register(
        DevelopmentGoal, "Development goals", "goal", "What somebody wants to learn or reach; seen by managers only.", "training", "coaching",
        label="title", columns=("employee_id", "title", "kpi", "target", "actual", "progress", "status", "due_on"), sort="due_on",
        writer="manager", reader="manager",
    ),
    Register(
        CareerStep, "Career steps", "career step", "Where somebody could go next, and what it takes; seen by managers only.", "training", "career",
        label="role_to", sort="wanted_on", writer="manager", reader="manager",
    ),
)  # fmt: skip
