"""When a scheduled report is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def due(rhythm: str, weekday: str | None, hour: int, after: datetime) -> datetime:
    """The first moment of the rhythm that lies after `after` (aware UTC): each day, each week on its day (Monday where none is named), the first of a month or quarter.

    >>> due("weekly", "friday", 6, datetime(2026, 11, 19, 12, tzinfo=UTC)).isoformat()
    '2026-11-20T06:00:00+00:00'
    >>> due("quarterly", None, 6, datetime(2026, 11, 19, tzinfo=UTC)).isoformat()
    '2027-01-01T06:00:00+00:00'
    """
    moment = after.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    wanted = DAYS.index(weekday) if weekday in DAYS else 0

    def fits(at: datetime) -> bool:
        if rhythm == "daily":
            return True
        if rhythm == "weekly":
            return at.weekday() == wanted
        return at.day == 1 and (rhythm == "monthly" or at.month in (1, 4, 7, 10))

    while moment <= after or not fits(moment):
        moment += timedelta(days=1)
    return moment


def overdue(schedule: Any, now: datetime) -> bool:
    """Whether an active schedule should have gone out since it was last sent (or, never sent, since it was written)."""
    since = schedule.last_sent_at or schedule.created_at
    return bool(schedule.active) and due(schedule.rhythm, schedule.weekday, schedule.hour, since) <= now
