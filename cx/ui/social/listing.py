"""The mentions themselves: searched, narrowed, read; each may be answered or filed as evidence of a need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from cx.analytics.sentiment import label, score
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import evidence
from cx.ui import format as words
from cx.ui.bench import actor, saved, today
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.social import facts, replies
from cx.ui.text import escape, outside, quiet

PAGE = 8
ORDERS = {"latest": "Latest first", "worst": "Worst first", "reach": "Widest reach first"}
DUE_DAYS = 1


def title(what: str, group: str) -> str:
    """A heading for the mentions of a group."""
    return f"Mentions: {what.lower()} {escape(group)}"


def show(view: View) -> None:
    """Draw the part."""
    with st.container(border=True):
        sources = facts.groups(view.now, view.filters, "source")
        source = st.segmented_control("Source", ["All sources", *sources[:8]], default="All sources", key="voicesource", bind="query-params", required=True, label_visibility="collapsed") or "All sources"
        cards(view, "social-mentions", (("source", source),) if source != "All sources" else ())


def cards(view: View, key: str, only: tuple[tuple[str, Any], ...]) -> None:
    """One page of mentions with search, mood, order, and what can be done about each."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asked = st.text_input("Search", key=f"{key}-search", placeholder="Search text and authors", label_visibility="collapsed", width=220)
        mood = st.segmented_control("Mood", list(facts.MOODS), format_func=facts.MOODS.__getitem__, default="all", key=f"{key}-mood", required=True, label_visibility="collapsed") or "all"
        waiting = st.toggle("Not replied to", key=f"{key}-waiting")
        order = st.selectbox("Order", list(ORDERS), format_func=ORDERS.__getitem__, key=f"{key}-order", label_visibility="collapsed", width=180)
        place = st.container()
    page = int(st.session_state.get(f"{key}-page", 1))
    n, rows = facts.found(view.now, view.filters, asked.strip(), mood, only, waiting, order, page, PAGE)
    pages = -(-n // PAGE)
    if page > max(pages, 1):
        st.session_state[f"{key}-page"] = page = 1
        n, rows = facts.found(view.now, view.filters, asked.strip(), mood, only, waiting, order, page, PAGE)
    if pages > 1:
        place.number_input("Page", 1, pages, key=f"{key}-page", label_visibility="collapsed", width=110)
    if not n:
        quiet("No mention fits." + (f" Nobody wrote “{asked.strip()}” in this period." if asked.strip() else ""))
        return
    quiet(f"{n:,} mentions" + (f", page {page:,} of {pages:,}" if pages > 1 else ""))
    taken = {case.reference: case for case in records("follow_up", source="mention") if case.reference}
    for i, row in enumerate(rows):
        one(view, f"{key}-{i}", row, taken.get(row["key"]))


def mood_of(row: dict[str, Any]) -> str:
    """How a mention feels in words: as the source tells, else as its own words read."""
    if row["sentiment"] is not None:
        return label(float(row["sentiment"]))
    read = score(row["text"], row["language"])
    return "" if read is None else f"{label(read)} by its words"


def one(view: View, key: str, row: dict[str, Any], case: Any) -> None:
    """One mention: its words, its facts, and what can be done."""
    with st.container(border=True, gap=None):
        outside(row["text"])
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            rated = f"{row['rating']:g}/{row['rating_max']:g}" if row["rating"] is not None and row["rating_max"] is not None else ""
            state = f"reply {replies.STATES[case.status].lower()}: {case.owner or 'no owner'}" if case is not None else f"replied {words.day(row['replied_at'])}" if row["replied_at"] else "not replied to"
            reach = f"reach {row['reach']:,}" if row["reach"] is not None else ""
            parts = (rated, mood_of(row), words.day(row["posted_at"]), row["source"], row["author"], row["touchpoint"], row["product"], row["segment"], reach, state)
            quiet(" · ".join(str(part) for part in parts if part))
            with st.container(horizontal=True, width="content", gap="small"):
                evidence.offer(view, key, row, "mentions")
                if case is None:
                    reply(view, key, row)


def reply(view: View, key: str, row: dict[str, Any]) -> None:
    """Take a mention up: somebody answers it until a day. Nothing is drawn before it is opened."""
    if not view.member.may("contributor"):
        return
    box = st.popover("Reply", icon=":material/reply:", type="tertiary", key=f"{key}-reply", on_change="rerun", help="Assign an answer")
    if not box.open:
        return
    form = Fields()
    with box, st.form(f"{key}-take", border=False):
        subject = form("title").text_input("Case", f"{row['source'] or 'Mention'}: {row['touchpoint'] or row['product'] or 'public mention'}")
        owner = form("owner").text_input("Owner")
        due = form("due_on").date_input("Due", today(view) + timedelta(days=DUE_DAYS))
        answer = form("outcome").text_area("Answer", placeholder="What we say, if it is known already", height=90)
        if row["url"]:
            outside(row["url"])
        if st.form_submit_button("Assign", type="primary"):
            values = {"title": subject, "source": "mention", "reference": row["key"], "customer_id": row["customer_id"], "segment": row["segment"], "touchpoint": row["touchpoint"],
                      "score": row["rating"], "comment": row["text"], "owner": owner or None, "due_on": due, "outcome": answer or None}  # fmt: skip
            saved(lambda: create("follow_up", values, actor(view)), "Assigned.", form)
