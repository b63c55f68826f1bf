"""Rows that a program posts, taken into a dataset: checked, keyed and counted as an imported file is.

Some hundred rows or more are a batch of their own. Fewer join the open batch of whoever sent them (see `cx.facts.arrivals`), so that
a program that sends row by row leaves few files. Either way a row sent twice changes nothing, since its key is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cx.errors import InputError
from cx.facts import arrivals, batches
from cx.facts.batches import BUCKETS, Loaded, Origin
from cx.facts.datasets import DATASETS
from cx.facts.tombstone import sieve
from cx.intake.plan import Chunk, Reject
from cx.intake.rows import Understood, plan_of, understood
from cx.store.base import now
from cx.store.engine import writing

TOOL = "api"
MOST = 10_000  # rows in one post
OWN = 500  # from so many rows on a post is a batch of its own
WAIT = 20.0  # seconds a small post waits for another writer


@dataclass(frozen=True)
class Posted:
    """What became of the rows: the counts and the batch as of an import, names kept as properties, and each row rejected (`index` from 0)."""

    dataset: str
    batch: int | None
    records: int
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    excluded: int = 0
    rejected: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    properties: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As a program reads it."""
        counts = {name: getattr(self, name) for name in ("records", *BUCKETS)}
        rejects = [{"index": one.line - 1, "column": one.column, "value": one.value, "reason": one.reason} for one in self.rejects]
        return {"dataset": self.dataset, "batch": self.batch, **counts, "reasons": dict(self.reasons), "properties": list(self.properties), "rejects": rejects}


def post(name: str, rows: Sequence[Any], sender: str, url: str | None = None) -> Posted:
    """Take rows into the dataset `name`; `sender` is who is named in the audit log.

    Where no row can be used nothing is stored and `batch` is None. Raises InputError where the dataset is unknown or there are
    too many rows, BusyError where another writer holds the store for too long.
    """
    if len(rows) > MOST:
        raise InputError(f"expected at most {MOST:,} rows in one post", f"found {len(rows):,}", "send them in parts, or as a file")
    begun = now()
    read = understood(name, rows)
    (part,) = sieve(False, url).through([read.chunk])  # rejects of erased persons are not told either
    rejects, excluded = tuple(part.rejects), dict(part.excluded)
    if not part.rows.num_rows:
        nothing = Posted(name, None, part.records, excluded=sum(excluded.values()), rejected=len(rejects))
        return replace(nothing, reasons=tuple(excluded.items()), properties=read.properties, rejects=rejects)
    surveys = part.rows["survey"].unique().to_pylist() if "survey" in DATASETS[name].types else []
    origin = Origin(_source(sender), TOOL, surveys[0] if len(surveys) == 1 and surveys[0] else "", actor=sender, begun=begun)
    loaded = _apart(name, part, read, origin, url) if part.records >= OWN else _together(name, part, origin, url)
    counts = {bucket: getattr(loaded, bucket) for bucket in ("records", *BUCKETS)}
    return Posted(name, loaded.batch, **counts, reasons=tuple(loaded.reasons.items()), properties=read.properties, rejects=rejects)


def _source(sender: str) -> str:
    return f"API, {sender}"


def _apart(name: str, part: Any, read: Understood, origin: Origin, url: str | None) -> Loaded:
    return batches.load(name, [part], replace(origin, source=f"{origin.source}: {part.records:,} rows", plan=read.plan.to_json()), url)


def _together(name: str, part: Any, origin: Origin, url: str | None) -> Loaded:
    """Rejects are kept with the dataset's own columns: the rows that follow into the same batch may have other properties."""
    width = len(DATASETS[name].types)
    kept = Chunk(part.rows, part.records, part.excluded, tuple(replace(one, raw=one.raw[:width]) for one in part.rejects))
    with writing(url, WAIT) as session:
        return arrivals.join(session, name, kept, replace(origin, plan=plan_of(name).to_json()), url)
