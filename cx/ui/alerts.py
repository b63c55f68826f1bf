"""Alert rules, looked at now: the last whole period of each against its condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cx import scorecard
from cx.analytics.estimate import Difference, Estimate
from cx.blueprint.catalogue import KPIS
from cx.records import lookup
from cx.records.across import AlertRule
from cx.ui.page import View
from cx.ui.period import midnight, months_back


@dataclass(frozen=True)
class Looked:
    """A rule with what it saw: the last whole period, the change to the one before, and whether it fires; `reason` where it cannot say."""

    rule: AlertRule
    start: datetime | None
    estimate: Estimate
    change: Difference | None
    fires: bool
    reason: str = ""


def whole(last: datetime, grain: str) -> tuple[datetime, datetime]:
    """The last period of a grain that has ended at `last`."""
    day = last.date()
    if grain == "month":
        end = midnight(day.replace(day=1))
        return midnight(months_back(end.date(), 1)), end
    if grain == "week":
        end = midnight(day - timedelta(days=day.weekday()))
        return end - timedelta(days=7), end
    return midnight(day) - timedelta(days=1), midnight(day)


def look(view: View) -> list[Looked]:
    """Every active rule, those that fire first."""
    found = [_look(view, rule) for rule in lookup.records("alert_rule", active=True)]
    return sorted(found, key=lambda f: (not f.fires, f.rule.name))


def _look(view: View, rule: AlertRule) -> Looked:
    row = KPIS.get(rule.kpi)
    if row is None or view.last is None:
        return Looked(rule, None, Estimate(None), None, False, f"there is no KPI {rule.kpi}" if row is None else "there is no data")
    start, end = whole(view.last, rule.grain)
    filters: Any = view.filters.between(start, end)
    for column in ("touchpoint", "segment", "channel"):
        if getattr(rule, column):
            filters = filters.narrowed(column, getattr(rule, column))
    reading = scorecard.read(row, filters, compare=(start - (end - start), start), now=view.now)[0]
    e = reading.estimate
    if e.value is None or reading.hidden:
        return Looked(rule, start, e, None, False, e.warning or "no data in that period")
    if e.n < (rule.minimum_n or 1):
        return Looked(rule, start, e, reading.change, False, f"n {e.n} of {rule.minimum_n} needed")
    worse = row.better == "lower"
    fires = {
        "falls_below": rule.threshold is not None and e.value < rule.threshold, "rises_above": rule.threshold is not None and e.value > rule.threshold,
        "changes_significantly": bool(reading.change and reading.change.significant),
        "misses_target": row.target is not None and (e.value > row.target if worse else e.value < row.target),
    }[rule.condition]  # fmt: skip
    return Looked(rule, start, e, reading.change, fires)
