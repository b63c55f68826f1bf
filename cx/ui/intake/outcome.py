"""An import under way and how it ended."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from cx import scorecard
from cx.errors import CxError
from cx.facts import batches, history
from cx.facts.datasets import DATASETS
from cx.intake import jobs, mending
from cx.ui import format as words
from cx.ui.export import CSV, lines_to_csv
from cx.ui.page import View, page
from cx.ui.text import escape, quiet

PHASES = {"read": "Reading records", "compare": "Comparing with what is there", "store": "Storing rows"}
BUCKETS = ("inserted", "updated", "unchanged", "excluded", "rejected")
EXPLAINED = {"inserted": "new", "updated": "changed since the last import", "unchanged": "known already", "excluded": "previews, tests, partials, empty", "rejected": "cannot be read"}


def show(view: View, job: jobs.Job) -> None:
    """Draw the state of one job."""
    if job.progress.state == "running":
        running(job)
        return
    progress = job.progress
    if progress.state == "done" and progress.result:
        result(view, job, progress.result)
    elif progress.state == "cancelled":
        st.info("Cancelled; nothing was stored.", icon=":material/block:")
        again(job)
    else:
        st.error(escape(progress.error or "The import failed; nothing was stored.", 2000), icon=":material/error:")
        again(job)


def again(job: jobs.Job) -> None:
    """Back to how the file is read."""
    if st.button("Back to how it is read", key=f"{job.key}-again"):
        jobs.report(job, jobs.Progress())
        st.rerun()


@st.fragment(run_every=0.7)
def running(job: jobs.Job) -> None:
    """Progress, redrawn on its own until the import is over."""
    now = job.progress
    if now.state != "running":
        st.rerun(scope="app")
    share = min(now.rows / now.total, 1.0) if now.total and now.phase == "store" else 0.0
    left = f", about {words.duration((now.total - now.rows) / now.rate)} left" if share and now.rate else ""
    rate = f", {now.rate:,.0f} a second" if now.rate else ""
    st.progress(share, f"{PHASES.get(now.phase, 'Starting')}: {now.rows:,}{f' of {now.total:,}' if share else ''}{rate}{left}")
    if st.button("Cancel", key=f"{job.key}-cancel", icon=":material/block:"):
        jobs.cancel(job)
        st.rerun(scope="app")


def result(view: View, job: jobs.Job, done: dict[str, Any]) -> None:
    """The counts, the rejects to mend, and undo."""
    counts = " + ".join(f"{done[name]:,} {name}" for name in BUCKETS if done[name])
    st.success(f"{done['records']:,} records: {counts}. {done['answers']:,} rows are in {DATASETS[done['dataset']].title.lower()}.", icon=":material/check_circle:")
    moved(view, job, done)
    for warning in done.get("warnings", ()):
        st.warning(escape(warning, 1000), icon=":material/help:")
    reasons = {**done.get("reasons", {})}
    if reasons:
        quiet("Excluded: " + ", ".join(f"{count:,} {reason}" for reason, count in reasons.items()))
    with st.container(horizontal=True):
        st.page_link(page("overview"), label="See the numbers", icon=":material/space_dashboard:")
        if done["rejected"]:
            rejects(done["batch"])
        if st.button("Undo this import", key=f"{job.key}-undo", icon=":material/undo:", disabled=not view.member.may("contributor")):
            try:
                back = batches.undo(int(done["batch"]), view.member.name)
            except CxError as error:
                st.error(escape(str(error), 2000))
                return
            st.toast(f"Undone: {back.removed:,} rows removed, {back.restored:,} earlier rows live again.")
            st.session_state["uploads"].remove(job.key)
            jobs.discard(job)
            st.rerun()


def moved(view: View, job: jobs.Job, done: dict[str, Any]) -> None:
    """NPS, effort and satisfaction of the surveys in the file, before and after."""
    kept, before = f"{job.key}-moved", st.session_state.get(f"{job.key}-before")
    if before is None or not done.get("answers"):
        return
    if kept not in st.session_state:
        st.session_state[kept] = scorecard.effect(before, view.now, done["dataset"], int(done["batch"]))
    found = st.session_state[kept]
    if not found:
        return
    with st.container(horizontal=True):
        for row in found:
            change = None if row["before"] is None or row["after"] is None else row["after"] - row["before"]
            value = "hidden or none" if row["after"] is None else f"{row['after']:,.1f}"
            moved_by = None if change is None else words.change(change, "points")
            st.metric(row["title"], value, moved_by, delta_color="off", delta_arrow="auto" if moved_by and words.moves(moved_by) else "off", width="content",
                      help=escape(f"Of {', '.join(row['surveys'][:5])}. Before: " + ("nothing to compare with" if row["before"] is None else f"{row['before']:,.1f}, n = {row['n_before']:,}") + f"; now n = {row['n']:,}.", 500))  # fmt: skip


def rejects(batch: int) -> None:
    """The rejected records as a file to mend and upload again."""
    found = history.rejected(batch)
    if not found:
        return
    st.download_button(
        f"{found:,} rejected records", data=lambda: lines_to_csv(mending.to_mend(batch)), file_name=f"rejects-{batch}.csv", mime=CSV, key=f"rejects-{batch}",
        icon=":material/download:", on_click="ignore", type="tertiary", help="Mend the cells in this file and upload it: it is read as this one was.",
    )  # fmt: skip


def reasons_of(text: str) -> dict[str, int]:
    """The reasons kept with a batch."""
    return dict(json.loads(text or "{}"))
