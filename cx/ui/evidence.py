"""Picking a comment as evidence for a need, wherever comments are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.records import lookup, writing
from cx.records.actor import Actor
from cx.ui import format as words
from cx.ui.bench import actor
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.text import escape, quiet

NEW = 0


def pick(need: int, row: Mapping[str, Any], actor: Actor, *, title: str = "", dataset: str = "responses") -> int:
    """File a comment under a need (a new one of that title where `need` is 0). Returns the number of the need.

    A comment that is already filed under the need is not filed twice.
    """
    with writing.unit() as session:
        if need == NEW:
            need = int(writing.create("need", {"title": title, "segment": row.get("segment"), "touchpoint": row.get("touchpoint")}, actor, session=session).id)
        known = lookup.records("need_evidence", session=session, need_id=need, reference=row["key"])
        if not known:
            when = row.get("answered_at") or row.get("posted_at") or row.get("created_at")
            quote = str(row.get("comment") or row.get("text") or row.get("subject") or "")[:2000]
            values = {"need_id": need, "quote": quote, "dataset": dataset, "reference": row["key"], "customer_id": row.get("customer_id"), "segment": row.get("segment"),
                      "seen_on": when.date() if when else None}  # fmt: skip
            writing.create("need_evidence", values, actor, session=session)
    return need


def offer(view: View, key: str, row: Mapping[str, Any], dataset: str = "responses") -> None:
    """A button beside a comment that files it under a need. Nothing is read before it is opened."""
    if not view.member.may("contributor"):
        return
    box = st.popover("Evidence", icon=":material/push_pin:", type="tertiary", key=f"{key}-evidence", on_change="rerun", help="File this comment under a need")
    if not box.open:
        return
    with box:
        _filing(view, key, row, dataset)


def offer_one(view: View, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for a list of comments, of which one is chosen: a button for all instead of one beside each. A row may name its `dataset`."""
    if not rows or not view.member.may("contributor"):
        return
    box = st.popover("Evidence", icon=":material/push_pin:", type="tertiary", key=f"{key}-evidence", on_change="rerun", help="File one of these comments under a need")
    if not box.open:
        return
    with box:
        names = [f"{i}. {escape(row['comment'], 80)}" for i, row in enumerate(rows, 1)]
        chosen = st.selectbox("Comment", names, key=f"{key}-which")
        row = rows[names.index(chosen)] if chosen in names else rows[0]
        _filing(view, f"{key}-{row['key']}", row, str(row.get("dataset") or "responses"))


def _filing(view: View, key: str, row: Mapping[str, Any], dataset: str) -> None:
    needs = {int(n.id): n.title for n in lookup.records("need")}
    chosen = st.selectbox("Need", [*needs, NEW], format_func=lambda k: needs.get(k, "A new need …"), key=f"{key}-need")
    form = Fields()
    title = form("title").text_input("In the customer's words", key=f"{key}-title", placeholder="Know when my order will arrive") if chosen == NEW else ""
    if st.button("File it", type="primary", key=f"{key}-file"):
        found = saved(lambda: pick(int(chosen), row, actor(view), title=title, dataset=dataset), "Filed as evidence", form)
        if found:
            count = len(lookup.records("need_evidence", need_id=found))
            quiet(f"Filed; this need now has {words.plural(count, 'piece of evidence', 'pieces of evidence')}.")
