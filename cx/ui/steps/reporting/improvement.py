"""Report review: the KPI dictionary, which reports are opened, what readers say of them, and KPIs without fresh data."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.errors import MeasureError
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, data_quality, readings, report_log
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

KEY = "reporting-improvement"


def show(view: View) -> None:
    """Draw the step."""
    said, seen = records("report_feedback"), report_log.openings()
    aged = data_quality.ages(view)
    keys = list(KPIS)
    fed = {k: [n for n in KPIS[k].measure.needs if n in aged] for k in keys}
    empty = {k for k in keys if any(not view.now.rows(n) for n in fed[k])}
    stale = {k for k in keys if k not in empty and any((aged[n][0] or 0) > aged[n][1] for n in fed[k])}
    rated = [f.useful for f in said if f.useful]
    new = [f for f in said if f.status == "new"]
    bench.headline(f"{len(stale)} KPIs rest on stale data and {len(empty)} on none; {words.plural(len(new), 'piece')} of feedback unanswered")
    bench.tiles(f"{KEY}-tiles", [("KPIs", str(len(keys)), f"{sum(KPIS[k].target is not None for k in keys)} with a target"), ("Stale", str(len(stale)), "their data is older than it should be"), ("Without data", str(len(empty)), "nothing was imported"),
                                 ("Reports taken", str(len(seen)), f"by {len({o.actor for o in seen})} people"), ("Usefulness", f"{sum(rated) / len(rated):.1f} of 5" if rated else words.MISSING, f"n {len(rated)}")])  # fmt: skip
    dictionary(view, keys, stale, empty)
    left, right = st.columns(2, gap="medium")
    with left:
        usage(seen)
    with right:
        voices(view, said)
    registers(view, KEY, "report_feedback")


def dictionary(view: View, keys: list[str], stale: set[str], empty: set[str]) -> None:
    """Every KPI with its question; the chosen one with definition, caveats and present value."""
    asked = st.text_input("Search", key=f"{KEY}-search", placeholder="Search the KPI dictionary", label_visibility="collapsed").strip().lower()
    found = [k for k in keys if not asked or asked in f"{k} {KPIS[k].title} {KPIS[k].question} {KPIS[k].text}".lower()]
    picked = table({"KPI": [KPIS[k].title for k in found], "question": [KPIS[k].question for k in found], "group": [GROUPS[KPIS[k].group].title if KPIS[k].group in GROUPS else KPIS[k].group for k in found], "unit": [KPIS[k].unit for k in found],
                    "target": [readings.aimed(view, k).target for k in found], "data": ["none" if k in empty else "stale" if k in stale else "fresh" for k in found]}, f"{KEY}-dictionary", clicks=True, height=330, alt="KPI dictionary")  # fmt: skip
    if picked is None or picked >= len(found):
        quiet("Choose a KPI to read how it is defined.")
        return
    row = KPIS[found[picked]]
    with st.container(border=True):
        st.markdown(f"**{escape(row.title)}** `{row.key}`")
        try:
            now = scorecard.read(row, view.filters, now=view.now)[0]
            quiet(f"Now {words.estimate(now.estimate)}")
        except MeasureError as refused:
            quiet(str(refused))
        outside(row.text)
        for head, text in (("Beware", row.caveats), ("Source", row.source)):
            if text:
                quiet(f"{head}: {text}")


def usage(seen: list[report_log.Opening]) -> None:
    """Which reports are taken."""
    st.markdown("**Reports that are opened**")
    counted = report_log.counted(seen)
    if not counted:
        quiet("No report has been taken yet. Each PDF, workbook and page handed out is counted here, with its reader.")
        return
    table({"report": [c[0] for c in counted], "times": [c[1] for c in counted], "readers": [c[2] for c in counted], "last": [words.moment(c[3]) for c in counted]}, f"{KEY}-usage", height=200, csv=False)
    scheduled = [s.title for s in records("report_schedule") if s.active and not any(o.title.startswith(s.title) for o in seen)]
    if scheduled:
        quiet(f"Scheduled but never opened here: {', '.join(scheduled[:4])}. Ask whether anybody reads them.")


def voices(view: View, said: list[Any]) -> None:
    """What readers say, and a form to say something."""
    st.markdown(f"**Feedback ({len(said)})**")
    for one in said[:5]:
        stars = f"{one.useful} of 5 · " if one.useful else ""
        outside(one.comment or one.decision or "no comment")
        quiet(f"{stars}{one.subject} · {one.status}" + (f" · led to: {one.decision}" if one.decision and one.comment else ""))
    if not view.member.may("contributor"):
        return
    form = Fields()
    with st.form(f"{KEY}-say", border=True):
        subject = form("subject").text_input("Report or KPI", key=f"{KEY}-subject")
        useful = st.select_slider("Useful", [1, 2, 3, 4, 5], 4, key=f"{KEY}-useful")
        comment = form("comment").text_input("Comment", key=f"{KEY}-comment")
        if st.form_submit_button("Send"):
            today: date = bench.today(view)
            bench.saved(lambda: writing.create("report_feedback", {"subject": subject, "useful": useful, "comment": comment or None, "given_on": today}, bench.actor(view)), "Thank you", form)
