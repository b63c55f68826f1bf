"""Process maps: as the event log shows them and as people drew them, SIPOC, and the value stream."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.errors import CxError
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, charts, drawn_process, event_log, picture, step_grid
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.text import escape, quiet

VIEWS = ("Discovered", "Drawn", "SIPOC", "Value stream")


def show(view: View) -> None:
    """Draw the workbench."""
    part = st.segmented_control("Shown", VIEWS, default=VIEWS[0], key="mapped", bind="query-params", required=True, label_visibility="collapsed")
    if part == "Discovered":
        _discovered(view)
    elif part == "Value stream":
        _stream(view)
    else:
        kept = records("process")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            one = bench.choose("Drawn process", kept, "drawn", lambda p: f"{p.name} ({p.kind.replace('_', '-')}, edition {p.edition})", width=420)
            _begin(view)
        if one is None:
            quiet("No process is drawn yet: take one over from the event log under Discovered, or begin one here and add its steps.")
        elif part == "Drawn":
            _drawn(view, one)
        else:
            _sipoc(view, one)
    registers(view, "improvement-mapping", "process", "process_step")


def _begin(view: View) -> None:
    """A process begun from nothing: its name, and it is chosen."""
    if not view.member.may("contributor"):
        return
    form = Fields()
    with st.popover("New process", icon=":material/add:", key="improvement-mapping-new"), st.form("improvement-mapping-begin", border=False):
        name = form("name").text_input("Name of the process", key="improvement-mapping-name")
        if st.form_submit_button("Begin", type="primary"):
            bench.saved(lambda: bench.made("drawn", int(writing.create("process", {"name": name.strip(), "owner": view.member.name}, bench.actor(view)).id)), f"{name.strip()} is begun: add its steps below", form)


def _discovered(view: View) -> None:
    name = event_log.choose(view, "improvement-mapping")
    if name is None:
        nothing_yet("process map")
        return
    least = st.slider("Hide paths that fewer than this share of cases take, %", 0, 50, 5, key="improvement-mapping-least", width=420)
    found = event_log.log(view, name)
    event_log.shortened(found)
    hidden = int((found.arrows["share"] < least).sum())
    top = found.steps.iloc[0]
    bench.headline(f"{top['step']} takes {top['share']:.0f} % of the time of {name}, most of it {'waiting' if (top['wait_mean'] or 0) > (top['work_mean'] or 0) else 'work'}")
    said = f"{name}, discovered from {found.cases:,} cases: {len(found.steps)} steps, {len(found.arrows) - hidden} paths shown, {hidden} rare ones hidden"
    picture.show(event_log.discovered(found, least), "discovered", said)
    quiet(said + ". Numbers on arrows: cases, and their share of what leaves the step; amber leads back; green foot: customers value it; red: most of the time.")
    if name not in {p.name for p in records("process")} and st.button("Take over as a drawn process", icon=":material/draw:", key="improvement-mapping-take"):
        days = (view.period.days or 365) * 5 / 7
        bench.saved(lambda: drawn_process.begin(view, found, round(found.cases / days, 1)), f"{name} is now a drawn process")


def _drawn(view: View, one: Any) -> None:
    steps = drawn_process.steps(one)
    if not steps:
        quiet("This process has no steps yet: add the first below, then what follows, in order.")
        step_grid.another(view, one, "improvement-mapping-steps")
        return
    hot = max(steps, key=lambda s: s.wait + s.work)
    wait, work = sum(s.wait for s in steps), sum(s.work for s in steps)
    bench.headline(f"{one.name}: {words.plural(len(steps), 'step')} in {words.plural(len({s.role for s in steps}), 'lane')}; a straight case waits {words.duration(60 * wait)} and is worked on for {words.duration(60 * work)}")
    try:
        picture.show(drawn_process.drawing(steps, hot.name), f"process-{one.id}", f"{one.name} in swim lanes: " + ", ".join(s.name for s in steps))
    except CxError as wrong:
        st.warning(escape(str(wrong)))
    step_grid.show(view, one, "improvement-mapping-steps")
    step_grid.another(view, one, "improvement-mapping-steps")


def _sipoc(view: View, one: Any) -> None:
    columns = {"suppliers": "Suppliers", "inputs": "Inputs", "": "Process", "outputs": "Outputs", "customers": "Customers"}
    grid = st.grid(5, min_column_width=150, border=True, gap="xsmall", key="improvement-mapping-sipoc")
    for field, title in columns.items():
        with grid.cell():
            st.markdown(f"**{title}**")
            for i, line in enumerate(getattr(one, field) if field else [s.name for s in drawn_process.steps(one)], 1):
                st.text(line if field else f"{i} {line}")
    shelf = st.expander("Write the SIPOC", key="improvement-mapping-pen", on_change="rerun", icon=":material/edit:")
    if shelf.open:
        with shelf:
            held = opened("process", one, "improvement-mapping")
        form = Fields()
        with shelf, st.form(f"{held.key}-sipoc", border=False):
            written = {f: form(f).text_area(f"{t}, one a line", "\n".join(getattr(held.row, f)), height=90, key=f"{held.key}-{f}") for f, t in columns.items() if f}
            if st.form_submit_button("Save"):
                held.save({f: bench.listed(w) for f, w in written.items()}, bench.actor(view), "SIPOC saved", form)


def _stream(view: View) -> None:
    name = event_log.choose(view, "improvement-mapping")
    if name is None:
        nothing_yet("value stream")
        return
    found = event_log.log(view, name)
    event_log.shortened(found)
    v = event_log.values(found)
    waits = sum(v["wait"])
    charts.bars("improvement-mapping-stream", f"A case of {name} waits {words.duration(3600 * waits)} and is worked on for {words.duration(3600 * sum(v['work']))}", [x for s in v["step"] for x in (f"wait: {s}", s)],
                [x for wait, work in zip(v["wait"], v["work"], strict=True) for x in (3600 * wait, 3600 * work)], alt="Waiting before and work in each step", unit="s",
                tones=[x for s in v["step"] for x in ("context", "good" if found.valued.get(s) else "")], note="grey: waiting before the step · green: work that customers value · blue: other work")  # fmt: skip
    only = view.filters.narrowed("process", name)
    lead, share = (scorecard.read(k, only, now=view.now)[0].estimate for k in ("lead_time", "cycle_efficiency"))
    bench.tiles("improvement-mapping-tiles", [("Lead time (median)", words.value(lead.value, lead.unit), words.estimate(lead)), ("Value-added share", words.value(share.value, share.unit), words.estimate(share)),
                                             ("Cases", f"{found.cases:,}", f"{len(found.steps)} steps")])  # fmt: skip
