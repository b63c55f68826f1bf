"""How a fitted model is shown: the sentence, its terms, the checks a statistician asks for, and the picture of its errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from cx.analytics.estimate import Estimate
from cx.analytics.regression import Regression
from cx.ui import bench, charts
from cx.ui import format as words
from cx.ui.tables import table
from cx.ui.text import quiet


def regression(found: Regression, frame: pd.DataFrame, outcome: str, key: str, note: str = "") -> None:
    """Draw a regression whole."""
    bench.headline(found.sentence)
    if not len(found.terms):
        return
    passed = sum(bool(c.met) for c in found.checks)
    tiles = [("R²" if found.kind == "linear" else "McFadden R²", words.number(found.r2, 3), f"adjusted {words.number(found.adjusted_r2, 3)}" if found.adjusted_r2 is not None else "")]
    tiles += [("AUC", words.number(found.auc, 3), "0.5 is chance, 1 is perfect; on the rows it was fitted on")] if found.auc is not None else []
    tiles += [("n", f"{found.n:,}", f"{found.missing:,} rows with gaps left out"), ("Checks passed", f"{passed} of {len(found.checks)}", "see below")]
    bench.tiles(f"{key}-tiles", tiles)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        effects(found, key)
        terms = found.terms.replace({"term": {"const": "intercept"}}).rename(columns={"odds_ratio": "odds ratio", "odds_low": "odds low", "odds_high": "odds high"})
        rounded = terms.copy()
        for name in rounded.columns[1:]:
            rounded[name] = [None if pd.isna(v) else "< 0.001" if name == "p" and v < 0.001 else f"{v:.3g}" for v in rounded[name]]
        table(rounded, f"{key}-terms", help={"vif": "variance inflation: above 5 the term is told apart from others badly", "beta": "effect in standard deviations, for comparing terms"})
        against = references(found, frame)
        if against:
            quiet(f"Each value of a category is compared with its commonest: {', '.join(against)}.")
    with right:
        st.markdown("**Can it be believed?**")
        for check in found.checks:
            quiet(f"{'✓' if check.met else '✗' if check.met is False else '–'} {check.name}: {check.detail}")
        if found.influential:
            quiet(f"✗ {len(found.influential)} rows sway the result by themselves (Cook's distance above 0.5)")
        for warning in (*found.warnings, note):
            if warning:
                quiet(warning)
        errors(found, frame, outcome, key)


def references(found: Regression, frame: pd.DataFrame) -> list[str]:
    """The values that have no term of their own: what the other values of their category are compared with."""
    if found.fitted is None:
        return []
    used, terms = frame.loc[pd.Series(found.fitted).index], set(found.terms["term"].astype(str))
    named = [str(column) for column in frame.columns if any(term.startswith(f"{column} = ") for term in terms)]
    return [f"{column} = {level}" for column in named for level in used[column].dropna().unique() if f"{column} = {level}" not in terms]


def effects(found: Regression, key: str) -> None:
    """Coefficients (or odds ratios) as dots with intervals."""
    shown = found.terms.iloc[1:]
    odds = found.kind == "logistic"
    columns = ("odds_ratio", "odds_low", "odds_high") if odds else ("coefficient", "low", "high")
    groups = [charts.Group(str(r["term"]), Estimate(float(r[columns[0]]), float(r[columns[1]]), float(r[columns[2]]), found.n)) for _, r in shown.iterrows() if np.isfinite(r[list(columns)].astype(float)).all()]
    none = 1.0 if odds else 0.0
    charts.dots(f"{key}-effects", "Odds ratio of each term, others held still" if odds else "Effect of each term, others held still", groups[:14], alt=found.sentence, target=none, note="dashed: no effect")


def errors(found: Regression, frame: pd.DataFrame, outcome: str, key: str) -> None:
    """Residuals against fitted values, which should show no pattern; for a yes/no outcome predicted against observed shares."""
    if found.fitted is None:
        return
    fitted = pd.Series(found.fitted)
    step = max(len(fitted) // 500, 1)
    if found.kind == "linear":
        rest = frame.loc[fitted.index, outcome].astype(float) - fitted
        dots = [charts.Dot(f"row {i}", float(a), float(b)) for i, (a, b) in enumerate(zip(fitted[::step], rest[::step], strict=True))]
        charts.scatter(f"{key}-residuals", "Residuals should show no pattern", dots, alt="Residuals against fitted values", x_title="fitted", y_title="residual", height=240)
    else:
        charts.histogram(f"{key}-fitted", "Predicted chance of yes", (100 * fitted).to_numpy(), alt="Spread of predicted chances", unit="%", height=200)
