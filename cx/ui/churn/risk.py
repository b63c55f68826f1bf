"""Who may leave next: accounts by health, with a churn model on demand, and what is done about each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from cx.facts.filters import Filters
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import accounts, charts, customer_link, snapshots
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, tiles, today
from cx.ui.churn import facts
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MOST = 400
OPEN = ("open", "contacted")
BANDS = {"at risk": "At risk", "watch": "Watch", "healthy": "Healthy"}


def show(view: View, key: str) -> None:
    """Draw the part."""
    if view.last is None or not view.now.rows("subscriptions"):
        quiet("Accounts at risk are found among running subscriptions; there are none yet. Upload an export of your billing system on the Data page.")
        return
    at = view.last
    only = Filters(only=view.filters.only, saved=view.filters.saved, as_of=view.filters.as_of)
    found = facts.fragile(view.now, only, at, MOST)
    standing(accounts.bands(view.now, at, only))
    modelled = st.toggle("Add what a churn model says", key="riskmodel", bind="query-params", help="Trains on past snapshots of all customers and tests on later ones; takes some seconds, kept until the data changes.")
    chances, model = chance(view) if modelled else ({}, None)
    if modelled:
        quiet(model.sentence if model is not None else "No model could be trained on this data.")
    rows = ranked(found, chances)
    cases = {case.customer_id: case for case in records("follow_up") if case.status in OPEN and case.customer_id}
    left, right = st.columns([7, 5], gap="small")
    with left.container(border=True, height="stretch"):
        picked = listed(rows, cases, bool(chances))
    with right.container(border=True, height="stretch"):
        if picked is None:
            headline("Choose an account to see why it is at risk, and to act on it")
            quiet("Health is the weighted mean of the signs that are known: " + ", ".join(f"{accounts.TITLES[p.column]} (weight {p.weight:g})" for p in accounts.PARTS) + ". Under 40 is at risk, under 70 to be watched.")
        else:
            one(view, rows[picked], cases)


def standing(found: list[dict[str, Any]]) -> None:
    """Accounts and monthly revenue by state of health."""
    total = sum(row["n"] for row in found) or 1
    values = []
    for band, title in (*BANDS.items(), ("unknown", "No sign")):
        rows = [row for row in found if row["band"] == band]
        n = sum(row["n"] for row in rows)
        paid = " + ".join(words.money(row["mrr"], row["currency"]) for row in rows if row["mrr"] and row["currency"])
        values.append((title, f"{n:,}", f"{words.value(100 * n / total, '%')} of accounts · {paid or 'nothing'} a month"))
    tiles("churn-risk-bands", values)


def chance(view: View) -> tuple[dict[str, float], Any]:
    """Customer -> chance in percent to leave within 90 days, and the model; nothing where none could be trained."""
    assert view.last is not None
    model, now = snapshots.churn(view.now, view.filters.between(None, None), view.last.astimezone(UTC).replace(tzinfo=None))
    if model is None or model.model is None or "probability" not in now:
        return {}, model
    return dict(zip(now["customer_id"], now["probability"].astype(float), strict=True)), model


def ranked(found: list[dict[str, Any]], chances: dict[str, float]) -> list[dict[str, Any]]:
    """Those at risk and to be watched; by what is expected to be lost in a year where there is a model, else the least healthy first."""
    rows = [{**row, "chance": chances.get(row["customer_id"])} for row in found if row["band"] in ("at risk", "watch")]
    for row in rows:
        row["loss"] = None if row["chance"] is None else row["chance"] / 100 * (row["mrr_minor"] or 0) * 12
    return sorted(rows, key=lambda row: -(row["loss"] or 0.0)) if chances else rows


def listed(rows: list[dict[str, Any]], cases: dict[str, Any], modelled: bool) -> int | None:
    """The accounts as a table; returns the number of the one chosen."""
    risky = [row for row in rows if row["band"] == "at risk"]
    codes = {row["currency"] for row in risky if row["currency"]}
    code = next(iter(codes)) if len(codes) == 1 else ""
    worth = f" who pay {words.money(sum(row['mrr_minor'] or 0 for row in risky), code)} a month" if code else ""
    alone = sum(row["customer_id"] not in cases for row in risky)
    more = "at least " if len(rows) >= MOST and rows[-1]["band"] == "at risk" else ""
    headline(f"{more}{len(risky):,} accounts at risk{worth}; no follow-up is open for {alone:,} of them" if risky else "No account is at risk")
    if not rows:
        return None
    data: dict[str, list[Any]] = {"Customer": [r["customer_id"] for r in rows], "Name": [r["name"] for r in rows], "Health": [None if r["health"] is None else float(r["health"]) for r in rows], "State": [r["band"] for r in rows]}
    if modelled:
        data |= {"Leaves in 90 days": [r["chance"] for r in rows], "Expected loss a year": [r["loss"] for r in rows]}
    data |= {"MRR": [None if r["mrr_minor"] is None else float(r["mrr_minor"]) for r in rows], "Renews": [r["renews_at"].date() if r["renews_at"] else None for r in rows], "Segment": [r["segment"] for r in rows],
             "Account owner": [r["owner"] for r in rows], "Case": [cases[r["customer_id"]].title if r["customer_id"] in cases else None for r in rows]}  # fmt: skip
    units = {"MRR": code, "Expected loss a year": code, "Leaves in 90 days": "%"}
    return table(data, f"churn-risk-{'model' if modelled else 'health'}", units=units, clicks=True, height=430, alt="Accounts that may leave")


def one(view: View, row: dict[str, Any], cases: dict[str, Any]) -> None:
    """One account: why it is at risk, the way to its page, and what to do."""
    names, points, texts = [], [], []
    for part in accounts.PARTS:
        value = row[part.column]
        share = None if value is None else min(max((value - part.worst) / (part.best - part.worst), 0.0), 1.0) * 100
        names.append(accounts.TITLES[part.column])
        points.append(share)
        texts.append("not known, left out" if share is None else f"{words.number(value)} → {words.number(share, 0)} points")
    weakest = min((p for p in zip(points, names, strict=True) if p[0] is not None), default=None)
    title = f"{row['name'] or row['customer_id']}: health {words.number(row['health'], 0)}" + (f", worst in {weakest[1].lower()}" if weakest else "")
    charts.bars("churn-risk-parts", title, names, points, texts=texts, tones=["bad" if p is not None and p < 40 else "" for p in points], alt=title,
                note=f"{words.value(row['coverage'], '%')} of the weight is known · {words.money(row['mrr_minor'], row['currency'] or 'EUR')} a month, renews {words.day(row['renews_at'])}")  # fmt: skip
    customer_link.link(str(row["customer_id"]), f"Open {row['name'] or row['customer_id']}")
    case = cases.get(row["customer_id"])
    if case is not None:
        quiet(f"Case open: {case.title} · {case.status} · {case.owner or 'no owner'}" + (f" · due {words.day(case.due_on)}" if case.due_on else ""))
    act(view, row, weakest[1] if weakest else "health", case is not None)


def act(view: View, row: dict[str, Any], why: str, taken: bool) -> None:
    """Open a follow-up, or file an action."""
    if not view.member.may("contributor"):
        return
    customer, name = str(row["customer_id"]), row["name"] or row["customer_id"]
    soon = today(view) + timedelta(days=3)
    form, filed = Fields(), Fields()
    with st.container(horizontal=True, gap="small"):
        with st.popover("Open a follow-up", icon=":material/call:", disabled=taken), st.form(f"churn-case-{customer}", border=False):
            title = form("title").text_input("Case", f"At risk: {why.lower()}")
            owner = form("owner").text_input("Owner", row["owner"] or "")
            due = form("due_on").date_input("Due", soon)
            note = form("notes").text_area("What to find out", height=70)
            if st.form_submit_button("Open it", type="primary"):
                values = {"title": title, "source": "other", "customer_id": customer, "segment": row["segment"], "owner": owner or None, "due_on": due, "notes": note or None, "priority": "high"}
                saved(lambda: create("follow_up", values, actor(view)), "A case is open.", form)
        with st.popover("File an action", icon=":material/task_alt:"), st.form(f"churn-action-{customer}", border=False):
            what = filed("title").text_input("Action", f"Keep {name}")
            who = filed("owner").text_input("Owner", row["owner"] or "", key=f"churn-action-owner-{customer}")
            until = filed("due_on").date_input("Due", soon + timedelta(days=11), key=f"churn-action-due-{customer}")
            if st.form_submit_button("File it", type="primary"):
                origin = f"{name} ({customer}) at health {words.number(row['health'], 0)}, seen on {words.day(datetime.now(UTC) if not view.now.demo else view.last)}"
                action = {"title": what, "group": "sales", "step": "relationships", "segment": row["segment"], "owner": who or None, "due_on": until, "kpi": "logo_churn", "origin": escape(origin).replace("\\", "")}
                saved(lambda: create("action", action, actor(view)), "The action is filed.", filed)
