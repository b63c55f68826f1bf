"""Registers of journeys: touchpoints and the systems behind them, maps with their steps, intended experience, hand-offs."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register

PHASES = ("Awareness", "Consideration", "Purchase", "Retention", "Advocacy")


class Technology(Record, table=True):
    name: str = f.text("System", unique=True, example="Help desk")
    purpose: str | None = f.text("Used for", longest=400)
    vendor: str | None = f.text("Vendor")
    owner: str | None = f.person("Owner")
    state: str = f.choice("State", "planned", "in_use", "replacing", "retired", default="in_use")
    integrates: list[str] = f.several("Exchanges data with")
    cost_minor: int | None = f.money("Cost a year")
    currency: str | None = f.currency()
    planned_on: date | None = f.day("Planned from", "When it comes, or when it goes")
    gap: str | None = f.long_text("What it lacks", "What keeps it from serving the experience we want")


class Touchpoint(Record, table=True):
    name: str = f.known("touchpoint", "Touchpoint", "As it stands in the data, or a new one", unique=True, example="Delivery")
    phase: str | None = f.choice("Phase", *PHASES)
    audience: str | None = f.choice("Audience", "prospect", "opportunity", "customer")
    channel: str | None = f.known("channel", "Channel")
    online: bool = f.yes("Online", default=True)
    owners: list[str] = f.several("Owning teams", source="facts:team")
    technology_id: int | None = f.link("technology", "System behind it")
    measured_by: str | None = f.choice("Measured by", "survey", "tickets", "interactions", "observation", "not measured")
    description: str | None = f.long_text("What happens here")
    importance: int | None = f.score("Importance to customers")


class Journey(Record, table=True):
    name: str = f.text("Journey", example="From first order to the second")
    persona_id: int | None = f.link("persona", "Persona")
    segment: str | None = f.known("segment", "Segment")
    device: str | None = f.known("device", "Device")
    kind: str = f.choice("State", "current", "future", default="current")
    goal: str | None = f.text("Goal", "What the customer wants to reach", longest=400)
    replaces_id: int | None = f.link("journey", "Replaces", "The map version before this one")
    edition: int = f.whole("Edition", "Number of the version of this map", low=1, default=1)
    status: str = f.choice("Status", "draft", "agreed", "retired", default="draft")
    owner: str | None = f.person("Owner")
    description: str | None = f.long_text("Description")


class JourneyStep(Record, table=True):
    journey_id: int = f.link("journey", "Journey", part=True)
    position: int = f.whole("Position", "Order from left to right", low=0, default=1)
    phase: str | None = f.text("Phase", example="Purchase")
    name: str = f.text("Step", example="Compare offers")
    actions: str | None = f.long_text("What the customer does")
    touchpoint_id: int | None = f.link("touchpoint", "Touchpoint")
    channel: str | None = f.known("channel", "Channel")
    thoughts: str | None = f.long_text("What the customer thinks")
    feeling: int | None = f.score("Feeling today", "-5 (awful) to 5 (delighted)", low=-5, high=5)
    feeling_wanted: int | None = f.score("Feeling we want", "-5 (awful) to 5 (delighted)", low=-5, high=5)
    emotion: str | None = f.text("Emotion", "In a word", example="curious")
    pains: str | None = f.long_text("Pains")
    opportunities: str | None = f.long_text("Opportunities")
    owner: str | None = f.text("Owner", "Team that answers for the step")
    technology_id: int | None = f.link("technology", "System")
    process_id: int | None = f.link("process", "Process behind it", "The internal process that serves this step")
    decision: str | None = f.text("Decision", "What the customer decides here, if anything")
    branch: str | None = f.text("Branch", "Where another decision leads, such as a higher tier")
    notes: Any = f.document("Further lanes", "Lanes added by the map editor")


class DesiredExperience(Record, table=True):
    touchpoint_id: int = f.link("touchpoint", "Touchpoint")
    segment: str | None = f.known("segment", "Segment")
    statement: str = f.text("How it should be", longest=600, example="I know at every moment where my parcel is")
    emotion: str | None = f.text("Emotion to evoke", example="safe")
    metric: str = f.choice("Metric", "nps", "ces", "csat", default="csat")
    desired: float | None = f.number("Score wanted")
    believed: float | None = f.number("Score staff believe we reach", "From an internal rating")
    believed_on: date | None = f.day("Rated by staff on")
    goal: str | None = f.text("Goal", longest=400)
    due_on: date | None = f.day("Until", ahead=True)
    owner: str | None = f.person("Owner")


class Handoff(Record, table=True):
    name: str = f.text("Hand-off", example="Order to delivery")
    touchpoint_id: int | None = f.link("touchpoint", "Touchpoint")
    giver: str = f.known("team", "From team")
    receiver: str = f.known("team", "To team")
    what: str | None = f.text("What is handed over", longest=400)
    process: str | None = f.known("process", "Process", "As it stands in the event log")
    step: str | None = f.known("step", "Step", "The step that receives, as it stands in the event log")
    promise_hours: float | None = f.number("Promised within", low=0, unit="hours")
    failures: str | None = f.long_text("How it fails")
    owner: str | None = f.person("Owner")


REGISTERS = (
    Register(
        Touchpoint, "Touchpoints", "touchpoint", "Every place where customer and company meet, and who answers for it.", "journeys", "touchpoints",
        columns=("name", "phase", "audience", "channel", "online", "owners", "technology_id", "measured_by"), sort="name",
    ),
    Register(
        Technology, "Technologies", "system", "The systems behind the touchpoints, as they are and as they are to become.", "journeys", "touchpoints",
        columns=("name", "purpose", "vendor", "state", "owner", "planned_on"), sort="name",
    ),
    Register(
        Journey, "Journeys", "journey", "Maps of what customers go through, step by step.", "journeys", "map",
        columns=("name", "persona_id", "segment", "kind", "edition", "status", "owner"), sort="name",
    ),
    Register(
        JourneyStep, "Journey steps", "journey step", "The steps of a journey with actions, feelings, pains and owners.", "journeys", "map",
        columns=("journey_id", "position", "phase", "name", "touchpoint_id", "feeling", "feeling_wanted", "owner"), sort="position",
    ),
    Register(
        DesiredExperience, "Desired experiences", "desired experience", "How each touchpoint should feel, and the score that shows it.",
        "journeys", "optimization", label="statement", columns=("touchpoint_id", "statement", "metric", "desired", "believed", "due_on", "owner"),
    ),
    Register(
        Handoff, "Hand-offs", "hand-off", "Where one team passes a customer's matter to another, and what was promised.", "journeys", "optimization",
        columns=("name", "giver", "receiver", "what", "promise_hours", "owner"), sort="name",
    ),
)  # fmt: skip
