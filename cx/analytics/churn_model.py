"""Who is likely to leave: a model trained on the past, tested on what came later, with honest probabilities."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.interval import proportion
from cx.errors import MeasureError

FEWEST_LEAVERS = 20
BOOSTED_FROM = 2000


@dataclass(frozen=True)
class ChurnModel:
    """`auc`, `brier`, `lift` are measured on customers observed after `split`, whom the model has never seen.

    `reliability`: predicted and observed share by bin. `importance`: loss of AUC when a column is shuffled. `scores`:
    every row's probability to leave. `model` predicts from the same columns.
    """

    model: Any
    method: str
    split: pd.Timestamp | None
    auc: Estimate
    precision: float | None
    brier: float | None
    brier_of_base: float | None
    lift: float | None
    reliability: pd.DataFrame
    importance: pd.DataFrame
    scores: pd.Series
    sentence: str
    warnings: tuple[str, ...] = ()


def area_under_curve(left: Any, score: Any) -> Estimate:
    """Area under the ROC curve with Hanley and McNeil's interval (Radiology 143, 1982): the chance that a leaver scores above a stayer.

    >>> round(area_under_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value, 2)
    0.75
    """
    y = np.asarray(left, dtype=int)
    hits, rest = int(y.sum()), int(len(y) - y.sum())
    if min(hits, rest) == 0:
        return undefined("all left, or none", n=len(y))
    a = float(roc_auc_score(y, score))
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    se = float(np.sqrt(max(a * (1 - a) + (hits - 1) * (q1 - a * a) + (rest - 1) * (q2 - a * a), 0.0) / (hits * rest)))
    return Estimate(a, max(a - Z95 * se, 0.0), min(a + Z95 * se, 1.0), len(y), "", "", a, se)


def reliability_curve(left: Any, probability: Any, bins: int = 10) -> pd.DataFrame:
    """Predicted against observed share of leavers in equally filled bins: predicted, observed, low, high (percent), n."""
    frame = pd.DataFrame({"p": np.asarray(probability, float), "y": np.asarray(left, float)})
    frame["bin"] = pd.qcut(frame["p"].rank(method="first"), min(bins, max(len(frame) // 10, 1)), labels=False)
    rows = []
    for _, part in frame.groupby("bin"):
        share = proportion(float(part["y"].sum()), len(part))
        rows.append({"predicted": 100 * float(part["p"].mean()), "observed": share.value, "low": share.low, "high": share.high, "n": len(part)})
    return pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n"])


def _estimator(numbers: list[str], words: list[str], boosted: bool) -> Any:
    fill = make_pipeline(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler())
    code = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10, sparse_output=False)
    parts = ColumnTransformer([("numbers", "passthrough" if boosted else fill, numbers), ("words", code, words)], sparse_threshold=0.0)
    learner = HistGradientBoostingClassifier(
        random_state=1, max_iter=150, learning_rate=0.06, max_leaf_nodes=15, l2_regularization=1.0, min_samples_leaf=40
    )
    return make_pipeline(parts, learner if boosted else LogisticRegression(C=1.0, max_iter=500))


def churn_model(
    data: Any, left: str, observed_at: str, features: Sequence[str], *, test_share: float = 0.25, method: str = "auto", seed: int = 1
) -> ChurnModel:
    """Train on the earlier snapshots, test on the later ones.

    `data`: a row a customer and snapshot date, with `features` as they were known on `observed_at` (never later: that
    would leak the answer) and `left`, whether the customer left within the following period. The latest `test_share` of
    dates are the test. Method: "logistic", "boosted" (histogram gradient boosting) or "auto", which takes boosted from
    2,000 training rows on. Probabilities are calibrated by cross-validation within the training rows (sigmoid). Missing
    features are allowed; rows without outcome or date are dropped. Returned `scores` are for all rows that have a date.
    `lift`: share of leavers among the tenth scored highest / share among all. Raises MeasureError for missing columns;
    too few leavers give a model of None and the reason.
    Source: Niculescu-Mizil & Caruana (2005) on calibration; Breiman (2001) on permutation importance.
    """
    if method not in ("auto", "logistic", "boosted"):
        raise MeasureError("expected auto, logistic or boosted", f"found {method!r}", "choose one of them")
    if not 0.05 <= test_share <= 0.6:
        raise MeasureError("the test must take between 5 and 60 % of the rows", f"found {100 * test_share:g} %", "correct it")
    frame = (data.to_pandas() if hasattr(data, "to_pandas") else pd.DataFrame(data)).copy()
    absent = [name for name in (left, observed_at, *features) if name not in frame.columns]
    if absent or not features:
        raise MeasureError(
            f"a churn model needs the column {', '.join(absent) or 'of a feature'}",
            f"the table has {', '.join(map(str, frame.columns[:12]))}",
            "add it",
        )
    if left in features or observed_at in features:
        raise MeasureError("the outcome and its date cannot be features", "they are among them", "leave them out")
    at = pd.to_datetime(frame[observed_at], utc=True).dt.tz_localize(None)
    known = frame[left].notna() & at.notna()
    x = _prepared(frame, features)
    numbers = [name for name in features if pd.api.types.is_float_dtype(x[name])]
    words = [name for name in features if name not in numbers]
    y = frame.loc[known, left].astype(bool).astype(int)
    dates = at[known]
    order = dates.sort_values(kind="stable")
    split = order.iloc[max(int(len(order) * (1 - test_share)), 0)] if len(order) else None
    early = dates < split if split is not None else dates.notna()
    train, test = y[early], y[~early]
    fewest = min(int(train.sum()), int(len(train) - train.sum()))
    if fewest < FEWEST_LEAVERS or test.nunique() < 2:
        reason = (f"{int(train.sum())} of {len(train)} training customers left; {FEWEST_LEAVERS} or more must have left and stayed" if fewest < FEWEST_LEAVERS
                  else "in the test period all left, or none")  # fmt: skip
        empty = pd.DataFrame()
        return ChurnModel(
            None,
            method,
            split,
            undefined(reason, n=len(y)),
            None,
            None,
            None,
            None,
            empty,
            empty,
            pd.Series(dtype=float),
            f"No model: {reason}.",
            (reason,),
        )
    boosted = method == "boosted" or (method == "auto" and len(train) >= BOOSTED_FROM)
    # one thread: the learner's own threads would wait for each other on a machine that serves dashboards as well
    with python_warnings.catch_warnings(), threadpool_limits(1):
        python_warnings.simplefilter("ignore")  # unknown categories and empty columns are handled as infrequent
        model = CalibratedClassifierCV(_estimator(numbers, words, boosted), method="sigmoid", cv=5).fit(x.loc[train.index], train)
        held = x.loc[test.index]
        p = model.predict_proba(held)[:, 1]
        sample = test.sample(min(len(test), 3000), random_state=seed)
        shuffled = permutation_importance(model, held.loc[sample.index], sample, scoring="roc_auc", n_repeats=5, random_state=seed)
        scores = pd.Series(model.predict_proba(x[at.notna()])[:, 1], index=frame.index[at.notna()], name="probability")
    importance = pd.DataFrame({"feature": list(features), "importance": shuffled.importances_mean, "sd": shuffled.importances_std})
    importance = importance.sort_values(["importance", "feature"], ascending=[False, True], ignore_index=True)
    auc = area_under_curve(test, p)
    base = float(train.mean())
    brier, brier_base = float(brier_score_loss(test, p)), float(brier_score_loss(test, np.full(len(test), base)))
    top = np.argsort(-p, kind="stable")[: max(len(p) // 10, 1)]
    lift = float(test.to_numpy()[top].mean() / test.mean())
    warnings = ["no better than the base rate on later customers: do not act on it"] if brier >= brier_base or (auc.low or 0) <= 0.5 else []
    warnings += ["suspiciously good: check that no feature was recorded after the customer left"] if (auc.value or 0) > 0.97 else []
    drift = abs(float(test.mean()) - base)
    warnings += (
        [f"the share that leaves moved from {100 * base:.1f} to {100 * float(test.mean()):.1f} %: probabilities lag behind"]
        if drift > 0.5 * base
        else []
    )
    sentence = (f"Of two customers after {split:%Y-%m-%d}, the one who left was scored higher in {100 * (auc.value or 0):.0f} % of cases; the tenth scored highest "
                f"left {lift:.1f} times as often as all.")  # fmt: skip
    return ChurnModel(model, "boosted" if boosted else "logistic", split, auc, float(average_precision_score(test, p)), brier, brier_base, lift,
                      reliability_curve(test, p), importance, scores, sentence, tuple(warnings))  # fmt: skip


def _prepared(frame: pd.DataFrame, features: Sequence[str]) -> pd.DataFrame:
    """Numbers as floats, everything else as words."""
    columns: dict[str, pd.Series] = {}
    for name in features:
        values = frame[name]
        if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
            columns[name] = values.astype("Float64").astype(float).replace([np.inf, -np.inf], np.nan)
        else:
            columns[name] = values.astype(object).where(values.notna(), "(missing)").astype(str)
    return pd.DataFrame(columns, index=frame.index)
