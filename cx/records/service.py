"""Registers of customer service: channels, opening hours, service levels, escalation, follow-ups of low scores."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register

PRIORITIES = ("low", "normal", "high", "urgent")


class Channel(Record, table=True):
    name: str = f.known("channel", "Channel", "As it stands in the data, or a new one", unique=True, example="chat")
    purpose: str | None = f.text("Meant for", longest=400)
    hours_id: int | None = f.link("business_hours", "Opening hours")
    team: str | None = f.known("team", "Team")
    owner: str | None = f.person("Owner")
    contact: str | None = f.text("Number or address")
    cost_minor: int | None = f.money("Cost a contact")
    currency: str | None = f.currency()
    active: bool = f.yes("Open to customers", default=True)


class BusinessHours(Record, table=True):
    name: str = f.text("Name", unique=True, example="Weekdays")
    timezone: str = f.text("Time zone", "As in the IANA list", default="UTC", example="Europe/Berlin")
    monday: str | None = f.text("Monday", "Windows such as 09:00-12:30, 13:30-18:00; empty: closed", example="09:00-12:30, 13:30-18:00")
    tuesday: str | None = f.text("Tuesday")
    wednesday: str | None = f.text("Wednesday")
    thursday: str | None = f.text("Thursday")
    friday: str | None = f.text("Friday")
    saturday: str | None = f.text("Saturday")
    sunday: str | None = f.text("Sunday")
    holidays: list[str] = f.several("Holidays", "Dates such as 2026-12-25")

    def problems(self) -> dict[str, str]:
        found = {day: why for day in DAYS if (why := _window_problem(getattr(self, day) or ""))}
        try:
            [date.fromisoformat(text) for text in self.holidays or []]
        except ValueError:
            found["holidays"] = "Holidays must be dates such as 2026-12-25; one is not; correct it."
        return found


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def windows(text: str) -> list[tuple[int, int]]:
    """Opening windows in minutes of the day: "09:00-12:30, 13:30-18:00" is [(540, 750), (810, 1080)]. Raises ValueError."""
    found: list[tuple[int, int]] = []
    for part in (p.strip() for p in text.split(",") if p.strip()):
        start, end = (_minute(clock) for clock in part.split("-"))
        if end <= start or (found and start < found[-1][1]):
            raise ValueError(part)
        found.append((start, end))
    return found


def _minute(clock: str) -> int:
    hour, minute = (int(n) for n in clock.strip().split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60) or hour * 60 + minute > 1440:
        raise ValueError(clock)
    return hour * 60 + minute


def _window_problem(text: str) -> str:
    try:
        windows(text)
    except ValueError:
        return f"Hours must be windows in order, such as 09:00-12:30, 13:30-18:00; found {text!r}; correct it."
    return ""


class SlaPolicy(Record, table=True):
    name: str = f.text("Service level", unique=True, example="Urgent matters of enterprise customers")
    priority: str | None = f.known("priority", "Priority", "As it stands in the tickets; empty: every priority", example="urgent")
    segment: str | None = f.known("segment", "Segment", "Empty: every segment")
    channel: str | None = f.known("channel", "Channel", "Empty: every channel")
    first_response_minutes: int | None = f.whole("First reply within", low=1, unit="minutes")
    resolution_minutes: int | None = f.whole("Solved within", low=1, unit="minutes", floor=("first_response_minutes",))
    hours_id: int | None = f.link("business_hours", "Counted in", "Empty: around the clock")
    pauses: bool = f.yes("Stops while waiting for the customer", default=True)
    goal: float | None = f.percent("Share to be met", default=90)
    rank: int = f.whole("Rank", "Where several fit, the lowest rank decides", low=1, default=10)
    active: bool = f.yes("In force", default=True)

    def problems(self) -> dict[str, str]:
        none = self.first_response_minutes is None and self.resolution_minutes is None
        return {"resolution_minutes": "A service level needs a time to reply or to solve; both are empty; give one."} if none else {}


class EscalationRule(Record, table=True):
    name: str = f.text("Rule", example="Urgent and half the time gone")
    policy_id: int | None = f.link("sla_policy", "Service level", "Empty: every one")
    percent: float = f.percent("At this share of the time", high=500, default=80)
    level: int = f.whole("Level", low=1, high=9, default=1)
    tell: str = f.text("Tell", "Person or team")
    steps: str | None = f.long_text("What to do")
    active: bool = f.yes("In force", default=True)


class FollowUp(Record, table=True):
    title: str = f.text("Case", example="Late delivery, third time")
    status: str = f.choice("Status", "open", "contacted", "resolved", "dropped", default="open")
    source: str = f.choice("Came from", "response", "mention", "ticket", "other", default="response")
    reference: str | None = f.text("Reference", "Key of the row in the data")
    customer_id: str | None = f.text("Customer")
    segment: str | None = f.known("segment", "Segment")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint")
    score: float | None = f.number("Score given")
    comment: str | None = f.long_text("What was said")
    priority: str | None = f.choice("Priority", *PRIORITIES)
    owner: str | None = f.person("Owner")
    due_on: date | None = f.day("Due", ahead=True)
    contacted_at: datetime | None = f.moment("Contacted")
    resolved_at: datetime | None = f.moment("Resolved")
    cause: str | None = f.text("Root cause", longest=400)
    capa_id: int | None = f.link("capa", "Corrective case", "The failure behind it, where one is followed up")
    outcome: str | None = f.text("Outcome", "What the customer got, and how it was taken", longest=600)
    notes: str | None = f.long_text("Notes")

    def problems(self) -> dict[str, str]:
        found = {}
        if self.status == "resolved" and not self.outcome:
            found["outcome"] = "A resolved case needs its outcome; it is empty; say how it ended."
        if self.status == "resolved" and not self.cause:
            found["cause"] = "A resolved case needs its root cause; it is empty; say why it happened."
        return found


class StaffingPlan(Record, table=True):
    name: str = f.text("Plan", example="Phone team, weekdays")
    team: str | None = f.known("team", "Team")
    channel: str | None = f.known("channel", "Channel")
    service_level: float = f.percent("Answered in time", default=80)
    answer_seconds: float = f.number("In time means within", low=0, unit="seconds", default=20)
    handling_seconds: float | None = f.number("Handling time", low=1, unit="seconds")
    shrinkage: float = f.percent("Shrinkage", "Share of paid time not available for contacts", high=95, default=30)
    cost_minor: int | None = f.money("Cost of an hour")
    currency: str | None = f.currency()
    scenario: Any = f.document("Scenario", "What-if settings, written by the workbench")


REGISTERS = (
    Register(
        Channel, "Channels", "channel", "The ways in which customers reach us, and when they are open.", "service", "channels",
        columns=("name", "purpose", "hours_id", "team", "owner", "active"), sort="name",
    ),
    Register(
        BusinessHours, "Business hours", "set of hours", "When the clock of a service level runs: windows a day, holidays, time zone.",
        "service", "response", columns=("name", "timezone", "monday", "friday", "saturday", "holidays"), sort="name", writer="manager",
    ),
    Register(
        SlaPolicy, "Service levels", "service level", "What we promise: time to reply and to solve, by priority, segment and channel.",
        "service", "response", columns=("name", "priority", "segment", "first_response_minutes", "resolution_minutes", "goal", "active"),
        sort="rank", writer="manager",
    ),
    Register(
        EscalationRule, "Escalation rules", "escalation rule", "Whom to tell, and what to do, before a promise is broken.", "service", "response",
        sort="percent", writer="manager",
    ),
    Register(
        FollowUp, "Follow-ups", "follow-up", "Customers who were let down: who calls back, why it happened, how it ended.", "service", "feedback",
        label="title", columns=("title", "status", "priority", "score", "segment", "owner", "due_on", "cause"), sort="due_on",
    ),
    Register(
        StaffingPlan, "Staffing plans", "staffing plan", "Assumptions by which a team is sized.", "service", "staffing", sort="name",
        columns=("name", "team", "channel", "service_level", "answer_seconds", "shrinkage"),
    ),
)  # fmt: skip
