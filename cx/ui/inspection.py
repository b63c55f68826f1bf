"""Entering an inspection by hand: one measurement or one sample, kept as a batch of its own that can be undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa
import streamlit as st

from cx.facts import batches
from cx.facts.datasets import DATASETS
from cx.ui import bench
from cx.ui.fields import Fields
from cx.ui.measurement_series import NAMED, Series
from cx.ui.page import View
from cx.ui.text import escape, quiet


@dataclass(frozen=True)
class Inspection:
    """One entered row as a part of a file."""

    rows: pa.Table
    records: int = 1
    excluded: dict[str, int] = field(default_factory=dict)
    rejects: tuple[batches.Rejected, ...] = ()


def row(values: dict[str, Any]) -> Inspection:
    """The values of one measurement as intake would deliver them; what is not given is empty."""
    key = f"entered-{uuid.uuid4().hex[:16]}"
    given = {"measurement_id": key, **values}
    schema = pa.schema([*DATASETS["measurements"].arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    return Inspection(pa.Table.from_pylist([{name: given.get(name) for name in schema.names} | {"key": key, "line": 1}], schema=schema))


def problem(values: dict[str, Any], kind: str) -> dict[str, str]:
    """What keeps an entry from being stored: field -> sentence; nothing where nothing does."""
    if not (values.get("characteristic") or "").strip():
        return {"characteristic": "Say what was measured."}
    if kind == "value":
        return {} if values.get("value") is not None else {"value": "Give the value measured."}
    size, bad = values.get("sample_size"), values.get(kind)
    if not size or bad is None:
        return {kind if size else "sample_size": f"Give the units inspected and the {kind} found."}
    return {kind: f"More {kind} than units: {bad} of {size}."} if kind == "defectives" and bad > size else {}


def store(view: View, values: dict[str, Any]) -> None:
    """Keep one entry. Among the demo company's data it counts as part of the demo, which a real batch would hide."""
    bench.actor(view).require("contributor", "enter an inspection")
    batches.load("measurements", [row(values)], batches.Origin(source="inspection entry", tool="form", actor=view.member.name, demo=view.now.demo))


def entry(view: View, key: str, one: Series | None = None) -> None:
    """A form for one inspection of a series, or of something new."""
    shelf = st.expander("Enter an inspection", key=f"{key}-entry", on_change="rerun", icon=":material/checklist:")
    if not shelf.open:
        return
    with shelf:
        names = dict(zip(NAMED, one.names, strict=True)) if one else dict.fromkeys(NAMED)
        kind = one.kind if one else st.segmented_control("What is entered", ["value", "defectives", "defects"], default="value", key=f"{key}-kind", required=True) or "value"
        form = Fields()
        with st.form(f"{key}-form", border=False):
            values: dict[str, Any] = {}
            with st.container(horizontal=True):
                for name in NAMED:
                    values[name] = form(name).text_input(name.capitalize(), names[name] or "", key=f"{key}-{name}-{one.title if one else ''}").strip() or None
            with st.container(horizontal=True):
                if kind == "value":
                    values["value"] = form("value").number_input(f"Value{', ' + escape(one.unit) if one and one.unit else ''}", value=None, key=f"{key}-value", format="%f")
                    values["subgroup"] = form("subgroup").text_input("Subgroup", key=f"{key}-subgroup").strip() or None
                else:
                    values["sample_size"] = form("sample_size").number_input("Units inspected", 1, value=None, key=f"{key}-size")
                    values[kind] = form(kind).number_input(f"{kind.capitalize()} found", 0, value=None, key=f"{key}-bad")
                values["operator"] = form("operator").text_input("By", view.member.name, key=f"{key}-by").strip() or None
                on: Any = form("measured_at").date_input("On", bench.today(view), max_value=max(bench.today(view), datetime.now(UTC).date()), key=f"{key}-on")
            if st.form_submit_button("Store", type="primary"):
                at = datetime.combine(on if isinstance(on, date) else on[0], time(12))
                wrong = problem(values, kind)
                if wrong:
                    form.refuse(wrong)
                else:
                    stored = values | {"measured_at": at, "unit": one.unit if one else None}
                    bench.saved(lambda: store(view, stored), "Inspection stored")
        quiet("Each entry is a batch of its own, so that it can be taken back on the Data page.")
