"""The steps of a drawn process in a grid: roles, times and ways onward are edited side by side and saved as one unit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx.records import writing
from cx.records.lookup import records
from cx.records.registry import register
from cx.ui import bench
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
        quiet("Type over a role, a time or what follows: both versions are simulated anew once saved.")
        return
    if not st.button(f"Save {len(changed)} and simulate", type="primary", key=f"{grid}-save", icon=":material/play_arrow:"):
        return

    def deed() -> bool:
        with writing.unit() as session:
            for i in changed:
                cells = {str(f): None if pd.isna(v) or v == "" else v for f, v in edited.iloc[i].items()}
                cells["next_steps"] = [part.strip() for part in str(cells["next_steps"] or "").split(";") if part.strip()]
                cells |= {"value_added": bool(cells["value_added"])} | {f: None if (minutes := cells[f]) is None else float(minutes) for f in NUMBERS}
                writing.update("process_step", int(first[i].id), cells, first[i].version, bench.actor(view), session=session)
        return True

    if saved(deed, "Saved and simulated"):
        st.session_state.pop(held, None)
        st.rerun()
