"""Drivers and models: describe any dataset, regressions with diagnostics, key drivers of NPS, a churn model tested on later customers."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.regression import linear, logistic
from cx.errors import MeasureError
from cx.facts.datasets import DATASETS
from cx.ui import bench, charts, churn_model, models, snapshots, variables
from cx.ui.empty import nothing_yet
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "reporting-analysis"
PARTS = ("Drivers of NPS", "Describe", "Regression", "Churn model")


def show(view: View) -> None:
    """Draw the step."""
    found = variables.usable(view)
    if not found:
        nothing_yet("analysis")
        return
    part = st.segmented_control("Part", PARTS, default=PARTS[0], key="model", bind="query-params", required=True, label_visibility="collapsed") or PARTS[0]
    {"Describe": describe, "Regression": regression, "Drivers of NPS": drivers, "Churn model": churn_model.show}[part](view)


def dataset(view: View, key: str) -> str:
    """Which dataset."""
    found = variables.usable(view)
    return st.selectbox("Dataset", found, index=found.index("tickets") if "tickets" in found else 0, format_func=lambda n: DATASETS[n].title, key=key, bind="query-params", width=240)


def describe(view: View) -> None:
    """Every variable of a dataset in a line, and the spread of the one chosen."""
    name = dataset(view, "describeset")
    keys = variables.of_kind(name, "number", "category")
    frame, total, note = variables.frame(view, name, keys)
    bench.headline(f"{DATASETS[name].title}: {total:,} rows, {len(keys)} variables" + (f" ({note})" if note else ""))
    rows = []
    for key in keys:
        values, v = frame[key].dropna(), variables.variables(name)[key]
        row = {"variable": v.title, "kind": v.kind, "filled, %": 100 * len(values) / len(frame) if len(frame) else None, "values": int(values.nunique())}
        if v.kind == "number" and len(values):
            n = values.astype(float)
            row |= {"mean": float(n.mean()), "sd": float(n.std()) if len(n) > 1 else None, "lowest": float(n.min()), "quarter": float(n.quantile(0.25)), "median": float(n.median()), "three quarters": float(n.quantile(0.75)), "highest": float(n.max()), "skewness": cast(float, n.skew()) if len(n) > 2 else None}
        elif len(values):
            top = values.value_counts()
            row |= {"commonest": str(top.index[0]), "its share, %": 100 * int(top.to_numpy()[0]) / len(values)}
        rows.append(row)
    picked = table(rows, f"{KEY}-describe-{name}", clicks=True, alt=f"Variables of {DATASETS[name].title}")
    if picked is None:
        quiet("Choose a variable to see its spread.")
        return
    v = variables.variables(name)[keys[picked]]
    if v.kind == "number":
        charts.histogram(f"{KEY}-spread", f"{v.title}: spread", frame[v.key].dropna().astype(float).to_numpy(), alt=f"Spread of {v.title}", unit=v.unit)
    else:
        top = frame[v.key].value_counts().head(15)
        charts.bars(f"{KEY}-spread", f"{v.title}: commonest {top.index[0]}" if len(top) else v.title, [str(i) for i in top.index], [float(c) for c in top], alt=f"Values of {v.title}", texts=[f"{c:,}" for c in top])


def regression(view: View) -> None:
    """An outcome and what may explain it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = dataset(view, "regset")
        keys = variables.of_kind(name, "number", "category")
        start = next((k for k in ("satisfaction", "resolution_hours", "late", "left", "score_nps", *variables.of_kind(name, "number")) if k in keys), keys[0])
        outcome = st.selectbox("Outcome", keys, index=keys.index(start), format_func=lambda k: variables.title(name, k), key=f"{KEY}-outcome-{name}", width=240)
        rest = [k for k in keys if k != outcome]
        usual = [k for k in ("reply_hours", "reopens", "channel", "priority", "segment", "delivery_days") if k in rest][:3] or rest[:2]
        chosen = st.multiselect("Explained by", rest, default=usual, format_func=lambda k: variables.title(name, k), key=f"{KEY}-predictors-{name}-{outcome}", max_selections=8)
    if not chosen:
        quiet("Choose at least one variable that may explain the outcome.")
        return
    frame, _, note = variables.frame(view, name, [outcome, *chosen])
    frame = frame.reset_index(drop=True)
    titles = {k: variables.title(name, k) for k in (outcome, *chosen)}
    frame = frame.rename(columns=titles)
    number = variables.variables(name)[outcome].kind == "number"
    values = frame[titles[outcome]].dropna()
    try:
        if number and values.nunique() != 2:
            fitted = linear(frame, titles[outcome], [titles[k] for k in chosen])
        else:
            fitted = logistic(*_two(frame, titles[outcome], number), [titles[k] for k in chosen])
    except MeasureError as refused:
        quiet(str(refused))
        return
    models.regression(fitted, frame, titles[outcome], f"{KEY}-regression", note)
    quiet("Rows are taken as independent, and what is left out of the model may be the true reason: read it as association.")


def _two(frame: pd.DataFrame, outcome: str, number: bool) -> tuple[pd.DataFrame, str]:
    """The outcome as yes/no: as it is where it has two values, else the commonest value against the rest."""
    values = frame[outcome].dropna()
    if number or values.nunique() <= 2:
        return frame, outcome
    top = values.value_counts().index[0]
    name = f"{outcome} is {top}"
    quiet(f"{outcome} has {values.nunique()} values; asked is whether it is {top}.")
    return frame.assign(**{name: (frame[outcome] == top).where(frame[outcome].notna())}), name


def drivers(view: View) -> None:
    """Relative weights of the rated aspects for NPS."""
    if not view.now.rows("responses"):
        quiet("Drivers come from a survey that asks NPS and ratings of single aspects; there are no answers yet.")
        return
    found, asked = snapshots.nps_drivers(view.now, view.filters)
    if found is None or not len(found.table):
        quiet(found.sentence if found else "No survey in this period asks NPS together with two or more rated aspects.")
        return
    top = found.table.iloc[0]
    bench.headline(f"{str(top['driver']).capitalize()} goes along with NPS most: {top['share']:.0f} % of what the ratings explain")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        groups = [charts.Group(str(r["driver"]), Estimate(float(r["share"]), float(r["low"]), float(r["high"]), found.n, "%")) for _, r in found.table.iterrows()]
        charts.dots(f"{KEY}-drivers", f"Share of the explained part of NPS, survey {asked[0]}", groups, alt=found.sentence, unit="%", note="relative weights with bootstrap intervals; they add up to 100 %")
        dots = [charts.Dot(str(r["driver"]), float(r["mean"]), float(r["share"])) for _, r in found.table.iterrows()]
        middle = (float(found.table["mean"].mean()), float(found.table["share"].mean()))
        heavy = found.table[(found.table["share"] >= middle[1]) & (found.table["mean"] < middle[0])]
        finding = f"Work on {heavy['driver'].iloc[0]} first: heavy, and rated {heavy['mean'].iloc[0]:.1f}, below the average of the aspects" if len(heavy) else "No aspect is both heavy and rated below average"
        charts.scatter(f"{KEY}-levers", finding, dots, alt="Weight of each aspect by its rating", x_title="mean rating", y_title="weight, %", cross=middle, corners=("mend first", "keep up", "later", "enough"), height=280)
    with right:
        quiet(found.sentence)
        quiet(f"n {found.n:,}; {found.missing:,} responses without every answer left out")
        for warning in found.warnings:
            quiet(warning)
        table(found.table[["driver", "share", "low", "high", "correlation", "mean"]], f"{KEY}-weights", titles={"share": "weight, %"}, csv=True)
        quiet(found.why)
