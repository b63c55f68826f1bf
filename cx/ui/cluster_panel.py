"""Clusters of customers by what they do: found, described, judged, and kept as segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from cx.analytics.clusters import Clusters
from cx.analytics.profile import NUMBERS
from cx.records import writing
from cx.ui import charts, segments
from cx.ui.bench import actor, headline
from cx.ui.fields import Fields
from cx.ui.page import View
from cx.ui.saving import saved
from cx.ui.segment_rules import TITLES
from cx.ui.tables import table
from cx.ui.text import escape, quiet

USUAL = ("orders", "order_days", "tickets", "events")


def called(feature: str) -> str:
    """A number of the profile inside a sentence or a table."""
    title = TITLES[feature]
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def named(cluster: str) -> str:
    """The name of a cluster with its features in words."""
    for feature in sorted(NUMBERS, key=len, reverse=True):
        cluster = cluster.replace(f"low {feature}", f"low: {called(feature)}").replace(f"high {feature}", f"high: {called(feature)}")
    return cluster


def sentence(found: Clusters) -> str:
    """How many clusters of how many customers, and how clearly they stand apart."""
    n, k, width = int(found.profile["n"].sum()) if len(found.profile) else 0, len(found.profile), found.silhouette
    if width is None:
        return found.sentence
    how = "stand clearly apart" if width >= 0.5 else "stand fairly apart" if width >= 0.25 else "hardly stand apart"
    return f"{n:,} customers fall into {k} clusters, which {how} (silhouette {width:.2f})"


def show(view: View, as_of: datetime) -> None:
    """K-means over what customers do."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        features = st.multiselect("By", list(NUMBERS), default=list(USUAL), format_func=called, key="needs-segmentation-features", width=520)
        k = st.number_input("Clusters", 0, 8, 0, key="needs-segmentation-k", width=120, help="0: as many as the data support best")
        scaling = st.segmented_control("Scale", ["rank", "standard"], default="rank", key="needs-segmentation-scale", required=True, help="rank suits skewed amounts")
    if not features:
        quiet("Choose what customers are to be alike in.")
        return
    found, people = segments.clustered(view.now, tuple(features), int(k) if k and k > 1 else 0, scaling or "rank", as_of)
    headline(sentence(found))
    for warning in found.warnings:
        st.warning(escape(warning))
    if found.profile.empty:
        return
    left, right = st.columns([5, 2], gap="medium")
    with left:
        shown = found.profile[["name", "n", "share", "silhouette", *[f for f in features if f in found.profile.columns]]]
        picked = table(shown.assign(name=[named(str(name)) for name in shown["name"]]).rename(columns={f: called(f) for f in features}), "needs-segmentation-profile", clicks=True, units={"share": "%"}, alt="Mean of each feature by cluster")
        stable = "" if found.stability is None else f" · found again in random halves: {found.stability:.2f} of 1"
        quiet(f"Means by cluster; no cluster has fewer than five members{stable}. {found.missing:,} customers lack one of the numbers and belong to none.")
    with right:
        if len(found.silhouettes) > 1:
            tried: Any = found.silhouettes.dropna()
            charts.bars("needs-segmentation-tried", "Fit by number of clusters", [str(int(n)) for n in tried["k"]], list(tried["silhouette"]), tones=["" if int(n) == len(found.profile) else "context" for n in tried["k"]], alt="Silhouette by number of clusters", note="silhouette of each number of clusters, the one drawn in blue: 0.5 and more is clear, under 0.25 is none")
    if picked is not None:
        _keep(view, found, people, picked)


def _keep(view: View, found: Any, people: tuple[str, ...], picked: int) -> None:
    row = found.profile.iloc[picked]
    members = [p for p, label in zip(people, found.labels, strict=True) if not pd.isna(label) and int(label) == int(row["cluster"])]
    form = Fields()
    with st.form("needs-segmentation-keep", border=True):
        name = form("name").text_input("Save this cluster as", named(str(row["name"]))[:80], key=f"needs-segmentation-keep-{picked}")
        if st.form_submit_button(f"Save {len(members):,} customers", type="primary"):
            if len(members) > segments.MOST_LISTED:
                st.error(f"A list holds at most {segments.MOST_LISTED:,} customers; this cluster has {len(members):,}. Write it as rules.")
                return
            rules = {"all": [{"column": "customer_id", "operator": "in", "value": members}]}
            values = {"name": name, "method": "clusters", "rules": rules, "description": f"Cluster of {view.period.text}: {named(str(row['name']))}", "size": len(members)}
            if saved(lambda: writing.create("segment", values, actor(view)), "Saved: it stands among the filters of every page", form):
                st.rerun()
