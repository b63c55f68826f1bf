"""Notes about one customer: written, corrected and taken back where the customer is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import streamlit as st

from cx.records.lookup import history
from cx.records.writing import create, remove, undo, update
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, today
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.text import outside, quiet

KINDS = {"note": "Note", "call": "Call", "promise": "Promise", "risk": "Risk", "chance": "Chance"}
LAST = "customers-note-last"


def show(view: View, customer: str, notes: list[Any]) -> None:
    """The notes, the latest first, a form for a new one, and the way back from the last change."""
    may = view.member.may("contributor")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            headline(f"{len(notes)} notes" if len(notes) != 1 else "1 note")
        back(view)
        if may:
            box = st.popover("Add a note", icon=":material/add:", key=f"customers-note-{customer}-add", on_change="rerun")
            if box.open:
                with box:
                    form(view, customer, None)
    ordered = sorted(notes, key=lambda note: (note.happened_at or note.created_at), reverse=True)
    for note in ordered[:5]:
        one(view, customer, note, may)
    if len(ordered) > 5:
        quiet(f"{len(ordered) - 5} earlier ones stand in the story below.")


def one(view: View, customer: str, note: Any, may: bool) -> None:
    """One note with what can be done to it."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(width="stretch", gap=None):
            outside(note.text)
            promised = f"promised until {words.day(note.due_on)}, {'settled' if note.done else 'open'}" if note.due_on else ""
            quiet(" · ".join(part for part in (KINDS.get(note.kind, note.kind), words.day(note.happened_at or note.created_at), note.owner or note.created_by, promised) if part))
        if may:
            box = st.popover("", icon=":material/edit:", type="tertiary", key=f"customers-note-{note.id}", help="Edit or remove this note", on_change="rerun")
            if box.open:
                with box:
                    form(view, customer, note)
                    if st.button("Remove it", key=f"customers-note-{note.id}-remove", icon=":material/delete:"):
                        _write(view, lambda: remove("customer_note", note.id, note.version, actor(view)), "The note is removed.")


def form(view: View, customer: str, note: Any) -> None:
    """The fields of a new note, or of one that stands."""
    fields = Fields(f"customers-note-form-{customer}-{note.id if note else 'new'}")
    key = fields.key
    with st.form(key, border=False):
        kind = st.segmented_control("Kind", list(KINDS), format_func=KINDS.__getitem__, default=note.kind if note else "note", key=f"{key}-kind", required=True)
        said = fields("text").text_area("What was said or promised", note.text if note else "", key=f"{key}-text", max_chars=2000, height=110)
        left, middle, right = st.columns(3, gap="small")
        day = fields("happened_at", left).date_input("When", (note.happened_at or note.created_at).date() if note else today(view), key=f"{key}-day")
        due_on = fields("due_on", middle).date_input("Promised until", note.due_on if note else None, key=f"{key}-due")
        owner = fields("owner", right).text_input("Owner", (note.owner if note else view.member.name) or "", key=f"{key}-owner")
        done = st.checkbox("Settled", bool(note.done) if note else False, key=f"{key}-done")
        if st.form_submit_button("Save" if note else "Add", type="primary", key=f"{key}-save"):
            values = {"customer_id": customer, "kind": kind or "note", "text": said, "happened_at": datetime.combine(day, time(12), UTC), "due_on": due_on, "owner": owner or None, "done": done}
            if note:
                _write(view, lambda: update("customer_note", note.id, values, note.version, actor(view)), "The note is saved.", fields)
            else:
                _write(view, lambda: create("customer_note", values, actor(view)), "The note is added.", fields)


def _write(view: View, deed: Any, done: str, fields: Fields | None = None) -> None:
    def act() -> None:
        written = deed()
        st.session_state[LAST] = (history("customer_note", int(written.id), actor(view), limit=1)[0].id, done)

    saved(act, done, fields)


def back(view: View) -> None:
    """Undo of the last change made here."""
    kept = st.session_state.get(LAST)
    if kept is None:
        return
    change, done = kept

    def act() -> None:
        undo(change, actor(view))
        del st.session_state[LAST]

    if st.button("Undo", key="customers-note-undo", icon=":material/undo:", type="tertiary", help=done):
        saved(act, "Taken back.")


