"""Control charts: the series that moved, each broken rule by its name, limits that begin anew at changes, a case from a point."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cx.analytics.rules import RULE_SETS
from cx.errors import CxError
from cx.records import writing
from cx.records.lookup import records
from cx.ui import bench, charts, inspection
from cx.ui import format as words
from cx.ui import measurement_series as measured
from cx.ui.empty import nothing_yet
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

BACK = {"12 months": 12, "24 months": 24, "Period of the page": -1, "All data": 0}


def show(view: View) -> None:
    """Draw the workbench."""
    found = measured.series(view, measured.horizon(view, 12))
    if not found:
        nothing_yet("control chart")
        inspection.entry(view, "quality-control")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        titles = {s.title: s for s in found}
        name = st.selectbox("Series, the least stable first", list(titles), key="series", bind="query-params", help="Measured characteristic and where it was measured")
        one = titles.get(name or "", found[0])
        kind = st.selectbox("Chart", one.charts, key=f"quality-control-kind-{one.kind}-{one.subgroup >= 2}", format_func=_chart_name, width=150)
        rules = st.selectbox("Rules", list(RULE_SETS), index=1, key="rules", bind="query-params", format_func=str.capitalize, width=170)
        back = st.selectbox("Shown", list(BACK), key="quality-control-back", width=150)
    filters = view.filters if BACK[back] < 0 else measured.horizon(view, BACK[back])
    frame = measured.rows(view, one, filters)
    if frame.empty:
        quiet("Nothing was measured in this selection.")
        return
    first, last = frame["measured_at"].min(), frame["measured_at"].max()
    known = {e.name: e for e in measured.changes(view, "quality") if first.date() < measured.day(e.when) <= last.date()}
    chosen = st.pills("Limits begin anew at", list(known), selection_mode="multi", format_func=escape, key=f"quality-control-stages-{hash(one.names) % 10**6}") if known else []
    try:
        made = measured.charted(frame, one, kind or one.charts[0], rules or "nelson", [known[name] for name in chosen])
    except CxError as refused:
        st.warning(escape(str(refused)))
        return
    samples = made.samples()
    said = _finding(one, samples) + _moved(made)
    picked = charts.control("quality-control-chart", said, samples, alt=said, unit=made.unit, height=300, clicks=True,
                            note=" · ".join((f"{kind} chart", words.count(len(samples)), "click a point to act on it", *made.chart.warnings)))  # fmt: skip
    _stages(made)
    spread = made.chart.spread
    if spread is not None:
        behind = st.expander(f"Spread: {spread.kind.upper()} chart", key="quality-control-spread", on_change="rerun")
        if behind.open:
            with behind:
                inner = made.samples(spread)
                charts.control("quality-control-range", _finding(one, inner, "spread"), inner, alt="Spread within subgroups over time", unit=made.unit, height=180)
    _signals(view, one, samples, picked, made.unit)
    inspection.entry(view, "quality-control", one)


def _chart_name(kind: str) -> str:
    return {"xbar-r": "X̄-R", "xbar-s": "X̄-S", "i-mr": "I-MR", "laney p": "Laney p′", "laney u": "Laney u′"}.get(kind, kind)


def _finding(one: measured.Series, samples: list[charts.Sample], what: str = "") -> str:
    out = [s for s in samples if s.rules]
    name = f"{one.title}{', ' + what if what else ''}"
    if not out:
        return f"{name} is stable: none of {len(samples)} points signals"
    first = sorted({rule: sum(rule in s.rules for s in out) for s in out for rule in s.rules}.items(), key=lambda pair: -pair[1])
    return f"{name}: {len(out)} of {len(samples)} points signal, most often {first[0][0]}"


def _moved(made: measured.Charted) -> str:
    """How far the centre moved between the last two stages, in words; nothing where there is one stage."""
    known = [x for x in made.chart.limits if x.center is not None]
    if len(known) < 2:
        return ""
    a, b = (made.factor * float(x.center or 0) for x in known[-2:])
    return f"; centre {words.value(a, made.unit)} before, {words.value(b, made.unit)} since {known[-1].stage}"


def _stages(made: measured.Charted) -> None:
    limits = made.chart.limits
    if len(limits) < 2:
        return
    f = made.factor
    table(
        {"stage": [str(x.stage) for x in limits], "points": [x.n for x in limits], "centre": [None if x.center is None else f * x.center for x in limits],
         "sigma": [None if x.sigma is None else f * x.sigma for x in limits]},
        "quality-control-limits", titles={"stage": "Limits from"}, units={"centre": made.unit, "sigma": made.unit}, csv=False, alt="Limits by stage",
    )  # fmt: skip


def _signals(view: View, one: measured.Series, samples: list[charts.Sample], picked: int | None, unit: str) -> None:
    out = [(i, s) for i, s in enumerate(samples) if s.rules][::-1]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        bench.headline(f"Points that signal ({len(out)})")
        row = None
        if out:
            shown = {"when": [s.when.replace(tzinfo=None) if isinstance(s.when, datetime) else s.when for _, s in out], "value": [s.value for _, s in out],
                     "limits": [words.interval(s.low, s.high, unit) for _, s in out], "rule": ["; ".join(s.rules) for _, s in out]}  # fmt: skip
            row = table(shown, "quality-control-signals", units={"value": unit} if unit else {}, clicks=True, height=240, alt="Points that signal, with the rules they break")
        else:
            quiet("None. What varies here is the process itself: change the process, not the operator.")
    with right:
        bench.headline("Act on a point")
        chosen = samples[picked] if picked is not None and picked < len(samples) else out[row][1] if row is not None and row < len(out) else None
        if chosen is None:
            quiet("Click a point of the chart or a row of the table to open a corrective case from it.")
        else:
            _case(view, one, chosen, unit)


def _case(view: View, one: measured.Series, point: charts.Sample, unit: str) -> None:
    when: Any = point.when
    reference = f"{one.title}, {words.day(when)}"
    broken = "; ".join(point.rules) or "no rule broken"
    quiet(f"{reference}: {words.value(point.value, unit)} against {words.interval(point.low, point.high, unit)} ({broken}).")
    known = records("capa", reference=reference)
    if known:
        st.text(f"Case {known[0].id} is open for it: {known[0].title} ({known[0].status.replace('_', ' ')})")
        return
    form = Fields()
    title = form("title").text_input("Case", f"{one.title} out of control", key="quality-control-title")
    severity = st.segmented_control("Severity", ["low", "medium", "high", "critical"], default="medium", key="quality-control-severity", required=True)
    if st.button("Open a corrective case", icon=":material/add_alert:", key="quality-control-open", type="primary"):
        supplier = next((s.id for s in records("supplier") if s.name == one.names[3]), None)
        day = when.date() if isinstance(when, datetime) else datetime.now(UTC).date()
        values = {"title": title, "source": "measurement", "reference": reference, "product": one.names[2], "supplier_id": supplier, "severity": severity, "raised_on": day,
                  "problem": f"{one.title} on {words.day(when)}: {words.value(point.value, unit)} against limits of {words.interval(point.low, point.high, unit)}. Rules broken: {broken}.", "owner": view.member.name}  # fmt: skip
        bench.saved(lambda: writing.create("capa", values, bench.actor(view)), "Case opened: see Corrective actions", form)
