"""Personas: a face for each segment, with the live facts of the customers behind it, printable on one page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import streamlit as st

from cx.records import lookup, writing
from cx.records.needs import Persona
from cx.records.refusal import FieldsError
from cx.ui import filters, kept, persona_card, poster, segments, themes
from cx.ui import format as words
from cx.ui.bench import actor, choose, headline, made
from cx.ui.page import View
from cx.ui.palette import palette
from cx.ui.register.brief import brief
from cx.ui.remember import each
from cx.ui.text import quiet


def show(view: View) -> None:
    """Draw the step."""
    people, known = lookup.records("persona"), {s.id: s for s in lookup.records("segment")}
    if not people:
        with st.container(border=True):
            st.markdown("**No personas yet**")
            quiet("Begin with a face for a segment; goals, hurdles and a quote come from interviews, the facts from the data.")
            _begin(view, known)
        kept.registers(view, "needs-personas", "persona")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        person: Persona = choose("Persona", people, "face", lambda p: p.name, width=330)
        with st.popover("New persona", icon=":material/add:", key=f"needs-personas-new-{len(people)}"):
            _begin(view, known)
    segment = known.get(person.segment_id)
    rules = segments.rules_of(segment) if segment else json.dumps({"all": [{"column": "persona", "operator": "=", "value": person.name}]})
    about = {"segment": segment.name} if segment and not segment.rules else {"persona": person.name}
    facts, said, n, topics = _facts(view, rules, person.name, about)
    headline(f"{person.name} stands for {said}" if n else f"Nobody in the data is {person.name} yet: tie the persona to a segment")
    texts = {field: getattr(person, field) or "" for field, _ in persona_card.TEXTS}
    svg = persona_card.svg(person.name, person.role or "", person.quote or "", texts, person.channels or [], person.devices or [], facts, topics, palette(),
                           negative=person.negative, segment=segment.name if segment else "")  # fmt: skip
    poster.show(svg, "needs-personas-card", alt=f"Persona card of {person.name}, {said}", name=f"persona {person.name}")
    quiet("The PDF is one page. Facts follow the period and filters above; groups under five are not shown.")
    kept.registers(view, "needs-personas", "persona", "segment")


def _facts(view: View, rules: str, name: str, about: dict[str, str]) -> tuple[list[tuple[str, str, str]], str, int, list[str]]:
    """The facts of a card: (title, value, note); in words whom it stands for; how many; what they speak of."""
    as_of = view.last or datetime(1970, 1, 1, tzinfo=UTC)
    titles = {"nps": "NPS", "ease": "Ease", "churn": "Lost in the period", "revenue": "Revenue a customer"}
    ask = {measure: partial(segments.estimates, view.now, view.filters, measure, ((name, rules),), as_of) for measure in titles}
    asked: list[Any] = [partial(segments.described, view.now, rules, as_of), ask["nps"], ask["ease"], ask["churn"], partial(themes.labels, view, about)]
    found, *_, topics = each(lambda one: one(), asked) if view.now.rows("customers") else ({}, [])
    n, total = int(found.get("n") or 0), int(found.get("total") or 0)
    if n < 5:
        return [("Customers", "too few" if n else "none", "in the list of customers")], "", 0, []
    share = 100 * (found["own"] or 0) / found["all"] if found["all"] else None
    facts = [("Customers", f"{n:,}", f"{100 * n / total:.0f} % of all"), ("Share of revenue", words.value(share, "%"), "of orders so far")]
    for title, column in (("Industry", "industry"), ("Country", "country")):
        top = found[column]
        facts.append((title, str(top[0]) if top else "unknown", f"{100 * top[1] / n:.0f} % of them" if top else ""))
    for measure, title in titles.items():
        _, e, hidden = ask[measure]()[0]  # of what was read above; what customers pay was read with how many were lost
        value = "hidden (n < 5)" if hidden else words.value(e.value, e.unit)
        facts.append((title, value, f"{words.interval(e.low, e.high, e.unit)} · n {e.n:,}" if e.value is not None and not hidden else ""))
    return facts, f"{n:,} customers ({100 * n / total:.0f} %)" + (f" and {share:.0f} % of revenue" if share is not None else ""), n, topics


def _begin(view: View, known: dict[int, Any]) -> None:
    """A new persona: what interviews say of it, and whose facts it stands for."""

    def whose() -> str | None:
        seen = [s for s in filters.values("segment", view.now) if s not in {k.name for k in known.values()}]
        return st.selectbox("or a segment of the data", seen, index=None, placeholder="", key="needs-personas-new-fresh") if seen else None

    def deed(values: dict[str, Any], fresh: str | None) -> Any:
        with writing.unit() as session:
            if values["segment_id"] is None and fresh:
                try:
                    values["segment_id"] = writing.create("segment", {"name": fresh, "method": "list", "description": "As it stands in the data"}, actor(view), session=session).id
                except FieldsError as refused:
                    raise FieldsError({"segment_id": str(refused)}) from refused  # its name is not the persona's
            return writing.create("persona", values, actor(view), session=session)

    fields = ("name", "role", "segment_id", "quote", *(name for name, _ in persona_card.TEXTS), "channels", "devices", "negative")
    one = brief("persona", fields, "needs-personas-new", actor(view), button="Add the persona", done="Persona added", more=whose, act=deed, across=2)
    if one is not None:
        made("face", int(one.id))
        st.rerun()
