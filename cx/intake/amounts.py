"""Numbers, amounts of money and yes or no, as exports write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from cx.intake.scores import NONE, answered
from cx.intake.words import plain

YES = {"true", "t", "yes", "y", "1", "ja", "j", "oui", "o", "si", "s", "sim", "x", "checked", "wahr", "vrai", "verdadero", "verdadeiro", "pass", "passed", "ok"}
NO = {"false", "f", "no", "n", "0", "nein", "non", "nao", "unchecked", "falsch", "faux", "falso", "fail", "failed", "nok"}
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL", "CHF": "CHF", "US$": "USD"}
DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "XAF": 0, "XOF": 0, "PYG": 0, "RWF": 0, "BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3, "IQD": 3, "LYD": 3}
_NOISE = re.compile(r"[^\d,.()eE+-]")
_COUNTED = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


def comma_decimal(values: Iterable[str], delimiter: str) -> bool:
    """Whether the column writes its fraction behind a comma.

    A value with both signs settles it by the last one, else a comma before other than three digits; where every comma
    stands before three digits it separates thousands, unless the file separates its columns by semicolons.
    """
    commas = points = thousands = 0
    for value in values:
        digits = _NOISE.sub("", value)
        at, dot = digits.rfind(","), digits.rfind(".")
        if at >= 0 and dot >= 0:
            return at > dot
        if at >= 0:
            if digits.count(",") == 1 and not re.search(r",\d{3}$", digits):
                commas += 1
            else:
                thousands += 1
        elif dot >= 0 and not re.search(r"^\D?\d{1,3}(\.\d{3})+$", digits):
            points += 1
    return commas > 0 or (thousands > 0 and not points and delimiter == ";")


def number(text: str, comma: bool = False) -> float | None:
    """A number with thousands separators, a currency, a percent sign or accounting brackets around it.

    >>> number("$1,234.50"), number("1.234,50 €", True), number("(12)"), number("12 %"), number("n/a")
    (1234.5, 1234.5, -12.0, 12.0, None)
    """
    body = text.strip()
    if len(body) > 60 or re.search(r"\d[^\d,.'\s\u00a0\u202f()%]+\d", body.replace("e+", "").replace("E+", "").replace("e-", "").replace("E-", "")):
        return None
    digits = _NOISE.sub("", body.replace("EUR", "").replace("e+", "").replace("E+", "") if not re.fullmatch(r"[\d.,]+[eE][+-]?\d+", body) else body)
    negative = (digits.startswith("(") and digits.endswith(")")) or digits.endswith("-")
    digits = digits.strip("()").rstrip("-").strip("eE")
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    if not _COUNTED.fullmatch(digits):
        return None
    value = float(digits)
    return (-value if negative else value) if abs(value) < 1e15 else None


def numbers(cells: pl.Series, comma: bool = False) -> tuple[pl.Series, pl.Series]:
    """(numbers, cells that hold something else)."""
    cells = answered(cells)
    plainly = cells.str.replace_all(".", "", literal=True).str.replace_all(",", ".", literal=True) if comma else cells
    values = plainly.cast(pl.Float64, strict=False).fill_nan(None)
    values = values.set(~values.is_between(-1e15, 1e15).fill_null(True), None)
    odd = cells.filter(values.is_null()).drop_nulls().unique().to_list()
    if not odd:
        return values, values.is_null() & cells.is_not_null()
    table = {text: number(text, comma) for text in odd if text.casefold() not in NONE}
    values = values.zip_with(values.is_not_null(), cells.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Float64)) if table else values
    absent = [text for text in odd if text not in table]
    return values, values.is_null() & cells.is_not_null() & ~cells.is_in(absent).fill_null(False)


def minor(values: pl.Series, currency: pl.Series) -> pl.Series:
    """Amounts in minor units: hundredths, unless the currency has none or thousandths."""
    digits = currency.replace_strict(list(DIGITS), list(DIGITS.values()), default=2, return_dtype=pl.Int64).fill_null(2)
    return (values * (10.0**digits)).round(0).cast(pl.Int64, strict=False)


def truths(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(yes or no, cells that say neither)."""
    cells = answered(cells)
    table: dict[str, bool | None] = {}
    for text in cells.drop_nulls().unique().to_list():
        word = plain(text)
        if word in YES or word in NO:
            table[text] = word in YES
        elif text.casefold() in NONE:
            table[text] = None
    values = cells.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Boolean) if table else pl.repeat(None, len(cells), dtype=pl.Boolean, eager=True)
    return values, values.is_null() & cells.is_not_null() & ~cells.is_in([t for t, v in table.items() if v is None]).fill_null(False)


def currency_in(text: str) -> str:
    """The ISO code in a header or a value, such as "Amount spent (EUR)" or "1,20 €".

    >>> currency_in("Amount spent (EUR)"), currency_in("$12"), currency_in("Umsatz")
    ('EUR', 'USD', '')
    """
    if found := re.search(r"\b(EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|INR|BRL|MXN|CNY|SGD|HKD|ZAR|TRY|KRW)\b", text):
        return found[1]
    return next((code for sign, code in sorted(SYMBOLS.items(), key=lambda s: -len(s[0])) if sign in text), "")
