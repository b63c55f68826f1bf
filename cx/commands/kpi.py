"""`kpi`: list the catalogue, or compute one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cx import documents
from cx.blueprint.catalogue import kpi as find
from cx.commands.output import as_json, as_table
from cx.errors import InputError
from cx.store.migrate import migrate


def period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """The days given on the command line, the last one included, as first moment and moment after."""
    try:
        return documents.period(since or "", until or "", ("--from", "--to"))
    except InputError as wrong:
        raise typer.BadParameter(str(wrong)) from None


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
        migrate()
        rows = documents.catalogue()
        as_json(rows) if json else as_table(rows, ("key", "title", "unit", "better", "group", "question"))
        return
    find(key)
    between = period(since, until)
    migrate()
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    found = documents.figures(key, names, between, {"survey": (survey,)} if survey else None)
    if json:
        as_json(found)
        return
    as_table([*found.get("groups", ()), found], (*names, *documents.FIELDS))
