"""Reports: the scorecard with findings and advice as PDF, workbook or page; a link that reproduces it; schedules."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import streamlit as st

from cx import scorecard
from cx.blueprint.groups import GROUPS
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.findings import Moving
from cx.records.lookup import written
from cx.reports import wording
from cx.reports.page import page
from cx.reports.paper import paper
from cx.reports.report import Report, compose, with_findings
from cx.reports.spark import spark
from cx.reports.workbook import workbook
from cx.ui import bench, findings, report_log, report_schedules
from cx.ui.empty import nothing_yet
from cx.ui.export import XLSX, file_name
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.report_schedules import KEY, SUMMARY
from cx.ui.tables import table
from cx.ui.text import outside, quiet

FORMS = (("PDF", "pdf", "application/pdf", paper, ":material/picture_as_pdf:"), ("Workbook", "xlsx", XLSX, workbook, ":material/table_chart:"), ("Page", "html", "text/html", page, ":material/language:"))

FAILED = "The search for what moved failed, its reason is in the log, and this report is without it"
log = logging.getLogger(__name__)


def show(view: View) -> None:
    """Draw the step."""
    if not any(files for _, files in view.now.files):
        nothing_yet("report")
        report_schedules.show(view)
        registers(view, KEY, "report_schedule")
        return
    names = {SUMMARY: "Summary: the headline of each group", "": "All KPIs of all groups", **{key: row.title for key, row in GROUPS.items()}}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        group = st.selectbox("Content", list(names), format_func=names.__getitem__, key="reportof", bind="query-params", width=260)
        title = st.text_input("Title", "Customer experience scorecard" if group in ("", SUMMARY) else f"{names[group]}: scorecard", key=f"{KEY}-title-{group}")
    made, search = composed(view, title.strip() or "Scorecard", group), findings.moved(view)
    chosen = "" if group == SUMMARY else group
    with st.container(border=True):
        bench.headline(made.summary)
        with st.container(horizontal=True, gap="small"):
            for label, ending, mime, write, icon in FORMS:
                st.download_button(label, data=lambda write=write: write(complete(made, search, chosen)), file_name=file_name(made.title, ending), mime=mime, key=f"{KEY}-{ending}", icon=icon, type="primary" if ending == "pdf" else "secondary",  # type: ignore[misc]
                                   on_click=report_log.opened, args=(view.member.name, made.title, ending))  # fmt: skip
            with st.popover("Share", icon=":material/link:"):
                quiet("Whoever may sign in sees exactly this: period, comparison, filters and step are part of the address.")
                st.code(made.link, language=None)
    if search is None or search.done():
        shown = complete(made, search, chosen)
        preview(shown, *((FAILED,) if FAILED in shown.notes else ()))
    else:
        st.fragment(_waiting, run_every=findings.WAIT)(made, search)
    scorecard_table(made)
    report_schedules.show(view)
    registers(view, KEY, "report_schedule")


def composed(view: View, title: str, group: str) -> Report:
    """The report of what the page shows, but for what moved: that is searched for meanwhile."""
    narrowed = "".join(f" · {column} {', '.join(values)}" for column, values in view.filters.only)
    state = (view.filters, view.compare, view.now, scorecard.kept(), written())
    with st.spinner("Composing the report: every KPI with its course …"):
        return _composed(*state, title, view.period.text + narrowed, view.before.text if view.before else "", group, str(st.context.url or ""))


@lru_cache(maxsize=16)
def _composed(
    filters: Filters, compare: tuple[datetime, datetime] | None, now: Revision, kept: str, records_at: int, title: str, period: str, versus: str, group: str, link: str
) -> Report:  # fmt: skip
    brief = group == SUMMARY
    return compose(filters, compare, now, title=title, period=period, versus=versus, group="" if brief else group, link=link, brief=brief)


def complete(made: Report, search: Future[list[Moving]] | None, group: str) -> Report:
    """The report with what moved, waiting for the search where it still runs; without it, and saying so, where it failed."""
    try:
        return with_findings(made, findings.awaited(search), group)
    except Exception:  # a report without this part is worth more than none
        log.exception("the search for what moved failed")
        return replace(with_findings(made, (), group), notes=(*made.notes, FAILED))


def _waiting(made: Report, search: Future[list[Moving]]) -> None:
    if search.done():
        st.rerun()  # once, so that the page stops asking
    preview(with_findings(made, ()), none="Testing every KPI in every place and pair of places; this takes some seconds. A file taken now waits for it.")


def preview(made: Report, none: str = "Nothing moved beyond what chance explains.") -> None:
    """What moved and what to do, as they will read; `none` stands where nothing moved."""
    left, right = st.columns(2, gap="medium")
    for side, name, sentences, otherwise in ((left, "What moved", made.findings, none), (right, "What to do next", made.advice, "Nothing stands out: every judged target is met.")):
        with side.container(border=True, height="stretch"):
            st.markdown(f"**{name}**")
            for sentence in sentences:
                outside(f"• {sentence}")
            if not sentences:
                quiet(otherwise)


def scorecard_table(made: Report) -> None:
    """Every line of the report."""
    rows = [
        {"group": section, "KPI": one.title, "value": wording.against(one.estimate.value, one.target, one.estimate.unit)[0], "interval": wording.interval(one.estimate), "n": one.estimate.n, "change": wording.change(one.change),
         "target": wording.against(one.estimate.value, one.target, one.estimate.unit)[1] or None, "standing": {True: "✓ met", False: "✗ missed", None: ""}[one.met]}
        for section, lines in made.sections for one in lines
    ]  # fmt: skip
    table(rows, f"{KEY}-scorecard", height=420, alt=made.summary)
    drawn = sum(bool(spark(one.trend)) for one in made.lines)
    quiet(f"{len(made.lines)} KPIs, {drawn} of them with their course over twelve months in the files. {' '.join(f'{n}.' for n in made.notes)}")
