"""Who leaves: logo churn over time and by group, with its formula, and the customers behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.analytics.retention import yearly
from cx.blueprint.catalogue import kpi
from cx.ui import customer_list, readings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.churn import facts, period
from cx.ui.page import View
from cx.ui.period import partial
from cx.ui.text import quiet

MONTH = 365.25 / 12


def finding(view: View, key: str) -> str:
    """The one thing to know: how many left, whether that is more than before, and which segment loses most."""
    row = kpi(key)
    reading = scorecard.read(row, view.filters, compare=view.compare, now=view.now)[0]
    e = reading.estimate
    if e.value is None:
        return f"{row.title} cannot be told: {e.warning}"
    text = f"{words.value(e.value, '%')} of customers left" if key == "logo_churn" else f"Daily churn adds up to {words.value(e.value, '%')}"
    change = reading.change
    if change is not None and change.value is not None and reading.before is not None:
        was = words.value(reading.before.value, "%")
        text += f", {'more' if change.value > 0 else 'fewer'} than the {was} before" if change.significant else f", no significant change from {was}"
    worst = outstanding(view, key, "segment")
    return f"{text}; {worst[0]} loses most: {words.value(worst[1].value, '%')} ({words.interval(worst[1].low, worst[1].high, '%')})" if worst else text


def outstanding(view: View, key: str, column: str) -> tuple[str, Any] | None:
    """The group with the highest churn, where its interval lies clear of all others."""
    seen = [r for r in readings.by(view, kpi(key), column) if r.estimate.value is not None and r.estimate.low is not None and r.key(column) is not None]
    if len(seen) < 2 or any((r.estimate.high or 0) >= (seen[0].estimate.low or 0) for r in seen[1:]):
        return None
    return str(seen[0].key(column)), seen[0].estimate


def show(view: View, key: str) -> None:
    """Draw the part."""
    if not view.now.rows("customers"):
        quiet("Logo churn is read from customers with the day they joined and left; there are none yet. Upload an export of your CRM on the Data page.")
        return
    row = readings.aimed(view, key)
    column = st.selectbox("Break down by", list(facts.SPLITS), format_func=lambda c: f"by {facts.SPLITS[c].lower()}", key="leaveby", bind="query-params", label_visibility="collapsed", width=160)
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        readings.trend(view, row, pace(view, key), "churn-trend", "month")
        yearly_target = f" · the target of {words.value(row.target, '%')} a year comes to {words.value(row.goal(MONTH), '%')} a month" if row.target else ""
        quiet(period.spoken(key) + yearly_target)
    with right.container(border=True, height="stretch"):
        worst = outstanding(view, key, column)
        title = f"{worst[0]} loses most: {words.estimate(worst[1])}" if worst else f"Churn by {facts.SPLITS[column].lower()}: none stands clearly out"
        picked = readings.compare_groups(view, row, column, f"churn-by-{column}", title)
        quiet("Choose a group to see who left.")
    who(view, key, column, picked)


def pace(view: View, key: str) -> str:
    """The last whole month, and what it would come to in a year."""
    start, end = readings.horizon(view, 13)
    found = [r for r in readings.over_time(view, kpi(key), start, end, "month") if r.key("month") is not None and r.estimate.value is not None]
    whole = [r for r in found if not (view.last and partial(r.key("month"), "month", view.last))]
    if not whole:
        return f"{kpi(key).title} by month"
    last = whole[-1]
    value = last.estimate.value or 0.0
    return f"{words.value(value, '%')} left in {words.period(last.key('month'))}: at that pace {words.value(yearly(value), '%')} in a year"


def who(view: View, key: str, column: str, picked: str | None) -> None:
    """The customers who left in the period, all or those of the group chosen."""
    here = period.bounds(view)
    if here is None:
        return
    only: tuple[tuple[str, Any], ...] = ((column, None if picked == readings.UNKNOWN else picked),) if picked else ()
    found = facts.leavers(view.now, view.filters, *here, only)
    between = sum(row["joined_at"] is not None and row["joined_at"] >= here[0].replace(tzinfo=None) for row in found)
    with st.container(border=True):
        headline(f"{len(found):,} customers left in {period.text(view)}" + (f": {facts.SPLITS[column].lower()} {picked}" if picked else "") + (f"; {between:,} of them had joined in it and count in neither number above" if between and key == "logo_churn" else ""))
        if found:
            customer_list.listed(leavers(found), "churn-leavers", units={"MRR": code(found)})


def leavers(found: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Customers who left, as a table."""
    days = [(r["left_at"] - r["joined_at"]).days if r["joined_at"] else None for r in found]
    return {"Customer": [r["customer_id"] for r in found], "Name": [r["name"] for r in found], "Left": [r["left_at"].date() for r in found], "Reason": [r["leave_reason"] for r in found],
            "Segment": [r["segment"] for r in found], "Plan": [r["plan"] for r in found], "Days a customer": days, "MRR": [None if r["mrr_minor"] is None else float(r["mrr_minor"]) for r in found]}  # fmt: skip


def code(found: list[dict[str, Any]]) -> str:
    """The currency of the rows, where it is one."""
    codes = {r["currency"] for r in found if r["currency"]}
    return next(iter(codes)) if len(codes) == 1 else ""
