"""What stands beside every step: how mature it is, who owns it, when it is reviewed, and the actions filed against it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from cx.blueprint.process import ProcessGroup, SubProcess
from cx.records.actor import Actor
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.text import escape, quiet

LEVELS = ("0 absent", "1 by chance", "2 repeated", "3 defined", "4 measured", "5 leading")


def show(view: View, group: ProcessGroup, step: SubProcess) -> None:
    """Draw the strip below a step: maturity in a popover, open actions in another, the essentials on their labels."""
    actor = Actor(view.member.name, view.member.role)  # type: ignore[arg-type]
    found = sorted(records("maturity", group=group.key, step=step.key), key=lambda a: (a.assessed_on or date.min, a.id))
    mature = found[-1] if found else None
    actions = [a for a in records("action", group=group.key, step=step.key) if a.status in ("open", "in_progress")]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = f"Maturity {mature.level} of 5" if mature else "Maturity not assessed"
        # closed, they hold nothing: two forms on every step would be a fifth of what a page sends
        assessing = st.popover(label, icon=":material/stairs:", type="tertiary", key=f"maturity-{group.key}-{step.key}-open", on_change="rerun")
        if assessing.open:
            with assessing:
                maturity(view, group, step, mature, actor)
        label = f"{len(actions)} open action{'s' if len(actions) != 1 else ''}" if actions else "No open actions"
        acting = st.popover(label, icon=":material/task_alt:", type="tertiary", key=f"actions-{group.key}-{step.key}-open", on_change="rerun")
        if acting.open:
            with acting:
                open_actions(group, step, actions, actor)
        if mature and mature.owner:
            quiet(f"owner {mature.owner}" + (f", next review {words.day(mature.review_on)}" if mature.review_on else ""))


def maturity(view: View, group: ProcessGroup, step: SubProcess, mature: object | None, actor: Actor) -> None:
    """The latest assessment, and a form for the next: one of another day is kept beside it, as history."""
    today = (view.last - timedelta(days=1)).date() if view.last else date.today()
    key = f"maturity-{group.key}-{step.key}"
    held = opened("maturity", mature, key) if mature is not None else None
    key, stands = (held.key, held.row) if held else (key, None)
    form = Fields()
    with st.form(f"{key}-form", border=False):
        level = st.select_slider("Level", range(6), value=getattr(stands, "level", 0), format_func=LEVELS.__getitem__, key=f"{key}-level")
        owner = form("owner").text_input("Owner", getattr(stands, "owner", None) or "", key=f"{key}-owner")
        evidence = form("evidence").text_area("Evidence", getattr(stands, "evidence", None) or "", height=80, key=f"{key}-evidence")
        review = form("review_on").date_input("Next review", getattr(stands, "review_on", None), key=f"{key}-review")
        if st.form_submit_button("Save", disabled=not actor.may("contributor")):
            values = {"level": level, "owner": owner or None, "evidence": evidence or None, "review_on": review, "assessed_on": today}
            if held is not None and held.row.assessed_on == today:
                held.save(values, actor, "Assessment saved", form)
            elif saved(lambda: create("maturity", {"group": group.key, "step": step.key, **values}, actor), "Assessment saved", form) is not None:
                st.rerun()


def open_actions(group: ProcessGroup, step: SubProcess, actions: list[object], actor: Actor) -> None:
    """The open actions, and a form to file one."""
    for action in actions[:8]:
        st.markdown(f"**{escape(action.title)}**")  # type: ignore[attr-defined]
        parts = [action.owner or "no owner", f"due {words.day(action.due_on)}" if action.due_on else "no date", action.kpi or ""]  # type: ignore[attr-defined]
        quiet(" · ".join(p for p in parts if p))
    form = Fields(f"action-{group.key}-{step.key}")
    with st.form(form.key, border=False):
        title = form("title").text_input("New action", placeholder="What will be done")
        left, right = st.columns(2)
        owner = form("owner", left).text_input("Owner")
        due = form("due_on", right).date_input("Due", None)
        kpi = st.selectbox("Meant to move", [None, *(step.kpis or group.kpis)], format_func=lambda k: k or "no KPI")
        if st.form_submit_button("File it", disabled=not actor.may("contributor")):
            values = {"title": title, "group": group.key, "step": step.key, "owner": owner or None, "due_on": due, "kpi": kpi, "status": "open"}
            if saved(lambda: create("action", values, actor), "Action filed", form) is not None:
                st.rerun()
