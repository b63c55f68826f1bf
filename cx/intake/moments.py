"""Dates and times: understood per column, read per cell, given as UTC.

A column's *form* is a tuple of words: the order of its numbers ("ymd", "dmy", "mdy"), or "text", "unix", "serial".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl

from cx.errors import InputError
from cx.intake.scores import NONE, answered
from cx.intake.words import plain

ORDERS = ("dmy", "mdy", "ymd")
PLAUSIBLE = (datetime(1970, 1, 1), datetime(2100, 1, 1))
_TIME = (
    r"(?:[T ,]+(?P<H>\d{1,2})[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,](?P<F>\d{1,9}))?)?(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?)?"
    r"(?:\s*(?P<zone>Z|z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT))?(?:\s*\([^)]{1,40}\))?"
)
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<sep>[-/.])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<c>\d{1,4})\.?" + _TIME)
_DAY_FIRST = re.compile(r"(?:[^\W\d]{2,12}\.?,?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th|\.|º)?[\s-]+(?:de\s+)?(?P<mon>[^\W\d]{3,12})\.?,?[\s-]+(?:de\s+)?(?P<y>\d{4}|\d{2})" + _TIME)
_MONTH_FIRST = re.compile(r"(?:[^\W\d]{2,12}\.?,?\s+)?(?P<mon>[^\W\d]{3,12})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})" + _TIME)
_CLOCK_INSIDE = re.compile(r"[A-Za-z]{3}\s+(?P<mon>[A-Za-z]{3})\s+(?P<d>\d{1,2})\s+(?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})\s+(?:(?P<zone>[A-Z]{3,4}(?:[+-]\d{4})?)\s+)?(?P<y>\d{4})(?:\s+\([^)]*\))?")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?(?P<zone>Z)?")
_UNIX = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_MONTHS = (
    "jan january januar janner janvier janv enero ene janeiro",
    "feb february februar fevrier fevr febrero fevereiro fev",
    "mar march marz maerz mrz mars marzo marco",
    "apr april avril avr abril abr",
    "may mai mayo maio",
    "jun june juni juin junio junho",
    "jul july juli juillet juil julio julho",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre setembro set",
    "oct october oktober okt octobre octubre outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dezembro",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
FORMATS = {
    "ymd": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.fZ"),
    "dmy": ("%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "mdy": ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %I:%M %p"),
}


def year_of(text: str) -> int:
    """The year, two digits up to 68 being in this century (the rule of POSIX)."""
    value = int(text)
    return value + (2000 if value < 69 else 1900) if len(text) <= 2 else value


def _made(year: int, month: int, day: int, part: dict[str, str | None]) -> tuple[datetime, bool] | None:
    hour, half = int(part.get("H") or 0), (part.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        fraction = int((part.get("F") or "0").ljust(6, "0")[:6])
        moment = datetime(year, month, day, hour, int(part.get("M") or 0), min(int(part.get("S") or 0), 59), fraction)
    except ValueError:
        return None
    zone = (part.get("zone") or "").upper()
    if not zone:
        return moment, False
    if shift := re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone):
        offset = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0))
        if offset > timedelta(hours=18):
            return None
        try:
            return (moment.replace(tzinfo=timezone(-offset if shift[1] == "-" else offset))).astimezone(UTC).replace(tzinfo=None), True
        except OverflowError:
            return None
    return (moment, True) if zone in ("Z", "UTC", "GMT") else (moment, False)


def read(text: str, form: Iterable[str]) -> tuple[datetime, bool] | None:
    """(moment, whether it stands in UTC already) of one cell, or None when it is none under this form.

    >>> read("13/04/2024 9:05 PM", ("dmy",)), read("2024-06-15T10:00:00+02:00", ("ymd",))
    ((datetime.datetime(2024, 4, 13, 21, 5), False), (datetime.datetime(2024, 6, 15, 8, 0), True))
    >>> read("Sat Jun 15 2024", ("text",)), read("45458.5", ("serial",)), read("1718445600", ("unix",))
    ((datetime.datetime(2024, 6, 15, 0, 0), False), (datetime.datetime(2024, 6, 15, 12, 0), False), (datetime.datetime(2024, 6, 15, 10, 0), True))
    """
    text, form = text.strip(), tuple(form)
    if found := _NUMERIC.fullmatch(text):
        a, b, c = found["a"], found["b"], found["c"]
        part = found.groupdict()
        if len(a) == 4:
            return _made(int(a), int(b), int(c), part) if len(c) <= 2 else None
        if len(a) == 3 or len(c) not in (2, 4):
            return None
        order = next((f for f in form if f in ORDERS), "")
        if order == "ymd" and len(c) == 2:
            return _made(year_of(a), int(b), int(c), part)
        if found["sep"] == "." and order != "mdy":
            order = "dmy"
        if order == "dmy":
            return _made(year_of(c), int(b), int(a), part)
        return _made(year_of(c), int(a), int(b), part) if order == "mdy" else None
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _CLOCK_INSIDE):
        found = pattern.fullmatch(text)
        if found and (month := MONTHS.get(plain(found["mon"]))):
            return _made(year_of(found["y"]), month, int(found["d"]), found.groupdict())
    if "unix" in form and _UNIX.fullmatch(text):
        value = float(text) / (1000 if len(text.split(".")[0]) > 10 else 1)
        return datetime.fromtimestamp(value, UTC).replace(tzinfo=None), True
    if "serial" in form and _SERIAL.fullmatch(text):
        return datetime(1899, 12, 30) + timedelta(seconds=round(float(text.replace(",", ".")) * 86400)), False
    if found := _COMPACT.fullmatch(text):
        return _made(int(found["y"]), int(found["m"]), int(found["d"]), found.groupdict())
    return None


def shape(text: str) -> tuple[str, bool, bool] | None:
    """(form, day-first possible, month-first possible) of one cell, None when it is no date."""
    text = text.strip()
    if found := _NUMERIC.fullmatch(text):
        a, b, c = found["a"], int(found["b"]), found["c"]
        if len(a) == 4:
            return ("ymd", False, False) if read(text, ("ymd",)) else None
        if len(a) == 3 or len(c) not in (2, 4):
            return None
        dmy, mdy = read(text, ("dmy",)) is not None, int(a) <= 12 and 1 <= b <= 31 and read(text, ("mdy",)) is not None
        if found["sep"] == "." and len(a) <= 2:
            return ("dmy", True, False) if dmy else None
        return ("day", dmy, mdy) if dmy or mdy else ("ymd", False, False) if read(text, ("ymd",)) else None
    if _UNIX.fullmatch(text):
        return "unix", False, False
    if _SERIAL.fullmatch(text):
        return "serial", False, False
    return ("text", False, False) if read(text, ()) else None


def form_of(values: Iterable[str]) -> tuple[tuple[str, ...], bool] | None:
    """(form, settled) of the distinct values of a column; None when fewer than 9 in 10 are dates.

    A day above 12 anywhere settles day and month for the column; so does a column in which both readings agree.
    """
    seen: list[str] = []
    total = dates = only_dmy = only_mdy = both = 0
    for value in values:
        if value.strip().casefold() in NONE:
            continue
        total += 1
        found = shape(value)
        if found is None:
            continue
        dates += 1
        kind, dmy, mdy = found
        if kind == "day":
            only_dmy += dmy and not mdy
            only_mdy += mdy and not dmy
            both += dmy and mdy and read(value, ("dmy",)) != read(value, ("mdy",))
        elif kind not in seen:
            seen.append(kind)
    if not total or dates < 0.9 * total:
        return None
    numeric = only_dmy or only_mdy or both
    if not numeric:
        if not any(k in ORDERS for k in seen) and not dates:
            return None
        return tuple(seen) or ("dmy",), True
    settled = bool(only_dmy) != bool(only_mdy) or ("dmy" in seen and not only_mdy) or (not both and not (only_dmy and only_mdy))
    order = "mdy" if only_mdy and not only_dmy else "dmy"
    return (order, *(k for k in seen if k not in ORDERS)), settled


def moments(cells: pl.Series, form: tuple[str, ...], zone: str, missing: tuple[str, ...] = ()) -> tuple[pl.Series, pl.Series]:
    """(naive moments in UTC, cells that hold something which is no date). Moments without a zone are local to `zone`."""
    cells = answered(cells, missing)
    local = pl.repeat(None, len(cells), dtype=pl.Datetime("us"), eager=True)
    known = local
    sample = cells.drop_nulls().head(200)
    for order in form:
        for pattern in FORMATS.get(order, ()):
            if local.null_count() + known.null_count() - len(cells) <= cells.null_count():
                break
            if sample.str.to_datetime(pattern, strict=False, time_unit="us").null_count() == len(sample):
                continue
            parsed = cells.str.to_datetime(pattern, strict=False, time_unit="us")
            if "y" in order and "%Y" in pattern:
                parsed = parsed.set(parsed.dt.year() < 1000, None)
            if pattern.endswith("Z"):
                known = known.zip_with(known.is_not_null(), parsed)
            else:
                local = local.zip_with(local.is_not_null(), parsed)
    left = cells.filter(local.is_null() & known.is_null()).drop_nulls().unique().to_list()
    absent: list[str] = []
    if left:
        here: dict[str, datetime] = {}
        there: dict[str, datetime] = {}
        for text in left:
            if text.casefold() in NONE:
                absent.append(text)
            elif found := read(text, form):
                (there if found[1] else here)[text] = found[0]
        local = _patched(local, cells, here)
        known = _patched(known, cells, there)
    local = _to_utc(local, zone)
    result = known.zip_with(known.is_not_null(), local)
    result = result.set(~result.is_between(*PLAUSIBLE).fill_null(True), None)
    bad = result.is_null() & cells.is_not_null()
    return result, bad & ~cells.is_in(absent).fill_null(False) if absent else bad


def _patched(values: pl.Series, cells: pl.Series, table: dict[str, datetime]) -> pl.Series:
    if not table:
        return values
    found = cells.replace_strict(list(table), pl.Series(list(table.values()), dtype=pl.Datetime("us")), default=None, return_dtype=pl.Datetime("us"))
    return values.zip_with(values.is_not_null(), found)


def _to_utc(local: pl.Series, zone: str) -> pl.Series:
    if zone in ("", "UTC") or local.null_count() == len(local):
        return local
    placed = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    skipped = placed.is_null() & local.is_not_null()
    if skipped.any():  # clock times that never were, in the hour lost in spring: as if the clock had not been set yet
        later = (local.dt.offset_by("1h")).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        placed = later.zip_with(skipped, placed)
    return placed.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def zone_named(name: str) -> str:
    """The zone's own name. Raises InputError for one that is not known."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError("expected a time zone such as Europe/Berlin or UTC", f"found {name!r}", "choose one with --zone") from error
    return name
