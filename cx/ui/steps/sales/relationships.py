"""Relationships: reviews due before renewals with the contract at stake, health with its parts, one account whole, what else it could use."""

from __future__ import annotations

import streamlit as st

from cx.facts.filters import Filters
from cx.ui import account, accounts
from cx.ui import format as words
from cx.ui.bench import headline, tiles
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

BANDS = ("healthy", "watch", "at risk", "unknown")


def show(view: View) -> None:
    """Draw the step."""
    if view.last is None or not view.now.rows("subscriptions"):
        quiet("Renewals and contract values are read from subscriptions; there are none yet. Upload an export of your billing system on the Data page.")
    else:
        standing(view)
        picked = due(view)
        account.one(view, picked)
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
