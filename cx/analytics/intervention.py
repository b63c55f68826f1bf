"""Before and after a dated change, with trend and season allowed for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.stattools import durbin_watson

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.finding import ALPHA, column, figure, said
from cx.errors import MeasureError

FEWEST = 4
MOST_TERMS = 24


@dataclass(frozen=True)
class Intervention:
    """`level`: the jump at the change; `slope`: the change of trend per period; `average`: the mean effect over the periods after.

    `series`: period, value, fitted, expected (without the change), low, high of expected, after. `p_*` from
    autocorrelation-robust errors.
    """

    level: Estimate
    slope: Estimate
    average: Estimate
    p_level: float | None
    p_average: float | None
    series: pd.DataFrame
    sentence: str
    season: bool
    warnings: tuple[str, ...] = ()


def interrupted(
    values: Any, periods: Any, change: Any, *, season: int | None = None, weights: Any = None, what: str = "the figure", unit: str = ""
) -> Intervention:
    """Interrupted time series: what a change on a date did to a series of one value a period.

    y_t = a + b t + c after_t + d after_t (t - t0) + season_t + e_t by least squares (weighted by `weights`, such as n),
    with Newey-West errors that allow for autocorrelation. c is the level change, d the slope change; `average` =
    c + d x mean time since the change: the mean gap between what came and what was to be expected. `season`: periods a
    year (12 months, 4 quarters, 52 weeks; 7 days of a week); taken into account where the series spans two seasons or
    nearly so, by a term each, or for more than 24 of them by two pairs of sine and cosine. Periods before
    and after must number four or more each, the slope change needs as many after; the first period starting on or
    after `change` counts as after. Missing values are left out.
    Source: Wagner et al., Journal of Clinical Pharmacy and Therapeutics 27 (2002); Newey & West (1987).

    >>> months = pd.date_range("2024-01-01", periods=12, freq="MS")
    >>> found = interrupted([10, 11, 10, 9, 10, 10, 15, 16, 15, 14, 15, 15], months, "2024-07-01")
    >>> round(found.level.value, 1), found.p_average < 0.001
    (5.7, True)
    """
    y, at = column(values, "value"), pd.Series(pd.to_datetime(pd.Series(list(periods))))
    if len(y) != len(at):
        raise MeasureError("expected a value for each period", f"found {len(y)} values and {len(at)} periods", "pair them")
    moment = pd.Timestamp(change)
    frame = (
        pd.DataFrame({"period": at, "value": y, "weight": 1.0 if weights is None else column(weights, "w")})
        .dropna()
        .sort_values("period", ignore_index=True)
    )
    if frame["period"].dt.tz is None and moment.tzinfo is not None:
        moment = moment.tz_convert("UTC").tz_localize(None)
    frame["after"] = frame["period"] >= moment
    n, late = len(frame), int(frame["after"].sum())
    if min(n - late, late) < FEWEST:
        reason = f"{n - late} periods before and {late} after the change; {FEWEST} or more of each are needed"
        none = undefined(reason, unit, n)
        return Intervention(none, none, none, None, None, frame, f"No test is possible: {reason}.", False, (reason,))
    steps = _steps(frame["period"])
    since = np.where(frame["after"], steps - steps[n - late], 0.0)
    waves = season is not None and season > MOST_TERMS
    seasonal = season is not None and (n >= 1.9 * season if waves else n >= 2 * season and n > season + 5)
    design = pd.DataFrame({"const": 1.0, "trend": steps - steps[0], "level": frame["after"].astype(float), "slope": since})
    if seasonal and season and waves:
        turn = 2 * np.pi * steps / season
        for k in (1, 2):
            design[f"sine_{k}"], design[f"cosine_{k}"] = np.sin(k * turn), np.cos(k * turn)
    elif seasonal and season:
        phase = _phase(frame["period"], season)
        for k in range(1, season):
            # centred, so that a season does not move the mean: the coefficients of all phases sum to 0
            design[f"season_{k}"] = (phase == k).astype(float) - (phase == 0).astype(float)
    rank = np.linalg.matrix_rank(design.to_numpy())
    if rank < design.shape[1] or n - rank < 3:
        design = design[["const", "trend", "level", "slope"]]
        seasonal = False
    lags = max(math.floor(4 * (n / 100) ** (2 / 9)), 1)
    fit = sm.WLS(frame["value"], design, weights=frame["weight"]).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    mean_since = float(since[frame["after"]].mean())
    contrast = np.zeros(design.shape[1])
    contrast[2], contrast[3] = 1.0, mean_since
    level, slope = (_estimate(fit, np.eye(design.shape[1])[i], unit, n) for i in (2, 3))
    average = _estimate(fit, contrast, unit, n)
    without = design.assign(level=0.0, slope=0.0)
    expected = fit.get_prediction(without).summary_frame(alpha=ALPHA)
    frame["fitted"], frame["expected"] = np.asarray(fit.fittedvalues), expected["mean"].to_numpy()
    frame["low"], frame["high"] = expected["mean_ci_lower"].to_numpy(), expected["mean_ci_upper"].to_numpy()
    p_level, p_average = (_p(fit, c) for c in (np.eye(design.shape[1])[2], contrast))
    warnings = [
        "" if n >= 16 else f"{n} periods are few: the errors are likely too small",
        "" if season is None or seasonal else "too short for a season: it is not allowed for",
    ]
    watson = float(durbin_watson(fit.resid)) if float(np.abs(fit.resid).max()) > 0 else 2.0
    warnings.append("the residuals go together in time: intervals are widened for it" if watson < 1.2 else "")
    gap = average.value or 0.0
    allowed = f"trend{' and season' if seasonal else ''} allowed for"
    sentence = (f"After the change {what} was on average {figure(abs(gap))} {unit} {'higher' if gap > 0 else 'lower'} than to be expected, {allowed} "
                f"(95 % interval {figure(average.low or 0)} to {figure(average.high or 0)}, {said(p_average)})." if p_average < ALPHA
                else f"No effect of the change on {what} could be shown, {allowed} ({said(p_average)}; it may lie anywhere from {figure(average.low or 0)} to {figure(average.high or 0)}).")  # fmt: skip
    return Intervention(
        level,
        slope,
        average,
        p_level,
        p_average,
        frame.drop(columns="weight"),
        sentence.replace("  ", " "),
        seasonal,
        tuple(w for w in warnings if w),
    )


def _steps(periods: pd.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Periods counted in the length of the usual gap, so that a missing one leaves a hole."""
    days = (periods - periods.iloc[0]).dt.total_seconds().to_numpy() / 86400
    usual = float(np.median(np.diff(days))) if len(days) > 1 else 1.0
    return np.asarray(np.round(days / usual) if usual > 0 else np.arange(len(days)), dtype=float)


def _phase(periods: pd.Series, season: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    if season == 12:
        return np.asarray(periods.dt.month.to_numpy() - 1)
    if season == 4:
        return np.asarray(periods.dt.quarter.to_numpy() - 1)
    if season == 7:
        return np.asarray(periods.dt.dayofweek.to_numpy())
    return np.asarray(_steps(periods).astype(int) % season)


def _estimate(fit: Any, contrast: Any, unit: str, n: int) -> Estimate:
    test = fit.t_test(contrast)
    value, se = float(np.squeeze(test.effect)), float(np.squeeze(test.sd))
    low, high = np.squeeze(test.conf_int(ALPHA))
    return Estimate(value, float(low), float(high), n, unit, "", value, se, float(fit.df_resid))


def _p(fit: Any, contrast: Any) -> float:
    p = float(np.squeeze(fit.t_test(contrast).pvalue))
    return p if math.isfinite(p) else 1.0
