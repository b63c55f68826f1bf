"""Key drivers: how much of an outcome each driver accounts for, where drivers go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cx.analytics.finding import column
from cx.errors import MeasureError

ROWS_PER_DRIVER = 10
MOST_SHAPLEY = 12
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Drivers:
    """`table`: driver, weight (part of R^2), share (percent of R^2), low, high of the share, correlation, direction, mean.

    `r2` is the sum of the weights. `why` says what the weights are and why not correlations.
    """

    table: pd.DataFrame
    r2: float | None
    n: int
    missing: int
    sentence: str
    warnings: tuple[str, ...] = ()
    why: str = (
        "Drivers go together: what pleases in one respect tends to please in others. A plain correlation credits each driver with what it shares "
        "with the rest, so all look important; a regression coefficient credits it with none of it, so one of two alike looks unimportant or even "
        "harmful. Relative weights divide what is shared, and add up to what the drivers explain together. They show association, not cause."
    )


def weights_of(correlations: Matrix, with_outcome: Matrix) -> Matrix:
    """Johnson's relative weights from the correlations among the drivers and with the outcome.

    R = V D V'; the nearest orthogonal drivers have loadings L = V D^(1/2) V'; b = L^-1 r; weight = L^2 b^2. They sum to
    R^2. Directions without spread are left out. Shapes (..., k, k) and (..., k) give (..., k): many resamples at once.
    Source: Johnson, Multivariate Behavioral Research 35 (2000).
    """
    values, vectors = np.linalg.eigh(correlations)
    kept = values > 1e-10 * np.maximum(values.max(axis=-1, keepdims=True), 1e-300)
    root = np.where(kept, np.sqrt(np.where(kept, values, 1.0)), 0.0)
    inverse = np.where(kept, 1 / np.where(kept, root, 1.0), 0.0)
    back = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * root[..., None, :]) @ back
    betas = (vectors * inverse[..., None, :]) @ back @ with_outcome[..., None]
    return np.asarray((loadings**2 @ betas**2)[..., 0], dtype=float)


def shapley_of(correlations: Matrix, with_outcome: Matrix) -> Matrix:
    """Shapley values of R^2 (Lindeman, Merenda & Gold): the mean gain in R^2 over all orders of entry. At most 12 drivers.

    The reference that relative weights come close to; 2^k regressions.
    """
    k = len(with_outcome)
    if k > MOST_SHAPLEY:
        raise MeasureError(f"Shapley values take at most {MOST_SHAPLEY} drivers", f"found {k}", "use relative weights")
    r2: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            at = list(chosen)
            b = np.linalg.lstsq(correlations[np.ix_(at, at)], with_outcome[at], rcond=None)[0]
            r2[chosen] = float(b @ with_outcome[at])
    found = np.zeros(k)
    for i in range(k):
        for chosen in (c for c in r2 if i not in c):
            found[i] += (r2[tuple(sorted((*chosen, i)))] - r2[chosen]) / (k * comb(k - 1, len(chosen)))
    return found


def key_drivers(data: Any, outcome: str, drivers: Sequence[str], *, method: str = "relative weights", bootstrap: int = 500, seed: int = 1) -> Drivers:
    """Relative weights of `drivers` for `outcome` (both numbers), with bootstrap intervals.

    `data`: a row a respondent; rows with a missing value are dropped and counted; constant drivers are dropped and
    named. Method: "relative weights" (Johnson 2000) or "shapley" (LMG; up to 12 drivers). Intervals: percentiles of
    `bootstrap` resamples of the rows (0: none). Fewer than 10 rows a driver give a warning, fewer than drivers + 3 no weights.

    >>> rows = {"nps": [9, 8, 3, 10, 5, 7], "speed": [5, 4, 1, 5, 2, 4], "price": [3, 3, 2, 3, 4, 1]}
    >>> found = key_drivers(rows, "nps", ["speed", "price"], bootstrap=0)
    >>> found.table["driver"].tolist(), round(float(found.table["share"].sum()), 6)
    (['speed', 'price'], 100.0)
    """
    if method not in ("relative weights", "shapley"):
        raise MeasureError("expected relative weights or shapley", f"found {method!r}", "choose one of them")
    frame = data.to_pandas() if hasattr(data, "to_pandas") else pd.DataFrame(data)
    absent = [name for name in (outcome, *drivers) if name not in frame.columns]
    if absent or not drivers:
        raise MeasureError(
            f"key drivers need the column {', '.join(absent) or 'of a driver'}",
            f"the table has {', '.join(map(str, frame.columns[:12]))}",
            "choose others",
        )
    numbers = pd.DataFrame({name: column(frame[name], name) for name in dict.fromkeys((outcome, *drivers))})
    words = [str(name) for name in numbers.columns if numbers[name].notna().any() and not pd.api.types.is_float_dtype(numbers[name])]
    if words:
        raise MeasureError("outcome and drivers must be numbers", f"{words[0]} holds words", "choose others")
    whole = numbers.dropna().astype(float)
    missing, n = len(numbers) - len(whole), len(whole)
    flat = [name for name in drivers if n == 0 or np.ptp(whole[name].to_numpy()) == 0]
    kept = [name for name in dict.fromkeys(drivers) if name not in flat and name != outcome]
    warnings = [f"without spread and left out: {', '.join(flat)}"] if flat and n else []
    if n < len(kept) + 3 or not kept or np.ptp(whole[outcome].to_numpy()) == 0:
        reason = f"{n} complete rows are too few for {len(kept)} drivers" if n < len(kept) + 3 else "nothing varies"
        empty = pd.DataFrame(columns=["driver", "weight", "share", "low", "high", "correlation", "direction", "mean"])
        return Drivers(empty, None, n, missing, f"No weights are possible: {reason}.", (*warnings, reason))
    if n < ROWS_PER_DRIVER * len(kept):
        warnings.append(f"{n} rows for {len(kept)} drivers; {ROWS_PER_DRIVER * len(kept)} or more make the weights stable")
    if missing > n:
        warnings.append(f"{missing} of {missing + n} rows miss a value and were left out")
    x, y = whole[kept].to_numpy(), whole[outcome].to_numpy()
    solve = shapley_of if method == "shapley" else weights_of
    centred = whole[[*kept, outcome]].to_numpy() - whole[[*kept, outcome]].to_numpy().mean(axis=0)

    def correlated(times: Matrix) -> Matrix:
        # of rows taken so many times each: a resample as counts needs no copy of its rows
        weighed = centred * times[:, None]
        means = weighed.sum(axis=0) / n
        spread = weighed.T @ centred / n - np.outer(means, means)
        deviation = np.sqrt(np.maximum(np.diag(spread), 0))
        with np.errstate(invalid="ignore", divide="ignore"):
            r = np.clip(np.nan_to_num(spread / np.outer(deviation, deviation), posinf=0.0, neginf=0.0), -1, 1)
        np.fill_diagonal(r, 1.0)
        return np.asarray(r, dtype=float)

    r = correlated(np.ones(n))
    weights = solve(r[:-1, :-1], r[:-1, -1])
    r2 = float(weights.sum())
    correlation = [float(np.corrcoef(x[:, i], y)[0, 1]) for i in range(len(kept))]
    table = pd.DataFrame({"driver": kept, "weight": weights, "share": 100 * weights / r2 if r2 > 0 else 0.0, "low": np.nan, "high": np.nan})
    if bootstrap and r2 > 0:
        rng = np.random.default_rng(seed)
        drawn = np.array([correlated(np.bincount(rng.integers(0, n, n), minlength=n).astype(float)) for _ in range(bootstrap)])
        inner, outer = drawn[:, :-1, :-1], drawn[:, :-1, -1]
        draws = weights_of(inner, outer) if method != "shapley" else np.array([shapley_of(a, b) for a, b in zip(inner, outer, strict=True)])
        totals = draws.sum(axis=1, keepdims=True)
        shares = 100 * draws / np.where(totals > 0, totals, np.nan)
        table["low"], table["high"] = np.nanpercentile(shares, 2.5, axis=0), np.nanpercentile(shares, 97.5, axis=0)
    table["correlation"], table["direction"] = correlation, ["up" if r > 0 else "down" for r in correlation]
    table["mean"] = x.mean(axis=0)
    table = table.sort_values(["weight", "driver"], ascending=[False, True], ignore_index=True)
    top = table.iloc[0]
    sentence = f"Together the drivers account for {100 * r2:.0f} % of the variation of {outcome} (n = {n}); {top['driver']} for the largest share ({top['share']:.0f} % of that). An association, not a cause."
    return Drivers(table, r2, n, missing, sentence, tuple(warnings))
