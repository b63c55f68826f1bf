"""Chart builder: six kinds of chart on any dataset, with aggregation and filters, saved to boards that others open."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.errors import InputError
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.facts.history import Revision
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, recipe, variables
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.recipe import AGGREGATES, GRAINS, KINDS, Recipe
from cx.ui.remember import remembered
from cx.ui.text import escape, quiet

KEY = "reporting-visualization"
FIRST = ("tickets", "orders", "responses")


def show(view: View) -> None:
    """Draw the step."""
    found = variables.usable(view)
    if not found:
        nothing_yet("chart")
        registers(view, KEY, "saved_chart")
        return
    saved = records("saved_chart")
    boards = sorted({c.board for c in saved if c.board})
    part = st.segmented_control("Part", ["Build", *boards], default="Build", key="board", bind="query-params", required=True, label_visibility="collapsed", format_func=lambda b: str(escape(b))) or "Build"
    if part == "Build":
        build(view, found)
    else:
        board(view, part, sorted((c for c in saved if c.board == part), key=lambda c: (c.position is None, c.position or 0, c.id)))
    registers(view, KEY, "saved_chart")


def build(view: View, found: list[str]) -> None:
    """The builder on the left, the chart on the right."""
    left, right = st.columns([2, 5], gap="medium")
    with left:
        made = choices(view, found)
    with right, st.container(border=True):
        recipe.draw(view, made, f"{KEY}-{abs(hash(made)) % 10**8}", height=380)
    if not recipe.needs(made) and view.member.may("contributor"):
        keep(view, made)


def choices(view: View, found: list[str]) -> Recipe:
    """The widgets of the builder, each offering what fits what was chosen before."""
    first = next((n for n in FIRST if n in found), found[0])
    name = st.selectbox("Dataset", found, index=found.index(first), format_func=lambda n: DATASETS[n].title, key="chartset", bind="query-params")
    kind = st.selectbox("Chart", list(KINDS), format_func=KINDS.__getitem__, key="chartkind", bind="query-params")
    known = variables.variables(name)
    numbers, groups, moments = (variables.of_kind(name, k) for k in ("number", "category", "moment"))
    across = {"bar": [*groups, *moments], "line": moments, "scatter": numbers, "histogram": numbers, "heat_map": [*groups, *moments], "box": groups}[kind]
    if kind == "line":
        time = DATASETS[name].time
        across = [time, *(m for m in moments if m != time)]
    if not across:
        quiet("This dataset has no variable for this kind of chart.")
        st.stop()
    def title(key: str) -> str:
        return known[key].title if key else "none"
    x = st.selectbox({"bar": "Bars", "line": "Time", "scatter": "Across", "histogram": "Number", "heat_map": "Rows", "box": "Boxes"}[kind], across, index=next((across.index(k) for k in ("category", "channel", "segment") if k in across), 0) if kind in ("bar", "box", "heat_map") else 0, format_func=title, key=f"{KEY}-x-{name}-{kind}")
    y = split = ""
    aggregate, grain = "count", "month"
    if kind in ("bar", "line", "heat_map"):
        aggregate = st.selectbox("Show", list(AGGREGATES), format_func=AGGREGATES.__getitem__, key=f"{KEY}-aggregate-{name}-{kind}")
        if aggregate not in ("count", "customers"):
            y = st.selectbox("of", numbers, format_func=title, key=f"{KEY}-y-{name}-{kind}") or ""
    elif kind != "histogram":
        y = st.selectbox("Up" if kind == "scatter" else "Number", [n for n in numbers if n != x], format_func=title, key=f"{KEY}-y-{name}-{kind}") or ""
    if kind in ("line", "scatter"):
        split = st.selectbox("A line for each" if kind == "line" else "A dot for each (none: rows)", ["", *groups], format_func=title, key=f"{KEY}-split-{name}-{kind}") or ""
    elif kind == "heat_map":
        split = st.selectbox("Columns", [g for g in [*groups, *moments] if g != x], format_func=title, key=f"{KEY}-split-{name}-{kind}") or ""
    if any(k and known[k].kind == "moment" for k in (x, split)):
        grain = st.segmented_control("By", GRAINS, default="month", key=f"{KEY}-grain-{kind}", required=True) or "month"
    only = []
    columns = st.multiselect("Only rows where", groups, format_func=title, key=f"{KEY}-only-{name}", max_selections=3)
    for column in columns:
        chosen = st.multiselect(title(column), _values(view.now, name, column), key=f"{KEY}-only-{name}-{column}")
        if chosen:
            only.append((column, tuple(sorted(chosen))))
    return Recipe(name, kind, x, y, split, aggregate, grain, tuple(sorted(only)))


@remembered
def _values(now: Revision, name: str, column: str) -> list[str]:
    table = engine.tables()[name]
    value = variables.variables(name)[column].of(table)
    counted = table.select(v=value).filter(lambda t: t["v"].notnull()).group_by("v").aggregate(n=lambda t: t.count())
    return [str(r["v"]) for r in engine.rows(counted.order_by(counted["n"].desc(), counted["v"]).limit(200), now=now)]


def keep(view: View, made: Recipe) -> None:
    """Save the chart to a board."""
    form = Fields()
    with st.form(f"{KEY}-save"), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        proposed = recipe.name_of(made)  # part of the key: another chart proposes another title, and the same one keeps what was typed
        title = form("title").text_input("Title", proposed, key=f"{KEY}-title-{proposed}")
        onto = form("board", width=200).text_input("Board", placeholder="Delivery", key=f"{KEY}-board")
        note = form("note").text_input("What it says", key=f"{KEY}-note")
        if st.form_submit_button("Save", type="primary", icon=":material/save:"):
            values = {"title": title, "dataset": made.dataset, "kind": made.kind, "chart": made.document(), "board": onto.strip() or "Board", "note": note or None, "owner": view.member.name}
            bench.saved(lambda: writing.create("saved_chart", values, bench.actor(view)), "Saved to the board", form)


def board(view: View, name: str, charts: list[Any]) -> None:
    """The charts of a board, drawn for the page's period and filters."""
    bench.headline(f"{name}: {words.plural(len(charts), 'chart')}, for the period and filters above")
    columns = st.columns(2, gap="medium")
    for i, saved in enumerate(charts):
        with columns[i % 2], st.container(border=True):
            try:
                recipe.draw(view, recipe.read(saved.chart or {}), f"{KEY}-saved-{saved.id}", title=saved.title)
            except InputError as refused:
                st.markdown(f"**{escape(saved.title)}**")
                quiet(str(refused))
            if saved.note:
                quiet(saved.note)
