"""Keys under which the page keeps what is asked for and who is chosen."""

from __future__ import annotations

from datetime import UTC, datetime

CHOSEN, ASKED, NEXT = "customer", "find", "customers-next"


def seen(last: datetime | None) -> datetime:
    """The moment from which the page looks back: the end of the data."""
    return last or datetime(2026, 1, 1, tzinfo=UTC)
