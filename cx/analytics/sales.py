"""Sales: win rate by count and value, deal size, cycle, velocity, open pipeline, lead velocity."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.business_hours import epoch
from cx.analytics.contacts import INTERVALS
from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric, text
from cx.analytics.interval import mean, proportion
from cx.analytics.measure import GRAINS, Measure, Scope, Statistics, Tables, answer, grouped, groups, naive
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.quantile import quantile_estimate, quantile_table
from cx.errors import MeasureError

DECIDED = ("status", "closed_at")
MONEY = ("amount_minor", "currency")


def decided(tables: Tables, scope: Scope) -> ir.Table:
    """Deals won or lost within the scope by `closed_at`, with `_won`."""
    deals = tables["deals"]
    status = text(deals, "status").lower()
    deals = deals.mutate(closed_at=moment(deals, "closed_at"), _won=status == "won").filter(status.isin(["won", "lost"]))
    if scope.as_of is not None:
        deals = deals.filter(deals["closed_at"].isnull() | (deals["closed_at"] <= ibis.literal(naive(scope.as_of), "timestamp(6)")))
    return scope.during(deals, "closed_at")


def open_deals(tables: Tables, scope: Scope) -> ir.Table:
    """Deals open at `as_of` (else the end of the scope, else now in the data): created by then, not closed by then."""
    deals = tables["deals"]
    at = scope.as_of or scope.end
    deals = deals.mutate(created_at=moment(deals, "created_at"), closed_at=moment(deals, "closed_at"))
    running = ~text(deals, "status").lower().isin(["won", "lost"]).fill_null(False)
    if at is None:
        return deals.filter(running)
    edge = ibis.literal(naive(at), "timestamp(6)")
    return deals.filter((deals["created_at"] <= edge) & (running | (deals["closed_at"] > edge)))


def _wins(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = decided(tables, scope)
    return grouped(deals, by, "closed_at", won=deals["_won"].sum().fill_null(0), n=deals.count())


def _win_rate(row: Statistics) -> Estimate:
    return proportion(row["won"], row["n"]) if row.get("n") else undefined("no deal was won or lost", "%")


def _value(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = decided(tables, scope)
    amount = numeric(deals, "amount_minor")
    won = ibis.ifelse(deals["_won"], amount, 0.0)
    return grouped(
        deals, by, "closed_at", n=amount.count(), missing=amount.isnull().sum().fill_null(0), won=won.sum(), all=amount.sum(), won2=(won * won).sum(),
        cross=(won * amount).sum(), all2=(amount * amount).sum(), **currencies(deals, amount.notnull()),
    )  # fmt: skip


def _win_value(row: Statistics) -> Estimate:
    refused = mixed(row, "%")
    if refused:
        return refused
    found = ratio(row.get("won"), row.get("all"), row.get("won2"), row.get("cross"), row.get("all2"), row.get("n"), "%", 100, "no amount was won or lost", 0, 100)
    return found.warned(f"{int(row['missing'])} deals without an amount left out") if row.get("missing") else found


def ratio(
    top: Any, bottom: Any, top2: Any, cross: Any, bottom2: Any, n: Any, unit: str = "", scale: float = 1.0, nothing: str = "nothing to divide by",
    lowest: float = -math.inf, highest: float = math.inf,
) -> Estimate:  # fmt: skip
    """Ratio of two sums with the linearised standard error of the ratio estimator.

    r = sum x / sum y; se = sqrt(n / (n - 1) * sum (x - r y)^2) / sum y. The interval is normal, clipped to the scale.
    Source: Cochran, Sampling Techniques, 3rd ed., section 6.4.

    >>> e = ratio(3.0, 6.0, 5.0, 8.0, 14.0, 3)  # x = 0, 1, 2 and y = 1, 2, 3
    >>> e.value, round(e.se, 4)
    (0.5, 0.1443)
    """
    count = int(n or 0)
    if not bottom or bottom <= 0:
        return undefined(nothing, unit, count)
    r = top / bottom
    if count < 2:
        return Estimate(scale * r, None, None, count, unit, "one observation has no interval")
    residual = max(top2 - 2 * r * cross + r * r * bottom2, 0.0)
    se = scale * math.sqrt(count / (count - 1) * residual) / bottom
    value = scale * r
    return Estimate(value, max(value - Z95 * se, lowest), min(value + Z95 * se, highest), count, unit, "", value, se)


def _sizes(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = decided(tables, scope).filter(lambda t: t["_won"])
    amount = numeric(deals, "amount_minor")
    return grouped(deals, by, "closed_at", n=amount.count(), total=amount.sum(), squares=(amount * amount).sum(), **currencies(deals, amount.notnull()))


def _money_mean(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    refused = mixed(row, code)
    if refused:
        return refused
    if not row.get("n"):
        return undefined("no deal with an amount was won", code)
    return mean(row["total"] / minor, row["squares"] / minor**2, row["n"], code, lowest=0.0)


def _cycle(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = decided(tables, scope).filter(lambda t: t["_won"])
    days = (epoch(deals["closed_at"]) - epoch(moment(deals, "created_at"))).cast("float64") / 86_400
    return quantile_table(deals, ibis.ifelse(days >= 0, days, ibis.null("float64")), by, "closed_at", 0.5)


def _pipeline(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = open_deals(tables, scope)
    amount = numeric(deals, "amount_minor")
    return grouped(deals, by, "created_at", deals=deals.count(), n=amount.count(), total=amount.sum(), **currencies(deals, amount.notnull()))


def _pipeline_value(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    refused = mixed(row, code)
    if refused:
        return refused
    value, missing = float(row.get("total") or 0) / minor, int(row.get("deals") or 0) - int(row.get("n") or 0)
    return Estimate(value, value, value, int(row.get("n") or 0), code, f"{missing} open deals have no amount" if missing else "")


WIN_RATE = Measure("win_rate", {"deals": DECIDED}, _wins, _win_rate)
WIN_RATE_VALUE = Measure("win_rate_value", {"deals": DECIDED + MONEY}, _value, _win_value)
DEAL_SIZE = Measure("deal_size", {"deals": DECIDED + MONEY}, _sizes, _money_mean)
SALES_CYCLE = Measure("sales_cycle", {"deals": ("created_at", *DECIDED)}, _cycle, lambda row: quantile_estimate(row, 0.5, "days", what="deals won"))
OPEN_PIPELINE = Measure("open_pipeline", {"deals": ("created_at", *DECIDED, *MONEY)}, _pipeline, _pipeline_value)


def velocity_of(open_: float, win_rate: Estimate, size: Estimate, cycle: Estimate) -> Estimate:
    """Sales velocity = open deals * win rate * deal size / cycle: money a day. `win_rate` is in percent, `cycle` in days.

    The interval is that of a product of independent estimates on the log scale:
    var(log v) = sum (se / value)^2, the number of open deals being known.

    >>> v = velocity_of(50, Estimate(20.0), Estimate(10_000.0, unit="EUR"), Estimate(30.0))
    >>> round(v.value, 2), v.unit
    (3333.33, 'EUR/day')
    """
    unit = f"{size.unit}/day"
    parts = {"win rate": win_rate, "deal size": size, "cycle": cycle}
    for name, part in parts.items():
        if part.value is None:
            return undefined(f"{name}: {part.warning}", unit)
    rate_, amount, days = float(win_rate.value or 0), float(size.value or 0), float(cycle.value or 0)
    if days <= 0:
        return undefined("the cycle is no time at all", unit)
    value = open_ * rate_ / 100 * amount / days
    if value <= 0 or any(part.se is None for part in parts.values()):
        return Estimate(value, None, None, int(win_rate.n), unit, "" if value <= 0 else "too few deals for an interval")
    spread = math.sqrt(sum((float(part.se or 0) / float(part.value or 1)) ** 2 for part in parts.values()))
    return Estimate(value, value * math.exp(-Z95 * spread), value * math.exp(Z95 * spread), int(win_rate.n), unit, "", value, value * spread)


def _velocity(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    if any(name in GRAINS and name not in tables["deals"].columns for name in by):
        raise MeasureError("velocity looks at the deals open at one moment", f"found the breakdown {', '.join(by)}", "choose columns, not time grains")
    parts = {"won_": _wins(tables, by, scope), "size_": _sizes(tables, by, scope), "cycle_": _cycle(tables, by, scope)}
    waiting = open_deals(tables, scope)
    found = grouped(waiting, by, None, open=waiting.count())
    for prefix, part in parts.items():
        other = part.rename({f"{prefix}{n}": n for n in part.columns})
        if by:
            found = found.join(other, [found[n].identical_to(other[f"{prefix}{n}"]) for n in by], how="left").drop(*(f"{prefix}{n}" for n in by))
        else:
            found = found.cross_join(other)
    return found


def _velocity_estimate(row: Statistics) -> Estimate:
    def part(prefix: str) -> dict[str, Any]:
        return {k.removeprefix(prefix): v for k, v in row.items() if k.startswith(prefix)}

    cycle = quantile_estimate(part("cycle_"), 0.5, "days", what="deals won")
    return velocity_of(float(row.get("open") or 0), _win_rate(part("won_")), _money_mean(part("size_")), cycle)


VELOCITY = Measure("velocity", {"deals": ("created_at", *DECIDED, *MONEY)}, _velocity, _velocity_estimate)


def _leads(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = tables["deals"]
    deals = deals.mutate(created_at=moment(deals, "created_at")).filter(lambda t: t["created_at"].notnull())
    grains = [name for name in by if name in GRAINS and name not in deals.columns]
    if len(grains) > 1:
        raise MeasureError("lead velocity takes one time grain", f"found {', '.join(grains)}", "choose one")
    if grains:
        grain, columns = grains[0], [n for n in by if n not in grains]
        counts = deals.group_by(**groups(deals, by, "created_at")).aggregate(after=deals.count())
        window = ibis.window(group_by=columns or None, order_by=[counts[grain]])
        counts = counts.mutate(_last=counts["after"].lag().over(window), _period=counts[grain].lag().over(window))
        adjacent = counts["_period"] + ibis.interval(**INTERVALS[grain]) == counts[grain]
        counts = counts.mutate(before=ibis.ifelse(adjacent, counts["_last"], 0)).drop("_last", "_period")
        return scope.during(counts, grain)
    before = scope.before()
    if before is None or before.start is None or scope.start is None:
        raise MeasureError("lead velocity compares a period with the one before", "no period was given", "give start and end, or break down by month")
    both = Scope(before.start, scope.end).during(deals, "created_at")
    late = both["created_at"] >= ibis.literal(naive(scope.start), "timestamp(6)")
    return grouped(both, by, None, after=late.sum().fill_null(0), before=(~late).sum().fill_null(0))


def _lead_velocity(row: Statistics) -> Estimate:
    after, before = int(row.get("after") or 0), int(row.get("before") or 0)
    if not before:
        return undefined("no leads in the period before", "%", after)
    value = 100 * (after / before - 1)
    if not after:
        return Estimate(value, None, None, before, "%", "no leads in this period")
    spread = math.sqrt(1 / after + 1 / before)
    low, high = (100 * (after / before * math.exp(sign * Z95 * spread) - 1) for sign in (-1, 1))
    return Estimate(value, low, high, after + before, "%", "", value, 100 * after / before * spread)


LEAD_VELOCITY = Measure("lead_velocity", {"deals": ("created_at",)}, _leads, _lead_velocity)


def _ask(measure: Measure) -> Callable[..., Any]:
    def ask(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
        return answer(measure, {"deals": as_table(deals, needs=measure.needs["deals"])}, by, scope)

    return ask


def win_rate(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of decided deals that were won: won / (won + lost), by `closed_at`; open deals are in neither. Wilson's interval.

    >>> win_rate({"status": ["won", "lost", "lost", "open"], "closed_at": [None] * 4}).n
    3
    """
    return _ask(WIN_RATE)(deals, by, scope)


def win_rate_value(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the decided money that was won: amount won / (amount won + amount lost); see `ratio` for the interval.

    Different currencies are refused: the value is None and the warning says so.

    >>> deals = {"status": ["won", "lost"], "closed_at": [None] * 2, "amount_minor": [100, 300], "currency": ["EUR"] * 2}
    >>> win_rate_value(deals).value
    25.0
    """
    return _ask(WIN_RATE_VALUE)(deals, by, scope)


def deal_size(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean amount of the deals won (by `closed_at`), in major units of their one currency, Student's t interval.

    >>> deal_size({"status": ["won", "won"], "closed_at": [None] * 2, "amount_minor": [10_000, 30_000], "currency": ["EUR"] * 2}).value
    200.0
    """
    return _ask(DEAL_SIZE)(deals, by, scope)


def sales_cycle(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Median days from creation to closing of the deals won, with the interval of order statistics.

    >>> from datetime import datetime
    >>> sales_cycle({"status": ["won"], "created_at": [datetime(2026, 1, 1)], "closed_at": [datetime(2026, 1, 31)]}).value
    30.0
    """
    return _ask(SALES_CYCLE)(deals, by, scope)


def open_pipeline(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Sum of the amounts of the deals open at `as_of` (else the end of the scope), in major units; a census, so exact.

    A deal that closed later counts with the amount it has now, because its earlier amounts are not known.
    """
    return _ask(OPEN_PIPELINE)(deals, by, scope)


def velocity(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Money a day: deals open at `as_of` * win rate * mean size / median cycle, the latter three from deals closed in the scope.

    See `velocity_of` for the interval. `by` names columns; groups without an open deal have no row.
    """
    return _ask(VELOCITY)(deals, by, scope)


def lead_velocity(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Growth of new deals in percent over the period before: 100 (after / before - 1).

    With a grain each period against the one right before it, else the scope against one of equal length. The interval
    is that of a ratio of two Poisson counts on the log scale: var = 1 / after + 1 / before.

    >>> from datetime import datetime
    >>> days = [datetime(2026, 1, 9)] * 10 + [datetime(2026, 2, 9)] * 12
    >>> round(lead_velocity({"created_at": days}, "month")["value"][1])
    20
    """
    return _ask(LEAD_VELOCITY)(deals, by, scope)
