"""A folder that exports are dropped into: which files are there, and which of them have stopped growing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".zip")
SETTLED_SECONDS = 2.0


def exports(folder: Path) -> list[Path]:
    """The exports in a folder, by name; not those in folders below it, nor hidden or half-downloaded ones."""
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~")))


@dataclass
class Inbox:
    """A watched folder. A file is handed over once its size and time have stood still; changed later, it is handed over again."""

    folder: Path
    settled: float = SETTLED_SECONDS
    seen: dict[Path, tuple[int, int, float]] = field(default_factory=dict)
    done: set[tuple[Path, int, int]] = field(default_factory=set)

    def ready(self, now: float | None = None) -> Iterator[Path]:
        """Files that have not changed for `settled` seconds and were not handed over as they are now."""
        moment = time.monotonic() if now is None else now
        for file in exports(self.folder):
            try:
                stat = file.stat()
            except FileNotFoundError:  # moved away between listing and looking
                continue
            size, changed, since = self.seen.get(file, (-1, -1, moment))
            if (size, changed) != (stat.st_size, stat.st_mtime_ns):
                self.seen[file] = (stat.st_size, stat.st_mtime_ns, moment)
            elif moment - since >= self.settled and (file, size, changed) not in self.done:
                self.done.add((file, size, changed))
                yield file
