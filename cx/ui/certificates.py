"""Who is current in which course: from the training data and from sessions held here, with the day it runs out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis

from cx.facts import engine
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.ui.period import months_back
from cx.ui.remember import remembered

SOON = timedelta(days=60)
STATES = ("current", "due", "overdue", "not taken")


@dataclass(frozen=True)
class Standing:
    """How somebody stands in a course: `until` is the day it runs out, None where it holds for good or was not taken."""

    person: str
    team: str
    course: str
    state: str
    done: date | None
    until: date | None
    must: bool


@remembered
def _done(now: Revision) -> list[tuple[str, str, str, date, date | None]]:
    table = engine.tables()["trainings"]
    done = table.filter((table["status"].lower() == "completed") & table["completed_at"].notnull() & table["employee"].notnull())
    latest = ibis.row_number().over(ibis.window(group_by=[done["employee"], done["course"]], order_by=[done["completed_at"].desc(), done["id"].desc()]))
    done = done.mutate(_again=latest)
    rows = engine.rows(done.filter(done["_again"] == 0).select("employee", "team", "course", "completed_at", "expires_at"), now=now)
    return [(r["employee"], r["team"] or "", r["course"], r["completed_at"].date(), r["expires_at"].date() if r["expires_at"] else None) for r in rows]


def standings(now: Revision, today: date) -> list[Standing]:
    """Everybody employed by every course that is offered or was taken; a course is a must for the roles in its audience."""
    courses = {c.name: c for c in records("course") if c.status != "retired"}
    people: dict[str, tuple[str, str]] = {p.name: (p.team or "", p.role or "") for p in records("employee") if not p.left_on}
    latest: dict[tuple[str, str], tuple[date, date | None]] = {}
    gone = {p.name for p in records("employee") if p.left_on}

    def took(person: str, course: str, day: date, until: date | None) -> None:
        if (person, course) not in latest or day > latest[person, course][0]:
            latest[person, course] = (day, until)

    for person, team, course, day, until in _done(now):
        if person not in gone:
            people.setdefault(person, (team, ""))
            took(person, course, day, until)
    names = {c.id: c.name for c in courses.values()}
    for session in records("session", status="held"):
        course = names.get(session.course_id, "")
        for person in session.attended or [] if course and session.starts_at else []:
            months, day = courses[course].valid_months, session.starts_at.date()
            took(person, course, day, months_back(day, -months) if months else None)
    out = []
    for person, (team, role) in sorted(people.items(), key=lambda p: (p[1][0], p[0])):
        for course in dict.fromkeys([*courses, *(c for _, c in latest)]):
            must = course in courses and role in (courses[course].audience or [])
            got = latest.get((person, course))
            if got is None and not must:
                continue
            state = "not taken" if got is None else "current" if got[1] is None or got[1] > today + SOON else "due" if got[1] >= today else "overdue"
            out.append(Standing(person, team, course, state, got[0] if got else None, got[1] if got else None, must))
    return out


def counts(found: list[Standing]) -> Mapping[str, int]:
    """How many stand in each state."""
    return {state: sum(s.state == state for s in found) for state in STATES}
