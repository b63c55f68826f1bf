"""Forgetting a person, whole: facts, registers, uploads; and handing out everything that is held of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cx.errors import BusyError, CxError, NotFoundError
from cx.facts import erasure as facts
from cx.facts import mirror, tombstone
from cx.facts.datasets import DATASETS
from cx.intake import container, jobs
from cx.records import erasure as registers
from cx.records.actor import Actor
from cx.store import audit
from cx.store.engine import reading, store_url, writing

BLOCK = 1 << 20
LIMIT = 8 << 30


@dataclass(frozen=True)
class Footprint:
    """What is held of a person. `facts`: dataset -> (rows that count now, earlier versions); `left`: free text that names them."""

    customer: str
    identifiers: tuple[str, ...]
    names: tuple[str, ...]
    facts: Mapping[str, tuple[int, int]]
    rejects: int
    records: Mapping[str, int]
    uploads: tuple[str, ...]
    left: tuple[dict[str, Any], ...] = ()
    mark: str = ""

    @property
    def live(self) -> int:
        """Rows that numbers are computed from now."""
        return sum(live for live, _ in self.facts.values())

    @property
    def total(self) -> int:
        """Everything that is to go."""
        return sum(live + old for live, old in self.facts.values()) + self.rejects + sum(self.records.values()) + len(self.uploads)

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self) | {"facts": {name: {"live": live, "replaced": old} for name, (live, old) in self.facts.items()}, "live": self.live}


def footprint(customer: str, url: str | None = None) -> Footprint:
    """What is held of a customer; changes nothing. Raises NotFoundError where nothing is."""
    with reading(url) as session:
        who = facts.person(session, customer, url)
        found = _found(session, who, url)
    if not found.total:
        raise NotFoundError(f"Nothing is held of a customer {customer!r}; identifiers are matched exactly, capitals included.")
    return found


def _found(session: Session, who: facts.Person, url: str | None) -> Footprint:
    counts: dict[str, int] = {}
    for row, _ in registers.held(session, who.identifiers):
        counts[row.name] = counts.get(row.name, 0) + 1
    counts |= {name: len(rows) for name, rows in registers.others(session, who.identifiers).items()}
    uploads = tuple(job.name for job in _uploads(who))
    return Footprint(who.customer, who.identifiers, who.names, facts.held(session, who, url), len(facts.rejects(session, who)), counts, uploads, _left(session, who, url))


def _left(session: Session, who: facts.Person, url: str | None) -> tuple[dict[str, Any], ...]:
    """Free text of others that names the person, in registers and in facts."""
    mine = {(row.name, int(one.id)) for row, one in registers.held(session, who.identifiers)}
    said = [asdict(one) for one in registers.named(session, who.needles) if (one.register, one.record) not in mine]
    return (*said, *facts.named(session, who, url=url))


def erase(customer: str, actor: Actor, url: str | None = None) -> Footprint:
    """Remove a person from facts, registers, rejects and uploads for good; returns what went and which free text still names them.

    One unit: all of it or nothing. A keyed hash of the identifiers stays, so that importing the same file again does not
    bring them back; the audit log names the person by it. Raises AccessError (a manager's or administrator's deed),
    NotFoundError, and BusyError while an import runs, whose file may hold the person.
    """
    actor.require("manager", "erase a customer")
    target = store_url(url)
    if any(job.progress.state == "running" for job in jobs.jobs()):
        raise BusyError("An import is running, and its file may hold this person; erase them when it is done.")
    with mirror.workbench(target) as bench, writing(target) as session:
        who = facts.person(session, customer, target)
        found = _found(session, who, target)
        if not found.total:
            raise NotFoundError(f"Nothing is held of a customer {customer!r}; identifiers are matched exactly, capitals included.")
        mark, _, _ = facts.forget(session, who, bench, target)
        registers.forget(session, who.identifiers)
        registers.unnamed(session, who.identifiers, mark)
        gone = {"facts": {name: sum(pair) for name, pair in found.facts.items()}, "rejects": found.rejects, "records": dict(found.records), "uploads": len(found.uploads)}
        audit.record(session, actor.name, "erase", "customers", mark, after=gone)
        session.flush()
        left = _left(session, who, target)
        for job in _uploads(who):
            jobs.discard(job)
    facts.sweep([name for name, kind in DATASETS.items() if "customer_id" in kind.types], target)
    return Footprint(found.customer, found.identifiers, found.names, found.facts, found.rejects, found.records, found.uploads, left, mark)


def again(actor: Actor, url: str | None = None) -> list[Footprint]:
    """Erase once more everybody who was erased and stands in the facts again, as after restoring an older backup."""
    done = []
    for one in tombstone.returned(url):
        try:
            done.append(erase(one, actor, url))
        except NotFoundError:  # went with another identifier of the same person
            continue
    return done


def _uploads(who: facts.Person) -> list[jobs.Job]:
    """Kept uploads in whose file one of the identifiers stands."""
    return [job for job in jobs.jobs() if job.progress.state != "running" and _holds(job.file, who.identifiers)]


def _holds(file: Path, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands by itself in a file, unpacked where it is packed; what cannot be unpacked is read as it is."""
    try:
        with container.unpacked(file, LIMIT) as (_, text):
            return _contains(text, words)
    except CxError:
        return file.exists() and _contains(file, words)


def _contains(source: Path | bytes, words: tuple[str, ...]) -> bool:
    pattern = facts.whole((*words, *(one.encode().decode("latin-1") for one in words)))
    tail = ""
    with container.opened(source) as content:
        while block := content.read(BLOCK):
            # bytes as letters, so that any encoding can be searched; without its zeros UTF-16 reads like the others
            window = tail + block.replace(b"\x00", b"").decode("latin-1")
            if pattern.search(window):
                return True
            tail = window[-1000:]
    return False


@dataclass(frozen=True)
class Holdings:
    """Everything held of a person as plain rows: datasets with earlier versions, registers, rejects."""

    customer: str
    identifiers: tuple[str, ...]
    facts: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    records: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejects: list[dict[str, Any]] = field(default_factory=list)

    def json(self) -> str:
        """As one JSON document; moments in ISO 8601, money in minor units."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str, indent=2)


def holdings(customer: str, actor: Actor, url: str | None = None) -> Holdings:
    """Everything held of a customer, for handing out; who took it is written into the audit log.

    Raises AccessError below contributor, NotFoundError where nothing is held.
    """
    actor.require("contributor", "export a customer")
    with writing(url) as session:
        who = facts.person(session, customer, url)
        rows = {kind.name: found for kind in facts.PERSONAL if (found := facts.rows(session, who, kind, url))}
        kept: dict[str, list[dict[str, Any]]] = {}
        for row, one in registers.held(session, who.identifiers):
            if actor.may(row.reader):
                kept.setdefault(row.name, []).append({"id": one.id, **one.plain(), "created_at": one.created_at, "updated_at": one.updated_at, "removed_at": one.deleted_at})
        kept |= registers.others(session, who.identifiers)
        rejects = [{"batch": r.batch_id, "line": r.line, "reason": r.reason, "record": json.loads(r.raw or "{}")} for r in facts.rejects(session, who)]
        if not (rows or kept or rejects):
            raise NotFoundError(f"Nothing is held of a customer {customer!r}; identifiers are matched exactly, capitals included.")
        audit.record(session, actor.name, "export", "customers", who.customer, after={name: len(found) for name, found in (*rows.items(), *kept.items())})
        return Holdings(who.customer, who.identifiers, rows, kept, rejects)
