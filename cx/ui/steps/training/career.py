"""Career paths: who could go where and when, what it takes, and roles for which nobody is ready; seen by managers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.analytics.estimate import Estimate
from cx.records.lookup import labels, records
from cx.ui import bench, charts, skills
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

KEY = "training-career"
READY = {"now": "now", "one_year": "in a year", "two_years": "in two years", "unclear": "unclear"}


def show(view: View) -> None:
    """Draw the step."""
    if not view.member.may("manager"):
        bench.headline("Career steps are private")
        quiet("Those who are managers see them; ask yours for your own.")
        registers(view, KEY, "career_step")
        return
    steps = [s for s in records("career_step", bench.actor(view)) if s.status not in ("done", "dropped")]
    people = {p.id: p for p in records("employee") if not p.left_on}
    if not steps:
        bench.headline("No next step is agreed yet")
        quiet("Write the first below: who, to which role or task, how ready, and what it takes.")
        registers(view, KEY, "career_step", "employee")
        return
    names = labels("employee")
    short = _short(steps, {i: p.name for i, p in people.items()})
    early = [names.get(s.employee_id, "") for s in steps if s.readiness == "now" and short.get(s.id)]
    roles = list(dict.fromkeys(s.role_to for s in steps))
    ready = Counter((s.role_to, s.readiness) for s in steps)
    nobody = [r for r in roles if not ready[r, "now"]]
    bench.headline(f"{sum(s.readiness == 'now' for s in steps)} of {len(steps)} could take their step now; nobody is ready for {', '.join(nobody[:3])}" if nobody else f"For each of {len(roles)} roles somebody is ready now")
    if early:
        st.warning(escape(f"Called ready now, though skills fall short of the role: {_some(early)}. Assess again, or say later."), icon=":material/rule:")
    left, right = st.columns(2, gap="medium")
    with left:
        cells = [charts.Cell(role, READY[r], Estimate(float(ready[role, r]), n=ready[role, r])) for role in roles for r in READY]
        charts.heat(f"{KEY}-ready", "Who is ready for which role, and when", cells, alt="People by role and readiness", counts=False)
    with right:
        kinds = Counter(s.kind.replace("_", " ") for s in steps)
        ranked = kinds.most_common()
        charts.bars(f"{KEY}-kinds", f"Most frequent: {ranked[0][0]}, {ranked[0][1]} of {len(steps)}", [k for k, _ in ranked], [float(n) for _, n in ranked], alt="Steps by kind")
    now = [s.role_from or (people[s.employee_id].role if s.employee_id in people else None) for s in steps]
    table({"who": [names.get(s.employee_id) for s in steps], "step": [s.kind.replace("_", " ") for s in steps], "from": now, "to": [s.role_to for s in steps], "ready": [READY[s.readiness] for s in steps], "wanted": [s.wanted_on for s in steps],
           "status": [s.status.replace("_", " ") for s in steps], "what it takes": [s.actions for s in steps], "skills short of the role": [_some(short.get(s.id, [])) for s in steps]}, f"{KEY}-steps", alt="Career steps from role to role")  # fmt: skip
    quiet("Skills short of the role: level held of level required, by the latest assessment.")
    registers(view, KEY, "career_step", "employee")


def _short(steps: Sequence[Any], people: Mapping[int, str]) -> dict[int, list[str]]:
    """Step -> the skills in which the person falls short of the role aimed at, each as level held of level required."""
    needed = [(r.role, r.competency_id, r.level) for r in records("requirement")]
    skill = labels("competency")
    levels = {(h.person, h.skill): h.level for h in skills.held()}
    out: dict[int, list[str]] = {}
    for s in steps:
        for role, competency, level in needed:
            held = levels.get((people.get(s.employee_id, ""), skill[competency]), 0)
            if role == s.role_to and held < level:
                out.setdefault(s.id, []).append(f"{skill[competency]} {held}/{level}")
    return out


def _some(skills: list[str]) -> str | None:
    """The first two of the skills that fall short, and how many more there are."""
    return ", ".join([*skills[:2], *([f"{len(skills) - 2} more"] if len(skills) > 2 else [])]) or None
