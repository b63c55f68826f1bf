"""Suppliers: one grade from defects, punctuality, audit and response with its weights in sight, who slips, and since when."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.supplier_grade import PARTS, WEIGHTS, Grade, defect_score, supplier_grade
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.kept import registers
from cx.ui.measurement_series import horizon
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.supplier_facts import Supplied, months, supplied
from cx.ui.tables import table
from cx.ui.text import quiet

TITLES = {"defects": "Defects", "on_time": "On time", "audit": "Audit", "response": "Response"}
ALLOWED = 5000.0


def show(view: View) -> None:
    """Draw the workbench."""
    kept = {s.name: s for s in records("supplier")}
    now = supplied(view)
    if not now and not kept:
        nothing_yet("supplier")
        registers(view, "quality-suppliers", "supplier", "audit")
        return
    weights = _weights()
    before = supplied(view, view.filters.between(*view.compare)) if view.compare else {}
    graded = sorted(((name, _grade(kept.get(name), now.get(name), weights)) for name in sorted({*now, *kept})), key=lambda pair: pair[1].score if pair[1].score is not None else 101)
    earlier = {name: _grade(kept.get(name), before.get(name), weights).score for name, _ in graded if name in before}
    bench.headline(_finding(graded, now, earlier))
    picked = _scorecard(view, graded, now, kept, earlier, weights)
    name = graded[picked][0] if picked is not None else graded[0][0]
    left, right = st.columns(2, gap="medium")
    with left:
        series = months(view, horizon(view, 13))
        if series:
            title = _slipping(series)
            charts.lines("quality-suppliers-trend", title, dict(list(series.items())[:8]), alt=title, unit="ppm")
    with right:
        groups = [charts.Group(n, s.defects, before[n].ppm if n in before else None) for n, s in now.items() if s.units]
        if groups:
            groups.sort(key=lambda g: -(g.estimate.value or 0))
            charts.dots("quality-suppliers-ppm", f"Defects per million: {groups[0].name} stands highest at {words.number(groups[0].estimate.value)}", groups, alt="Defective parts per million by supplier", unit="ppm")
    _act(view, name, kept, now)
    registers(view, "quality-suppliers", "supplier", "audit")


def _weights() -> dict[str, float]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = {part: float(st.number_input(f"{TITLES[part]}, weight", 0, 100, int(WEIGHTS[part]), 5, key=f"quality-suppliers-{part}", width=130)) for part in PARTS}
    return found if any(found.values()) else dict(WEIGHTS)


def _grade(kept: Any, facts: Supplied | None, weights: dict[str, float]) -> Grade:
    prompt = facts.prompt if facts else None
    parts = {
        "defects": defect_score(facts.ppm, (kept.ppm_target if kept and kept.ppm_target is not None else ALLOWED)) if facts else None,
        "on_time": facts.punctual if facts else None, "audit": kept.audit_score if kept else None,
        "response": prompt if prompt is not None else kept.response_score if kept else None,
    }  # fmt: skip
    return supplier_grade(parts, weights)


def _finding(graded: list[tuple[str, Grade]], now: dict[str, Supplied], earlier: dict[str, float | None]) -> str:
    name, worst = graded[0]
    if worst.score is None:
        return "No supplier can be graded yet: neither inspections nor audits name one"
    facts = now.get(name)
    said = f"{name} is graded {worst.letter} ({worst.score:.0f} of 100)"
    if facts and facts.ppm is not None:
        said += f": {words.number(facts.ppm)} defects per million"
    if facts and facts.punctual is not None:
        said += f", {facts.punctual:.0f} % on time"
    was = earlier.get(name)
    return said + (f"; it was {was:.0f} in the period before" if was is not None else "")


def _scorecard(view: View, graded: list[tuple[str, Grade]], now: dict[str, Supplied], kept: dict[str, Any], earlier: dict[str, float | None], weights: dict[str, float]) -> int | None:
    total = sum(weights.values())
    rows: dict[str, list[Any]] = {"supplier": [n for n, _ in graded], "grade": [g.letter or "–" for _, g in graded], "score": [g.score for _, g in graded]}
    rows["before"] = [earlier.get(n) for n, _ in graded]
    rows["ppm"] = [None if n not in now or now[n].ppm is None else round(now[n].ppm or 0) for n, _ in graded]
    for part in PARTS:
        rows[part] = [g.parts[part] for _, g in graded]
    rows["status"] = [kept[n].status.replace("_", " ") if n in kept else "not in the register" for n, _ in graded]
    heads = {part: f"{TITLES[part]} ({100 * weights[part] / total:.0f} %)" for part in PARTS} | {"score": "Score", "ppm": "Defects, ppm", "before": "Before"}
    picked = table(rows, "quality-suppliers-card", titles=heads, clicks=True, alt="Suppliers with their grade and its parts")
    quiet("The score and each part go from 0 to 100; the head shows its weight. Defects: 100 up to what is allowed, 0 at five times as many. A part that is not known takes its weight with it. A from 90, B from 80, C from 70.")
    return picked


def _slipping(series: dict[str, list[tuple[Any, float | None]]]) -> str:
    def rise(points: list[tuple[Any, float | None]]) -> float:
        known = [v for _, v in points if v is not None]
        half = len(known) // 2
        return (sum(known[half:]) / max(len(known) - half, 1)) / max(sum(known[:half]) / max(half, 1), 1e-9) if half else 1.0

    name = max(series, key=lambda n: rise(series[n]))
    factor = rise(series[name])
    return f"Defects of {name} are {factor:.1f} times what they were in the half year before" if factor >= 1.5 else "Defects of every supplier stay where they were"


def _act(view: View, name: str, kept: dict[str, Any], now: dict[str, Supplied]) -> None:
    with st.container(border=True):
        bench.headline(name)
        one = kept.get(name)
        if one is None:
            quiet("It stands in the data and not in the register.")
            if st.button("Add to the register", key="quality-suppliers-add"):
                bench.saved(lambda: writing.create("supplier", {"name": name}, bench.actor(view)), f"{name} added")
            return
        cases = records("capa", supplier_id=one.id)
        quiet(" · ".join((one.provides or "", f"{one.criticality} criticality", f"next review {words.day(one.next_review_on)}", f"owner {one.owner or 'nobody'}")))
        for case in cases:
            quiet(f"Case {case.id}: {case.title} ({case.status.replace('_', ' ')})")
        held = opened("supplier", one, "quality-suppliers")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            status = st.segmented_control("Status", ["approved", "on_watch", "blocked", "former"], default=held.row.status, format_func=lambda s: s.replace("_", " "), key=f"{held.key}-status", required=True)
            if status != held.row.status and st.button("Save status", key="quality-suppliers-save"):
                held.save({"status": status}, bench.actor(view), f"{name} is now {str(status).replace('_', ' ')}")
            if st.button("Open a corrective case", icon=":material/add_alert:", key="quality-suppliers-case"):
                facts = now.get(name)
                problem = f"{name}: " + (f"{words.number(facts.ppm)} defects per million of {words.number(facts.units)} parts inspected." if facts and facts.ppm is not None else "graded low.")
                values = {"title": f"{name} below what was agreed", "source": "supplier", "supplier_id": one.id, "problem": problem, "raised_on": bench.today(view), "owner": one.owner}
                bench.saved(lambda: writing.create("capa", values, bench.actor(view)), "Case opened: see Corrective actions")
