"""Course design: what each course is to change, what its design still lacks, and which skill gaps no course closes."""

from __future__ import annotations

import streamlit as st

from cx.records.lookup import labels, records
from cx.ui import bench, charts, skills
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

KEY = "training-design"
PARTS = {"objectives": "objectives", "competency_id": "skill", "method": "method", "hours": "length", "audience": "audience", "materials": "materials", "trainer": "trainer", "evaluation": "way to judge success"}


def show(view: View) -> None:
    """Draw the step."""
    courses = [c for c in records("course") if c.status != "retired"]
    if not courses:
        bench.headline("No course is designed yet")
        quiet("Begin with what people should do differently afterwards, then how that will be judged; the rest follows.")
        registers(view, KEY, "course", "competency")
        return
    missing = {c.id: [title for field, title in PARTS.items() if not getattr(c, field)] for c in courses}
    unjudged = [c.name for c in courses if not c.evaluation]
    bench.headline(f"{len(unjudged)} of {len(courses)} courses do not say how success is judged: {', '.join(unjudged[:3])}" if unjudged else f"All {len(courses)} courses say how success is judged")
    names = labels("competency")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        share = sorted(((c.name, 100 * (1 - len(missing[c.id]) / len(PARTS))) for c in courses), key=lambda p: p[1])
        charts.bars(f"{KEY}-done", f"Least designed: {share[0][0]}", [n for n, _ in share], [v for _, v in share], unit="%", alt="Share of the design that is written down, by course", texts=[f"{v:.0f} %" for _, v in share])
    with right:
        gaps = [g for g in skills.gaps(skills.held(), view.member.may("manager")) if g.rank]
        taught = {names.get(c.competency_id) for c in courses if c.competency_id}
        open_gaps = [g for g in gaps if g.skill not in taught]
        bench.headline(f"{len(open_gaps)} of {len(gaps)} skill gaps have no course" if open_gaps else "Every skill gap has a course" if gaps else "No skill gap is known")
        if gaps:
            table({"skill": [g.skill for g in gaps], "role": [g.role for g in gaps], "short": [g.short for g in gaps], "course": [", ".join(c.name for c in courses if names.get(c.competency_id) == g.skill) or None for g in gaps]}, f"{KEY}-gaps", height=240, help={"short": "people below the level their role needs"})
    picked = table({"course": [c.name for c in courses], "skill": [names.get(c.competency_id) for c in courses], "method": [c.method for c in courses], "hours": [c.hours for c in courses], "status": [c.status for c in courses], "still lacks": [", ".join(missing[c.id]) for c in courses]}, f"{KEY}-courses", clicks=True)
    if picked is not None and picked < len(courses):
        course = courses[picked]
        for title, text in (("What people do differently", course.objectives), ("How success is judged", course.evaluation), ("Materials", course.materials)):
            quiet(title)
            outside(text or "not written yet")
    registers(view, KEY, "course", "competency")
