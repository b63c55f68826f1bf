"""`backup` and `restore`: the whole store as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cx import restoring
from cx.commands.output import as_json
from cx.records.actor import Actor
from cx.store import backup as copying
from cx.store.migrate import migrate

BY = Actor("command line", "admin")


def backup(
    file: Annotated[Path, typer.Argument(help="A new file; it will hold everything, personal data included.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON: file and bytes.")] = False,
) -> None:
    """Copy the whole store into a file while it is in use: facts, registers, members, history. The mirror needs no backup."""
    migrate()
    size = copying.create(file).stat().st_size
    if json:
        as_json({"file": str(file), "bytes": size})
    else:
        print(f"{file}: {size / 2**20:,.1f} MB. It holds personal data; keep it where the store itself would be kept.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Restore without asking.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON: file, before, batches, rows, erased, remarks.")] = False,
) -> None:
    """Make the store what it was when the file was written. What stands there now is kept as a backup of its own. Stop the server first."""
    copying.kind(file)
    if not yes and typer.prompt(f"The store becomes what {file.name} holds. Type restore to go on", default="", show_default=False, err=json) != "restore":
        print("Nothing was changed.")
        raise typer.Exit(1)
    done = restoring.restore(file, BY)
    if json:
        as_json(done.plain())
        return
    print(f"Restored: {done.batches:,} batches, {done.rows:,} rows." + (f" {done.erased:,} erased persons were removed again." if done.erased else ""))
    if done.before:
        print(f"What stood there before: {done.before}")
    for remark in done.remarks:
        print(remark)
