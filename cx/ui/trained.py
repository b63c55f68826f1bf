"""Who is trained for what: the share of each team that holds each course, and the people behind a share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import streamlit as st

from cx.analytics.interval import proportion
from cx.analytics.measure import naive
from cx.facts import engine
from cx.facts.history import Revision
from cx.ui import charts
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

STANDINGS = ("holds it", "ran out", "booked", "never")
SEVERAL = {"holds it": "hold it", "never": "never took it"}


def show(view: View) -> None:
    """The map of teams and courses; a click names those who hold a course, and those who do not."""
    rows = held(view.now, view.last)
    if not rows:
        return
    gap = min((row for row in rows if row["people"] >= 3 and row["held"]), key=lambda row: row["held"] / row["people"], default=None)
    title = "Who is trained for what" if gap is None else f"{gap['course']}: {gap['held']} of {gap['people']} in {gap['team']} hold it"
    with st.container(border=True):
        cells = [charts.Cell(row["team"], row["course"], proportion(row["held"], row["people"])) for row in rows]
        clicked = charts.heat("service-staffing-trained", title, cells, alt=title, unit="%", clicks=True, note="share of the people in each team who completed the course and whose certificate has not run out · click a cell for their names")
        team, course = clicked or ((gap["team"], gap["course"]) if gap else ("", ""))
        if team:
            _names(view, team, course)


def _names(view: View, team: str, course: str) -> None:
    found = people(view.now, view.last, team, course)
    count = {standing: sum(row["standing"] == standing for row in found) for standing in STANDINGS}
    quiet(f"{course}, {team}: " + ", ".join(f"{n} {SEVERAL.get(standing, standing) if n > 1 else standing}" for standing, n in count.items() if n))
    table(found, "service-staffing-names", titles={"since": "completed", "until": "valid until"}, height=None if len(found) < 9 else 300)


def _staff(last: datetime | None) -> ir.Table:
    """The training rows of people with a team, with `_valid` where a course is completed and has not run out at the end of the data."""
    trainings = engine.tables()["trainings"]
    staff = trainings.filter(trainings["team"].notnull() & trainings["employee_id"].notnull())
    valid = staff["status"].lower() == "completed"
    if last is not None:
        edge = ibis.literal(naive(last), "timestamp(6)")
        valid = valid & (staff["completed_at"] <= edge).fill_null(False) & (staff["expires_at"].isnull() | (staff["expires_at"] > edge))
    return staff.mutate(_valid=valid.fill_null(False))


def held(now: Revision, last: datetime | None) -> list[dict[str, Any]]:
    """team, course, people, held: every team with every course that anybody holds."""
    staff = _staff(last)
    people_ = {row["team"]: row["n"] for row in engine.rows(staff.group_by("team").aggregate(n=staff["employee_id"].nunique()), now=now)}
    counted = staff.filter(staff["_valid"]).group_by("team", "course").aggregate(n=lambda t: t["employee_id"].nunique())
    has = {(row["team"], row["course"]): row["n"] for row in engine.rows(counted, now=now)}
    courses = sorted({course for _, course in has})
    return [{"team": team, "course": course, "people": people_[team], "held": has.get((team, course), 0)} for team in sorted(people_) for course in courses]


def people(now: Revision, last: datetime | None, team: str, course: str) -> list[dict[str, Any]]:
    """person, standing (one of `STANDINGS`), since, until: everybody of a team, those who hold the course first."""
    staff = _staff(last)
    mine = staff.filter(staff["team"] == team)
    taken = mine["course"] == course
    done = taken & (mine["status"].lower() == "completed")
    found = mine.group_by("employee_id").aggregate(
        person=mine["employee"].max(), valid=(mine["_valid"] & taken).max(), done=done.max(), booked=(taken & mine["status"].lower().isin(["enrolled", "attended"])).max(),
        since=mine["completed_at"].max(where=done), until=mine["expires_at"].max(where=done),
    )  # fmt: skip
    out = []
    for row in engine.rows(found, now=now):
        standing = "holds it" if row["valid"] else "ran out" if row["done"] else "booked" if row["booked"] else "never"
        out.append({"person": row["person"] or row["employee_id"], "standing": standing, "since": words.day(row["since"]) if row["since"] else None, "until": words.day(row["until"]) if row["until"] else None})
    return sorted(out, key=lambda row: (STANDINGS.index(row["standing"]), str(row["person"])))
