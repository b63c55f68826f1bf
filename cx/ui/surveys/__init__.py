"""Hosted surveys: what came in, the form and its links, whom to ask, and the register they are defined in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cx.surveys.results import Standing, standings
from cx.ui import bench
from cx.ui import filters as bar
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.register import show as register_editor
from cx.ui.surveys import asking, form, results
from cx.ui.tables import table
from cx.ui.text import quiet

PARTS: dict[str, str] = {"results": "Results", "form": "Form and link", "asking": "Ask", "define": "Define"}
SHOWN: dict[str, Callable[[View, Standing], None]] = {"results": results.show, "form": form.show, "asking": asking.show}


def show(view: View) -> None:
    """Draw the page: every survey in a line, then the chosen one."""
    st.title("Surveys", anchor=False)
    found = standings(view.now)
    bench.headline(finding(found))
    if not found:
        quiet("A survey asks one question, on a page of this server or by mail, and its answers are in every number at once. Define the first one, make it live, and hand out its link.")
        register_editor("survey", bench.actor(view), prefix="surveys")
        return
    results.watch(view)
    picked = table([line(one) for one in found], "surveys-list", units={"response rate": "%"}, csv=False, clicks=True, alt=finding(found))
    names = [one.survey for one in found]
    clicked(names, picked)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = bench.choose("Survey", names, "survey", lambda one: one.name, width=320)
        bar.by_key("surveypart", PARTS)
        part = st.segmented_control("Part", list(PARTS), format_func=PARTS.__getitem__, key="surveypart", bind="query-params", required=True, label_visibility="collapsed") or "results"
    if part == "define":
        register_editor("survey", bench.actor(view), prefix="surveys")
        return
    SHOWN[part](view, next(one for one in found if one.survey.id == chosen.id))


def clicked(surveys: list[Any], row: int | None) -> None:
    """A click into the table chooses that survey, once."""
    if row is not None and row != st.session_state.get("surveys-clicked"):
        st.session_state["survey"] = surveys[row].name
    st.session_state["surveys-clicked"] = row


def line(one: Standing) -> dict[str, Any]:
    """A survey in the table."""
    return {
        "survey": one.survey.name, "status": one.state, "asks": asks(one.survey), "invited": one.invited or None, "answers": one.answers,
        "response rate": one.rate.value if one.rate else None, "last arrival": one.last,
    }  # fmt: skip


def asks(survey: Any) -> str:
    """When a survey asks, in words."""
    return {"by_hand": "by hand", "on_event": f"after: {survey.event or 'no event named'}", "on_schedule": "on a schedule", "to_a_sample": "a sample, on a schedule"}[survey.trigger]


def finding(found: list[Standing]) -> str:
    """What the page says."""
    if not found:
        return "No survey is defined yet"
    live = [one for one in found if one.state == "live"]
    text = f"{words.plural(len(live), 'survey')} of {len(found)} take answers" if len(live) != 1 else f"1 survey of {len(found)} takes answers"
    last = max((one for one in found if one.last), key=lambda one: one.last or 0, default=None)
    waits = sum(one.waiting for one in found)
    return text + (f"; the last came in {words.moment(last.last)} UTC to {last.survey.name}" if last and last.last else "; none has been answered yet") + (f"; {words.plural(waits, 'invitation')} wait to be sent" if waits else "")
