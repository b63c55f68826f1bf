"""How long customers stay: Kaplan–Meier curves by segment, their medians, and whether the segments differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import groups, naive
from cx.analytics.retention import moments
from cx.errors import MeasureError

EVERYBODY = "all"


@dataclass(frozen=True)
class Survival:
    """`curve`: group, time, survival, low, high (shares 0 to 1), at_risk, events, censored. `medians`: group -> Estimate.

    `statistic`, `df`, `p`: the log-rank test that all groups share one curve; None where there is one group or no event.
    """

    curve: pd.DataFrame
    medians: dict[str, Estimate]
    unit: str = "days"
    statistic: float | None = None
    df: int | None = None
    p: float | None = None

    def at(self, time: float, group: str = EVERYBODY) -> Estimate:
        """Share in percent still there after `time`; undefined beyond the longest time observed."""
        rows = self.curve[self.curve["group"] == group]
        if rows.empty or time > rows["time"].max():
            return undefined(f"nobody was observed for {time:g} {self.unit}", "%")
        row = rows[rows["time"] <= time].iloc[-1]
        low, high = (None if math.isnan(row[end]) else 100 * float(row[end]) for end in ("low", "high"))
        return Estimate(100 * float(row["survival"]), low, high, int(rows["at_risk"].iloc[0]), "%")

    def leaving(self, age: float, horizon: float, group: str = EVERYBODY) -> float | None:
        """Probability in percent that one who has stayed for `age` leaves within `horizon`: 100 (1 - S(age + horizon) / S(age))."""
        now, later = self.at(age, group).value, self.at(age + horizon, group).value
        return None if not now or later is None else 100 * (1 - later / now)


def durations(table: ir.Table, as_of: datetime, by: str | None = None) -> ir.Table:
    """Customers counted by whole days stayed and whether they had left by `as_of` (who had not is censored there)."""
    moment = ibis.literal(naive(as_of), "timestamp(6)")
    joined, left = table["joined_at"], table["left_at"]
    known = table.filter(joined.notnull(), joined <= moment, left.isnull() | (left >= joined))
    gone = known["left_at"].notnull() & (known["left_at"] <= moment)
    until = gone.ifelse(known["left_at"], moment)
    days = until.truncate("s").delta(known["joined_at"].truncate("s"), unit="second") / 86400
    group = groups(known, (by,), None)[by].cast("string").fill_null("unknown") if by else ibis.literal(EVERYBODY)
    return known.group_by(group=group, time=days.floor().cast("int64"), left=gone).aggregate(n=known.count())


def survival(data: Any, as_of: datetime, by: str | None = None) -> Survival:
    """Kaplan–Meier curves of how many days customers stay, as known at `as_of`.

    S(t) = product over times up to t of (1 - events / at risk). Bands: Greenwood's variance on the log(-log) scale, 95 %.
    The median is the first time at which S is a half or less; where S never falls so far it is undefined, and says so.
    `data`: joined_at, left_at (empty while active), one row a customer; customers without a joining date are left out.
    Raises MeasureError where a column is missing. Sources: Kaplan & Meier 1958; Kalbfleisch & Prentice 2002, 1.4.

    >>> start = datetime(2025, 1, 1)
    >>> data = {"joined_at": [start] * 4, "left_at": [datetime(2025, 1, 11), datetime(2025, 1, 21), None, None]}
    >>> result = survival(data, datetime(2025, 3, 1))
    >>> [round(s, 2) for s in result.curve["survival"]], result.medians["all"].value
    ([1.0, 0.75, 0.5, 0.5], 20.0)
    """
    table = moments(as_table(data, needs=("joined_at", "left_at")), "joined_at", "left_at")
    return of_counts(durations(table, as_of, by).to_pandas(), "days")


def survival_of_times(data: Any, time: str = "time", event: str = "event", by: str | None = None, unit: str = "days") -> Survival:
    """The same from durations and whether each ended in an event (1) or was censored (0). Missing rows are left out."""
    table = as_table(data, needs=(time, event))
    t, e = numeric(table, time), numeric(table, event)
    known = table.filter(t.notnull(), e.notnull())
    if known.filter(t < 0).count().to_pyarrow().as_py():
        raise MeasureError("times must not be negative", f"some of {time} are", "check how they were computed")
    group = groups(known, (by,), None)[by].cast("string").fill_null("unknown") if by else ibis.literal(EVERYBODY)
    return of_counts(known.group_by(group=group, time=numeric(known, time), left=numeric(known, event) > 0).aggregate(n=known.count()).to_pandas(), unit)


def of_counts(counts: pd.DataFrame, unit: str) -> Survival:
    """The curves from a table of group, time, left, n."""
    columns = ["group", "time", "survival", "low", "high", "at_risk", "events", "censored"]
    if counts.empty:
        return Survival(pd.DataFrame(columns=columns), {}, unit)
    parts, medians = [], {}
    for group, rows in counts.sort_values(["group", "time"]).groupby("group", sort=True):
        medians[str(group)], curve = _curve(rows, unit)
        parts.append(curve.assign(group=str(group)))
    found = Survival(pd.concat(parts, ignore_index=True)[columns], medians, unit)
    if len(medians) < 2 or not counts["left"].any():
        return found
    test = multivariate_logrank_test(counts["time"], counts["group"], counts["left"].astype(int), weights=counts["n"])
    return Survival(found.curve, medians, unit, float(test.test_statistic), len(medians) - 1, float(test.p_value))


def _curve(rows: pd.DataFrame, unit: str) -> tuple[Estimate, pd.DataFrame]:
    fit = KaplanMeierFitter().fit(rows["time"], rows["left"].astype(int), weights=rows["n"])
    table, bands = fit.event_table, fit.confidence_interval_survival_function_
    s = fit.survival_function_.iloc[:, 0]
    curve = pd.DataFrame({
        "time": s.index, "survival": s.to_numpy(), "low": bands.iloc[:, 0].to_numpy(), "high": bands.iloc[:, 1].to_numpy(),
        "at_risk": table["at_risk"].astype(int).to_numpy(), "events": table["observed"].astype(int).to_numpy(),
        "censored": table["censored"].astype(int).to_numpy(),
    })  # fmt: skip
    # The band of a curve that has reached 0 has no defined ends; before the first event both are 1.
    curve[["low", "high"]] = curve[["low", "high"]].where(np.isfinite(curve[["low", "high"]]), other=np.nan)
    n, events = int(rows["n"].sum()), int(rows.loc[rows["left"], "n"].sum())
    median = float(fit.median_survival_time_)
    if not math.isfinite(median):
        return undefined(f"more than half of {n} are still there ({events} left)", unit, n), curve
    low, high = (float(end) for end in median_survival_times(bands).iloc[0])
    e = Estimate(median, low if math.isfinite(low) else None, high if math.isfinite(high) else None, n, unit)
    return (e if e.high is not None else e.warned("the upper end of the interval is not reached")), curve
