"""Single values: taken in from a form, a file or code, and written out for a person.

A text is read the way a person writes it (a date as 2026-08-01, money as 1250.50, names between semicolons); any other
Python value is taken as it is (money as whole minor units).
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cx.records.fields import Spec

WHOLE_UNITS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "XAF", "XOF", "PYG", "UGX"})
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
YEARS = (1900, 2199)
EMAIL = re.compile(r"[^\s@,;:<>()\"\\\[\]]{1,64}@[^\s@,;:<>()\"\\]{1,255}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Refused(ValueError):
    """The value cannot be stored; the message is the sentence to show."""


def minor_digits(currency: str | None) -> int:
    """How many decimals the currency's minor unit has."""
    return 0 if currency in WHOLE_UNITS else 2


def read(spec: Spec, value: Any, currency: str | None = None) -> Any:
    """The value as it is stored. Raises Refused with what was expected, what was found and what to do."""
    if isinstance(value, str):
        value = _clean(value)
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        if spec.required:
            raise Refused(f"{spec.title} must be given; it is empty; fill it in.")
        return [] if spec.kind == "several" else spec.default if not spec.required and spec.kind in ("yes", "choice") else None
    return _READERS[spec.kind](spec, value, currency)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    return cleaned if any(unicodedata.category(c)[0] not in "CZ" for c in cleaned) else ""  # what nobody can see is empty


def _text(spec: Spec, value: Any, _: str | None) -> str:
    if not isinstance(value, str):
        raise Refused(f"{spec.title} must be text; found {value!r}.")
    text = value if spec.kind == "long" else " ".join(value.split())
    if len(text) > spec.longest:
        raise Refused(f"{spec.title} holds at most {spec.longest:,} characters; found {len(text):,}; shorten it.")
    if spec.source == "currency":
        text = text.upper()
        if not re.fullmatch("[A-Z]{3}", text):
            raise Refused(f"{spec.title} must be three letters such as EUR; found {value[:80]!r}; correct it.")
    return _formed(spec, text)


def _formed(spec: Spec, text: str) -> str:
    if spec.pattern == "email" and not EMAIL.fullmatch(text):
        raise Refused(f"{spec.title} must be an e-mail address such as ada@example.org; found {text[:80]!r}; correct it.")
    return text


def _choice(spec: Spec, value: Any, _: str | None) -> str:
    found = {c.casefold(): c for c in spec.choices} | {worded(c).casefold(): c for c in spec.choices}
    chosen = found.get(str(value).casefold())
    if chosen is None:
        raise Refused(f"{spec.title} must be one of {', '.join(map(worded, spec.choices))}; found {str(value)[:80]!r}; choose one of them.")
    return chosen


def _bounded(spec: Spec, number: Any, shown: str) -> Any:
    low, high = spec.low, spec.high
    if (low is not None and number < low) or (high is not None and number > high):
        span = (
            f"from {low:g} to {high:g}" if low is not None and high is not None else f"at least {low:g}" if low is not None else f"at most {high:g}"
        )
        raise Refused(f"{spec.title} must be {span}; found {shown}; correct it.")
    return number


def _decimal(spec: Spec, value: Any, what: str) -> Decimal:
    text = str(value).replace("\u00a0", "").replace(" ", "")
    if isinstance(value, str):
        text = text.removesuffix("%") if spec.unit == "%" else text
        text = text.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text) else text
    try:
        made = Decimal(text)
    except InvalidOperation:
        made = Decimal("NaN")
    if isinstance(value, bool) or not made.is_finite():
        raise Refused(f"{spec.title} must be {what}; found {str(value)[:80]!r}; correct it.")
    return made


def _number(spec: Spec, value: Any, _: str | None) -> float:
    return float(_bounded(spec, float(_decimal(spec, value, "a number such as 12.5")), str(value)))


def _whole(spec: Spec, value: Any, _: str | None) -> int:
    made = _decimal(spec, value, "a whole number")
    if made != made.to_integral_value() or abs(made) >= 2**63:
        raise Refused(f"{spec.title} must be a whole number; found {value}; round it.")
    return int(_bounded(spec, int(made), str(value)))


def _money(spec: Spec, value: Any, currency: str | None) -> int:
    if isinstance(value, str):
        made = _decimal(spec, value, "an amount such as 1250.50") * 10 ** minor_digits(currency)
        if made != made.to_integral_value():
            raise Refused(f"{spec.title} has more decimals than {currency or 'the currency'} has; found {value}; round it.")
        value = int(made) if abs(made) < 2**63 else 2**63
    return _whole(spec, value, None)


def _of_our_time(spec: Spec, value: Any) -> Any:
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise Refused(f"{spec.title} must lie between {YEARS[0]} and {YEARS[1]}; found the year {value.year}; correct it.")
    return value


def _day(spec: Spec, value: Any, _: str | None) -> date:
    if isinstance(value, datetime):
        return _of_our_time(spec, value.date())
    if isinstance(value, date):
        return _of_our_time(spec, value)
    if isinstance(value, str) and _DAY.match(value):
        try:
            made = date.fromisoformat(value[:10])
        except ValueError:
            pass  # told below, with the same sentence as any other text that is no date
        else:
            return _of_our_time(spec, made)
    raise Refused(f"{spec.title} must be a date such as 2026-08-01; found {str(value)[:80]!r}; correct it.")


def _moment(spec: Spec, value: Any, _: str | None) -> datetime:
    made = value
    if isinstance(value, str):
        try:
            made = datetime.fromisoformat(value)
        except ValueError:
            made = None
        if made is not None and made.tzinfo is None:
            made = made.replace(tzinfo=UTC)  # a text without an offset means UTC, as everywhere in this program
    if not isinstance(made, datetime) or made.tzinfo is None:
        raise Refused(f"{spec.title} must be a moment with its time zone, such as 2026-08-01T14:30+00:00; found {str(value)[:80]!r}; correct it.")
    return _of_our_time(spec, made).astimezone(UTC)


def _yes(spec: Spec, value: Any, _: str | None) -> bool:
    found = value if isinstance(value, bool) else YES.get(str(value).casefold())
    if found is None:
        raise Refused(f"{spec.title} must be yes or no; found {str(value)[:80]!r}; correct it.")
    return bool(found)


def _link(spec: Spec, value: Any, _: str | None) -> int:
    return _whole(spec, value, None)


def _several(spec: Spec, value: Any, _: str | None) -> list[str]:
    names = value.split(";") if isinstance(value, str) else value
    if not isinstance(names, list | tuple | set | frozenset):
        raise Refused(f"{spec.title} must be a list of names; found {str(value)[:80]!r}.")
    cleaned = list(dict.fromkeys(" ".join(_clean(str(n)).split()) for n in names))
    cleaned = [_choice(spec, n, None) if spec.choices else _formed(spec, n) for n in cleaned if n]
    if len(cleaned) > 200 or any(len(n) > spec.longest for n in cleaned):
        raise Refused(f"{spec.title} holds at most 200 names of {spec.longest} characters; shorten it.")
    return cleaned


def _document(spec: Spec, value: Any, _: str | None) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise Refused(f"{spec.title} must be JSON; found {value[:40]!r} ({error}); correct it.") from None
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        raise Refused(f"{spec.title} must be made of lists, objects, texts and numbers; found {type(value).__name__}.") from None


_READERS = {
    "text": _text, "long": _text, "choice": _choice, "number": _number, "whole": _whole, "day": _day, "moment": _moment, "money": _money,
    "yes": _yes, "link": _link, "several": _several, "document": _document,
}  # fmt: skip


def worded(choice: str) -> str:
    """A stored word as a person reads it: in_progress is In progress."""
    text = choice.replace("_", " ")
    return text[:1].upper() + text[1:]


def written(spec: Spec, value: Any, currency: str | None = None) -> str:
    """The value as text that `read` takes back; a link as its number."""
    if value is None or value == []:
        return ""
    if spec.kind == "choice":
        return worded(value)
    if spec.kind == "money":
        digits = minor_digits(currency)
        return f"{Decimal(value) / 10**digits:.{digits}f}"
    if spec.kind == "yes":
        return "yes" if value else "no"
    if spec.kind == "several":
        return "; ".join(worded(v) if spec.choices else v for v in value)
    if spec.kind == "document":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
