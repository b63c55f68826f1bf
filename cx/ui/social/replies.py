"""Answers to public mentions: who answers until when, what was said, open, answered, closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.records.lookup import records
from cx.records.writing import update
from cx.ui import customer_link, readings
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, today
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

STATES = {"open": "Open", "contacted": "Answered", "resolved": "Closed", "dropped": "Dropped"}


def show(view: View) -> None:
    """Draw the part."""
    cases = records("follow_up", source="mention")
    left, right = st.columns([7, 5], gap="small")
    with left.container(border=True, height="stretch"):
        picked = board(view, cases)
    with right.container(border=True, height="stretch"):
        if picked is None:
            pace(view)
        else:
            work(view, picked)


def board(view: View, cases: list[Any]) -> Any:
    """The replies of one state; returns the one chosen."""
    counts = {state: sum(case.status == state for case in cases) for state in STATES}
    state = st.segmented_control("State", STATES, format_func=lambda s: f"{STATES[s]} ({counts[s]})", default="open", key="replies", bind="query-params", required=True, label_visibility="collapsed") or "open"
    mine = sorted((case for case in cases if case.status == state), key=lambda case: (case.due_on is None, str(case.due_on), case.id))
    late = sum(case.status == "open" and case.due_on is not None and case.due_on < today(view) for case in cases)
    headline(f"{counts['open']} replies open, {late} of them overdue" if cases else "Nobody has been asked to answer a mention yet")
    if not mine:
        quiet("Find a mention under Mentions and assign an answer." if state == "open" else "None.")
        return None
    data = {"Due": [c.due_on for c in mine], "Case": [c.title for c in mine], "Owner": [c.owner for c in mine], "What was said": [c.comment for c in mine], "Answer": [c.outcome for c in mine]}
    picked = table(data, f"social-replies-{state}", clicks=True, height=330 if len(mine) > 8 else None, alt=f"Replies {STATES[state].lower()}")
    if picked is None:
        quiet("Choose a reply to work it.")
    return mine[picked] if picked is not None else None


def pace(view: View) -> None:
    """Whether more is answered than before, by sentiment."""
    reading = scorecard.read("mention_response", view.filters, compare=view.compare, now=view.now)[0]
    took = scorecard.read("mention_reply_time", view.filters, now=view.now)[0].estimate
    headline(f"{words.value(reading.estimate.value, '%')} of mentions were replied to, half of them within {words.value(took.value, took.unit)}" if reading.estimate.value is not None and took.value is not None else "No mention was replied to in this period")
    readings.compare_groups(view, kpi("mention_response"), "source", "social-replied-by")


def work(view: View, case: Any) -> None:
    """One reply: what was said, our answer, and the next move."""
    headline(case.title)
    facts = [case.touchpoint, case.segment, f"{case.score:g} stars" if case.score is not None else "", f"due {words.day(case.due_on)}" if case.due_on else "", f"answered {words.moment(case.contacted_at)}" if case.contacted_at else ""]
    quiet(" · ".join(str(fact) for fact in facts if fact))
    if case.comment:
        outside(case.comment)
    if case.customer_id:
        customer_link.link(case.customer_id)
    if not view.member.may("contributor"):
        return
    form = Fields()
    with st.form(f"social-case-{case.id}"):
        answer = form("outcome").text_area("Our answer", case.outcome or "", height=110, max_chars=600)
        a, b = st.columns(2, gap="small")
        owner = form("owner", a).text_input("Owner", case.owner or "")
        due = form("due_on", b).date_input("Due", case.due_on)
        cause = form("cause").text_input("Root cause", case.cause or "", placeholder="Needed to close it", help="Why it came to this; closed replies count among the causes of let-down customers")
        with st.container(horizontal=True, gap="small"):
            answered = st.form_submit_button("Answered", icon=":material/reply:", type="primary", disabled=case.status != "open")
            closed = st.form_submit_button("Closed", icon=":material/done_all:", disabled=case.status == "resolved")
            reopened = st.form_submit_button("Open again", disabled=case.status == "open")
            kept = st.form_submit_button("Save")
    typed = {"outcome": answer.strip() or None, "owner": owner or None, "due_on": due, "cause": cause or None}
    at = datetime.now(UTC)
    if answered and not typed["outcome"]:
        form.refuse({"outcome": "An answered mention keeps its answer; it is empty; write what was said."})
        return
    moves: tuple[tuple[bool, dict[str, Any], str], ...] = ((answered, {"status": "contacted", "contacted_at": at}, "Answered."), (closed, {"status": "resolved", "resolved_at": at, "contacted_at": case.contacted_at or at}, "Closed."),
             (reopened, {"status": "open", "resolved_at": None}, "Open again."), (kept, {}, "Saved."))  # fmt: skip
    for pressed, change, done in moves:
        if pressed:
            saved(lambda change=change: update("follow_up", int(case.id), {**typed, **change}, case.version, actor(view)), done, form)  # type: ignore[misc]
