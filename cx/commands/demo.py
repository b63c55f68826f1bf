"""`demo`: load the demo company, or wipe it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Annotated, Any

import pandas as pd
import typer

from cx import alerts
from cx.blueprint.groups import GROUPS
from cx.facts import batches, history
from cx.records import invented
from cx.records.lookup import records
from cx.records.writing import update
from cx.store.migrate import migrate

MONTHS, WEEKS = 8, 4  # how far back the demo's alert rules look
SETTLED = timedelta(days=45)


def demo(
    wipe: Annotated[bool, typer.Option("--wipe", help="Remove the demo company; your own data stays.")] = False,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Load only where the store holds nothing yet.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed gives another company.")] = 7,
) -> None:
    """Load the demo company: two years of all twelve datasets. It is shown only while there is no data of your own."""
    migrate()
    if wipe:
        rows, written = batches.drop_demo("command line"), invented.wipe()
        print(f"The demo company is gone: {rows:,} rows and {written:,} records removed.")
        return
    there = history.batches()
    if if_empty and there:
        return
    if any(b.demo for b in there):
        print("The demo company is loaded already; `demo --wipe` removes it.")
        return
    load(seed)
    if any(not b.demo and b.live for b in there):
        print("Your own data stays what is shown; the demo company appears when there is none.", file=sys.stderr)


def load(seed: int = 7) -> int:
    """Generate and load it, ending with the last whole month; returns the number of rows."""
    from cx.demo import company

    end = datetime.now(UTC).date().replace(day=1)
    rows = 0
    for name, table in company(seed, end).items():
        part = _Whole(table)
        done = batches.load(name, partial(list, [part]), batches.Origin(source="demo company", tool="demo", actor="demo", demo=True))
        rows += done.answers
    written = sum(invented.load(part(end), end) for part in written_down())
    said = look_back(end)
    print(f"The demo company is loaded: {rows:,} rows in twelve datasets, {written:,} records, {said} alerts.")
    return rows


def look_back(end: date) -> int:
    """Look with the demo's alert rules at the end of each of its last months, and of each of its last weeks, as if they had stood then.

    What changed long ago somebody has settled since, what lasts somebody knows of. Nothing where data of one's own is what is shown.
    """
    state = history.revision()
    if not state.demo:
        return 0
    last = datetime.combine(end, time(), UTC)
    months = [(pd.Timestamp(last) - pd.DateOffset(months=i)).to_pydatetime() for i in range(MONTHS)]
    count = alerts.catch_up({*months, *(last - timedelta(weeks=i) for i in range(WEEKS))}, state)
    owners = {rule.id: rule.owner for rule in records("alert_rule")}
    for one in records("alert_firing", status="open"):
        seen = one.fired_at + timedelta(days=2)
        if one.latest_on < (last - SETTLED).date():
            done: dict[str, Any] = {"status": "resolved", "resolved_by": owners.get(one.rule_id), "resolved_at": seen, "note": "Settled in the monthly review"}
        elif one.fired_at < last - SETTLED:
            done = {"status": "acknowledged", "acknowledged_by": owners.get(one.rule_id), "acknowledged_at": seen, "note": "Being worked on, see the actions"}
        else:
            continue
        update("alert_firing", one.id, done, one.version, invented.INVENTOR)
    return count


Written = dict[str, list[dict[str, Any]]]


def written_down() -> list[Callable[[date], Written]]:
    """What the demo's people have written down, a function a process group, in the order of the groups."""
    import cx.demo

    names = {m.name for m in pkgutil.iter_modules(cx.demo.__path__) if m.name.startswith("records_")}
    ordered = [f"records_{key}" for key in (*GROUPS, "across", "social") if f"records_{key}" in names]
    return [_rows(importlib.import_module(f"cx.demo.{name}")) for name in ordered]


def _rows(module: Any) -> Callable[[date], Written]:
    found: Callable[[date], Written] = module.records if hasattr(module, "records") else lambda end: module.RECORDS
    return found


class _Whole:
    """A generated table as one part."""

    def __init__(self, table: object) -> None:
        import pyarrow as pa

        assert isinstance(table, pa.Table)
        self.rows = table
        self.records = len(table["line"].unique())
        self.excluded: dict[str, int] = {}
        self.rejects: tuple[batches.Rejected, ...] = ()
