"""`findings`: what moved between two periods, and where."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cx import documents, scorecard
from cx.commands.kpi import period as days
from cx.commands.output import as_json
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.findings import Happening, periods, registered
from cx.findings import findings as find
from cx.store.migrate import migrate


def findings(
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD; without it the last 90 days of data.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, included.")] = None,
    compare: Annotated[str, typer.Option(help="Compare with the `previous` period of the same length, or the same days a `year` earlier.")] = "previous",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What moved, where and since when: a ranked list, empty where nothing did. Corrected for how many places were looked at."""
    if compare not in ("previous", "year"):
        raise typer.BadParameter(f"expected previous or year, found {compare!r}", param_hint="--compare")
    versus: Literal["previous", "year"] = "year" if compare == "year" else "previous"
    start, end = days(since, until)
    migrate()
    state = revision()
    last = scorecard.latest(state)
    found = []
    if last is not None:
        period, before = periods(start, end, versus, last)
        found = find(Filters(*period), before, (*registered(), *_invented(state.demo, last.date())), state)
    if json:
        as_json(documents.moved(found))
    elif not found:
        print("Nothing moved more than chance would, with so many places looked at.")
    for number, one in enumerate(found if not json else (), 1):
        print(f"{number}. {one.sentence}")


def _invented(demo: bool, last: object) -> tuple[Happening, ...]:
    """The incidents of the demo company, where it is what the store holds."""
    from datetime import date

    from cx.demo import events

    return tuple(Happening(row.day, row.title) for row in events(last.replace(day=1))) if demo and isinstance(last, date) else ()
