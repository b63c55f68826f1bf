"""`batches` and `undo`: what came in, and taking it back."""

from __future__ import annotations

from typing import Annotated

import typer

from cx.commands.alerts import told
from cx.commands.output import as_json, as_table
from cx.facts import batches as facts
from cx.facts import history
from cx.store.migrate import migrate

COLUMNS = (
    "batch",
    "dataset",
    "source",
    "tool",
    "survey",
    "records",
    "inserted",
    "updated",
    "unchanged",
    "excluded",
    "rejected",
    "answers",
    "state",
    "created",
)


def batches(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the import batches, the latest first."""
    migrate()
    rows = []
    for b in history.batches():
        row = {name: getattr(b, name) for name in COLUMNS if hasattr(b, name)}
        rows.append({"batch": b.id, **row, "state": "undone" if b.undone_at else "live", "created": b.created_at})
    if json:
        as_json([{name: row[name] for name in COLUMNS} for row in rows])
    elif rows:
        as_table([{**row, "created": f"{row['created']:%Y-%m-%d %H:%M}"} for row in rows], COLUMNS)
    else:
        print("Nothing has been imported yet; `import FILE` takes a survey export, `demo` loads the demo company.")


def undo(
    batch: Annotated[int, typer.Argument(help="Number of the batch, as `batches` lists it.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Take a batch back: the facts stand as if it had never been imported."""
    migrate()
    done = facts.undo(batch, "command line")
    told()
    if json:
        as_json({"batch": done.batch, "restored": done.restored, "removed": done.removed})
    else:
        print(f"Batch {done.batch} is undone: {done.removed:,} rows removed, {done.restored:,} earlier rows live again.")
