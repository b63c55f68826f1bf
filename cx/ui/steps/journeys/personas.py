"""Persona comparison: two personas or segments on the same journey, every difference tested."""

from __future__ import annotations

import streamlit as st

from cx.ui import charts, contrast, filters, funnels, kept, touchpoints
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.contrast import Line
from cx.ui.funnels import Question
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

FIRST = ("Order placed", "Delivery", "Onboarding call", "First use")


def show(view: View) -> None:
    """Draw the step."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        column = st.segmented_control("Compare", ["segment", "persona"], format_func=str.capitalize, default="segment", key="vskind", bind="query-params", required=True) or "segment"
        names = list(filters.values(column, view.now))
        if len(names) > 1:
            first = st.selectbox("First", names, index=0, key=f"vs1{column}", bind="query-params", width=200)
            second = st.selectbox("Second", [n for n in names if n != first], index=len(names) - 2, key=f"vs2{column}", bind="query-params", width=200)
            events = [e for e, *_ in touchpoints.events(view.now, view.filters)]
            usual = [e for e in FIRST if e in events] or events[:2]
            steps = st.multiselect("Journey", events, default=usual, key="vssteps", bind="query-params", width=420)
    if len(names) < 2:
        alone(view, column)
        return
    places = tuple(sorted(set(touchpoints.seen(view.now, view.filters))))
    lines = contrast.lines(view.now, view.filters, column, first, second, Question(tuple(steps), window=60), places, view.last)
    headline(sentence(lines, first, second))
    rows = [
        {"what": x.what, first: _said(x, x.first), second: _said(x, x.second), "difference": words.change(x.gap, x.unit) if x.gap is not None else "hidden (n < 5)" if x.hidden else words.MISSING,
         "interval": words.interval(x.low, x.high, x.unit) if x.gap is not None else "", **({"verdict": "differs" if x.significant else ""} if any(line.significant for line in lines) else {}), "p, corrected": x.corrected, "p": x.p} for x in lines
    ]  # fmt: skip
    left, right = st.columns([2, 1], gap="medium")
    with left:
        table([{**r, "p": _p(r["p"]), "p, corrected": _p(r["p, corrected"])} for r in rows], "journeys-personas-table", alt=sentence(lines, first, second), columns=[name for name in rows[0] if name != "p"] if rows else None)
        quiet(f"Difference: {second} minus {first}. {sum(x.p is not None for x in lines)} tests, corrected after Holm so that chance alone finds something 1 time in 20 in all.")
    with right:
        answers = [(name, funnels.answers(view.now, view.filters.narrowed(column, name), Question(tuple(steps), window=60), "", view.last)[0]) for name in (first, second)] if len(steps) > 1 else []
        for name, answer in answers:
            charts.bars(f"journeys-personas-{'a' if name == first else 'b'}", f"{name}: {words.value(answer.conversion.value, '%')} get through", [s.name for s in answer.stages], [float(s.reached) for s in answer.stages],
                        texts=[f"{s.reached:,} · {words.value(s.kept.value, '%')}" if i else f"{s.reached:,} entered" for i, s in enumerate(answer.stages)], alt=f"Funnel of {name}", note=f"{answer.waiting:,} still on the way" if answer.waiting else "")  # fmt: skip
    shown = [x for x in lines if x.gap is not None and x.unit in ("points", "%")]
    if shown:
        groups = [charts.Group(x.what, contrast.Estimate(x.gap, x.low, x.high, x.first.n + x.second.n, "points")) for x in sorted(shown, key=lambda x: x.gap or 0)]
        charts.dots("journeys-personas-gaps", f"{second} against {first}, in points", groups, alt=sentence(lines, first, second), unit="points", target=0.0, note="dashed: no difference")
    kept.registers(view, "journeys-personas", "persona", "segment")


def alone(view: View, column: str) -> None:
    """What to do where there are not two to compare."""
    with st.container(border=True):
        st.markdown("**There is nothing to compare yet**")
        quiet(f"The data names fewer than two values of {column}. Upload customers, answers or interactions with a column of {column}s; personas can be written already.")
    kept.registers(view, "journeys-personas", "persona")


def sentence(lines: tuple[Line, ...], first: str, second: str) -> str:
    """The largest difference that stands, or that none does."""
    standing = [x for x in lines if x.significant and x.gap is not None]
    if not standing:
        return f"No difference between {first} and {second} stands after correction"
    worst = min(standing, key=lambda x: x.corrected or 0)
    better = "higher" if (worst.gap or 0) > 0 else "lower"
    return f"{len(standing)} of {len(lines)} differ; clearest: {worst.what} is {better} for {second} ({words.value(worst.second.value, worst.unit)} against {words.value(worst.first.value, worst.unit)})"


def _said(line: Line, e: contrast.Estimate) -> str:
    return "hidden (n < 5)" if line.hidden and e.n < 5 else f"{words.value(e.value, line.unit)} (n {e.n:,})"


def _p(p: object) -> str:
    return "" if not isinstance(p, float) else "< 0.001" if p < 0.001 else f"{p:.3f}"
