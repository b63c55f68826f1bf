"""Prototypes: versions by fidelity, what each was to teach and did, and the tests run on it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.usability import task_success
from cx.records.lookup import labels, records
from cx.ui import bench, user_test
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.text import escape, outside, quiet

FIDELITY = ("sketch", "wireframe", "clickable", "functional", "pilot")


def show(view: View) -> None:
    """Draw the workbench."""
    found = records("prototype")
    if not found:
        quiet("No prototype yet. Add one below: a sketch will do, with the question it is to answer.")
        registers(view, "product-prototypes", "prototype", "concept")
        return
    tests = records("user_test")
    tried = {s.test_id for s in records("test_session")}
    untested = [p for p in found if not any(t.prototype_id == p.id and t.id in tried for t in tests)]
    silent = [p for p in found if not p.learning]
    bench.headline(f"{len(found) - len(untested)} of {len(found)} prototypes were tested" + (f"; {silent[0].name} has not taught us anything yet" if silent else "; each has taught us something"))
    quiet(" · ".join(f"{n} {f}" for f in FIDELITY if (n := sum(p.fidelity == f for p in found))))
    concepts = labels("concept")
    grid = st.grid(3, min_column_width=280, border=True, gap="small", key="product-prototypes-grid")
    for p in sorted(found, key=lambda p: (p.concept_id or 0, p.name, p.edition)):
        with grid.cell(), st.container(gap="xsmall"):
            _card(p, concepts.get(p.concept_id, ""), [t for t in tests if t.prototype_id == p.id])
    _learnt(view, found)
    registers(view, "product-prototypes", "prototype", "concept")


def _card(p: Any, concept: str, tests: list[Any]) -> None:
    st.markdown(f"**{escape(p.name)}** · version {escape(p.edition)}")
    quiet(" · ".join(x for x in (p.fidelity, concept, words.day(p.built_on) if p.built_on else "", p.owner or "") if x))
    if p.question:
        st.text(f"Question: {p.question}")
    if p.learning:
        st.text(f"Learnt: {p.learning}")
    for address, title in ((p.link, "Open"), (p.picture, "Picture")):
        if address and address.startswith(("https://", "http://")):
            st.link_button(title, address, icon=":material/open_in_new:", type="tertiary")
        elif address:
            quiet(f"{title}: {address}")
    for t in tests:
        sessions = records("test_session", test_id=t.id)
        score = user_test.usability(sessions)
        won = task_success(sum(s.success for s in sessions), len(sessions))
        quiet(f"{t.name}: success {words.value(won.value, '%')} ({words.interval(won.low, won.high, '%')}), SUS {words.value(score.value)} {user_test.grade(score)}" if sessions else f"{t.name}: {t.status}, no sessions yet")
    if not tests:
        outside("Not tested yet")


def _learnt(view: View, found: list[Any]) -> None:
    p = bench.choose("Write down what a prototype taught", found, "prototype", lambda p: f"{p.name}, version {p.edition}")
    held = opened("prototype", p, "product-prototypes")
    form = Fields()
    with st.form(f"{held.key}-learnt", border=False):
        said = form("learning").text_area("What we learnt", held.row.learning or "", key=f"{held.key}-learning", height=80)
        if st.form_submit_button("Save"):
            held.save({"learning": said}, bench.actor(view), "Saved", form)
