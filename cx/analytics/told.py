"""Numbers and places as a sentence says them."""

from __future__ import annotations

from collections.abc import Mapping

PLAIN = ("days", "weekday")


def place(where: Mapping[str, str]) -> str:
    """A place in words; hours and days speak for themselves.

    >>> place({"segment": "Retail", "hour": "12-14 h"})
    'segment Retail, 12-14 h UTC'
    """
    return ", ".join(f"{label} UTC" if name == "hour" else label if name in PLAIN else f"{name} {label}" for name, label in where.items())


def amount(value: float | None, unit: str) -> str:
    """A value with its unit, as short as it may be said.

    >>> amount(91.43, "%"), amount(31.0, "points"), amount(None, "%")
    ('91.4 %', '31', 'n/a')
    """
    if value is None:
        return "n/a"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
    text = text.removesuffix(".0")
    return text if unit in ("points", "") else f"{text} {unit}"


def signed(value: float | None) -> str:
    """A change with its sign.

    >>> signed(2.04), signed(-0.5)
    ('+2', '-0.50')
    """
    return "n/a" if value is None else ("+" if value > 0 else "") + amount(value, "")


def gap(unit: str) -> str:
    """The unit of a change, with a space before it: percentages differ by points."""
    return " points" if unit in ("%", "points") else f" {unit}" if unit else ""
