"""Segmentation: groups by rule or by clustering, saved as filters for the whole app, and compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from cx.analytics.profile import NUMBERS
from cx.analytics.segment_rules import describe, parse
from cx.blueprint.catalogue import KPIS
from cx.errors import CxError
from cx.records import writing
from cx.ui import charts, kept, segment_rules, segments
from cx.ui import format as words
from cx.ui.bench import actor, headline
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.tables import table
from cx.ui.text import escape, quiet

MODES = {"compare": "Compare", "rules": "Build by rules", "clusters": "Find clusters"}
USUAL = ("orders", "order_days", "tickets", "events")


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
    {"compare": _compare, "rules": _rules, "clusters": _clusters}[mode or "compare"](view, as_of)
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
    target = KPIS[measure].target if measure in KPIS else None
    charts.dots("needs-segmentation-dots", title, groups, alt=title, unit=unit, target=target)
    rows = [{"segment": name, "customers": n, "customers lost": lost.value, "counted at the start": lost.n, "revenue a customer": paid.value} for name, n, lost, paid in segments.worth(view.now, view.filters, "segment", as_of) if name is not None]
    currency = next((paid.unit for _, _, _, paid in segments.worth(view.now, view.filters, "segment", as_of) if paid.unit), "")
    table(rows, "needs-segmentation-table", units={"customers lost": "%", "revenue a customer": currency})


def _rules(view: View, as_of: datetime) -> None:
    """Conditions, who meets them, and saving them."""
    with st.container(border=True):
        rules = segment_rules.build(view)
    parts = next(iter(rules.values()))
    if not parts:
        quiet("Choose a value for a condition; how many customers meet it is counted at once.")
        return
    try:
        sentence = describe(parse(rules))
        n, total = segments.size(view.now, json.dumps(rules, sort_keys=True), as_of)
    except CxError as refused:
        st.error(escape(refused, 400))
        return
    headline(f"{n:,} of {total:,} customers ({100 * n / total if total else 0:.0f} %): {sentence}")
    if not n:
        quiet("Nobody meets these conditions.")
        return
    text = json.dumps(rules, sort_keys=True)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        pairs = (("This segment", text), ("Everybody", json.dumps({"all": []})))
        scored = [(name, segments.estimates(view.now, view.filters, "nps", (pair,), as_of)[0]) for name, *_ in pairs for pair in [next(p for p in pairs if p[0] == name)]]
        charts.dots("needs-segmentation-nps", "NPS of this segment and of everybody", [charts.Group(name, e, None, hidden) for name, (_, e, hidden) in scored], alt=f"NPS of {sentence}", unit="points")
        facts = segments.described(view.now, text, as_of)
        tops = [f"most often {column} {facts[column][0]} ({100 * facts[column][1] / n:.0f} %)" for column in ("segment", "industry", "country") if facts[column]]
        share = 100 * (facts["own"] or 0) / facts["all"] if facts["all"] else None
        quiet(" · ".join([*tops, *([f"{share:.0f} % of order revenue"] if share is not None else [])]))
    form = Fields()
    with right, st.form("needs-segmentation-save"):
        name = form("name").text_input("Name", placeholder="Loyal offices without a ticket")
        needs = form("needs").text_area("Typical needs", height=80)
        if st.form_submit_button("Save the segment", type="primary"):
            values = {"name": name, "method": "rules", "rules": rules, "description": sentence, "needs": needs, "size": n}
            if saved(lambda: writing.create("segment", values, actor(view)), "Saved: it stands among the filters of every page", form):
                st.rerun()


def _clusters(view: View, as_of: datetime) -> None:
    """K-means over what customers do."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        features = st.multiselect("By", list(NUMBERS), default=list(USUAL), format_func=lambda n: n.replace("_", " "), key="needs-segmentation-features", width=520)
        k = st.number_input("Clusters", 0, 8, 0, key="needs-segmentation-k", width=120, help="0: as many as the data support best")
        scaling = st.segmented_control("Scale", ["rank", "standard"], default="rank", key="needs-segmentation-scale", required=True, help="rank suits skewed amounts")
    if not features:
        quiet("Choose what customers are to be alike in.")
        return
    found, people = segments.clustered(view.now, tuple(features), int(k) if k and k > 1 else 0, scaling or "rank", as_of)
    headline(found.sentence)
    for warning in found.warnings:
        st.warning(escape(warning))
    if found.profile.empty:
        return
    left, right = st.columns([5, 2], gap="medium")
    with left:
        shown = found.profile[["name", "n", "share", "silhouette", *[f for f in features if f in found.profile.columns]]]
        picked = table(shown.rename(columns={f: f.replace("_", " ") for f in features}), "needs-segmentation-profile", clicks=True, units={"share": "%"}, alt="Mean of each feature by cluster")
        stable = "" if found.stability is None else f" · found again in random halves: {found.stability:.2f} of 1"
        quiet(f"Means by cluster; no cluster has fewer than five members{stable}. {found.missing:,} customers lack one of the numbers and belong to none.")
    with right:
        if len(found.silhouettes) > 1:
            tried: Any = found.silhouettes.dropna()
            charts.bars("needs-segmentation-tried", "Fit by number of clusters", [str(int(n)) for n in tried["k"]], list(tried["silhouette"]), alt="Silhouette by number of clusters", note="silhouette: 0.5 and more is clear, under 0.25 is none")
    if picked is not None:
        _keep(view, found, people, picked)


def _keep(view: View, found: Any, people: tuple[str, ...], picked: int) -> None:
    row = found.profile.iloc[picked]
    members = [p for p, label in zip(people, found.labels, strict=True) if not pd.isna(label) and int(label) == int(row["cluster"])]
    form = Fields()
    with st.form("needs-segmentation-keep", border=True):
        name = form("name").text_input("Save this cluster as", str(row["name"])[:80], key=f"needs-segmentation-keep-{picked}")
        if st.form_submit_button(f"Save {len(members):,} customers", type="primary"):
            if len(members) > segments.MOST_LISTED:
                st.error(f"A list holds at most {segments.MOST_LISTED:,} customers; this cluster has {len(members):,}. Write it as rules.")
                return
            rules = {"all": [{"column": "customer_id", "operator": "in", "value": members}]}
            values = {"name": name, "method": "clusters", "rules": rules, "description": f"Cluster of {view.period.text}: {row['name']}", "size": len(members)}
            if saved(lambda: writing.create("segment", values, actor(view)), "Saved: it stands among the filters of every page", form):
                st.rerun()
