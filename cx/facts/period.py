"""Periods people name: presets counted back from the last day with data, and the period compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

PRESETS = {
    "90d": "Last 90 days", "30d": "Last 30 days", "12m": "Last 12 months", "month": "This month", "last-month": "Last month", "quarter": "This quarter",
    "last-quarter": "Last quarter", "year": "This year", "all": "All data", "custom": "Custom …",
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """From `start` (included) to `end` (excluded); None where it is open."""

    start: datetime | None
    end: datetime | None

    @property
    def days(self) -> int | None:
        """Length in days; None where it is open."""
        return (self.end - self.start).days if self.start and self.end else None

    @property
    def text(self) -> str:
        """The period in words, its last day included."""
        if self.start and self.end:
            return span(self.start.date(), self.end.date() - timedelta(days=1))
        return "all data"


def span(start: date, end: date) -> str:
    """First to last day, both included, nothing said twice.

    >>> span(date(2026, 8, 1), date(2026, 10, 31)), span(date(2025, 12, 1), date(2026, 1, 5)), span(date(2026, 8, 3), date(2026, 8, 9))
    ('1 Aug – 31 Oct 2026', '1 Dec 2025 – 5 Jan 2026', '3 – 9 Aug 2026')
    """
    last = f"{end.day} {end:%b} {end.year}"
    if (start.year, start.month) != (end.year, end.month):
        return f"{start.day} {start:%b}{f' {start.year}' if start.year != end.year else ''} – {last}"
    return last if start.day == end.day else f"{start.day} – {last}"


def midnight(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC)


def months_back(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def preset(key: str, last: date, custom: tuple[date, date] | None = None) -> Period:
    """The period a preset names, where `last` is the last day with data (included).

    >>> preset("last-quarter", date(2026, 11, 19)).text
    '1 Jul – 30 Sep 2026'
    """
    after, first = last + timedelta(days=1), last.replace(day=1)
    quarter = first.replace(month=(last.month - 1) // 3 * 3 + 1)
    if key == "custom" and custom:
        return Period(midnight(custom[0]), midnight(custom[1] + timedelta(days=1)))
    start, end = {
        "30d": (last - timedelta(days=29), after), "90d": (last - timedelta(days=89), after), "12m": (months_back(after, 12), after),
        "month": (first, after), "last-month": (months_back(first, 1), first), "quarter": (quarter, after),
        "last-quarter": (months_back(quarter, 3), quarter), "year": (last.replace(month=1, day=1), after),
    }.get(key, (None, None))  # fmt: skip
    return Period(midnight(start) if start else None, midnight(end) if end else None)


def compared(period: Period, with_: str) -> Period | None:
    """The period to compare with: of equal length right before, or the same days a year earlier. None where open or not wanted.

    A period of whole months is compared with as many whole months.

    >>> compared(preset("last-quarter", date(2026, 11, 19)), "previous").text
    '1 Apr – 30 Jun 2026'
    """
    if with_ == "none" or period.start is None or period.end is None:
        return None
    start, end = period.start.date(), period.end.date()
    if with_ == "year":
        return Period(midnight(months_back(start, 12)), midnight(months_back(end, 12)))
    if start.day == 1 and end.day == 1:
        months = (end.year - start.year) * 12 + end.month - start.month
        return Period(midnight(months_back(start, months)), period.start)
    return Period(period.start - (period.end - period.start), period.start)
