"""The shapes of what the API answers, for its description at /api/v1/openapi.json; a test holds real answers against them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A JSON object with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """Why there is no answer, in one sentence."""

    error: str


class Version(Shape):
    """The version that runs."""

    version: str


class KpiRow(Shape):
    """A KPI of the catalogue."""

    key: str
    title: str
    unit: str
    better: str
    target: float | None
    group: str
    question: str


class Figure(BaseModel):
    """A number: `value` with its 95 % interval, how many it rests on, and what to bear in mind. null where it is not defined or hidden."""

    value: float | None
    low: float | None
    high: float | None
    n: float
    unit: str
    warning: str


class Group(Figure):
    """A number of one group; the columns of the breakdown stand beside it, months and other grains as their first day."""

    model_config = ConfigDict(extra="allow")


class Kpi(Figure):
    """A KPI over a period (both days included); `groups` only with a breakdown."""

    model_config = ConfigDict(extra="forbid")
    key: str
    period_from: str | None = Field(alias="from")
    period_to: str | None = Field(alias="to")
    groups: list[Group] | None = None


class Finding(Shape):
    """A KPI that moved in a place between two periods."""

    kpi: str
    title: str
    direction: str
    good: bool | None
    before: float
    after: float
    change: float
    low: float | None
    high: float | None
    p: float
    adjusted: float
    n: int
    unit: str
    where: dict[str, str]
    since: str | None
    mix: float | None
    rate: float | None
    mix_by: str | None
    overall: float | None
    points: float | None
    without: list[str]
    beside: list[str]
    sentence: str


class ColumnShape(Shape):
    """A column of a dataset."""

    name: str
    type: Literal["text", "whole number", "number", "yes or no", "moment"]
    required: bool
    key: bool
    means: str


class DatasetShape(Shape):
    """A dataset: its key, whether what it shows is the demo company's, how many rows it has and how fresh they are, and its columns."""

    name: str
    title: str
    key: list[str]
    demo: bool
    rows: int
    batches: int
    arrived: str | None
    earliest: str | None
    latest: str | None
    columns: list[ColumnShape]


class RejectShape(Shape):
    """A row that could not be taken: its place in the list (from 0), the column at fault, its value and why."""

    index: int
    column: str
    value: str
    reason: str


class Taken(Shape):
    """What became of the rows: records = inserted + updated + unchanged + excluded + rejected. `batch` is null where nothing was stored."""

    dataset: str
    batch: int | None
    records: int
    inserted: int
    updated: int
    unchanged: int
    excluded: int
    rejected: int
    reasons: dict[str, int]
    properties: list[str]
    rejects: list[RejectShape]


class Unusable(Taken):
    """The same where no row could be used, with a sentence."""

    error: str


class FileReject(Shape):
    """A record that could not be taken: its number in the file (from 1), the column at fault, its value and why."""

    line: int
    column: str
    value: str
    reason: str


class FileTaken(Shape):
    """What became of a file; `answers` are the rows written, `rejects` the first thousand."""

    file: str
    tool: str
    dataset: str
    survey: str
    batch: int
    records: int
    inserted: int
    updated: int
    unchanged: int
    excluded: int
    rejected: int
    answers: int
    reasons: dict[str, int]
    warnings: list[str]
    rejects: list[FileReject]


class FileWaiting(Shape):
    """A file that is still being imported: ask for it again under /files/{job}."""

    file: str
    job: str
    phase: str
    rows: int
