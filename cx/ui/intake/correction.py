"""How a file was understood, and correcting it: nothing is stored before the user has seen this."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pandas as pd
import streamlit as st

from cx.errors import CxError, InputError
from cx.facts import history
from cx.facts.datasets import DATASETS
from cx.intake import Column, Options, Plan, jobs, plan
from cx.intake.plan import ASIDE, BESIDE, QUESTIONS
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.text import escape, quiet

FIELD = {"nps": "NPS 0-10", "ces": "Effort", "csat": "Satisfaction", "rating": "Other rating", "comment": "Comment", "text": "Open answer", "choice": "Choice",
         "property": "Keep as property", "ignore": "Ignore", "transition": "Start or completion"}  # fmt: skip
DATES = {"": "as recognised", "dmy": "day first", "mdy": "month first", "ymd": "year first"}
EFFORT = {"": "as recognised", "higher-is-better": "better (easy)", "higher-is-worse": "worse (hard)"}
# The reader speaks to the command line too; here the same correction is a field below.
OPTION = re.compile(r"; --[a-z]+ .*$")
ZONES = ["UTC", "Europe/London", "Europe/Berlin", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
         "America/Sao_Paulo", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney"]  # fmt: skip


def show(view: View, job: jobs.Job) -> None:
    """Draw the reading of one upload and its corrections."""
    state = f"{job.key}-options"
    options: Options = st.session_state.setdefault(state, Options())
    try:
        with st.spinner("Reading …"):
            found = _plan(job, options)
    except CxError as error:
        st.error(escape(str(error), 2000), icon=":material/error:")
        _override(job, options, state, None)
        return
    if options == Options() and not st.session_state.get(f"{job.key}-asked"):
        st.session_state[f"{job.key}-asked"] = True
        remembered = profile(found)
        if remembered is not None:
            st.session_state[state] = remembered
            st.session_state[f"{job.key}-remembered"] = True
            st.rerun()
    summary(found)
    if st.session_state.get(f"{job.key}-remembered"):
        quiet("Read as you corrected the last file of this kind.")
    if found.warnings:
        with st.container(border=True, gap=None):
            for warning in found.warnings:
                quiet(OPTION.sub("; change it below where that is wrong", warning))
    for ask in found.asks:
        st.warning(escape(ask.sentence, 2000), icon=":material/help:")
    if not found.mends:  # those are read as their file was, which the summary says
        _override(job, options, state, found, _columns(job, found))
    if st.button("Import", key=f"{job.key}-import", type="primary", icon=":material/download_done:", disabled=bool(found.asks)):
        st.session_state[f"{job.key}-before"] = view.now
        jobs.start(job, found, view.member.name)
        st.rerun()
    if found.asks:
        quiet("Answer the open question first; nothing is guessed that would change a number.")


@st.cache_data(max_entries=32, show_spinner=False)
def _plan_of(key: str, options: Options, _job: jobs.Job) -> Plan:
    return plan(_job.file, _job.name, options)


def _plan(job: jobs.Job, options: Options) -> Plan:
    return _plan_of(job.key, options, job)


def profile(found: Plan) -> Options | None:
    """The corrections made to the latest import of the same tool with the same header; None where there were none."""
    for batch in history.batches(demo=False):
        if batch.tool != found.tool or not batch.plan:
            continue
        try:
            earlier = Plan.from_json(batch.plan, b"")
        except (InputError, TypeError, KeyError, ValueError):
            continue  # written by another version: no profile, and the file is read afresh
        if earlier.layout.header == found.layout.header and earlier.options != Options():
            return dataclasses.replace(earlier.options, survey=earlier.options.survey or "")
    return None


def summary(found: Plan) -> None:
    """Tool, certainty, dataset and survey in a line; why below it."""
    sure = "certainly" if found.certainty >= 0.9 else "probably" if found.certainty >= 0.6 else "perhaps"
    what = f"Read as {sure} **{escape(found.title)}**, into **{escape(DATASETS[found.dataset].title.lower())}**"
    st.markdown(what + (f", survey **{escape(found.survey)}**" if found.dataset == "responses" else ""))
    layout = found.layout
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    quiet(f"{found.why} · {layout.encoding}, {names.get(layout.delimiter, layout.delimiter)} between columns, {layout.header_rows} header row{'s' if layout.header_rows != 1 else ''}, "
          f"{layout.columns} columns, times in {found.zone or 'UTC'}")  # fmt: skip


def _columns(job: jobs.Job, found: Plan) -> dict[str, str]:
    """The columns with what each is read as, editable; returns what was changed."""
    fields = [*QUESTIONS, *ASIDE] if found.dataset == "responses" else [*ASIDE, *BESIDE.get(found.dataset, ())]
    fields += [name for name in (*DATASETS[found.dataset].types, *(c.field for c in found.columns)) if name not in fields]
    shown = pd.DataFrame(
        {
            "Column": [c.name for c in found.columns],
            "Question": [c.text if c.text != c.name else "" for c in found.columns],
            "Read as": [c.field for c in found.columns],
            "Scale": [_scale(c) for c in found.columns],
            "Seen": [_seen(c) for c in found.columns],
            "Example": [c.example for c in found.columns],
            "Why": [c.why for c in found.columns],
        }
    )
    order = shown["Read as"].map(lambda f: 0 if f in QUESTIONS[:4] else 1 if f in QUESTIONS else 3 if f in ASIDE else 2)
    shown = shown.assign(_order=order).sort_values("_order", kind="stable").drop(columns="_order")
    told = [str(name) for name in shown if name not in ("Question", "Scale") or shown[name].any()]  # a file of operations has neither
    edited = st.data_editor(
        shown, hide_index=True, key=f"{job.key}-columns", disabled=["Column", "Question", "Scale", "Seen", "Example", "Why"], height="auto" if len(shown) <= 10 else 420, column_order=told,
        column_config={"Read as": st.column_config.SelectboxColumn("Read as", options=fields, format_func=lambda f: FIELD.get(str(f), str(f)), required=True, width="medium"),
                       "Question": st.column_config.TextColumn(width="medium"), "Scale": st.column_config.TextColumn(width=160), "Why": st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    return {row["Column"]: row["Read as"] for (_, row), before in zip(edited.iterrows(), shown["Read as"], strict=True) if row["Read as"] != before}


def _scale(column: Column) -> str:
    if column.scale_min is None or column.scale_max is None:
        return ""
    turn = "" if column.higher_is_better is None else ", higher is better" if column.higher_is_better else ", lower is better"
    return f"{column.scale_min:g} to {column.scale_max:g}{turn}"


def _seen(column: Column) -> str:
    span = f", {column.low:g} to {column.high:g}" if column.scale_min is not None and column.low is not None and column.high is not None else ""
    return f"{column.n:,} of {column.seen:,}{span}" if column.seen else ""


def _override(job: jobs.Job, options: Options, state: str, found: Plan | None, changed: dict[str, str] | None = None) -> None:
    """What the user may say about the file as a whole."""
    with st.expander("Correct how it is read", expanded=bool(changed or (found and found.asks) or found is None)), st.form(f"{job.key}-form", border=False):
        form = Fields()
        left, middle, right = st.columns(3)
        datasets = ["", *DATASETS]
        said: dict[str, Any] = {
            "dataset": left.selectbox("Dataset", datasets, index=datasets.index(options.dataset), format_func=lambda d: DATASETS[d].title if d else f"as recognised{f' ({DATASETS[found.dataset].title})' if found else ''}"),
            "survey": form("survey", left).text_input("Survey", options.survey, placeholder=found.survey if found else ""),
            "dates": middle.selectbox("Dates such as 03/04/2026", list(DATES), index=list(DATES).index(options.dates), format_func=DATES.__getitem__),
            "zone": middle.selectbox("Times without a zone are in", ["", *ZONES], index=["", *ZONES].index(options.zone) if options.zone in ["", *ZONES] else 0, format_func=lambda z: z or "as recognised, else UTC"),
            "effort": right.selectbox("A higher effort score is", list(EFFORT), index=list(EFFORT).index(options.effort), format_func=EFFORT.__getitem__),
            "currency": form("currency", right).text_input("Currency of amounts without one", options.currency, max_chars=3, placeholder="EUR"),
        }  # fmt: skip
        scale = form("scale", left).text_input("Scale of the scores", f"{options.scale[0]:g}-{options.scale[1]:g}" if options.scale else "", placeholder="0-10")
        included = right.multiselect("Take these too", ["preview", "test", "partial", "spam"], default=list(options.include))
        if st.form_submit_button("Read again"):
            try:
                parts = [float(p) for p in scale.split("-")] if scale.strip() else []
                chosen = (parts[0], parts[1]) if len(parts) == 2 else None
                if scale.strip() and (chosen is None or chosen[0] >= chosen[1]):
                    raise ValueError
            except ValueError:
                form.refuse({"scale": "The scale is two numbers with a dash, the low end first, such as 0-10."})
                return
            columns = {**options.columns, **(changed or {})}
            st.session_state[state] = dataclasses.replace(options, **said, scale=chosen, include=tuple(included), columns=columns)
            st.rerun()
    if changed and found is not None:
        quiet(f"Changed: {', '.join(changed)}. “Read again” applies it.")
