"""Targeting: build an audience by rules, see its size, worth and likely response, save it, export those who agreed."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from cx.analytics.segment_rules import Condition, Rules, describe, plain
from cx.errors import MeasureError
from cx.records.lookup import records
from cx.records.writing import create
from cx.ui import audience, audience_rules, charts
from cx.ui import format as words
from cx.ui.bench import actor, headline, saved, tiles
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.opened import Opened, opened
from cx.ui.page import View
from cx.ui.segments import in_currency
from cx.ui.text import escape, quiet


def show(view: View) -> None:
    """Draw the step."""
    if view.last is None or not view.now.rows("customers"):
        quiet("Audiences are made of customers; there are none yet. Upload an export of your CRM or shop on the Data page.")
        registers(view, "marketing-targeting", "audience", "segment")
        return
    kept = {row.name: row for row in records("audience")}
    if (fresh := st.session_state.pop("marketing-targeting-made", None)) in kept:
        st.session_state["marketing-targeting-audience"] = fresh
    if (gone := st.session_state.get("marketing-targeting-audience")) not in (None, *kept):
        st.session_state["marketing-targeting-audience"] = None
        st.warning(escape(f"{gone!r} is no longer among the audiences: it was renamed or removed meanwhile. What was typed for it is not kept."), icon=":material/sync_problem:")
    with st.container(border=True):
        chosen = st.selectbox("Audience", [None, *kept], format_func=lambda n: "a new audience" if n is None else n, key="marketing-targeting-audience", width=320)
        held = opened("audience", kept[chosen], "marketing-targeting") if chosen in kept else None
        base = held.row if held else None
        rules = audience_rules.build(view, base, held.key if held else "marketing-targeting-new")
    if rules is None:
        return
    try:
        kept_here = audience.built(rules)
        found = audience.measured(view.now, view.last, rules, kept_here)
    except MeasureError as error:
        quiet(str(error))
        return
    standing(found, rules, in_currency(view.now))
    picture(view, rules, kept_here)
    hand_out(view, held, rules, found)
    registers(view, "marketing-targeting", "audience", "segment")


def standing(found: dict[str, Any], rules: Rules, currency: str | None) -> None:
    """Size, consent, worth and response."""
    n = found["n"]
    share = 100 * n / found["whole"] if found["whole"] else None
    left_out = [f"{found[name]:,} {why}" for name, why in (("refused", "refused"), ("unasked", "never asked"), ("unreachable", "without an address")) if found[name]]
    response = found["response"]
    tiles("marketing-targeting-tiles", [
        ("Audience", f"{n:,}", f"{words.value(share, '%')} of {found['whole']:,} customers"),
        ("May be addressed", f"{found['agreed']:,}", "left out: " + ", ".join(left_out) if left_out else "everybody agreed"),
        ("Spent in a year", words.money(found["spent"] * words.minor(currency), currency) if currency else words.number(found["spent"], 0), f"{words.value(100 * found['spent'] / found['all_spent'], '%')} of what all spend" if found["all_spent"] else "no orders"),
        ("Likely response", words.value(response.value, "%") if response else words.MISSING, f"ordered in the last 90 days; {words.interval(response.low, response.high, '%')}, all customers {words.value(found['usual'], '%')}" if response else "nobody is in it"),
    ])  # fmt: skip
    quiet(f"In words: {describe(rules)}.")


def picture(view: View, rules: Rules, kept: audience.Built) -> None:
    """Who is in it, against all customers."""
    assert view.last is not None
    left, right = st.columns(2, gap="small")
    for place, column in ((left, "segment"), (right, "country")):
        rows = audience.spread(view.now, view.last, rules, column, kept)
        total, whole = sum(row["n"] for row in rows), sum(row["whole"] for row in rows)
        with place.container(border=True, height="stretch"):
            first = rows[0] if rows else None
            title = f"{first['group'] or 'unknown'}: {words.value(100 * first['n'] / total, '%')} of the audience" if first and total else "Nobody is in it"
            texts = [f"{row['n']:,} · {words.value(100 * row['n'] / total, '%')} (of all {words.value(100 * row['whole'] / whole, '%')})" for row in rows] if total and whole else []
            charts.bars(f"marketing-targeting-{column}", title, [row["group"] or "unknown" for row in rows], [float(row["n"]) for row in rows], texts=texts, alt=title)


def hand_out(view: View, held: Opened | None, rules: Rules, found: dict[str, Any]) -> None:
    """Save it, and export those who agreed; the export is written into the audit log."""
    at = view.last
    assert at is not None
    with st.container(border=True):
        headline(f"{found['agreed']:,} of {found['n']:,} agreed and can be reached; only they are exported")
        form = Fields()
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            name = form("name", width=320).text_input("Name", held.row.name if held else "", key=f"{held.key if held else 'marketing-targeting-new'}-name", placeholder="Large shops, quiet for 60 days")
            values = {"name": name, "segments": segments(rules), "rules": plain(rules), "size": found["n"], "expected_response": found["response"].value if found["response"] else None}
            if st.button("Save", key="marketing-targeting-save", icon=":material/save:"):
                st.session_state["marketing-targeting-made"] = name.strip()  # a new one, or one renamed, is the one worked on afterwards
                if held:
                    held.save(values, actor(view), "The audience is saved.", form)
                else:
                    saved(lambda: create("audience", values, actor(view)), "The audience is saved.", form)
            stem = re.sub(r"[^\w-]+", "-", name.strip().lower()).strip("-") or "audience"
            st.download_button("Export", data=lambda: audience.export(name.strip() or "unnamed", view.now, at, rules, actor(view)), file_name=f"{stem}.csv", mime="text/csv", on_click="ignore",
                               key="marketing-targeting-export", icon=":material/download:", type="primary", disabled=not found["agreed"] or not view.member.may("contributor"))  # fmt: skip
        quiet("The file holds number, name, address, company, segment, country and owner. Who exported what, when, and by which rules is written into the audit log.")


def segments(rules: Rules) -> list[str]:
    """The segments the rules ask for by name."""
    return [str(v) for p in rules.parts if isinstance(p, Condition) and p.column == "segment" and p.operator == "in" for v in p.value]


