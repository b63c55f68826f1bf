"""Registers of marketing: studies, brand promises, plans, campaigns, audiences."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register


class Study(Record, table=True):
    title: str = f.text("Study", example="Why small shops leave")
    question: str | None = f.long_text("Question", "What we want to know, and what we will do with the answer")
    method: str | None = f.choice("Method", "survey", "interviews", "desk", "observation", "panel", "experiment")
    status: str = f.choice("Status", "planned", "running", "done", default="planned")
    survey: str | None = f.known("survey", "Survey", "Whose answers belong to it")
    sample: int | None = f.whole("Sample", low=0)
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))
    cost_minor: int | None = f.money("Cost")
    currency: str | None = f.currency()
    findings: str | None = f.long_text("Findings")
    link: str | None = f.text("Report", "Where it can be read", longest=500)
    owner: str | None = f.person("Owner")


class MarketSize(Record, table=True):
    name: str = f.text("Market", example="Online retailers in Germany")
    customers: int | None = f.whole("Possible customers", low=0)
    yearly_minor: int | None = f.money("Spend a customer and year")
    currency: str | None = f.currency()
    reachable: float | None = f.percent("Reachable share")
    winnable: float | None = f.percent("Winnable share of these")
    year: int | None = f.whole("Year", low=1990, high=2100)
    assumptions: str | None = f.long_text("Assumptions and sources")


class BrandPromise(Record, table=True):
    promise: str = f.text("Promise", longest=400, example="Delivered on the day we say")
    kind: str = f.choice("Kind", "promise", "value", "guideline", default="promise")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint", "Where customers live through it")
    emotion: str | None = f.text("Emotion to evoke", example="calm")
    proof: str | None = f.long_text("How we keep it")
    words: list[str] = f.several("Words to look for", "Found in comments and mentions, they speak of this promise")
    kpi: str | None = f.kpi()
    target: float | None = f.number("Target")
    owner: str | None = f.person("Owner")


class MarketingPlan(Record, table=True):
    name: str = f.text("Plan", example="Spring, small shops")
    segment: str | None = f.known("segment", "Segment")
    product: str | None = f.long_text("Product", "What we offer, and what makes it different")
    price: str | None = f.long_text("Price")
    promotion: str | None = f.long_text("Promotion", "How they hear of it")
    place: str | None = f.long_text("Place", "Where they get it")
    positioning: str | None = f.text("Positioning", longest=600)
    kpi: str | None = f.kpi()
    baseline: float | None = f.number("Baseline")
    goal: float | None = f.number("Goal")
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))
    budget_minor: int | None = f.money("Budget")
    currency: str | None = f.currency()
    status: str = f.choice("Status", "draft", "running", "done", "stopped", default="draft")
    owner: str | None = f.person("Owner")


class Campaign(Record, table=True):
    name: str = f.known("campaign", "Campaign", "As it stands in the results, or a new one", unique=True, example="Spring sale")
    plan_id: int | None = f.link("marketing_plan", "Plan")
    goal: str | None = f.text("Goal", longest=400)
    segment: str | None = f.known("segment", "Audience")
    channels: list[str] = f.several("Channels", source="facts:channel")
    message: str | None = f.long_text("Message")
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))
    budget_minor: int | None = f.money("Budget")
    currency: str | None = f.currency()
    status: str = f.choice("Status", "planned", "running", "done", "stopped", default="planned")
    stop_rule: str | None = f.text("Stop when", "What would end it early", longest=400)
    owner: str | None = f.person("Owner")


class Audience(Record, table=True):
    name: str = f.text("Audience", unique=True, example="Large shops, quiet for 60 days")
    segments: list[str] = f.several("Segments", source="facts:segment")
    rules: Any = f.document("Rules", "Further conditions, written by the audience builder")
    campaign_id: int | None = f.link("campaign", "Campaign")
    size: int | None = f.whole("Size when saved", low=0)
    expected_response: float | None = f.percent("Expected response")
    owner: str | None = f.person("Owner")


REGISTERS = (
    Register(
        Study, "Studies", "study", "Questions put to the market, how they were asked and what came of it.", "marketing", "research",
        label="title", columns=("title", "method", "status", "survey", "sample", "ends_on", "owner"), sort="-ends_on",
    ),
    Register(
        MarketSize, "Market sizes", "market", "How large a market is, with the assumptions it rests on.", "marketing", "research",
        columns=("name", "customers", "yearly_minor", "currency", "reachable", "winnable", "year"), sort="name",
    ),
    Register(
        BrandPromise, "Brand promises", "brand promise", "What the brand says, to be held against what customers live through.",
        "marketing", "brand", label="promise", columns=("promise", "kind", "touchpoint", "emotion", "kpi", "target", "owner"), sort="promise",
    ),
    Register(
        MarketingPlan, "Marketing plans", "marketing plan", "What to offer to whom, at what price, and where they hear of it.",
        "marketing", "strategy", columns=("name", "segment", "kpi", "baseline", "goal", "starts_on", "ends_on", "status"), sort="-starts_on",
    ),
    Register(
        Campaign, "Campaigns", "campaign", "What runs when, for whom, at what cost, and when it is to be stopped.", "marketing", "campaigns",
        columns=("name", "segment", "channels", "starts_on", "ends_on", "budget_minor", "currency", "status"), sort="-starts_on",
    ),
    Register(
        Audience, "Audiences", "audience", "Groups of customers to address, saved with the rules that make them.", "marketing", "targeting",
        columns=("name", "segments", "campaign_id", "size", "expected_response", "owner"), sort="name",
    ),
)  # fmt: skip
