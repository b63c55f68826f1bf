"""How the row of a customer changed from file to file: who looked after them when, and what else was corrected since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from cx.facts import blocks, mirror
from cx.facts.batch import ImportBatch
from cx.facts.block import Replacement
from cx.facts.datasets import DATASETS
from cx.store.engine import reading

WATCHED = ("name", "email", "company", "segment", "persona", "plan", "owner", "status", "consent", "country", "size")


@dataclass(frozen=True)
class Change:
    """One correction: when it came in, and column -> (before, after)."""

    at: datetime
    fields: Mapping[str, tuple[Any, Any]]


def earlier(identifiers: Sequence[str], url: str | None = None) -> list[tuple[datetime, dict[str, Any]]]:
    """Versions of the row that have been replaced, the oldest first: (until when it held, its values).

    Only batches of which rows were replaced are looked into, so a store whose customers came in once answers at once.
    """
    found: list[tuple[datetime, int, dict[str, Any]]] = []
    with reading(url) as session:
        own = select(ImportBatch.id).where(ImportBatch.dataset == "customers")
        owners = session.exec(select(Replacement.batch_id).where(col(Replacement.batch_id).in_(own)).distinct()).all()
        if not owners:
            return []
        came = {int(number or 0): at for number, at in session.exec(select(ImportBatch.id, ImportBatch.created_at))}
        for owner in owners:
            with mirror.staging(url) as file, mirror.workbench(url) as bench:
                bench.register("gone", blocks.replaced(session, owner))
                rows = mirror.conformed(DATASETS["customers"], blocks.fetch(session, owner, file))
                query = f"SELECT id, by_batch, {', '.join(WATCHED)} FROM ({rows}) JOIN gone USING (id) WHERE customer_id = ANY($ids::VARCHAR[])"
                for row in bench.sql(query, params={"ids": list(identifiers)}).to_arrow_table().to_pylist():
                    found.append((came[row["by_batch"]], row["id"], {name: row[name] for name in WATCHED}))
    return [(until, values) for until, _, values in sorted(found, key=lambda one: one[:2])]


def changes(before: Sequence[tuple[datetime, dict[str, Any]]], now: Mapping[str, Any]) -> list[Change]:
    """What differs between each version and the next, the present row being the last; versions that differ in nothing watched are left out."""
    if not before:
        return []
    following = [values for _, values in before[1:]] + [{name: now.get(name) for name in WATCHED}]
    out = []
    for (until, values), later in zip(before, following, strict=True):
        moved = {name: (values[name], later[name]) for name in WATCHED if values[name] != later[name]}
        if moved:
            out.append(Change(until, moved))
    return out


def owner_at(moment: datetime, before: Sequence[tuple[datetime, dict[str, Any]]], now: Mapping[str, Any]) -> str | None:
    """Who looked after the customer at a moment (naive, UTC), as far as the files tell; the oldest file stands for what came before it."""
    for until, values in before:
        if moment < until.replace(tzinfo=None):
            return values["owner"]
    return now.get("owner")
