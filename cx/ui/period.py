"""Periods as the pages speak of them: what to compare with, grains that suit, buckets not over yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cx.facts.period import PRESETS, Period, compared, midnight, months_back, preset

__all__ = ["COMPARE", "NAMES", "PRESETS", "Period", "compared", "grain", "midnight", "months_back", "partial", "preset"]

COMPARE = {"previous": "vs period before", "year": "vs year before", "none": "no comparison"}
NAMES = {"previous": "period before", "year": "year before", "none": ""}


def grain(days: int | None) -> str:
    """The grain in which a stretch of so many days reads well."""
    if days is None or days > 1_100:
        return "quarter"
    return "day" if days <= 31 else "week" if days <= 120 else "month"


def partial(start: date | datetime, grain_: str, last: datetime) -> bool:
    """Whether the bucket beginning at `start` has not ended at `last` (the end of the data)."""
    day = start.date() if isinstance(start, datetime) else start
    end = {"day": day + timedelta(days=1), "week": day + timedelta(days=7), "month": months_back(day, -1), "quarter": months_back(day, -3), "year": months_back(day, -12)}[grain_]
    return end > last.date()
