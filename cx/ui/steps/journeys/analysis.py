"""Funnels and paths: where people leave, how long they take, which way they really go."""

from __future__ import annotations

import streamlit as st

from cx.ui import charts, flow, funnel_panel, funnels, poster, touchpoints, verbatims
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.funnels import Question
from cx.ui.page import View
from cx.ui.palette import palette
from cx.ui.text import quiet

BY = {"": "Everybody", "segment": "Segment", "channel": "Channel", "device": "Device", "persona": "Persona", "country": "Country", "campaign": "Campaign"}
FIRST = ("Order placed", "Delivery", "Onboarding call", "First use")


def show(view: View) -> None:
    """Draw the step."""
    events = touchpoints.events(view.now, view.filters)
    if len(events) < 2:
        with st.container(border=True):
            st.markdown("**A funnel needs two kinds of events or more**")
            quiet(f"Seen in {view.period.text}: {len(events)}. Upload what customers do (interactions) or choose a longer period.")
        return
    seen = {event: (rows, people) for event, _, rows, people in events}
    mode = st.segmented_control("View", ["funnel", "paths", "effort"], format_func={"funnel": "Funnel", "paths": "Paths", "effort": "Drop-off and effort"}.__getitem__, default="funnel", key="fview", bind="query-params", required=True, label_visibility="collapsed")
    if mode == "paths":
        _paths(view, seen)
        return
    question, by = builder(seen)
    if len(question.steps) < 2:
        quiet("Choose two events or more; the order in which you choose them is the order of the steps.")
        return
    if mode == "funnel":
        funnel_panel.show(view, question, by)
    else:
        _effort(view, question)


def builder(seen: dict[str, tuple[int, int]]) -> tuple[Question, str]:
    """The steps and rules of the funnel, all of them in the address."""
    options = list(seen)
    for name in st.session_state.get("fsteps") or []:
        if name not in options:
            options.append(name)
    default = [e for e in FIRST if e in seen]
    usual = default if len(default) > 1 else options[:3]
    with st.container(border=True):
        st.multiselect("Steps, in order", options, default=None if "fsteps" in st.session_state else usual, key="fsteps", bind="query-params", placeholder="Choose events", select_all=False)
        steps = tuple(st.session_state.get("fsteps") or ())
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            order = st.selectbox("Order", list(funnels.ORDERS), format_func=funnels.ORDERS.__getitem__, key="forder", bind="query-params", width=165)
            window = st.number_input("Within days", 1, 730, 60, key="fwindow", bind="query-params", width=120)
            by = st.selectbox("Compare by", list(BY), format_func=BY.__getitem__, key="fby", bind="query-params", width=140)
            touch = st.selectbox("Credited to", ["first touch", "last touch"], key="ftouch", bind="query-params", width=140, disabled=not by or order == "any", help="Which event says to what group somebody belongs")
            with st.popover("Events seen", icon=":material/format_list_numbered:", on_change="rerun", key="fseen") as listed:
                if listed.open:
                    funnel_panel.table([{"event": e, "people": people, "times": rows} for e, (rows, people) in seen.items()], "journeys-analysis-seen")
            with st.popover("Reorder", icon=":material/swap_vert:", disabled=len(steps) < 2):
                for i, name in enumerate(steps):
                    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                        st.text(f"{i + 1}. {name}", width="stretch")
                        st.button("Earlier", key=f"fup-{i}", disabled=i == 0, on_click=_move, args=(name, -1), type="tertiary")
                        st.button("Later", key=f"fdown-{i}", disabled=i == len(steps) - 1, on_click=_move, args=(name, 1), type="tertiary")
        counts = [f"{e}: {seen[e][1]:,} people, {seen[e][0]:,} times" if e in seen else f"{e}: not seen" for e in steps]
        quiet(" · ".join([*counts, "the address holds the whole funnel: share the link"]))
    return Question(steps, order, int(window), touch if order != "any" else "first touch"), by


def _move(name: str, by: int) -> None:
    st.session_state["fsteps"] = list(funnels.moved(Question(tuple(st.session_state["fsteps"])), name, by).steps)


def _effort(view: View, question: Question) -> None:
    """What is lost at each step beside how easy it was there, and what people say of the hardest."""
    answer = funnels.answers(view.now, view.filters, question, "", view.last)[0]
    places = {event: place for event, place, _, _ in touchpoints.events(view.now, view.filters)}
    scores = touchpoints.scores(view, keys=("ease", "csat"))
    rows, worst = [], ("", -1.0)
    for before, after in zip(answer.stages, answer.stages[1:], strict=False):
        place = places.get(before.name) or ""
        lost = None if after.kept.value is None else 100 - after.kept.value
        ease, csat = (scores.get(place, {}).get(k) for k in ("ease", "csat"))
        rows.append({
            "from": before.name, "to": after.name, "lost": lost, "people": before.lost, "touchpoint": place, "ease": ease.estimate.value if ease else None,
            "n": ease.estimate.n if ease else None, "csat": csat.estimate.value if csat else None,
        })  # fmt: skip
        if lost is not None and lost > worst[1]:
            worst = (before.name, lost)
    felt = next((r["ease"] for r in rows if r["from"] == worst[0]), None)
    headline(f"Most leave after {worst[0]}: {worst[1]:.0f} % of those decided" + (f", where ease is {words.value(felt, 'points')}" if isinstance(felt, float) else "") if worst[0] else "Nobody has left yet")
    dots = [charts.Dot(f"{r['from']} → {r['to']}", float(r["ease"]), float(r["lost"])) for r in rows if r["ease"] is not None and r["lost"] is not None]
    left, right = st.columns([5, 4], gap="medium")
    with left:
        funnel_panel.table(rows, "journeys-analysis-effort")
    with right:
        if len(dots) > 1:
            charts.scatter("journeys-analysis-ease", "Loss against ease", dots, alt="Share lost after each step by how easy it was there", x_title="ease, points", y_title="lost, %", x_unit="points", y_unit="%")
        else:
            quiet("Fewer than two of these steps have an effort score, so loss and effort cannot be drawn against each other.")
    if hardest := places.get(worst[0]):
        verbatims.show(view, "journeys-analysis-words", {"touchpoint": hardest}, f"What they said of {hardest}")


def _paths(view: View, seen: dict[str, tuple[int, int]]) -> None:
    """What really happens after or before an event."""
    options = list(seen)
    start = options.index("Onboarding call") if "Onboarding call" in options else 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        anchor = st.selectbox("Event", options, index=start, key="panchor", bind="query-params", width=240)
        direction = st.segmented_control("Direction", ["after", "before"], default="after", key="pway", bind="query-params", required=True)
        steps = st.number_input("Steps", 1, 5, 3, key="psteps", bind="query-params", width=110)
        limit = st.number_input("Paths shown", 3, 60, 25, key="plimit", bind="query-params", width=120, help="The rest is drawn as other paths")
        without = st.multiselect("Leave out", [e for e in options if e != anchor], key="pwithout", bind="query-params", width=260, placeholder="Nothing")
    rows = funnels.walked(view.now, view.filters, anchor, direction, int(steps), int(limit), tuple(without))
    if not rows:
        quiet(f"{anchor} was not seen in this period.")
        return
    total = sum(r["count"] for r in rows)
    first: dict[str, float] = {}
    for r in rows:
        first[r["step_1"]] = first.get(r["step_1"], 0) + r["count"]
    name, count = max(((n, c) for n, c in first.items() if n != flow.OTHER), key=lambda pair: pair[1], default=("", 0))
    said = "nothing follows" if name == flow.END else "it is the first thing" if name == flow.START else f"comes {name}"
    headline(f"{'After' if direction == 'after' else 'Before'} {anchor}, most often {said}: {100 * count / total:.0f} % of {total:,.0f} times")
    drawn = flow.svg(rows, anchor, palette(), backwards=direction == "before")
    poster.show(drawn, "journeys-paths", alt=f"Paths {direction} {anchor}: {said} in {100 * count / total:.0f} % of cases", name=f"paths {direction} {anchor}")
    table = [{**{f"step {k}": r[f"step_{k}"] for k in range(1, int(steps) + 1)}, "times": int(r["count"]), "share": r["share"]} for r in rows]
    with st.expander("The paths as a table", on_change="rerun", key="journeys-paths-table") as opened:
        if opened.open:
            funnel_panel.table(table, "journeys-paths-rows", {"share": "%"})
