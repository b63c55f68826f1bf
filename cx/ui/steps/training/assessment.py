"""Skill gaps: required against held as a heat map, gaps ranked by people, levels missing and effect on customers."""

from __future__ import annotations

import streamlit as st

from cx.analytics.estimate import Estimate, undefined
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, charts, skills
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.skills import Gap, Held
from cx.ui.tables import table
from cx.ui.text import escape, quiet

KEY = "training-assessment"
SHELVES = ("employee", "competency", "requirement", "assessment")


def show(view: View) -> None:
    """Draw the step."""
    found = skills.held()
    everybody = view.member.may("manager")
    ranked = skills.gaps(found, everybody)
    if not ranked:
        bench.headline("No skill can be compared yet")
        quiet("Four short registers make the matrix: people with their role, skills, the level a role needs, and the level each person has.")
        registers(view, KEY, *SHELVES)
        return
    top = ranked[0]
    shown = [g for g in ranked if not g.hidden]
    met, total = sum(g.assessed - g.short for g in shown), sum(g.assessed for g in shown)
    bench.headline(f"The largest gap is {top.skill.lower()}: {top.short} of {top.assessed} {top.role.lower()}s are below level {top.required}" if top.rank else "Every level that a role needs is held")
    bench.tiles(f"{KEY}-tiles", [("Levels held", f"{100 * met / total:.0f} %" if total else "n/a", f"{met} of {total} required levels"), ("People assessed", str(len({h.person for h in found})), f"of {sum(not p.left_on for p in records('employee'))}"),
                                 ("Gaps", str(sum(g.short > 0 for g in shown)), "role and skill with somebody short"), ("People short", str(len({h.person for h in found if h.required and h.level < h.required})), "in one skill or more")])  # fmt: skip
    with st.container(border=True):
        heat(found, ranked, everybody)
    with st.container(border=True):
        rank(view, found, ranked)
    if everybody and top.rank:
        plan(view, ranked)
    registers(view, KEY, *SHELVES)


def heat(found: list[Held], ranked: list[Gap], everybody: bool) -> None:
    """Level held less level required, by role and skill; for managers by person."""
    names = list(dict.fromkeys(g.skill for g in ranked))
    by = st.segmented_control("Rows", ["Role", "Team", "Person"] if everybody else ["Role"], default="Role", key="skillby", bind="query-params", required=True) or "Role"
    cells = []
    if by == "Role":
        known = {(g.role, g.skill): g for g in ranked}
        for role in dict.fromkeys(g.role for g in ranked):
            for skill in names:
                g = known.get((role, skill))
                cells.append(charts.Cell(role, skill, undefined("not required") if g is None else Estimate(None if g.held is None else g.held - g.required, n=g.assessed), g is not None and g.hidden))
    else:
        rows: dict[str, dict[str, list[int]]] = {}
        for h in found:
            if h.required is not None:
                rows.setdefault(h.person if by == "Person" else h.team or "no team", {}).setdefault(h.skill, []).append(h.level - h.required)
        order = sorted(rows, key=lambda r: sum(min(v, 0) for values in rows[r].values() for v in values))[:25]
        cells = [charts.Cell(r, s, Estimate(sum(rows[r][s]) / len(rows[r][s]), n=len(rows[r][s])) if s in rows[r] else undefined("not assessed")) for r in order for s in names]
    charts.heat(f"{KEY}-heat-{by}", "Level held less level required", cells, alt="Skills held against required", center=0.0, counts=by != "Person", note="below zero: short of what the role needs" + ("; the 25 with most missing" if by == "Person" else ""))


def rank(view: View, found: list[Held], ranked: list[Gap]) -> None:
    """The gaps in order, with what the data says of each skill's effect."""
    satisfaction = skills.by_agent(view.now, view.filters.between(None, None)) if view.now.rows("tickets") else {}
    effects = {s: skills.effect(found, s, satisfaction) for s in dict.fromkeys(g.skill for g in ranked)} if satisfaction else {}
    rows = []
    for g in ranked:
        e = effects.get(g.skill)
        seen = "" if e is None or e.p is None or e.effect is None or e.effect.value is None else f"r {e.effect.value:.2f} (p {e.p:.2f}, n {e.n})"
        rows.append({"skill": g.skill, "role": g.role, "short of it": None if g.hidden else f"{g.short} of {g.assessed}", "levels missing": None if g.hidden else round(g.missing, 1), "effect (0-10)": g.weight, "rank": None if g.hidden else round(g.rank, 1), "with satisfaction": seen})
    st.markdown("**Gaps, the costliest first**")
    table(rows, f"{KEY}-gaps", height=300)
    clear = [(s, e) for s, e in effects.items() if e.significant and e.effect and e.effect.value]
    if clear:
        best = max(clear, key=lambda p: abs(p[1].effect.value or 0))  # type: ignore[union-attr]
        quiet(best[1].sentence)
    elif effects:
        quiet("For no skill could it be shown that agents with a higher level have more satisfied customers; the effect is what was judged.")
    quiet("Rank: people short × levels missing on average × effect on customers.")


def plan(view: View, ranked: list[Gap]) -> None:
    """From a gap to a course: which courses teach the skill, or a draft of one."""
    courses = {c.competency_id: c.name for c in records("course") if c.status == "offered"}
    numbers = {s.name: s.id for s in records("competency")}
    open_gaps = [g for g in ranked if g.rank]
    without = [g.skill for g in open_gaps if numbers[g.skill] not in courses]
    with st.container(gap="small", border=True):
        taught = ", ".join(f"{g.skill}: {courses[numbers[g.skill]]}" for g in {g.skill: g for g in open_gaps}.values() if numbers[g.skill] in courses)
        st.text(f"Courses that close gaps: {taught or 'none'}")
        with st.container(horizontal=True, gap="small"):
            for skill in dict.fromkeys(without[:2]):
                if st.button(f"Draft a course for {escape(skill)}", key=f"{KEY}-draft-{skill}", icon=":material/school:"):
                    bench.saved(lambda s=skill: writing.create("course", {"name": f"{s}, course", "competency_id": numbers[s], "status": "draft"}, bench.actor(view)), "A draft stands under course design")  # type: ignore[misc]
