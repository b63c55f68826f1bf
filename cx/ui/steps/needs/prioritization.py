"""Prioritization: needs with their evidence, ranked by how much they matter and how badly they are served."""

from __future__ import annotations

import streamlit as st

from cx.ui import charts, kept, needs, verbatims
from cx.ui import format as words
from cx.ui.bench import actor, headline
from cx.ui.fields import Fields
from cx.ui.needs import Ranked
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import outside, quiet

RATED = {"importance": "Importance to customers", "satisfaction": "Satisfaction today", "impact": "Business impact", "effort": "Effort to solve"}
PICTURES = {"opportunity": "Importance and satisfaction", "effort": "Impact and effort"}


def show(view: View) -> None:
    """Draw the step."""
    rows = needs.ranked()
    if not rows:
        with st.container(border=True):
            st.markdown("**No needs yet**")
            quiet("Pin a comment below with the Evidence button: it becomes the first piece of evidence of a new need. Or add needs in the register.")
        verbatims.show(view, "needs-prioritization-words", None, "What customers say")
        kept.registers(view, "needs-prioritization", "need", "need_evidence")
        return
    headline(sentence(rows))
    left, right = st.columns([1, 1], gap="medium")
    with left:
        picture = st.segmented_control("Picture", list(PICTURES), format_func=PICTURES.__getitem__, default="opportunity", key="needpic", bind="query-params", required=True, label_visibility="collapsed")
        clicked = _effort(rows) if picture == "effort" else _opportunity(rows)
    with right:
        listed = [{"need": r.need.title, "opportunity": r.score, "": r.band, "evidence": len(r.evidence), "customers": r.people, "impact": r.need.impact, "effort": r.need.effort, "status": r.need.status} for r in rows]
        picked = table(listed, "needs-prioritization-ranked", clicks=True, alt=sentence(rows), columns=("need", "impact", "effort", "status") if picture == "effort" else ("need", "opportunity", "evidence", "status"))
    names = [r.need.title for r in rows]
    chosen = names.index(clicked) if clicked in names else picked if picked is not None else 0
    _one(view, rows[chosen])
    with st.expander("Find evidence in comments", icon=":material/search:", on_change="rerun", key="needs-prioritization-find") as found:
        if found.open:
            verbatims.show(view, "needs-prioritization-words", None, "What customers say")
    kept.registers(view, "needs-prioritization", "need", "need_evidence")


def sentence(rows: list[Ranked]) -> str:
    """What the backlog says: the need to serve first, and how well it is proven."""
    first = rows[0]
    if first.score is None:
        return f"{len(rows)} needs, none rated yet: rate importance and satisfaction to rank them"
    proof = f"{words.plural(len(first.evidence), 'piece of evidence', 'pieces of evidence')} from {words.plural(first.people, 'customer')}" if first.evidence else "no evidence yet"
    return f"Serve first: {first.need.title} (opportunity {first.score:.0f} of 20, {first.band}, {proof})"


def _opportunity(rows: list[Ranked]) -> str | None:
    dots = needs.underserved(rows)
    corners = ("overserved", "served well", "not worth it", "serve first")
    return charts.scatter("needs-prioritization-quadrant", "Underserved needs stand at the lower right", dots, alt=sentence(rows), x_title="importance", y_title="satisfaction",
                          cross=(5.5, 5.5), corners=corners, clicks=True, note="size: pieces of evidence · click a need to open it", height=380)  # fmt: skip


def _effort(rows: list[Ranked]) -> str | None:
    dots = needs.worth_doing(rows)
    corners = ("quick wins", "big bets", "fill-ins", "leave")
    return charts.scatter("needs-prioritization-effort", "Quick wins stand at the upper left", dots, alt="Impact of each need over its effort", x_title="effort", y_title="impact",
                          cross=(5.5, 5.5), corners=corners, clicks=True, note="size: opportunity score · click a need to open it", height=380)  # fmt: skip


def _one(view: View, row: Ranked) -> None:
    """One need: its ratings to change, and what shows that it is real."""
    held = opened("need", row.need, "needs-prioritization")
    need = held.row
    with st.container(border=True):
        left, right = st.columns([3, 4], gap="medium")
        with left:
            outside(need.title)
            quiet(" · ".join(str(p) for p in (need.status, need.segment, need.touchpoint, need.owner and f"owner {need.owner}", row.score is not None and f"opportunity {row.score:.0f} of 20: {row.band}") if p))
            form = Fields()
            with st.form(f"{held.key}-form", border=False):
                cells = st.columns(2)
                values = {name: form(name, cells[i % 2]).number_input(title, 1, 10, getattr(need, name), key=f"{held.key}-{name}", placeholder="1 to 10") for i, (name, title) in enumerate(RATED.items())}
                sent = st.form_submit_button("Rate", type="primary")
            if sent:
                held.save(values, actor(view), "Rated", form)
        with right:
            st.markdown(f"**Evidence ({len(row.evidence)})**")
            if not row.evidence:
                quiet("Nothing yet. Every comment in the app has an Evidence button; or add an interview to the register below.")
            for piece in row.evidence[:5]:
                outside(piece.quote)
                quiet(" · ".join(str(p) for p in (piece.dataset, piece.segment, words.day(piece.seen_on) if piece.seen_on else "", piece.reference and f"row {piece.reference}") if p))
            if len(row.evidence) > 5:
                quiet(f"and {len(row.evidence) - 5} more in the register")
