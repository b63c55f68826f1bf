"""Segments the data suggest: k-means with scaling, a number of clusters that holds up, and profiles to read."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cx.errors import MeasureError

SAMPLE = 3000
STRONG, WEAK = 0.5, 0.25
TELLING = 0.5


@dataclass(frozen=True)
class Clusters:
    """`labels` by row (NaN for incomplete rows), from 1 by falling size; `profile`: a row a cluster with n, share, name, silhouette and means.

    `silhouettes` by number of clusters tried. `stability`: mean adjusted Rand index of runs on random halves; above 0.8
    the clusters are found again, below 0.6 they are not.
    """

    labels: pd.Series
    profile: pd.DataFrame
    k: int
    silhouette: float | None
    silhouettes: pd.DataFrame
    stability: float | None
    missing: int
    sentence: str
    warnings: tuple[str, ...] = ()


def clusters(data: Any, features: Sequence[str], *, k: int | None = None, most: int = 8, scaling: str = "standard", seed: int = 1) -> Clusters:
    """K-means clusters of the rows by numeric `features`.

    Features are scaled first (unscaled, the one with the largest numbers would decide alone): "standard" to mean 0 and
    deviation 1, "rank" to a normal shape, for skewed amounts. `k` None: the k from 2 to `most` of the largest mean silhouette
    (Rousseeuw 1987) on at most 3,000 rows. Rows with a missing feature get no cluster and are counted; constant features
    are dropped and named. A cluster's name tells what sets it apart: features over half a standard deviation from the mean.
    Fewer than 10 complete rows, or nothing that varies, give one cluster of all. Raises MeasureError for missing or
    non-numeric columns. No clusters in the data still yields clusters: read the silhouette and the stability.

    >>> found = clusters({"spend": [1, 2, 1, 2, 1, 9, 8, 9, 8, 9], "visits": [1, 1, 2, 2, 1, 7, 8, 8, 7, 7]}, ["spend", "visits"])
    >>> found.k, found.profile["n"].tolist(), found.profile["name"].tolist()
    (2, [5, 5], ['low spend, low visits', 'high spend, high visits'])
    """
    frame = data.to_pandas() if hasattr(data, "to_pandas") else pd.DataFrame(data)
    absent = [name for name in features if name not in frame.columns]
    if absent or not features:
        raise MeasureError(
            f"clusters need the column {', '.join(absent) or 'of a feature'}",
            f"the table has {', '.join(map(str, frame.columns[:12]))}",
            "choose others",
        )
    if scaling not in ("standard", "rank") or (k is not None and k < 1) or most < 2:
        raise MeasureError("expected scaling standard or rank and one cluster or more", f"found {scaling!r} and {k}", "correct them")
    try:
        numbers = pd.DataFrame({name: pd.to_numeric(frame[name]).astype("Float64").astype(float) for name in features}).replace(
            [np.inf, -np.inf], np.nan
        )
    except (TypeError, ValueError):
        raise MeasureError("clusters need numbers", "a feature holds words", "choose others") from None
    whole = numbers.dropna()
    n, missing = len(whole), len(numbers) - len(whole)
    flat = [name for name in features if n == 0 or np.ptp(whole[name].to_numpy()) == 0]
    kept = [name for name in features if name not in flat]
    warnings = [f"without spread and left out: {', '.join(flat)}"] if flat and n else []
    distinct = len(whole[kept].drop_duplicates()) if kept else min(n, 1)
    if n < 10 or not kept or distinct < 2:
        reason = f"{n} complete rows are too few" if n < 10 else "nothing varies"
        return _single(numbers, whole, reason, missing, tuple(warnings))
    scaler = (
        StandardScaler() if scaling == "standard" else QuantileTransformer(n_quantiles=min(n, 1000), output_distribution="normal", random_state=seed)
    )
    x = np.clip(scaler.fit_transform(whole[kept]), -6, 6)  # an extreme row must not become a cluster of its own
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.choice(n, SAMPLE, replace=False)) if n > SAMPLE else np.arange(n)
    with threadpool_limits(1), python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # fewer distinct rows than clusters is handled by `distinct`
        tried = _tried(x[sample], [k] if k else list(range(2, min(most, distinct - 1, n // 3) + 1)) or [2], seed)
        best = k or int(tried["k"].to_numpy()[tried["silhouette"].fillna(-1).to_numpy().argmax()])
        best = min(best, distinct)
        raw = KMeans(best, n_init=10, random_state=seed).fit_predict(x)
        stability = _stability(x, best, rng, seed) if best > 1 else None
    order = pd.Series(raw).value_counts().sort_index(ascending=True).sort_values(ascending=False, kind="stable").index
    label = np.array([{old: new for new, old in enumerate(order, 1)}[r] for r in raw])
    single = silhouette_samples(x[sample], label[sample]) if 1 < len(np.unique(label[sample])) < len(sample) else np.full(len(sample), np.nan)
    width = float(np.mean(single)) if np.isfinite(single).all() else None
    profile = _profile(whole, kept, label, pd.Series(single, index=sample), len(whole))
    labels = pd.Series(label, index=whole.index, dtype=float).reindex(numbers.index).rename("cluster")
    if width is not None and width < WEAK:
        warnings.append("the clusters overlap: the data show no clear groups")
    if stability is not None and stability < 0.6:
        warnings.append("other samples of the same customers give other clusters: do not name them yet")
    word = "" if width is None else "clear" if width >= STRONG else "fair" if width >= WEAK else "weak"
    sentence = (
        f"{len(order)} clusters of {n} rows; they are {word} (silhouette {width:.2f})." if width is not None else f"{len(order)} cluster of {n} rows."
    )
    return Clusters(labels, profile, len(order), width, tried, stability, missing, sentence, tuple(warnings))


def _tried(x: Any, counts: list[int], seed: int) -> pd.DataFrame:
    rows = []
    for k in counts:
        label = KMeans(k, n_init=5, random_state=seed).fit_predict(x)
        found = len(np.unique(label))
        rows.append({"k": k, "silhouette": float(silhouette_samples(x, label).mean()) if 1 < found < len(x) else np.nan})
    return pd.DataFrame(rows, columns=["k", "silhouette"])


def _stability(x: Any, k: int, rng: np.random.Generator, seed: int, runs: int = 5) -> float:
    """How alike two clusterings are that were learnt on random halves and applied to all rows."""
    points = x[rng.choice(len(x), min(len(x), 2000), replace=False)]
    scores = []
    for _ in range(runs):
        halves = np.array_split(rng.permutation(len(points)), 2)
        if min(len(h) for h in halves) < k:
            return float("nan")
        one, two = (KMeans(k, n_init=3, random_state=seed).fit(points[h]).predict(points) for h in halves)
        scores.append(adjusted_rand_score(one, two))
    return float(np.mean(scores))


def _profile(whole: pd.DataFrame, kept: list[str], label: Any, single: pd.Series, n: int) -> pd.DataFrame:
    mean, sd = whole[kept].mean(), whole[kept].std(ddof=0)
    rows = []
    for cluster in sorted(set(label.tolist())):
        inside = label == cluster
        centre = whole.loc[inside, kept].mean()
        z = ((centre - mean) / sd).sort_values(key=np.abs, ascending=False, kind="stable")
        words = [f"{'high' if value > 0 else 'low'} {name}" for name, value in z.items() if abs(value) >= TELLING][:3]
        at = single.index[inside[single.index]]
        rows.append({"cluster": cluster, "n": int(inside.sum()), "share": 100 * inside.sum() / n, "name": ", ".join(words) or "close to the average",
                     "silhouette": float(single.loc[at].mean()) if len(at) else np.nan} | {name: float(centre[name]) for name in kept}
                    | {f"{name} (z)": float(z[name]) for name in kept})  # fmt: skip
    found = pd.DataFrame(rows)
    again = found["name"].duplicated(keep=False)
    found.loc[again, "name"] = found.loc[again, "name"] + " (" + found.loc[again, "cluster"].astype(str) + ")"
    return found


def _single(numbers: pd.DataFrame, whole: pd.DataFrame, reason: str, missing: int, warnings: tuple[str, ...]) -> Clusters:
    labels = pd.Series(1.0, index=whole.index).reindex(numbers.index).rename("cluster")
    row = {"cluster": 1, "n": len(whole), "share": 100.0, "name": "everybody", "silhouette": np.nan} | {
        c: float(whole[c].mean()) for c in whole.columns
    }
    profile = pd.DataFrame([row]) if len(whole) else pd.DataFrame(columns=list(row))
    empty = pd.DataFrame(columns=["k", "silhouette"])
    return Clusters(labels, profile, min(len(whole), 1), None, empty, None, missing, f"No clusters: {reason}.", (*warnings, reason))
