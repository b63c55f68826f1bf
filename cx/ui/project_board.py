"""Projects from define to control: where each stands, tollgates passed on evidence, and the benefit tested on the KPI."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from cx import scorecard
from cx.analytics.intervention import Intervention, interrupted
from cx.blueprint.catalogue import KPIS
from cx.facts.filters import Filters
from cx.records import gates, writing
from cx.records.lookup import records
from cx.ui import bench, chain, charts
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.period import midnight
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

SHOWN = ("define", "measure", "analyse", "improve", "control", "closed")
TITLES = {"define": "Define", "measure": "Measure", "analyse": "Analyse", "improve": "Improve", "control": "Control", "closed": "Closed", "stopped": "Stopped"}
BEFORE = 26  # weeks before the change that the test looks at


def show(view: View, key: str, projects: list[Any]) -> None:
    """The board, and the project chosen on it."""
    now = bench.today(view)
    _totals(view, key, projects, now)
    _columns(view, key, projects, now)
    # the project whose effect can be tested comes first: it is the one to decide about
    order = sorted(projects, key=lambda p: (p.in_effect_on is None, -SHOWN.index(p.phase)))
    one = bench.choose("Project", order, f"{key.split('-')[0][:4]}project", lambda p: f"{p.name} ({TITLES[p.phase].lower()})")
    held = opened("project", one, f"{key}-project")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _charter(view, key, held.row)
        _gate(view, key, held, now)
    with right:
        benefit(view, key, held)


def _totals(view: View, key: str, projects: list[Any], now: date) -> None:
    late = [p for p in projects if p.phase not in ("closed", "stopped") and p.due_on and p.due_on < now]
    currencies = sorted({p.currency for p in projects if p.currency})
    proven = [p for p in projects if p.verified_minor]
    claimed = [p for p in projects if p.expected_minor and not p.verified_minor and p.phase in ("control", "closed")]
    said = f"{len(proven)} of {len(projects)} projects have a benefit that a test confirms"
    bench.headline(said + (f"; {len(late)} late: {', '.join(p.name for p in late[:2])}" if late else ""))
    sums = [_verified([p for p in projects if p.currency == c], c) for c in currencies]
    bench.tiles(f"{key}-totals", [("Running", str(sum(p.phase not in ("closed", "stopped") for p in projects)), f"{len(late)} late"), *sums, ("Claimed, not shown", str(len(claimed)), "past improve, no test yet")])


def _verified(projects: list[Any], currency: str) -> tuple[str, str, str]:
    """What tests have confirmed of what was expected; a dash where nothing was tested or claimed, which is not nothing."""
    done = [p.verified_minor for p in projects if p.verified_minor is not None]
    claims = [p.expected_minor for p in projects if p.expected_minor]
    expected = f"of {words.money(sum(claims), currency)} expected a year" if claims else "no benefit was claimed"
    return f"Verified, {currency}", words.money(sum(done), currency) if done else "–", expected if done or not claims else f"{expected}; none tested yet"


def narrowed(project: Any, filters: Filters) -> Filters:
    """The filters, narrowed to the process a project is about, if it names one."""
    return filters.narrowed("process", project.process) if project.process else filters


def actual(view: View, project: Any) -> float | None:
    """The KPI of a project in the period of the page; what was typed in where no KPI is named."""
    if project.kpi in KPIS:
        return scorecard.read(project.kpi, narrowed(project, view.filters), now=view.now)[0].estimate.value
    return None if project.actual is None else float(project.actual)


def reached(baseline: float | None, target: float | None, now: float | None) -> float | None:
    """The share of the way from baseline to target, in percent; None where one of them is not known.

    >>> reached(10, 5, 7.5)
    50.0
    """
    return None if baseline is None or target is None or now is None or target == baseline else 100 * (now - baseline) / (target - baseline)


def _columns(view: View, key: str, projects: list[Any], now: date) -> None:
    grid = st.grid(len(SHOWN), min_column_width=150, border=True, gap="xsmall", key=f"{key}-board")
    for phase in SHOWN:
        with grid.cell(), st.container(gap="xsmall"):
            mine = [p for p in projects if p.phase == phase]
            st.markdown(f"**{TITLES[phase]}** {len(mine) or ''}")
            for p in mine:
                st.markdown(escape(p.name))
                share = reached(p.baseline, p.target, p.actual if p.actual is not None else actual(view, p))
                quiet(" · ".join(x for x in (p.owner or "nobody", "" if share is None else f"{share:.0f} % of the way" if share >= 0 else f"{-share:.0f} % the wrong way", "late" if p.due_on and p.due_on < now and phase != "closed" else "") if x))


def _charter(view: View, key: str, p: Any) -> None:
    unit = KPIS[p.kpi].unit if p.kpi in KPIS else ""
    chain.of_project(p)
    outside(p.problem or "The problem is not written down yet.")
    now = actual(view, p)
    share = reached(p.baseline, p.target, now)
    rows = {"measure": [KPIS[p.kpi].title if p.kpi in KPIS else p.measure or "none named"], "baseline": [p.baseline], "target": [p.target], "actual": [now], "way": [share]}
    table(rows, f"{key}-charter", units={"baseline": unit, "target": unit, "actual": unit, "way": "%"}, titles={"way": "Way made"}, csv=False, alt="Baseline, target and actual")
    for name, said in (("Causes", ", ".join(p.causes)), ("Solution", p.solution), ("Control plan", p.control_plan)):
        if said:
            quiet(f"{name}: {said}")


def _gate(view: View, key: str, held: Opened, now: date) -> None:
    p = held.row
    passed = records("tollgate", project_id=p.id)
    for gate in sorted(passed, key=lambda g: SHOWN.index(g.phase)):
        quiet(f"{'✓' if gate.decision == 'passed' else '↩'} {TITLES[gate.phase]}: {gate.evidence or 'no evidence'} ({gate.decided_by or 'nobody'}, {words.day(gate.decided_on)})")
    if p.phase in ("closed", "stopped"):
        return
    following = SHOWN[SHOWN.index(p.phase) + 1]
    missing = gates.unshown(p.phase, p)
    if missing:
        how = "Take it over from the test first." if missing == "the tested effect" else "Fill it in in the register first."
        st.warning(f"The tollgate of {p.phase} needs {missing}. {how}", icon=":material/block:")
    form = Fields()
    with st.form(f"{held.key}-gate", border=False):
        evidence = form("evidence").text_area(f"Evidence for the tollgate of {p.phase}", key=f"{held.key}-evidence", height=80, placeholder="Numbers, documents, links that were shown")
        decision = st.segmented_control("Decision", ["passed", "sent_back"], default="passed", format_func=lambda d: d.replace("_", " "), key=f"{held.key}-decision", required=True)
        if st.form_submit_button("Record the decision", help=f"Passed, the project goes on to {following}; sent back, it stays in {p.phase}."):
            held.do(lambda: pass_gate(view, held, following, evidence, str(decision), now), f"Tollgate of {p.phase} decided", form)


def pass_gate(view: View, held: Opened, following: str, evidence: str, decision: str, now: date) -> None:
    """Record the decision and, where it was passed, move the project on, as one unit. Raises FieldsError with the reason of a refusal."""
    who, p = bench.actor(view), held.row
    with writing.unit() as session:
        writing.create("tollgate", {"project_id": p.id, "phase": p.phase, "decision": decision, "evidence": evidence, "decided_by": view.member.name, "decided_on": now}, who, session=session)
        if decision == "passed":
            writing.update("project", p.id, {"phase": following}, held.version, who, session=session)


def tested(view: View, p: Any) -> tuple[Intervention, list[scorecard.Reading]] | None:
    """The weekly KPI of a project around the day its solution took effect, tested for a change; None where there is none to test."""
    if p.kpi not in KPIS or p.in_effect_on is None:
        return None
    row = KPIS[p.kpi]
    found = [r for r in scorecard.read(row, narrowed(p, view.filters).between(midnight(p.in_effect_on - timedelta(weeks=BEFORE)), view.last), ("week",), now=view.now) if r.key("week")]
    found = [r for r in found if r.estimate.value is not None]
    if not found:
        return None
    return interrupted([r.estimate.value for r in found], [r.key("week") for r in found], p.in_effect_on, weights=[max(r.estimate.n, 1) for r in found], what=row.title, unit=row.unit), found


def shown_effect(p: Any, found: Intervention) -> bool:
    """Whether the test shows a change in the wanted direction (towards the target, else the better side of the KPI)."""
    e = found.average
    wanted = (p.target - p.baseline) if p.target is not None and p.baseline is not None else (1 if KPIS[p.kpi].better == "higher" else -1)
    return e.value is not None and found.p_average is not None and found.p_average < 0.05 and e.value * wanted > 0


def worth(p: Any, found: Intervention) -> int:
    """The verified benefit a year: the expected one times the share of the wanted change that is shown, at most all of it; 0 where none is shown."""
    if not shown_effect(p, found) or not p.expected_minor:
        return 0
    wanted = (p.target - p.baseline) if p.target is not None and p.baseline is not None else None
    share = 1.0 if not wanted else min(float(found.average.value or 0) / wanted, 1.0)
    return round(p.expected_minor * max(share, 0.0))


def benefit(view: View, key: str, held: Opened) -> None:
    """The test of the effect, drawn, and the button that takes its result over. Nobody types a verified benefit."""
    p = held.row
    made = tested(view, p)
    if made is None:
        bench.headline("No effect can be tested yet")
        quiet("It takes a KPI of the catalogue and the day from which the solution is in effect, with four weeks of data on either side.")
        return
    found, weeks = made
    row = KPIS[p.kpi]
    points = [charts.Point(r.key("week"), r.estimate) for r in weeks]
    expected = dict(zip(found.series["period"], found.series.get("expected", []), strict=False))

    previous = [expected.get(pd.Timestamp(q.start)) if pd.Timestamp(q.start).date() >= p.in_effect_on else None for q in points]
    charts.trend(f"{key}-effect-{p.id}", found.sentence, points, alt=found.sentence, unit=row.unit, grain="week", target=p.target, events=[charts.Event(p.in_effect_on, p.name)], previous=previous,
                 note="band: 95 % interval · dotted: expected without the change")  # fmt: skip
    for warning in found.warnings:
        quiet(warning)
    if p.verified_minor is not None:
        quiet(f"Verified by {p.verified_by}: {words.money(p.verified_minor, p.currency or 'EUR')} a year.")
    if found.p_average is None:
        return
    amount = worth(p, found)
    own = (p.owner or "").strip().casefold() == view.member.name.strip().casefold()
    label = f"Take over: {words.money(amount, p.currency)} a year" if p.currency else "Take the effect over"
    if own:
        quiet("Somebody other than the owner verifies the benefit.")
    if st.button(label, key=f"{key}-verify-{p.id}", disabled=own, icon=":material/verified:"):
        e = found.average
        values: dict[str, Any] = {"effect": e.value, "effect_low": e.low, "effect_high": e.high, "effect_p": found.p_average, "actual": weeks[-1].estimate.value}
        if p.currency:
            values |= {"verified_minor": amount, "verified_by": view.member.name}
        held.save(values, bench.actor(view), "Effect taken over" if shown_effect(p, found) else "No effect is shown: the verified benefit is nothing", computed=True)
