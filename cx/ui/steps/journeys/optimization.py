"""Optimization: the experience wanted, believed and lived; hand-offs; ways to higher value; gaps turned into actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.records import lookup, writing
from cx.records.journeys import DesiredExperience
from cx.ui import charts, handoffs, kept, tiers
from cx.ui import format as words
from cx.ui.bench import actor, headline
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.saving import saved
from cx.ui.tables import table
from cx.ui.text import escape, quiet

KPI = {"csat": "csat", "ces": "ease", "nps": "nps"}


def show(view: View) -> None:
    """Draw the step."""
    wanted = _lived(view)
    if wanted:
        headline(sentence(wanted))
        _gaps(view, wanted)
    else:
        with st.container(border=True):
            st.markdown("**No experience has been intended yet**")
            quiet("Say how a touchpoint should feel and the score that shows it; what customers give and what staff believe then stand beside it.")
    _handoffs(view)
    _branches()
    tiers.show(view)
    kept.registers(view, "journeys-optimization", "desired_experience", "handoff", "action")


def _lived(view: View) -> list[dict[str, Any]]:
    """Each intention with what is lived and believed, the widest gap first."""
    places, out = lookup.labels("touchpoint"), []
    for row in lookup.records("desired_experience"):
        place, key = places.get(row.touchpoint_id, ""), KPI[row.metric]
        filters = view.filters.narrowed("touchpoint", place)
        filters = filters.narrowed("segment", row.segment) if row.segment else filters
        reading = scorecard.read(key, filters, now=view.now)[0]
        hidden = reading.hidden or 0 < reading.estimate.n < 5
        value = None if hidden else reading.estimate.value
        out.append({"row": row, "place": place, "kpi": key, "e": reading.estimate, "hidden": hidden, "gap": value - row.desired if value is not None and row.desired is not None else None,
                    "blind": row.believed - value if value is not None and row.believed is not None else None})  # fmt: skip
    return sorted(out, key=lambda r: (r["gap"] is None, r["gap"] or 0))


def sentence(found: list[dict[str, Any]]) -> str:
    """The widest gap, and where staff believe otherwise."""
    first = found[0]
    if first["gap"] is None:
        return f"{len(found)} intentions, none of them measured in this period"
    row = first["row"]
    unit = kpi(first["kpi"]).unit
    text = f"{first['place']} falls furthest short: {words.value(first['e'].value, unit)} lived, {words.value(row.desired, unit)} wanted"
    blind = max((r for r in found if r["blind"] is not None), key=lambda r: r["blind"], default=None)
    if blind and blind["blind"] > 5:
        text += f"; staff overrate {blind['place']} most (they believe {words.value(blind['row'].believed, kpi(blind['kpi']).unit)})"
    return text


def _gaps(view: View, found: list[dict[str, Any]]) -> None:
    known = [r for r in found if r["gap"] is not None]
    left, right = st.columns([4, 5], gap="medium")
    with left:
        groups = [charts.Group(f"{r['place']}{' · ' + r['row'].segment if r['row'].segment else ''}", _less(r["e"], r["row"].desired), None if r["row"].believed is None else r["row"].believed - r["row"].desired, r["hidden"]) for r in known]
        charts.dots("journeys-desired", "Lived against wanted, in points", groups, alt=sentence(found), unit="points", target=0.0, note="dot: lived, with 95 % interval · tick: what staff believe · dashed: what is wanted")
    with right:
        rows = [{"touchpoint": r["place"], "segment": r["row"].segment or "all", "wanted": r["row"].desired, "lived": None if r["hidden"] else r["e"].value, "n": r["e"].n, "gap": r["gap"],
                 "staff believe": r["row"].believed, "should be": r["row"].statement, "until": r["row"].due_on, "owner": r["row"].owner} for r in found]  # fmt: skip
        picked = table(rows, "journeys-desired-rows", clicks=True)
    chosen = found[picked if picked is not None else 0]
    if chosen["gap"] is not None and chosen["gap"] < 0:
        _action(view, chosen)


def _less(e: Any, desired: float) -> Any:
    from dataclasses import replace

    return replace(e, value=None if e.value is None else e.value - desired, low=None if e.low is None else e.low - desired, high=None if e.high is None else e.high - desired)


def _action(view: View, gap: dict[str, Any]) -> None:
    """A gap turned into an action with its goal."""
    row: DesiredExperience = gap["row"]
    key = f"journeys-optimization-{row.id}"
    standing = [a for a in lookup.records("action", group="journeys") if a.touchpoint == gap["place"] and a.status in ("open", "in_progress")]
    with st.container(border=True):
        st.markdown(f"**Close the gap at {escape(gap['place'])}**: {escape(words.change(gap['gap'], 'points'))} points")
        if standing:
            quiet("Under way: " + "; ".join(f"{a.title} ({a.status.replace('_', ' ')})" for a in standing))
        form = Fields()
        with st.form(f"{key}-form", border=False):
            a, b, c = st.columns([4, 2, 2], vertical_alignment="bottom")
            title = form("title", a).text_input("Action", key=f"{key}-title", placeholder="Tell customers when a parcel is late")
            effect = form("expected_effect", b).number_input("Expected effect, points", value=round(-gap["gap"], 1), key=f"{key}-effect")
            due = form("due_on", c).date_input("Due", row.due_on or (view.last.date() + timedelta(days=60) if view.last else None), key=f"{key}-due")
            if st.form_submit_button("File the action", type="primary"):
                values = {"title": title, "group": "journeys", "step": "optimization", "touchpoint": gap["place"], "segment": row.segment, "kpi": gap["kpi"], "expected_effect": effect, "due_on": due,
                          "owner": row.owner, "origin": f"Lived {words.value(gap['e'].value)} against {words.value(row.desired)} wanted"}  # fmt: skip
                if saved(lambda: writing.create("action", values, actor(view)), "Filed among the actions", form):
                    st.rerun()


def _handoffs(view: View) -> None:
    rows = []
    known = lookup.records("handoff")
    seen = each(lambda h: handoffs.waits(view.now, view.filters, h.process, h.step, h.promise_hours or 0.0) if h.process and h.step else (None, None, None), known)
    for h, (median, p90, late) in zip(known, seen, strict=True):
        rows.append({"hand-off": h.name, "from": h.giver, "to": h.receiver, "promised": h.promise_hours, "median wait": median, "90 % within": p90, "later than promised": late.value if late and h.promise_hours else None,
                     "cases": late.n if late else None, "how it fails": h.failures})  # fmt: skip
    if not rows:
        return
    late_ = [r for r in rows if r["later than promised"] is not None]
    worst = max(late_, key=lambda r: r["later than promised"], default=None)
    headline(f"Hand-offs: {worst['hand-off']} is later than promised in {words.value(worst['later than promised'], '%')} of {worst['cases']:,} cases" if worst else "Hand-offs between teams")
    table(rows, "journeys-handoffs", units={"promised": "hours", "median wait": "hours", "90 % within": "hours", "later than promised": "%"})


def _branches() -> None:
    """Decision points and where they lead: the ways to a higher tier, out, or around."""
    journeys = lookup.labels("journey")
    found = [s for s in lookup.records("journey_step") if s.decision or s.branch]
    if found:
        st.markdown("**Decisions and branches**")
        table([{"journey": journeys.get(s.journey_id, ""), "after": s.name, "decision": s.decision, "leads to": s.branch, "owner": s.owner} for s in found], "journeys-branches")
    else:
        quiet("No decision points yet: name decisions and branches on the steps of a journey map, such as the way to a higher plan.")
