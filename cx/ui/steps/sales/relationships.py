"""Relationships: reviews due before renewals with the contract at stake, health with its parts, one account whole, what else it could use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx.facts import engine
from cx.facts.filters import Filters
from cx.records.writing import create
from cx.ui import accounts, charts
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, tiles
from cx.ui.customer_link import link
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

BANDS = ("healthy", "watch", "at risk", "unknown")


def show(view: View) -> None:
    """Draw the step."""
    if view.last is None or not view.now.rows("subscriptions"):
        quiet("Renewals and contract values are read from subscriptions; there are none yet. Upload an export of your billing system on the Data page.")
    else:
        standing(view)
        picked = due(view)
        one(view, picked)
    if view.now.rows("orders"):
        cross_sell(view)
    registers(view, "sales-relationships", "account_review", "customer_note")


def standing(view: View) -> None:
    """How many accounts are well, and what they pay."""
    assert view.last is not None
    found = accounts.bands(view.now, view.last, Filters(only=view.filters.only))
    total = sum(row["n"] for row in found) or 1
    values = []
    for band in BANDS:
        rows = [row for row in found if row["band"] == band]
        paid = " + ".join(words.money(row["mrr"], row["currency"]) for row in rows if row["mrr"] and row["currency"])
        n = sum(row["n"] for row in rows)
        if n:
            values.append((band.capitalize(), f"{n:,}", f"{words.value(100 * n / total, '%')} of accounts · {paid or 'nothing'} a month"))
    tiles("sales-relationships-bands", values)


def due(view: View) -> str | None:
    """The list of renewals whose review is missing or late; returns the customer chosen."""
    with st.container(border=True):
        soon = st.segmented_control("Renewal within", [30, 60, 90], format_func=lambda n: f"renewal within {n} days", default=60, key="renewal", bind="query-params", required=True, label_visibility="collapsed") or 60
        every = accounts.reviews(view, int(soon))
        missing = sorted((row for row in every if row["why"]), key=lambda row: -row["contract"])
        codes = {row["currency"] for row in missing}
        worth = f", {words.money(sum(row['contract'] for row in missing), next(iter(codes)))} a year at stake" if len(codes) == 1 else ""
        headline(f"{len(missing):,} of {len(every):,} accounts that renew within {soon} days have no review held or planned in time{worth}")
        if not missing:
            return None
        code = next(iter(codes)) if len(codes) == 1 else ""
        data = {
            "Account": [r["name"] for r in missing], "Renews": [r["renews_at"].date() for r in missing], "in": [float(r["days"]) for r in missing], "Contract a year": [float(r["contract"]) for r in missing],
            "Health": [r["health"] for r in missing], "State": [r["band"] for r in missing], "Why": [r["why"] for r in missing], "Last held": [r["held"] for r in missing], "Segment": [r["segment"] for r in missing],
            "Owner": [r["owner"] for r in missing], "Customer": [r["customer_id"] for r in missing],
        }  # fmt: skip
        picked = table(data, "sales-relationships-due", units={"Contract a year": code, "in": "days"}, clicks=True, height=330, alt="Accounts to review before they renew, the largest contract first")
        quiet("The largest contract first. Choose an account to see it whole and plan its review.")
        return str(missing[picked]["customer_id"]) if picked is not None else None


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


def cross_sell(view: View) -> None:
    """What customers with one product also have."""
    rules = accounts.together(view.now, Filters(only=view.filters.only))
    with st.container(border=True):
        if rules.empty:
            headline("No two products go together more often than by chance")
            return
        first = rules.iloc[0]
        headline(f"Who has {first['if']} has {first['then']} {words.number(first['lift'])} times as often as others")
        shown = rules.head(15)
        data = {"Who has": list(shown["if"]), "also has": list(shown["then"]), "of them": [float(v) for v in shown["confidence"]], "Lift": [words.number(v, 2) for v in shown["lift"]], "Customers": [int(v) for v in shown["together"]]}
        table(data, "sales-relationships-rules", units={"of them": "%"}, help={"Lift": "Times as often as among all customers", "of them": "Share of customers with the first product who have the second"})
