"""What was read from the store, kept until the store changes.

A page reads a dozen small registers each time it runs, and hardly any of them changed since the run before. Asking SQLite or
PostgreSQL whether anything at all was committed costs microseconds; reading and building the same objects again costs
milliseconds. So `recall` asks that one question and reads only where the answer is new.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cx.store.engine import database_file, engine, store_url

T = TypeVar("T")
MOST = 512
LONGEST = 5_000  # a longer list is read each time: keeping it would cost more memory than reading it costs time
State = tuple[Any, ...]


@dataclass
class _Watch:
    """A connection that never writes; SQLite tells it when another one has committed."""

    inode: tuple[int, int]
    connection: sqlite3.Connection
    number: int
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        weakref.finalize(self, self.connection.close)

    def version(self) -> int:
        with self.lock:
            return int(self.connection.execute("PRAGMA data_version").fetchone()[0])


@dataclass
class _Kept:
    state: State
    values: OrderedDict[Hashable, Any]


_numbers = itertools.count()
_watches: dict[str, _Watch] = {}
_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def state(url: str | None = None) -> State:
    """A value that differs after every commit to the store, whoever made it.

    SQLite: the data version seen by a connection that never writes, and which file it is. PostgreSQL: the snapshot, which
    names the transactions whose work is visible.
    """
    target = store_url(url)
    file = database_file(target)
    if file is None:
        with engine(target).connect() as connection:
            return ("snapshot", connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return ("none", object())  # equal to nothing: the store is about to be made
    inode = (found.st_dev, found.st_ino)
    watch = _watches.get(target)
    if watch is None or watch.inode != inode:
        with _lock:
            watch = _watches.get(target)
            if watch is None or watch.inode != inode:
                opened = sqlite3.connect(file, timeout=30, check_same_thread=False, isolation_level=None)
                watch = _watches[target] = _Watch(inode, opened, next(_numbers))
    return ("version", watch.number, watch.version())


def recall(key: Hashable, read: Callable[[], T], url: str | None = None) -> T:
    """What `read` returned since the last commit under this key, else what it returns now.

    The value is shared by everyone who asks: it may be read and not changed.
    """
    target = store_url(url)
    now = state(target)
    with _lock:
        kept = _kept.get(target)
        if kept is not None and kept.state == now and key in kept.values:
            kept.values.move_to_end(key)
            return kept.values[key]
    value = read()
    if isinstance(value, list | tuple) and len(value) > LONGEST:
        return value
    with _lock:
        kept = _kept.get(target)
        if kept is None or kept.state != now:
            # asked before the reading began: what was committed in between makes the next state differ, and is read again
            kept = _kept[target] = _Kept(now, OrderedDict())
        kept.values[key] = value
        while len(kept.values) > MOST:
            kept.values.popitem(last=False)
    return value
