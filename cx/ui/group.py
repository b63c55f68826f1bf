"""The page of a process group: its KPI wall and its seven steps, of which only the chosen one is computed."""

from __future__ import annotations

import importlib
import importlib.util

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from cx.blueprint.groups import GROUPS
from cx.blueprint.process import ProcessGroup, SubProcess
from cx.facts.datasets import DATASETS
from cx.ui import beside, cards, kpi_panel, readings
from cx.ui.empty import no_numbers
from cx.ui.page import View, page
from cx.ui.text import escape, quiet

TILES = 7
ADDRESS = "step-address"  # the group and step that the address named last, and the script that ran


def show(view: View) -> None:
    """Draw the page."""
    group = GROUPS[view.place.key]
    addressed(group)
    quiet(group.purpose)
    if not any(view.now.rows(name) for name in group.datasets):
        no_numbers()
        steps(view, group)
        return
    clicked = cards.wall(readings.cards(view, group.kpis[:TILES]), f"{group.key}-wall")
    kpi_panel.behind(view, group.key, clicked)
    steps(view, group)


def addressed(group: ProcessGroup) -> None:
    """Take the step from the address, where it stands by its key or title, whenever a link and not the switch put it there."""
    names = {step.key: step.title for step in group.steps}
    asked, (place, written, script) = st.query_params.get("step", ""), st.session_state.get(ADDRESS, (group.key, "", ""))
    if st.session_state.get("step") in names and place == group.key and asked in ("", written):
        if script != _script():  # `streamlit run` runs the first page without the app around it; after that every widget is another one
            st.session_state["step"] = st.session_state["step"]
        return
    st.session_state["step"] = next((key for key, title in names.items() if asked in (key, title)), group.steps[0].key)


def _script() -> str:
    return ThreadState.get().active_script_hash


def steps(view: View, group: ProcessGroup) -> None:
    """The switch between the seven steps, and the one chosen; the others cost nothing.

    The switch is not bound to the address: a link from one group to another would name its step beside the one that is
    bound, and Streamlit would drop both.
    """
    keys = [step.key for step in group.steps]
    names = {step.key: step.title for step in group.steps}
    chosen = st.segmented_control("Step", keys, format_func=names.__getitem__, key="step", label_visibility="collapsed", required=True)
    step = group.step(chosen or keys[0]) or group.steps[0]
    if st.query_params.get("step") != step.title:
        st.query_params["step"] = step.title
    st.session_state[ADDRESS] = (group.key, step.title, _script())
    workbench(view, group, step)


def workbench(view: View, group: ProcessGroup, step: SubProcess) -> None:
    """Draw one step: its workbench where it stands, else what there is to work with."""
    st.header(escape(step.title), anchor=False)
    quiet(step.user_can)
    name = f"cx.ui.steps.{group.key}.{step.key}"
    if importlib.util.find_spec(f"cx.ui.steps.{group.key}") and importlib.util.find_spec(name):
        importlib.import_module(name).show(view)
    else:
        unbuilt(view, step)
    beside.show(view, group, step)


def unbuilt(view: View, step: SubProcess) -> None:
    """Say plainly that a workbench is not there yet, and what there is already."""
    with st.container(border=True):
        st.markdown("**Not built yet**")
        quiet("The workbench of this step is still to come. What it will work on:")
        for name in step.datasets:
            rows = view.now.rows(name)
            quiet(f"{DATASETS[name].title}: {rows:,} rows" if rows else f"{DATASETS[name].title}: nothing yet, upload a file on the Data page")
        st.page_link(page("data"), label="Open Data", icon=":material/upload_file:")
