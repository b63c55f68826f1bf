"""Answers of the engine to questions whose SQL is the same, for one state of the facts: asked once, also by threads that ask at the same time.

KPIs of one family are made of the same few sums (gross churn, net churn, NRR and GRR of one movement of revenue; the steps of
one funnel), and a page asks for several of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

KEPT = 512
ROWS = 1000  # of a longer answer the rows are for one place only


class Answers:
    """The last answers to one store's questions. A new state of the facts begins anew: nothing of an old one stays in memory."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._state = ""
        self._found: OrderedDict[str, Future[tuple[str, list[dict[str, Any]]]]] = OrderedDict()

    def rows(self, state: str, query: str, ask: Callable[[], tuple[str, list[dict[str, Any]]]]) -> list[dict[str, Any]]:
        """What `ask` answers to `query` in `state`. It returns the state it read, which may be a newer one; what it raises is raised.

        Rows are the caller's own: each gets a copy.
        """
        with self._guard:
            if state != self._state:
                self._state = state
                self._found.clear()
            waiting = self._found.get(query)
            if waiting is None:
                mine: Future[tuple[str, list[dict[str, Any]]]] = Future()
                self._found[query] = mine
                while len(self._found) > KEPT:
                    self._found.popitem(last=False)
            else:
                self._found.move_to_end(query)
        if waiting is not None:
            return [dict(row) for row in waiting.result()[1]]
        try:
            answer = ask()
        except BaseException as error:
            self._forget(query, mine)
            mine.set_exception(error)
            raise
        if answer[0] != state or len(answer[1]) > ROWS:
            self._forget(query, mine)
        mine.set_result(answer)
        return [dict(row) for row in answer[1]]

    def forget(self) -> None:
        """Begin anew."""
        with self._guard:
            self._found.clear()

    def _forget(self, query: str, mine: Future[tuple[str, list[dict[str, Any]]]]) -> None:
        with self._guard:
            if self._found.get(query) is mine:
                del self._found[query]
