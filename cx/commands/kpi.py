"""`kpi`: list the catalogue, or compute one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from cx.blueprint.catalogue import KPIS
from cx.blueprint.catalogue import kpi as find
from cx.commands.output import as_json, as_table
from cx.errors import InputError
from cx.facts.filters import Filters
from cx.scorecard import Reading, read
from cx.store.migrate import migrate

FIELDS = ("value", "low", "high", "n", "unit", "warning")


def day(text: str | None, name: str) -> datetime | None:
    """A day given on the command line, as its first moment in UTC."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(f"expected a day such as 2026-01-31, found {text!r}", param_hint=name) from None


def kpi(
    key: Annotated[str | None, typer.Argument(help="Key of a KPI; without it all are listed.")] = None,
    by: Annotated[str, typer.Option(help="Breakdown: columns or day, week, month, quarter, year, separated by commas.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, included.")] = None,
    survey: Annotated[str, typer.Option(help="Only this survey.")] = "",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Compute a KPI with its 95 % interval, for a period and by any breakdown."""
    if key is None:
        rows = [
            {"key": k.key, "title": k.title, "unit": k.unit, "better": k.better, "target": k.target, "group": k.group, "question": k.question}
            for k in KPIS.values()
        ]
        as_json(rows) if json else as_table(rows, ("key", "title", "unit", "better", "group", "question"))
        return
    row = find(key)
    start, last = day(since, "--from"), day(until, "--to")
    if start and last and last < start:
        raise typer.BadParameter("the period ends before it begins", param_hint="--to")
    migrate()
    filters = Filters(start, last + timedelta(days=1) if last else None)
    if survey:
        if row.measure.dataset != "responses":
            raise InputError(f"--survey narrows KPIs of survey responses; {key} is computed from {row.measure.dataset}", "", "leave --survey out")
        filters = filters.narrowed("survey", survey)
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    found = read(row, filters, names)
    overall = read(row, filters)[0] if names else found[0]
    last = overall.end - timedelta(days=1) if overall.end else None
    bounds = {"from": f"{overall.start:%Y-%m-%d}" if overall.start else None, "to": f"{last:%Y-%m-%d}" if last else None}
    if json:
        document = {"key": key, **_fields(overall), **bounds}
        if names:
            document["groups"] = [{**dict(r.keys), **_fields(r)} for r in found]
        as_json(document)
        return
    as_table([{**dict(r.keys), **_fields(r)} for r in ([*found, overall] if names else [overall])], (*names, *FIELDS))


def _fields(reading: Reading) -> dict[str, Any]:
    return {name: getattr(reading.estimate, name) for name in FIELDS}
