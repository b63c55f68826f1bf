"""The steps of a drawn process in a grid: roles, times and ways onward are edited side by side and saved as one unit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx.records import writing
from cx.records.lookup import records
from cx.records.registry import register
from cx.ui import bench
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.text import escape, quiet

CELLS = ("name", "role", "wait_minutes", "work_minutes", "next_steps", "value_added")
NUMBERS = ("wait_minutes", "work_minutes")


def show(view: View, process: Any, key: str) -> None:
    """Draw the grid. Rows that were changed are saved against the versions first shown: where somebody saved one before, nothing is written."""
    rows = sorted(records("process_step", process_id=process.id), key=lambda r: (r.position, r.id))
    if not rows:
        return
    ids, held = [r.id for r in rows], f"{key}-held-{process.id}"
    if held not in st.session_state or [r.id for r in st.session_state[held]] != ids:
        st.session_state[held] = rows
    first = st.session_state[held]
    overtaken = [r for r, before in zip(rows, first, strict=True) if r.version != before.version]
    if overtaken:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.warning(escape(f"{overtaken[0].updated_by or 'Somebody'} has saved {overtaken[0].name} meanwhile. Below the steps stand as you opened them; nothing was overwritten."), icon=":material/sync_problem:")
            st.button("Show what was saved", key=f"{key}-theirs-{process.id}", on_click=st.session_state.pop, args=(held,))
    spec = register("process_step").fields
    frame = pd.DataFrame([{**{f: getattr(r, f) for f in CELLS}, "next_steps": "; ".join(r.next_steps)} for r in first], columns=list(CELLS))
    frame = frame.astype(dict.fromkeys(NUMBERS, "float64"))
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn("Step", required=True), "role": st.column_config.TextColumn("Role"),
        "wait_minutes": st.column_config.NumberColumn("Wait, min", min_value=0.0, format="%.4g", help=spec["wait_minutes"].description or None),
        "work_minutes": st.column_config.NumberColumn("Work, min", min_value=0.0, format="%.4g", help=spec["work_minutes"].description or None),
        "next_steps": st.column_config.TextColumn("Goes on to", width="medium", help="Empty: the next step. Several with shares: Assess: 18%; Answer"),
        "value_added": st.column_config.CheckboxColumn("Adds value"),
    }  # fmt: skip
    grid = f"{key}-{process.id}-{sum(r.version for r in first)}-{len(first)}"
    edited = st.data_editor(frame, key=grid, column_config=config, hide_index=True, num_rows="fixed", height="content", alt=f"Steps of {process.name}", disabled=not view.member.may("contributor"))
    changed = [i for i in range(len(first)) if not edited.iloc[i].equals(frame.iloc[i])]
    if not changed:
        quiet("Type over a role, a time or what follows: the process is drawn and simulated anew once saved.")
        return
    if not st.button(f"Save {words.plural(len(changed), 'step')}", type="primary", key=f"{grid}-save", icon=":material/play_arrow:"):
        return

    def deed() -> bool:
        with writing.unit() as session:
            for i in changed:
                cells = {str(f): None if pd.isna(v) or v == "" else v for f, v in edited.iloc[i].items()}
                cells["next_steps"] = [part.strip() for part in str(cells["next_steps"] or "").split(";") if part.strip()]
                cells |= {"value_added": bool(cells["value_added"])} | {f: None if (minutes := cells[f]) is None else float(minutes) for f in NUMBERS}
                writing.update("process_step", int(first[i].id), cells, first[i].version, bench.actor(view), session=session)
        return True

    if saved(deed, "Saved"):
        st.session_state.pop(held, None)
        st.rerun()


def another(view: View, process: Any, key: str) -> None:
    """A line in which one more step is drawn, at a place among those that stand."""
    if not view.member.may("contributor"):
        return
    rows = sorted(records("process_step", process_id=process.id), key=lambda r: (r.position, r.id))
    form = Fields(f"{key}-new-{process.id}")
    turn = form.key
    with st.form(turn, border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = form("name", width=220).text_input("Another step", key=f"{turn}-name")
        role = form("role", width=180).text_input("Role, its lane", key=f"{turn}-role")
        wait = st.number_input("Wait before, min", 0.0, value=None, format="%g", key=f"{turn}-wait", width=130)
        work = st.number_input("Work, min", 0.0, value=None, format="%g", key=f"{turn}-work", width=130)
        after = st.selectbox("After", [0, *(int(r.id) for r in rows)], len(rows), format_func=lambda id: next((r.name for r in rows if r.id == id), "the beginning"), key=f"{turn}-after-{len(rows)}", width=200) if rows else 0
        if st.form_submit_button("Add the step", icon=":material/add:"):
            values = {"name": name.strip(), "role": role.strip() or None, "wait_minutes": wait, "work_minutes": work}
            bench.saved(lambda: add(view, process, rows, values, after), f"{name.strip()} added", form)


def add(view: View, process: Any, rows: list[Any], values: dict[str, Any], after: int) -> Any:
    """Store a step behind the step of number `after` (0: before all) and move on those that follow, as one unit."""
    place = next((i + 1 for i, r in enumerate(rows) if r.id == after), 0)
    with writing.unit() as session:
        for i, r in enumerate(rows):
            position = i + 1 if i < place else i + 2
            if r.position != position:
                writing.update("process_step", int(r.id), {"position": position}, r.version, bench.actor(view), session=session)
        return writing.create("process_step", {"process_id": process.id, "position": place + 1, **values}, bench.actor(view), session=session)
