"""Registers of analysis and reports: saved charts, schedules, what readers say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cx.records import fields as f
from cx.records.record import Record
from cx.records.registry import Register

DATASETS = (
    "customers", "responses", "mentions", "interactions", "tickets", "deals",
    "subscriptions", "orders", "campaigns", "measurements", "step_runs", "trainings",
)  # fmt: skip


class SavedChart(Record, table=True):
    title: str = f.text("Chart", example="Orders by channel")
    dataset: str | None = f.choice("Dataset", *DATASETS)
    kind: str = f.choice("Kind", "bar", "line", "scatter", "heat_map", "box", "histogram", default="bar")
    chart: Any = f.document("Settings", "Columns, grouping and filters, written by the chart builder")
    board: str | None = f.text("Board", "Charts of one board stand together", example="Delivery")
    position: int | None = f.whole("Position", low=0)
    note: str | None = f.long_text("What it says")
    owner: str | None = f.person("Owner")


class ReportSchedule(Record, table=True):
    title: str = f.text("Report", unique=True, example="Monday scorecard")
    content: str = f.choice("Content", "scorecard", "summary", description="Every KPI, or the headline of each group", default="scorecard")
    group: str | None = f.group(description="Empty: all groups")
    form: str = f.choice("File", "pdf", "xlsx", "html", default="pdf")
    rhythm: str = f.choice("Rhythm", "daily", "weekly", "monthly", "quarterly", default="weekly")
    weekday: str | None = f.choice("Weekday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    hour: int = f.whole("Hour", "In UTC", low=0, high=23, default=6)
    recipients: list[str] = f.several("Recipients", "E-mail addresses", pattern="email")
    view: Any = f.document("Filters", "Period, comparison and filters, written by the app")
    active: bool = f.yes("Active", default=True)
    last_sent_at: datetime | None = f.moment("Last sent")
    owner: str | None = f.person("Owner")

    def problems(self) -> dict[str, str]:
        alone = self.active and not self.recipients
        return {"recipients": "An active report goes to somebody; Recipients is empty; add an e-mail address, or switch it off."} if alone else {}


class ReportFeedback(Record, table=True):
    subject: str = f.text("Report or KPI", example="Monday scorecard")
    kpi: str | None = f.kpi()
    useful: int | None = f.score("Useful", high=5)
    comment: str | None = f.long_text("Comment")
    decision: str | None = f.text("Decision it led to", longest=400)
    given_on: date | None = f.day("Given on")
    status: str = f.choice("Status", "new", "planned", "done", "declined", default="new")


class DataOwner(Record, table=True):
    dataset: str = f.choice("Dataset", *DATASETS)
    owner: str | None = f.person("Owner")
    source: str | None = f.text("Source", "System and export it comes from", longest=400)
    fresh_days: int | None = f.whole("Fresh for", "Days after which it is called stale", low=1, unit="days")
    refresh: str | None = f.choice("Refreshed", "by_hand", "daily", "weekly", "monthly", "by_interface")
    note: str | None = f.long_text("What one must know")


class CustomerMerge(Record, table=True):
    kept_id: str = f.text("Customer kept", "Identifier in the data")
    merged_id: str = f.text("Customer merged into it", unique=True)
    reason: str | None = f.text("Reason", longest=400)
    similarity: float | None = f.percent("Similarity")
    merged_on: date | None = f.day("Merged on")

    def problems(self) -> dict[str, str]:
        return {"merged_id": "A customer cannot be merged into itself; choose another."} if self.kept_id == self.merged_id else {}


REGISTERS = (
    Register(
        SavedChart, "Saved charts", "chart", "Charts that somebody built and others can open.", "reporting", "visualization",
        label="title", columns=("title", "dataset", "kind", "board", "owner"), sort="title",
    ),
    Register(
        ReportSchedule, "Report schedules", "schedule", "Which report goes to whom, and when.", "reporting", "reports",
        label="title", columns=("title", "content", "form", "rhythm", "recipients", "active", "last_sent_at"), sort="title", writer="manager",
    ),
    Register(
        ReportFeedback, "Report feedback", "piece of feedback", "What readers say of reports and KPIs.", "reporting", "improvement",
        label="subject", sort="-given_on",
    ),
    Register(
        DataOwner, "Data owners", "data owner", "Who answers for which data, and how fresh it must be.", "reporting", "collection",
        label="dataset", sort="dataset", writer="manager",
    ),
    Register(
        CustomerMerge, "Merged customers", "merge", "Customers who stood in the data twice; a merge can be undone.", "reporting", "cleaning",
        label="merged_id", sort="-merged_on", writer="manager",
    ),
)  # fmt: skip
