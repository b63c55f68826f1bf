"""Registers that serve all groups: actions, maturity, targets, policies, alerts, annotations, surveys, notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register

CONDITIONS = ("falls_below", "rises_above", "misses_target", "changes_significantly", "breaks_control_rule")


class Action(Record, table=True):
    title: str = f.text("Action", example="Tell customers when a parcel is late")
    group: str = f.group()
    step: str | None = f.step()
    description: str | None = f.long_text("Description")
    origin: str | None = f.text("Why", "Finding, need or gap it answers", longest=400)
    segment: str | None = f.known("segment", "Segment")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint")
    team: str | None = f.known("team", "Team")
    kpi: str | None = f.kpi()
    expected_effect: float | None = f.number("Expected effect", "Change of the KPI in its own unit")
    cost_minor: int | None = f.money("Cost")
    benefit_minor: int | None = f.money("Benefit expected a year", low=None)
    currency: str | None = f.currency()
    project_id: int | None = f.link("project", "Project", "The project it is part of")
    capa_id: int | None = f.link("capa", "Corrective case", "The case it cures")
    status: str = f.choice("Status", "open", "in_progress", "done", "dropped", default="open")
    priority: str = f.choice("Priority", "low", "normal", "high", default="normal")
    owner: str | None = f.person("Owner")
    starts_on: date | None = f.day("Start")
    due_on: date | None = f.day("Due", floor=("starts_on",), ahead=True)
    done_on: date | None = f.day("In effect from", "From this day on the effect is measured", floor=("starts_on",))
    result: str | None = f.long_text("What came of it")

    def problems(self) -> dict[str, str]:
        return (
            {"done_on": "A finished action needs the day it took effect; it is empty; fill it in."}
            if self.status == "done" and not self.done_on
            else {}
        )


class Maturity(Record, table=True):
    group: str = f.group()
    step: str = f.step()
    level: int = f.score("Level", "0 (absent) to 5 (leading)", low=0, high=5)
    goal: int | None = f.score("Level wanted", "0 (absent) to 5 (leading)", low=0, high=5)
    evidence: str | None = f.long_text("Evidence", "What shows it")
    next_step: str | None = f.text("Next best step", longest=400)
    owner: str | None = f.person("Owner")
    assessed_on: date | None = f.day("Assessed on")
    review_on: date | None = f.day("Next review", floor=("assessed_on",), ahead=True)


class Target(Record, table=True):
    kpi: str = f.kpi(description="By its key in the catalogue", within=("segment", "team", "channel", "valid_from"))
    value: float = f.number("Target", "In the KPI's own unit")
    segment: str | None = f.known("segment", "Segment", "Empty: everybody")
    team: str | None = f.known("team", "Team", "Empty: everybody")
    channel: str | None = f.known("channel", "Channel", "Empty: every channel")
    valid_from: date | None = f.day("From")
    valid_to: date | None = f.day("To", "Last day, included", floor=("valid_from",))
    reason: str | None = f.text("Why this number", longest=400)
    owner: str | None = f.person("Owner")


class Policy(Record, table=True):
    title: str = f.text("Policy", example="Refund first, ask later")
    kind: str = f.choice("Kind", "objective", "policy", "guideline", default="policy")
    group: str | None = f.group()
    step: str | None = f.step()
    text: str | None = f.long_text("What it says")
    why: str | None = f.long_text("Why")
    kpi: str | None = f.kpi(description="The number that shows whether it works")
    status: str = f.choice("Status", "draft", "in_force", "retired", default="draft")
    valid_from: date | None = f.day("In force from")
    review_on: date | None = f.day("Review due", floor=("valid_from",), ahead=True)
    owner: str | None = f.person("Owner")


class AlertRule(Record, table=True):
    name: str = f.text("Alert", unique=True, example="Delivery falls")
    kpi: str = f.kpi(description="The number watched")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint", "Empty: all")
    segment: str | None = f.known("segment", "Segment", "Empty: all")
    channel: str | None = f.known("channel", "Channel", "Empty: all")
    condition: str = f.choice("When it", *CONDITIONS, default="falls_below")
    threshold: float | None = f.number("Threshold", "In the KPI's own unit")
    grain: str = f.choice("Over a", "day", "week", "month", default="week")
    minimum_n: int | None = f.whole("From this many on", "Fewer observations raise no alert", low=1, default=30)
    recipients: list[str] = f.several("Tell", source="people")
    active: bool = f.yes("Active", default=True)
    muted_until: date | None = f.day("Muted until", "Raises nothing before this day")
    quiet_from: int | None = f.whole("Quiet from", "Kept silent from this hour on, shown after", low=0, high=23, unit="h")
    quiet_to: int | None = f.whole("Quiet until", "The hour at which silence ends", low=0, high=23, unit="h")
    zone: str = f.text("Time zone", "Of the quiet hours", longest=60, example="Europe/Berlin", default="UTC")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        found = {}
        if self.condition in ("falls_below", "rises_above") and self.threshold is None:
            found["threshold"] = "This condition needs a threshold; it is empty; give a number."
        if (self.quiet_from is None) != (self.quiet_to is None):
            found["quiet_to"] = "Quiet hours need a beginning and an end; one of them is empty; give both or neither."
        if self.zone not in available_timezones():
            found["zone"] = f"The time zone must be one such as Europe/Berlin; it is {self.zone!r}; choose a known one."
        return found


class AlertFiring(Record, table=True):
    rule_id: int = f.link("alert_rule", "Alert rule", part=True)
    name: str = f.text("Alert")
    kpi: str = f.kpi(description="The number that fired")
    place: str | None = f.text("Where", "Segment, channel, touchpoint; empty: everywhere", longest=400)
    condition: str = f.choice("Because it", *CONDITIONS)
    starts_on: date = f.day("First period", "Its first day")
    latest_on: date = f.day("Latest period", "Its first day", floor=("starts_on",))
    periods: int = f.whole("Periods so far", low=1, default=1)
    value: float | None = f.number("Value")
    low: float | None = f.number("Interval, lower end")
    high: float | None = f.number("Interval, upper end")
    n: int | None = f.whole("Observations")
    sentence: str = f.text("What was seen", longest=600)
    fired_at: datetime = f.moment("Fired")
    shown_from: datetime = f.moment("Shown from", "After the quiet hours")
    status: str = f.choice("Status", "open", "acknowledged", "resolved", default="open")
    acknowledged_by: str | None = f.person("Acknowledged by")
    acknowledged_at: datetime | None = f.moment("Acknowledged")
    note: str | None = f.long_text("Note")
    resolved_by: str | None = f.text("Resolved by")
    resolved_at: datetime | None = f.moment("Resolved")


class AlertLook(Record, table=True):
    token: str = f.text("State of the data", unique=True, longest=80)
    looked_at: datetime = f.moment("Looked")
    rules: int = f.whole("Rules looked at", low=0, default=0)
    fired: int = f.whole("Newly fired", low=0, default=0)


class Annotation(Record, table=True):
    title: str = f.text("What happened", example="Carrier strike")
    kind: str = f.choice("Kind", "incident", "change", "campaign", "launch", "season", "other", default="incident")
    starts_on: date = f.day("From")
    ends_on: date | None = f.day("To", floor=("starts_on",))
    group: str | None = f.group(description="Empty: shown everywhere")
    kpi: str | None = f.kpi(description="Empty: shown on every chart")
    segment: str | None = f.known("segment", "Segment")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint")
    note: str | None = f.long_text("Note")


class Survey(Record, table=True):
    name: str = f.known("survey", "Survey", "As it stands in the data, or a new one", unique=True, example="After delivery")
    kind: str = f.choice("Kind", "periodic", "event", "tracking", default="event")
    metric: str = f.choice("Metric", "nps", "ces", "csat", "rating", default="nps")
    question: str = f.text("Question", longest=500, example="How likely are you to recommend us to a friend?")
    scale_min: int = f.whole("Lowest score", default=0)
    scale_max: int = f.whole("Highest score", default=10)
    higher_is_better: bool = f.yes("Higher is better", default=True)
    follow_up: str | None = f.text("Open question", longest=500, example="What is the main reason for your score?")
    language: str | None = f.text("Language", "Two letters", longest=5, example="en")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint")
    trigger: str = f.choice("Sent", "by_hand", "on_event", "on_schedule", "to_a_sample", default="by_hand")
    event: str | None = f.known("event", "Event", "What it follows: ticket closed, order delivered, or an event of the interactions")
    sample: float | None = f.percent("Share asked")
    rest_days: int | None = f.whole("Not again within", "Days before the same person is asked again", low=0, unit="days", default=90)
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))
    status: str = f.choice("Status", "draft", "live", "paused", "closed", default="draft")
    design: Any = f.document("Design", "Further questions, written by the survey editor")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.scale_max <= self.scale_min:
            found["scale_max"] = f"The highest score must lie above the lowest; it is {self.scale_max}, the lowest {self.scale_min}; correct one."
        return found


class CustomerNote(Record, table=True):
    customer_id: str = f.text("Customer", "Identifier, the same as in the data")
    kind: str = f.choice("Kind", "note", "call", "promise", "risk", "chance", default="note")
    text: str = f.text("Note", longest=2000)
    happened_at: datetime | None = f.moment("When")
    due_on: date | None = f.day("Promised until", floor=("happened_at",), ahead=True)
    done: bool = f.yes("Settled")
    owner: str | None = f.person("Owner")


REGISTERS = (
    Register(
        Action, "Actions", "action", "Improvements of every group: who does what until when, and which KPI it moves.",
        label="title", columns=("title", "group", "step", "kpi", "expected_effect", "status", "owner", "due_on"), sort="due_on",
    ),
    Register(
        Maturity, "Maturity", "assessment", "How far each of the seventy steps has come, with the evidence.",
        label="step", columns=("group", "step", "level", "goal", "evidence", "owner", "review_on"), sort="group",
    ),
    Register(
        Target, "Targets", "target", "The value each KPI is to reach, by segment, team or channel where they differ.",
        label="kpi", columns=("kpi", "value", "segment", "team", "channel", "valid_from", "valid_to", "owner"), sort="kpi", writer="manager",
    ),
    Register(
        Policy, "Policies", "policy", "What we decided to do, always or never, with its reason and review date.",
        label="title", columns=("title", "kind", "group", "step", "status", "review_on", "owner"), sort="title", writer="manager",
    ),
    Register(
        AlertRule, "Alert rules", "alert rule", "When somebody is to be told that a number moved.", "journeys", "monitoring",
        columns=("name", "kpi", "touchpoint", "segment", "condition", "threshold", "grain", "active"), sort="name", writer="manager",
    ),
    Register(
        AlertFiring, "Alerts fired", "alert", "What the rules saw, who took note of it and how it ended.",
        columns=("name", "kpi", "place", "starts_on", "latest_on", "value", "n", "status"), sort="-fired_at",
    ),
    Register(
        AlertLook, "Looks of the alert rules", "look", "When the rules were last held against the data.", label="token", sort="-looked_at",
    ),
    Register(
        Annotation, "Annotations", "annotation", "Incidents and changes that explain a chart.",
        label="title", columns=("title", "kind", "starts_on", "ends_on", "group", "kpi", "segment"), sort="-starts_on",
    ),
    Register(
        Survey, "Surveys", "survey", "What is asked of whom, when, on which scale and in which direction it reads.", "needs", "collection",
        columns=("name", "kind", "metric", "question", "touchpoint", "trigger", "status", "owner"), sort="name",
    ),
    Register(
        CustomerNote, "Customer notes", "note", "What was said and promised to a customer.",
        label="text", columns=("customer_id", "kind", "text", "happened_at", "due_on", "done", "owner"), sort="-happened_at",
    ),
)  # fmt: skip
