"""The cases of the closed loop by state, and the one being worked: from open to contacted to resolved, with root cause and outcome."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.records.lookup import records
from cx.records.writing import create, unit, update
from cx.ui import chain, evidence
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, today
from cx.ui.customer_link import link
from cx.ui.fields import Fields
from cx.ui.opened import forget, opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

STATES = {"open": "Open", "contacted": "Contacted", "resolved": "Resolved", "dropped": "Dropped"}
CHOSEN = "service-feedback-chosen"
CASE = "service-feedback-case"


def show(view: View, cases: list[Any]) -> None:
    """The cases of one state, and the one being worked."""
    _addressed(cases)
    counts = {state: sum(case.status == state for case in cases) for state in STATES}
    state = st.segmented_control("State", STATES, format_func=lambda s: f"{STATES[s]} ({counts[s]})", default="open", key="cases", bind="query-params", required=True, label_visibility="collapsed") or "open"
    mine = sorted((case for case in cases if case.status == state), key=lambda case: (case.due_on is None, str(case.due_on), case.id))
    headline(f"{len(mine)} case{'' if len(mine) == 1 else 's'} {STATES[state].lower()}")
    if mine:
        _listed(state, mine)
    elif state == "open":
        quiet("None. Choose a low score on the left to open one.")
    chosen = next((case for case in cases if case.id == st.session_state.get(CHOSEN)), None)
    if chosen is not None:
        work(view, chosen)
    elif st.session_state.get(CHOSEN) is not None:
        st.warning("The case that was chosen has been removed meanwhile; what was typed for it is not kept. The history of the register brings it back.", icon=":material/sync_problem:")
    elif mine:
        quiet("Choose a case to work it.")


def _addressed(cases: list[Any]) -> None:
    """The case that the address names is worked from its first run on."""
    asked = st.query_params.get("followup", "")
    found = next((case for case in cases if str(case.id) == asked), None)
    if found is not None and st.session_state.get(f"{CHOSEN}-asked") != asked:
        choose(found)
        st.session_state["cases"] = found.status
    st.session_state[f"{CHOSEN}-asked"] = asked


def choose(case: Any) -> None:
    """Have a case worked from now on, such as one that was just opened."""
    st.session_state[CHOSEN] = case.id


def _listed(state: str, mine: list[Any]) -> None:
    """The cases as a table; a click chooses one by its number, so that it stays chosen when it moves on."""
    data = {"Due": [c.due_on for c in mine], "Case": [c.title for c in mine], "Score": [c.score for c in mine], "Customer": [c.customer_id for c in mine], "Owner": [c.owner for c in mine]}
    key = f"service-feedback-board-{state}-{'-'.join(str(c.id) for c in mine)}"
    picked = table(data, key, clicks=True, height=230, csv=False, alt=f"Cases {STATES[state].lower()}")
    if st.session_state.get(f"{CHOSEN}-row") != (key, picked):
        st.session_state[f"{CHOSEN}-row"] = (key, picked)
        if picked is not None:
            st.session_state[CHOSEN] = mine[picked].id


def work(view: View, stored: Any) -> None:
    """One case: what was said, and the next move with what it needs."""
    held = opened("follow_up", stored, CASE)
    case = held.row
    moments = [f"{done} {words.moment(at)}" for done, at in (("contacted", case.contacted_at), ("resolved", case.resolved_at)) if at]
    facts = [case.title, STATES[case.status].lower(), case.customer_id, case.segment, case.touchpoint, f"score {case.score:g}" if case.score is not None else "", *moments]
    quiet(" · ".join(str(f) for f in facts if f))
    link(case.customer_id)
    chain.of_touchpoint(case.touchpoint)
    if case.comment:
        outside(case.comment)
        evidence.offer(view, f"{held.key}-said", {"key": case.reference, "comment": case.comment, "customer_id": case.customer_id, "segment": case.segment, "touchpoint": case.touchpoint})
    form = Fields()
    with st.form(f"{held.key}-form"):
        a, b = st.columns([3, 2], gap="small")
        owner = form("owner", a).text_input("Owner", case.owner or "", key=f"{held.key}-owner")
        due = form("due_on", b).date_input("Due", case.due_on, key=f"{held.key}-due")
        cause = form("cause").text_input("Root cause", case.cause or "", placeholder="Parcel handed over a day late", key=f"{held.key}-cause")
        outcome = form("outcome").text_input("Outcome", case.outcome or "", placeholder="Refunded delivery, customer stays", key=f"{held.key}-outcome")
        notes = form("notes").text_area("Notes", case.notes or "", height=70, key=f"{held.key}-notes")
        typed = {"owner": owner or None, "due_on": due, "cause": cause or None, "outcome": outcome or None, "notes": notes or None}
        with st.container(horizontal=True, gap="small"):
            contacted = st.form_submit_button("Contacted", icon=":material/call:", disabled=case.status != "open")
            resolved = st.form_submit_button("Resolved", type="primary", icon=":material/done_all:", disabled=case.status == "resolved")
            reopened = st.form_submit_button("Open again", disabled=case.status == "open")
            dropped = st.form_submit_button("Drop", disabled=case.status == "dropped", help="Nothing can be done: a test, a wrong number, somebody else's customer. Say why in the notes.")
            kept = st.form_submit_button("Save")
    now = datetime.now(UTC)
    moves: tuple[tuple[bool, dict[str, Any], str], ...] = (
        (contacted, {"status": "contacted", "contacted_at": now}, "Contacted."),
        (resolved, {"status": "resolved", "resolved_at": now, "contacted_at": case.contacted_at or now}, "Resolved."),
        (reopened, {"status": "open", "resolved_at": None}, "Open again."),
        (dropped, {"status": "dropped", "resolved_at": None}, "Dropped."),
        (kept, {}, "Saved."),
    )
    for pressed, change, done in moves:
        if pressed:
            held.save({**typed, **change}, actor(view), done, form)
    _failure(view, case, held.key)


def _failure(view: View, case: Any, key: str) -> None:
    """The corrective case of the failure behind a low score: a way to it, or to raise it."""
    if case.capa_id is not None:
        chain.of_follow_up(case)
        return
    standing = records("capa", status=["raised", "root_cause", "plan"])
    form = Fields()
    with st.popover("The failure behind it", icon=":material/healing:", type="tertiary"):
        quiet("A failure that others will meet too is cured by a corrective case, not by an apology.")
        chosen = st.selectbox("Corrective case", [None, *standing], format_func=lambda c: c.title if c else "Raise a new one", key=f"{key}-capa")
        title = form("title").text_input("What fails", case.cause or case.title, key=f"{key}-capa-title", disabled=chosen is not None)
        projects = {None: "No project yet", **{p.id: p.name for p in records("project") if p.phase not in ("closed", "stopped")}}
        project = st.selectbox("Cured by the project", list(projects), format_func=lambda p: escape(projects[p]), key=f"{key}-capa-project", disabled=chosen is not None)
        number = st.selectbox("Shown by the KPI", [None, *KPIS], format_func=lambda k: KPIS[k].title if k else "None chosen yet", key=f"{key}-capa-kpi", disabled=chosen is not None)
        if st.button("Link it" if chosen else "Raise it", key=f"{key}-capa-do", disabled=not actor(view).may("contributor")):
            mine = actor(view)
            values = {"title": title.strip() or case.title, "source": "complaint", "reference": case.reference, "problem": case.comment, "raised_on": today(view), "project_id": project, "kpi": number}

            def both() -> None:
                with unit() as session:
                    raised = chosen or create("capa", values, mine, session=session)
                    update("follow_up", case.id, {"capa_id": raised.id}, case.version, mine, session=session)
                forget(CASE)

            saved(both, "Linked to its corrective case", form)
