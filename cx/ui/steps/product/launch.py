"""Launch: gates that stay shut while must-items are open, a checklist with owners and dates, readiness at a glance."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from cx.records import gates
from cx.records.lookup import records
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.text import escape, quiet

MARKS = {"done": "✓", "not_needed": "–", "in_progress": "◐", "open": "○"}


def show(view: View) -> None:
    """Draw the workbench."""
    launches = records("launch")
    if not launches:
        quiet("No launch is planned. Add one below, with its date and whom it is for, then what must be ready before each gate.")
        registers(view, "product-launch", "launch", "launch_item")
        return
    order = sorted(launches, key=lambda x: (x.status in ("launched", "stopped"), x.launch_on or date.max))
    one = bench.choose("Launch", order, "launch", lambda x: f"{x.name} ({gates.words(x.gate)})", width=420)
    items = records("launch_item", launch_id=one.id)
    now = bench.today(view)
    held = opened("launch", one, "product-launch")
    one = held.row
    _finding(one, items, now)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _readiness(one, items)
        _gate(view, held, items)
    with right:
        _checklist(view, one, items, now)
    registers(view, "product-launch", "launch", "launch_item")


def _finding(one: Any, items: list[Any], now: date) -> None:
    left = gates.open_musts(one.gate, items)
    late = [i for i in items if i.status not in gates.SETTLED and i.due_on and i.due_on < now]
    days = (one.launch_on - now).days if one.launch_on else None
    when = "" if days is None else f", {days} days to launch" if days >= 0 else f", launched {-days} days ago" if one.status == "launched" else f", {-days} days past its date"
    if left:
        bench.headline(f"{one.name} cannot pass the gate {gates.words(one.gate)}: {len(left)} must-item{'s' if len(left) > 1 else ''} open{when}")
    else:
        bench.headline(f"{one.name} is ready for the next gate{when}" if one.gate != "review" else f"{one.name} is under review{when}")
    owners = sorted({i.owner or "nobody" for i in left})
    quiet(" · ".join(x for x in (f"waiting for {', '.join(owners)}" if owners else "", f"{words.plural(len(late), 'item')} late" if late else "", f"for {one.segment}" if one.segment else "", f"launch on {words.day(one.launch_on)}" if one.launch_on else "") if x) or "Nothing waits.")


def _readiness(one: Any, items: list[Any]) -> None:
    shown = [g for g in gates.LAUNCH if any(i.gate == g for i in items)]
    if not shown:
        return
    shares, texts, tones = [], [], []
    for g in shown:
        mine = [i for i in items if i.gate == g]
        done = sum(i.status in gates.SETTLED for i in mine)
        musts = sum(i.must and i.status not in gates.SETTLED for i in mine)
        shares.append(100 * done / len(mine))
        texts.append(f"{done} of {len(mine)}" + (f" · {musts} must open" if musts else ""))
        tones.append("bad" if musts and gates.LAUNCH.index(g) <= gates.LAUNCH.index(one.gate) else "good" if done == len(mine) else "")
    total = sum(i.status in gates.SETTLED for i in items)
    charts.bars("product-launch-ready", f"Readiness: {total} of {len(items)} items settled", [gates.words(g) for g in shown], shares, alt="Share of settled items by gate", unit="%", tones=tones, texts=texts)


def _gate(view: View, held: Opened, items: list[Any]) -> None:
    one = held.row
    place = gates.LAUNCH.index(one.gate)
    with st.container(horizontal=True, gap="xsmall"):
        for i, g in enumerate(gates.LAUNCH):
            st.badge(gates.words(g), icon=":material/check:" if i < place else None, color="blue" if i == place else "green" if i < place else "gray")
    if one.gate == gates.LAUNCH[-1]:
        quiet("It has passed every gate; its effect stands under Launch review.")
        return
    following = gates.LAUNCH[place + 1]
    reason = gates.launch_refused(one.gate, following, items)
    if reason:
        st.warning(escape(reason, 900), icon=":material/lock:")
    with st.container(horizontal=True):
        if st.button(f"Pass the gate, on to {gates.words(following)}", type="primary", key=f"{held.key}-pass"):
            more = {"status": "launched"} if following == "review" else {}
            held.save({"gate": following, **more}, bench.actor(view), f"Now at {gates.words(following)}")
        if place and st.button("One gate back", key=f"{held.key}-back"):
            held.save({"gate": gates.LAUNCH[place - 1], "status": "planned"}, bench.actor(view), f"Back at {gates.words(gates.LAUNCH[place - 1])}")


def _checklist(view: View, one: Any, items: list[Any], now: date) -> None:
    if not items:
        quiet("The checklist is empty: add items below, each with its gate, owner and date.")
        return
    gate = st.segmented_control("Gate", [g for g in gates.LAUNCH if any(i.gate == g for i in items)], default=one.gate if any(i.gate == one.gate for i in items) else None, format_func=gates.words, key=f"product-launch-gate-{one.id}-{one.gate}")
    for stored in [i for i in items if gate is None or i.gate == gate]:
        held = opened("launch_item", stored, "product-launch-item")
        item = held.row
        late = item.status not in gates.SETTLED and item.due_on and item.due_on < now
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(gap=None, width="stretch"):
                st.markdown(escape(f"{MARKS[item.status]} {item.title}"))
                quiet(" · ".join(x for x in ("must" if item.must else "may", item.area or "", item.owner or "nobody", f"due {words.day(item.due_on)}" if item.due_on else "", "late" if late else "") if x))
            status = st.selectbox("Status", list(MARKS), index=list(MARKS).index(item.status), format_func=lambda s: s.replace("_", " "), key=f"{held.key}-status", label_visibility="collapsed", width=150)
            if status != item.status:
                held.save({"status": status}, bench.actor(view), f"{item.title}: {status.replace('_', ' ')}")
