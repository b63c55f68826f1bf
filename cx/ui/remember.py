"""Results of a computation that is too dear to repeat on every rerun, kept by store, state of the facts and arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from cx.store.engine import store_url

F = TypeVar("F", bound=Callable[..., Any])


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
