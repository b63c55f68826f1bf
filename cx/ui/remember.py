"""Results of a computation that is too dear to repeat on every rerun, kept by store, state of the facts and arguments."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from cx.store.engine import store_url

F = TypeVar("F", bound=Callable[..., Any])
A = TypeVar("A")
T = TypeVar("T")


def remembered(compute: F) -> F:
    """Keep the last 64 results of `compute`, whose arguments must be hashable.

    The arguments must hold everything the result depends on: the revision of the facts, filters, and any choice made.
    """

    @lru_cache(maxsize=64)
    def kept(url: str, args: tuple[Any, ...]) -> Any:
        return compute(*args)

    @wraps(compute)
    def ask(*args: Any) -> Any:
        return kept(store_url(), args)

    return cast(F, ask)


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    # DuckDB releases the interpreter while it computes; more at once than the machine has cores would only wait
    return ThreadPoolExecutor(max_workers=max(2, min(os.cpu_count() or 1, 4)), thread_name_prefix="questions")


def each(ask: Callable[[A], T], about: Iterable[A]) -> list[T]:
    """What `ask` answers about each, in order, asked side by side. From within such an answer they are asked in turn."""
    wanted = list(about)
    if len(wanted) < 2 or threading.current_thread().name.startswith("questions"):
        return [ask(one) for one in wanted]
    return list(_workers().map(ask, wanted))
