"""Capability and cost: Pareto, capability against the specification with both sigmas, yields and sigma level, cost of quality."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.capability import Capability, capability
from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope
from cx.blueprint.catalogue import kpi
from cx.facts import engine
from cx.records.lookup import records
from cx.ui import bench, cards, charts, readings
from cx.ui import format as words
from cx.ui import measurement_series as measured
from cx.ui.empty import nothing_yet
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.text import quiet

DEFECTS_BY = ("characteristic", "process", "product", "supplier", "operator")
COSTS = {"prevention": "Prevention", "appraisal": "Appraisal", "internal_failure": "Internal failure", "external_failure": "External failure"}
SHOWN = 25  # bars of a Pareto, the rest in one
ENOUGH = 1.33  # the index from which a process is called capable
VIEWS = ("Capability", "Pareto", "Yield and sigma", "Cost of quality")


def show(view: View) -> None:
    """Draw the workbench."""
    part = st.segmented_control("Shown", VIEWS, default=VIEWS[0], key="measured", bind="query-params", required=True, label_visibility="collapsed")
    if part != VIEWS[3] and not view.now.rows("measurements"):
        nothing_yet("capability")
    elif part == VIEWS[0]:
        _capability(view)
    elif part == VIEWS[1]:
        _pareto(view)
    elif part == VIEWS[2]:
        _yields(view)
    else:
        _costs()
    registers(view, "quality-measurement", "quality_cost")


def _capability(view: View) -> None:
    valued = [s for s in measured.series(view) if s.kind == "value" and s.limits]
    specified = {s.title: s for s in sorted(valued, key=lambda s: (-s.limits, s.title))}
    if not specified:
        return quiet("Nothing measured in this selection has a specification limit. Limits come with the measurements, in the columns lower_limit and upper_limit.")
    name = st.selectbox("Characteristic with limits", list(specified), key="capable", bind="query-params", width=380)
    one = specified[name or next(iter(specified))]
    frame = measured.rows(view, one)
    last = frame[frame["lower_limit"].notna() | frame["upper_limit"].notna()].iloc[-1]
    low, high, aim = (None if last[c] != last[c] or last[c] is None else float(last[c]) for c in ("lower_limit", "upper_limit", "target"))
    grouped = frame["subgroup"].notna().all() and one.subgroup >= 2
    known = frame[frame["value"].notna()]
    c = capability(known["value"], low, high, subgroups=known["subgroup"] if grouped else None)
    limits = {n: v for n, v in (("LSL", low), ("target", aim), ("USL", high)) if v is not None}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        charts.histogram("quality-measurement-histogram", _verdict(one.title, c), known["value"].to_numpy(), alt=_verdict(one.title, c), unit=one.unit, limits=limits,
                         note=f"{words.count(c.n)} · {c.warning or 'normal by Shapiro-Wilk'} · expected outside: {words.number(c.outside_ppm)} per million")  # fmt: skip
        rows = [charts.Group("Specification", Estimate(aim if aim is not None else c.mean, low, high, c.n))] if low is not None and high is not None else []
        for label, sigma in (("3 sigma within", c.within), ("3 sigma overall", c.overall)):
            if sigma and c.mean is not None:
                rows.append(charts.Group(label, Estimate(c.mean, c.mean - 3 * sigma, c.mean + 3 * sigma, c.n)))
        charts.dots("quality-measurement-spread", f"Sigma within subgroups {words.number(c.within)}, overall {words.number(c.overall)} {one.unit}".strip(), rows, alt="Specification against three sigma within and overall",
                    note="bar: limits of the specification, or mean and three sigma to either side")  # fmt: skip
    with right:
        for kind, pair in (("within", (("Cp", c.cp), ("Cpk", c.cpk))), ("overall", (("Pp", c.pp), ("Ppk", c.ppk)))):
            bench.tiles(f"quality-measurement-{kind}", [(title, words.value(e.value), _kept(e)) for title, e in pair])
        quiet(f"Wanted: {ENOUGH:g} or more. Cp and Pp hold the tolerance against six sigma, Cpk and Ppk the distance to the nearer limit against three.")
        quiet(f"Mean {words.number(c.mean)} {one.unit}. Sigma within comes from {'subgroup ranges' if grouped else 'moving ranges'} and shows what the process could do; overall shows what it did.")
        readings.compare_groups(view, kpi("cpk"), "characteristic", "quality-measurement-weakest")  # the wall names the weakest of them


def _kept(e: Estimate) -> str:
    """The interval of an index, and what it says of the index wanted; why there is none."""
    if e.value is None or e.low is None or e.high is None:
        return e.warning
    return f"{words.interval(e.low, e.high)} · {words.count(e.n)} · " + ("kept" if e.low >= ENOUGH else "missed" if e.high < ENOUGH else "not sure")


def _verdict(title: str, c: Capability) -> str:
    e = c.ppk
    if e.value is None:
        return f"{title}: {e.warning}"
    sure = e.low is not None and e.low >= ENOUGH
    return f"{title} {'keeps its limits with room to spare' if sure else 'is barely capable' if e.value >= 1 else 'does not keep its limits'}: Ppk {words.number(e.value)} ({words.interval(e.low, e.high)})"


@remembered
def _counts(now: Any, filters: Any, by: str) -> list[dict[str, Any]]:
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["measurements"], "measured_at")
    bad = table["defectives"].fill_null(0) + table["defects"].fill_null(0)
    bad = bad + (table["defectives"].isnull() & table["defects"].isnull() & (table["passed"] == False)).ifelse(1, 0).fill_null(0)  # noqa: E712
    table = table.mutate(_bad=bad).filter(table[by].notnull())
    return engine.rows(table.group_by(by).aggregate(bad=table["_bad"].sum()), now=now)


def _pareto(view: View) -> None:
    by = st.segmented_control("By", DEFECTS_BY, default=DEFECTS_BY[0], key="quality-measurement-by", required=True) or DEFECTS_BY[0]
    every = sorted((r for r in _counts(view.now, view.filters, by) if r["bad"]), key=lambda r: -r["bad"])
    if not every:
        return quiet("Nothing was found defective in this selection.")
    so_far = list(accumulate(r["bad"] for r in every))
    few = next(i for i, bad in enumerate(so_far, 1) if bad >= 0.8 * so_far[-1])
    said = f"{few} of {words.plural(len(every), by)} make up {100 * so_far[few - 1] / so_far[-1]:.0f} % of what was found defective"
    bars = {str(r[by]): float(r["bad"]) for r in every[:SHOWN]} | ({"all others": float(so_far[-1] - so_far[SHOWN - 1])} if len(every) > SHOWN else {})
    charts.pareto("quality-measurement-pareto", said, list(bars), list(bars.values()), alt=said, note="defectives, defects and failed checks in the period")


def _yields(view: View) -> None:
    shift = st.segmented_control("Shift of the sigma level", [1.5, 0.0], default=1.5, format_func=lambda s: f"{s:g} sigma", key="quality-measurement-shift", required=True)
    level = scorecard.read("sigma_level", view.filters, compare=view.compare, now=view.now, options={"shift": shift})[0]
    wall = readings.cards(view, ("fpy", "rty", "dpmo"))
    cards.wall([*wall, cards.Card("sigma", f"Sigma level, {shift:g} shift", level.estimate, level.change, readings.aimed(view, "sigma_level").target, versus=view.versus)], "quality-measurement-yields")
    left, right = st.columns(2, gap="medium")
    with left:
        readings.compare_groups(view, kpi("fpy"), "process", "quality-measurement-fpy")
    with right:
        readings.trend(view, kpi("fpy"), "First-pass yield by month", "quality-measurement-trend")


def _costs() -> None:
    found = records("quality_cost")
    if not found:
        quiet("No costs are kept yet. Enter them by month below: prevention, appraisal, internal and external failure.")
        return
    currencies = sorted({c.currency for c in found})
    currency = st.segmented_control("Currency", currencies, default=currencies[0], key="quality-measurement-currency", required=True) if len(currencies) > 1 else currencies[0]
    months = sorted({c.month for c in found if c.currency == currency})
    sums: dict[tuple[str, Any], float] = defaultdict(float)
    for c in found:
        if c.currency == currency:
            sums[c.kind, c.month] += c.amount_minor
    total = sum(sums.values())
    failure = sum(v for (kind, _), v in sums.items() if kind.endswith("failure"))
    first, last = (sum(sums[k, m] for k in COSTS if k.endswith("failure")) for m in (months[0], months[-1]))
    title = f"Failures make up {100 * failure / total:.0f} % of {words.money(total, currency)}; from {words.money(first, currency)} in the first month to {words.money(last, currency)} in the last"
    charts.stacked("quality-measurement-costs", title, {name: [(m, sums[kind, m]) for m in months] for kind, name in COSTS.items()}, alt=title, unit=currency or "")
    bench.headline("Share of each kind")
    bench.tiles("quality-measurement-kinds", [(name, words.money(sum(v for (k, _), v in sums.items() if k == kind), currency or ""), f"{100 * sum(v for (k, _), v in sums.items() if k == kind) / total:.0f} % of all") for kind, name in COSTS.items()])
