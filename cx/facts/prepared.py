"""Questions prepared once: the SQL of an expression with its dates left open, filled in for every period asked about.

Writing the SQL of a measure takes longer than running it on a million rows. A question is therefore written twice, for two
periods that have nothing in common; where the two texts differ only in moments that lie equally far from the period's
ends, the text is kept with these moments open. A question whose text depends on its period in another way (by calendar
months, by its length) is written anew for each. What was prepared is kept beside the data, for the next start.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics import shape
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.settings import ROOT, settings

Dates = tuple[datetime | None, datetime | None, datetime | None]  # start, end, as of
Slot = tuple[int, float]  # which of the dates, and how many seconds after it

# Two periods of different length, month, weekday and year; no date of one is as far from another as in the other.
TRIALS: tuple[tuple[datetime, datetime, datetime], ...] = (
    (datetime(2001, 3, 5, tzinfo=UTC), datetime(2001, 3, 19, tzinfo=UTC), datetime(2002, 8, 2, tzinfo=UTC)),
    (datetime(2004, 11, 30, tzinfo=UTC), datetime(2005, 2, 7, tzinfo=UTC), datetime(2008, 5, 29, tzinfo=UTC)),
)
KEPT = 4096
SOURCES = ("analytics", "blueprint", "facts")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A text around its open moments: `parts` has one more element than `slots`.

    Without parts the text is written anew for each period; where not `textual` there is none, as the expression carries
    rows of its own (such as those of a register).
    """

    parts: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    textual: bool = True

    def filled(self, dates: Dates) -> str:
        """The SQL for these dates."""
        out = [self.parts[0]]
        for (which, seconds), part in zip(self.slots, self.parts[1:], strict=True):
            anchor = dates[which]
            assert anchor is not None  # the key of a question says which dates it has
            out += [shape.written(anchor + timedelta(seconds=seconds)), part]
        return "".join(out)


def question(key: Hashable, dates: Dates, build: Callable[[Dates], ir.Table], keep: bool = False) -> ir.Table | str:
    """The DuckDB SQL of the expression that `build` makes for `dates`; the expression itself where it carries rows of its own.

    `key` identifies the question with everything that its text depends on, apart from the dates; its `repr` must be the
    same in every process where `keep` asks to have it prepared for the next start as well. Errors of `build` are passed on.
    """
    equal = dates[1] is not None and dates[1] == dates[2]
    named = hashlib.sha256(repr((key, [d is None for d in dates], equal)).encode()).hexdigest()[:32]
    made = _memory.get(named)
    if made is None and keep:
        made = _disk().get(named)
        if made is not None:
            _memory[named] = made
    if made is None:
        made = _prepare(dates, equal, build)
        if len(_memory) >= KEPT:  # a server that runs for months is asked about ever other choices
            _memory.clear()
        _memory[named] = made
        if keep and not any(engine.CALENDARS.search(part) for part in made.parts):  # a calendar is known to the process that wrote of it
            _store(named, made)
    if made.parts:
        return made.filled(dates)
    if not made.textual:
        return build(dates)
    if (named, dates) not in _written:
        if len(_written) >= KEPT:
            _written.clear()
        _written[named, dates] = shape.sql(build(dates).op())
    return _written[named, dates]


def rows(key: Hashable, filters: Filters, build: Callable[[Filters], ir.Table], now: Revision | None = None, keep: bool = False) -> list[dict[str, Any]]:
    """The rows of a question that depends on the filters; prepared for every period and every `as_of` of otherwise the same filters, where the mirror is asked."""
    return engine.rows(asked(key, filters, build, keep), now=now)


def asked(key: Hashable, filters: Filters, build: Callable[[Filters], ir.Table], keep: bool = False) -> ir.Table | str:
    """What to give the engine for a question that depends on the filters, as `rows` does."""
    if settings().engine:
        return build(filters)
    undated = replace(filters, start=None, end=None, as_of=None)
    dates = (filters.start, filters.end, filters.as_of)
    return question((key, undated), dates, lambda d: build(replace(undated, start=d[0], end=d[1], as_of=d[2])), keep and undated == Filters())


_memory: dict[str, Prepared] = {}
_written: dict[tuple[str, Dates], str] = {}
_guard = threading.Lock()


def _prepare(dates: Dates, equal: bool, build: Callable[[Dates], ir.Table]) -> Prepared:
    """The text with open moments; one without parts where the dates shape it in another way."""
    trials = [tuple(None if d is None else t for d, t in zip(dates, (a, b, b if equal else c), strict=True)) for a, b, c in TRIALS]
    built = [build(trial) for trial in trials]  # type: ignore[arg-type]
    if any(engine.carries(expression.op()) for expression in built):
        return Prepared(textual=False)
    one, two = (shape.split(shape.sql(expression.op())) for expression in built)
    if one[0] != two[0]:
        return Prepared()
    parts, slots = [one[0][0]], []
    for first, second, part in zip(one[1], two[1], one[0][1:], strict=True):
        slot = next(((i, (first - a).total_seconds()) for i, (a, b) in enumerate(zip(*trials, strict=True)) if a and b and first - a == second - b), None)
        if slot is not None:
            slots.append(slot)
            parts.append(part)
        elif first == second:
            parts[-1] += shape.written(first) + part
        else:
            return Prepared()
    return Prepared(tuple(parts), tuple(slots))


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    """What the prepared texts were made by: another release, or a changed source, prepares its own."""
    files = sorted(path for folder in SOURCES for path in (ROOT / "cx" / folder).rglob("*.py"))
    stamp = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((ibis.__version__, stamp)).encode()).hexdigest()[:16]


def place() -> Path:
    """The file of what was prepared by this release."""
    return settings().data_dir / "cx.prepared" / f"{_fingerprint()}.jsonl"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _read(path: Path, size: int) -> dict[str, Prepared]:
    """What the file holds at this size: it only grows, by this process and by others."""
    out: dict[str, Prepared] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if size else ():
        try:
            named, parts, slots, textual = json.loads(line)
            out[named] = Prepared(tuple(parts), tuple((int(i), float(s)) for i, s in slots), bool(textual))
        except ValueError:  # the end of a file whose writer was stopped
            continue
    return out


def _disk() -> dict[str, Prepared]:
    path = place()
    return _read(path, _size(path))


def _store(named: str, made: Prepared) -> None:
    path = place()
    with _guard:
        if len(_disk()) >= KEPT:
            return
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if not path.exists():
                for old in path.parent.glob("*.jsonl"):
                    old.unlink(missing_ok=True)
            with path.open("ab", buffering=0) as file:
                file.write((json.dumps([named, made.parts, made.slots, made.textual], separators=(",", ":")) + "\n").encode())
        except OSError as error:
            log.info("what was prepared could not be kept in %s: %s", os.fspath(path), error)
