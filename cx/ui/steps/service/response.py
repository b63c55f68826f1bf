"""Service levels: what was promised, kept and broken, and the queue that runs out, counted in opening hours."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import kpi
from cx.blueprint.kpi import Kpi
from cx.records import promises as levels
from cx.records.lookup import records
from cx.records.promises import Promises
from cx.ui import format as words
from cx.ui import promises, readings
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet
from cx.ui.weekly import where_broken

ENDS = {"response": "First reply", "resolution": "Solution"}
BY = {"priority": "Priority", "channel": "Channel", "team": "Team", "category": "Reason", "segment": "Segment", "agent": "Agent"}


def show(view: View) -> None:
    """Draw the step."""
    kept = levels.promises()
    if not view.now.rows("tickets"):
        quiet("Service levels are judged on tickets; there are none yet. Upload an export of your help desk on the Data page; the promises can be written down already.")
        registers(view, "service-response", "sla_policy", "business_hours", "escalation_rule")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        end = st.segmented_control("Promise", ENDS, format_func=ENDS.__getitem__, default="response", key="promise", bind="query-params", required=True, label_visibility="collapsed") or "response"
        column = st.selectbox("Break down by", BY, format_func=lambda c: f"by {BY[c].lower()}", key="service-response-by", label_visibility="collapsed", width=150)
    if not kept.own:
        quiet("No service level is written down yet, so a usual one is taken, round the clock: first reply within 1 h (urgent), 4 h (high), 8 h (normal), 24 h (low). Add your own below.")
    if not kept.promised(end):
        quiet(f"No service level in force promises a time for the {ENDS[end].lower()}: add minutes to one below.")
    else:
        queue(view, kept, end)
        attained(view, kept, end, column)
        where_broken(view, kept, end)
    registers(view, "service-response", "sla_policy", "business_hours", "escalation_rule")


def attained(view: View, kept: Promises, end: str, column: str) -> None:
    """The share kept over time and by group."""
    row = kpi("sla_response" if end == "response" else "sla_resolution")
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        readings.trend(view, row, moved(view, row, kept), "service-response-trend", options=kept.options(), target=kept.goal)
    with right.container(border=True, height="stretch"):
        readings.compare_groups(view, row, column, "service-response-dots", options=kept.options(), target=kept.goal)


def moved(view: View, row: Kpi, kept: Promises) -> str:
    """What happened to the share of promises kept."""
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now, options=kept.options())[0]
    value: Estimate = reading.estimate
    if value.value is None:
        return f"{row.title}: {value.warning}"
    text = f"{words.value(value.value, '%')} of promises kept"
    if reading.change is not None and reading.before is not None and reading.change.value is not None:
        text += f", {'up' if reading.change.value > 0 else 'down'} from {words.value(reading.before.value, '%')}" if reading.change.significant else ", no significant change"
    return text


def queue(view: View, kept: Promises, end: str) -> None:
    """The tickets that run out, counting down while the data is live."""
    _at, live = promises.moment(view)
    with st.container(border=True):
        if live:
            st.fragment(run_every=timedelta(seconds=60))(_queue)(view, kept, end)
        else:
            _queue(view, kept, end)


def _queue(view: View, kept: Promises, end: str) -> None:
    at, live = promises.moment(view)
    found = promises.queue(view, kept, end, at)
    risk = [row for row in found if row["at_risk"]]
    late, tickets = len(found) - len(risk), "open ticket"
    first = f"; the next runs out in {left(risk[0]['minutes_left'])}" if risk else ""
    st.markdown(f"**{escape(f'At risk: {words.plural(len(risk), tickets)}; overdue: {late}' + first)}**")
    clock = "minutes left are of opening hours" if any(p.hours for p in kept.policy) else "round the clock"
    quiet(f"As of {words.moment(at)} UTC, {'and counting down every minute' if live else 'the end of the data'}; {clock}. At risk: three quarters of the time are gone.")
    if not found:
        return
    rules = [rule for rule in records("escalation_rule") if rule.active]
    rows = []
    for row in found:
        number = kept.numbers[row["promise"]] if row["promise"] < len(kept.numbers) else None
        due = [r for r in rules if r.percent <= (row["used"] or 0) and r.policy_id in (None, number)]
        tell = max(due, key=lambda r: (r.percent, r.level)) if due else None
        rows.append({
            "left": left(row["minutes_left"]), "used, %": round(row["used"] or 0), "due, UTC": row["due_at"].replace(tzinfo=None), "ticket": row["ticket_id"], "subject": row["subject"], "priority": row["priority"],
            "channel": row["channel"], "team": row["team"], "agent": row["agent"], "customer": row["customer_id"], "segment": row["segment"],
            "tell now": f"{tell.tell} (level {tell.level})" if tell else None, "what to do": tell.steps if tell else None,
        })  # fmt: skip
    shown = st.segmented_control("Which", ["risk", "late"], format_func={"risk": f"At risk ({len(risk)})", "late": f"Overdue ({late})"}.__getitem__, default="risk" if risk else "late", key="service-response-which", label_visibility="collapsed", required=True)
    chosen = [r for r, row in zip(rows, found, strict=True) if row["at_risk"] == (shown == "risk")]
    if chosen:
        picked = {name: [r[name] for r in chosen] for name in chosen[0] if any(r[name] is not None for r in chosen)}
        table(picked, f"service-response-queue-{shown}", height="auto" if len(chosen) < 8 else 300, alt="Open tickets by the time left, the most urgent first")  # type: ignore[arg-type]
    else:
        quiet("None.")


def left(minutes: float) -> str:
    """Minutes as a person counts them down: 45 min, 3 h 10 min; behind: 2 h over."""
    text = words.duration(abs(minutes) * 60)
    return text if minutes >= 0 else f"{text} over"
