"""What stands in the registers about one customer: as events of the story, and as the list of what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

from cx.facts import versions
from cx.records.lookup import records
from cx.ui import format as words
from cx.ui.bench import headline, today
from cx.ui.page import View, page
from cx.ui.text import escape, quiet


def kept(identifiers: Sequence[str]) -> dict[str, list[Any]]:
    """Standing records of the customer by register: notes, cases, account reviews."""
    return {name: records(name, customer_id=list(identifiers)) for name in ("customer_note", "follow_up", "account_review")}


def events(found: Mapping[str, list[Any]], changes: Sequence[versions.Change]) -> list[dict[str, Any]]:
    """The records and corrections as events of the story's shape, the latest first."""
    out: list[dict[str, Any]] = []
    for note in found["customer_note"]:
        state = ("settled" if note.done else f"until {words.day(note.due_on)}") if note.kind == "promise" and note.due_on else None
        out.append(_event("note", note.happened_at or note.created_at, note.kind.capitalize(), note.text, note.owner or note.created_by, state, key=note.id))
    for case in found["follow_up"]:
        due_at = datetime.combine(case.due_on, time(), UTC) if case.due_on else case.created_at
        out.append(_event("case", min(case.created_at, case.contacted_at or case.created_at, due_at), f"Case: {case.title}", case.outcome or case.cause, case.owner, case.status, key=case.id))
    for review in found["account_review"]:
        when = review.held_on or review.due_on
        if when is not None:
            out.append(_event("review", when, review.kind.replace("_", " ").capitalize(), review.agreed or review.goals, review.owner, review.status, key=review.id))
    for i, change in enumerate(changes):
        said = "; ".join(f"{name} {before or 'empty'} → {after or 'empty'}" for name, (before, after) in change.fields.items())
        out.append(_event("change", change.at, "Customer file corrected", said, None, None, key=i))
    return sorted(out, key=lambda event: event["at"], reverse=True)


def _event(kind: str, when: date | datetime, title: str, text: str | None, who: str | None, state: str | None, key: Any) -> dict[str, Any]:
    moment = when.replace(tzinfo=None) if isinstance(when, datetime) else datetime(when.year, when.month, when.day)
    return {"kind": kind, "at": moment, "title": title, "text": text, "who": who, "state": state, "key": str(key)}


def due(view: View, found: Mapping[str, list[Any]], tickets: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, bool, Any, dict[str, str]]]:
    """What is open: (what, when and who, late, page to go to, query), those that are late first."""
    day = today(view)
    out: list[tuple[date, str, str, bool, Any, dict[str, str]]] = []
    for case in found["follow_up"]:
        if case.status in ("open", "contacted"):
            out.append((case.due_on or date.max, f"Case: {case.title}", _when(case.due_on, case.owner, case.status), bool(case.due_on and case.due_on < day), page("service"), {"step": "feedback", "followup": str(case.id)}))
    for note in found["customer_note"]:
        if note.kind == "promise" and not note.done:
            out.append((note.due_on or date.max, f"Promise: {note.text}", _when(note.due_on, note.owner, ""), bool(note.due_on and note.due_on < day), None, {}))
    for review in found["account_review"]:
        if review.status == "planned":
            out.append((review.due_on or date.max, review.kind.replace("_", " ").capitalize(), _when(review.due_on, review.owner, "planned"), bool(review.due_on and review.due_on < day), page("sales"), {"step": "relationships", "record": f"account_review-{review.id}"}))
    for ticket in tickets:
        if ticket["state"] in ("open", "pending", "new") and not ticket["until"]:
            out.append((date.max, f"Ticket: {ticket['title']}", " · ".join(str(x) for x in (ticket["state"], f"since {words.day(ticket['at'])}", ticket["who"]) if x), False, None, {}))
    out.sort(key=lambda row: row[0])
    return [row[1:] for row in out]


def _when(day: date | None, who: str | None, state: str) -> str:
    return " · ".join(part for part in (state, f"due {words.day(day)}" if day else "", who or "") if part)


def show(view: View, matters: Sequence[tuple[str, str, bool, Any, dict[str, str]]]) -> None:
    """The list of what is open."""
    late = sum(row[2] for row in matters)
    headline((f"{len(matters)} open" + (f", {late} late" if late else "")) if matters else "Nothing is open")
    for what, when, behind, where, query in matters:
        with st.container(gap=None):
            if where is not None:
                st.page_link(where, label=escape(what, 120), query_params=query)
            else:
                st.markdown(escape(what, 200))
            quiet(("late · " if behind else "") + when)
