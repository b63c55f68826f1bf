"""Bottlenecks: where cases wait and turn back, the ways they take, and which cases take longest."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.records import writing
from cx.ui import bench, charts, event_log
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.readings import standing_out
from cx.ui.tables import table
from cx.ui.text import quiet

BY = ("segment", "role", "touchpoint", "outcome")


def show(view: View) -> None:
    """Draw the workbench."""
    name = event_log.choose(view, "improvement-analysis")
    if name is None:
        nothing_yet("bottleneck")
        registers(view, "improvement-analysis", "process")
        return
    found = event_log.log(view, name)
    event_log.shortened(found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _times(found)
    with right:
        _loops(found)
    _ways(found)
    _who(view, name)
    _act(view, found)
    registers(view, "improvement-analysis", "process")


def _times(found: event_log.Log) -> None:
    order = found.steps.sort_values("total", ascending=False)
    top = order.iloc[0]
    title = f"{top['step']} is the bottleneck: {top['share']:.0f} % of all time in {found.name}"
    charts.bars("improvement-analysis-times", title, list(order["step"]), [float(s) for s in order["share"]], alt=title, unit="%", texts=[f"{s:.0f} %" for s in order["share"]], note="share of all work and waiting")

    def told(hours: float) -> str:
        return words.duration(3600 * hours) if hours == hours else ""

    table({"step": list(order["step"]), "wait (median)": [told(h) for h in order["wait_median"]], "wait (P90)": [told(h) for h in order["wait_p90"]], "work (median)": [told(h) for h in order["work_median"]]},
          "improvement-analysis-steps", csv=False, alt="Waiting before and work in each step")  # fmt: skip


def _loops(found: event_log.Log) -> None:
    place = dict(zip(found.steps["step"], found.steps["place"], strict=True))
    back = found.arrows[[s in place and t in place and place[t] <= place[s] for s, t in zip(found.arrows["source"], found.arrows["target"], strict=True)]]
    again = found.steps[found.steps["repeats"] > 0]
    extra = float((again["repeats"] * again["work_mean"]).sum())
    if back.empty:
        bench.headline("No case turns back")
        return
    worst = back.sort_values("n", ascending=False).iloc[0]
    bench.headline(f"{worst['n']:,} cases go back from {worst['source']} to {worst['target']}: {worst['share']:.0f} % of what reaches it")
    table({"from": back["source"], "back to": back["target"], "times": back["n"].astype(int), "share": back["share"]}, "improvement-analysis-loops", units={"share": "%"}, alt="Rework loops")
    quiet(f"Work done again: {words.number(extra)} hours in this period, over {int(again['repeats'].sum()):,} repeated steps.")


def _ways(found: event_log.Log) -> None:
    v = found.variants
    few = int((v["cumulative"] < 80).sum()) + 1
    again = int(v.loc[v["rework"].astype(bool), "cases"].sum())
    bench.headline(f"{few} of {len(v)}{'+' if len(v) == 30 else ''} ways cover 80 % of the cases; {again:,} of {int(v['cases'].sum()):,} cases repeat a step")
    table({"way": [event_log.folded(w) for w in v["variant"]], "cases": v["cases"].astype(int), "share": v["share"], "cumulative": v["cumulative"], "median": v["lead_median"]},
          "improvement-analysis-ways", units={"share": "%", "cumulative": "%", "median": "h"}, titles={"cumulative": "sum", "median": "lead time"}, help={"median": "median of the cases", "way": "×2: done twice in a row, which is rework"}, height=260, alt="Variants of the process")  # fmt: skip


def _who(view: View, name: str) -> None:
    by = st.segmented_control("Lead time by", BY, default=BY[0], key="improvement-analysis-by", required=True) or BY[0]
    row = kpi("lead_time")
    read = [r for r in scorecard.read(row, view.filters.narrowed("process", name), (by,), compare=view.compare, now=view.now) if r.key(by) is not None]
    read.sort(key=lambda r: -(r.estimate.value or 0))
    title = standing_out(row, by, read)
    charts.dots("improvement-analysis-who", title, [charts.Group(str(r.key(by)), r.estimate, r.before.value if r.before else None, r.hidden) for r in read[:12]], alt=title, unit=row.unit)
    if by in ("role", "outcome"):
        quiet("A case that passes through several of these counts in each, for the part done there.")


def _act(view: View, found: event_log.Log) -> None:
    top = found.steps.iloc[0]
    values: dict[str, Any]
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        form = Fields()
        title = form("title").text_input("Act on it", f"Shorten the wait before {top['step']}", key=f"improvement-analysis-act-{found.name}")
        if st.button("File an action", key="improvement-analysis-file", icon=":material/add_task:"):
            values = {"title": title, "group": "improvement", "step": "analysis", "kpi": "lead_time", "owner": view.member.name,
                      "origin": f"{top['step']} takes {top['share']:.0f} % of the time of {found.name} ({found.cases:,} cases)"}  # fmt: skip
            bench.saved(lambda: writing.create("action", values, bench.actor(view)), "Action filed", form)
        if st.button("Look for the cause", key="improvement-analysis-cause", icon=":material/account_tree:", help="Opens a case with fishbone and five whys under Quality"):
            values = {"title": f"Why {top['step']} takes so long", "source": "measurement", "reference": found.name, "raised_on": bench.today(view), "owner": view.member.name,
                      "problem": f"{top['step']} takes {top['share']:.0f} % of the time of {found.name}."}  # fmt: skip
            bench.saved(lambda: writing.create("capa", values, bench.actor(view)), "Case opened: its fishbone stands under Corrective actions")
