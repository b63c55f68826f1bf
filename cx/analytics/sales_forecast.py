"""What the next month will bring, from the deals won in the months before."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.forecast import Forecast, forecast
from cx.analytics.frame import as_table, numeric
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.sales import DECIDED, MONEY, decided
from cx.errors import MeasureError

MONTHS = 24
NEEDS = {"deals": (*DECIDED, *MONEY)}


def _months(as_of: datetime) -> list[tuple[datetime, datetime]]:
    last = pd.Timestamp(naive(as_of)).to_period("M")
    return [((last - k).start_time.to_pydatetime(), (last - k + 1).start_time.to_pydatetime()) for k in range(MONTHS, 0, -1)]


def _statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """What was won in each of the last whole months, a column a month, the oldest first."""
    at = scope.as_of or scope.end
    if at is None:
        raise MeasureError("a forecast starts at a moment", "none was given", "give as_of")
    if any(name in GRAINS and name not in tables["deals"].columns for name in by):
        raise MeasureError("the forecast is of one month, the next", f"found the breakdown {', '.join(by)}", "choose columns, not time grains")
    months = _months(at)
    deals = decided(tables, Scope(months[0][0], months[-1][1], at, options=scope.options)).filter(lambda t: t["_won"])
    amount = numeric(deals, "amount_minor").fill_null(0.0)
    closed = deals["closed_at"]

    def within(start: datetime, end: datetime) -> ir.BooleanValue:
        return (closed >= ibis.literal(start, "timestamp(6)")) & (closed < ibis.literal(end, "timestamp(6)"))

    sums = {f"m{i:02}": within(*month).ifelse(amount, 0.0).sum() for i, month in enumerate(months)}
    return grouped(deals, by, None, n=deals.count(), **sums, **currencies(deals, deals["amount_minor"].notnull()))


def _estimate(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    if refused := mixed(row, code):
        return refused
    if not row.get("n"):
        return undefined("no deal was won in the months before", code)
    amounts = [float(row.get(f"m{i:02}") or 0.0) / minor for i in range(MONTHS)]
    first = next((i for i, amount in enumerate(amounts) if amount), MONTHS)
    if MONTHS - first < 3:
        return undefined("fewer than three months of won deals", code, int(row["n"]))
    found = _carried_on(tuple(amounts[first:]))
    value, low, high = (float(found.frame[name].iloc[0]) for name in ("value", "low", "high"))
    notes = [f"by {found.method} from {MONTHS - first} months"] + ([found.warning] if found.warning else [])
    return Estimate(value, low, high, int(row["n"]), code, "; ".join(notes), value)


@lru_cache(maxsize=512)
def _carried_on(amounts: tuple[float, ...]) -> Forecast:
    # the same months come back under many periods, and choosing the method is the dearest computation of all
    return forecast(amounts, horizon=1)


SALES_FORECAST = Measure("sales_forecast", NEEDS, _statistics, _estimate)


def sales_forecast(deals: Any, by: str | tuple[str, ...] = (), *, as_of: datetime) -> Any:
    """What the month after the last whole one will bring in won deals, in major units, with its 95 % prediction interval.

    The amounts won in up to 24 whole months before `as_of` are carried on by the method that forecast them best
    so far (see `forecast`), which the warning names. Different currencies are refused. `by` names columns, no grains.
    """
    return answer(SALES_FORECAST, {"deals": as_table(deals, needs=NEEDS["deals"])}, by, Scope(as_of=as_of))
