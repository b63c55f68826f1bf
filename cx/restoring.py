"""Going back to a backup: the store as it was, without anybody who was erased since, and a way back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cx import erasing
from cx.facts import block, mirror, tombstone  # noqa: F401  tables of blocks are among those of the layout
from cx.facts.history import batches
from cx.records.actor import Actor
from cx.records.registry import registers
from cx.records.withdrawn import Withdrawn, uphold, withdrawn
from cx.settings import settings
from cx.store import audit, backup
from cx.store.engine import database_file, store_url, writing
from cx.store.migrate import current, forget, migrate

OTHER = "The backup is of another store: persons erased from the one before may stand in it."


@dataclass(frozen=True)
class Restored:
    """What was done: `before` is a backup of what stood there (None where nothing did), `erased` how many persons went once more."""

    file: str
    before: str | None
    batches: int
    rows: int
    erased: int
    remarks: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def restore(file: Path, actor: Actor, url: str | None = None) -> Restored:
    """Put a backup in the place of the store, after a backup of what stands there.

    It is brought to the present layout, the mirror is made anew from it when it is next read, and everybody who was erased
    since it was written is erased from it as well; who opted out of surveys, tokens revoked and members' roles stay as they are now. Raises AccessError (an administrator's deed), InputError where the file
    is no backup of such a store, BusyError while somebody writes.
    """
    actor.require("admin", "restore a backup")
    target = store_url(url)
    backup.kind(file)
    store = database_file(target)
    standing = (store is None or store.exists()) and current(target) is not None
    registers()  # so that every table of the layout is known
    before, stones, since = None, [], Withdrawn()
    if standing:
        migrate(target)
        stones, since = tombstone.carried(target), withdrawn(target)
        before = backup.create(_aside(target), target)
    backup.put_back(file, target)
    mirror.discard(target)
    forget(target)
    migrate(target)
    with writing(target) as session:
        same = tombstone.lay(session, stones)
        uphold(session, since)
        audit.record(session, actor.name, "restore", "store", file.name, after={"before": before.name if before else None})
    erased = len(erasing.again(actor, target))
    held = [b for b in batches(target) if b.live]
    return Restored(str(file), str(before) if before else None, len(held), sum(b.live for b in held), erased, () if same else (OTHER,))


def _aside(url: str) -> Path:
    """Where what stands there is kept: beside the store, or in the data folder."""
    store = database_file(url)
    folder, name = (store.parent, store.name) if store else (settings().data_dir, "cx.dump")
    return folder / f"{name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
