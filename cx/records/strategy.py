"""Registers of the strategy for customers' experience: objectives, milestones, communications, roles, assumptions."""

from __future__ import annotations

from datetime import date

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register


class Objective(Record, table=True):
    title: str = f.text("Objective", example="The easiest company to buy from")
    parent_id: int | None = f.link("objective", "Serves", "The objective above it")
    horizon: str = f.choice("Horizon", "quarter", "year", "long_term", default="year")
    kpi: str | None = f.kpi()
    baseline: float | None = f.number("Baseline")
    target: float | None = f.number("Target")
    description: str | None = f.long_text("Description")
    status: str = f.choice("Status", "draft", "on_track", "at_risk", "reached", "dropped", default="draft")
    owner: str | None = f.person("Owner")
    due_on: date | None = f.day("Due", ahead=True)


class Milestone(Record, table=True):
    title: str = f.text("Milestone")
    objective_id: int | None = f.link("objective", "Objective")
    team: str | None = f.known("team", "Team")
    starts_on: date | None = f.day("Start")
    due_on: date | None = f.day("Due", floor=("starts_on",), ahead=True)
    progress: float | None = f.percent("Progress")
    status: str = f.choice("Status", "planned", "under_way", "done", "late", "dropped", default="planned")
    owner: str | None = f.person("Owner")
    note: str | None = f.long_text("Note")


class Communication(Record, table=True):
    subject: str = f.text("Message", example="What customers told us in spring")
    audience: str = f.choice("Audience", "everybody", "leadership", "teams", "customers", "partners", default="everybody")
    medium: str | None = f.choice("Medium", "mail", "meeting", "intranet", "workshop", "letter")
    sent_on: date | None = f.day("Date")
    objective_id: int | None = f.link("objective", "Objective")
    content: str | None = f.long_text("Content")
    reaction: str | None = f.long_text("Reaction")
    status: str = f.choice("Status", "planned", "sent", "dropped", default="planned")
    owner: str | None = f.person("Owner")


class Role(Record, table=True):
    name: str = f.text("Role", unique=True, example="Journey owner")
    holder: str | None = f.person("Held by")
    team: str | None = f.known("team", "Team")
    duties: str | None = f.long_text("Duties")
    hours_week: float | None = f.number("Time", low=0, high=80, unit="hours a week")
    budget_minor: int | None = f.money("Budget a year")
    currency: str | None = f.currency()
    group: str | None = f.group()


class Assumption(Record, table=True):
    key: str = f.text("Assumption", "By its key in the calculation", unique=True)
    low: float | None = f.number("Low")
    base: float = f.number("Base", floor=("low",))
    high: float | None = f.number("High", floor=("low", "base"))
    reason: str | None = f.text("Where it comes from", longest=400)
    owner: str | None = f.person("Owner")


REGISTERS = (
    Register(
        Objective, "Objectives", "objective", "Where the whole organisation wants to take its customers' experience.",
        label="title", columns=("title", "parent_id", "horizon", "kpi", "baseline", "target", "status", "owner"), sort="due_on", writer="manager",
    ),
    Register(
        Milestone, "Milestones", "milestone", "What is reached when on the way to an objective.",
        label="title", columns=("title", "objective_id", "team", "starts_on", "due_on", "progress", "status", "owner"), sort="due_on",
    ),
    Register(
        Communication, "Communications", "message", "What was said to whom about customers' experience, and how it was taken.",
        label="subject", columns=("subject", "audience", "medium", "sent_on", "objective_id", "status", "owner"), sort="-sent_on",
    ),
    Register(
        Role, "Roles", "role", "Who has which duty for customers' experience, and with what time and money.",
        columns=("name", "holder", "team", "hours_week", "budget_minor", "currency", "group"), sort="name", writer="manager",
    ),
    Register(
        Assumption, "Assumptions", "assumption", "What the return on investment is computed from, each with its range and reason.",
        label="key", columns=("key", "low", "base", "high", "reason", "owner"), sort="key", writer="manager",
    ),
)  # fmt: skip
