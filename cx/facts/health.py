"""Is the store writable, and the mirror in step with it?"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow.parquet as pq

from cx.errors import CxError
from cx.facts import blocks, mirror
from cx.facts.history import batches
from cx.store.engine import engine, reading, store_url, writing
from cx.store.migrate import current, head

SAFE_SQLITE = (3, 51, 3)


def findings(url: str | None = None) -> list[str]:
    """What is wrong, a sentence each; an empty list when all is well."""
    target = store_url(url)
    try:
        here = current(target)
    except Exception as error:  # whatever the driver raises, the finding is the same
        return [f"The store cannot be reached: {str(error).splitlines()[0]}."]
    if here != head():
        return [f"The store stands at revision {here or 'none'}, this program needs {head()}; start `python -m cx serve` once to bring it up."]
    found: list[str] = []
    try:
        with writing(target, wait=20):
            pass
    except CxError as error:
        found.append(str(error))
    for batch in batches(target):
        if batch.live and not mirror.path(batch.dataset, int(batch.id or 0), batch.version, target).exists():
            found.append(f"The mirror lacks batch {batch.id} of {batch.dataset}; it is rebuilt when it is next read.")
    return found


def deep(url: str | None = None) -> list[str]:
    """Like `findings`, and the rows of every batch are counted, in the store and in the mirror, and no key is live twice. May take a while."""
    found, target = findings(url), store_url(url)
    if found and "mirror" not in found[0]:
        return found
    files: dict[tuple[str, bool], list[Path]] = {}
    with reading(target) as session:
        for batch in batches(target):
            number = int(batch.id or 0)
            if batch.undone_at or not batch.answers:
                continue
            with mirror.staging(target) as kept:
                blocks.fetch(session, number, kept)
                held = pq.read_metadata(kept).num_rows if kept.stat().st_size else 0
            if held != batch.answers or held - blocks.rows_replaced(session, number) != batch.live:
                found.append(f"Batch {batch.id} of {batch.dataset} should have {batch.answers} rows, {batch.live} of them live, the store has {held}; restore a backup.")
            file = mirror.path(batch.dataset, number, batch.version, target)
            if batch.live and file.exists():
                files.setdefault((batch.dataset, batch.demo), []).append(file)
                if pq.read_metadata(file).num_rows != batch.live:
                    found.append(
                        f"Mirror file {file.name} of {batch.dataset} does not hold the {batch.live} rows it should; delete it and it is rebuilt."
                    )
    with mirror.workbench(target) as bench:
        for (name, _), paths in files.items():
            twice = mirror.one(bench, f"SELECT count(*) - count(DISTINCT key) FROM {mirror.scan(paths)}")[0]
            if twice:
                found.append(f"{twice} rows of {name} are live twice under one key; undo the later of the batches that hold them.")
    return found


def remarks(url: str | None = None) -> list[str]:
    """What is not wrong but worth knowing."""
    said = []
    if engine(url).dialect.name == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        version = ".".join(map(str, SAFE_SQLITE))
        said.append(
            f"SQLite is {sqlite3.sqlite_version}; before {version} it can rarely lose pages at checkpoints, which one writer at a time avoids here."
        )
    return said
