"""What work on customers' experience may be worth: its cost against revenue kept and added, under assumptions one can see.

Nothing here proves anything: the result is as good as what is assumed, and every part of it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from scipy.optimize import brentq

from cx.errors import MeasureError


@dataclass(frozen=True)
class Assumptions:
    """Money in whole units of one currency, shares in percent.

    `revenue`: recurring revenue a year at the start. `churn`: share of it lost in a year as things are. `kept`: points of
    that churn the work avoids, once it has its full effect. `added`: revenue existing customers add because of it, in percent
    of revenue a year. `credit`: share of both that the work may claim, the rest would have come anyway. `margin`: what is
    left of a unit of revenue. `once` and `yearly`: what the work costs at the start and each year. `ramp`: years until the
    full effect, which grows evenly. `years` looked at, `discount` a year.
    """

    revenue: float
    churn: float
    kept: float
    added: float
    credit: float
    margin: float
    once: float
    yearly: float
    ramp: float = 1.0
    years: int = 3
    discount: float = 8.0

    def checked(self) -> Assumptions:
        """The same. Raises MeasureError naming what cannot be."""
        for name in ("churn", "credit", "margin"):
            value = getattr(self, name)
            if not 0 <= value <= 100:
                raise MeasureError(f"{name} must lie between 0 and 100 %", f"it is {value:g}", "correct it")
        if not 1 <= self.years <= 10:
            raise MeasureError("between 1 and 10 years can be looked at", f"asked for {self.years:g}", "correct it")
        if self.revenue < 0 or self.once < 0 or self.yearly < 0 or self.ramp < 0 or self.discount <= -100:
            raise MeasureError("revenue, costs and ramp cannot be negative", "one of them is", "correct it")
        return self


@dataclass(frozen=True)
class Year:
    """One year: revenue kept and added that the work may claim, the margin of both, the cost, and what is left, summed up undiscounted and as of today."""

    year: int
    kept: float
    added: float
    benefit: float
    cost: float
    net: float
    cumulative: float
    present: float


@dataclass(frozen=True)
class Return:
    """`npv` of benefit less cost; `roi` is it over the present value of the cost, in percent (None without a cost).

    `payback`: years until the undiscounted sum is back at zero for good, None where it is not within the years looked at.
    """

    years: tuple[Year, ...]
    npv: float
    roi: float | None
    payback: float | None
    benefit: float
    cost: float


def returns(a: Assumptions) -> Return:
    """Benefit and cost year by year.

    With churn c, kept points d, added share e (all as shares), and the part of the effect in force in year t,
    s_t = min(t / ramp, 1) (1 without a ramp), revenue without the work is R (1 - c)^t and with it
    R x product of (1 - c + d s_i) over i = 1 … t, d at most c. Kept in year t is the gap between the two, added is
    revenue with the work x e s_t. Benefit = credit x margin x (kept + added). `once` is paid at time 0, `yearly` at the
    end of each year; amounts of year t are divided by (1 + discount)^t.

    >>> found = returns(Assumptions(1_000_000, 10, 2, 0, 50, 60, 5_000, 0, ramp=0, years=1, discount=0))
    >>> round(found.npv), round(found.roi)
    (1000, 20)
    """
    a.checked()
    c, e, credit, margin, rate = a.churn / 100, a.added / 100, a.credit / 100, a.margin / 100, a.discount / 100
    d = min(a.kept / 100, c)
    without = with_ = a.revenue
    cumulative, present, paid = -a.once, -a.once, a.once
    gained = 0.0
    rows: list[Year] = []
    payback: float | None = 0.0
    for t in range(1, int(a.years) + 1):
        share = min(t / a.ramp, 1.0) if a.ramp > 0 else 1.0
        without *= 1 - c
        with_ *= 1 - c + d * share
        kept, added = credit * (with_ - without), credit * with_ * e * share
        benefit = margin * (kept + added)
        net = benefit - a.yearly
        if cumulative < 0 <= cumulative + net:
            payback = t - 1 + -cumulative / net
        cumulative += net
        present += net / (1 + rate) ** t
        gained += benefit / (1 + rate) ** t
        paid += a.yearly / (1 + rate) ** t
        rows.append(Year(t, kept, added, benefit, a.yearly, net, cumulative, present))
    payback = payback if cumulative >= 0 else None
    return Return(tuple(rows), present, 100 * present / paid if paid else None, payback, gained, paid)


@dataclass(frozen=True)
class Swing:
    """What one assumption does to the net present value at its low and its high end, all others at base."""

    name: str
    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def width(self) -> float:
        """How far apart the two results lie."""
        return abs(self.npv_high - self.npv_low)


def sensitivity(base: Assumptions, ranges: Mapping[str, tuple[float | None, float | None]]) -> list[Swing]:
    """Each assumption from its low to its high end with the others at base, the widest swing first; an end not given stays at base."""
    out = []
    for name, (low, high) in ranges.items():
        stands = getattr(base, name)
        ends = (stands if low is None else low, stands if high is None else high)
        if ends != (stands, stands):
            out.append(Swing(name, ends[0], ends[1], *(returns(_with(base, name, end)).npv for end in ends)))
    return sorted(out, key=lambda swing: -swing.width)


def break_even(base: Assumptions, name: str, low: float = 0.0, high: float | None = None) -> float | None:
    """The value of one assumption at which the net present value is zero, all others at base; None where no value does it.

    >>> round(break_even(Assumptions(1_000_000, 10, 2, 0, 50, 60, 5_000, 0, ramp=0, years=1, discount=0), "kept"), 3)
    1.667
    """
    top = high if high is not None else {"kept": base.churn, "added": 100.0, "credit": 100.0, "margin": 100.0}.get(name, max(abs(getattr(base, name)) * 20, 1.0))

    def worth(value: float) -> float:
        return returns(_with(base, name, value)).npv

    ends = worth(low), worth(top)
    if ends[0] * ends[1] > 0:
        return None
    return float(brentq(worth, low, top, xtol=1e-9))


def _with(a: Assumptions, name: str, value: float) -> Assumptions:
    changed: dict[str, Any] = {name: round(value) if name == "years" else float(value)}
    return replace(a, **changed)


@dataclass(frozen=True)
class Scenario:
    """A named set of assumptions and what follows from it."""

    name: str
    assumptions: Assumptions
    result: Return = field(repr=False)


# More of these is worse for the result; their low scenario takes the high end.
WORSE = frozenset({"once", "yearly", "ramp", "discount"})


def scenarios(base: Assumptions, ranges: Mapping[str, tuple[float | None, float | None]]) -> tuple[Scenario, Scenario, Scenario]:
    """Low, base and high: every assumption at once at its unfavourable end, as it is, and at its favourable end.

    Churn as things are counts as given: its ends are tried in the sensitivity, not here, since more churn both shrinks
    revenue and leaves more to keep. So are the years looked at.
    """
    made = []
    for place, label in enumerate(("low", "base", "high")):
        values: dict[str, Any] = {f.name: getattr(base, f.name) for f in fields(base)}
        if label != "base":
            for name, ends in ranges.items():
                if name in ("churn", "years"):
                    continue
                good_end = ends[1] if name not in WORSE else ends[0]
                bad_end = ends[0] if name not in WORSE else ends[1]
                end = bad_end if place == 0 else good_end
                if end is not None:
                    values[name] = end
        a = Assumptions(**values)
        made.append(Scenario(label, a, returns(a)))
    return made[0], made[1], made[2]
