"""Campaign results: cost of winning, return on spend, click-through, conversion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric
from cx.analytics.interval import proportion, rate
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.sales import DECIDED, MONEY, decided, ratio


def _sums(*columns: str, money: bool = False) -> Callable[[Tables, tuple[str, ...], Scope], ir.Table]:
    """Sums of the columns over the rows in which all of them are known."""

    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        table = tables["campaigns"]
        table = scope.during(table.mutate(day=moment(table, "day")), "day")
        values = [numeric(table, name) for name in columns]
        known = values[0].notnull()
        for value in values[1:]:
            known = known & value.notnull()
        out: dict[str, ir.Value] = {f"sum_{name}": v.sum(where=known) for name, v in zip(columns, values, strict=True)}
        out |= {"rows": known.sum().fill_null(0), "left": (~known).sum().fill_null(0)}
        if len(values) > 1:
            x, y = values
            out |= {"xx": (x * x).sum(where=known), "xy": (x * y).sum(where=known), "yy": (y * y).sum(where=known)}
        return grouped(table, by, "day", **out, **(currencies(table, known) if money else {}))

    return statistics


def _share(part: str, whole: str) -> Callable[[Statistics], Estimate]:
    def estimate(row: Statistics) -> Estimate:
        top, bottom = row.get(f"sum_{part}") or 0, row.get(f"sum_{whole}") or 0
        if bottom <= 0:
            return undefined(f"no {whole}", "%")
        if top > bottom:
            return undefined(f"{top:g} {part} of {bottom:g} {whole} is no share; they count different things", "%", int(bottom))
        return proportion(top, bottom)

    return estimate


def _cost(of: str) -> Callable[[Statistics], Estimate]:
    def estimate(row: Statistics) -> Estimate:
        code, minor = unit_of(row)
        refused = mixed(row, code)
        if refused:
            return refused
        spend, won = float(row.get("sum_spend_minor") or 0) / minor, float(row.get(f"sum_{of}") or 0)
        if won <= 0:
            return undefined(f"no {of}" + (f" for {spend:.2f} {code} spent" if spend else ""), code)
        if spend <= 0:
            return undefined("no spend", code, int(won))
        counted = rate(won, spend)
        low, high = 1 / (counted.high or 1), (1 / counted.low if counted.low else None)
        value = spend / won
        return Estimate(value, low, high, int(won), code, "", value, value / won**0.5)

    return estimate


def _roas(row: Statistics) -> Estimate:
    refused = mixed(row, "×")
    if refused:
        return refused
    return ratio(
        row.get("sum_revenue_minor") or 0, row.get("sum_spend_minor") or 0, row.get("xx") or 0, row.get("xy") or 0, row.get("yy") or 0, row.get("rows"), "×",
        nothing="no spend", lowest=0,
    )  # fmt: skip


def _needs(*columns: str) -> dict[str, tuple[str, ...]]:
    return {"campaigns": ("day", *columns)}


CAC = Measure("cac", _needs("conversions", "spend_minor", "currency"), _sums("conversions", "spend_minor", money=True), _cost("conversions"))
COST_PER_LEAD = Measure("cost_per_lead", _needs("leads", "spend_minor", "currency"), _sums("leads", "spend_minor", money=True), _cost("leads"))
COST_PER_CLICK = Measure("cost_per_click", _needs("clicks", "spend_minor", "currency"), _sums("clicks", "spend_minor", money=True), _cost("clicks"))
ROAS = Measure("roas", _needs("revenue_minor", "spend_minor", "currency"), _sums("revenue_minor", "spend_minor", money=True), _roas)
CTR = Measure("ctr", _needs("clicks", "impressions"), _sums("clicks", "impressions"), _share("clicks", "impressions"))
CONVERSION_RATE = Measure("conversion_rate", _needs("conversions", "visits"), _sums("conversions", "visits"), _share("conversions", "visits"))
LEAD_RATE = Measure("lead_rate", _needs("leads", "visits"), _sums("leads", "visits"), _share("leads", "visits"))
TRAFFIC = Measure("traffic", _needs("visits"), _sums("visits"), lambda row: rate(row.get("sum_visits") or 0, 1.0, "visits"))


def _sourced(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    deals = decided(tables, scope).filter(lambda t: t["_won"])
    amount = numeric(deals, "amount_minor")
    sourced = deals["campaign"].notnull()
    x = sourced.ifelse(amount, 0.0)
    return grouped(
        deals, by, "closed_at", n=amount.count(), x=x.sum(), y=amount.sum(), xx=(x * x).sum(), xy=(x * amount).sum(), yy=(amount * amount).sum(),
        **currencies(deals, amount.notnull()),
    )  # fmt: skip


def _sourced_share(row: Statistics) -> Estimate:
    return mixed(row, "%") or ratio(
        row.get("x"), row.get("y"), row.get("xx"), row.get("xy"), row.get("yy"), row.get("n"), "%", 100, "no deal with an amount was won", 0, 100
    )


MARKETING_SHARE = Measure("marketing_share", {"deals": ("campaign", *DECIDED, *MONEY)}, _sourced, _sourced_share)


def _ask(measure: Measure, data: Any, by: str | tuple[str, ...], scope: Scope | None) -> Any:
    name = measure.dataset
    return answer(measure, {name: as_table(data, needs=measure.needs[name])}, by, scope)


def cac(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Customer acquisition cost: spend / customers won (conversions), in major units of the one currency.

    Only rows that know both count. The spend is known, the customers won are a Poisson count: the interval is the spend
    over its exact bounds. This is paid-media cost: salaries and tools are not in it. Different currencies are refused.

    >>> from datetime import datetime
    >>> data = {"day": [datetime(2026, 1, 1)] * 2, "conversions": [4, 6], "spend_minor": [30_000, 70_000], "currency": ["EUR"] * 2}
    >>> cac(data).value
    100.0
    """
    return _ask(CAC, campaigns, by, scope)


def cost_per_lead(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Cost per lead: spend / leads won, in major units of the one currency, with the interval of `cac`."""
    return _ask(COST_PER_LEAD, campaigns, by, scope)


def cost_per_click(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Cost per click: spend / clicks, in major units of the one currency, with the interval of `cac`."""
    return _ask(COST_PER_CLICK, campaigns, by, scope)


def roas(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Return on ad spend: revenue the platforms claim / spend; 1 means the money came back.

    Interval of the ratio estimator with rows (campaign, channel and day) as its units; the platforms' own attribution
    overlaps, so the sum over them may exceed the real revenue.

    >>> from datetime import datetime
    >>> data = {"day": [datetime(2026, 1, 1)], "revenue_minor": [90_000], "spend_minor": [30_000], "currency": ["EUR"]}
    >>> roas(data).value
    3.0
    """
    return _ask(ROAS, campaigns, by, scope)


def ctr(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Click-through rate: clicks / impressions in percent, Wilson's interval, of sums and not the mean of daily rates."""
    return _ask(CTR, campaigns, by, scope)


def conversion_rate(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Customers won / visits in percent, Wilson's interval; undefined where more convert than visit."""
    return _ask(CONVERSION_RATE, campaigns, by, scope)


def lead_rate(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Leads / visits in percent, Wilson's interval."""
    return _ask(LEAD_RATE, campaigns, by, scope)


def traffic(campaigns: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Visits counted, with the exact Poisson interval."""
    return _ask(TRAFFIC, campaigns, by, scope)


def marketing_share(deals: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the won revenue whose deal names a campaign, by `closed_at`: what marketing sourced; ratio estimator."""
    return _ask(MARKETING_SHARE, deals, by, scope)
