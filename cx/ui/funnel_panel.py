"""A funnel on a page: bars, a table with intervals and times, groups compared, and who left at a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.settings import settings
from cx.ui import charts, evidence, funnels
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.funnels import Answer, Question
from cx.ui.page import View
from cx.ui.tables import table as show_table
from cx.ui.text import outside, quiet


def table(rows: Sequence[Mapping[str, Any]], key: str, units: Mapping[str, str] | None = None) -> None:
    """Rows as a table."""
    show_table(list(rows), key, units=units or {"lost": "%", "ease": "points", "csat": "%"})


def sentence(answer: Answer) -> str:
    """What a funnel says: how many get through, and where most stop."""
    c = answer.conversion
    if c.value is None:
        return f"{answer.stages[0].reached:,} entered: {c.warning}"
    losses = [(after.kept.value, before.name, after.name) for before, after in zip(answer.stages, answer.stages[1:], strict=False) if after.kept.value is not None]
    text = f"{words.value(c.value, '%')} get from {answer.stages[0].name} to {answer.stages[-1].name} ({words.interval(c.low, c.high, '%')}, n {c.n:,})"
    if losses:
        kept, start, end = min(losses)
        text += f"; most stop between {start} and {end} ({100 - kept:.0f} %)"
    return text


def show(view: View, question: Question, by: str) -> None:
    """Draw the funnel of everybody; with `by` also each group; and the step chosen."""
    answer = funnels.answers(view.now, view.filters, question, "", view.last)[0]
    if not answer.stages[0].reached:
        quiet(f"Nobody entered with {question.steps[0]} in this period.")
        return
    headline(sentence(answer))
    left, right = st.columns([4, 5], gap="medium")
    with left:
        names, counts = [s.name for s in answer.stages], [s.reached for s in answer.stages]
        waiting = f"{answer.waiting:,} entered less than {question.window} days ago and may still go on: neither converted nor lost" if answer.waiting else f"window {question.window} days from the entry; everybody is decided"
        kept = [s.kept.value for s in answer.stages]
        worst = min((i for i in range(1, len(kept)) if kept[i] is not None), key=lambda i: kept[i] or 0, default=0)
        texts = [f"{n:,}" + (f" · {words.value(k, '%')} of those decided before" if i else " entered") for i, (n, k) in enumerate(zip(counts, kept, strict=True))]
        tones = ["bad" if i and i == worst else "" for i in range(len(kept))]
        asked = question.order != "any" and len(names) > 1
        clicked = charts.bars("journeys-funnel", f"{counts[0]:,} entered", names, [float(n) for n in counts], texts=texts, tones=tones, alt=sentence(answer), note=waiting + (" · click a step for who stopped there" if asked else ""), clicks=asked)
        _pointed(clicked, names)
    with right:
        show_table(
            [{"step": s.name, "reached": s.reached, "kept": s.kept.value if i else None, "interval": words.interval(s.kept.low, s.kept.high, "%") if i else "", "in progress": s.waiting,
              "stopped": s.lost, "hours": s.hours} for i, s in enumerate(answer.stages)],
            "journeys-funnel-rows", units={"kept": "%", "hours": "hours"}, titles={"hours": "median time"}, alt=sentence(answer),
        )  # fmt: skip
    if by:
        _groups(view, question, by)
    _who(view, question, answer)


def _pointed(clicked: str | None, names: Sequence[str]) -> None:
    """A click on a bar chooses the step in the switch below; a click that was seen before leaves what was chosen there since."""
    seen, st.session_state["journeys-funnel-pointed"] = st.session_state.get("journeys-funnel-pointed"), clicked
    if clicked in names[:-1] and clicked != seen:
        st.session_state["fwho"] = names.index(clicked) + 1


def _groups(view: View, question: Question, by: str) -> None:
    found = funnels.answers(view.now, view.filters, question, by, view.last)
    smallest = settings().minimum_group
    shown = [a for a in found if a.stages[0].reached >= smallest][:12]
    groups = [charts.Group(a.group, a.conversion) for a in shown]
    known = [a for a in shown if a.conversion.value is not None and a.conversion.low is not None and a.conversion.high is not None]
    title = f"Conversion by {by} ({question.touch})"
    if len(known) > 1:
        low = min(known, key=lambda a: a.conversion.value or 0)
        if all((low.conversion.high or 0) < (a.conversion.low or 0) for a in known if a is not low):
            title = f"{low.group} converts less than all others: {words.value(low.conversion.value, '%')}"
    charts.dots("journeys-funnel-groups", title, groups, alt=title, unit="%")
    rows = [{by: a.group, **{s.name: s.reached for s in a.stages}, "conversion": a.conversion.value, "in progress": a.waiting} for a in shown]
    show_table(rows, "journeys-funnel-grouped", units={"conversion": "%"})
    if len(found) > len(shown):
        quiet(f"{len(found) - len(shown)} further groups are smaller or beyond the twelve largest.")


def _who(view: View, question: Question, answer: Answer) -> None:
    """Click a step: who stopped there, and what they said afterwards."""
    numbers = list(range(1, len(question.steps)))
    if question.order == "any" or not numbers:
        return
    names = {k: answer.stages[k - 1].name for k in numbers}
    step = st.segmented_control("Who stopped after", numbers, format_func=lambda k: names.get(k, str(k)), key="fwho", bind="query-params")
    if not step or step not in names:
        return
    total, rows = funnels.stopped(view.now, view.filters, question, int(step), view.last)
    people, comments = funnels.said(view.now, view.filters, question, int(step), view.last)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        st.markdown("**Who stopped**")
        if rows:
            show_table([{**r} for r in rows], "journeys-funnel-who", titles={"since": "reached the step", "customer_id": "customer"})
        quiet(f"{total:,} people" + (f", the latest {len(rows):,} shown" if total > len(rows) else ""))
    with right:
        st.markdown("**What they said afterwards**")
        if not comments:
            few = settings().minimum_group
            quiet(f"Comments of {people} people: hidden, since fewer than {few} could be told apart." if people else "None of them has written anything since.")
        for i, row in enumerate(comments[:8]):
            with st.container(border=True, gap=None):
                outside(row["comment"])
                with st.container(horizontal=True, vertical_alignment="center"):
                    score = f"{row['score']:g}/{row['scale_max']:g} · " if row["score"] is not None and row["scale_max"] is not None else ""
                    quiet(score + " · ".join(str(f) for f in (words.day(row["answered_at"]), row["survey"], row["segment"]) if f))
                    evidence.offer(view, f"journeys-funnel-said-{i}", row)
