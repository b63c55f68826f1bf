"""Quality planning: from what customers need to what is measured, each characteristic with how it stands."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.records.lookup import records
from cx.ui import bench, fishbone, picture
from cx.ui import format as words
from cx.ui import measurement_series as measured
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the workbench."""
    goals = records("quality_objective")
    if not goals:
        quiet("Begin with what customers call good: a need, the drivers below it, and for each a characteristic that can be measured, with limits.")
        _from_data(view, set())
        registers(view, "quality-planning", "quality_objective", "target", "policy")
        return
    on = [g for g in goals if g.characteristic]
    kept = measured.keeping(view.now, view.filters, tuple((g.characteristic, g.lower, g.upper) for g in on))
    stands = {g.id: _stand(g, one) for g, one in zip(on, kept, strict=True)}
    missed = [g for g in goals if stands.get(g.id, ("", ""))[1] == "bad"]
    loose = [g for g in goals if g.level == "characteristic" and not g.characteristic]
    if missed:
        bench.headline(f"{len(missed)} of {len(stands)} characteristics miss their target: {', '.join(g.name for g in missed[:2])}")
    else:
        bench.headline(f"All {len(stands)} characteristics that are measured keep their target" + (f"; {len(loose)} are not measured yet" if loose else ""))
    children: dict[int, list[int]] = {}
    known = {g.id for g in goals}
    for g in goals:
        if g.parent_id in known:
            children.setdefault(g.parent_id, []).append(g.id)
    roots = [g.id for g in goals if g.parent_id not in known]
    names = {g.id: (g.name, stands[g.id][0] if g.id in stands else _note(g), stands.get(g.id, ("", ""))[1]) for g in goals}
    picture.show(fishbone.tree(roots, names, children), "critical-to-quality", "Critical-to-quality tree: " + "; ".join(f"{n[0]} ({n[1]})" for n in names.values()))
    leaves = [g for g in goals if g.characteristic]
    table(
        {"characteristic": [g.characteristic for g in leaves], "lower": [g.lower for g in leaves], "target": [g.target for g in leaves], "upper": [g.upper for g in leaves], "unit": [g.unit for g in leaves],
         "now": [stands[g.id][0] for g in leaves], "method": [g.method for g in leaves], "how often": [g.frequency for g in leaves], "when missed": [g.reaction for g in leaves], "owner": [g.owner for g in leaves]},
        "quality-planning-plan", alt="Control plan: characteristic, limits, method, frequency, reaction, owner",
    )  # fmt: skip
    _from_data(view, {g.characteristic for g in leaves})
    registers(view, "quality-planning", "quality_objective", "target", "policy")


def _note(goal: Any) -> str:
    return "not measured yet" if goal.level == "characteristic" else f"{goal.level}{', ' + goal.owner if goal.owner else ''}"


def _stand(goal: Any, kept: measured.Keeping) -> tuple[str, str]:
    """How a characteristic stands in the selection, in words, and whether that is good or bad.

    Values: the share within the limits, wanted at 99.73 % (three sigma to either side). Counts: the share defective.
    """
    if kept.total:
        return f"{words.value(100 * kept.inside / kept.total, '%', 1)} within limits, n {kept.total:,.0f}", "good" if kept.inside / kept.total >= 0.9973 else "bad"
    if kept.size:
        share = 100 * kept.bad / kept.size
        limit = goal.upper if goal.upper is not None else goal.target
        return f"{words.number(share)} % defective, n {kept.size:,.0f}", "" if limit is None else "good" if share <= limit else "bad"
    return "no measurement in this period", ""


def _from_data(view: View, kept: set[str | None]) -> None:
    from cx.records import writing

    new = sorted({str(s.names[1]) for s in measured.series(view)} - {k for k in kept if k})
    if not new:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Measured and not in the plan", new, key="quality-planning-new", width=340)
        if chosen and st.button("Add to the plan", key="quality-planning-add"):
            bench.saved(lambda: writing.create("quality_objective", {"name": chosen, "level": "characteristic", "characteristic": chosen, "owner": view.member.name}, bench.actor(view)), f"{chosen} added")
