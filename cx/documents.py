"""Numbers as programs read them: the JSON documents that the command line prints and the API answers with.

One place, so that both keep one contract: keys that mean the same everywhere, days as YYYY-MM-DD, `value` null where a number
is not defined or hidden, and `warning` saying why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cx.blueprint.catalogue import KPIS
from cx.blueprint.catalogue import kpi as find
from cx.errors import InputError
from cx.facts import history
from cx.facts.datasets import DATASETS
from cx.facts.filters import COLUMNS, Filters
from cx.findings import Moving
from cx.scorecard import Reading, aimed, latest, read

FIELDS = ("value", "low", "high", "n", "unit", "warning")
NARROWING = ("survey", *COLUMNS)
TYPES: dict[type, str] = {str: "text", int: "whole number", float: "number", bool: "yes or no", datetime: "moment"}


def plain(value: Any) -> Any:
    """A value as JSON holds it: a midnight is a day, another moment ISO 8601 in UTC."""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def day(text: str, name: str) -> datetime | None:
    """A day as its first moment in UTC; None where the text is empty. Raises InputError naming `name`."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise InputError(f"{name} is a day such as 2026-01-31", f"found {text!r}", "write it so") from None


def period(first: str, last: str, names: tuple[str, str] = ("from", "to")) -> tuple[datetime | None, datetime | None]:
    """Both days, the last included, as (first moment, moment after the last). Raises InputError where it ends before it begins."""
    start, final = day(first, names[0]), day(last, names[1])
    if start and final and final < start:
        raise InputError("a period begins before it ends", f"{names[0]} is {first} and {names[1]} {last}", "turn them round")
    return start, final + timedelta(days=1) if final else None


def catalogue() -> list[dict[str, Any]]:
    """Every KPI: key, title, unit, which way is better, the target in force on the last day with data, process group, the question it answers."""
    last = latest(history.revision())
    return [{"key": k.key, "title": k.title, "unit": k.unit, "better": k.better, "target": aimed(k, Filters(), last).target, "group": k.group, "question": k.question} for k in KPIS.values()]


def figures(
    key: str, by: Sequence[str] = (), between: tuple[datetime | None, datetime | None] = (None, None), only: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """A KPI over a period, and with `by` for each group; `only` narrows it to values of columns (see NARROWING).

    key, value, low, high, n, unit, warning, from, to; with `by` also groups: the same fields with the group's columns in
    front. Small groups are hidden as everywhere. Raises InputError for an unknown KPI, breakdown or narrowing.
    """
    row = find(key)
    filters = Filters(*between)
    for column, values in (only or {}).items():
        if column not in NARROWING:
            raise InputError(f"numbers can be narrowed by {', '.join(NARROWING)}", f"found {column!r}", "choose one of them")
        if column == "survey" and row.measure.dataset != "responses":
            raise InputError(f"survey narrows KPIs of survey responses; {key} is computed from {row.measure.dataset}", "", "leave it out")
        filters = filters.narrowed(column, *values)
    found = read(row, filters, tuple(by))
    overall = read(row, filters)[0] if by else found[0]
    last = overall.end - timedelta(days=1) if overall.end else None
    document = {"key": key, **_fields(overall), "from": f"{overall.start:%Y-%m-%d}" if overall.start else None, "to": f"{last:%Y-%m-%d}" if last else None}
    if by:
        document["groups"] = [{**dict(r.keys), **_fields(r)} for r in found]
    return document


def _fields(reading: Reading) -> dict[str, Any]:
    return {name: getattr(reading.estimate, name) for name in FIELDS}


def moved(found: Sequence[Moving]) -> list[dict[str, Any]]:
    """Findings, the surest first."""
    return [asdict(one) for one in found]


def datasets() -> list[dict[str, Any]]:
    """Every dataset: name, title, key columns, rows and how fresh they are, whether they are the demo company's, and its columns."""
    fresh = {row["dataset"]: row for row in history.freshness()}
    demo = history.revision().demo
    out = []
    for name, kind in DATASETS.items():
        columns = [
            {"name": c, "type": TYPES[kind.types[c]], "required": c in kind.required, "key": c in kind.key, "means": kind.descriptions[c]} for c in kind.types
        ]
        state = {word: fresh[name][word] for word in ("rows", "batches", "arrived", "earliest", "latest")}
        out.append({"name": name, "title": kind.title, "key": list(kind.key), "demo": demo, **state, "columns": columns})
    return out
