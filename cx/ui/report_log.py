"""Which reports are opened, by whom and how often: every file handed out is an entry in the audit log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from cx.store import audit
from cx.store.engine import reading, writing

SUBJECT = "report"


@dataclass(frozen=True)
class Opening:
    """One file handed out."""

    at: datetime
    actor: str
    title: str


def opened(actor: str, title: str, form: str) -> None:
    """Note that somebody took a report."""
    with writing(anyone=True) as session:  # who only looks leaves a trace too
        audit.record(session, actor, "export", SUBJECT, f"{title} ({form})")


def openings(limit: int = 2000) -> list[Opening]:
    """The latest first."""
    with reading() as session:
        return [Opening(e.at, e.actor, e.record) for e in audit.history(session, SUBJECT, limit=limit)]


def counted(found: list[Opening]) -> list[tuple[str, int, int, datetime]]:
    """Report, times opened, readers, last opened: the most opened first."""
    times = Counter(o.title for o in found)
    return [(title, n, len({o.actor for o in found if o.title == title}), max(o.at for o in found if o.title == title)) for title, n in times.most_common()]
