"""Nurturing: from visitor to customer stage by stage, and a lead score that is tested, calibrated and says why."""

from __future__ import annotations

from typing import Any, cast

import ibis.expr.types as ir
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import charts, leads, touches
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("interactions") and not view.now.rows("deals"):
        quiet("The way from visitor to customer is read from interactions and deals; there are none yet. Upload an export of your web analytics or CRM on the Data page.")
        return
    left, right = st.columns(2, gap="small")
    if view.now.rows("interactions"):
        with left.container(border=True, height="stretch"):
            web(view)
    if view.now.rows("deals"):
        with right.container(border=True, height="stretch"):
            sales(view)
        score(view)
    registers(view, "marketing-nurturing", "sales_stage")


def web(view: View) -> None:
    """Those first seen in the period, by how far they came."""
    counted = touches.event_counts(view)
    events = [row["event"] for row in counted]
    goal = touches.conversion_of(events) if events else ""
    usual = [row["event"] for row in sorted(counted, key=lambda row: -row["people"]) if row["event"] != goal and row["marketed"] >= row["n"] / 2]
    chosen = st.multiselect("Stages on the web, in order", events, default=[*usual, goal] if goal else [], key="marketing-nurturing-stages")
    if len(chosen) < 2:
        quiet("Choose two stages or more.")
        return
    reached = ladder(view.now, view.filters, tuple(chosen))
    lost = [(chosen[i + 1], reached[i + 1] / reached[i]) for i in range(len(chosen) - 1) if reached[i]]
    worst = min(lost, key=lambda pair: pair[1], default=None)
    title = f"Fewest go on to {worst[0]}: {words.value(100 * worst[1], '%')}" if worst else "Nobody was first seen in this period"
    charts.funnel("marketing-nurturing-web", title, chosen, reached, alt=title, note="customers and visitors whose first stage lies in the period, each stage after the one before, until the end of the data")


@remembered
def ladder(now: Revision, filters: Filters, stages: tuple[str, ...]) -> list[int]:
    """How many reached each stage, in order, of those who first did the first one in the period."""

    def build(filters: Filters) -> ir.Table:
        events = Filters(only=filters.only).apply(engine.tables())[0]["interactions"]
        first = events.filter((events["event"] == stages[0]) & events["customer_id"].notnull())
        people = Scope(filters.start, filters.end).during(first.group_by("customer_id").aggregate(at_0=first["happened_at"].min()), "at_0")
        for k, stage in enumerate(stages[1:], 1):
            did = events.filter(events["event"] == stage).select(_who="customer_id", _when="happened_at")
            joined = people.left_join(did, [people["customer_id"] == did["_who"], did["_when"] >= people[f"at_{k - 1}"]])
            people = joined.group_by("customer_id").aggregate(**{f"at_{i}": joined[f"at_{i}"].min() for i in range(k)}, **{f"at_{k}": joined["_when"].min()})
        return people.aggregate(**{f"n_{k}": people[f"at_{k}"].count() for k in range(len(stages))})

    found = prepared.rows(("ladder", stages), filters, build, now)[0]
    return [int(found[f"n_{k}"]) for k in range(len(stages))]


def sales(view: View) -> None:
    """Deals begun in the period: lead, each stage after the first, customer."""
    from cx.records.lookup import records
    from cx.ui import deals

    conversion, _ = deals.through_stages(view, tuple(row.name for row in records("sales_stage")))
    made = Scope(view.filters.start, view.filters.end).during(view.filters.apply(engine.tables())[0]["deals"], "created_at")
    counts = engine.rows(made.aggregate(n=made.count(), won=(made["status"] == "won").cast("int64").sum(), open=(made["status"] == "open").cast("int64").sum()), now=view.now)[0]
    if not counts["n"]:
        headline("No deal was opened in this period")
        return
    later = list(zip(conversion["stage"], conversion["entered"], strict=True))[1:] if not conversion.empty else []
    names = ["Lead", *(f"{'MQL' if i == 0 else 'SQL' if i == 1 else 'Stage'} · {name}" for i, (name, _) in enumerate(later)), "Customer"]
    reached = [int(counts["n"]), *(int(n) for _, n in later), int(counts["won"] or 0)]
    title = f"{words.value(100 * reached[-1] / reached[0], '%')} of {reached[0]:,} leads are customers by now, {int(counts['open'] or 0):,} still open"
    charts.funnel("marketing-nurturing-sales", title, names, reached, alt=title, note="deals opened in the period; marketing-qualified: past the first stage, sales-qualified: past the second")


def score(view: View) -> None:
    """How good the score is, what it goes by, and the open leads in its order."""
    model, why, waiting = leads.learnt(view)
    if model is None:
        with st.container(border=True):
            headline("No lead score yet")
            quiet(why)
        return
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch"):
        better = 100 * (1 - model.brier / model.brier_base) if model.brier_base else None
        auc = words.number(model.auc, 2) if model.auc is not None else words.MISSING
        title = f"Picks the better of two leads {words.value(100 * model.auc, '%') if model.auc is not None else words.MISSING} of the time, on {model.held_out:,} later leads"
        groups = [charts.Group(f"said {words.value(row.predicted, '%')}", Estimate(row.observed, row.low, row.high, int(row.n), "%"), row.predicted) for row in cast(Any, model.reliability).itertuples()]
        charts.dots("marketing-nurturing-calibration", title, groups, alt=title, unit="%", note="dot: share won of leads with that score, 95 % interval · tick: what the score said. Where the tick lies in the interval, the score means what it says.")
        quiet(f"AUC {auc} (0.50 is guessing) · squared error {words.value(better, '%')} below always saying the win rate · calibration slope {words.number(model.slope, 2)} (ideal 1)" + (f" · {model.warning}" if model.warning else ""))
    with right.container(border=True, height="stretch"):
        reasons = model.reasons.head(12)
        names = [leads.said(str(name)) for name in reasons["feature"]]
        title = f"Counts most: {names[0]}" if names else "No reason stands out"
        charts.bars("marketing-nurturing-reasons", title, names, [abs(leads.pull(v)) for v in reasons["odds_ratio"]], texts=[f"odds × {words.number(float(v), 2)}" for v in reasons["odds_ratio"]],
                    tones=["good" if v > 1 else "bad" for v in reasons["odds_ratio"]], alt=title, note="green raises, vermilion lowers the odds of winning; amounts by one standard deviation. Association, not cause.")  # fmt: skip
    with st.container(border=True):
        headline(f"{len(waiting):,} open leads, the likeliest first")
        top = waiting.head(300)
        table({"Score": [float(v) for v in top["score"]], "Why": [leads.because(model, row) for row in cast(list[dict[str, Any]], top.to_dict("records"))], "Deal": list(top["name"]), "Stage": list(top["stage"]), "Source": list(top["source"]), "Segment": list(top["segment"]), "Owner": list(top["owner"])},
              "marketing-nurturing-leads", units={"Score": "%"}, height=300)  # fmt: skip
