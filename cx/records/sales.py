"""Registers of sales: stages with their exit criteria, quotas, coaching notes, account reviews."""

from __future__ import annotations

from datetime import date

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register


class SalesStage(Record, table=True):
    name: str = f.known("stage", "Stage", "As it stands in the data, or a new one", unique=True, example="Proposal")
    position: int = f.whole("Position", low=1, default=1)
    probability: float | None = f.percent("Chance to win")
    exit_criteria: str | None = f.long_text("Exit criteria", "What must be true before a deal moves on")
    actions: str | None = f.long_text("Actions", "What is done in this stage")
    stale_days: int | None = f.whole("Stale after", low=1, unit="days")
    owner: str | None = f.person("Owner")


class Quota(Record, table=True):
    employee: str | None = f.known("owner", "Person", "Empty: the team or segment as a whole")
    team: str | None = f.known("team", "Team")
    segment: str | None = f.known("segment", "Segment")
    period: str = f.choice("Period", "month", "quarter", "year", default="quarter")
    starts_on: date = f.day("Starts")
    ends_on: date = f.day("Ends", "Last day, included", floor=("starts_on",))
    amount_minor: int = f.money("Quota")
    currency: str = f.currency()
    deals: int | None = f.whole("Deals", low=0)
    note: str | None = f.text("Note", longest=400)


class CustomerProfile(Record, table=True):
    name: str = f.text("Profile", example="Growing retailer")
    fit: str = f.choice("Fit", "ideal", "good", "poor", default="ideal")
    segment: str | None = f.known("segment", "Segment")
    industries: list[str] = f.several("Industries", source="facts:industry")
    sizes: list[str] = f.several("Sizes", source="facts:size")
    countries: list[str] = f.several("Countries", source="facts:country")
    problem: str | None = f.long_text("Problem we solve for them")
    signals: str | None = f.long_text("Signals", "How to recognise one")
    avoid: str | None = f.long_text("When to walk away")


class CoachingNote(Record, table=True):
    employee: str = f.person("Person")
    coach: str | None = f.person("Coach")
    held_on: date | None = f.day("Date")
    kind: str = f.choice("Kind", "one_to_one", "call_review", "mentoring", "ride_along", "review", default="one_to_one")
    topic: str = f.text("Topic", longest=300)
    observation: str | None = f.long_text("Observation")
    agreed: str | None = f.long_text("Agreed")
    next_on: date | None = f.day("Next talk", floor=("held_on",), ahead=True)
    done: bool = f.yes("Settled")


class AccountReview(Record, table=True):
    customer_id: str = f.text("Customer", "Identifier, the same as in the data")
    customer: str | None = f.text("Name")
    kind: str = f.choice("Kind", "business_review", "check_in", "renewal", "onboarding", default="business_review")
    cadence_days: int | None = f.whole("Every", low=1, unit="days", default=90)
    held_on: date | None = f.day("Last held")
    due_on: date | None = f.day("Due", ahead=True)
    owner: str | None = f.person("Owner")
    status: str = f.choice("Status", "planned", "held", "skipped", default="planned")
    mood: int | None = f.score("Mood of the customer", high=5)
    goals: str | None = f.long_text("Customer's goals")
    risks: str | None = f.long_text("Risks")
    chances: str | None = f.long_text("Chances", "What else the customer could use")
    agreed: str | None = f.long_text("Agreed")


REGISTERS = (
    Register(
        SalesStage, "Sales stages", "sales stage", "The way of a deal, and what must be true before it moves on.", "sales", "process",
        columns=("position", "name", "probability", "exit_criteria", "stale_days", "owner"), sort="position", writer="manager",
    ),
    Register(
        Quota, "Quotas", "quota", "How much each person, team or segment is to sell in a period.", "sales", "strategy", label="employee",
        columns=("employee", "team", "segment", "period", "starts_on", "ends_on", "amount_minor", "currency"), sort="-starts_on", writer="manager",
    ),
    Register(
        CustomerProfile, "Customer profiles", "customer profile", "Whom we can serve well, and whom we should not sell to.", "sales", "strategy",
        columns=("name", "fit", "segment", "industries", "sizes"), sort="name",
    ),
    Register(
        CoachingNote, "Coaching notes", "coaching note", "What was seen and agreed in talks between coach and colleague; seen by managers only.",
        "sales", "team", label="topic", columns=("employee", "held_on", "kind", "topic", "coach", "next_on", "done"), sort="-held_on",
        writer="manager", reader="manager",
    ),
    Register(
        AccountReview, "Account reviews", "account review", "Talks with customers before it is too late: how they are and what comes next.",
        "sales", "relationships", label="customer", columns=("customer_id", "customer", "kind", "held_on", "due_on", "owner", "status", "mood"),
        sort="due_on",
    ),
)  # fmt: skip
