"""The twelve datasets as rows: table, natural key, time column, and the schemas derived from the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import get_args

import ibis
import pyarrow as pa

from cx.errors import InputError
from cx.facts import tables
from cx.facts.columns import Fact

ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: pa.timestamp("us")}
IBIS = {str: "string", int: "int64", float: "float64", bool: "boolean", datetime: "timestamp(6)"}
SYSTEM = ("id", "batch_id", "key", "line", "properties")
MIRRORED = ("id", "batch_id", "key", "line")


@dataclass(frozen=True)
class Dataset:
    """One dataset: its name, table class, key columns, the moment it is dated by, and columns that tell who a person is."""

    name: str
    title: str
    table: type[Fact]
    key: tuple[str, ...]
    time: str
    required: tuple[str, ...]
    personal: tuple[str, ...] = ()

    @cached_property
    def types(self) -> dict[str, type]:
        """Column name -> Python type, own columns only, in table order."""
        return {
            name: next(t for t in get_args(field.annotation) if t is not type(None))
            for name, field in self.table.model_fields.items()
            if name not in SYSTEM
        }

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """Column name -> what it holds."""
        return {name: self.table.model_fields[name].description or "" for name in self.types}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Column name -> words for a heading."""
        fields = self.table.model_fields
        return {name: fields[name].title or name.removesuffix("_at").replace("_", " ").capitalize() for name in self.types}

    @cached_property
    def arrow(self) -> pa.Schema:
        """What intake delivers: own columns and `properties` (a JSON object or null), moments naive in UTC."""
        return pa.schema([(name, ARROW[kind]) for name, kind in self.types.items()] + [("properties", pa.string())])

    @cached_property
    def mirrored(self) -> pa.Schema:
        """What a mirror file holds: identity columns, own columns, properties."""
        identity = [("id", pa.int64()), ("batch_id", pa.int64()), ("key", pa.string()), ("line", pa.int64())]
        return pa.schema(identity + [(f.name, f.type) for f in self.arrow])

    @cached_property
    def unbound(self) -> ibis.expr.types.Table:
        """The table that measures are written against."""
        columns = {"id": "int64", "batch_id": "int64", "key": "string", "line": "int64"}
        columns |= {name: IBIS[kind] for name, kind in self.types.items()} | {"properties": "string"}
        return ibis.table(columns, name=self.name)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Text columns one may break a number down by: not identifiers, free text or personal data."""
        free = {"comment", "answer", "text", "subject", "url", "name", "question_text", "author", "unit"} | set(self.personal)
        return tuple(n for n, kind in self.types.items() if kind is str and not n.endswith("_id") and n not in free)


DATASETS: dict[str, Dataset] = {
    d.name: d
    for d in (
        Dataset("customers", "Customers", tables.Customer, ("customer_id",), "joined_at", ("customer_id",), ("name", "email", "company")),
        Dataset("responses", "Survey responses", tables.Response, ("survey", "response_id", "question"), "answered_at", ("metric",)),
        Dataset("mentions", "Reviews and mentions", tables.Mention, ("source", "mention_id"), "posted_at", ("posted_at",), ("author",)),
        Dataset("interactions", "Interactions", tables.Interaction, ("interaction_id",), "happened_at", ("customer_id", "event", "happened_at")),
        Dataset("tickets", "Service tickets", tables.Ticket, ("ticket_id",), "created_at", ("ticket_id", "created_at")),
        Dataset("deals", "Deals", tables.Deal, ("deal_id",), "created_at", ("deal_id", "created_at")),
        Dataset(
            "subscriptions", "Subscriptions", tables.Subscription, ("subscription_id", "started_at"), "started_at", ("customer_id", "started_at")
        ),
        Dataset("orders", "Orders", tables.Order, ("order_id", "product"), "ordered_at", ("order_id", "ordered_at")),
        Dataset("campaigns", "Campaign results", tables.Campaign, ("campaign", "channel", "segment", "day"), "day", ("campaign", "day")),
        Dataset("measurements", "Quality measurements", tables.Measurement, ("measurement_id",), "measured_at", ("characteristic", "measured_at")),
        Dataset(
            "step_runs",
            "Process steps",
            tables.StepRun,
            ("process", "case_id", "step", "started_at"),
            "started_at",
            ("case_id", "step", "started_at"),
        ),
        Dataset("trainings", "Trainings", tables.Training, ("training_id",), "enrolled_at", ("employee_id", "course"), ("employee",)),
    )
}

def dataset(name: str) -> Dataset:
    """Look a dataset up by name. Raises InputError naming the twelve."""
    if name not in DATASETS:
        raise InputError(f"expected one of the datasets {', '.join(DATASETS)}", f"found {name!r}", "choose one of them")
    return DATASETS[name]
