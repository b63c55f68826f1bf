"""Staffing: when customers ask, how many people that takes at a service level, what if, and who is trained for what."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.erlang import Staffing, agents_needed, staffing
from cx.analytics.estimate import Estimate
from cx.facts import engine
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import charts, trained
from cx.ui import format as words
from cx.ui.bench import actor, saved
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.text import quiet
from cx.ui.weekly import DAYS, Demand, demand, demand_map

ALL = "all"


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("tickets"):
        quiet("Demand is read from tickets; there are none yet. Upload an export of your help desk on the Data page. Until then say below how many contacts come in.")
        plan(view, Demand({}, (0,) * 7), ALL, ALL)
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            channel, team = pick(view, "channel"), pick(view, "team")
        only = tuple((name, value) for name, value in (("channel", channel), ("team", team)) if value != ALL)
        found = demand(view.now, view.filters, only)
        peak = found.busiest
        title = "No contacts in this selection" if peak is None else f"{DAYS[peak[0]]} at {peak[1]} h is busiest: {words.number(found.mean(peak).value)} contacts an hour"
        with st.container(border=True):
            demand_map(found, "service-staffing-demand", title)
        plan(view, found, channel, team)
    trained.show(view)
    registers(view, "service-staffing", "staffing_plan", "employee")


def pick(view: View, column: str) -> str:
    """A value of a ticket column, or all."""
    tickets = engine.tables()["tickets"]
    values = [row[column] for row in engine.rows(tickets.select(column).filter(tickets[column].notnull()).distinct().order_by(column).limit(100), now=view.now)]
    return st.selectbox(column.capitalize(), [ALL, *values], format_func=lambda v: f"all {column}s" if v == ALL else v, key=f"service-staffing-{column}", width=200)


def plan(view: View, found: Demand, channel: str, team: str) -> None:
    """The calculator: assumptions, what they ask for at the busiest hour, and the week."""
    kept = {row.name: row for row in records("staffing_plan")}
    with st.container(border=True):
        top = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        top.markdown("**What if**", width="stretch")
        chosen = top.selectbox("Plan", [None, *kept], format_func=lambda n: "own numbers" if n is None else n, key="service-staffing-plan", width=230, label_visibility="collapsed")
        base: Any = kept.get(chosen) if chosen else None
        tag = f"service-staffing-{chosen or 'own'}"
        busiest = found.mean(found.busiest).value if found.busiest else None
        columns, typed = st.columns(6, gap="small"), not view.now.rows("tickets")
        busiest = columns[0].number_input("Contacts an hour", 0.1, 10_000.0, 10.0, 1.0, format="%g", key=f"{tag}-contacts") if typed else busiest
        more = 100 if typed else columns[0].number_input("Demand, % of today", 10, 1000, 100, 10, key=f"{tag}-demand")
        handling = columns[1].number_input("Handling, minutes", 0.5, 480.0, float((base.handling_seconds or 600) / 60) if base else 10.0, 0.5, format="%.1f", key=f"{tag}-handling")
        level = columns[2].number_input("In time, %", 1.0, 99.0, float(base.service_level) if base else 80.0, 1.0, format="%.0f", key=f"{tag}-level")
        within = columns[3].number_input("… within, seconds", 0, 86_400, int(base.answer_seconds) if base else 60, 10, key=f"{tag}-within")
        shrinkage = columns[4].number_input("Shrinkage, %", 0.0, 95.0, float(base.shrinkage) if base else 30.0, 1.0, format="%.0f", key=f"{tag}-shrinkage")
        busy = columns[5].number_input("Occupancy at most, %", 10.0, 100.0, 88.0, 1.0, format="%.0f", key=f"{tag}-busy")
        if not busiest:
            quiet("No contacts in this selection, so there is nothing to staff.")
            return
        factor = more / 100

        def needed(contacts: float) -> Staffing:
            return agents_needed(contacts * factor, handling * 60, level / 100, within, shrinkage=shrinkage / 100, max_occupancy=busy / 100)

        best = needed(busiest)
        left, right = st.columns([4, 7], gap="medium")
        with left:
            at_peak(best, busiest * factor, handling * 60, within, level, shrinkage / 100)
        if not typed:
            with right:
                week(found, needed, base)
        if st.button("Keep as a plan", key=f"{tag}-keep", icon=":material/bookmark_add:"):
            name = " · ".join(part for part in (channel, team) if part != ALL) or "All contacts"
            label = next(n for n in (name, *(f"{name} {i}" for i in range(2, 100))) if n.lower() not in map(str.lower, kept))
            values = {"name": label, "team": None if team == ALL else team, "channel": None if channel == ALL else channel, "service_level": level, "answer_seconds": within,
                      "handling_seconds": handling * 60, "shrinkage": shrinkage, "scenario": {"demand": more, "occupancy": busy}}  # fmt: skip
            saved(lambda: create("staffing_plan", values, actor(view)), "Kept among the staffing plans.")


def at_peak(best: Staffing, contacts: float, handling: float, within: float, goal: float, shrinkage: float) -> None:
    """The busiest hour: what each number of people would give."""
    st.markdown(f"**{best.agents} people at work, {best.scheduled} on the rota, in the busiest hour**")
    quiet(f"{words.number(contacts)} contacts an hour · load {words.number(best.erlangs)} erlang · busy {words.value(100 * best.occupancy, '%')} · {words.value(100 * best.wait_probability, '%')} wait, {words.duration(best.average_wait)} on average")
    counts = list(range(max(best.agents - 3, 1), best.agents + 4))
    each = [staffing(contacts, handling, n, within, shrinkage=shrinkage) for n in counts]
    charts.bars(
        "service-staffing-agents", f"Answered within {words.duration(within)}, by people at work", [words.plural(n, "person", "people") for n in counts], [100 * s.service_level for s in each], unit="%",
        tones=["" if 100 * s.service_level >= goal else "bad" for s in each], texts=[f"{words.value(100 * s.service_level, '%')} · busy {words.value(100 * s.occupancy, '%')}" for s in each],
        alt=f"{best.agents} people reach {words.value(100 * best.service_level, '%')} in time; the goal is {words.value(goal, '%')}", note=f"Vermilion misses the goal of {words.value(goal, '%')}. Erlang C: random arrivals, endless patience.",
    )  # fmt: skip


def week(found: Demand, needed: Any, base: Any) -> None:
    """People on the rota by weekday and hour."""
    kept: dict[float, Staffing] = {}
    cells, total = [], 0
    for day, name in enumerate(DAYS):
        for hour in found.hours:
            contacts = found.mean((day, hour)).value or 0.0
            if contacts and contacts not in kept:
                kept[contacts] = needed(contacts)
            people = kept[contacts].scheduled if contacts else 0
            total += people
            cells.append(charts.Cell(name, f"{hour:02d}", Estimate(float(people), n=found.counts.get((day, hour), 0))))
    cost = f", {words.money(total * base.cost_minor, base.currency)} a week" if base is not None and base.cost_minor else ""
    charts.heat("service-staffing-week", f"{total:,} paid hours a week{cost}", cells, alt=f"People to put on the rota by weekday and hour, {total} hours a week", counts=False, note="people on the rota, shrinkage included, hours in UTC")
