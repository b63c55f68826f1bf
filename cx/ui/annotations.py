"""What happened that a chart should name: incidents, changes and actions that took effect."""

from __future__ import annotations

from functools import lru_cache

from cx.records.lookup import records
from cx.ui.charts import Event
from cx.ui.page import View


def events(view: View, group: str | None = None, kpi: str | None = None) -> list[Event]:
    """Dated incidents and actions, of one process group or of all; those meant for one KPI only on charts of that `kpi`."""
    found = [(owner, event) for owner, event in _demo(view.last.date().replace(day=1).toordinal() if view.last else 0) if group in (None, owner)] if view.now.demo else []
    named = {event.when for _, event in found}
    for a in records("annotation"):
        if group in (None, a.group) and a.kpi in (None, kpi) and a.starts_on not in named:
            found.append((a.group or "", Event(a.starts_on, a.title)))
    if kpi is not None:
        for done in records("action", status="done", kpi=kpi):
            if done.done_on and done.done_on not in named and group in (None, done.group):
                found.append((done.group, Event(done.done_on, done.title)))
    return sorted(event for _, event in found)


@lru_cache(maxsize=4)
def _demo(end: int) -> tuple[tuple[str, Event], ...]:
    from datetime import date

    from cx.demo import events as incidents

    return tuple((row.group, Event(row.day, row.title)) for row in incidents(date.fromordinal(end))) if end else ()
