"""Ideas: ranked by reach, impact, confidence and effort; followed to the need and the comments behind it, and back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.needs import opportunity_band, opportunity_score
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, evidence, verbatims
from cx.ui import format as words
from cx.ui.comment_search import found_in, quote, search
from cx.ui.fields import Fields
from cx.ui.ideas import score, voted
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

WAYS = ("From idea", "From need", "From comments")


def show(view: View) -> None:
    """Draw the workbench."""
    ideas, needs = records("idea"), records("need")
    if ideas:
        _ranked(ideas, {n.id: n for n in needs})
    else:
        quiet("No idea yet. Add one below, or search the comments for what customers ask for and file it from there.")
    way = st.segmented_control("Follow", WAYS, default=WAYS[0] if ideas else WAYS[2], key="follow", bind="query-params", required=True)
    if way == "From idea" and ideas:
        _idea(view, ideas, needs)
    elif way == "From need":
        _need(view, ideas, needs)
    else:
        _comments(view, ideas, needs)
    registers(view, "product-ideation", "idea", "need")


def _ranked(ideas: list[Any], needs: dict[int, Any]) -> None:
    live = sorted((i for i in ideas if i.status not in ("rejected", "done")), key=lambda i: -(score(i) or -1))
    loose = [i for i in live if i.need_id not in needs]
    if live:
        top = live[0]
        bench.headline(f"{top.title} promises most for its effort" + (f"; {len(loose)} of {len(live)} ideas answer{'s' if len(loose) == 1 else ''} no need" if loose else "; every idea answers a need"))
    rows = live[:12]
    if rows:
        table({"idea": [i.title for i in rows], "need": [needs[i.need_id].title if i.need_id in needs else None for i in rows], "reach": [i.reach for i in rows], "impact": [i.impact for i in rows],
               "confidence": [i.confidence for i in rows], "effort": [i.effort for i in rows], "RICE": [None if (found := score(i)) is None else round(found) for i in rows], "votes": [i.votes for i in rows], "status": [i.status for i in rows]},
              "product-ideation-ranked", units={"confidence": "%", "effort": "months"}, help={"RICE": "reach x impact x confidence / effort"}, alt="Ideas ranked by RICE")  # fmt: skip


def _idea(view: View, ideas: list[Any], needs: list[Any]) -> None:
    idea = bench.choose("Idea", sorted(ideas, key=lambda i: (i.status in ("rejected", "done"), -(score(i) or -1))), "idea", lambda i: i.title)
    need = next((n for n in needs if n.id == idea.need_id), None)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        bench.headline("The idea")
        outside(idea.description or idea.title)
        quiet(" · ".join(x for x in (f"RICE {words.number(score(idea))}", f"{idea.votes} votes", idea.source or "", idea.owner or "") if x))
        mine = voted(idea, view.member.name)
        if st.button("Take my vote back" if mine else "Vote for it", icon=":material/thumb_up:", key=f"product-ideation-vote-{idea.id}"):
            votes = max(idea.votes - 1, 0) if mine else idea.votes + 1
            bench.saved(lambda: writing.update("idea", idea.id, {"votes": votes}, idea.version, bench.actor(view)), "Vote taken back" if mine else "Vote counted")
        for concept in records("concept", idea_id=idea.id):
            quiet(f"Became the concept {concept.name} ({concept.status.replace('_', ' ')})")
    with middle:
        bench.headline("The need it answers")
        if need is None:
            chosen = bench.choose("Tie it to a need", needs, f"product-ideation-tie-{idea.id}", lambda n: n.title)
            if chosen is None:
                quiet("There are no needs yet.")
            elif st.button("Tie", key=f"product-ideation-tied-{idea.id}"):
                bench.saved(lambda: writing.update("idea", idea.id, {"need_id": chosen.id}, idea.version, bench.actor(view)), "Tied")
        else:
            _about(need)
    with right:
        bench.headline("The comments behind it")
        for e in records("need_evidence", need_id=need.id)[:4] if need else []:
            outside(e.quote)
            quiet(" · ".join(str(x) for x in (e.dataset, e.segment, words.day(e.seen_on) if e.seen_on else "") if x))
        _matching(view, idea.theme or (need.title if need else ""), "product-ideation-idea")


def _about(need: Any) -> None:
    outside(need.title)
    value = opportunity_score(need.importance, need.satisfaction) if need.importance is not None and need.satisfaction is not None else None
    quiet(" · ".join(str(x) for x in (f"opportunity {value:.0f} of 20, {opportunity_band(value)}" if value is not None else "not rated", need.segment, need.touchpoint, need.status) if x))


def _matching(view: View, theme: str, key: str) -> None:
    found, total = search(view, theme)
    if not theme:
        quiet("Name words in comments in the register, and the comments that contain them stand here.")
        return
    quiet(f"{total:,} comments contain “{theme}” in this period")
    for c in found[:4]:
        quote(c)


def _need(view: View, ideas: list[Any], needs: list[Any]) -> None:
    need = bench.choose("Need", needs, "need", lambda n: n.title)
    if need is None:
        quiet("There are no needs yet: they are kept under Customer needs, Prioritization.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _about(need)
        mine = [i for i in ideas if i.need_id == need.id]
        bench.headline(f"{words.plural(len(mine), 'idea')} answer{'s' if len(mine) == 1 else ''} it" if mine else "No idea answers it yet")
        for i in mine:
            st.text(i.title)
            quiet(f"RICE {words.number(score(i))} · {i.votes} votes · {i.status}")
        form = Fields()
        title = form("title").text_input("A new idea for it", key=f"product-ideation-new-{need.id}")
        if title and st.button("Add the idea", key=f"product-ideation-add-{need.id}"):
            bench.saved(lambda: writing.create("idea", {"title": title, "need_id": need.id, "owner": view.member.name}, bench.actor(view)), "Idea added", form)
    with right:
        behind = records("need_evidence", need_id=need.id)
        bench.headline(words.plural(len(behind), "piece of evidence", "pieces of evidence"))
        for e in behind[:6]:
            outside(e.quote)
            quiet(" · ".join(str(x) for x in (e.dataset, e.segment, words.day(e.seen_on) if e.seen_on else "") if x))
        verbatims.show(view, "product-ideation-need", {"touchpoint": need.touchpoint} if need.touchpoint else {"segment": need.segment} if need.segment else None, "Comments where it arises")


def _comments(view: View, ideas: list[Any], needs: list[Any]) -> None:
    asked = st.text_input("Search comments", key="product-ideation-search", placeholder="delivery date")
    found, total = search(view, asked)
    if not asked.strip():
        quiet("Search for what customers ask for; each comment shows the ideas and needs it speaks for, and can be filed as evidence.")
        return
    bench.headline(f"{total:,} comments contain “{asked.strip()}” in this period")
    need = bench.choose("File as evidence for", needs, "product-ideation-file", lambda n: n.title, width=420)
    filed = {e.reference for e in records("need_evidence", need_id=need.id)} if need is not None else set()
    for c in found:
        quote(c)
        speaks = [f"idea: {i.title}" for i in ideas if found_in(i.theme, c.text)]
        speaks += [f"need: {n.title}" for n in needs if any(e.reference == c.key for e in records("need_evidence", need_id=n.id))]
        if speaks:
            quiet("Speaks for " + "; ".join(speaks))
        if need is not None and c.key not in filed and st.button("File as evidence", key=f"product-ideation-file-{c.key}", icon=":material/attach_file:"):
            row = {"key": c.key, "comment": c.text, "customer_id": c.customer, "segment": c.segment, "answered_at": c.when}
            bench.saved(lambda r=row: evidence.pick(int(need.id), r, bench.actor(view)), "Filed as evidence")  # type: ignore[misc]
