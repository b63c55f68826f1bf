"""The story on the screen: facts and register entries in one list, the latest first, by kind and by words, fifty at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cx.facts import versions
from cx.facts.story import KINDS
from cx.ui import evidence
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.customers import facts
from cx.ui.customers.telling import ALL, OWN, line, sentence
from cx.ui.page import View
from cx.ui.text import quiet

SIZE = 50
SAID = {"survey": "responses", "mention": "mentions", "ticket": "tickets"}


def show(view: View, customer: str, counts: Mapping[str, Any], own: Sequence[dict[str, Any]], earlier: Sequence[Any], person: Mapping[str, Any]) -> None:
    """Draw the filters, a page of events, and the way to older ones."""
    base = f"customers-tale-{customer}"
    numbers = {kind: counts[kind]["n"] for kind in KINDS if kind in counts} | {kind: n for kind in OWN if (n := sum(event["kind"] == kind for event in own))}
    total = sum(numbers.values())
    first = min([row["first"] for row in counts.values()] + [event["at"] for event in own], default=None)
    headline(f"{total:,} events since {words.day(first)}" if first else "Nothing has happened yet")
    if not total:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = st.pills("Kinds", list(numbers), selection_mode="multi", format_func=lambda kind: f"{ALL[kind]} {numbers[kind]:,}", key=f"{base}-kinds", label_visibility="collapsed", on_change=_first, args=(base,))
        text = st.text_input("Words", key=f"{base}-text", placeholder="Words in the story", label_visibility="collapsed", width=200, on_change=_first, args=(base,)).strip()
    kinds = tuple(sorted(picked or ()))
    mine = [event for event in own if (not kinds or event["kind"] in kinds) and (not text or text.lower() in f"{sentence(event)} {event['text'] or ''} {event['who'] or ''}".lower())]
    wanted = tuple(kind for kind in kinds if kind in KINDS)
    if text:
        numbers = {kind: row["n"] for kind, row in facts.counts(view.now, customer, text).items()}
    of_facts = sum(n for kind, n in numbers.items() if kind in KINDS and (not kinds or kind in kinds)) if not kinds or wanted else 0
    skip = min(int(st.session_state.get(f"{base}-skip", 0)), max(of_facts + len(mine) - 1, 0) // SIZE * SIZE)
    shown = stretch(lambda size, start: facts.page(view.now, customer, wanted, text, size, start) if of_facts else (), mine, skip)
    if not shown:
        quiet("Nothing in the story has these words." if text else "Nothing of this kind.")
        return
    evidence.offer_one(view, f"{base}-words", spoken(shown, customer, person))
    month = ""
    with st.container(gap=None):
        for event in folded(shown) if "interaction" not in kinds and not text else shown:
            named = event["at"].strftime("%B %Y")
            if named != month:
                month = named
                st.markdown(f"##### {named}")
            account = versions.owner_at(event["at"], earlier, person) if earlier and event["kind"] not in ("change", "interaction") else None
            st.markdown(line(event, account))
    older(base, skip, of_facts + len(mine))


def spoken(events: Sequence[Mapping[str, Any]], customer: str, person: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the customer said among the events, as rows that can be filed as evidence for a need."""
    return [
        {"key": event["key"], "comment": event["text"], "answered_at": event["at"], "customer_id": customer, "segment": person.get("segment"), "dataset": SAID[event["kind"]]}
        for event in events if event["kind"] in SAID and str(event.get("text") or "").strip() and event.get("key")
    ]  # fmt: skip


def folded(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with interactions that follow each other within a month told as one, so that they do not drown what was said."""
    out: list[dict[str, Any]] = []
    for event in events:
        before = out[-1] if out else None
        if before and event["kind"] == before["kind"] == "interaction" and event["at"].strftime("%Y%m") == before["at"].strftime("%Y%m") and event["amount"] is None and before["amount"] is None:
            out[-1] = {**before, "run": [*before.get("run", [before]), event]}
        else:
            out.append(dict(event))
    for event in out:
        if "run" in event:
            times = Counter(str(one["title"]) for one in event["run"])
            event["title"] = ", ".join(f"{name} {n}\u00a0×" if n > 1 else name for name, n in times.most_common())
            event["place"] = f"since {words.day(event['run'][-1]['at'], year=False)}" if event["run"][-1]["at"].date() != event["at"].date() else None
    return out


def stretch(ask: Any, own: Sequence[dict[str, Any]], skip: int) -> list[dict[str, Any]]:
    """Events number `skip` to `skip` + 50 of facts and register entries together, the latest first.

    `ask(size, start)` gives facts by their own order. As at most all of the own entries stand before any fact, the facts
    wanted begin at `skip` less their number; entries later than the first fact fetched have been shown before.
    """
    start = max(skip - len(own), 0)
    fetched = list(ask(SIZE + skip - start, start))
    before = [event for event in own if fetched and start and event["at"] > fetched[0]["at"]]
    rest = own[len(before) :]
    merged = sorted([*fetched, *rest], key=lambda event: event["at"], reverse=True)
    offset = skip - start - len(before)
    return merged[offset : offset + SIZE]


def older(base: str, skip: int, total: int) -> None:
    """Where in the story the page stands, and the ways on."""
    if total <= SIZE:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Newer", key=f"{base}-newer", icon=":material/arrow_upward:", disabled=not skip, on_click=_turn, args=(base, skip - SIZE))
        st.button("Older", key=f"{base}-older", icon=":material/arrow_downward:", disabled=skip + SIZE >= total, on_click=_turn, args=(base, skip + SIZE))
        quiet(f"{skip + 1:,} to {min(skip + SIZE, total):,} of {total:,}")


def _turn(base: str, skip: int) -> None:
    st.session_state[f"{base}-skip"] = max(skip, 0)


def _first(base: str) -> None:
    st.session_state[f"{base}-skip"] = 0
