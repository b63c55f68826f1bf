"""`erase`: a person leaves the store for good."""

from __future__ import annotations

from typing import Annotated

import typer

from cx import erasing
from cx.commands.output import as_json
from cx.facts.datasets import DATASETS
from cx.records.actor import Actor
from cx.records.registry import registers
from cx.store.migrate import migrate

BY = Actor("command line", "admin")


def erase(
    customer: Annotated[str, typer.Argument(help="Identifier of the customer, as it stands in the data.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking; without it what would go is shown and asked about.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Erase everybody once more who was erased before and is back, as after restoring a backup.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Remove a customer from facts, registers, rejects, uploads and mirror for good. Numbers they were part of change."""
    migrate()
    if again:
        done = erasing.again(BY)
        if json:
            as_json([one.plain() for one in done])
        else:
            print(f"{len(done)} erased once more." if done else "Nobody who was erased is back.")
        return
    if not customer:
        raise typer.BadParameter("name the customer to erase")
    if not yes:
        found = erasing.footprint(customer)
        if json:
            as_json(found.plain() | {"erased": False})
            return
        _say(found, "would go")
        if typer.prompt(f"This cannot be undone. Type {found.customer} to erase", default="", show_default=False) != found.customer:
            print("Nothing was erased.")
            raise typer.Exit(1)
    gone = erasing.erase(customer, BY)
    if json:
        as_json(gone.plain() | {"erased": True})
    else:
        _say(gone, "went")


def _say(found: erasing.Footprint, what: str) -> None:
    """Counts a line, then what is left to be decided."""
    print(f"{found.customer}" + (f" (also {', '.join(found.identifiers[1:])})" if len(found.identifiers) > 1 else ""))
    for name, (live, old) in found.facts.items():
        print(f"  {DATASETS[name].title}: {live:,} rows" + (f" and {old:,} earlier versions" if old else "") + f" {what}")
    for name, count in found.records.items():
        title = registers()[name].title if name in registers() else name
        print(f"  {title}: {count:,} {what}")
    if found.rejects:
        print(f"  Rejected records kept for mending: {found.rejects:,} {what}")
    if found.uploads:
        print(f"  Uploaded files: {', '.join(found.uploads)} {what}")
    if found.left:
        print(f"Free text that names this person stays; decide about each of these {len(found.left)}:")
        for one in found.left:
            place = f"{one['register']} {one['record']}, {one['field']}" if "register" in one else f"{one['dataset']} {one['key']}, {one['column']}"
            print(f"  {place}: {one['text']}")
