"""Service improvement: the reasons for contact by volume and cost, contacts that repeat, and the action that ends one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import streamlit as st

from cx import scorecard
from cx.analytics.measure import Scope
from cx.facts import engine
from cx.records.writing import create
from cx.ui import charts
from cx.ui import format as words
from cx.ui.bench import actor, saved
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

UNKNOWN = "unknown"


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("tickets"):
        quiet("Contact reasons are read from tickets; there are none yet. Upload an export of your help desk on the Data page.")
        registers(view, "service-improvement", "action")
        return
    rows = reasons(view)
    if not rows:
        quiet("No contact in this period.")
        registers(view, "service-improvement", "action")
        return
    currencies = sorted({row["currency"] for row in rows if row["currency"]})
    weight = "contacts"
    if len(currencies) == 1:
        weight = st.segmented_control("Rank by", ["contacts", "cost"], format_func=str.capitalize, default="contacts", key="service-improvement-weight", label_visibility="collapsed", required=True) or "contacts"
    unit = currencies[0] if weight == "cost" else ""
    ranked = sorted(rows, key=lambda row: -(row[weight] or 0))
    left, right = st.columns([6, 5], gap="small")
    with left.container(border=True, height="stretch"):
        title = top(ranked, weight)
        charts.pareto("service-improvement-pareto", title, [row["reason"] for row in ranked[:10]], [float(row[weight] or 0) for row in ranked[:10]], alt=title, unit=unit)
    with right.container(border=True, height="stretch"):
        repeated = [charts.Group(row["reason"], row["repeats"], row["repeats_before"]) for row in sorted(ranked, key=lambda r: -(r["repeats"].value or 0)) if row["repeats"].n]
        worst = repeated[0] if repeated else None
        heading = f"{worst.name}: {words.value(worst.estimate.value, '%')} of contacts come back within 7 days" if worst else "Repeat contacts"
        charts.dots("service-improvement-repeats", heading, repeated, alt=heading, unit="%")
    with st.container(border=True):
        st.markdown(f"**{escape(grown(rows))}**")
        data = {
            "Reason": [r["reason"] for r in ranked], "Contacts": [r["contacts"] for r in ranked], "period before": [r["before"] for r in ranked], "Change": [r["change"] for r in ranked],
            "Cost": [r["cost"] if len(currencies) == 1 else None for r in ranked], "a contact": [r["cost"] / r["contacts"] if r["cost"] and len(currencies) == 1 else None for r in ranked],
            "Repeats": [r["repeats"].value for r in ranked], "Cost of repeats": [r["cost"] * (r["repeats"].value or 0) / 100 if r["cost"] and len(currencies) == 1 else None for r in ranked],
        }  # fmt: skip
        money = currencies[0] if len(currencies) == 1 else ""
        table(data, "service-improvement-reasons", units={"Change": "%", "Repeats": "%", "Cost": money, "a contact": money, "Cost of repeats": money})
        act(view, ranked)
    registers(view, "service-improvement", "action")


def reasons(view: View) -> list[dict[str, Any]]:
    """A row a contact reason: contacts now and before, cost in minor units, share repeated within seven days."""
    counted, before = volume(view, view.filters.start, view.filters.end), {}
    if view.compare:
        before = {row["category"]: row["n"] for row in volume(view, *view.compare)}
    kept = {r.key("category"): r for r in scorecard.read("first_contact_resolution", view.filters, ("category",), compare=view.compare, now=view.now)}
    out = []
    for row in counted:
        reading = kept.get(row["category"])
        was = before.get(row["category"])
        out.append({
            "reason": row["category"] or UNKNOWN, "contacts": row["n"], "before": was, "change": 100 * (row["n"] / was - 1) if was else None, "cost": row["cost"], "currency": row["currency"],
            "repeats": opposite(reading.estimate) if reading else opposite(None), "repeats_before": 100 - reading.before.value if reading and reading.before and reading.before.value is not None else None,
        })  # fmt: skip
    return out


def opposite(share: Any) -> Any:
    """The estimate of the other part of a share in percent."""
    from dataclasses import replace

    from cx.analytics.estimate import undefined

    if share is None or share.value is None:
        return undefined("nobody can have come back yet" if share is None else share.warning, "%", share.n if share else 0)
    return replace(share, value=100 - share.value, low=None if share.high is None else 100 - share.high, high=None if share.low is None else 100 - share.low)


def volume(view: View, start: Any, end: Any) -> list[dict[str, Any]]:
    """category, n, cost, currency: the cost only where it is in one currency."""
    tables, _ = view.filters.apply(engine.tables())
    tickets = Scope(start, end).during(tables["tickets"], "created_at")
    one = tickets["currency"].nunique() <= 1
    return engine.rows(tickets.group_by("category").aggregate(n=tickets.count(), cost=ibis.ifelse(one, tickets["cost_minor"].sum(), None), currency=tickets["currency"].max()), now=view.now)


def top(ranked: list[dict[str, Any]], weight: str) -> str:
    """How few reasons make the most."""
    total = sum(row[weight] or 0 for row in ranked) or 1
    running, names = 0.0, []
    for row in ranked:
        names.append(row["reason"])
        running += row[weight] or 0
        if running / total >= 0.5:
            break
    return f"{' and '.join(names) if len(names) < 3 else f'{len(names)} reasons'} make {words.value(100 * running / total, '%')} of {'the cost' if weight == 'cost' else 'contacts'}"


def grown(rows: list[dict[str, Any]]) -> str:
    """Which reason grew most by number."""
    moved = [row for row in rows if row["before"]]
    most = max(moved, key=lambda row: row["contacts"] - row["before"], default=None)
    if most is None or most["contacts"] <= most["before"]:
        return "No reason for contact has grown"
    return f"{most['reason']} grew most: {most['contacts']:,} contacts, {most['before']:,} in the period before"


def act(view: View, ranked: list[dict[str, Any]]) -> None:
    """File the action that removes a reason, with the number it is to move."""
    form = Fields()
    with st.popover("File an action against a reason", icon=":material/add_task:"), st.form("service-improvement-act", border=False):
        reason = st.selectbox("Reason", [row["reason"] for row in ranked])
        title = form("title").text_input("Action", placeholder="Tell customers when a parcel is late")
        effect = form("expected_effect").number_input("Expected effect on contacts per 100 customers", value=-1.0, step=0.5)
        owner = form("owner").text_input("Owner")
        due = form("due_on").date_input("Due", (view.last + timedelta(days=90)).date() if view.last else None, min_value=view.last.date() if view.last else None)
        if st.form_submit_button("File", type="primary"):
            row = next(r for r in ranked if r["reason"] == reason)
            origin = f"{reason}: {row['contacts']} contacts in {view.period.text}"
            values = {"title": title, "group": "service", "step": "improvement", "kpi": "contact_rate", "expected_effect": effect, "origin": origin, "owner": owner or None, "due_on": due}
            saved(lambda: create("action", values, actor(view)), "Filed; it stands in the register below.", form)
