"""Reports: the scorecard with findings and advice as PDF, workbook or page; a link that reproduces it; schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx.blueprint.groups import GROUPS
from cx.errors import StaleError
from cx.records.actor import Actor
from cx.records.lookup import records
from cx.records.writing import create
from cx.reports import dispatch, wording
from cx.reports.page import page
from cx.reports.paper import paper
from cx.reports.post import MISSING, PostError, office
from cx.reports.report import Report, compose
from cx.reports.schedule import due
from cx.reports.spark import spark
from cx.reports.workbook import workbook
from cx.ui import bench, findings, report_log
from cx.ui import format as words
from cx.ui.bench import actor
from cx.ui.empty import nothing_yet
from cx.ui.export import XLSX, file_name
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

KEY = "reporting-reports"
FORMS = (("PDF", "pdf", "application/pdf", paper, ":material/picture_as_pdf:"), ("Workbook", "xlsx", XLSX, workbook, ":material/table_chart:"), ("Page", "html", "text/html", page, ":material/language:"))


def show(view: View) -> None:
    """Draw the step."""
    if not any(files for _, files in view.now.files):
        nothing_yet("report")
        schedules(view)
        registers(view, KEY, "report_schedule")
        return
    names = {"": "All groups", **{key: row.title for key, row in GROUPS.items()}}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        group = st.selectbox("Content", list(names), format_func=names.__getitem__, key="reportof", bind="query-params", width=260)
        title = st.text_input("Title", "Customer experience scorecard" if not group else f"{names[group]}: scorecard", key=f"{KEY}-title-{group}")
    made = composed(view, title.strip() or "Scorecard", group)
    with st.container(border=True):
        bench.headline(made.summary)
        with st.container(horizontal=True, gap="small"):
            for label, ending, mime, write, icon in FORMS:
                st.download_button(label, data=lambda write=write: write(made), file_name=file_name(made.title, ending), mime=mime, key=f"{KEY}-{ending}", icon=icon, type="primary" if ending == "pdf" else "secondary",  # type: ignore[misc]
                                   on_click=report_log.opened, args=(view.member.name, made.title, ending))  # fmt: skip
            with st.popover("Share", icon=":material/link:"):
                quiet("Whoever may sign in sees exactly this: period, comparison, filters and step are part of the address.")
                st.code(made.link, language=None)
    preview(made)
    schedules(view)
    registers(view, KEY, "report_schedule")


def composed(view: View, title: str, group: str) -> Report:
    """The report of what the page shows."""
    narrowed = "".join(f" · {column} {', '.join(values)}" for column, values in view.filters.only)
    return compose(view.filters, view.compare, view.now, title=title, period=view.period.text + narrowed, versus=view.before.text if view.before else "", group=group, link=str(st.context.url or ""), found=findings.awaited(view))


def preview(made: Report) -> None:
    """The report on the screen, as it will read."""
    left, right = st.columns(2, gap="medium")
    for side, name, sentences, none in ((left, "What moved", made.findings, "Nothing moved beyond what chance explains."), (right, "What to do next", made.advice, "Nothing stands out: every judged target is met.")):
        with side.container(border=True, height="stretch"):
            st.markdown(f"**{name}**")
            for sentence in sentences:
                outside(f"• {sentence}")
            if not sentences:
                quiet(none)
    rows = [
        {"group": section, "KPI": one.title, "value": wording.value(one.estimate.value, one.estimate.unit), "interval": wording.interval(one.estimate), "n": one.estimate.n, "change": wording.change(one.change),
         "target": wording.value(one.target, one.estimate.unit) if one.target is not None else None, "standing": {True: "✓ met", False: "✗ missed", None: ""}[one.met]}
        for section, lines in made.sections for one in lines
    ]  # fmt: skip
    table(rows, f"{KEY}-scorecard", height=420, alt=made.summary)
    drawn = sum(bool(spark(one.trend)) for one in made.lines)
    quiet(f"{len(made.lines)} KPIs, {drawn} of them with their course over twelve months in the files. {' '.join(f'{n}.' for n in made.notes)}")


def schedules(view: View) -> None:
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
        title = st.text_input("Report", "Monday scorecard", key=f"{KEY}-new-title")
        rhythm = st.segmented_control("Rhythm", ["daily", "weekly", "monthly", "quarterly"], default="weekly", key=f"{KEY}-new-rhythm", required=True)
        form = st.segmented_control("File", list(dispatch.FORMS), default="pdf", key=f"{KEY}-new-form", required=True, format_func=str.upper)
        to = st.text_area("Recipients, an address a line", key=f"{KEY}-new-to")
        quiet("Its period moves on with the data; comparison and filters stay as they are now.")
        if st.button("Schedule", key=f"{KEY}-new-save", type="primary"):
            kept = {"period": st.session_state.get("period"), "compare": st.session_state.get("compare"), **{c: list(v) for c, v in view.filters.only}, "saved": [name for name, _ in view.filters.saved]}
            values = {"title": title, "group": st.session_state.get("reportof") or None, "form": form, "rhythm": rhythm, "recipients": bench.listed(to), "view": kept, "owner": view.member.name}
            bench.saved(lambda: create("report_schedule", values, by), "Scheduled")
