"""Customers who stand twice: proposals with the reason, merged in one click and taken back in one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.duplicates import Pair, pairs
from cx.facts import engine
from cx.facts.history import Revision
from cx.records import writing
from cx.records.lookup import records
from cx.store.engine import writing as store_writing
from cx.ui import bench
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import escape, quiet

SHOWN = ("customer_id", "name", "email", "company", "country", "segment", "status", "joined_at", "owner")
SURE = 95.0


@remembered
def proposals(now: Revision) -> tuple[Pair, ...]:
    """Pairs taken for one customer; those merged already are one customer to the engine and so are not among them."""
    customers = engine.tables()["customers"]
    return tuple(pairs(engine.rows(customers.select(*SHOWN), now=now)))


def show(view: View, key: str) -> None:
    """Draw proposals, the pair side by side, and the merges that stand."""
    found, merges = proposals(view.now), records("customer_merge")
    sure = [p for p in found if p.likeness >= SURE]
    bench.headline(f"{words.plural(len(found), 'pair')} of customers may be one each, {len(sure)} of them by the same e-mail address; {words.plural(len(merges), 'is', 'are')} merged" if found else f"No further pair of customers looks like one; {words.plural(len(merges), 'is', 'are')} merged")
    may = view.member.may("manager")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if found:
            picked = table({"keep": [p.kept for p in found], "merge": [p.merged for p in found], "likeness, %": [p.likeness for p in found], "reason": [p.reason for p in found]},
                           f"{key}-pairs", clicks=True, height=300, alt="Pairs of customers taken for one")  # fmt: skip
            if may and sure and st.button(f"Merge the {len(sure)} with the same address", key=f"{key}-all", icon=":material/merge:"):
                bench.saved(lambda: merge(view, sure), f"{len(sure)} customers merged; each can be taken back")
            if picked is not None and picked < len(found):
                pair(view, key, found[picked], may)
            else:
                quiet("Choose a pair to see both rows side by side.")
    with right:
        standing(view, key, merges, may)


def merge(view: View, chosen: list[Pair]) -> None:
    """Write the merges as one unit: either all stand or none."""
    by = bench.actor(view)
    with store_writing() as session:
        for p in chosen:
            writing.create("customer_merge", {"kept_id": p.kept, "merged_id": p.merged, "reason": p.reason, "similarity": p.likeness, "merged_on": bench.today(view)}, by, session=session)


def pair(view: View, key: str, p: Pair, may: bool) -> None:
    """Both customers side by side, with what hangs on each."""
    customers = engine.tables()["customers"]
    rows = {r["customer_id"]: r for r in engine.rows(customers.filter(customers["customer_id"].isin([p.kept, p.merged])).select(*SHOWN), now=view.now)}
    counts = _hangs(view.now, p.kept, p.merged)
    names = [*SHOWN, *counts]
    hidden = () if view.member.may("contributor") else ("name", "email", "company")

    def column(who: str) -> list[str]:
        row: dict[str, Any] = rows.get(who, {})
        return ["hidden" if n in hidden else str(row.get(n) if row.get(n) is not None else "–") if n in SHOWN else f"{counts[n].get(who, 0):,}" for n in names]

    table({"": names, f"keep {p.kept}": column(p.kept), f"merge {p.merged}": column(p.merged)}, f"{key}-pair", csv=False, height=330)
    if not may:
        quiet("Merging needs the role of a manager.")
        return
    with st.container(horizontal=True, gap="small"):
        if st.button("Merge", key=f"{key}-merge", type="primary", icon=":material/merge:"):
            bench.saved(lambda: merge(view, [p]), f"{p.merged} now counts as {p.kept}")
        if st.button("Merge the other way", key=f"{key}-swap", type="tertiary"):
            bench.saved(lambda: merge(view, [Pair(p.merged, p.kept, p.likeness, p.reason)]), f"{p.kept} now counts as {p.merged}")


@remembered
def _hangs(now: Revision, first: str, second: str) -> dict[str, dict[str, int]]:
    out = {}
    for name in ("responses", "tickets", "orders", "subscriptions", "interactions"):
        facts = engine.tables()[name]
        counted = facts.filter(facts["customer_id"].isin([first, second])).group_by("customer_id").aggregate(n=lambda t: t.count())
        out[name] = {r["customer_id"]: int(r["n"]) for r in engine.rows(counted, now=now)}
    return out


def standing(view: View, key: str, merges: list[Any], may: bool) -> None:
    """The merges that stand; taking one back brings both customers back exactly as they were."""
    st.markdown(f"**Merged ({len(merges)})**")
    if not merges:
        quiet("None yet. A merge changes no row: while it stands the two count as one, and taking it back separates them again.")
        return
    picked = table({"merged": [m.merged_id for m in merges], "into": [m.kept_id for m in merges], "on": [m.merged_on for m in merges], "reason": [m.reason for m in merges]}, f"{key}-merged", clicks=True, height=260, alt="Customers that are merged")
    if picked is not None and picked < len(merges) and may:
        chosen = merges[picked]
        if st.button(f"Take the merge of {escape(chosen.merged_id)} back", key=f"{key}-undo", icon=":material/undo:"):
            bench.saved(lambda: writing.remove("customer_merge", int(chosen.id), chosen.version, bench.actor(view)), f"{chosen.merged_id} is a customer of its own again")
    elif may:
        quiet("Choose a merge to take it back.")
