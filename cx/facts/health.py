"""Is the store writable, and the mirror in step with it?"""

from __future__ import annotations

import sqlite3

from cx.errors import CxError
from cx.facts import mirror
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
    """Like `findings`, and every mirror file is opened and its rows counted against the store. May take a while."""
    import pyarrow.parquet as pq
    from sqlalchemy import text

    from cx.facts.datasets import DATASETS

    found, target = findings(url), store_url(url)
    if found and "mirror" not in found[0]:
        return found
    with reading(target) as session:
        for batch in batches(target):
            table = DATASETS[batch.dataset].table.__tablename__
            query = text(f"SELECT count(*) FROM {table} WHERE batch_id = :b AND id BETWEEN :low AND :high AND superseded_by IS NULL")
            live = session.connection().execute(query, {"b": batch.id, "low": batch.first_id, "high": batch.last_id}).scalar()
            if live != batch.live:
                found.append(f"Batch {batch.id} of {batch.dataset} should have {batch.live} live rows, the store has {live}; restore a backup.")
            file = mirror.path(batch.dataset, int(batch.id or 0), batch.version, target)
            if file.exists() and pq.read_metadata(file).num_rows != batch.live:
                found.append(
                    f"Mirror file {file.name} of {batch.dataset} does not hold the {batch.live} rows it should; delete it and it is rebuilt."
                )
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
