"""Customer lifetime value without a contract: BG/NBD for how often, gamma-gamma for how much."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter  # type: ignore[import-untyped]
from lifetimes.utils import ConvergenceError  # type: ignore[import-untyped]

from cx.analytics.frame import as_table, checked, numeric
from cx.analytics.measure import naive
from cx.analytics.retention import moments
from cx.errors import MeasureError

NEEDS = ("customer_id", "ordered_at", "amount_minor")
WEEK = 7.0
ENOUGH = 30
PENALTIES = (0.0, 0.001, 0.01, 0.1)


@dataclass(frozen=True)
class Model:
    """The fitted parameters and what to beware of. r, alpha: how purchase rates vary; a, b: how drop-out varies;
    p, q, v: how spending varies, None where it was not fitted. Time is in weeks."""

    r: float
    alpha: float
    a: float
    b: float
    p: float | None = None
    q: float | None = None
    v: float | None = None
    customers: int = 0
    checks: tuple[str, ...] = ()

    def _purchase(self) -> Any:
        fitter = BetaGeoFitter()
        fitter.params_ = pd.Series({"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b})
        fitter.predict = fitter.conditional_expected_number_of_purchases_up_to_time
        return fitter

    def purchases(self, frequency: Any, recency: Any, age: Any, weeks: float) -> np.ndarray:
        """Purchases expected in the next `weeks` from customers with that history (repeat purchases, weeks, weeks)."""
        with np.errstate(all="ignore"):
            found = self._purchase().conditional_expected_number_of_purchases_up_to_time(weeks, _array(frequency), _array(recency), _array(age))
        return np.asarray(found, dtype=float)

    def alive(self, frequency: Any, recency: Any, age: Any) -> np.ndarray:
        """Probability of still being a customer; 1 for who bought once, as the model sees no chance to drop out before."""
        with np.errstate(all="ignore"):
            return np.asarray(self._purchase().conditional_probability_alive(_array(frequency), _array(recency), _array(age)), dtype=float)

    def spend(self, frequency: Any, monetary: Any) -> np.ndarray:
        """Money expected per purchase: (p v + p x m) / (p x + q - 1), a mean of own and everybody's average."""
        if self.p is None or self.q is None or self.v is None:
            return np.full(np.shape(_array(frequency)), np.nan)
        x, m = _array(frequency), _array(monetary)
        return np.asarray(self.p * (self.v + x * m) / (self.p * x + self.q - 1), dtype=float)


def _array(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=float)


def history(table: ir.Table, as_of: datetime) -> ir.Table:
    """One row a customer: frequency (repeat purchase days), recency and age in weeks, monetary (mean of the repeat days).

    Runs in the engine. Purchases of one day are one; the first day is the beginning and no repeat.
    """
    checked(table, NEEDS)
    known = table.filter(table["customer_id"].notnull(), table["ordered_at"] < ibis.literal(naive(as_of), "timestamp(6)"))
    days = known.group_by("customer_id", day=known["ordered_at"].truncate("D")).aggregate(spent=numeric(known, "amount_minor").sum().fill_null(0.0))
    days = days.mutate(first=days["day"].min().over(ibis.window(group_by=days["customer_id"])))
    repeat = days["day"] > days["first"]
    found = days.group_by("customer_id", "first").aggregate(
        frequency=repeat.sum(), last=days["day"].max(), monetary=repeat.ifelse(days["spent"], None).mean().fill_null(0.0)
    )
    end = ibis.literal(naive(as_of), "timestamp(6)").truncate("D")
    weeks = {"recency": found["last"].delta(found["first"], unit="day") / WEEK, "age": end.delta(found["first"], unit="day") / WEEK}
    return found.select("customer_id", "frequency", "monetary", **weeks)


def fit(customers: pd.DataFrame) -> Model:
    """Maximum likelihood of both models from a table of `history`. Raises MeasureError where there is too little to fit.

    Checks that become sentences in `checks`: the fit converged; enough customers came back; what one spends does not
    depend on how often one buys (correlation below 0.3), which gamma-gamma supposes.
    Sources: Fader, Hardie & Lee, Marketing Science 24 (2005); Fader & Hardie, The Gamma-Gamma Model of Monetary Value (2013).
    """
    known = customers[customers["age"] > 0]
    again = known[known["frequency"] > 0]
    if len(again) < ENOUGH:
        raise MeasureError(f"lifetime value needs {ENOUGH} customers who came back", f"found {len(again)}", "wait for more data or take a longer period")
    cells = known.groupby(["frequency", "recency", "age"], as_index=False).size()
    checks: list[str] = []
    fitter, remark = _fitted(BetaGeoFitter, cells["frequency"], cells["recency"], cells["age"], weights=cells["size"])
    if fitter is None:
        raise MeasureError("lifetime value could not be fitted", "the optimiser found no maximum", "take a longer period or a wider segment")
    checks += [f"purchases: {remark}"] if remark else []
    r, alpha, a, b = (float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))
    if max(r, alpha, a, b) > 1e4:
        checks.append("customers hardly differ: the parameters run away and single predictions are weak")
    paid = again[again["monetary"] > 0]
    if len(paid) < ENOUGH or paid["monetary"].nunique() < 2:
        checks.append("spending per purchase could not be fitted: too few paid repeat purchases, or all alike")
        return Model(r, alpha, a, b, customers=len(known), checks=tuple(checks))
    related = float(np.corrcoef(paid["frequency"], paid["monetary"])[0, 1]) if paid["frequency"].nunique() > 1 else 0.0
    if abs(related) >= 0.3:
        checks.append(f"spending goes with frequency (r = {related:.2f}): lifetime values of extremes are biased")
    scale = float(paid["monetary"].mean())
    money, remark = _fitted(GammaGammaFitter, paid["frequency"], paid["monetary"] / scale)
    checks += [f"spending: {remark}"] if remark else []
    if money is None:
        return Model(r, alpha, a, b, customers=len(known), checks=tuple(checks))
    p, q, v = (float(money.params_[name]) for name in ("p", "q", "v"))
    if q <= 1:
        checks.append("the mean spending of the population is not defined (q is 1 or less)")
        return Model(r, alpha, a, b, customers=len(known), checks=tuple(checks))
    return Model(r, alpha, a, b, p, q, v * scale, len(known), tuple(checks))


def _fitted(model: type, *columns: Any, **options: Any) -> tuple[Any, str]:
    """The fitted model and what had to be done for it; the model is None where no penalty makes it converge."""
    for penalty in PENALTIES:
        fitter = model(penalizer_coef=penalty)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # overflow on the way of the optimiser; whether it arrives is what counts
            try:
                fitter.fit(*columns, **options)
            except ConvergenceError:
                continue
        return fitter, f"large parameters were penalised by {penalty} to make the fit converge" if penalty else ""
    return None, "no maximum was found"


def lifetime_value(data: Any, as_of: datetime, weeks: float = 52, yearly_discount: float = 0.1, margin: float = 1.0) -> tuple[pd.DataFrame, Model]:
    """What each customer is expected to bring in the next `weeks`, and the model it comes from.

    value = margin x spend per purchase x sum over weeks of expected purchases in that week / (1 + discount)^(week / 52).
    Columns: customer_id, frequency, recency_weeks, age_weeks, alive (probability), expected_purchases,
    expected_spend_minor, value_minor; missing where spending could not be fitted. `data`: one row an order line in one
    currency, customer_id, ordered_at, amount_minor. Raises MeasureError where a column is missing, currencies are
    mixed, or fewer than 30 customers came back.
    """
    table = moments(as_table(data, needs=NEEDS), "ordered_at")
    if "currency" in table.columns and (several := table["currency"].nunique().to_pyarrow().as_py()) > 1:
        raise MeasureError("lifetime value is in one currency", f"found {several}", "filter to one")
    found = history(table, as_of).order_by("customer_id").to_pandas()
    model = fit(found)
    x, t, age = (found[name].to_numpy() for name in ("frequency", "recency", "age"))
    # The cumulative expectation at every fourth week (and the end) is close to smooth: steps of four weeks are discounted as one.
    ends = np.append(np.arange(4.0, weeks, 4.0), weeks)
    expected = np.zeros(len(found))
    discounted = np.zeros(len(found))
    for start, end in zip(np.append(0.0, ends[:-1]), ends, strict=True):
        so_far = model.purchases(x, t, age, float(end))
        discounted += (so_far - expected) / (1 + yearly_discount) ** ((start + end) / 2 / 52)
        expected = so_far
    spend = model.spend(x, found["monetary"])
    frame = pd.DataFrame({
        "customer_id": found["customer_id"], "frequency": x, "recency_weeks": t, "age_weeks": age, "alive": model.alive(x, t, age),
        "expected_purchases": expected, "expected_spend_minor": spend, "value_minor": margin * spend * discounted,
    })  # fmt: skip
    return frame, model


def backtest(data: Any, cutoff: datetime, as_of: datetime) -> dict[str, float]:
    """How the model would have done: fitted on what was known at `cutoff`, asked for the repeat purchase days until `as_of`.

    Returns expected and actual totals, their ratio in percent, and the mean absolute error per customer beside that of
    carrying each customer's own past rate forward.
    """
    table = moments(as_table(data, needs=NEEDS), "ordered_at")
    then, now = (history(table, moment).to_pandas().set_index("customer_id") for moment in (cutoff, as_of))
    weeks = (naive(as_of) - naive(cutoff)).days / WEEK
    model = fit(then)
    expected = model.purchases(then["frequency"], then["recency"], then["age"], weeks)
    actual = (now["frequency"].reindex(then.index) - then["frequency"]).to_numpy(dtype=float)
    carried = np.divide(then["frequency"] * weeks, then["age"], out=np.zeros(len(then)), where=then["age"].to_numpy() > 0)
    return {
        "expected": float(expected.sum()), "actual": float(actual.sum()), "ratio": float(100 * expected.sum() / actual.sum()) if actual.sum() else np.nan,
        "error": float(np.abs(expected - actual).mean()), "error_of_past_rate": float(np.abs(carried - actual).mean()),
    }  # fmt: skip
