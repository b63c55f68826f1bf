"""Numbers and dates as people read them.

Signs are ASCII ("-"), since Streamlit reads a typographic minus as a positive number. Thousands are separated by
commas; a missing number is "n/a". Money is given in minor units (cents) and its unit is the currency's ISO code.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from cx.analytics.estimate import Difference, Estimate

MISSING = "n/a"
POINTS = frozenset({"points", "point", "pts", "pt"})
SHARES = frozenset({"%", "percent"})
# seconds in one unit of time
TIMES = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "HUF": 2, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
_CURRENCY = re.compile(r"[A-Z]{3}")


def is_money(unit: str) -> bool:
    """Whether a unit is a currency (three capitals)."""
    return bool(_CURRENCY.fullmatch(unit))


def is_time(unit: str) -> bool:
    """Whether a unit is a length of time."""
    return unit in TIMES


def minor(currency: str) -> int:
    """How many minor units make one of a currency: 100 for most, 1 for yen, 1000 for dinar."""
    return int(10 ** EXPONENTS.get(currency, 2))


def number(value: float | None, digits: int | None = None) -> str:
    """A bare number: thousands separated, as many decimals as its size deserves unless `digits` says.

    >>> number(1234567.8), number(12.34), number(0.1234), number(-0.0), number(None)
    ('1,234,568', '12.3', '0.12', '0', 'n/a')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units; from ten minutes or ten days on, in the largest alone.

    >>> duration(7800), duration(45), duration(90), duration(3 * 86400 + 7200), duration(-7800)
    ('2 h 10 min', '45 s', '1 min 30 s', '3 d 2 h', '-2 h 10 min')
    """
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    size = abs(seconds)
    sign = "-" if seconds < 0 and size >= 0.05 else ""
    if 0.05 <= size < 9.95 and not float(size).is_integer():
        return f"{sign}{size:.1f} s"
    for large, small, big, little in ((86400, 3600, "d", "h"), (3600, 60, "h", "min"), (60, 1, "min", "s")):
        if round(size / small) * small >= large:
            if size >= 10 * large and large != 3600:
                return f"{sign}{round(size / large):,} {big}"
            parts = divmod(round(size / small), large // small)
            return f"{sign}{parts[0]} {big}" + (f" {parts[1]} {little}" if parts[1] else "")
    return f"{sign}{round(size)} s"


def money(amount: float | None, currency: str) -> str:
    """An amount in minor units, as €412, €1,234, €3.2 m. Decimals only below 100.

    >>> money(41200, "EUR"), money(1999, "EUR"), money(320_000_000, "USD"), money(-500, "CHF"), money(900, "JPY")
    ('€412', '€19.99', '$3.20 m', '-CHF 5.00', '¥900')
    """
    if amount is None or not math.isfinite(amount):
        return MISSING
    whole = abs(amount) / minor(currency)
    decimals = EXPONENTS.get(currency, 2) if 0 < whole < 100 else 0
    sign = "-" if amount < 0 and round(whole, decimals) else ""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    for size, name in ((1e9, " bn"), (1e6, " m")):
        if whole >= size:
            return f"{sign}{symbol}{whole / size:,.{2 if whole < 10 * size else 1}f}{name}"
    return f"{sign}{symbol}{whole:,.{decimals}f}"


def _digits(value: float, unit: str) -> int | None:
    if unit in POINTS:
        return 0 if abs(value) >= 10 or float(value).is_integer() else 1
    if unit in SHARES:
        return 0 if abs(value) >= 20 or value == 0 else 1
    return None


def value(amount: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit, as the unit asks: 31, 84 %, 2 h 10 min, €412, 4.21.

    >>> print(value(31.2, "points"), value(84.3, "%"), value(2.43, "%"), value(130, "minutes"), value(41200, "EUR"), value(5.6, "score"), sep=" | ")
    31 | 84 % | 2.4 % | 2 h 10 min | €412 | 5.60
    >>> print(value(3333.33, "EUR/day"))
    €3,333 a day
    """
    if amount is None or not math.isfinite(amount):
        return MISSING
    if is_time(unit):
        return duration(amount * TIMES[unit])
    if is_money(unit):
        return money(amount, unit)
    if unit.endswith("/day") and is_money(unit.removesuffix("/day")):  # a speed is kept in whole units of the currency
        code = unit.removesuffix("/day")
        return f"{money(amount * minor(code), code)} a day"
    size = digits if digits is not None else _digits(amount, unit)
    return f"{_share(amount, size)}\u00a0%" if unit in SHARES else number(amount, size)


def _share(amount: float, digits: int | None) -> str:
    """A share is never rounded to all or to nothing where it is neither: 99.97, not 100; beyond two decimals a bound."""
    if not 1e-9 < amount < 100 - 1e-9:
        return number(amount, 0 if abs(amount - 100) <= 1e-9 else digits)
    texts = [number(amount, size) for size in (digits, 1, 2)]
    return next((t for t in texts if 0 < float(t.replace(",", "")) < 100), "> 99.99" if amount > 50 else "< 0.01")


def change(amount: float | None, unit: str = "") -> str:
    """A signed change: +1.2 pts for shares, -6 for points, +10 min; ±0 where it rounds to nothing. The minus is ASCII.

    >>> print(change(-6.0, "points"), change(0.72, "%"), change(-0.02, "points"), change(-10, "minutes"), change(None), sep=" | ")
    -6 | +0.7 pts | ±0 | -10 min | n/a
    """
    if amount is None or not math.isfinite(amount):
        return MISSING
    if unit in SHARES or unit in POINTS:
        size = abs(amount)
        text = number(amount, 0 if size >= 9.95 or float(amount).is_integer() else 1)
        text = text + "\u00a0pts" if unit in SHARES else text
    else:
        text = value(amount, unit)
    if not moves(text):
        return "±0\u00a0pts" if unit in SHARES else "±0"
    return text if text.startswith("-") else f"+{text}"


def moves(text: str) -> bool:
    """Whether a written change is one: no digit but zeros means that it rounds to nothing, and it has neither sign nor arrow."""
    return re.search(r"[1-9]", text) is not None


def relative(percent: float) -> str:
    """A change in percent of what was, without decimals.

    >>> print(relative(3.4), relative(-12), relative(-0.2), sep=" | ")
    +3 % | -12 % | ±0 %
    """
    text = f"{percent:+,.0f}"
    return f"{text if moves(text) else '±0'}\u00a0%"


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """From the lower to the upper end, the unit once: 27 to 35, 82 to 85 %.

    >>> print(interval(27.2, 35.1, "points"), interval(82.1, 85.3, "%"), sep=" | ")
    27 to 35 | 82 to 85 %
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if unit in SHARES or unit in POINTS or not (is_time(unit) or is_money(unit.removesuffix("/day"))):
        wide = max(abs(low), abs(high))
        digits = _digits(wide, unit)
        if digits is not None and value(low, unit, digits) == value(high, unit, digits) and low != high:
            digits += 1
        start = _share(low, digits) if unit in SHARES else number(low, digits)
    else:
        return f"{value(low, unit).removesuffix(' a day')} to {value(high, unit)}"
    return f"{start} to {value(high, unit, digits)}"


def moved(low: float | None, high: float | None, unit: str = "") -> str:
    """The interval of a change: that of a share is in points, not in percent of it.

    >>> print(moved(0.2, 6.4, "%"), moved(-10, -5, "minutes"), sep=" | ")
    0.2 to 6.4 pts | -10 min to -5 min
    """
    text = interval(low, high, "points" if unit in SHARES else unit)
    return f"{text}\u00a0pts" if text and unit in SHARES else text


def count(n: float | None) -> str:
    """The number of observations: n 2,184."""
    return f"n\u00a0{number(n, 0)}"


def plural(n: int, one: str, many: str = "") -> str:
    """A number of things: 1 ticket, 2,000 tickets, 3 policies.

    >>> plural(1, "ticket"), plural(2000, "ticket"), plural(3, "policy", "policies")
    ('1 ticket', '2,000 tickets', '3 policies')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def estimate(result: Estimate) -> str:
    """An estimate in one line: 31 (27 to 35, n 2,184); its reason where it has no value."""
    if result.value is None:
        return f"{MISSING}: {result.warning}" if result.warning else MISSING
    inside = ", ".join(part for part in (interval(result.low, result.high, result.unit), count(result.n)) if part)
    return f"{value(result.value, result.unit)} ({inside})"


def difference(result: Difference) -> str:
    """A change with its interval and p: -6 (-9 to -3, p < 0.001)."""
    if result.value is None:
        return MISSING
    p = "" if result.p is None else "p < 0.001" if result.p < 0.001 else f"p = {result.p:.3f}" if result.p < 0.1 else f"p = {result.p:.2f}"
    inside = ", ".join(part for part in (moved(result.low, result.high, result.unit), p) if part)
    return change(result.value, result.unit) + (f" ({inside})" if inside else "")


def day(moment: date | datetime | None, year: bool = True) -> str:
    """1 Aug 2026."""
    if moment is None:
        return MISSING
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if year else "")


def moment(when: datetime | None) -> str:
    """1 Aug 2026, 14:05."""
    return MISSING if when is None else f"{day(when)}, {when:%H:%M}"


def span(start: date | datetime, end: date | datetime) -> str:
    """First to last day, both included, nothing said twice.

    >>> span(date(2026, 8, 1), date(2026, 10, 31)), span(date(2025, 12, 1), date(2026, 1, 5)), span(date(2026, 8, 3), date(2026, 8, 9))
    ('1 Aug – 31 Oct 2026', '1 Dec 2025 – 5 Jan 2026', '3 – 9 Aug 2026')
    """
    if (start.year, start.month, start.day) == (end.year, end.month, end.day):
        return day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} – {day(end)}"
    return f"{day(start, start.year != end.year)} – {day(end)}"


def until(start: date | datetime, end: date | datetime) -> str:
    """The same where the end is excluded, as scopes have it: 1 Aug to 1 Nov reads 1 Aug – 31 Oct."""
    return span(start, max(end - timedelta(days=1), start) if not isinstance(end, datetime) else max(end - timedelta(microseconds=1), end.min.replace(tzinfo=end.tzinfo)))


def period(start: date | datetime, grain: str = "month", year: bool = True) -> str:
    """The name of a period that starts then: 3 Aug 2026, week of 3 Aug 2026, Aug 2026, Q3 2026, 2026."""
    tail = f" {start.year}" if year else ""
    if grain == "year":
        return str(start.year)
    if grain == "quarter":
        return f"Q{(start.month - 1) // 3 + 1}{tail}"
    if grain == "month":
        return f"{start:%b}{tail}"
    return f"{'week of ' if grain == 'week' else ''}{day(start, year)}"
