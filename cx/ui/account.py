"""One account whole: what its health is made of, what it could use besides, what happened lately, and its next review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx.facts import engine
from cx.facts.filters import Filters
from cx.records.writing import create
from cx.ui import accounts, charts
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved
from cx.ui.customer_link import link
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet


def one(view: View, picked: str | None) -> None:
    """One account: what its health is made of, what happened lately, and the next review."""
    assert view.last is not None
    with st.container(border=True):
        typed = st.text_input("Customer", picked or "", key=f"sales-relationships-customer-{picked or ''}", placeholder="Identifier, such as C10001", width=260)
        customer = typed.strip()
        if not customer:
            return
        tables = engine.tables()
        person = engine.rows(tables["customers"].filter(tables["customers"]["customer_id"] == customer).limit(1), now=view.now)
        if not person:
            quiet("No customer has this identifier.")
            return
        link(customer, "The whole story of this customer")
        found = accounts.one(view.now, view.last, customer)
        st.markdown(f"**{escape(person[0]['name'] or customer)}**")
        facts = [person[0][name] for name in ("company", "segment", "industry", "country", "plan", "owner", "status")]
        quiet(" · ".join(str(f) for f in facts if f) + (f" · customer since {words.day(person[0]['joined_at'])}" if person[0]["joined_at"] else ""))
        left, right = st.columns([5, 6], gap="medium")
        with left:
            parts(found)
            offer(view, customer)
            plan(view, customer, person[0])
        with right:
            lately(view, customer)


def parts(found: dict[str, Any]) -> None:
    """Health and the points of each part."""
    if not found:
        quiet("No subscription runs, so there is no health.")
        return
    title = f"Health {words.number(found['health'], 0)} of 100: {found['band']}" if found["health"] is not None else "Health is not known: no sign of this account"
    names, points, texts = [], [], []
    for part in accounts.PARTS:
        value = found[part.column]
        share = None if value is None else min(max((value - part.worst) / (part.best - part.worst), 0.0), 1.0) * 100
        names.append(accounts.TITLES[part.column])
        points.append(share)
        texts.append(f"{words.number(value)} → {words.number(share, 0)} points, weight {part.weight:g}" if share is not None else "not known, left out")
    charts.bars("sales-relationships-health", title, names, points, texts=texts, tones=["bad" if p is not None and p < 40 else "" for p in points], alt=title, note=f"{words.value(found['coverage'], '%')} of the weight is known · contract {words.money((found['mrr_minor'] or 0) * 12, found['currency'] or 'EUR')} a year, renews {words.day(found['renews_at'])}")


def offer(view: View, customer: str) -> None:
    """What this customer could use besides, by what customers with the same products have."""
    found = accounts.could_use(view.now, Filters(only=view.filters.only), customer) if view.now.rows("orders") else []
    if not found:
        quiet("Nothing to suggest: no product goes with what this customer has more often than by chance.")
        return
    st.markdown("**Could also use**")
    for product, because, share, lift in found:
        quiet(f"{product}: {words.value(share, '%')} of those with {because} have it, {words.number(lift)} times as often as others")


def lately(view: View, customer: str) -> None:
    """The last thirty things that happened with this customer, from every dataset."""
    rows = accounts.history(view, customer)
    headline(f"Last seen {words.day(rows[0]['When'])}" if rows else "Nothing is known of this customer")
    if rows:
        table(rows[:30], "sales-relationships-lately", height=330)


def plan(view: View, customer: str, person: dict[str, Any]) -> None:
    """Plan the next review."""
    form = Fields()
    with st.popover("Plan a review", icon=":material/event:"), st.form("sales-relationships-plan", border=False):
        due_on = form("due_on").date_input("Due", (view.last + timedelta(days=14)).date() if view.last else None, min_value=view.last.date() if view.last else None)
        kind = st.selectbox("Kind", ["renewal", "business_review", "check_in"], format_func=lambda k: k.replace("_", " "))
        owner = form("owner").text_input("Owner", person["owner"] or "")
        goals = form("goals").text_area("What we want to find out", height=70)
        if st.form_submit_button("Plan", type="primary"):
            values = {"customer_id": customer, "customer": person["name"], "kind": kind, "due_on": due_on, "owner": owner or None, "goals": goals or None}
            saved(lambda: create("account_review", values, actor(view)), "The review is planned.", form)
