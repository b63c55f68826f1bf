"""Forecasts of a regular series: the method is the one that forecast best in the past."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from cx.analytics.estimate import Z95
from cx.errors import MeasureError

Path = tuple[np.ndarray, np.ndarray]
Method = Callable[[np.ndarray, int, int], Path]
ORIGINS = 6


@dataclass(frozen=True)
class Forecast:
    """`frame`: period, value, low, high (95 % prediction interval); `errors`: one row a method, best first, with its mean
    absolute error over the rolling origins and that error as a ratio to the seasonal naive one (below 1 is better)."""

    method: str
    frame: pd.DataFrame
    errors: pd.DataFrame
    warning: str = ""


def _spread(errors: np.ndarray, used: int) -> float:
    known = errors[np.isfinite(errors)]
    return math.sqrt(float((known**2).sum()) / max(len(known) - used, 1)) if len(known) else math.nan


def _mean(y: np.ndarray, horizon: int, season: int) -> Path:
    return np.full(horizon, y.mean()), np.full(horizon, _spread(y - y.mean(), 1) * math.sqrt(1 + 1 / len(y)))


def _naive(y: np.ndarray, horizon: int, season: int) -> Path:
    return np.full(horizon, y[-1]), _spread(np.diff(y), 0) * np.sqrt(np.arange(1, horizon + 1))


def _drift(y: np.ndarray, horizon: int, season: int) -> Path:
    steps = np.arange(1, horizon + 1)
    slope = (y[-1] - y[0]) / (len(y) - 1)
    return y[-1] + slope * steps, _spread(np.diff(y) - slope, 1) * np.sqrt(steps * (1 + steps / (len(y) - 1)))


def _seasonal(y: np.ndarray, horizon: int, season: int) -> Path:
    steps = np.arange(horizon)
    return y[len(y) - season + steps % season], _spread(y[season:] - y[:-season], 0) * np.sqrt(steps // season + 1)


def _smoothing(error: str, trend: str | None, damped: bool, seasonal: str | None) -> Method:
    def method(y: np.ndarray, horizon: int, season: int) -> Path:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            start = "heuristic" if trend or seasonal else "estimated"  # estimating a whole season of first states takes seconds and gains little
            period = season if seasonal else None
            model = ETSModel(pd.Series(y), error, trend, damped, seasonal, seasonal_periods=period, initialization_method=start)
            fit = model.fit(disp=False, maxiter=60)
            drawn: dict[str, Any] = {"simulate_repetitions": 500, "rng": np.random.default_rng(0)} if "mul" in (error, seasonal) else {}
            known = fit.get_prediction(len(y), len(y) + horizon - 1, **drawn)
            value = np.asarray(known.predicted_mean, dtype=float)
            low, high = np.asarray(known.pred_int(0.05), dtype=float).T
        return value, (high - low) / (2 * Z95)

    return method


SIMPLE: dict[str, Method] = {"mean": _mean, "naive": _naive, "drift": _drift, "seasonal naive": _seasonal}
SMOOTHING: dict[str, Method] = {
    "ETS(A,N,N)": _smoothing("add", None, False, None),
    "ETS(A,A,N)": _smoothing("add", "add", False, None),
    "ETS(A,Ad,N)": _smoothing("add", "add", True, None),
    "ETS(A,N,A)": _smoothing("add", None, False, "add"),
    "ETS(A,Ad,A)": _smoothing("add", "add", True, "add"),
    "ETS(M,Ad,M)": _smoothing("mul", "add", True, "mul"),
}


def _least(name: str, season: int) -> int:
    """Observations a method must have seen."""
    if name == "seasonal naive":
        return season + 1
    if name in SIMPLE:
        return 3
    return max(2 * season + 3, 10) if name[-2] != "N" else 10


def methods(y: np.ndarray, season: int) -> dict[str, Method]:
    """The methods that fit the length and sign of the series."""
    positive = bool((y > 0).all())
    every = SIMPLE | SMOOTHING
    seasonal = {n for n in every if n == "seasonal naive" or (n.startswith("ETS") and n[-2] != "N")}
    return {n: m for n, m in every.items() if len(y) >= _least(n, season) and (season > 1 or n not in seasonal) and (positive or "M" not in n)}


def regular(history: Any, by: str = "month") -> pd.Series:
    """A series of dated amounts as totals of every month (week, quarter), periods without any as 0.

    >>> regular(pd.Series([1.0, 2.0, 4.0], index=pd.to_datetime(["2026-01-05", "2026-01-30", "2026-03-01"]))).tolist()
    [3.0, 0.0, 4.0]
    """
    series = pd.Series(history)
    index = series.index if isinstance(series.index, pd.PeriodIndex) else pd.DatetimeIndex(series.index).to_period({"week": "W", "month": "M", "quarter": "Q"}[by])
    total = series.groupby(index).sum()
    return total if total.empty else total.reindex(pd.period_range(total.index.min(), total.index.max(), freq=index.freq), fill_value=0)


def forecast(history: Any, horizon: int = 6, season: int = 12, origins: int = ORIGINS, floor: float | None = 0.0) -> Forecast:
    """Forecast a regular series by the method that would have forecast it best.

    `history`: a series or list of complete periods, oldest first, without gaps (`regular` makes one); a PeriodIndex is
    carried on. The last `origins` periods serve as rolling origins: every method is fitted on what came before each and
    forecasts up to `horizon` periods; the least mean absolute error wins and is fitted on everything. Methods: mean,
    naive, drift, seasonal naive and exponential smoothing in the state-space form (error, trend, season).
    Intervals are of prediction, clipped at `floor`. With too little history for origins the mean is used and said so.
    Raises MeasureError for gaps or fewer than 3 periods. Source: Hyndman & Athanasopoulos, Forecasting, 3rd ed., 5.5, 5.10, 8.

    >>> forecast([10, 12, 11, 10, 12, 11, 10, 12, 11, 10, 12, 11], 3, season=3).frame["value"].tolist()
    [10.0, 12.0, 11.0]
    """
    series = pd.Series(history, dtype=float)
    y = series.to_numpy()
    if len(y) < 3 or not np.isfinite(y).all():
        raise MeasureError("a forecast needs at least 3 periods without gaps", f"found {len(y)} periods, {int((~np.isfinite(y)).sum())} of them empty", "give a longer history")
    if horizon < 1 or season < 1:
        raise MeasureError("horizon and season must be 1 or more", f"found {horizon} and {season}", "choose other numbers")
    possible = methods(y, season)
    table, chosen, warning = _backtest(y, possible, horizon, season, origins)
    value, spread = possible[chosen](y, horizon, season)
    low, high = value - Z95 * spread, value + Z95 * spread
    if floor is not None and (y >= floor).all():
        value, low, high = np.maximum(value, floor), np.maximum(low, floor), np.maximum(high, floor)
    at = pd.period_range(series.index[-1] + 1, periods=horizon, freq=series.index.freq) if isinstance(series.index, pd.PeriodIndex) else range(len(y), len(y) + horizon)
    return Forecast(chosen, pd.DataFrame({"period": at, "value": value, "low": low, "high": high}), table, warning)


def _backtest(y: np.ndarray, possible: dict[str, Method], horizon: int, season: int, origins: int) -> tuple[pd.DataFrame, str, str]:
    """Mean absolute errors of the methods over the same origins, the best one's name, and what to beware of."""
    most = len(y) - 3
    cuts = list(range(len(y) - min(origins, most), len(y))) if most > 0 else []
    able = {n: m for n, m in possible.items() if cuts and cuts[0] >= _least(n, season)}
    errors: dict[str, list[float]] = {}
    for name, method in able.items():
        misses: list[float] = []
        for cut in cuts:
            ahead = y[cut : cut + horizon]
            try:
                value, _ = method(y[:cut], len(ahead), season)
            except (ValueError, np.linalg.LinAlgError):  # a fit that fails on the past is not trusted with the future
                value = np.full(len(ahead), np.nan)
            misses += np.abs(ahead - value).tolist()
        if np.isfinite(misses).all():
            errors[name] = misses
    table = pd.DataFrame({"method": list(errors), "mae": [float(np.mean(m)) for m in errors.values()], "n": [len(m) for m in errors.values()]})
    base = table.loc[table["method"] == "seasonal naive", "mae"]
    scale = float(base.iloc[0]) if len(base) else math.nan
    table["vs_seasonal_naive"] = [m / scale if scale > 0 else None for m in table["mae"]]
    table = table.sort_values("mae", kind="stable", ignore_index=True)
    if table.empty:
        return table, "mean", "too little history to compare methods: the mean is carried on"
    warning = "" if len(base) else "too little history for a seasonal naive forecast to compare with"
    return table, str(table["method"][0]), warning
