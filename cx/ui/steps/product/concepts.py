"""Concepts: sheets with value, cost and risk, and the road map by quarter with what waits for what."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from cx.records.lookup import labels, records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

WAY = ("draft", "assessed", "approved", "in_development", "launched", "stopped")
RISK = ("high", "medium", "low", None)


def show(view: View) -> None:
    """Draw the workbench."""
    concepts = records("concept")
    if not concepts:
        quiet("No concept yet. Think an idea through below: problem, solution, value, cost, risk, when.")
        registers(view, "product-concepts", "concept", "idea")
        return
    now = bench.today(view)
    clashes = conflicts(concepts)
    live = [c for c in concepts if c.status not in ("launched", "stopped")]
    late = [c for c in live if c.ends_on and c.ends_on < now]
    bench.headline(f"{len(live)} concepts are on the way" + (f"; {late[0].name} should be done" if late else "") + (f"; {clashes[0]}" if clashes else ""))
    _road_map([c for c in concepts if c.status != "stopped"], late, now)
    for clash in clashes:
        st.warning(escape(clash), icon=":material/warning:")
    left, right = st.columns(2, gap="medium")
    with left:
        _values(concepts)
    with right:
        _risks(live)
    _sheet(view, sorted(concepts, key=lambda c: (c.status in ("launched", "stopped"), c not in late, c.starts_on or date.max)))
    registers(view, "product-concepts", "concept", "idea")


def quarter(day: date) -> str:
    """The quarter of a day: 2026 Q4."""
    return f"{day.year} Q{(day.month - 1) // 3 + 1}"


def conflicts(concepts: list[Any]) -> list[str]:
    """Concepts that begin before the one they wait for ends, each as a sentence."""
    by = {c.id: c for c in concepts}
    found = []
    for c in concepts:
        first = by.get(c.after_id)
        if first and c.starts_on and first.ends_on and c.starts_on < first.ends_on and c.status not in ("launched", "stopped"):
            found.append(f"{c.name} begins before {first.name} ends, which it waits for ({words.day(first.ends_on)})")
    return found


def gone(concept: Any, now: date) -> float:
    """The share of a concept's bar that is solid: all of it once launched, the time gone while it is developed, else nothing."""
    if concept.status == "launched":
        return 1.0
    whole = (concept.ends_on - concept.starts_on).days
    return min(max((now - concept.starts_on).days / whole, 0.0), 1.0) if concept.status == "in_development" and whole > 0 else 0.0


def _road_map(concepts: list[Any], late: list[Any], now: date) -> None:
    dated = sorted((c for c in concepts if c.starts_on and c.ends_on), key=lambda c: (quarter(c.starts_on), c.starts_on))
    if not dated:
        quiet("Give concepts a start and an end, and they stand on the road map.")
        return
    tasks = [charts.Task(c.name, c.starts_on, c.ends_on, gone(c, now), c in late, c.owner or "", c.status.replace("_", " ")) for c in dated]
    first, last = quarter(dated[0].starts_on), max(quarter(c.ends_on) for c in dated)
    charts.gantt("product-concepts-road-map", f"Road map from {first} to {last}", tasks, alt="Concepts by quarter", as_of=now, quarters=True, note="solid: launched, or the time gone of what is in development")


def _values(concepts: list[Any]) -> None:
    rated = [c for c in concepts if c.value_minor is not None and c.cost_minor]
    for currency in sorted({c.currency for c in rated if c.currency}):
        mine = [c for c in rated if c.currency == currency]
        scale = words.minor(currency)
        best = max(mine, key=lambda c: c.value_minor / c.cost_minor)
        charts.scatter("product-concepts-value-" + currency, f"{best.name} returns most: {best.value_minor / best.cost_minor:.1f} times its cost in a year", [charts.Dot(c.name, c.cost_minor / scale, c.value_minor / scale) for c in mine],
                       alt="Concepts by cost and expected yearly value", x_title=f"cost, {currency}", y_title=f"value a year, {currency}", height=260)  # fmt: skip


def _risks(live: list[Any]) -> None:
    """What could go wrong, the gravest first, and where nobody has said yet."""
    if not live:
        return
    order = sorted(live, key=lambda c: RISK.index(c.risk))
    open_ = [c for c in live if not c.risk or not (c.risks or "").strip()]
    high = sum(c.risk == "high" for c in live)
    bench.headline("; ".join(x for x in (f"{words.plural(high, 'concept')} of high risk" if high else "No concept of high risk", f"no risk is written down for {open_[0].name}" + (f" and {len(open_) - 1} more" if len(open_) > 1 else "") if open_ else "") if x))
    table({"risk": [c.risk or "not judged" for c in order], "concept": [c.name for c in order], "what could go wrong": [c.risks for c in order], "owner": [c.owner for c in order]}, "product-concepts-risks", alt="Risks of the concepts under way, the gravest first", csv=False)


def _sheet(view: View, concepts: list[Any]) -> None:
    one = bench.choose("Concept sheet", concepts, "concept", lambda c: f"{c.name} ({c.status.replace('_', ' ')})")
    ideas = labels("idea")
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        for title, said in (("Problem", one.problem), ("Solution", one.solution), ("Benefit to customers", one.benefit), ("Risks", one.risks)):
            st.markdown(f"**{title}**")
            outside(said or "–")
    with right, st.container(border=True):
        facts = {"from the idea": ideas.get(one.idea_id), "for": one.segment, "value a year": words.money(one.value_minor, one.currency) if one.value_minor and one.currency else None,
                 "cost": words.money(one.cost_minor, one.currency) if one.cost_minor and one.currency else None, "risk": one.risk, "owner": one.owner,
                 "when": words.span(one.starts_on, one.ends_on) if one.starts_on and one.ends_on else None}  # fmt: skip
        table({"": list(facts), "sheet": [v or "–" for v in facts.values()]}, "product-concepts-sheet", csv=False, alt="Facts of the concept")
        prototypes, launches = records("prototype", concept_id=one.id), records("launch", concept_id=one.id)
        quiet(f"{words.plural(len(prototypes), 'prototype')}, {words.plural(len(launches), 'launch', 'launches')}")
        held = opened("concept", one, "product-concepts")
        status = st.selectbox("Status", WAY, index=WAY.index(held.row.status), format_func=lambda s: s.replace("_", " "), key=f"{held.key}-status")
        if status != held.row.status and st.button("Save status", key="product-concepts-save"):
            held.save({"status": status}, bench.actor(view), f"{one.name} is now {status.replace('_', ' ')}")
