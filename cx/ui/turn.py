"""Pages are drawn one after the other.

Python runs one thread at a time. Ten pages drawn at once take turns at every element they send, and handing over costs more
than the element: fifty people waited nine times as long as when each page is drawn from beginning to end. A page that waits
for something slow does not keep the others: nobody waits longer than `PATIENCE` for their turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 0.25  # seconds; several pages of what is kept already fit into it
_drawing = threading.Semaphore(1)


@contextmanager
def turn() -> Iterator[bool]:
    """Wait for the turn, then draw; whether it came in time. Whoever comes into it without is drawn beside the others."""
    mine = _drawing.acquire(timeout=PATIENCE)
    try:
        yield mine
    finally:
        if mine:
            _drawing.release()
