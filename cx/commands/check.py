"""`check`: is everything in order?"""

from __future__ import annotations

from typing import Annotated

import typer

from cx.commands.output import as_json
from cx.facts import health
from cx.store.migrate import migrate


def check(json: Annotated[bool, typer.Option("--json", help="As JSON: ok and a list of findings.")] = False) -> None:
    """Check the store, the mirror and that the two agree row by row; exit status 1 where something is wrong."""
    migrate()
    found = health.deep()
    if json:
        as_json({"ok": not found, "findings": found, "remarks": health.remarks()})
    else:
        for line in [*found, *health.remarks()]:
            print(line)
        print("Something needs attention." if found else "All is well: the store is writable and the mirror agrees with it.")
    if found:
        raise typer.Exit(1)
