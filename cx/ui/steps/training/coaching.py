"""Coaching: talks due, what was agreed, and mentors with those they help; seen by managers only."""

from __future__ import annotations

from datetime import date

import streamlit as st

from cx.records.lookup import records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

KEY = "training-coaching"
SILENT_DAYS = 60


def show(view: View) -> None:
    """Draw the step."""
    people = [p for p in records("employee") if not p.left_on]
    pairs = [(p.mentor, p.name) for p in people if p.mentor]
    if not view.member.may("manager"):
        bench.headline(f"{len(pairs)} colleagues have a mentor")
        quiet("Coaching notes and goals are private; those who are managers see them.")
        registers(view, KEY, "coaching_note", "development_goal")
        return
    notes, now = records("coaching_note", bench.actor(view)), bench.today(view)
    last: dict[str, date] = {}
    for note in notes:
        if note.held_on and (note.employee not in last or note.held_on > last[note.employee]):
            last[note.employee] = note.held_on
    due = sorted((n for n in notes if not n.done and n.next_on), key=lambda n: n.next_on)
    late = [n for n in due if n.next_on < now]
    silent = [p for p in people if p.name not in last or (now - last[p.name]).days > SILENT_DAYS]
    if not people and not notes:
        bench.headline("No talk is noted yet")
        quiet("Note the first talk below: what was seen, what was agreed, and when you talk next.")
    else:
        bench.headline(f"{len(late)} talks are overdue; {len(silent)} of {len(people)} colleagues had none in {SILENT_DAYS} days")
        bench.tiles(f"{KEY}-tiles", [("Talks", str(len(notes)), f"{sum(n.done for n in notes)} settled"), ("Next talks", str(len(due)), f"{len(late)} overdue"), ("Without a talk", str(len(silent)), f"in {SILENT_DAYS} days"), ("Mentored", str(len(pairs)), f"by {len({m for m, _ in pairs})} mentors")])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if due:
            picked = table({"next": [n.next_on for n in due], "who": [n.employee for n in due], "coach": [n.coach for n in due], "topic": [n.topic for n in due], "standing": ["overdue" if n in late else "" for n in due]}, f"{KEY}-due", clicks=True, alt="Talks to come")
            if picked is not None and picked < len(due):
                outside(due[picked].observation or "")
                quiet(f"Agreed: {due[picked].agreed or 'nothing yet'} · held {words.day(due[picked].held_on)}")
    with right:
        teams: dict[str, int] = {}
        for p in silent:
            teams[p.team or "no team"] = teams.get(p.team or "no team", 0) + 1
        if teams:
            ranked = sorted(teams.items(), key=lambda t: -t[1])
            charts.bars(f"{KEY}-silent", f"Fewest talks in {ranked[0][0]}: {ranked[0][1]} people without one", [t for t, _ in ranked], [float(n) for _, n in ranked], alt="People without a talk by team")
    mentors = sorted({m for m, _ in pairs})
    bench.headline(f"{words.plural(len(mentors), 'mentor')} help {words.plural(len(pairs), 'colleague')}" if mentors else "Nobody has a mentor yet")
    if mentors:
        table({"mentor": mentors, "people": [sum(m == mentor for m, _ in pairs) for mentor in mentors], "helps": [_few([n for m, n in pairs if m == mentor]) for mentor in mentors]}, f"{KEY}-mentors")
    else:
        quiet("Name one in the register of employees.")
    registers(view, KEY, "coaching_note", "development_goal", "employee")


def _few(names: list[str]) -> str:
    """At most six of the names, and how many more there are."""
    return ", ".join([*names[:6], *([f"{len(names) - 6} more"] if len(names) > 6 else [])])
