"""What came in: every batch with its counts, the rejects of each, and undo."""

from __future__ import annotations

import streamlit as st

from cx.errors import CxError
from cx.facts import batches, history
from cx.facts.datasets import DATASETS
from cx.records import invented
from cx.surveys.answer import TOOL
from cx.ui import format as words
from cx.ui.intake.outcome import BUCKETS, reasons_of, rejects
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet


def show(view: View) -> None:
    """Draw the list and, for the chosen batch, what can be done with it."""
    found = history.batches()
    if not found:
        quiet("Nothing has been imported yet. Drop a file above, or load the demo company: python -m cx demo.")
        return
    if any(b.demo and b.live for b in found):
        demo(view, any(not b.demo and b.live for b in found))
    picked = table(
        {
            "Batch": [b.id for b in found],
            "When": [words.moment(b.created_at) for b in found],
            "File": [b.source for b in found],
            "Tool": [b.tool for b in found],
            "Dataset": [DATASETS[b.dataset].title for b in found],
            "Survey": [b.survey for b in found],
            "Records": [b.records for b in found],
            **{name.capitalize(): [getattr(b, name) for b in found] for name in BUCKETS},
            "Rows": [b.answers for b in found],
            "By": [b.actor for b in found],
            "State": ["undone" if b.undone_at else "demo" if b.demo else "live" for b in found],
        },
        "batches",
        clicks=True,
    )
    if picked is None:
        quiet("Click a row to see its rejects or to undo it.")
        return
    chosen = found[picked]
    number = int(chosen.id or 0)
    with st.container(border=True):
        st.markdown(f"**Batch {number}: {escape(chosen.source)}**")
        told = ", ".join(f"{count:,} {reason}" for reason, count in reasons_of(chosen.reasons).items())
        if told:
            quiet(f"Excluded: {told}")
        with st.container(horizontal=True):
            if chosen.rejected:
                rejects(number)
            if chosen.undone_at:
                quiet(f"Undone on {words.moment(chosen.undone_at)}.")
            elif (not chosen.demo or chosen.tool == TOOL) and view.member.may("contributor"):
                with st.popover("Undo …", icon=":material/undo:"):
                    quiet(f"Removes the {chosen.answers:,} rows of this batch; rows it had replaced are live again.")
                    if st.button("Undo it", key=f"undo-{number}", type="primary"):
                        try:
                            back = batches.undo(number, view.member.name)
                        except CxError as error:
                            st.error(escape(str(error), 2000))
                        else:
                            st.toast(f"Undone: {back.removed:,} rows removed, {back.restored:,} earlier rows live again.")
                            st.rerun()


def demo(view: View, hidden: bool) -> None:
    """Say that the demo company is loaded, and offer to remove it."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown("The demo company is loaded" + (", and hidden while your own data is there." if hidden else "; your first own file hides it."), width="stretch")
        if view.member.may("manager"):
            with st.popover("Remove …", icon=":material/delete:"):
                quiet("Removes every row and record of the demo company for good; your own data stays.")
                if st.button("Remove the demo company", key="wipe-demo", type="primary"):
                    batches.drop_demo(view.member.name)
                    invented.wipe()
                    st.rerun()
