"""The service levels people keep in their register, as the policy that measures read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cx.analytics.business_hours import BusinessHours, business_hours
from cx.analytics.sla import STANDARD, Policy, Promise
from cx.errors import InputError
from cx.records.lookup import records
from cx.records.service import DAYS


@dataclass(frozen=True)
class Promises:
    """The policy in force, the numbers of its records in the order of its promises, and what to say of it."""

    policy: Policy
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    goal: float | None = None
    pauses: str | None = "calendar"
    own: bool = True

    def options(self) -> dict[str, Any]:
        """What the scorecard hands to the measure."""
        return {"policy": self.policy, "pauses": self.pauses}

    def promised(self, end: str) -> bool:
        """Whether any of them names a time for this end."""
        return any(getattr(p, end) is not None for p in self.policy)


def hours_of(record: Any) -> BusinessHours | None:
    """The opening hours a record describes; None where they never open or cannot be read."""
    if record is None:
        return None
    week = {day[:3]: getattr(record, day) or "" for day in DAYS}
    try:
        return business_hours(week, record.timezone or "UTC", [date.fromisoformat(text) for text in record.holidays or []])
    except InputError:
        return None


def promises(url: str | None = None) -> Promises:
    """The service levels in force, the lowest rank first; standard ones, round the clock, while the register is empty."""
    kept = [row for row in records("sla_policy", url=url) if row.active]
    if not kept:
        return Promises(STANDARD, own=False)
    clocks = {row.id: hours_of(row) for row in records("business_hours", url=url)}
    found = []
    for row in kept:
        where = tuple((name, getattr(row, name)) for name in ("priority", "segment", "channel") if getattr(row, name))
        found.append(Promise(row.first_response_minutes, row.resolution_minutes, where, clocks.get(row.hours_id) if row.hours_id else None))
    goals = [row.goal for row in kept if row.goal is not None]
    return Promises(
        tuple(found), tuple(int(row.id) for row in kept), tuple(row.name for row in kept), min(goals) if goals else None,
        "calendar" if any(row.pauses for row in kept) else None,
    )  # fmt: skip


def clock() -> BusinessHours | None:
    """The opening hours most service levels are counted in; None where they run round the clock."""
    kept = [p.hours for p in promises().policy if p.hours is not None]
    return max(set(kept), key=kept.count) if kept else None
