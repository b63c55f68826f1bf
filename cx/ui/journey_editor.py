"""Editing a journey in place: one step as a form, or all steps as a grid for the keyboard."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx.errors import InputError
from cx.records import lookup, writing
from cx.records.journeys import PHASES, Journey, JourneyStep
from cx.records.registry import register
from cx.ui import chain, filters, journeys
from cx.ui.bench import actor
from cx.ui.fields import Fields
from cx.ui.opened import forget, opened
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.text import escape, quiet

GRID = ("phase", "name", "actions", "touchpoint", "channel", "thoughts", "feeling", "feeling_wanted", "emotion", "pains", "opportunities", "owner")
LONG = ("actions", "thoughts", "pains", "opportunities")


def show(view: View, journey: Journey, rows: list[JourneyStep], number: int | None) -> None:
    """The editor below a map."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        grid = st.toggle("All steps as a grid", key="journeys-map-grid")
        if st.button("Add a step", icon=":material/add:", key="journeys-map-add"):
            after = len(rows) if number is None else number + 1
            if saved(lambda: journeys.insert(int(journey.id or 0), after, actor(view)), "Step added"):
                st.rerun()
    if grid:
        _grid(view, journey, rows)
    elif number is not None:
        _form(view, rows, number)


def _form(view: View, rows: list[JourneyStep], number: int) -> None:
    held = opened("journey_step", rows[number], "journeys-map-step")
    row, key = held.row, held.key
    places, systems, processes = (lookup.labels(name, deleted=False) for name in ("touchpoint", "technology", "process"))
    phases = list(dict.fromkeys([*(r.phase for r in rows if r.phase), *PHASES]))
    channels = list(dict.fromkeys([*filters.values("channel", view.now), *([row.channel] if row.channel else [])]))
    spec = register("journey_step").fields
    chain.of_touchpoint(places.get(row.touchpoint_id or 0))
    out: dict[str, Any] = {}
    form = Fields()
    with st.form(f"{key}-form"):
        a, b, c = st.columns([3, 2, 2])
        out["name"] = form("name", a).text_input(spec["name"].title, row.name, key=f"{key}-name")
        out["phase"] = form("phase", b).selectbox(spec["phase"].title, phases, index=phases.index(row.phase) if row.phase in phases else None, accept_new_options=True, key=f"{key}-phase")
        out["owner"] = form("owner", c).text_input(spec["owner"].title, row.owner or "", key=f"{key}-owner")
        a, b, c, d, e = st.columns([2, 2, 2, 2, 2])
        keys = list(places)
        out["touchpoint_id"] = form("touchpoint_id", a).selectbox("Touchpoint", keys, format_func=lambda k: places.get(k, ""), index=keys.index(row.touchpoint_id) if row.touchpoint_id in keys else None, key=f"{key}-touchpoint")
        out["channel"] = form("channel", b).selectbox("Channel", channels, index=channels.index(row.channel) if row.channel in channels else None, accept_new_options=True, key=f"{key}-channel")
        known = list(systems)
        out["technology_id"] = form("technology_id", c).selectbox("System", known, format_func=lambda k: systems.get(k, ""), index=known.index(row.technology_id) if row.technology_id in known else None, key=f"{key}-system")
        out["feeling"] = form("feeling", d).number_input("Feeling today", -5, 5, row.feeling, key=f"{key}-feeling", help=spec["feeling"].description)
        out["feeling_wanted"] = form("feeling_wanted", e).number_input("Feeling we want", -5, 5, row.feeling_wanted, key=f"{key}-wanted", help=spec["feeling_wanted"].description)
        for side, name in zip(st.columns(4), LONG, strict=True):
            out[name] = form(name, side).text_area(spec[name].title, getattr(row, name) or "", height=96, key=f"{key}-{name}", help="One to a line" if name in ("pains", "opportunities") else None)
        a, b, c, d = st.columns(4)
        known = list(processes)
        out["process_id"] = form("process_id", d).selectbox("Process behind it", known, format_func=lambda k: processes.get(k, ""), index=known.index(row.process_id) if row.process_id in known else None, key=f"{key}-process", placeholder="", help=spec["process_id"].description)
        for side, name in ((a, "emotion"), (b, "decision"), (c, "branch")):
            out[name] = form(name, side).text_input(spec[name].title, getattr(row, name) or "", key=f"{key}-{name}", help=spec[name].description)
        lanes = form("notes").text_area("Further lanes", journeys.lanes_written(row.notes), height=68, key=f"{key}-lanes", help="One to a line: the name of the lane, a colon, what stands in it, such as Cost: 4 euros a call")
        sent = st.form_submit_button("Save the step", type="primary", icon=":material/save:")
    if sent:
        try:
            out["notes"] = journeys.lanes_read(lanes) or None
        except InputError as wrong:
            text = str(wrong)
            form.refuse({"notes": text[:1].upper() + text[1:]})
            return
        values = {name: None if value == "" else value for name, value in out.items()}
        held.save(values, actor(view), "Step saved", form)
    _moves(view, rows, number)


def _moves(view: View, rows: list[JourneyStep], number: int) -> None:
    row = rows[number]
    with st.container(horizontal=True, gap="small"):
        for words, icon, to in (("Earlier", "arrow_back", number - 1), ("Later", "arrow_forward", number + 1)):
            off = not 0 <= to < len(rows)
            if st.button(words, icon=f":material/{icon}:", key=f"journeys-map-{words}-{row.id}", disabled=off):
                order = [int(r.id or 0) for r in rows]
                order[number], order[to] = order[to], order[number]
                saved(lambda order=order: journeys.ordered(row.journey_id, order, actor(view)), "Moved")  # type: ignore[misc]
                forget("journeys-map-step")
                st.rerun()
        if st.button("Remove the step", icon=":material/delete:", key=f"journeys-map-remove-{row.id}") and saved(
            lambda: writing.remove("journey_step", int(row.id or 0), row.version, actor(view)), "Removed; the history of the register brings it back"
        ):
            st.session_state.pop("jstep-chosen", None)
            st.rerun()


def _grid(view: View, journey: Journey, rows: list[JourneyStep]) -> None:
    """All steps in a table that takes the keyboard: arrows, typing, paste from a spreadsheet."""
    places = lookup.labels("touchpoint", deleted=False)
    spec = register("journey_step").fields
    data = [{**{f: getattr(r, f) for f in GRID if f != "touchpoint"}, "touchpoint": places.get(r.touchpoint_id or 0)} for r in rows]
    frame = pd.DataFrame(data, columns=list(GRID)).astype({"feeling": "Int64", "feeling_wanted": "Int64"})
    held = f"journeys-map-held-{journey.id}"
    if held not in st.session_state or st.session_state[held][0] != [r.id for r in rows]:
        st.session_state[held] = ([r.id for r in rows], [r.version for r in rows])
    versions = st.session_state[held][1]
    config = {f: st.column_config.TextColumn(spec[f].title, width="medium" if f in LONG else "small") for f in GRID if f in spec and f not in ("feeling", "feeling_wanted")}
    config["touchpoint"] = st.column_config.SelectboxColumn("Touchpoint", options=list(places.values()))
    config |= {f: st.column_config.NumberColumn(spec[f].title, min_value=-5, max_value=5, step=1) for f in ("feeling", "feeling_wanted")}
    key = f"journeys-map-cells-{journey.id}-{sum(versions)}-{len(rows)}"
    edited = st.data_editor(frame, key=key, column_config=config, hide_index=True, num_rows="fixed", height="content", alt=f"Steps of {journey.name}")
    changed = [i for i in range(len(rows)) if not edited.iloc[i].equals(frame.iloc[i])]
    quiet("Arrow keys move, typing or Enter edits, a block from a spreadsheet can be pasted." if not changed else f"{len(changed)} steps changed, not saved yet.")
    if not changed or not st.button(f"Save {len(changed)} steps", type="primary", key=f"{key}-save"):
        return
    numbers = {name: k for k, name in places.items()}

    def deed() -> bool:
        with writing.unit() as session:
            for i in changed:
                cells = {f: None if pd.isna(v) or v == "" else v for f, v in edited.iloc[i].items()}
                place = cells.pop("touchpoint")
                cells["touchpoint_id"] = numbers.get(str(place)) if place else None
                cells |= {f: None if (felt := cells[f]) is None else int(felt) for f in ("feeling", "feeling_wanted")}
                writing.update("journey_step", int(rows[i].id or 0), {str(k): v for k, v in cells.items()}, versions[i], actor(view), session=session)
        return True

    if saved(deed, "Saved"):
        st.session_state.pop(held, None)
        forget("journeys-map-step")
        st.rerun()
    quiet(escape("Where somebody else saved first, reload the page to see their version."))
