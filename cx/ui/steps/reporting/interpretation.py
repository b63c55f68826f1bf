"""Ask and test: two variables in, the fitting test out, with why it was chosen, the effect, its interval, power and a sentence."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.finding import Finding
from cx.analytics.inference import infer
from cx.analytics.sample_size import per_group_for_means
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS
from cx.ui import bench, charts, question, variables
from cx.ui import format as words
from cx.ui.empty import nothing_yet
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

KEY = "reporting-interpretation"
EXAMPLES = "Does reply time differ by channel? Is satisfaction related to reopened? Do late orders differ by courier?"


def show(view: View) -> None:
    """Draw the step."""
    found = [n for n in variables.usable(view) if len(variables.of_kind(n, "number", "category")) > 1]
    if not found:
        nothing_yet("test")
        return
    asked = st.text_input("Your question", key="ask", bind="query-params", placeholder=EXAMPLES, help="Name two things, such as reply time and channel. What was understood stands below and can be changed.")
    match = question.understood(asked, found) if asked.strip() else None
    if asked.strip() and match is None:
        quiet("No two variables were recognised; choose them below.")
    name, first, second, same = choices(view, found, match, asked)
    if first == second:
        quiet("Choose two different variables.")
        return
    frame, _, note = variables.frame(view, name, [first, second])
    titles = (variables.title(name, first), variables.title(name, second))
    x, y = _few(frame[first]), _few(frame[second])
    try:
        result = infer(x, y, same_units=same, names=titles)
    except MeasureError as refused:
        quiet(str(refused))
        return
    answer(result, note, _unit(name, first, second))
    left_side, right_side = st.columns([3, 2], gap="medium")
    with left_side, st.container(border=True):
        picture(frame, name, first, second, result)
    with right_side, st.container(border=True):
        reasons(result, titles, frame, name, first, second)


def _few(values: pd.Series) -> pd.Series:
    """Categories beyond the forty commonest become one, so that a long tail does not refuse the test."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    common = values.value_counts().index[:40]
    return values.where(values.isna() | values.isin(common), "other")


def choices(view: View, found: list[str], match: question.Match | None, asked: str) -> tuple[str, str, str, bool]:
    """Dataset and the two variables, as understood or chosen."""
    mark = str(abs(hash(asked)) % 10**6) if match else "own"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        start = match.dataset if match else "tickets" if "tickets" in found else found[0]
        name = st.selectbox("Dataset", found, index=found.index(start), format_func=lambda n: DATASETS[n].title, key=f"{KEY}-set-{mark}", width=220)
        keys = variables.of_kind(name, "number", "category")
        here = match if match and match.dataset == name else None
        first = here.first if here else keys[0]
        kinds = variables.of_kind(name, "category")
        second = here.second if here else next((k for k in ("channel", "category", "segment", *kinds) if k in kinds and k != first), keys[1])
        a = st.selectbox("First variable", keys, index=keys.index(first), format_func=lambda k: variables.title(name, k), key=f"{KEY}-a-{name}-{mark}")
        b = st.selectbox("Second variable", keys, index=keys.index(second), format_func=lambda k: variables.title(name, k), key=f"{KEY}-b-{name}-{mark}")
        numbers = set(variables.of_kind(name, "number"))
        same = st.toggle("Same thing measured twice", key=f"{KEY}-same", disabled=not {a, b} <= numbers, help="Before and after on the same unit: a paired test instead of a correlation.")
    return name, a, b, same and {a, b} <= numbers


def _unit(name: str, first: str, second: str) -> str:
    """The unit of what is compared: of the number, where there is one, or of both where they share it."""
    known = variables.variables(name)
    units = {known[k].unit for k in (first, second) if known[k].kind == "number"}
    return units.pop() if len(units) == 1 else ""


def answer(result: Finding, note: str, unit: str = "") -> None:
    """The sentence and its figures; a difference is in the unit of what is compared."""
    with st.container(border=True):
        bench.headline(result.sentence)
        size = words.number(result.size.value, 2) if result.size and result.size.value is not None else words.MISSING
        effect, size_range = result.effect, words.interval(result.size.low, result.size.high) if result.size else ""
        told = effect.unit or ("" if result.effect_name == "correlation" else unit) if effect else ""
        bench.tiles(f"{KEY}-tiles", [
            ("Test", result.test.removesuffix(" test"), f"statistic {words.number(result.statistic)}" + (f", df {', '.join(f'{d:.0f}' for d in result.df)}" if result.df else "") if result.statistic is not None else "none was possible"),
            ("p", words.MISSING if result.p is None else "< 0.001" if result.p < 0.001 else f"{result.p:.3f}", "clear" if result.significant else "could be chance"),
            (result.effect_name[:1].upper() + result.effect_name[1:] or "Effect", f"{words.number(effect.value, 2)} {told}".strip() if effect and effect.value is not None else words.MISSING, f"95 % interval {words.interval(effect.low, effect.high)}" if effect and effect.low is not None else "no single difference: see the cells below"),
            (result.size_name[:1].upper() + result.size_name[1:] or "Size", size, " · ".join(x for x in (f"{result.magnitude} effect" if result.magnitude else "", f"95 % interval {size_range}" if size_range and result.size is not effect else "") if x)),
            ("Power", words.MISSING if result.power is None else f"{100 * result.power:.0f} %", "chance to find an effect of this size with this n" if result.power is not None else "no formula for this test"),
        ])  # fmt: skip
        parts = [words.count(result.n), f"{result.missing:,} rows without both values left out" if result.missing else "", note, *result.warnings]
        quiet(" · ".join(p for p in parts if p))
        if result.significant and result.magnitude in ("negligible", "small"):
            quiet("Clear is not large: with this many rows even a small difference is found. Judge by the effect, not by p.")
        if result.p is not None and not result.significant and result.size and result.size.value and result.size_name == "Hedges' g":
            quiet(f"To find a difference of this size four times in five takes {per_group_for_means(abs(result.size.value), 1.0)[0]:,} in each group.")
        quiet("An association, not a cause: other things may differ between the groups as well.")


def reasons(result: Finding, titles: tuple[str, str], frame: pd.DataFrame, name: str, first: str, second: str) -> None:
    """Step by step why this test and no other."""
    st.markdown(f"**Why {escape(result.test)}**")
    kinds = [variables.variables(name)[k].kind for k in (first, second)]
    columns = [frame[key].dropna() for key in (first, second)]
    what = [f"{title} is " + (f"a number (skewness {float(str(v.astype(float).skew())):.1f})" if kind == "number" and len(v) > 2 else f"a category of {v.nunique()} values") for title, v, kind in zip(titles, columns, kinds, strict=True)]
    quiet(f"1. {'; '.join(what)}.")
    quiet(f"2. So this is about {result.why}.")
    for check in result.assumptions[:12]:
        quiet(f"{'✓' if check.met else '✗' if check.met is False else '–'} {check.name}: {check.detail}")
    quiet("3. Rows are taken as independent; where one customer stands in many rows, p is too small.")
    if result.groups is not None and len(result.groups):
        table(result.groups.reset_index(drop=True) if "group" in result.groups.columns else result.groups.reset_index(), f"{KEY}-groups", height=260 if len(result.groups) > 6 else None)


def picture(frame: pd.DataFrame, name: str, first: str, second: str, result: Finding) -> None:
    """The picture that fits the test."""
    known: dict[str, Any] = variables.variables(name)
    kinds = (known[first].kind, known[second].kind)
    whole = frame.dropna(subset=[first, second])
    if not len(whole):
        outside("No row has both values in this period.")
    elif kinds == ("number", "number"):
        step = max(len(whole) // 700, 1)
        dots = [charts.Dot(f"row {int(i)}", float(a), float(b)) for i, a, b in zip(whole["id"][::step], whole[first][::step], whole[second][::step], strict=True)]
        charts.scatter(f"{KEY}-chart", f"{known[second].title} by {known[first].title.lower()}", dots, alt=result.sentence, x_title=known[first].title, y_title=known[second].title)
    elif "number" in kinds:
        number, group = (first, second) if kinds[0] == "number" else (second, first)
        parts = sorted(whole.groupby(_few(whole[group])), key=lambda p: -len(p[1]))[:14]
        charts.boxes(f"{KEY}-chart", f"{known[number].title} by {known[group].title.lower()}", {str(g): p[number].tolist() for g, p in parts}, alt=result.sentence, unit=known[number].unit)
    else:
        counted = pd.crosstab(_few(whole[first]), _few(whole[second]))
        counted = counted.loc[counted.sum(axis=1).sort_values(ascending=False).index[:12], counted.sum().sort_values(ascending=False).index[:8]]
        shares = counted.div(counted.sum(axis=1), axis=0) * 100
        cells = [charts.Cell(str(r), str(c), Estimate(float(shares.loc[r, c]), n=int(counted.loc[r].sum()), unit="%")) for r in counted.index for c in counted.columns]
        charts.heat(f"{KEY}-chart", f"Share of {known[second].title.lower()} within {known[first].title.lower()}", cells, alt=result.sentence, unit="%", note="rows add up to 100 %")

