"""Registers of customer needs: segments, personas, competitors, needs with their evidence, experiments."""

from __future__ import annotations

from datetime import date
from typing import Any

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register


class Segment(Record, table=True):
    name: str = f.known("segment", "Name", "As it stands in the data, or a new one", unique=True, example="Enterprise")
    description: str | None = f.long_text("Description", "Who belongs to it, in words")
    method: str = f.choice("Method", "rules", "clusters", "list", description="How customers come to belong to it", default="rules")
    rules: Any = f.document("Rules", "Conditions that a customer must meet, written by the segment builder")
    needs: str | None = f.long_text("Typical needs", "What these customers want to get done")
    size: int | None = f.whole("Customers when saved", low=0)
    active: bool = f.yes("In use", "Offered as a filter", default=True)
    owner: str | None = f.person("Owner")


class Persona(Record, table=True):
    name: str = f.known("persona", "Name", "A short, human name", unique=True, example="Careful Clara")
    segment_id: int | None = f.link("segment", "Segment", "Whose facts the card shows")
    negative: bool = f.yes("Negative persona", "Somebody we do not want to attract")
    role: str | None = f.text("Role", "Job or place in life", example="Head of purchasing")
    quote: str | None = f.text("Quote", "A sentence that this person would say", longest=400)
    goals: str | None = f.long_text("Goals", "What this person wants to achieve")
    challenges: str | None = f.long_text("Challenges", "What gets in the way")
    needs: str | None = f.long_text("Needs", "What would help")
    channels: list[str] = f.several("Channels", "Where this person can be reached", source="facts:channel")
    devices: list[str] = f.several("Devices", source="facts:device")
    habits: str | None = f.long_text("Habits", "How decisions are made, whom this person listens to")
    owner: str | None = f.person("Owner")


class Competitor(Record, table=True):
    name: str = f.text("Name", unique=True, example="Northwind")
    ours: bool = f.yes("Our own company", "Marks the row we compare with")
    strategy: str | None = f.long_text("Strategy", "How it tries to win")
    strengths: str | None = f.long_text("Strengths")
    weaknesses: str | None = f.long_text("Weaknesses")
    nps: float | None = f.number("Benchmark NPS", "As published or surveyed", low=-100, high=100, unit="points")
    nps_source: str | None = f.text("Source of the benchmark", longest=400)
    website: str | None = f.text("Website", longest=400)


class CompetitorRating(Record, table=True):
    competitor_id: int = f.link("competitor", "Competitor", part=True)
    attribute: str = f.text("Attribute", "What buyers compare", within=("competitor_id",), example="Speed of delivery")
    importance: int = f.score("Importance to buyers")
    rating: int = f.score("Rating")
    source: str | None = f.text("Source", "Where the rating comes from")
    rated_on: date | None = f.day("Rated on")


class Need(Record, table=True):
    title: str = f.text("Need", "In the customer's words", example="Know when my order will arrive")
    description: str | None = f.long_text("Description")
    kind: str | None = f.choice("Kind", "functional", "emotional", "social", "price", "access")
    segment: str | None = f.known("segment", "Segment")
    persona_id: int | None = f.link("persona", "Persona")
    touchpoint: str | None = f.known("touchpoint", "Touchpoint")
    importance: int | None = f.score("Importance to customers")
    satisfaction: int | None = f.score("Satisfaction today")
    impact: int | None = f.score("Business impact")
    effort: int | None = f.score("Effort to solve")
    status: str = f.choice("Status", "new", "untested", "testing", "confirmed", "rejected", "solved", default="new")
    owner: str | None = f.person("Owner")


class NeedEvidence(Record, table=True):
    need_id: int = f.link("need", "Need", part=True)
    quote: str = f.text("What was said or seen", longest=2000)
    dataset: str | None = f.choice("Source", "responses", "mentions", "tickets", "interview", "other")
    reference: str | None = f.text("Reference", "Key of the row in the data")
    customer_id: str | None = f.text("Customer")
    segment: str | None = f.known("segment", "Segment")
    seen_on: date | None = f.day("Seen on")


class Experiment(Record, table=True):
    need_id: int | None = f.link("need", "Need")
    hypothesis: str = f.text("Hypothesis", "If we …, then …", longest=600, example="If we show a delivery date, fewer customers call")
    method: str | None = f.choice("Method", "survey", "A/B test", "interview", "pilot", "data")
    metric: str | None = f.text("Metric", "What decides", example="conversion")
    kind: str = f.choice("Kind of metric", "proportion", "mean", default="proportion")
    dataset: str | None = f.choice("Computed from", "entered", "responses", "interactions")
    rule: Any = f.document("Selection", "Which rows count for each side, written by the workbench")
    baseline: float | None = f.number("Baseline")
    effect: float | None = f.number("Smallest effect worth finding")
    sample: int | None = f.whole("Sample size needed", low=0)
    control_n: int | None = f.whole("Control: number", low=0)
    control_value: float | None = f.number("Control: successes or mean")
    control_spread: float | None = f.number("Control: standard deviation", low=0)
    test_n: int | None = f.whole("Test: number", low=0)
    test_value: float | None = f.number("Test: successes or mean")
    test_spread: float | None = f.number("Test: standard deviation", low=0)
    status: str = f.choice("Verdict", "untested", "testing", "confirmed", "rejected", default="untested")
    learning: str | None = f.long_text("What we learnt")
    owner: str | None = f.person("Owner")
    starts_on: date | None = f.day("Start")
    ends_on: date | None = f.day("End", floor=("starts_on",))

    def problems(self) -> dict[str, str]:
        found = {}
        for side in ("control", "test") if self.kind == "proportion" else ():
            n, hits = getattr(self, f"{side}_n"), getattr(self, f"{side}_value")
            if hits is not None and (hits < 0 or (n is not None and hits > n)):
                found[f"{side}_value"] = f"Successes must lie between 0 and the number of the {side} group, {n}; found {hits:g}; correct one." if n is not None else f"Successes cannot be fewer than 0; found {hits:g}; correct it."
        return found


REGISTERS = (
    Register(
        Segment, "Segments", "segment", "Groups of customers who need or do the same, to filter and compare by.", "needs", "segmentation",
        columns=("name", "method", "description", "size", "owner", "active"), sort="name",
    ),
    Register(
        Persona, "Personas", "persona", "Faces for segments: goals, hurdles and habits of typical customers.", "needs", "personas",
        columns=("name", "segment_id", "role", "quote", "channels", "negative"), sort="name",
    ),
    Register(
        Competitor, "Competitors", "competitor", "Whom customers could choose instead of us, ourselves included.", "needs", "competitors",
        columns=("name", "ours", "nps", "strengths", "weaknesses"), sort="name",
    ),
    Register(
        CompetitorRating, "Competitor ratings", "rating", "How well each competitor serves what buyers compare.", "needs", "competitors",
        label="attribute", sort="attribute",
    ),
    Register(
        Need, "Needs", "need", "What customers try to get done, how much it matters and how well it is served.", "needs", "prioritization",
        label="title", columns=("title", "segment", "importance", "satisfaction", "impact", "effort", "status", "owner"), sort="-importance",
    ),
    Register(
        NeedEvidence, "Evidence for needs", "piece of evidence", "Comments and observations that show a need is real.", "needs", "prioritization",
        label="quote", sort="-seen_on",
    ),
    Register(
        Experiment, "Experiments", "experiment", "Tests that could show a need, or its solution, to be wrong.", "needs", "validation",
        label="hypothesis", columns=("hypothesis", "need_id", "metric", "status", "control_n", "test_n", "owner", "ends_on"), sort="-ends_on",
    ),
)  # fmt: skip
