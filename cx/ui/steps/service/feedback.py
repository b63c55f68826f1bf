"""Closing the loop: the inbox of low scores, a case from open to contacted to resolved, and whether it won the customer back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.interval import proportion
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import case_board, charts, evidence, low_scores, themes
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, tiles
from cx.ui.customer_link import link
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

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
        case_board.show(view, cases)
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
    settled = scorecard.read("closed_loop", view.filters, now=view.now)[0].estimate
    tiles("service-feedback-tiles", [
        ("Called back", words.value(rate.value, "%") if rate else words.MISSING, (f"{words.interval(rate.low, rate.high, '%')} · {words.count(rate.n)} customers with a low score, contacted within 7 days" if rate.value is not None else rate.warning) if rate else "no survey answers yet"),
        ("Loop closed", words.value(settled.value, "%"), f"{words.interval(settled.low, settled.high, '%')} · {words.plural(settled.n, 'case')} of the period, settled" if settled.value is not None else settled.warning),
        ("Open", str(sum(c.status == "open" for c in cases)), f"{len(late)} open or contacted overdue on {words.day(today)}"),
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
    data = {"Answered": [r["answered_at"] for r in found], "Score": [f"{r['score']:g} of {r['scale_max']:g}" for r in found], "Touchpoint": [r["touchpoint"] for r in found],
            "Comment": [r["comment"] for r in found], "Customer": [r["customer_id"] for r in found], "Segment": [r["segment"] for r in found]}  # fmt: skip
    picked = table(data, f"service-feedback-inbox-{len(cases)}", clicks=True, height=300, csv=False, alt="Low scores without a case, the latest first")
    if picked is None:
        quiet("Choose a row to open a case.")
        return
    row = found[picked]
    link(row["customer_id"])
    if row["comment"]:
        outside(row["comment"])
        evidence.offer(view, f"service-feedback-inbox-{row['key']}", row)
    form = Fields()
    with st.form(f"service-feedback-take-{row['key']}"):
        a, b, c = st.columns([3, 2, 2], gap="small")
        title = form("title", a).text_input("Case", f"{row['touchpoint'] or row['survey'] or 'Low score'}: {row['score']:g} of {row['scale_max']:g}")
        owner = form("owner", b).text_input("Owner", row["agent"] or "")
        due = form("due_on", c).date_input("Due", (view.last or datetime.now(UTC)).date() + timedelta(days=DUE_DAYS), min_value=(view.last or datetime.now(UTC)).date())
        if st.form_submit_button("Open a case", type="primary"):
            values = {"title": title, "reference": row["key"], "customer_id": row["customer_id"], "segment": row["segment"], "touchpoint": row["touchpoint"], "score": row["score"],
                      "comment": row["comment"], "owner": owner or None, "due_on": due}  # fmt: skip
            saved(lambda: case_board.choose(create("follow_up", values, actor(view))), "A case is open.", form)


def learnt(view: View, cases: list[Any]) -> None:
    """What low scores are about, why customers were let down, and how they scored afterwards."""
    causes: dict[str, int] = {}
    for case in cases:
        if case.cause:
            causes[case.cause.strip()] = causes.get(case.cause.strip(), 0) + 1
    after = low_scores.next_scores(view, cases) if view.now.rows("responses") else []
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch"):
        if view.now.rows("responses"):
            themes.show(view, "service-feedback-themes", {}, low=True)
        else:
            quiet("Themes come from the comments of low scores; there are no answers yet.")
    with right.container(border=True, height="stretch"):
        ranked = sorted(causes.items(), key=lambda pair: -pair[1])[:8]
        title = f"Most often: {ranked[0][0]}" if ranked else "No root cause is written down yet"
        if ranked:
            charts.bars("service-feedback-causes", title, [name for name, _ in ranked], [float(n) for _, n in ranked], alt=escape(title), note="cases by root cause")
        else:
            headline(title)
            quiet("Each case asks for it before it is resolved.")
    with st.container(border=True):
        scored = [row for row in after if row["next"] is not None and row["score"] is not None]
        gain = sum(row["next"] - row["score"] for row in scored) / len(scored) if scored else None
        headline(f"After their case customers score {words.change(gain, 'points')} on average (n {len(scored)})" if gain is not None else "No customer with a resolved case has answered again yet")
        if after:
            table({"Customer": [r["customer"] for r in after], "Case": [r["case"] for r in after], "Score then": [r["score"] for r in after], "Next score": [r["next"] for r in after],
                   "Answered": [r["at"] and r["at"].date() for r in after], "Won back": ["" if r["recovered"] is None else "yes" if r["recovered"] else "no" for r in after]}, "service-feedback-next", height=230)  # fmt: skip
