"""`surveys`: list the hosted surveys, and invite and mail what is due; made to be run by cron."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from cx.commands.output import as_json, as_table
from cx.reports.post import office
from cx.store.migrate import migrate
from cx.surveys import due as dues
from cx.surveys import links, results

FIELDS = ("survey", "status", "sent", "invited", "waiting", "answers", "rate", "last", "next")


def surveys(
    all_due: Annotated[bool, typer.Option("--due", help="Invite for every survey that asks by itself, and mail what waits.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the hosted surveys with what came in; or invite and send what is due. Exit status 1 where something could not be sent."""
    migrate()
    if not all_due:
        rows = [row(one) for one in results.standings()]
        if json:
            as_json(rows)
        elif rows:
            as_table(rows, FIELDS)
        else:
            print("No survey is defined; add one on the page Surveys.")
        return
    runs, sent = dues.run_due(office(), links.base())
    if json:
        as_json({"surveys": [asdict(one) for one in runs], "mail": asdict(sent)})
    for one in runs:
        if one.reason:
            print(f"{one.survey}: nobody was invited. {one.reason}", file=sys.stderr)
        elif not json:
            print(f"{one.survey}: {one.invited:,} invited" + "".join(f"; {reason}: {n:,}" for reason, n in one.left_out.items()))
    if sent.reason:
        print(f"{sent.waiting:,} invitations wait. {sent.reason}", file=sys.stderr)
    if not json:
        print(f"{sent.sent:,} letters sent, {sent.failed:,} failed." if runs or sent.sent or sent.failed else "No survey is due.")
    if sent.reason or any(one.reason for one in runs):
        raise SystemExit(1)


def row(one: results.Standing) -> dict[str, Any]:
    """A survey as a program reads it."""
    return {
        "survey": one.survey.name, "status": one.state, "sent": one.survey.trigger, "invited": one.invited, "waiting": one.waiting, "answers": one.answers,
        "rate": one.rate.value if one.rate else None, "last": one.last, "next": dues.next_due(one.survey),
    }  # fmt: skip
