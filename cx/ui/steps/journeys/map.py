"""Journey map: the whole experience in one picture, with live scores, edited in place."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.records import lookup
from cx.records.journeys import Journey, JourneyStep
from cx.ui import journey_editor, journey_map, journeys, kept, poster, touchpoints
from cx.ui.bench import actor, choose, headline, made
from cx.ui.fields import Fields
from cx.ui.journey_templates import TEMPLATES
from cx.ui.page import View
from cx.ui.palette import palette
from cx.ui.saving import saved
from cx.ui.text import quiet

ROWS = {8: "wide", 5: "five", 3: "three", 2: "two"}


def show(view: View) -> None:
    """Draw the step."""
    found = {int(j.id or 0): j for j in lookup.records("journey")}
    if not found:
        with st.container(border=True):
            st.markdown("**No journey has been drawn yet**")
            quiet("Begin with one of three templates and change what is different with you, or with an empty map.")
            begin(view, "journeys-map-first")
        return
    chosen = head(view, found)
    journey, rows = found[chosen], lookup.records("journey_step", journey_id=chosen)
    steps = journeys.drawn(rows, _marks(view, journey))
    number = _step(rows)
    if rows:
        headline(sentence(steps))
        most = int(st.session_state.get("jrow") or 8)
        svg = journey_map.svg(journeys.called(journey), _note(view, journey), steps, palette(), chosen=number, most=most)
        narrow = "stretch" if most >= journey_map.BAND else "content"
        poster.show(svg, "journeys-map", alt=f"Journey map {journey.name}: {journey_map.said(steps)}", name=f"journey {journey.name}", width=narrow)
        quiet("Live: share satisfied (CSAT), ease and NPS in the period and filters above; ▲ ▼ where the interval lies clear of the target.")
    journey_editor.show(view, journey, rows, number)
    kept.registers(view, "journeys-map", "journey")


def head(view: View, found: dict[int, Journey]) -> int:
    """Which journey, how many steps a row, a new one, the next edition."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = int(choose("Journey", list(found.values()), "journey", journeys.called, width=430).id)
        st.segmented_control("Steps in a row", list(ROWS), format_func=ROWS.__getitem__, default=8, key="jrow", bind="query-params", required=True, help="Two fit on a phone")
        with st.popover("New journey", icon=":material/add:", key=f"journeys-map-fresh-{len(found)}"):
            begin(view, "journeys-map-new")
        again = st.button("Next edition", icon=":material/content_copy:", key="journeys-map-edition", help="A copy to change, while this one stays as it was agreed")
        if again and saved(lambda: bool(journeys.edition(found[chosen], actor(view))), "Copied into the next edition"):
            st.rerun()
    return chosen


def begin(view: View, key: str) -> None:
    """A new journey from a template."""
    form = Fields()
    with st.form(key, border=False):
        name = form("name").text_input("Name", placeholder="From first order to the second", key=f"{key}-name")
        template = st.radio("Begin with", [*TEMPLATES, "Empty map"], key=f"{key}-template", horizontal=True)
        if st.form_submit_button("Begin", type="primary"):
            fresh = saved(lambda: journeys.begin(name, template if template in TEMPLATES else "", actor(view)), "Journey begun", form)
            if fresh:
                made("journey", fresh)
                st.rerun()


def sentence(steps: list[journey_map.Step]) -> str:
    """The one thing the map says: the widest gap, and whether the numbers agree."""
    if not any(s.feeling is not None for s in steps):
        return f"{len(steps)} steps; how they feel today is not written down yet: choose a step and say it"
    gaps = [(s.wanted - s.feeling, -i) for i, s in enumerate(steps) if s.feeling is not None and s.wanted is not None]
    if not gaps or max(gaps)[0] <= 0:
        return f"{len(steps)} steps; no step is felt to be worse than it should be"
    _gap, at = max(gaps)
    worst = steps[-at]
    low = [m for m in worst.marks if m.tone == "bad"]
    proof = f", and the data agree: {low[0].name} {low[0].value}" if low else ""
    return f"{worst.name} falls furthest short: felt {worst.feeling}, wanted {worst.wanted}{proof}"


def _note(view: View, journey: Journey) -> str:
    persona = lookup.labels("persona").get(journey.persona_id or 0)
    who = " · ".join(part for part in (persona and f"Persona {persona}", journey.segment and f"Segment {journey.segment}", journey.device) if part)
    return " · ".join(part for part in (who, journey.goal and f"Goal: {journey.goal}", f"Live numbers: {view.period.text}") if part)


def _marks(view: View, journey: Journey) -> dict[str, tuple[journey_map.Mark, ...]]:
    filters: Any = view.filters
    if journey.segment and "segment" not in dict(filters.only):
        filters = filters.narrowed("segment", journey.segment)
    scores, seen = touchpoints.scores(view, filters), touchpoints.seen(view.now, filters)
    aims = {key: scorecard.aimed(key, filters, view.last) for of in scores.values() for key in of}
    return {name: touchpoints.marks(scores.get(name, {}), seen.get(name, {}), aims) for name in {*scores, *seen}}


def _step(rows: list[JourneyStep]) -> int | None:
    """The number of the step chosen for editing, from 0."""
    place = {row.id: i for i, row in enumerate(rows)}
    one = choose("Edit step", rows, "jstep", lambda row: f"{place[row.id] + 1}. {row.name}", width=330, index=None, placeholder="Choose a step to edit it")
    return None if one is None else place[one.id]
