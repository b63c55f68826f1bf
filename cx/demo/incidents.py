"""The dated incidents and actions behind the story, for annotations on charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cx.demo.cast import COURSE, NEW_COURIER, SLIPPING
from cx.demo.timeline import Timeline


@dataclass(frozen=True)
class Incident:
    """Something that happened on a day: `kind` is incident or action, `group` the key of the process group it belongs to."""

    day: date
    title: str
    kind: str
    group: str


def events(end: date = date(2026, 11, 1)) -> tuple[Incident, ...]:
    """What happened, oldest first.

    >>> [e.title for e in events() if e.kind == "action"][-1]
    'Onboarding checklist launched'
    """
    t = Timeline(end)
    rows = (
        Incident(t.before(730 - 182), "Effort survey (1-5) replaced by the ease question (1-7)", "action", "reporting"),
        Incident(t.before(214), f"Training: {COURSE}", "action", "training"),
        Incident(t.before(184), f"{SLIPPING} moves its production", "incident", "quality"),
        Incident(t.before(123), "E-mail team short-staffed on weekdays from 12 to 14 h (UTC)", "incident", "service"),
        Incident(t.before(92), f"{NEW_COURIER} takes over deliveries to Mid-market", "incident", "journeys"),
        Incident(t.before(49), "Onboarding checklist launched", "action", "journeys"),
    )
    return tuple(sorted(rows, key=lambda row: row.day))
