"""Audits: the programme of the year, running an audit by its checklist, findings that are open, documents that are due."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import streamlit as st

from cx.records import writing
from cx.records.lookup import labels, records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

GRADES = ("strength", "conforms", "opportunity", "minor", "major")


def show(view: View) -> None:
    """Draw the workbench."""
    audits, findings, papers = records("audit"), records("audit_finding"), records("procedure")
    now = bench.today(view)
    if not audits and not papers:
        quiet("Plan the first audit below: what is visited, against which procedure, by whom and when.")
        registers(view, "quality-assurance", "audit", "audit_finding", "procedure")
        return
    late_audits = [a for a in audits if a.status == "planned" and a.planned_on and a.planned_on < now]
    opened = [f for f in findings if f.status == "open"]
    late = [f for f in opened if f.due_on and f.due_on < now]
    stale = [p for p in papers if p.status == "in_force" and p.review_on and p.review_on < now]
    parts = [f"{len(late)} of {words.plural(len(opened), 'open finding')} overdue" if late else "", f"{len(late_audits)} planned audit{'s were' if len(late_audits) > 1 else ' was'} not held" if late_audits else "",
             f"{len(stale)} procedure{'s are' if len(stale) > 1 else ' is'} past review" if stale else ""]  # fmt: skip
    bench.headline("; ".join(p for p in parts if p) or f"The programme is on time: {len(audits)} audits, no overdue finding, every document reviewed")
    held = [a for a in audits if a.held_on]
    bench.tiles("quality-assurance-tiles", [
        ("Audits held", f"{len(held)} of {len(audits)}", f"{len(late_audits)} late"), ("Open findings", str(len(opened)), f"{len(late)} overdue"),
        ("Major findings", str(sum(f.grade == "major" for f in findings)), "all audits"), ("Documents due", str(len(stale)), f"of {sum(p.status == 'in_force' for p in papers)} in force"),
    ])  # fmt: skip
    _programme(audits, now)
    left, right = st.columns(2, gap="medium")
    with left:
        _run(view, audits, findings, now)
    with right:
        counts = Counter(f.grade for f in findings)
        if findings:
            tones = {"major": "bad", "strength": "good", "conforms": "good"}
            charts.bars("quality-assurance-grades", f"{counts['major'] + counts['minor']} of {len(findings)} findings are deviations", [g for g in GRADES if counts[g]], [float(counts[g]) for g in GRADES if counts[g]],
                        alt="Findings by grade", tones=[tones.get(g, "") for g in GRADES if counts[g]])  # fmt: skip
        _documents(papers, now)
    registers(view, "quality-assurance", "audit", "audit_finding", "procedure")


def _programme(audits: list[Any], now: date) -> None:
    tasks = []
    for a in sorted((a for a in audits if a.planned_on), key=lambda a: a.planned_on):
        end = a.held_on or a.planned_on
        tasks.append(charts.Task(a.title, min(a.planned_on, end), max(a.planned_on, end) + timedelta(days=4), 1.0 if a.held_on else 0.0, a.status == "planned" and a.planned_on < now, a.auditor or "", "held" if a.held_on else a.status))
    if tasks:
        charts.gantt("quality-assurance-programme", f"Audit programme: {sum(t.done == 1 for t in tasks)} held, {sum(t.late for t in tasks)} late", tasks, alt="Audits by planned date", as_of=now)


def _run(view: View, audits: list[Any], findings: list[Any], now: date) -> None:
    live = [a for a in audits if a.status in ("planned", "held", "reported")]
    if not live:
        quiet("Every audit is closed.")
        return
    audit = bench.choose("Run an audit", sorted(live, key=lambda a: (a.status != "planned", a.planned_on or date.max)), "audit", lambda a: f"{a.title} ({a.status})")
    held = opened("audit", audit, "quality-assurance")
    audit, cases = held.row, labels("capa")
    for f in (f for f in findings if f.audit_id == audit.id):
        quiet(f"{f.grade}: {f.title} ({f.status}{', case: ' + cases[f.capa_id] if f.capa_id in cases else ''})")
    if audit.status != "planned":
        outside(audit.summary or "")
    form = Fields()
    with st.form(f"{held.key}-run", border=False):
        answers = {i: (q, st.segmented_control(escape(q), GRADES, key=f"{held.key}-q-{i}")) for i, q in enumerate(audit.checklist)}
        extra = form("title").text_input("Another finding", key=f"{held.key}-extra")
        grade = st.selectbox("Its grade", GRADES, index=3, key=f"{held.key}-grade")
        if st.form_submit_button("Record", type="primary"):
            found = [(q, g) for q, g in answers.values() if g] + ([(extra.strip(), grade)] if extra.strip() else [])
            open_ = len(audit.checklist) - sum(bool(g) for _, g in answers.values())
            if found:
                held.do(lambda: _record(view, held, found, now), f"{words.plural(len(found), 'finding')} recorded" + (f"; {open_} of {len(audit.checklist)} questions are not answered" if open_ else ""), form)
            else:
                form.refuse({"title": "An audit that was held has found something, if only that all is in order; nothing is marked: grade a question, or name a finding."})
    if not audit.checklist:
        quiet("This audit has no checklist: write its questions in the register.")


def _record(view: View, held: Opened, found: list[tuple[str, str]], now: date) -> None:
    """The answers as findings, and the audit as held, in one write unit."""
    who, audit = bench.actor(view), held.row
    with writing.unit() as session:
        for title, grade in found:
            due = now + timedelta(days=30) if grade in ("minor", "major") else None
            status = "open" if grade in ("opportunity", "minor", "major") else "closed"
            writing.create("audit_finding", {"audit_id": audit.id, "title": title[:200], "grade": grade, "status": status, "due_on": due, "owner": audit.auditor}, who, session=session)
        if audit.status == "planned":
            passed = [g in ("strength", "conforms") for _, g in found]
            score = 100 * sum(passed) / len(passed) if passed else None
            writing.update("audit", audit.id, {"status": "held", "held_on": now, "score": score}, held.version, who, session=session)


def _documents(papers: list[Any], now: date) -> None:
    shown = sorted((p for p in papers if p.status != "retired"), key=lambda p: p.review_on or date.max)
    if not shown:
        return
    bench.headline("Documents, the next review first")
    state = ["overdue" if p.review_on and p.review_on < now else "due soon" if p.review_on and p.review_on < now + timedelta(days=60) else "current" for p in shown]
    table({"code": [p.code for p in shown], "title": [p.title for p in shown], "version": [p.edition for p in shown], "review": [p.review_on for p in shown], "state": state, "owner": [p.owner for p in shown]},
          "quality-assurance-documents", alt="Procedures by review date")  # fmt: skip
