"""Who was erased: a keyed hash of the identifier and nothing else, so that a later import does not bring the person back.

All hashes of a store share one random salt, which is kept beside them: without it the hashes say nothing, and with it
they only answer "is it this one?" for an identifier that is known already.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlmodel import Field, Session, select

from cx.errors import StoreError
from cx.facts.datasets import DATASETS
from cx.store.base import Table, UtcDateTime, now
from cx.store.engine import reading

ERASED = "erased"


class Tombstone(Table, table=True):
    """One identifier that must not come back. `demo` where it was one of the demo company."""

    __tablename__ = "tombstone"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    digest: str = Field(index=True, description="Keyed hash of the identifier, 32 hexadecimal digits")
    salt: str = Field(description="Key of the hash, the same for the whole store")
    demo: bool = Field(default=False)


def digest(identifier: str, salt: str) -> str:
    """The keyed hash of an identifier (BLAKE2b, 128 bits)."""
    return hashlib.blake2b(identifier.strip().encode("utf-8", "replace"), key=bytes.fromhex(salt), digest_size=16).hexdigest()


def bury(session: Session, identifiers: Iterable[str], demo: bool) -> str:
    """Keep the hashes of these identifiers; returns the first of them, by which the audit log names the person."""
    known = session.exec(select(Tombstone.salt)).first()
    salt = known or secrets.token_hex(16)
    hashes = [digest(one, salt) for one in dict.fromkeys(identifiers)]
    there = set(session.exec(select(Tombstone.digest).where(Tombstone.demo == demo)))
    session.add_all([Tombstone(digest=one, salt=salt, demo=demo) for one in hashes if one not in there])
    return hashes[0]


@dataclass(frozen=True)
class Sieve:
    """Keeps erased persons out of what is being read. `salt` is empty where nobody was erased."""

    salt: str = ""
    digests: frozenset[str] = frozenset()
    seen: dict[str, bool] = field(default_factory=dict, compare=False)

    def catches(self, identifier: object) -> bool:
        """Whether this identifier, or the same in small letters, belongs to an erased person."""
        if not self.salt or identifier is None or identifier == "":
            return False
        word = str(identifier)
        if word not in self.seen:
            if len(self.seen) > 2_000_000:
                self.seen.clear()
            self.seen[word] = digest(word, self.salt) in self.digests or digest(word.lower(), self.salt) in self.digests
        return self.seen[word]

    def through(self, parts: Iterable[Any]) -> Iterable[Any]:
        """The parts of a file without the records of erased persons, which are counted as excluded; rejects of theirs go as well."""
        return (self._part(part) for part in parts) if self.salt else parts

    def _part(self, part: Any) -> Any:
        rows, dropped = part.rows, 0
        if "customer_id" in rows.column_names and rows.num_rows:
            out = [one for one in pc.unique(rows["customer_id"]).to_pylist() if self.catches(one)]
            if out:
                gone = pc.fill_null(pc.is_in(rows["customer_id"], value_set=pa.array(out, pa.string())), False)
                lines = set(rows.filter(gone)["line"].to_pylist())
                rows = rows.filter(pc.invert(gone))
                dropped = len(lines - set(rows["line"].to_pylist()))
        kept = tuple(reject for reject in part.rejects if not any(map(self.catches, cells(reject.raw))))
        dropped += len(tuple(part.rejects)) - len(kept)
        if not dropped and rows is part.rows:
            return part
        excluded = dict(part.excluded)
        excluded[ERASED] = excluded.get(ERASED, 0) + dropped
        return _Sifted(rows, part.records, excluded, kept)


@dataclass(frozen=True)
class _Sifted:
    rows: pa.Table
    records: int
    excluded: Mapping[str, int]
    rejects: tuple[Any, ...]


def cells(raw: Any) -> Iterator[str]:
    """Every cell of a rejected record, however it was kept: a JSON text, an object, a row of cells."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            yield raw.strip()
            return
    for cell in raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, list | tuple) else [raw]:
        if cell is not None:
            yield str(cell).strip()


def sieve(demo: bool, url: str | None = None) -> Sieve:
    """What keeps out everybody erased so far."""
    with reading(url) as session:
        return sieve_in(session, demo)


def sieve_in(session: Session, demo: bool) -> Sieve:
    """The same as the unit of `session` sees it."""
    found = list(session.exec(select(Tombstone).where(Tombstone.demo == demo)))
    return Sieve(found[0].salt, frozenset(one.digest for one in found)) if found else Sieve()


def unchanged(session: Session, since: datetime) -> None:
    """Raise StoreError where somebody was erased after `since`: what was read before that may hold the person still."""
    if session.exec(select(Tombstone.id).where(Tombstone.at >= since)).first() is not None:
        raise StoreError("A customer was erased while this file was being read; nothing was stored. Import it again.")


def carried(url: str | None = None) -> list[Tombstone]:
    """Every tombstone, to be laid down in a state of the store that is older than some of them."""
    with reading(url) as session:
        found = list(session.exec(select(Tombstone)))
        session.expunge_all()
    return found


def lay(session: Session, stones: Iterable[Tombstone]) -> bool:
    """Add those of the tombstones that are missing; False where this is another store, to whose hashes they say nothing."""
    wanted, there = list(stones), list(session.exec(select(Tombstone)))
    if {one.salt for one in there} - {one.salt for one in wanted} and wanted:
        return False
    known = {(one.digest, one.demo) for one in there}
    session.add_all([Tombstone(at=one.at, digest=one.digest, salt=one.salt, demo=one.demo) for one in wanted if (one.digest, one.demo) not in known])
    return True


def returned(url: str | None = None) -> list[str]:
    """Erased identifiers that stand in the facts all the same, as after restoring an older backup; they want erasing again."""
    from cx.facts.kept import kept

    found: set[str] = set()
    keepers = {demo: sieve(demo, url) for demo in (False, True)}
    if not any(keeper.salt for keeper in keepers.values()):
        return []
    with reading(url) as session:
        for kind in DATASETS.values():
            if "customer_id" in kind.types:
                with kept(session, kind, url) as bench:
                    rows = bench.execute("SELECT DISTINCT customer_id, demo FROM kept WHERE customer_id IS NOT NULL").fetchall()
                found |= {str(one) for one, demo in rows if keepers[demo].catches(one)}
    return sorted(found)
