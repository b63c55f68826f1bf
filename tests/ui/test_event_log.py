"""A log too long to be looked at whole is looked at in whole cases, the latest, and says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cx.facts import batches
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.ui import certificates, event_log
from tests.facts.rows import part


def run(case: int, step: int) -> dict[str, object]:
    begun = datetime(2026, 3, 1) + timedelta(days=case, hours=step)
    return {"key": f"{case}-{step}", "process": "returns", "case_id": f"C{case}", "step": f"step {step}", "started_at": begun, "ended_at": begun + timedelta(minutes=20)}


@pytest.fixture
def log(store: str) -> str:
    batches.load("step_runs", [part("step_runs", [run(case, step) for case in range(6) for step in range(3)])], url=store)
    return store


@pytest.mark.usefixtures("log")
def test_every_case_of_an_ordinary_log_is_looked_at() -> None:
    found = event_log._log.__wrapped__(revision(), Filters(), "returns")  # type: ignore[attr-defined]
    assert (found.cases, found.every) == (6, 6)


@pytest.mark.usefixtures("log")
def test_of_a_long_log_the_latest_cases_are_looked_at_and_none_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "MOST", 8)
    found = event_log._log.__wrapped__(revision(), Filters(), "returns")  # type: ignore[attr-defined]
    assert (found.cases, found.every) == (2, 6)
    assert found.variants["variant"].tolist() == ["step 0 → step 1 → step 2"]
    assert found.variants["cases"].tolist() == [2]


def test_who_took_a_course_twice_stands_by_the_later_time(store: str) -> None:
    taken = [
        {"key": str(i), "employee": "Ada", "team": "Care", "course": "Calls", "status": "completed", "started_at": at, "completed_at": at, "expires_at": at + timedelta(days=365)}
        for i, at in enumerate((datetime(2025, 1, 10), datetime(2026, 1, 10), datetime(2024, 1, 10)))
    ]
    batches.load("trainings", [part("trainings", taken)], url=store)
    (ada,) = certificates.standings(revision(), datetime(2026, 3, 1).date())
    assert (ada.state, ada.done, ada.until) == ("current", datetime(2026, 1, 10).date(), datetime(2027, 1, 10).date())
