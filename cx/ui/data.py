"""The Data page: a file comes in, one sees how it was read, corrects it, imports it, and can take it back."""

from __future__ import annotations

import streamlit as st

from cx.errors import CxError
from cx.facts import history
from cx.facts.datasets import DATASETS
from cx.intake import jobs, template
from cx.ui import format as words
from cx.ui.intake import correction, ledger, outcome
from cx.ui.page import View, page
from cx.ui.tables import table
from cx.ui.text import escape, quiet

UPLOADS = ["csv", "tsv", "txt", "xlsx", "xls", "zip"]
LIMIT = "Up to 1 GB a file: CSV, TSV, XLSX, or one of them in a ZIP. Larger files: python -m cx import FILE."


def show(view: View) -> None:
    """Draw the page."""
    st.title("Data", anchor=False)
    quiet("Drop the export of any tool. You see how it is read before anything is stored, and every import can be taken back.")
    if not view.member.may("contributor"):
        quiet("You may look at what came in; importing needs the role of a contributor.")
    else:
        upload(view)
    names = {"history": "What came in", "freshness": "Datasets and freshness", "templates": "Templates"}
    part = st.segmented_control("Part", list(names), format_func=names.__getitem__, default="history", key="part", bind="query-params", required=True, label_visibility="collapsed")
    {"history": ledger.show, "freshness": freshness, "templates": templates}[part or "history"](view)
    if view.member.may("admin"):
        st.page_link(page("members"), label="Tokens for programs that use the API", icon=":material/key:")


def upload(view: View) -> None:
    """Take files, keep each at once, and lead every one of them through reading, correction, import and result."""
    turn = st.session_state.setdefault("upload-turn", 0)
    given = st.file_uploader("Exports", type=UPLOADS, accept_multiple_files=True, key=f"upload-{turn}", label_visibility="collapsed", help=LIMIT)
    quiet(LIMIT)
    if given:
        kept = st.session_state.setdefault("uploads", [])
        for file in given:
            kept.append(jobs.keep(file.name, file).key)
        st.session_state["upload-turn"] = turn + 1  # an empty uploader again: the files are kept, the browser's copies may go
        st.rerun()
    for key in list(st.session_state.get("uploads", [])):
        try:
            job = jobs.job(key)
        except CxError:
            st.session_state["uploads"].remove(key)
            continue
        with st.container(border=True):
            head = st.container(horizontal=True, vertical_alignment="center")
            head.markdown(f"**{escape(job.name)}**", width="stretch")
            if job.progress.state != "running" and head.button("Dismiss", key=f"{key}-dismiss", type="tertiary", icon=":material/close:"):
                st.session_state["uploads"].remove(key)
                jobs.discard(job)
                st.rerun()
            if job.progress.state == "waiting":
                correction.show(view, job)
            else:
                outcome.show(view, job)


def freshness(view: View) -> None:
    """Every dataset: rows, span, latest arrival."""
    rows = history.freshness()
    table(
        {
            "Dataset": [r["title"] for r in rows],
            "Rows": [r["rows"] for r in rows],
            "Batches": [r["batches"] for r in rows],
            "First": [r["earliest"].date() if r["earliest"] else None for r in rows],
            "Latest in the data": [r["latest"].date() if r["latest"] else None for r in rows],
            "Last arrival": [words.moment(r["arrived"]) if r["arrived"] else "nothing yet" for r in rows],
        },
        "freshness",
    )


def templates(view: View) -> None:
    """A CSV to fill in for each dataset, and what its columns mean."""
    name = st.selectbox("Dataset", list(DATASETS), format_func=lambda n: DATASETS[n].title, key="template")
    kind = DATASETS[name]
    st.download_button(f"{name}.csv", template(name), f"{name}.csv", "text/csv", icon=":material/download:", key="template-csv", on_click="ignore")
    quiet(f"Needed: {', '.join(kind.required)}. Known rows are recognised by {', '.join(kind.key)}; without it by their content.")
    table({"Column": list(kind.types), "Holds": [{"str": "text", "float": "number", "int": "whole number", "bool": "yes or no", "datetime": "moment"}[t.__name__] for t in kind.types.values()],
           "Meaning": [kind.descriptions[c] for c in kind.types]}, "columns")  # fmt: skip
