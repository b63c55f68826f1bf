"""CSV out of a register and back into it: the file is read first, what it would do is shown, then it is stored."""

from __future__ import annotations

import streamlit as st

from cx.errors import CxError
from cx.records.lookup import history
from cx.records.sheet import Loaded, load_csv, rows, sample
from cx.ui import export
from cx.ui.fields import said
from cx.ui.register.state import State
from cx.ui.tables import table
from cx.ui.text import outside, quiet

SHOWN = 50


def show(state: State, filled: bool) -> None:
    """Draw the downloads and, for those who may write, the upload."""
    row = state.register
    if filled:
        st.download_button(
            "Download all", data=lambda: export.to_csv(rows(row, state.actor)), file_name=export.file_name(row.name, "csv"), mime=export.CSV,
            key=f"{state.base}-csv", icon=":material/download:", on_click="ignore", type="tertiary",
        )  # fmt: skip
    example(state)
    if not state.actor.may(row.writer):
        return
    given = st.file_uploader(f"CSV of {row.title.lower()}", type=["csv"], key=f"{state.key}-file")
    quiet("A row with a number in “Record” changes that record; one without adds a record. Nothing is stored before you say so.")
    if given is None:
        return
    text = given.getvalue()
    try:
        would = load_csv(row, text, state.actor, dry_run=True)
    except CxError as error:
        said(str(error))
        return
    outside(summary(would, "would be"))
    if would.problems:
        said("Nothing can be stored until these are mended:")
        table(
            [{"Line": p.line, "Column": p.column, "What is wrong": p.sentence} for p in would.problems[:SHOWN]], f"{state.base}-problems", csv=False
        )
        if len(would.problems) > SHOWN:
            quiet(f"The first {SHOWN} of {len(would.problems):,}.")
    else:
        st.button(
            "Import", key=f"{state.base}-import", type="primary", on_click=take, args=(state, text), disabled=not would.created and not would.updated
        )


def example(state: State) -> None:
    """A file with the right heads and one example row."""
    row = state.register
    st.download_button(
        "Sample CSV", data=lambda: export.to_csv(sample(row)), file_name=export.file_name(f"{row.name}-sample", "csv"), mime=export.CSV,
        key=f"{state.base}-sample", icon=":material/description:", on_click="ignore", type="tertiary",
    )  # fmt: skip


def summary(done: Loaded, verb: str) -> str:
    """What a file did or would do, in one line."""
    return f"{done.rows:,} rows: {done.created:,} {verb} added, {done.updated:,} changed, {done.unchanged:,} are as they stand, {len({p.line for p in done.problems}):,} faulty."


def take(state: State, text: bytes) -> None:
    """Store the file that was shown."""
    before = history(state.register, None, state.actor, limit=1)
    try:
        done = load_csv(state.register, text, state.actor)
    except CxError as error:
        state.notice, state.change = str(error), None
        return
    state.leave()
    state.notice = (
        summary(done, "were") if done.stored else "The register changed since the file was read; nothing was stored. Look at the file again."
    )
    after = history(state.register, None, state.actor, limit=2)
    state.change = after[0].id if done.created + done.updated == 1 and after and after[:1] != before else None
