"""Lead score: the probability that a lead is won, learnt from decided leads, checked on later ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from cx.analytics.interval import proportion
from cx.errors import MeasureError

LEAST = 50
BINS = 10
HELD_OUT = 0.3


@dataclass(frozen=True)
class LeadScore:
    """A fitted score and how it did on the leads it had not seen (the latest ones).

    `auc`: chance that a won lead scores above a lost one (0.5 is guessing). `brier` and `brier_base`: mean squared error
    of the probabilities and of always saying the win rate of the past. `slope` and `intercept`: calibration, ideally 1
    and 0. `reliability`: bin, n, predicted, observed, low, high (percent). `reasons`: feature, odds_ratio for one
    standard deviation or for the category, strongest first.
    """

    model: Pipeline
    features: tuple[str, ...]
    n: int
    held_out: int
    auc: float | None
    brier: float
    brier_base: float
    slope: float | None
    intercept: float | None
    reliability: pd.DataFrame
    reasons: pd.DataFrame
    warning: str

    def score(self, leads: pd.DataFrame) -> np.ndarray:
        """Probability of being won, 0 to 1, a lead. Raises MeasureError where a feature is missing."""
        absent = [f for f in self.features if f not in leads.columns]
        if absent:
            raise MeasureError(f"the score needs {', '.join(absent)}", f"the table has {', '.join(map(str, leads.columns[:12]))}", "add them")
        if leads.empty:
            return np.empty(0)
        return np.asarray(self.model.predict_proba(_plain(leads, self.features))[:, 1])


def lead_score(leads: pd.DataFrame, won: str, features: Sequence[str], time: str) -> LeadScore:
    """Fit a logistic regression on the older decided leads and check it on the newest 30 %.

    `leads`: one row a decided lead; `won` holds true or false, `time` when the lead came in, `features` numbers or words
    known at that moment. Numbers are standardised (missing: median), words one-hot coded (rare and unknown ones together).
    The final model is fitted on all leads; the checks are those of the model fitted on the older ones.
    Raises MeasureError for fewer than 50 leads or where only one outcome occurs. Association, not cause.
    Source: Hastie, Tibshirani & Friedman, Elements of Statistical Learning, 4.4; calibration after Cox 1958.
    """
    absent = [c for c in (won, time, *features) if c not in leads.columns]
    if absent or not features:
        raise MeasureError(f"a lead score needs {', '.join(absent) or 'at least one feature'}", f"the table has {', '.join(map(str, leads.columns[:12]))}", "name columns")
    known = leads[leads[won].notna() & leads[time].notna()].sort_values(time, kind="stable")
    outcome = known[won].astype(float).to_numpy() > 0
    cut = math.floor(len(known) * (1 - HELD_OUT))
    if len(known) < LEAST or len(set(outcome[:cut])) < 2:
        raise MeasureError(f"at least {LEAST} decided leads, won and lost", f"found {len(known)} with {int(outcome.sum())} won", "wait for more history")
    names = tuple(features)
    table = _plain(known, names)
    older = _pipeline(table).fit(table.iloc[:cut], outcome[:cut])
    chance = older.predict_proba(table.iloc[cut:])[:, 1]
    seen = outcome[cut:]
    both = len(set(seen)) == 2
    slope, intercept = _calibration(chance, seen) if both else (None, None)
    final = _pipeline(table).fit(table, outcome)
    wins = int(min(outcome.sum(), (~outcome).sum()))
    weights = final.named_steps["logistic"].coef_.size
    warning = "" if wins >= 10 * weights else f"{wins} of the rarer outcome for {weights} weights: fewer than 10 each, so expect overfitting"
    return LeadScore(
        final, names, len(known), len(seen), float(roc_auc_score(seen, chance)) if both else None, float(brier_score_loss(seen, chance)),
        float(((seen - outcome[:cut].mean()) ** 2).mean()), slope, intercept, reliability(chance, seen), _reasons(final), warning,
    )  # fmt: skip


def reliability(chance: Any, outcome: Any, bins: int = BINS) -> pd.DataFrame:
    """Predicted against observed, in percent, in bins of equal size: bin, n, predicted, observed, low, high (Wilson).

    >>> reliability([0.1, 0.1, 0.9, 0.9], [False, False, True, True], 2)[["n", "predicted", "observed"]].values.tolist()
    [[2.0, 10.0, 0.0], [2.0, 90.0, 100.0]]
    """
    said, came = np.asarray(chance, dtype=float), np.asarray(outcome, dtype=float)
    order = np.argsort(said, kind="stable")
    rows = []
    for k, part in enumerate(np.array_split(order, min(bins, max(len(order), 1)))):
        if len(part):
            e = proportion(float(came[part].sum()), len(part))
            rows.append([k + 1, len(part), 100 * float(said[part].mean()), e.value, e.low, e.high])
    return pd.DataFrame(rows, columns=["bin", "n", "predicted", "observed", "low", "high"])


def _calibration(chance: np.ndarray, outcome: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of a logistic regression of the outcome on the logit of the prediction."""
    logit = np.log(np.clip(chance, 1e-6, 1 - 1e-6) / np.clip(1 - chance, 1e-6, 1))
    fit = LogisticRegression(C=1e6, max_iter=1000).fit(logit.reshape(-1, 1), outcome)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def _plain(leads: pd.DataFrame, features: tuple[str, ...]) -> pd.DataFrame:
    out = leads[list(features)].copy()
    for name in features:
        numbers = pd.api.types.is_numeric_dtype(out[name]) or pd.api.types.is_bool_dtype(out[name])
        out[name] = out[name].astype(float) if numbers else out[name].astype(object).where(out[name].notna(), "(unknown)").astype(str)
    return out


def _pipeline(table: pd.DataFrame) -> Pipeline:
    numbers = [n for n in table.columns if pd.api.types.is_float_dtype(table[n])]
    words = [n for n in table.columns if n not in numbers]
    columns = ColumnTransformer(
        [
            ("number", make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()), numbers),
            ("word", OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10, max_categories=20, sparse_output=False), words),
        ],
        verbose_feature_names_out=False,
    )
    return Pipeline([("columns", columns), ("logistic", LogisticRegression(max_iter=2000))])


def _reasons(model: Pipeline) -> pd.DataFrame:
    names = model.named_steps["columns"].get_feature_names_out()
    weights = model.named_steps["logistic"].coef_[0]
    frame = pd.DataFrame({"feature": names, "odds_ratio": np.exp(weights)})
    return frame.iloc[np.argsort(-np.abs(weights), kind="stable")].reset_index(drop=True)
