"""Validation: a hypothesis, a sample large enough, a result, the right test and its verdict."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.finding import said
from cx.records import lookup, writing
from cx.records.needs import Experiment
from cx.ui import charts, experiment_source, experiments, kept
from cx.ui import format as words
from cx.ui.bench import actor, choose, headline, made
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.register.brief import brief
from cx.ui.saving import saved
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet


def show(view: View) -> None:
    """Draw the step."""
    rows: list[Experiment] = lookup.records("experiment")
    if not rows:
        with st.container(border=True):
            st.markdown("**No hypothesis yet**")
            quiet("A need is believed once a test could have shown it wrong. State: if we …, then … — and what decides.")
            _new(view)
        kept.registers(view, "needs-validation", "experiment")
        return
    count = {state: sum(r.status == state for r in rows) for state in ("untested", "testing", "confirmed", "rejected")}
    headline(f"{count['confirmed']} confirmed, {count['rejected']} rejected, {count['testing']} being tested, {count['untested']} not tested yet")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        row: Experiment = choose("Hypothesis", rows, "test", lambda r: r.hypothesis[:90], width=560)
        with st.popover("New hypothesis", icon=":material/add:", key=f"needs-validation-new-{len(rows)}"):
            _new(view)
    held = opened("experiment", row, "needs-validation")
    left, right = st.columns([4, 5], gap="medium")
    with left:
        _plan(view, held)
    with right:
        _result(view, held)
    labels = lookup.labels("need")
    listed = [{"hypothesis": r.hypothesis, "need": labels.get(r.need_id or 0, ""), "metric": r.metric, "verdict": r.status, "needed a group": r.sample, "control": r.control_n, "test": r.test_n} for r in rows]
    table(listed, "needs-validation-list")
    kept.registers(view, "needs-validation", "experiment")


def _new(view: View) -> None:
    one = brief("experiment", ("hypothesis", "need_id", "metric", "kind", "method", "owner", "starts_on", "ends_on"), "needs-validation-new", actor(view), button="Add", done="Hypothesis added", across=2)
    if one is not None:
        made("test", int(one.id))
        st.rerun()


def _plan(view: View, held: Opened) -> None:
    """How many are needed, before anything is measured."""
    st.markdown("**1 · How many are needed**")
    row: Experiment = held.row
    outside(row.hypothesis)
    share, key = row.kind == "proportion", f"{held.key}-plan"
    unit = "%" if share else ""
    with st.container(border=True):
        a, b, c = st.columns(3)
        baseline = a.number_input(f"Today {unit}", value=row.baseline, key=f"{key}-baseline")
        effect = b.number_input("Smallest effect worth finding" + (", points" if share else ""), value=row.effect, key=f"{key}-effect")
        spread = None if share else c.number_input("Standard deviation", min_value=0.0, value=row.control_spread, key=f"{key}-spread")
        n, reason = experiments.needed(row.kind, baseline, effect, spread)
        if n is None:
            quiet(f"No sample size: {reason}.")
            return
        st.markdown(f"**{n:,} in each group**, {2 * n:,} in all")
        quiet("To find that effect 8 times of 10 where it exists, and to see one where there is none 1 time of 20.")
        changed = (baseline, effect, n) != (row.baseline, row.effect, row.sample) or (spread is not None and row.control_spread is None)
        if changed and st.button("Keep this plan", key=f"{key}-keep"):
            values = {"baseline": baseline, "effect": effect, "sample": n, "status": "testing" if row.status == "untested" else row.status}
            values |= {"control_spread": spread} if spread is not None and row.control_n is None else {}
            held.save(values, actor(view), "Plan kept")


def _result(view: View, held: Opened) -> None:
    """Numbers entered, or counted in the data; the test; the verdict."""
    st.markdown("**2 · What came out**")
    row: Experiment = held.row
    share = row.kind == "proportion"
    sides = experiment_source.sides(view, held)
    if sides is None:
        return
    if not experiment_source.complete(sides, share):
        quiet("Enter both groups to run the test.")
        return
    control_side, test_side = ((int(sides[f"{s}_n"]), float(sides[f"{s}_value"]), float(sides[f"{s}_spread"] or 0)) for s in ("control", "test"))
    found = experiments.trial(row.kind, control_side, test_side, row.metric or "the metric")
    _verdict(view, held, sides, found)


def _verdict(view: View, held: Opened, sides: dict[str, Any], found: Any) -> None:
    row: Experiment = held.row
    if found.p is None:
        st.warning(escape(found.sentence), icon=":material/block:")
        return
    row_now = row.model_copy(update={k: v for k, v in sides.items() if k.endswith("_n")})
    state, why = experiments.verdict(row_now, found)
    st.markdown(f"**3 · Verdict: {state}** — {escape(why)}")
    quiet(found.sentence)
    if found.effect is not None and found.effect.value is not None:
        charts.dots(f"needs-validation-effect-{row.id}", f"{found.test[:1].upper()}{found.test[1:]}: {said(found.p)}", [charts.Group("test − control", found.effect)], alt=found.sentence, unit=found.effect.unit, target=0.0, note=f"{found.why} · dashed: no effect · {found.size_name} {words.number(found.size.value, 2) if found.size else ''} ({found.magnitude})")
    learning = st.text_area("What we learnt", row.learning or "", height=70, key=f"{held.key}-learning").strip()
    differ = state != row.status or any(sides[n] != getattr(row, n) for n in experiment_source.SIDES) or learning != (row.learning or "")
    if differ and st.button(f"Record the result as {state}", type="primary", key=f"{held.key}-record"):
        values = {**{n: v for n, v in sides.items() if v is not None}, "status": state, "learning": learning or None}

        def deed() -> bool:
            with writing.unit() as session:
                writing.update("experiment", int(row.id or 0), values, held.version, actor(view), session=session)
                if row.need_id:
                    need = lookup.find("need", row.need_id, session=session)
                    writing.update("need", row.need_id, {"status": state}, need.version, actor(view), session=session)
            return True

        if saved(deed, "Recorded, and the need with it"):
            held.renew(lookup.find("experiment", int(row.id or 0)))
            st.rerun()
