"""Reports on schedule: what goes to whom and when next, sending one now, what went out."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, count
from typing import Any

import streamlit as st

from cx.errors import StaleError
from cx.records.actor import Actor
from cx.records.lookup import records
from cx.records.writing import create
from cx.reports import dispatch
from cx.reports.post import MISSING, PostError, office
from cx.reports.schedule import due
from cx.ui import bench
from cx.ui import format as words
from cx.ui.bench import actor
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "reporting-reports"
SUMMARY = "summary"
NAME = "Monday scorecard"


def show(view: View) -> None:
    """What goes to whom, and when next; sending one now; what went out."""
    mine = actor(view)
    if mine.may("manager"):
        _new(view, mine)
    rows = [s for s in records("report_schedule") if s.active]
    if rows:
        now = datetime.now(UTC)
        late = [s for s in rows if s in dispatch.due(now)]
        bench.headline(f"{words.plural(len(rows), 'report')} scheduled" + (f", {len(late)} should have gone out" if late else ""))
        table({"report": [s.title for s in rows], "to": [", ".join(s.recipients or []) for s in rows], "file": [s.form.upper() for s in rows], "next": [words.moment(due(s.rhythm, s.weekday, s.hour, now)) for s in rows],
               "last sent": [words.moment(s.last_sent_at) if s.last_sent_at else "never" for s in rows]}, f"{KEY}-due", csv=False)  # fmt: skip
        if not dispatch.ready():
            quiet(MISSING)
        elif mine.may("manager"):
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                one = bench.choose("Report", rows, f"{KEY}-send-which", lambda s: s.title, width=260)
                if st.button("Send now", icon=":material/send:", key=f"{KEY}-send"):
                    bench.saved(lambda: _sent(one, mine), "Report sent")
    log = dispatch.deliveries(50)
    if log:
        bench.headline(f"Last sent: {log[0].title}, {words.moment(log[0].at)}" if log[0].sent else f"{log[0].title} could not be sent")
        table({"when": [words.moment(d.at) for d in log], "report": [d.title for d in log], "to": [", ".join(d.to) for d in log], "file": [d.file for d in log], "by": [d.actor for d in log],
               "outcome": ["sent" + (f", refused: {', '.join(d.refused)}" if d.refused else "") if d.sent else d.reason for d in log]}, f"{KEY}-sent")  # fmt: skip


def _sent(schedule: Any, by: Actor) -> None:
    done = dispatch.send(schedule, office(), by)
    if done is None:
        raise StaleError("Somebody else is sending this report, or changed its schedule; look at it again.")
    if not done.sent:
        raise PostError(done.reason)


def _new(view: View, by: Actor) -> None:
    with st.popover("Schedule what is shown", icon=":material/schedule_send:", key=f"{KEY}-new"):
        taken = {s.title.casefold() for s in records("report_schedule")}
        free = next(name for name in chain([NAME], (f"{NAME} {n}" for n in count(2))) if name.casefold() not in taken)
        fields = Fields()
        title = fields("title").text_input("Report", free, key=f"{KEY}-new-title")
        rhythm = st.segmented_control("Rhythm", ["daily", "weekly", "monthly", "quarterly"], default="weekly", key=f"{KEY}-new-rhythm", required=True)
        form = st.segmented_control("File", list(dispatch.FORMS), default="pdf", key=f"{KEY}-new-form", required=True, format_func=str.upper)
        to = fields("recipients").text_area("Recipients, an address a line", key=f"{KEY}-new-to")
        quiet("Its period moves on with the data; comparison and filters stay as they are now.")
        if st.button("Schedule", key=f"{KEY}-new-save", type="primary"):
            kept = {"period": st.session_state.get("period"), "compare": st.session_state.get("compare"), **{c: list(v) for c, v in view.filters.only}, "saved": [name for name, _ in view.filters.saved]}
            of = st.session_state.get("reportof") or None
            values = {"title": title, "group": None if of == SUMMARY else of, "content": "summary" if of == SUMMARY else "scorecard", "form": form, "rhythm": rhythm, "recipients": bench.listed(to), "view": kept, "owner": view.member.name}
            bench.saved(lambda: create("report_schedule", values, by), "Scheduled", fields)
