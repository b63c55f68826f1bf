"""Where the result of an experiment comes from: typed in, or counted in the data for two groups that a column or a day tells apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis
import streamlit as st

from cx.analytics.segment_rules import describe, parse
from cx.errors import CxError, InputError
from cx.facts import engine
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui import experiments
from cx.ui import format as words
from cx.ui.bench import actor
from cx.ui.experiment_rule import AMONG, DAY, NUMBERS, SCALED, SPLITS, Asked, asked_of, rule
from cx.ui.opened import Opened
from cx.ui.page import View, page
from cx.ui.remember import remembered
from cx.ui.text import escape, quiet

SIDES = ("control_n", "control_value", "control_spread", "test_n", "test_value", "test_spread")
SOURCES = {"entered": "Typed in", "responses": "Survey answers", "interactions": "What customers do"}
def sides(view: View, held: Opened) -> dict[str, Any] | None:
    """The numbers of both groups: those counted where the experiment says how, else fields to type them in; None where they cannot be shown."""
    row = held.row
    found = _counted(view, row) if row.dataset in experiments.TIME and isinstance(row.rule, dict) else _typed(held)
    _choose(view, held)
    return found


def _counted(view: View, row: Any) -> dict[str, Any] | None:
    if (row.kind == "proportion") != ("success" in row.rule):
        quiet(f"What is counted does not fit a {row.kind}: choose below what counts.")
        return None
    try:
        control, test = experiments.counted(view.now, str(row.dataset), row.rule, row.starts_on, row.ends_on)
    except CxError as wrong:
        st.error(escape(wrong, 400))
        return None
    share, few = row.kind == "proportion", settings().minimum_group
    if row.dataset == "responses" and any(0 < side[0] < few for side in (control, test)):
        quiet(f"Control {words.plural(control[0], 'respondent')}, test {words.plural(test[0], 'respondent')}: hidden, since fewer than {few} could be told apart.")
        return None
    for name, (n, value, spread) in (("Control", control), ("Test", test)):
        much = f"{value:,.0f} of {n:,} ({words.value(100 * value / n, '%')})" if share and n else f"mean {words.number(value)}, standard deviation {words.number(spread)}, n {n:,}" if n else "nobody"
        st.markdown(f"**{name}: {escape(much)}**")
        quiet(describe(parse(row.rule[name.lower()])))
    span = "".join(f" {word} {words.day(on)}" for word, on in (("from", row.starts_on), ("until", row.ends_on)) if on)
    met = f"a success: {describe(parse(row.rule['success']))}" if share else f"the number: {NUMBERS[row.dataset].get(row.rule['value'], row.rule['value'])}"
    quiet(f"Counted in {SOURCES[row.dataset].lower()}{span}, each {'customer' if share else 'row'} once; {met}.")
    return dict(zip(SIDES, (*control, *test), strict=True))


def _typed(held: Opened) -> dict[str, Any]:
    row, key = held.row, f"{held.key}-result"
    share = row.kind == "proportion"
    found: dict[str, Any] = {name: getattr(row, name) for name in SIDES}
    with st.container(border=True):
        for name, label in (("control", "Control"), ("test", "Test")):
            cells = st.columns(2 if share else 3)
            found[f"{name}_n"] = cells[0].number_input(f"{label}: number", 0, value=found[f"{name}_n"], key=f"{key}-{name}-n")
            found[f"{name}_value"] = cells[1].number_input(f"{label}: {'successes' if share else 'mean'}", value=found[f"{name}_value"], format="%.0f" if share else None, key=f"{key}-{name}-v")
            if not share:
                found[f"{name}_spread"] = cells[2].number_input(f"{label}: standard deviation", min_value=0.0, value=found[f"{name}_spread"], key=f"{key}-{name}-s")
    return found


def _choose(view: View, held: Opened) -> None:
    """Where the numbers come from, to be changed; nothing is read before it is opened."""
    row, key = held.row, f"{held.key}-source"
    box = st.expander(f"Where the numbers come from: {SOURCES.get(row.dataset, SOURCES['entered']).lower()}", icon=":material/database:", key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        source = st.segmented_control("Numbers are", SOURCES, format_func=SOURCES.__getitem__, default=row.dataset if row.dataset in SOURCES else "entered", key=f"{key}-of", required=True) or "entered"
        if source == "entered":
            if row.dataset in experiments.TIME and st.button("Type them in from now on", key=f"{key}-type"):
                held.save({"dataset": "entered"}, actor(view), "The numbers are typed in from now on")
            return
        if not view.now.rows(source):
            quiet(f"There are no {SOURCES[source].lower()} in the data yet.")
            st.page_link(page("data"), label="Upload them", icon=":material/upload_file:")
            return
        asked, start, end = _asked(view, held, source, f"{key}-{source}")
        if st.button("Count them", type="primary", key=f"{key}-{source}-count"):
            try:
                found = rule(source, row.kind, asked)
            except InputError as wrong:
                text = str(wrong)
                st.error(escape(text[:1].upper() + text[1:], 400))
                return
            held.save({"dataset": source, "rule": found, "starts_on": start, "ends_on": end}, actor(view), "Counted in the data")


def _asked(view: View, held: Opened, source: str, key: str) -> tuple[Asked, date | None, date | None]:
    row = held.row
    was = asked_of(row.rule) if row.dataset == source else Asked()
    among: list[tuple[str, str]] = []
    for side, column in zip(st.columns(3), AMONG[source], strict=False):
        options = [v for v in values(view.now, source, column) if column != "metric" or v in SCALED]
        kept = dict(was.among).get(column)
        chosen = side.selectbox(_title(column), options, index=options.index(kept) if kept in options else None, placeholder="all", key=f"{key}-among-{column}")
        among += [(column, chosen)] if chosen else []
    column = st.selectbox("The groups differ in", [DAY, *SPLITS[source]], index=[DAY, *SPLITS[source]].index(was.column) if was.column in SPLITS[source] else 0, format_func=lambda c: "before and after a day" if c == DAY else _title(c).lower(), key=f"{key}-column")
    control: list[str] = []
    test: list[str] = []
    day = None
    if column == DAY:
        day = st.date_input("Test from", was.day, key=f"{key}-day", help="Control is what happened before this day")
    else:
        options = list(values(view.now, source, column))
        a, b = st.columns(2)
        same = was.column == column
        control = a.multiselect("Control", options, default=[v for v in was.control if same and v in options], key=f"{key}-control-{column}", placeholder="choose")
        test = b.multiselect("Test", options, default=[v for v in was.test if same and v in options], key=f"{key}-test-{column}", placeholder="choose")
    least, number, events = None, "", []
    if row.kind == "mean":
        number = st.selectbox("The number", list(NUMBERS[source]), format_func=NUMBERS[source].__getitem__, key=f"{key}-number")
    elif source == "responses":
        least = st.number_input("A success is a score of at least", value=was.least, key=f"{key}-least", placeholder="such as 4")
    else:
        known = list(values(view.now, source, "event"))
        events = st.multiselect("A success is", known, default=[e for e in was.events if e in known], key=f"{key}-events", placeholder="choose events")
    a, b = st.columns(2)
    start = a.date_input("Counted from", row.starts_on, key=f"{key}-from")
    end = b.date_input("until", row.ends_on, key=f"{key}-until")
    return Asked(tuple(among), column, tuple(control), tuple(test), day, tuple(events), least, number), start, end


def _title(column: str) -> str:
    return "Measures" if column == "metric" else column.capitalize()


@remembered
def values(now: Revision, dataset: str, column: str) -> tuple[str, ...]:
    """What a column of a dataset holds, the most frequent first, at most 200."""
    table = engine.tables()[dataset]
    counts = table.filter(table[column].notnull()).group_by(column).aggregate(n=lambda t: t.count())
    return tuple(str(row[column]) for row in engine.rows(counts.order_by(ibis.desc("n"), column).limit(200), now=now))


def complete(found: Mapping[str, Any], share: bool) -> bool:
    """Whether both groups have all the numbers a test needs."""
    return all(found[name] is not None for name in SIDES if not (share and name.endswith("spread")))
