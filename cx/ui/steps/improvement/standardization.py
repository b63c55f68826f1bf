"""Standards: procedures with version and review date, who has read and understood which version, and confirming it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet


def show(view: View) -> None:
    """Draw the workbench."""
    papers = [p for p in records("procedure") if p.status == "in_force"]
    if not papers:
        quiet("No procedure is in force. Write the best known way below: title, version, owner, for whom, and when it is looked at again.")
        registers(view, "improvement-standardization", "procedure", "acknowledgement")
        return
    now = bench.today(view)
    read = records("acknowledgement")
    people = [e for e in records("employee") if e.left_on is None or e.left_on > now]
    rows = []
    for p in papers:
        wanted = {e.name for e in people if not p.audience or e.team in p.audience or e.role in p.audience}
        mine = [a for a in read if a.procedure_id == p.id]
        current = {a.employee for a in mine if a.edition == p.edition and a.understood}
        older = {a.employee for a in mine if a.edition != p.edition} - current
        rows.append((p, wanted, current, older, [a for a in mine if a.question or not a.understood]))
    overdue = [p for p in papers if p.review_on and p.review_on < now]
    behind = [(p, older) for p, _, _, older, _ in rows if older]
    bench.headline("; ".join(x for x in (f"{len(overdue)} of {len(papers)} procedures are past their review, first “{overdue[0].title}”" if overdue else "Every procedure was reviewed in time",
                                         f"{sum(len(o) for _, o in behind)} people know only an older version" if behind else "") if x))  # fmt: skip
    shares = [(100 * len(c & w) / len(w) if w else None) for _, w, c, _, _ in rows]
    known = [i for i, share in enumerate(shares) if share is not None]
    if known:
        texts = [f"{len(rows[i][2] & rows[i][1])} of {len(rows[i][1])}" for i in known]
        charts.bars("improvement-standardization-read", "Read and understood, in the version in force", [rows[i][0].title for i in known], [shares[i] for i in known], alt="Share of the audience that confirmed each procedure",
                    unit="%", texts=texts, top=100.0)  # fmt: skip
    else:
        quiet("Nobody of the audience stands in the register of employees (under Service), so that no share can be told; the confirmations count below.")
    state = ["overdue" if p in overdue else "current" for p, *_ in rows]
    table({"code": [p.code for p, *_ in rows], "title": [p.title for p, *_ in rows], "version": [p.edition for p, *_ in rows], "in force from": [p.valid_from for p, *_ in rows], "review": [p.review_on for p, *_ in rows],
           "state": state, "confirmed": [len(r[2]) for r in rows], "owner": [p.owner for p, *_ in rows], "older version only": [len(o) for *_, o, _ in rows], "questions": [len(q) for *_, q in rows]}, "improvement-standardization-papers", alt="Procedures in force")  # fmt: skip
    _confirm(view, papers, {r[0].id: r for r in rows})
    registers(view, "improvement-standardization", "procedure", "acknowledgement")


def _confirm(view: View, papers: list[Any], rows: dict[int, Any]) -> None:
    paper = bench.choose("Procedure", papers, "procedure", lambda p: f"{p.title}, version {p.edition}")
    _, wanted, current, older, asked = rows[paper.id]
    form = Fields(f"improvement-standardization-{paper.id}")
    turn = form.key
    left, right = st.columns(2, gap="medium")
    with left:
        outside(paper.summary or "No summary is written.")
        quiet(" · ".join(x for x in (f"version {paper.edition}", f"in force from {words.day(paper.valid_from)}" if paper.valid_from else "", paper.owner or "", paper.link or "") if x))
        for a in asked:
            quiet(f"{a.employee} {'asked' if a.understood else 'asks'}: {a.question or 'not understood'}")
    with right:
        missing = sorted(wanted - current)
        quiet(f"Not yet: {', '.join(missing[:8])}{' …' if len(missing) > 8 else ''}" if missing else f"{len(current)} have read and understood it")
        if older - current:
            quiet(f"Only an older version: {', '.join(sorted(older)[:6])}")
        with st.form(turn, border=False):
            names = sorted({*wanted, view.member.name})
            who = form("employee").selectbox("Read by", names, names.index(view.member.name), key=f"{turn}-who", accept_new_options=True, help="The people it is for; another name can be typed")
            question = form("question").text_input("Question, if something is not clear", key=f"{turn}-question").strip()
            if st.form_submit_button("Read and understood", icon=":material/done_all:"):
                if who in current and not question:
                    form.refuse({"employee": f"{who} has confirmed version {paper.edition} already."})
                else:
                    bench.saved(lambda: _read(view, paper, who or "", question), f"{who} asks about {paper.title}" if question else f"{who} has read {paper.title}", form)


def _read(view: View, paper: Any, who: str, question: str) -> Any:
    """One confirmation a person and version: who asked before and understands now answers their own question."""
    values = {"read_on": bench.today(view), "understood": not question, "question": question or None}
    before = next((a for a in records("acknowledgement", procedure_id=paper.id, edition=paper.edition) if a.employee == who), None)
    if before is not None:
        kept = values if question else {"read_on": values["read_on"], "understood": True}
        return writing.update("acknowledgement", int(before.id), kept, before.version, bench.actor(view))
    return writing.create("acknowledgement", values | {"procedure_id": paper.id, "edition": paper.edition, "employee": who}, bench.actor(view))
