"""What happened that a chart should name: incidents and actions."""

from __future__ import annotations

from functools import lru_cache

from cx.ui.charts import Event
from cx.ui.page import View


def events(view: View, group: str | None = None) -> list[Event]:
    """Dated incidents and actions, of one process group or of all."""
    return [event for owner, event in _demo(view.last.date().replace(day=1).toordinal() if view.last else 0) if group in (None, owner)] if view.now.demo else []


@lru_cache(maxsize=4)
def _demo(end: int) -> tuple[tuple[str, Event], ...]:
    from datetime import date

    from cx.demo import events as incidents

    return tuple((row.group, Event(row.day, row.title)) for row in incidents(date.fromordinal(end))) if end else ()
