"""Money in minor units: one currency at a time, shown in major units."""

from __future__ import annotations

import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.measure import Statistics

NO_CENTS = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}
MILLS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def minor_units(currency: str) -> int:
    """How many minor units make one of the currency (ISO 4217): 100 for most, 1 for the yen, 1000 for the dinar.

    >>> minor_units("EUR"), minor_units("JPY")
    (100, 1)
    """
    code = currency.upper()
    return 1 if code in NO_CENTS else 1000 if code in MILLS else 100


def currencies(table: ir.Table, counted: ir.BooleanValue) -> dict[str, ir.Value]:
    """Statistics that tell the currency of the rows `counted`: one of them, and how many there are (none named is one)."""
    code = table["currency"].cast("string").upper().fill_null("")
    return {"in_currency": code.max(where=counted), "in_currencies": code.nunique(where=counted)}


def mixed(row: Statistics, unit: str = "") -> Estimate | None:
    """The refusal to sum different currencies, or None where there is one only.

    >>> mixed({"in_currencies": 2}).warning
    '2 different currencies are never added up; filter to one'
    """
    several = int(row.get("in_currencies") or 0)
    return undefined(f"{several} different currencies are never added up; filter to one", unit) if several > 1 else None


def unit_of(row: Statistics) -> tuple[str, float]:
    """The currency code and how many minor units are one of it; empty and 100 where the rows name none."""
    code = str(row.get("in_currency") or "")
    return code, float(minor_units(code))
