"""Blueprint, strategy, actions and alerts: on nothing, on the demo company with its records, and rules by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cx import alerts
from cx.analytics.estimate import Estimate
from cx.demo.records_across import RECORDS
from cx.facts.history import revision
from cx.records import writing
from cx.records.actor import OPEN
from cx.records.lookup import records
from cx.scorecard import Reading
from tests.pages import seeds

PAGES = Path(__file__).parents[2] / "pages"
FILES = ("11_blueprint.py", "12_strategy.py", "13_actions.py", "19_alerts.py")
AT = datetime(2026, 11, 3, 23, tzinfo=UTC)


def opened(file: str, **state: Any) -> AppTest:
    app = AppTest.from_file(str(PAGES / file), default_timeout=180)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def said(app: AppTest) -> str:
    return " ".join(str(part.value) for part in (*app.markdown, *app.text)).replace("\\", "")


def rule(**more: Any) -> Any:
    given = {"kpi": "csat", "condition": "falls_below", "threshold": 80.0, "grain": "month", "minimum_n": 30, "touchpoint": None, "segment": None, "channel": None,
             "quiet_from": None, "quiet_to": None, "zone": "UTC", "name": "r"}  # fmt: skip
    return SimpleNamespace(**{**given, **more})


def period(i: int, value: float | None, n: int = 100, se: float = 2.0) -> tuple[datetime, datetime, Reading]:
    start = datetime(2025 + i // 12, i % 12 + 1, 1, tzinfo=UTC)
    return start, start, Reading("csat", (), Estimate(value, None, None, n, "%", "", value, se))


@pytest.mark.parametrize("file", FILES)
def test_a_page_with_nothing_says_what_to_do(store: str, file: str) -> None:
    app = opened(file)
    assert not app.exception
    assert any(word in said(app).lower() for word in ("yet", "first"))


def test_a_threshold_fires_below_it_and_not_on_few_answers() -> None:
    assert alerts.judge(rule(), [period(0, 79.9)]).fires
    assert not alerts.judge(rule(), [period(0, 80.0)]).fires
    assert alerts.judge(rule(), [period(0, 50.0, n=29)]).reason.startswith("n 29")


def test_a_change_fires_only_where_a_test_shows_it() -> None:
    changed = rule(condition="changes_significantly")
    # z = 5 / sqrt(2² + 2²) = 1.77 is not significant, 6 / 2.83 = 2.12 is
    assert not alerts.judge(changed, [period(0, 80.0), period(1, 75.0)]).fires
    assert alerts.judge(changed, [period(0, 80.0), period(1, 74.0)]).fires


def test_a_control_rule_fires_beyond_three_sigma_of_the_periods_before() -> None:
    controlled = rule(condition="breaks_control_rule")
    steady = [period(i, 80.0 + i % 2) for i in range(12)]  # mean moving range 1, sigma 0.887, centre 80.5: limits 77.84 to 83.16
    assert not alerts.judge(controlled, [*steady, period(12, 77.9)]).fires
    seen = alerts.judge(controlled, [*steady, period(12, 77.8)])
    assert seen.signals == ("beyond 3 sigma",)
    assert seen.low == pytest.approx(80.5 - 3 / 1.128, abs=0.01)


def test_quiet_hours_across_midnight_end_in_the_morning() -> None:
    quiet = rule(quiet_from=22, quiet_to=7, zone="Europe/Berlin")
    assert alerts.silent_until(quiet, datetime(2026, 11, 3, 22, tzinfo=UTC)) == datetime(2026, 11, 4, 6, tzinfo=UTC)
    assert alerts.silent_until(quiet, datetime(2026, 11, 3, 12, tzinfo=UTC)) == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_a_rule_fires_once_goes_on_is_acknowledged_and_the_pages_tell(demo: str) -> None:
    seeds.load({name: rows for name, rows in RECORDS.items() if name not in ("action",)})
    state = revision()
    first = alerts.look(AT, state)
    assert "Parcels late" in {f.name for f in first.fired}
    assert not alerts.look(AT, state).fired
    assert not alerts.due(state)
    late = next(f for f in records("alert_firing") if f.name == "Parcels late")
    assert "On time" in late.sentence or "below its target" in late.sentence
    app = opened("19_alerts.py")
    assert not app.exception
    assert "Parcels late" in said(app)
    app = opened("11_blueprint.py")
    assert not app.exception
    assert "70 of 70 steps are assessed" in said(app)
    assert "Next best step" in said(app)
    app = opened("12_strategy.py", plan="return")
    assert not app.exception
    assert "Under these assumptions the work is worth" in said(app)


def test_the_effect_of_the_checklist_is_measured_and_overdue_comes_first(demo: str) -> None:
    for title, due, done in (("Checklist", "2026-09-13", "2026-09-13"), ("Too late", "2026-10-01", None)):
        values = {"title": title, "group": "journeys", "kpi": "ease", "touchpoint": "Onboarding call", "expected_effect": 12.0, "due_on": due, "done_on": done, "status": "done" if done else "open"}
        writing.create("action", values, OPEN)
    app = opened("13_actions.py")
    assert not app.exception
    assert "1 of 1 open actions are overdue, the longest: Too late" in said(app)
    app = opened("13_actions.py", actstate="done")
    assert not app.exception
    assert "After the change" in said(app)
    assert "measured +" in said(app).replace("\u00a0", " ")
