"""The blueprint: the maturity of all seventy steps on one map, the assessment of one, reviews due, and the best next step."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.analytics.next_step import Worth, weakness, worth
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.blueprint.process import ProcessGroup, SubProcess
from cx.errors import MeasureError
from cx.records.lookup import records
from cx.records.writing import create, update
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.beside import LEVELS
from cx.ui.fields import Fields
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

RULE = "Rule: levels missing to the level wanted, times how weak the step's KPIs are (1 where the 95 % interval misses the target, ½ where only the value does, 0 where met; mean of its KPIs, else of its group's headline). A step nobody assessed counts as 0 of 5."


def show(view: View) -> None:
    """Draw the page."""
    now, found = bench.today(view), latest()
    late = {key: a for key, a in found.items() if a.review_on and a.review_on < now}
    if found:
        mean = sum(a.level for a in found.values()) / len(found)
        bench.headline(f"{len(found)} of 70 steps are assessed, at {mean:.1f} of 5 on average; {words.plural(len(late), 'review')} overdue")
    else:
        bench.headline("No step is assessed yet: click a cell, or choose a step, and say where it stands")
    cells = [
        charts.Cell(g.title, str(i), Estimate(float(found[g.key, s.key].level), n=1) if (g.key, s.key) in found else Estimate(None))
        for g in GROUPS.values() for i, s in enumerate(g.steps, 1)
    ]  # fmt: skip
    picked = charts.heat("blueprint-map", "Maturity of the seventy steps, 0 absent to 5 leading", cells, alt=f"{len(found)} of 70 steps assessed", clicks=True, counts=False, note="columns: the seven steps of each group, in their order")
    names = {f"{g.title}: {s.title}": (g, s) for g in GROUPS.values() for s in g.steps}
    if picked and st.session_state.get("blueprint-picked") != picked:
        st.session_state["blueprint-picked"] = picked
        group = next(g for g in GROUPS.values() if g.title == picked[0])
        st.session_state["cell"] = f"{group.title}: {group.steps[int(picked[1]) - 1].title}"
    chosen = st.selectbox("Step", list(names), key="cell", bind="query-params")
    left, right = st.columns([5, 6], gap="medium")
    with left.container(border=True):
        _assess(view, *names[chosen], found, now)
    with right.container(border=True):
        _next(view, found)
    if late:
        bench.headline(f"{words.plural(len(late), 'review')} overdue")
        rows = [{"review was due": a.review_on, "step": f"{GROUPS[g].title}: {step.title if (step := GROUPS[g].step(s)) else s}", "level": a.level, "owner": a.owner} for (g, s), a in late.items()]
        table(sorted(rows, key=lambda r: str(r["review was due"])), "blueprint-late")
    rows = [{"group": g.title, "step": s.title, "level": a.level if a else None, "wanted": a.goal if a else None, "owner": a.owner if a else None, "evidence": a.evidence if a else None, "assessed": a.assessed_on if a else None,
             "next review": a.review_on if a else None} for g in GROUPS.values() for s in g.steps for a in [found.get((g.key, s.key))]]  # fmt: skip
    every = st.expander("All seventy as a table, to print or take along as CSV", key="blueprint-all", on_change="rerun")
    if every.open:
        with every:
            table(rows, "blueprint")


def latest() -> dict[tuple[str, str], Any]:
    """The latest assessment of each step that has one, by group and step."""
    found = sorted(records("maturity"), key=lambda a: (a.assessed_on or date.min, a.id))
    return {(a.group, a.step): a for a in found}


def _assess(view: View, group: ProcessGroup, step: SubProcess, found: dict[tuple[str, str], Any], now: date) -> None:
    stands = found.get((group.key, step.key))
    st.markdown(f"**{escape(step.title)}**: {LEVELS[stands.level] if stands else 'not assessed'}")
    st.page_link(page(group.key), label="Open the step", icon=":material/open_in_new:", query_params={"step": step.title})
    form = Fields()
    with st.form(f"blueprint-{group.key}-{step.key}-{stands.version if stands else 0}", border=False):
        level = st.select_slider("Level", range(6), value=stands.level if stands else 0, format_func=LEVELS.__getitem__)
        goal = st.select_slider("Level wanted", range(6), value=stands.goal if stands and stands.goal is not None else 5)
        evidence = form("evidence").text_area("Evidence", (stands.evidence if stands else "") or "", height=80)
        owner = form("owner").text_input("Owner", (stands.owner if stands else "") or "")
        review = form("review_on").date_input("Next review", stands.review_on if stands else None)
        if st.form_submit_button("Save assessment", disabled=not view.member.may("contributor")):
            values = {"level": level, "goal": goal, "evidence": evidence or None, "owner": owner or None, "review_on": review, "assessed_on": now}
            who = bench.actor(view)
            if stands and stands.assessed_on == now:
                bench.saved(lambda: update("maturity", stands.id, values, stands.version, who), "Assessment saved", form)
            else:
                bench.saved(lambda: create("maturity", {"group": group.key, "step": step.key, **values}, who), "Assessment saved", form)
    for a in sorted(records("maturity", group=group.key, step=step.key), key=lambda a: (a.assessed_on or date.min, a.id), reverse=True):
        outside(f"{words.day(a.assessed_on) if a.assessed_on else 'undated'}: {LEVELS[a.level]}" + (f", {a.owner}" if a.owner else "") + (f" · {a.evidence}" if a.evidence else ""))


def ranked(view: View, found: dict[tuple[str, str], Any]) -> list[tuple[ProcessGroup, SubProcess, Worth]]:
    """The steps by what working on them promises, the most first."""
    on = view.last.date() if view.last else None
    weak: dict[str, float | None] = {}

    def of(key: str) -> float | None:
        if key not in weak:
            try:
                reading = scorecard.read(key, view.filters, now=view.now)[0]
                weak[key] = weakness(reading.estimate, KPIS[key].goal(reading.days, scorecard.target(key, on)), KPIS[key].better)
            except MeasureError:
                weak[key] = None
        return weak[key]

    out = []
    for g in GROUPS.values():
        for s in g.steps:
            a = found.get((g.key, s.key))
            out.append((g, s, worth(a.level if a else None, a.goal if a else None, [of(k) for k in (s.kpis or (g.headline,))])))
    return sorted(out, key=lambda row: -row[2].points)


def _next(view: View, found: dict[tuple[str, str], Any]) -> None:
    best = [row for row in ranked(view, found) if row[2].points > 0][:7]
    bench.headline(f"Next best step: {best[0][1].title} ({best[0][0].title})" if best else "No next step stands out: no weak KPI meets low maturity")
    if best:
        table([{"step": f"{g.title}: {s.title}", "levels missing": w.gap, "weakness of KPIs": w.weak, "points": w.points} for g, s, w in best], "blueprint-next")
    quiet(RULE)
