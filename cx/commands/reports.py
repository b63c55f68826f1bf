"""`reports`: list the scheduled reports, and mail those that are due; made to be run by cron."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from cx.commands.output import as_json, as_table
from cx.records.lookup import DEMO, records
from cx.reports import dispatch
from cx.reports.post import office
from cx.reports.schedule import due, overdue
from cx.store.migrate import migrate


def reports(
    all_due: Annotated[bool, typer.Option("--due", help="Mail every report that should have gone out.")] = False,
    send: Annotated[str | None, typer.Option("--send", metavar="NAME", help="Mail this report now, due or not.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the scheduled reports, or mail them: those that are due, or one by its name. Exit status 1 where one could not be sent."""
    if all_due and send:
        raise typer.BadParameter("--due and --send exclude each other", param_hint="--send")
    migrate()
    if not all_due and send is None:
        _list(json)
        return
    post = office()
    wanted = dispatch.due() if all_due else [dispatch.named(send or "")]
    done = dispatch.send_all(wanted, post)
    if json:
        as_json([asdict(one) for one in done])
    for one in done:
        if not one.sent:
            print(f"{one.title}: not sent. {one.reason}", file=sys.stderr)
        elif not json:
            print(f"{one.title}: {one.file}, {one.size:,} bytes, to {', '.join(one.to)}" + (f"; refused: {', '.join(one.refused)}" if one.refused else ""))
    if not wanted and not json:
        print("No report is due.")
    if any(not one.sent for one in done):
        raise SystemExit(1)


def _list(json: bool) -> None:
    now = datetime.now(UTC)
    rows = [
        {"report": s.title, "file": s.form, "to": list(s.recipients or ()), "next": due(s.rhythm, s.weekday, s.hour, now) if s.active else None,
         "due": s.created_by != DEMO and overdue(s, now), "sent": s.last_sent_at}
        for s in records("report_schedule")
    ]  # fmt: skip
    if json:
        as_json(rows)
    elif rows:
        as_table([{**row, "to": ", ".join(row["to"]), "due": "yes" if row["due"] else "no"} for row in rows], ("report", "file", "to", "next", "due", "sent"))
    else:
        print("No report is scheduled; write a schedule under Analysis and reports, Reports.")
