"""Numbers as a report prints them: with their unit, interval and direction, never bare."""

from __future__ import annotations

import re

from cx.analytics.estimate import Difference, Estimate

SECONDS = {"s": 1, "min": 60, "minutes": 60, "h": 3600, "hours": 3600, "d": 86400, "days": 86400}
CENTS = {"JPY": 1, "KRW": 1, "VND": 1, "CLP": 1, "ISK": 1, "KWD": 1000, "BHD": 1000, "OMR": 1000, "JOD": 1000, "TND": 1000}
NONE = "n/a"


def value(amount: float | None, unit: str = "") -> str:
    """A number with its unit.

    >>> value(31.24, "points"), value(84.31, "%"), value(2.5, "h"), value(4120000, "EUR"), value(None)
    ('31', '84.3 %', '2.5 h', 'EUR 41,200', 'n/a')
    """
    if amount is None or amount != amount:
        return NONE
    if re.fullmatch("[A-Z]{3}", unit):
        return f"{unit} {amount / CENTS.get(unit, 100):,.0f}"
    if unit == "%":
        return f"{amount:.1f} %"
    if unit in SECONDS:
        seconds = amount * SECONDS[unit]
        for name, length in (("d", 86400), ("h", 3600), ("min", 60)):
            if abs(seconds) >= length * (3 if name == "d" else 1):
                return f"{seconds / length:.1f} {name}"
        return f"{seconds:.0f} s"
    size = abs(amount)
    text = f"{amount:,.0f}" if size >= 100 or unit == "points" or float(amount).is_integer() else f"{amount:.1f}" if size >= 10 else f"{amount:.2f}"
    return f"{text} {unit}" if unit and unit not in ("points", "score", "index", "sigma", "of 5") else text


def against(amount: float | None, goal: float | None, unit: str = "") -> tuple[str, str]:
    """A value and its target as they stand side by side: where both round to one text and differ, with as many decimals as tell them apart.

    >>> against(74.6, 75.0, "points"), against(31.0, 40.0, "points"), against(12.0, None)
    (('74.6', '75.0'), ('31', '40'), ('12', ''))
    """
    if goal is None:
        return value(amount, unit), ""
    texts = value(amount, unit), value(goal, unit)
    if amount is None or amount == goal or texts[0] != texts[1] or re.fullmatch("[A-Z]{3}", unit) or unit in SECONDS:
        return texts
    tail = f" {unit}" if texts[0].endswith(f" {unit}") else ""
    return next(((f"{amount:,.{d}f}{tail}", f"{goal:,.{d}f}{tail}") for d in (1, 2, 3) if f"{amount:.{d}f}" != f"{goal:.{d}f}"), texts)


def interval(estimate: Estimate) -> str:
    """The interval from low to high; empty where there is none."""
    return f"{value(estimate.low, estimate.unit)} to {value(estimate.high, estimate.unit)}" if estimate.low is not None and estimate.high is not None else ""


def change(found: Difference | None) -> str:
    """A change with its sign, ±0 where it rounds to nothing, and whether chance may account for it."""
    if found is None or found.value is None:
        return ""
    unit = found.unit if found.unit != "%" else ""
    text = value(found.value, unit) if unit else f"{found.value:.1f}"
    text = "±0" if not re.search("[1-9]", text) else text if text.startswith("-") else f"+{text}"
    return text + (" pts" if found.unit in ("%", "points") else "") + (" ✓" if found.significant else "")
