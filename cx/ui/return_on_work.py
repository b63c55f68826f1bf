"""Return on investment in customers' experience: cost against revenue kept and added, every assumption shown and editable."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cx import scorecard
from cx.analytics.roi import Assumptions, break_even, scenarios, sensitivity
from cx.errors import CxError
from cx.records.lookup import records
from cx.records.writing import create, unit, update
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

NAMES = {
    "revenue": "Recurring revenue a year", "churn": "Churn a year as things are, %", "kept": "Churn avoided, points", "added": "Revenue added by those who stay, % a year", "credit": "Share the work may claim, %",
    "margin": "Gross margin, %", "once": "Cost once", "yearly": "Cost a year", "ramp": "Years until full effect", "years": "Years looked at", "discount": "Discount rate, %",
}  # fmt: skip


def shown(view: View) -> tuple[pd.DataFrame, str]:
    """Every assumption with low, base, high and where it comes from, and the currency: what people saved, else what the data and registers say, else a guess named as one."""
    mrr = scorecard.read("mrr", view.filters, now=view.now)[0].estimate
    churn = scorecard.read("logo_churn", now=view.now)[0].estimate
    money = mrr.unit if words.is_money(mrr.unit) else "EUR"
    projects = [p for p in records("role") if p.currency == money]
    done = [a for a in records("action") if a.currency == money and a.cost_minor]
    size = words.minor(money)
    yearly, once = sum(r.budget_minor or 0 for r in projects) / size, sum(a.cost_minor or 0 for a in done) / size
    first: dict[str, tuple[float, str]] = {
        "revenue": (12 * (mrr.value or 0), "twelve times the recurring revenue of a month" if mrr.value else "no subscriptions in the data: give it"),
        "churn": (min(churn.value or 0, 100), f"churn of customers in the data, n {churn.n:,}" if churn.value else "no churn in the data: give it"),
        "kept": (1.0, "a guess: replace it"), "added": (0.5, "a guess: replace it"), "credit": (50, "a guess: half would have come anyway"), "margin": (50, "a guess: ask finance"),
        "once": (once, f"cost of {len(done)} actions in the register"), "yearly": (yearly, f"budgets of {sum(bool(r.budget_minor) for r in projects)} roles in the register"),
        "ramp": (1, "a guess"), "years": (3, "chosen"), "discount": (8, "a guess: ask finance"),
    }  # fmt: skip
    saved = {a.key: a for a in records("assumption")}
    rows = []
    for key, (base, why) in first.items():
        s = saved.get(key)
        rows.append({"key": key, "assumption": NAMES[key], "low": s.low if s else None, "base": s.base if s else float(base), "high": s.high if s else None, "where it comes from": (s.reason if s else None) or why})
    return pd.DataFrame(rows).astype({"low": float, "base": float, "high": float}), money


def show(view: View) -> None:
    """Draw the part."""
    try:
        frame, money = shown(view)
    except CxError as refused:
        quiet(str(refused))
        return
    quiet("A calculation under assumptions, not a proof: it shows what would have to be true for the work to pay.")
    said = st.container()
    edited: Any = st.data_editor(frame, hide_index=True, key="strategy-assumptions", disabled=["key", "assumption"], column_order=["assumption", "low", "base", "high", "where it comes from"])
    if st.button("Save the assumptions", icon=":material/save:", disabled=not view.member.may("manager"), key="strategy-save"):
        bench.saved(lambda: _save(view, edited), "Assumptions saved")
    rows = {r["key"]: r for r in edited.to_dict("records")}
    ranges = {k: (_end(r["low"]), _end(r["high"])) for k, r in rows.items()}
    empty = [NAMES[k] for k, r in rows.items() if _end(r["base"]) is None]
    if empty:
        st.warning(escape(f"Base of “{empty[0]}” must be given; it is empty; fill it in.", 400))
        return
    try:
        given: dict[str, Any] = {k: int(r["base"]) if k == "years" else float(r["base"]) for k, r in rows.items()}
        base = Assumptions(**given)
        if base.revenue == 0:
            with said:
                bench.headline("Give the recurring revenue below, and the return is computed")
            return
        made = scenarios(base, ranges)
        swings = sensitivity(base, ranges)
    except (CxError, ValueError) as refused:
        st.warning(escape(refused, 400))
        return
    size = words.minor(money)
    low, mid, high = (s.result for s in made)
    with said:
        bench.headline(f"Under these assumptions the work is worth {words.money(mid.npv * size, money)} over {base.years} years, from {words.money(low.npv * size, money)} to {words.money(high.npv * size, money)}")
    table([{"scenario": s.name, "net present value": s.result.npv * size, "benefit": s.result.benefit * size, "cost": s.result.cost * size, "return": s.result.roi, "paid back after, years": s.result.payback} for s in made],
          "strategy-scenarios", units={"net present value": money, "benefit": money, "cost": money, "return": "%"})  # fmt: skip
    table([{"year": y.year, "revenue kept": y.kept * size, "revenue added": y.added * size, "margin of both": y.benefit * size, "cost": y.cost * size, "sum so far": y.cumulative * size} for y in mid.years], "strategy-years",
          units=dict.fromkeys(("revenue kept", "revenue added", "margin of both", "cost", "sum so far"), money))  # fmt: skip
    even = break_even(base, "kept")
    quiet(f"Break-even: the work pays for itself once it avoids {even:.2f} points of churn a year, all else at base (assumed: {base.kept:g})." if even is not None else "Break-even: no avoided churn alone makes it pay, or it pays without any.")
    if swings:
        title = f"Most depends on: {NAMES[swings[0].name].lower()}"
        charts.bars("strategy-swings", title, [NAMES[s.name] for s in swings], [s.width for s in swings], alt=title,
                    texts=[f"{words.money(s.npv_low * size, money)} at {s.low:g} … {words.money(s.npv_high * size, money)} at {s.high:g}" for s in swings], note="how far the net present value moves between the low and the high end, all else at base")  # fmt: skip


def _end(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _save(view: View, edited: Any) -> None:
    who, known = bench.actor(view), {a.key: a for a in records("assumption")}
    with unit() as session:
        for r in edited.to_dict("records"):
            values = {"key": r["key"], "low": _end(r["low"]), "base": _end(r["base"]), "high": _end(r["high"]), "reason": r["where it comes from"]}
            if r["key"] in known:
                update("assumption", known[r["key"]].id, values, known[r["key"]].version, who, session=session)
            else:
                create("assumption", values, who, session=session)
