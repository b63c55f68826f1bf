"""What an idea promises for its effort, and whose vote it has."""

from __future__ import annotations

from typing import Any

from cx.analytics.needs import rice
from cx.records.lookup import history


def score(idea: Any) -> float | None:
    """RICE of an idea; None while a part is missing."""
    parts = (idea.reach, idea.impact, idea.confidence, idea.effort)
    return None if any(p is None for p in parts) or not idea.effort else float(rice(idea.reach, idea.impact, idea.confidence / 100, idea.effort))


def voted(idea: Any, name: str) -> bool:
    """Whether somebody's vote counts for an idea: by its history, the last change of the votes of this name added one."""
    for change in history("idea", int(idea.id), limit=500):
        if change.actor == name and change.action == "update" and "votes" in change.fields:
            before, after = change.fields["votes"]
            return int(after or 0) == int(before or 0) + 1
    return False
