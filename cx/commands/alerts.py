"""`alerts`: hold the alert rules against the data, list what nobody has settled, or try the rules on the past."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cx import alerts as rules
from cx.commands.output import as_json, as_table
from cx.errors import CxError
from cx.facts.history import revision
from cx.records.lookup import records
from cx.store.migrate import migrate

FIELDS = ("alert", "kpi", "where", "from", "to", "periods", "value", "low", "high", "n", "status", "acknowledged_by", "sentence")


def alerts(
    test_run: Annotated[bool, typer.Option("--test-run", help="Show what the rules would have raised in the past; nothing is kept.")] = False,
    months: Annotated[int, typer.Option(min=1, max=36, help="How far back a test run goes.")] = 12,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Look at every alert rule now, and list the alerts that nobody has settled."""
    migrate()
    if test_run:
        _tried(months, json)
        return
    at = datetime.now(UTC)
    found = rules.look(at)
    standing = [row(f) for f in rules.standing(at)]
    if json:
        as_json({"rules": found.rules, "fired": [row(f) for f in found.fired], "resolved": found.resolved, "silent": len(rules.silent(at)),
                 "unjudged": found.unjudged, "open": standing})  # fmt: skip
        return
    print(f"{found.rules} rules looked at: {len(found.fired)} fired, {found.going_on} go on, {found.resolved} resolved, {len(rules.silent(at))} kept silent.")
    for one in standing:
        print(f"{one['status']:<12} {one['alert']}: {one['sentence']}")
    for name, reason in found.unjudged.items():
        print(f"{'not judged':<12} {name}: {reason}")


def _tried(months: int, json: bool) -> None:
    state = revision()
    out: list[dict[str, Any]] = []
    for rule in records("alert_rule", active=True):
        seen = rules.replay(rule, state, months)
        fired = [one for one in seen if one.fires]
        out.append({"alert": rule.name, "kpi": rule.kpi, "grain": rule.grain, "periods": len(seen), "judged": sum(not one.reason for one in seen), "fired": len(fired),
                    "by_chance": rules.by_chance(rule, seen), "when": [one.start for one in fired]})  # fmt: skip
    if json:
        as_json(out)
    else:
        as_table(out, ("alert", "kpi", "grain", "periods", "judged", "fired", "by_chance"))


def row(f: Any) -> dict[str, Any]:
    """A firing as a program reads it."""
    values = (f.name, f.kpi, f.place or "", f.starts_on, f.latest_on, f.periods, f.value, f.low, f.high, f.n, f.status, f.acknowledged_by, f.sentence)
    return dict(zip(FIELDS, values, strict=True))


def told() -> None:
    """After data came or went: look at the rules where there are some, and say on stderr what fired. Never fails the command."""
    try:
        found = rules.look_if_new(datetime.now(UTC))
    except CxError as error:
        print(f"The alert rules could not be looked at: {error}", file=sys.stderr)
        return
    for one in found.fired if found else ():
        print(f"alert: {one.name}: {one.sentence}", file=sys.stderr)
