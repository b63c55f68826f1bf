"""Alerts on a page: what nobody has settled, read cheaply, and every rule looked at now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cx import alerts
from cx.analytics.estimate import Difference, Estimate
from cx.blueprint.catalogue import KPIS
from cx.records import lookup
from cx.records.across import AlertRule
from cx.ui.page import View


@dataclass(frozen=True)
class Looked:
    """A rule with what it saw: the last whole period, the change to the one before, and whether it fires; `reason` where it cannot say."""

    rule: AlertRule
    start: datetime | None
    estimate: Estimate
    change: Difference | None
    fires: bool
    reason: str = ""


def standing() -> list[Any]:
    """The alerts nobody has settled. Reads records and computes nothing."""
    return alerts.standing(datetime.now(UTC))


def look(view: View) -> list[Looked]:
    """Every active rule looked at now, those that fire first; nothing is kept."""
    found = [_look(view, rule) for rule in lookup.records("alert_rule", active=True)]
    return sorted(found, key=lambda f: (not f.fires, f.rule.name))


def _look(view: View, rule: AlertRule) -> Looked:
    periods = alerts.course(rule, view.now, alerts.LOOKS_BACK[alerts.KINDS[rule.condition]])
    if not periods:
        return Looked(rule, None, Estimate(None), None, False, f"there is no KPI {rule.kpi}" if rule.kpi not in KPIS else "there is no data")
    seen = alerts.judge(rule, periods)
    return Looked(rule, seen.start, seen.estimate, seen.change, seen.fires, seen.reason)
