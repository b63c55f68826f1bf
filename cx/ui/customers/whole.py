"""One customer, whole: who they are, how they are, what is open, who belongs with them, and their story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.facts import versions
from cx.ui import accounts, charts
from cx.ui import format as words
from cx.ui.bench import headline, tiles
from cx.ui.charts.strip import Mark, Score, strip
from cx.ui.customers import facts, finding, leaving, matters, notes, tale
from cx.ui.customers.choice import NEXT, seen
from cx.ui.customers.telling import ALL, SCALES, on_scale
from cx.ui.page import View
from cx.ui.text import escape, quiet


def show(view: View, asked: str) -> None:
    """Draw the customer; where nothing is known of the identifier, say so."""
    customer, merged = finding.same_person(view.now, asked)
    at = seen(view.last)
    person = facts.person(view.now, customer)
    counts = facts.counts(view.now, customer, "")
    own = matters.kept((customer, *merged))
    if not person and not counts and not any(own.values()):
        headline(f"Nothing is known of a customer “{asked}”")
        quiet("Identifiers are matched exactly, capitals included. Search by name, e-mail or words above; or the customer may have been erased.")
        st.button("All customers", key="customers-all", icon=":material/arrow_back:", on_click=leave)
        return
    earlier = facts.earlier(view.now, (customer, *merged))
    head(view, at, customer, merged, person)
    number = sum(row["n"] for row in counts.values())
    marks = facts.strip(view.now, customer, number)
    signs = facts.signs(view.now, at, customer)
    tickets = facts.page(view.now, customer, ("ticket",), "", 50, 0) if "ticket" in counts else ()
    still = matters.due(view, own, tickets)
    standing(view, signs, marks, facts.orders(view.now, customer), still, counts)
    life(view, customer, marks, number)
    left, right = st.columns([7, 5], gap="medium")
    with right:
        with st.container(border=True):
            matters.show(view, still)
        with st.container(border=True):
            notes.show(view, customer, own["customer_note"])
        if signs:
            with st.container(border=True):
                health(signs)
        if person.get("company"):
            with st.container(border=True):
                company(view, customer, person["company"])
        with st.container(border=True):
            leaving.show(view, customer)
    with left, st.container(border=True):
        tale.show(view, customer, counts, matters.events(own, versions.changes(earlier, person)), earlier, person)


def leave() -> None:
    """Back to the list."""
    st.session_state[NEXT] = ""


def head(view: View, at: Any, customer: str, merged: Sequence[str], person: Mapping[str, Any]) -> None:
    """Name, who they are in words, segments, and who was merged into them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("All customers", key="customers-all", icon=":material/arrow_back:", type="tertiary", on_click=leave)
        st.header(escape(person.get("name") or customer), anchor=False, width="stretch")
    parts = [customer, *(person.get(name) for name in ("company", "segment", "persona", "industry", "plan", "country", "status"))]
    if person.get("owner"):
        parts.append(f"owner {person['owner']}")
    if person.get("joined_at"):
        parts.append(f"customer since {words.day(person['joined_at'])}")
    if person.get("left_at"):
        parts.append(f"left {words.day(person['left_at'])}" + (f", {person['leave_reason']}" if person.get("leave_reason") else ""))
    if person.get("email"):
        parts.append(person["email"])
    if person.get("consent") is not None:
        parts.append("may be addressed by marketing" if person["consent"] else "no consent to marketing")
    if not person:
        parts.append("no file of customers names them")
    quiet(" · ".join(str(part) for part in parts if part))
    segments = facts.belongs(view.now, at, customer)
    if segments:
        quiet(f"Meets the rules of: {', '.join(segments)}")
    if merged:
        quiet(f"Merged from {', '.join(merged)}; everything under {'these identifiers' if len(merged) > 1 else 'this identifier'} counts here.")


def standing(view: View, signs: Mapping[str, Any], marks: Sequence[Mapping[str, Any]], bought: Sequence[Mapping[str, Any]], still: Sequence[Any], counts: Mapping[str, Any]) -> None:
    """The figures that tell how they are now."""
    values: list[tuple[str, str, str]] = []
    if signs:
        values.append(("Health", words.number(signs["health"], 0), f"{signs['band']}, {words.value(signs['coverage'], '%')} known" if signs["health"] is not None else "no sign of this customer"))
    for metric in ("nps", "ces", "csat"):
        last = next((mark for mark in marks if mark["mark"] == metric), None)
        if last:
            of = f" of {words.number(last['high'])}" if last["high"] is not None else ""
            values.append((SCALES[metric], f"{words.number(last['score'])}{of}", words.day(last["at"]) + (f", {last['place']}" if last["place"] else "")))
    if not any(mark["mark"] for mark in marks):
        values.append(("Last score", words.MISSING, "no survey answered yet"))
    if signs and signs["mrr_minor"]:
        renews = f"renews {words.day(signs['renews_at'])}" if signs["renews_at"] else "no renewal known"
        values.append(("Pays a month", words.money(signs["mrr_minor"], signs["currency"]), renews))
    for row in bought[:2]:
        if row["amount"] is not None and row["currency"]:
            values.append(("Orders", words.money(row["amount"], row["currency"]), f"{row['orders']:,} orders, last {words.day(row['last'])}"))
    late = sum(row[2] for row in still)
    values.append(("Open", str(len(still)), f"{late} late" if late else "none late"))
    last_seen = max((row["last"] for row in counts.values()), default=None)
    values.append(("Last contact", words.day(last_seen, year=False) if last_seen else words.MISSING, words.day(last_seen) if last_seen else "nothing yet"))
    tiles("customers-standing", values[:7])


def life(view: View, customer: str, marks: Sequence[Mapping[str, Any]], number: int) -> None:
    """Scores over time with what happened below."""
    scores, happened = [], []
    for mark in reversed(marks):
        if mark["mark"]:
            place = on_scale(mark)
            if place is not None:
                name = SCALES.get(mark["mark"], mark["mark"])
                scores.append(Score(mark["at"], name, place, f"{words.number(mark['score'])} of {words.number(mark['high'])}" + (f", {mark['place']}" if mark["place"] else "")))
        elif mark["kind"] not in ("interaction", "step"):
            more = f" and {mark['n'] - 1} more" if mark["n"] > 1 else ""
            bad = bool(mark["complaints"]) or mark["state"] in ("lost", "ends", "delivered late", "sent back")
            happened.append(Mark(mark["at"], ALL[mark["kind"]], f"{mark['title'] or ALL[mark['kind']]}{more}" + (f", {mark['state']}" if mark["state"] else ""), bad))
    if not scores and not happened:
        return
    scores.sort(key=lambda one: (one.when, one.series == "NPS"))  # of several answered at once NPS has the last word
    order = list(ALL)
    happened.sort(key=lambda one: order.index(next(kind for kind, title in ALL.items() if title == one.lane)))
    with st.container(border=True):
        strip("customers-life", said(scores), scores, happened, alt=f"{said(scores)}; {len(scores)} scores and {len(happened)} marks of what happened", note="vermilion: complaints, late or returned deliveries, deals lost, subscriptions ended" + ("; by month, since there is much" if number > facts.DAILY else ""))


def said(scores: Sequence[Score]) -> str:
    """What the scores say: the last against the one before in the series that was asked last."""
    if not scores:
        return "What happened; no score was given yet"
    last = scores[-1]
    same = [one for one in scores if one.series == last.series]
    if len(same) < 2:
        return f"{last.series} {last.label} on {words.day(last.when)}, the only answer so far"
    before = same[-2]
    moved = "up from" if last.place > before.place else "down from" if last.place < before.place else "as before,"
    return f"{last.series} {last.label.partition(',')[0]} on {words.day(last.when)}, {moved} {before.label.partition(',')[0]} on {words.day(before.when)}"


def health(signs: Mapping[str, Any]) -> None:
    """Health and the points of each part."""
    title = f"Health {words.number(signs['health'], 0)} of 100: {signs['band']}" if signs["health"] is not None else "Health is not known: there is no sign of this customer"
    names, points, texts = [], [], []
    for part in accounts.PARTS:
        value = signs[part.column]
        share = None if value is None else min(max((value - part.worst) / (part.best - part.worst), 0.0), 1.0) * 100
        names.append(accounts.TITLES[part.column])
        points.append(share)
        texts.append(f"{words.number(value)} → {words.number(share, 0)} points, weight {part.weight:g}" if share is not None else "not known, left out")
    charts.bars("customers-health", title, names, points, texts=texts, tones=["bad" if point is not None and point < 40 else "" for point in points], alt=title, note=f"the mean of the parts by weight; {words.value(signs['coverage'], '%')} of the weight is known")


def company(view: View, customer: str, name: str) -> None:
    """Others of the same company, to go on to."""
    others = facts.colleagues(view.now, customer, name)
    headline(f"{len(others)} others at {name}" if len(others) != 1 else f"1 other at {name}" if others else f"Nobody else at {name}")
    for row in others[:8]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(escape(row["name"] or row["customer_id"]), key=f"customers-go-{row['customer_id']}", type="tertiary", on_click=go, args=(row["customer_id"],))
            quiet(" · ".join(str(row[column]) for column in ("customer_id", "segment", "status") if row[column]))
    if len(others) > 8:
        quiet(f"and {len(others) - 8} more: search for the company")


def go(customer: str) -> None:
    """Open another customer."""
    st.session_state[NEXT] = customer
