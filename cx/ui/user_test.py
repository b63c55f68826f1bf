"""User tests read from their sessions: tasks, times, usability by participant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.interval import mean
from cx.analytics.usability import sus_grade, sus_scores, task_success, time_on_task

_ANSWER = re.compile(r"q?0*(\d+)\s*=\s*([1-5])", re.IGNORECASE)


@dataclass(frozen=True)
class TaskResult:
    """How one task went: share of people who managed it, typical time of those who did, errors and ease on average."""

    task: str
    success: Estimate
    time: Estimate
    errors: float | None
    ease: float | None


def answers(written: Iterable[str]) -> list[float] | None:
    """Ten answers from texts such as "q1=4"; None unless each of the ten is there.

    >>> answers([f"q{i}=3" for i in range(1, 11)])[:2], answers(["q1=3"])
    ([3.0, 3.0], None)
    """
    found = {int(m[1]): float(m[2]) for text in written if (m := _ANSWER.fullmatch(text.strip()))}
    return [found[i] for i in range(1, 11)] if set(range(1, 11)) <= set(found) else None


def sus_by_person(sessions: Sequence[Any]) -> dict[str, float]:
    """One usability score a participant: from the ten answers where they stand, else as entered."""
    scores: dict[str, float] = {}
    for s in sessions:
        given = answers(s.sus)
        if given:
            scores[s.participant] = float(sus_scores([given])[0])
        elif s.sus_score is not None:
            scores.setdefault(s.participant, float(s.sus_score))
    return scores


def usability(sessions: Sequence[Any]) -> Estimate:
    """Mean usability score of the participants, with its t interval within 0 to 100."""
    scores = list(sus_by_person(sessions).values())
    if not scores:
        return undefined("nobody answered the usability scale", "points")
    return mean(sum(scores), sum(s * s for s in scores), len(scores), "points", 0, 100)


def grade(e: Estimate) -> str:
    """The grade of a mean score with that of either end of its interval: B (C to A-)."""
    if e.value is None:
        return "no grade"
    span = f" ({sus_grade(e.low)} to {sus_grade(e.high)})" if e.low is not None and e.high is not None else ""
    return sus_grade(e.value) + span


def tasks(sessions: Sequence[Any]) -> list[TaskResult]:
    """The tasks in the order in which they were first tried."""
    found = []
    for task in dict.fromkeys(s.task for s in sessions):
        mine = [s for s in sessions if s.task == task]
        errors = [s.errors for s in mine if s.errors is not None]
        ease = [s.ease for s in mine if s.ease is not None]
        found.append(TaskResult(task, task_success(sum(s.success for s in mine), len(mine)), time_on_task([s.seconds for s in mine if s.success and s.seconds]),
                                sum(errors) / len(errors) if errors else None, sum(ease) / len(ease) if ease else None))  # fmt: skip
    return found
