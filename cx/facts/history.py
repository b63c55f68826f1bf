"""What has come in: batches, their rejects, how fresh each dataset is, and the state of the facts as a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from cx.facts import mirror
from cx.facts.aliases import Aliases, aliases
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.datasets import DATASETS
from cx.store.engine import reading
from cx.store.recall import recall


@dataclass(frozen=True)
class Revision:
    """A state of the facts: which mirror files make up each dataset, and which customers are merged. Equal revisions give equal numbers."""

    files: tuple[tuple[str, tuple[mirror.File, ...]], ...]
    demo: bool
    repeats: bool
    aliases: Aliases = ()

    @cached_property
    def token(self) -> str:
        """A short name for this state, for keys of caches."""
        return hashlib.sha256(repr((self.files, self.aliases) if self.aliases else self.files).encode()).hexdigest()[:16]

    def rows(self, dataset: str) -> int:
        """Live rows of a dataset."""
        return sum(f.live for f in dict(self.files).get(dataset, ()))


def revision(url: str | None = None) -> Revision:
    """The state of the facts now."""
    return recall("revision", lambda: _revision(url), url)


def _revision(url: str | None) -> Revision:
    columns = (ImportBatch.dataset, ImportBatch.id, ImportBatch.version, ImportBatch.live, ImportBatch.demo, ImportBatch.repeats)
    with reading(url) as session:
        found = session.exec(select(*columns).where(ImportBatch.live > 0).order_by(ImportBatch.id)).all()  # type: ignore[call-overload]
        merged = aliases(session)
    real = any(not row[4] for row in found)
    shown = [row for row in found if not (real and row[4])]
    files: dict[str, list[mirror.File]] = {name: [] for name in DATASETS}
    for dataset, batch, version, live, _, _ in shown:
        files[dataset].append(mirror.File(int(batch), version, live))
    answers = [row for row in shown if row[0] == "responses"]
    # several batches may hold the same respondent, which no batch by itself can know; so may two customers merged into one
    repeats = len(answers) > 1 or any(row[5] for row in answers) or bool(merged)
    return Revision(tuple((name, tuple(rows)) for name, rows in files.items()), bool(shown) and not real, repeats, merged)


def batches(url: str | None = None, demo: bool = True) -> list[ImportBatch]:
    """Every batch, the latest first; without the demo company's unless `demo`."""
    return [b for b in recall("batches", lambda: _batches(url), url) if demo or not b.demo]


def _batches(url: str | None) -> list[ImportBatch]:
    with reading(url) as session:
        return list(session.exec(select(ImportBatch).order_by(ImportBatch.id.desc())))  # type: ignore[union-attr]


def imported(sha256: str, url: str | None = None) -> int | None:
    """The batch that a file of this fingerprint came in with, undone or not; None where it never did."""
    with reading(url) as session:
        return session.exec(select(ImportBatch.id).where(ImportBatch.sha256 == sha256).order_by(ImportBatch.id.desc())).first()  # type: ignore[union-attr]


def rejects(batch: int, url: str | None = None) -> Iterator[dict[str, Any]]:
    """The rejected records of a batch: line, column, value, reason and the record as it was."""
    with reading(url) as session:
        for row in session.exec(select(RejectedRecord).where(RejectedRecord.batch_id == batch).order_by(RejectedRecord.line)):  # type: ignore[arg-type]
            yield {"line": row.line, "column": row.column, "value": row.value, "reason": row.reason, "raw": json.loads(row.raw or "{}")}


def rejected(batch: int, url: str | None = None) -> int:
    """How many rejected records of a batch are kept."""
    with reading(url) as session:
        return int(session.exec(select(func.count()).select_from(RejectedRecord).where(RejectedRecord.batch_id == batch)).one())


def freshness(url: str | None = None) -> list[dict[str, Any]]:
    """A row a dataset: live rows, batches, latest arrival and latest moment in the data."""
    out = []
    live = mirror.shown(batches(url)[::-1])
    for name, kind in DATASETS.items():
        mine = [b for b in live if b.dataset == name]
        arrivals: list[datetime] = [b.created_at for b in mine]
        moments: list[datetime] = [b.last_at for b in mine if b.last_at]
        out.append(
            {
                "dataset": name, "title": kind.title, "rows": sum(b.live for b in mine), "batches": len(mine),
                "arrived": max(arrivals, default=None), "latest": max(moments, default=None), "earliest": min((b.first_at for b in mine if b.first_at), default=None),
            }
        )  # fmt: skip
    return out
