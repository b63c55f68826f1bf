"""Marketing strategy: plans of product, price, promotion and place with a goal each, and how far each has come."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.errors import MeasureError
from cx.records.lookup import records
from cx.ui import charts, goals
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

FOUR = {"product": "Product", "price": "Price", "promotion": "Promotion", "place": "Place"}


def show(view: View) -> None:
    """Draw the step."""
    plans = records("marketing_plan")
    if plans:
        progress(view, plans)
        mix(plans)
    else:
        quiet("No plan is written down yet. Write the first below: what is offered to whom, at what price, where they hear of it and get it, and the number it is to move.")
    with st.container(border=True):
        found = goals.standing(view, [key for key in GROUPS["marketing"].kpis if key in KPIS])
        headline(goals.headline(found))
        goals.show(found, "marketing-strategy-targets")
        goals.reminders(view, "marketing")
    registers(view, "marketing-strategy", "marketing_plan", "target", "policy")


def progress(view: View, plans: list[Any]) -> None:
    """How far each plan has come from its baseline to its goal, against the time gone."""
    today = view.last.date() if view.last else None
    rows = []
    for plan in plans:
        if plan.kpi not in KPIS or plan.goal is None:
            continue
        filters = view.filters.narrowed("segment", plan.segment) if plan.segment else view.filters
        try:
            e = scorecard.read(plan.kpi, filters, now=view.now)[0].estimate
        except MeasureError:
            continue
        start = plan.baseline
        way = 100 * (e.value - start) / (plan.goal - start) if e.value is not None and start is not None and plan.goal != start else None
        gone = None
        if today and plan.starts_on and plan.ends_on:
            gone = min(max((today - plan.starts_on).days / max((plan.ends_on - plan.starts_on).days, 1), 0.0), 1.0) * 100
        rows.append((plan, e, way, gone))
    with st.container(border=True):
        if not rows:
            headline("No plan names a KPI with a goal yet")
            return
        behind = [plan.name for plan, _, way, gone in rows if way is not None and gone is not None and way < gone]
        title = f"Behind their time: {', '.join(behind)}" if behind else "Every plan is ahead of its time"
        texts = [f"{words.value(way, '%')} of the way · {KPIS[plan.kpi].title} {much(e, e.value)}, from {much(e, plan.baseline)} to {much(e, plan.goal)}" if way is not None else f"{KPIS[plan.kpi].title}: {e.warning or 'no baseline'}" for plan, e, way, _ in rows]
        charts.bars("marketing-strategy-progress", title, [plan.name for plan, *_ in rows], [None if way is None else min(max(way, 0.0), 150.0) for _, _, way, _ in rows], unit="%", texts=texts,
                    tones=["bad" if plan.name in behind else "" for plan, *_ in rows], alt=title, note="share of the way from baseline to goal in the period; vermilion is behind the share of time gone")  # fmt: skip
        table({"Plan": [plan.name for plan, *_ in rows], "For": [plan.segment or "everybody" for plan, *_ in rows], "KPI": [KPIS[plan.kpi].title for plan, *_ in rows], "Now": [much(e, e.value) for _, e, _, _ in rows], "Goal": [much(e, plan.goal) for plan, e, _, _ in rows],
               "Way": [way for _, _, way, _ in rows], "Time gone": [gone for *_, gone in rows], "Budget": [words.money(plan.budget_minor, plan.currency) if plan.budget_minor and plan.currency else None for plan, *_ in rows], "Owner": [plan.owner for plan, *_ in rows]},
              "marketing-strategy-plans", units={"Way": "%", "Time gone": "%"})  # fmt: skip


def much(e: Estimate, value: float | None) -> str:
    """A value of a KPI in its unit; money is kept in whole currency."""
    return words.value(None if value is None else value * words.minor(e.unit) if words.is_money(e.unit) else value, e.unit)


def mix(plans: list[Any]) -> None:
    """The four decisions of one plan, side by side."""
    with st.container(border=True):
        names = {plan.id: plan.name for plan in plans}
        chosen = st.selectbox("Plan", list(names), format_func=lambda k: escape(names[k]), key="marketing-strategy-plan", width=300, label_visibility="collapsed")
        plan = next(plan for plan in plans if plan.id == chosen)
        if plan.positioning:
            outside(plan.positioning)
        for column, (field, title) in zip(st.columns(4, gap="small"), FOUR.items(), strict=True):
            with column:
                st.markdown(f"**{title}**")
                outside(getattr(plan, field) or "Not decided yet")
