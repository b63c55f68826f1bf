"""Closing the loop: the inbox of low scores, a case from open to contacted to resolved, and whether it won the customer back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from cx.analytics.interval import proportion
from cx.records.lookup import records
from cx.records.writing import create, update
from cx.ui import charts, low_scores
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, tiles
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

STATES = {"open": "Open", "contacted": "Contacted", "resolved": "Resolved", "dropped": "Dropped"}
METRICS = {"": "All scores", "nps": "NPS", "csat": "Satisfaction", "ces": "Effort"}
DUE_DAYS = 2


def show(view: View) -> None:
    """Draw the step."""
    cases = records("follow_up")
    standing(view, cases)
    left, right = st.columns([6, 6], gap="small")
    with left.container(border=True, height="stretch"):
        inbox(view, cases)
    with right.container(border=True, height="stretch"):
        board(view, cases)
    learnt(view, cases)
    registers(view, "service-feedback", "follow_up")


def standing(view: View, cases: list[Any]) -> None:
    """Where the loop stands: rate, cases by state, those overdue, and customers won back."""
    today = (view.last or datetime.now(UTC)).date()
    running = [case for case in cases if case.status in ("open", "contacted")]
    late = [case for case in running if case.due_on and case.due_on < today]
    rate = low_scores.closed_loop(view, cases) if view.now.rows("responses") else None
    after = [row for row in low_scores.next_scores(view, cases) if row["recovered"] is not None] if view.now.rows("responses") else []
    back = sum(row["recovered"] for row in after)
    tiles("service-feedback-tiles", [
        ("Closed loop", words.value(rate.value, "%") if rate else words.MISSING, (f"{words.interval(rate.low, rate.high, '%')} · {words.count(rate.n)} customers, contacted within 7 days" if rate.value is not None else rate.warning) if rate else "no survey answers yet"),
        ("Open", str(sum(c.status == "open" for c in cases)), f"{len(late)} overdue on {words.day(today)}"),
        ("Contacted", str(sum(c.status == "contacted" for c in cases)), "waiting for an outcome"),
        ("Resolved", str(sum(c.status == "resolved" for c in cases)), f"{sum(c.status == 'dropped' for c in cases)} dropped"),
        ("Won back", f"{back} of {len(after)}" if after else words.MISSING, f"next score no longer low: {words.estimate(proportion(back, len(after)))}" if after else "no resolved case has a later score yet"),
    ])  # fmt: skip


def inbox(view: View, cases: list[Any]) -> None:
    """Low answers nobody has taken up; choosing one opens a case."""
    if not view.now.rows("responses"):
        quiet("Low scores come from surveys; there are no answers yet. Upload an export of your survey tool on the Data page. Cases can be written by hand in the register below.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        metric = st.segmented_control("Score", METRICS, format_func=METRICS.__getitem__, default="", key="service-feedback-metric", label_visibility="collapsed") or ""
        comments = st.toggle("With a comment", key="service-feedback-comments")
    waiting, found = low_scores.inbox(view, [case.reference for case in cases if case.reference], metric, comments)
    headline(f"{waiting:,} low scores have no case yet")
    if not found:
        quiet("None in this period.")
        return
    data = {"Answered": [r["answered_at"] for r in found], "Score": [f"{r['score']:g} of {r['scale_max']:g}" for r in found], "Customer": [r["customer_id"] for r in found],
            "Segment": [r["segment"] for r in found], "Touchpoint": [r["touchpoint"] for r in found], "Comment": [r["comment"] for r in found]}  # fmt: skip
    picked = table(data, "service-feedback-inbox", clicks=True, height=300, csv=False, alt="Low scores without a case, the latest first")
    if picked is None:
        quiet("Choose a row to open a case.")
        return
    row = found[picked]
    if row["comment"]:
        outside(row["comment"])
    with st.form("service-feedback-take"):
        a, b, c = st.columns([3, 2, 2], gap="small")
        title = a.text_input("Case", f"{row['touchpoint'] or row['survey'] or 'Low score'}: {row['score']:g} of {row['scale_max']:g}")
        owner = b.text_input("Owner", row["agent"] or "")
        due = c.date_input("Due", (view.last or datetime.now(UTC)).date() + timedelta(days=DUE_DAYS))
        if st.form_submit_button("Open a case", type="primary"):
            values = {"title": title, "reference": row["key"], "customer_id": row["customer_id"], "segment": row["segment"], "touchpoint": row["touchpoint"], "score": row["score"],
                      "comment": row["comment"], "owner": owner or None, "due_on": due}  # fmt: skip
            saved(lambda: create("follow_up", values, actor(view)), "A case is open.")


def board(view: View, cases: list[Any]) -> None:
    """The cases of one state, and the one being worked."""
    counts = {state: sum(case.status == state for case in cases) for state in STATES}
    state = st.segmented_control("State", STATES, format_func=lambda s: f"{STATES[s]} ({counts[s]})", default="open", key="cases", bind="query-params", required=True, label_visibility="collapsed") or "open"
    mine = sorted((case for case in cases if case.status == state), key=lambda case: (case.due_on is None, str(case.due_on), case.id))
    headline(f"{len(mine)} cases {STATES[state].lower()}")
    if not mine:
        quiet("None. Choose a low score on the left to open one." if state == "open" else "None.")
        return
    data = {"Due": [c.due_on for c in mine], "Case": [c.title for c in mine], "Score": [c.score for c in mine], "Customer": [c.customer_id for c in mine], "Owner": [c.owner for c in mine]}
    picked = table(data, f"service-feedback-board-{state}", clicks=True, height=230, csv=False, alt=f"Cases {STATES[state].lower()}")
    if picked is None:
        quiet("Choose a case to work it.")
        return
    work(view, mine[picked])


def work(view: View, case: Any) -> None:
    """One case: what was said, and the next move with what it needs."""
    facts = [case.customer_id, case.segment, case.touchpoint, f"score {case.score:g}" if case.score is not None else "", f"contacted {words.moment(case.contacted_at)}" if case.contacted_at else ""]
    quiet(" · ".join(str(f) for f in facts if f))
    if case.comment:
        outside(case.comment)
    with st.form(f"service-feedback-case-{case.id}"):
        cause = st.text_input("Root cause", case.cause or "", placeholder="Parcel handed over a day late")
        outcome = st.text_input("Outcome", case.outcome or "", placeholder="Refunded delivery, customer stays")
        notes = st.text_area("Notes", case.notes or "", height=70)
        typed = {"cause": cause or None, "outcome": outcome or None, "notes": notes or None}
        with st.container(horizontal=True, gap="small"):
            contacted = st.form_submit_button("Contacted", icon=":material/call:", disabled=case.status != "open")
            resolved = st.form_submit_button("Resolved", type="primary", icon=":material/done_all:", disabled=case.status == "resolved")
            reopened = st.form_submit_button("Open again", disabled=case.status == "open")
            kept = st.form_submit_button("Save")
    moves: tuple[tuple[bool, dict[str, Any], str], ...] = ((contacted, {"status": "contacted", "contacted_at": datetime.now(UTC)}, "Contacted."), (resolved, {"status": "resolved", "resolved_at": datetime.now(UTC), "contacted_at": case.contacted_at or datetime.now(UTC)}, "Resolved."),
             (reopened, {"status": "open", "resolved_at": None}, "Open again."), (kept, {}, "Saved."))  # fmt: skip
    for pressed, change, done in moves:
        if pressed:
            saved(lambda change=change: update("follow_up", int(case.id), {**typed, **change}, case.version, actor(view)), done)  # type: ignore[misc]


def learnt(view: View, cases: list[Any]) -> None:
    """Why customers were let down, and how they scored afterwards."""
    causes: dict[str, int] = {}
    for case in cases:
        if case.cause:
            causes[case.cause.strip()] = causes.get(case.cause.strip(), 0) + 1
    after = low_scores.next_scores(view, cases) if view.now.rows("responses") else []
    if not causes and not after:
        return
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch"):
        ranked = sorted(causes.items(), key=lambda pair: -pair[1])[:8]
        title = f"Most often: {ranked[0][0]}" if ranked else "No root cause is written down yet"
        charts.bars("service-feedback-causes", title, [name for name, _ in ranked], [float(n) for _, n in ranked], alt=escape(title), note="cases by root cause")
    with right.container(border=True, height="stretch"):
        scored = [row for row in after if row["next"] is not None and row["score"] is not None]
        gain = sum(row["next"] - row["score"] for row in scored) / len(scored) if scored else None
        headline(f"After their case customers score {words.change(gain, 'points')} on average (n {len(scored)})" if gain is not None else "No customer with a resolved case has answered again yet")
        if after:
            table({"Customer": [r["customer"] for r in after], "Case": [r["case"] for r in after], "Score then": [r["score"] for r in after], "Next score": [r["next"] for r in after],
                   "Answered": [r["at"] for r in after], "Won back": ["" if r["recovered"] is None else "yes" if r["recovered"] else "no" for r in after]}, "service-feedback-next", height=230)  # fmt: skip
