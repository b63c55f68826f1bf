"""`import`: files and folders in, a sentence or a JSON object each."""

from __future__ import annotations

import hashlib
import json as codec
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cx.commands.alerts import told
from cx.commands.output import as_json
from cx.errors import BusyError, CxError, InputError
from cx.facts import arrangement, batches, history
from cx.intake.folder import Inbox, exports
from cx.scorecard import effect
from cx.store.migrate import migrate

COUNTS = ("records", "inserted", "updated", "unchanged", "excluded", "rejected", "answers")


def imports(
    files: Annotated[list[Path], typer.Argument(help="Exports to import (CSV, XLSX or one file in a ZIP), or folders of them.")],
    dataset: Annotated[str, typer.Option(help="Dataset, where the file does not tell.")] = "",
    survey: Annotated[str, typer.Option(help="Name of the survey.")] = "",
    map: Annotated[list[str] | None, typer.Option("--map", help="COLUMN=FIELD; may be repeated.")] = None,
    scale: Annotated[str, typer.Option(help="Scale of the score questions, such as 0-10.")] = "",
    effort: Annotated[str, typer.Option(help="higher-is-better or higher-is-worse.")] = "",
    dates: Annotated[str, typer.Option(help="dmy, mdy or ymd, where dates can be read in two ways.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of moments without one, such as Europe/Berlin.")] = "",
    currency: Annotated[str, typer.Option(help="Currency of amounts without one, such as EUR.")] = "",
    tool: Annotated[str, typer.Option(help="Name of the tool, where it was recognised wrongly.")] = "",
    include: Annotated[list[str] | None, typer.Option(help="Take preview, test, partial or spam records too; may be repeated.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and import what comes into the folders.")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks at a watched folder.")] = 5.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but keep it.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Import survey and operations exports of any tool; the same file again changes nothing."""
    from cx.intake import Options

    low_high = _scale(scale)
    pairs = dict(_pair(text) for text in map or [])
    if effort not in ("", "higher-is-better", "higher-is-worse"):
        raise typer.BadParameter("expected higher-is-better or higher-is-worse", param_hint="--effort")
    options = Options(dataset, survey, pairs, low_high, effort, dates, zone, currency, tool, tuple(include or ()))
    migrate()
    if watch:
        if not all(file.is_dir() for file in files):
            raise typer.BadParameter("--watch wants folders", param_hint="FILES")
        _watch([Inbox(folder) for folder in files], options, every, dry_run)
        return
    done: list[dict[str, Any]] = []
    failed = False
    for file in [one for given in files for one in (exports(given) if given.is_dir() else [given])]:
        try:
            done.extend(_once(file, options, dry_run) if any(file.parent == folder for folder in files) else take(file, options, dry_run))
        except CxError as error:
            failed = True
            print(f"{file}: {error}", file=sys.stderr)
    stored = any(row["batch"] for row in done) and not dry_run
    if stored:
        told()
    if json:
        as_json(done)
    else:
        for row in done:
            _say(row, dry_run)
    if stored:  # after it was told: nobody waits for it
        arrangement.arrange()
    if failed:
        raise typer.Exit(1)


def _say(row: dict[str, Any], dry_run: bool) -> None:
    """One imported file in words."""
    if row["known"]:
        print(f"{row['file']}: came in before, as batch {row['known']}")
        return
    counts = ", ".join(f"{row[name]:,} {name}" for name in COUNTS[1:-1] if row[name])
    kept = "would become" if dry_run else "became"
    print(f"{row['file']}: {row['tool']} → {row['dataset']}{', survey ' + row['survey'] if row['survey'] else ''}; "
          f"{row['records']:,} records {kept} {row['answers']:,} rows ({counts}); batch {row['batch']}")  # fmt: skip
    for moved in row["kpis"]:
        before = "none" if moved["before"] is None else f"{moved['before']:,.1f} (n {moved['n_before']:,})"
        after = "none" if moved["after"] is None else f"{moved['after']:,.1f} (n {moved['n']:,})"
        print(f"  {moved['title']}: {before} → {after}")
    for warning in row["warnings"]:
        print(f"  note: {warning}")


def _watch(inboxes: list[Inbox], options: Any, every: float, dry_run: bool) -> None:
    """Import what comes into the folders until interrupted; prints a JSON object a file, as soon as it is done."""
    try:
        while True:
            for inbox in inboxes:
                for file in inbox.ready():
                    try:
                        rows = list(_once(file, options, dry_run))
                    except BusyError as error:  # somebody else writes: the file's turn comes again
                        inbox.done.clear()
                        print(f"{file}: {error}", file=sys.stderr, flush=True)
                        continue
                    except CxError as error:
                        rows = [{"file": str(file), "error": str(error)}]
                    for row in rows:
                        print(codec.dumps(row, ensure_ascii=False, default=str), flush=True)
                    if not dry_run and any(row.get("batch") for row in rows):
                        told()
                        arrangement.arrange()
            time.sleep(every)
    except KeyboardInterrupt:
        return


def _once(file: Path, options: Any, dry_run: bool) -> Iterator[dict[str, Any]]:
    """Import a file of a folder, unless this very content came in before, under whatever name, and even if it was undone since."""
    known = history.imported(fingerprint(file))
    if known is None:
        yield from take(file, options, dry_run)
    else:
        yield {"file": str(file), "known": known, "batch": None}


def take(file: Path, options: Any, dry_run: bool = False) -> Iterator[dict[str, Any]]:
    """Import one file. Yields the object that `--json` prints."""
    from cx.intake import plan, read

    if not file.is_file():
        raise InputError("expected a file", "there is none of that name" if not file.exists() else "it is a folder", "check the path")
    how = plan(file, file.name, options).check()
    origin = batches.Origin(file.name, how.tool, how.survey, fingerprint(file), how.to_json(), "command line", warnings=how.warnings)
    before = history.revision()
    loaded = batches.load(how.dataset, lambda: read(how), origin, dry_run=dry_run)
    counts = {name: getattr(loaded, name) for name in COUNTS}
    yield {"file": str(file), "tool": how.tool, "dataset": how.dataset, "survey": how.survey, "batch": None if dry_run else loaded.batch, **counts,
           "reasons": dict(loaded.reasons), "warnings": [*how.warnings, *loaded.warnings], "known": None,
           "kpis": [] if dry_run or not loaded.answers else effect(before, history.revision(), how.dataset, loaded.batch)}  # fmt: skip


def fingerprint(file: Path) -> str:
    """SHA-256 of a file."""
    with open(file, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _pair(text: str) -> tuple[str, str]:
    column, mark, field = text.rpartition("=")
    if not mark or not column or not field:
        raise typer.BadParameter(f"expected COLUMN=FIELD, found {text!r}", param_hint="--map")
    return column, field


def _scale(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    low, _, high = text.partition("-") if not text.startswith("-") else (text, "", "")
    try:
        found = (float(low), float(high))
    except ValueError:
        raise typer.BadParameter(f"expected LOW-HIGH such as 0-10, found {text!r}", param_hint="--scale") from None
    if found[0] >= found[1]:
        raise typer.BadParameter("the low end comes first, as in 0-10", param_hint="--scale")
    return found
