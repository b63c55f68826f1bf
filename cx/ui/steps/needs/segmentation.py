"""Segmentation: groups by rule or by clustering, saved as filters for the whole app, and compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import streamlit as st

from cx.blueprint.catalogue import KPIS
from cx.errors import CxError
from cx.records import lookup, writing
from cx.ui import charts, cluster_panel, kept, readings, segment_rules, segments
from cx.ui import format as words
from cx.ui.bench import actor, choose, headline
from cx.ui.fields import Fields
from cx.ui.opened import opened
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MODES = {"compare": "Compare", "rules": "Build by rules", "clusters": "Find clusters"}


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("customers"):
        with st.container(border=True):
            st.markdown("**Segments need the list of customers**")
            quiet("Upload customers on the Data page: industry, country, plan and the rest become rules to build segments from; orders and tickets add what they do.")
        kept.registers(view, "needs-segmentation", "segment")
        return
    as_of = view.last or datetime(1970, 1, 1, tzinfo=UTC)
    mode = st.segmented_control("View", list(MODES), format_func=MODES.__getitem__, default="compare", key="segview", bind="query-params", required=True, label_visibility="collapsed")
    {"compare": _compare, "rules": _rules, "clusters": cluster_panel.show}[mode or "compare"](view, as_of)
    kept.registers(view, "needs-segmentation", "segment")


def _compare(view: View, as_of: datetime) -> None:
    """A measure by segment, of those in the data or of those built here."""
    built = segments.built()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        measure = st.segmented_control("Measure", list(segments.MEASURES), format_func=segments.MEASURES.__getitem__, default="nps", key="segby", bind="query-params", required=True)
        kinds = ["data", "saved"] if built else ["data"]
        kind = st.segmented_control("Segments", kinds, format_func={"data": "Of the data", "saved": "Built here"}.__getitem__, default="data", key="segkind", bind="query-params", required=True)
    chosen = tuple(built.items()) if kind == "saved" and built else ()
    found = segments.estimates(view.now, view.filters, measure or "nps", chosen, as_of)
    unit = next((e.unit for _, e, _ in found if e.unit), "")
    better = "lower" if measure == "churn" else "higher"
    seen = [(name, e) for name, e, hidden in found if not hidden and e.value is not None and e.low is not None and e.high is not None]
    title = f"{segments.MEASURES[measure or 'nps']} by segment"
    if len(seen) > 1:
        worst = (min if better == "higher" else max)(seen, key=lambda s: s[1].value or 0)
        rest = [e for name, e in seen if name != worst[0]]
        clear = all((worst[1].high or 0) < (e.low or 0) if better == "higher" else (worst[1].low or 0) > (e.high or 0) for e in rest)
        title = f"{worst[0]} stands {'clearly ' if clear else ''}behind: {segments.MEASURES[measure or 'nps']} {words.value(worst[1].value, unit)}" + ("" if clear else ", intervals overlap")
    groups = [charts.Group(name, e, None, hidden) for name, e, hidden in found]
    target = readings.aimed(view, measure).target if measure in KPIS else None
    charts.dots("needs-segmentation-dots", title, groups, alt=title, unit=unit, target=target)
    rows = [{"segment": name, "customers": n, "customers lost": lost.value, "counted at the start": lost.n, "revenue a customer": paid.value} for name, n, lost, paid in segments.worth(view.now, view.filters, "segment", as_of) if name is not None]
    currency = next((paid.unit for _, _, _, paid in segments.worth(view.now, view.filters, "segment", as_of) if paid.unit), "")
    table(rows, "needs-segmentation-table", units={"customers lost": "%", "revenue a customer": currency})


def _rules(view: View, as_of: datetime) -> None:
    """Conditions, who meets them, and saving them: as a new segment, or over the one they were begun from."""
    ruled = [r for r in lookup.records("segment") if r.rules]
    base = choose("Change a segment built here", ruled, "segedit", lambda r: r.name, width=330, index=None, placeholder="A new segment, or choose one to change") if ruled else None
    held = opened("segment", base, "needs-segmentation") if base is not None else None
    with st.container(border=True):
        rules, notes = segment_rules.build(view, held.row.rules if held else None, held.key if held else "needs-segmentation")
    if not next(iter(rules.values())):
        quiet("Choose a value for a condition; how many customers meet it is counted at once.")
        return
    text = json.dumps(rules, sort_keys=True)
    try:
        sentence = "; ".join([segment_rules.said(rules), *notes])
        n, total = segments.size(view.now, text, as_of)
    except CxError as refused:
        st.error(escape(refused, 400))
        return
    headline(f"{n:,} of {total:,} customers ({100 * n / total if total else 0:.0f} %): {sentence}")
    if not n:
        quiet("Nobody meets these conditions.")
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        pairs = (("This segment", text), ("Everybody", json.dumps({"all": []})))
        scored = [(name, segments.estimates(view.now, view.filters, "nps", (pair,), as_of)[0]) for name, *_ in pairs for pair in [next(p for p in pairs if p[0] == name)]]
        charts.dots("needs-segmentation-nps", "NPS of this segment and of everybody", [charts.Group(name, e, None, hidden) for name, (_, e, hidden) in scored], alt=f"NPS of {sentence}", unit="points")
        facts = segments.described(view.now, text, as_of)
        tops = [f"most often {column} {facts[column][0]} ({100 * facts[column][1] / n:.0f} %)" for column in ("segment", "industry", "country") if facts[column]]
        share = 100 * (facts["own"] or 0) / facts["all"] if facts["all"] else None
        quiet(" · ".join([*tops, *([f"{share:.0f} % of order revenue"] if share is not None else [])]))
    key = f"{held.key if held else 'needs-segmentation'}-save"
    form = Fields()
    with right, st.form(key):
        name = form("name").text_input("Name", held.row.name if held else "", placeholder="Loyal offices without a ticket", key=f"{key}-name")
        needs = form("needs").text_area("Typical needs", held.row.needs or "" if held else "", height=80, key=f"{key}-needs")
        sent = st.form_submit_button("Save the changes" if held else "Save the segment", type="primary")
    values = {"name": name, "rules": rules, "description": sentence, "needs": needs or None, "size": n}
    if sent and held:
        held.save(values, actor(view), "Saved: every page that filters by it counts anew", form)
    elif sent and saved(lambda: writing.create("segment", {**values, "method": "rules"}, actor(view)), "Saved: it stands among the filters of every page", form):
        st.rerun()
