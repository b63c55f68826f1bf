"""Opening hours: several windows a day, holidays, any time zone, daylight saving; minutes counted only while open.

The hours become a list of open stretches in UTC once, so that daylight saving costs nothing afterwards. `minutes`
counts on arrays; `opened` gives the same count as an Ibis expression, by one join per moment with a small table of
days, so that it runs where the rows are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from cx.errors import InputError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 86_400
FIRST_YEAR, LAST_YEAR = 2000, 2040  # moments outside have no open time
CALENDAR = "calendar_"
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class BusinessHours:
    """Weekly windows in minutes of the local day (Monday first), the time zone, closed days and days with own hours.

    Equal hours compare equal and hash alike, so they can be part of a cache key. Build them with `business_hours`.
    """

    week: tuple[Windows, ...]
    timezone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    special: tuple[tuple[date, Windows], ...] = ()

    def on(self, day: date) -> Windows:
        """The windows of one local day. A day with own hours has them even where it is a holiday."""
        own = dict(self.special).get(day)
        if own is not None:
            return own
        return () if day in self.holidays else self.week[day.weekday()]


def business_hours(
    week: str | Mapping[str, str] = "mon-fri 09:00-17:00",
    timezone: str = "UTC",
    holidays: Iterable[date] = (),
    special: Mapping[date, str] | None = None,
) -> BusinessHours:
    """Opening hours from words.

    `week`: `"mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00"` or `{"mon": "09:00-12:00 13:00-17:00"}`; a window that
    ends before it starts runs past midnight, 24:00 is the end of the day. `special`: hours of single dates.
    Raises InputError for anything that cannot be read, an unknown time zone, or hours that never open.

    >>> hours = business_hours("mon-fri 09:00-12:00 13:00-17:00", "Europe/Berlin", [date(2026, 5, 1)])
    >>> float(minutes("2026-04-30T14:00:00Z", "2026-05-04T08:00:00Z", hours))  # Thursday 16:00 to Monday 10:00 there
    120.0
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError("expected a time zone such as Europe/Berlin", f"found {timezone!r}", "choose one of the IANA names") from error
    days: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    clauses = list(week.items()) if isinstance(week, Mapping) else [tuple(part.strip().split(" ", 1)) for part in week.split(";") if part.strip()]
    for clause in clauses:
        names, spans = clause if len(clause) == 2 else (clause[0], "")
        for day in _days(names):
            for start, end in _windows(spans):
                days[day].append((start, min(end, 1440)))
                if end > 1440:
                    days[(day + 1) % 7].append((0, end - 1440))
    own = tuple(sorted((day, _merged([(a, min(b, 1440)) for a, b in _windows(text)])) for day, text in (special or {}).items()))
    if not any(days) and not any(windows for _, windows in own):
        raise InputError("expected at least one opening window", f"found {week!r}", "give hours such as mon-fri 09:00-17:00")
    return BusinessHours(tuple(_merged(windows) for windows in days), timezone, frozenset(holidays), own)


def _days(names: str) -> list[int]:
    first, _, last = names.strip().lower().partition("-")
    if first[:3] not in DAYS or (last and last[:3] not in DAYS):
        raise InputError("expected weekdays such as mon or mon-fri", f"found {names!r}", "use mon tue wed thu fri sat sun")
    start, end = DAYS.index(first[:3]), DAYS.index((last or first)[:3])
    return [(start + k) % 7 for k in range((end - start) % 7 + 1)]


def _windows(text: str) -> list[tuple[int, int]]:
    found = []
    for part in re.split(r"[,\s]+", text.strip()) if text.strip() else []:
        match = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", part)
        numbers = [int(n) for n in match.groups()] if match else []
        if not match or numbers[1] > 59 or numbers[3] > 59 or 60 * numbers[0] + numbers[1] > 1439 or 60 * numbers[2] + numbers[3] > 1440:
            raise InputError("expected opening windows such as 09:00-17:00", f"found {part!r}", "write hours and minutes from 00:00 to 24:00")
        start, end = 60 * numbers[0] + numbers[1], 60 * numbers[2] + numbers[3]
        found.append((start, end if end > start else end + 1440))
    return found


def _merged(windows: Iterable[tuple[int, int]]) -> Windows:
    out: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif end > start:
            out.append((start, end))
    return tuple(out)


@lru_cache(maxsize=64)
def _open(hours: BusinessHours, first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts and ends of the open stretches of the years, in seconds since 1970 UTC, and the seconds open before each.

    A clock time that spring skips is read as the first one that exists; of one that autumn repeats, a window starts at
    the first and ends at the second.
    """
    days = pd.date_range(f"{first}-01-01", f"{last}-12-31", freq="D")
    spans = [(day, a, b) for day, on in zip(days, (hours.on(d.date()) for d in days), strict=True) for a, b in on]
    if not spans:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    local = pd.DatetimeIndex([s[0] for s in spans])
    sides = []
    for position, earlier in ((1, True), (2, False)):
        clock = local + pd.to_timedelta([s[position] for s in spans], unit="min")
        there = clock.tz_localize(hours.timezone, ambiguous=np.full(len(clock), earlier), nonexistent="shift_forward")
        sides.append(there.tz_convert("UTC").tz_localize(None).as_unit("s").asi8)
    starts, ends = sides
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    ends = np.maximum.accumulate(ends)
    starts = np.maximum(starts, np.concatenate([[starts[0]], ends[:-1]]))
    keep = ends > starts
    starts, ends = starts[keep], ends[keep]
    return starts, ends, np.concatenate([[0], np.cumsum(ends - starts)[:-1]])


def _seconds(moments: Any) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since 1970 UTC as floats and which are known; naive moments are UTC already."""
    index = pd.to_datetime(pd.Series(np.atleast_1d(np.asarray(moments, dtype=object)) if not hasattr(moments, "dtype") else moments), utc=True)
    known = index.notna().to_numpy()
    nanos = index.dt.tz_localize(None).astype("datetime64[ns]").to_numpy().view("int64")
    return np.where(known, nanos / 1e9, 0.0), known


def _count(at: np.ndarray, hours: BusinessHours, known: np.ndarray) -> np.ndarray:
    if not known.any():
        return np.zeros(at.shape)
    low, high = pd.Timestamp(at[known].min(), unit="s").year, pd.Timestamp(at[known].max(), unit="s").year
    starts, ends, before = _open(hours, min(low, FIRST_YEAR) - 1, max(high, LAST_YEAR) + 1)
    if not len(starts):
        return np.zeros(at.shape)
    place = np.maximum(np.searchsorted(starts, at, "right") - 1, 0)
    return before[place] + np.clip(at - starts[place], 0, ends[place] - starts[place])


def minutes(start: Any, end: Any, hours: BusinessHours | None = None, pauses: Any = ()) -> Any:
    """Open minutes from `start` to `end`, elementwise; without `hours` calendar minutes.

    `start`, `end`: moments or arrays, series or lists of them (aware, or naive in UTC). `pauses`: pairs (from, to) that
    do not count, for a single stretch. NaN where a moment is missing; negative where the end is before the start.
    Returns a float for single moments, else an array of floats.

    >>> float(minutes("2026-03-28T00:00Z", "2026-03-30T00:00Z", business_hours("sat-sun 00:00-24:00", "Europe/Berlin"))) / 60
    46.0
    """
    (a, known_a), (b, known_b) = _seconds(start), _seconds(end)
    out = (b - a) / 60 if hours is None else (_count(b, hours, known_b) - _count(a, hours, known_a)) / 60
    out = np.where(known_a & known_b, out, np.nan)
    if len(pauses):
        if len(out) != 1:
            raise InputError("expected pauses of one stretch", f"found {len(out)} stretches", "count each by itself")
        spans = sorted((max(float(_seconds(p)[0][0]), a[0]), min(float(_seconds(q)[0][0]), b[0])) for p, q in pauses)
        reached = a[0]
        for p, q in spans:
            p = max(p, reached)
            if q > p:
                out[0] -= float(minutes(pd.Timestamp(p, unit="s"), pd.Timestamp(q, unit="s"), hours))
                reached = q
    return float(out[0]) if np.ndim(start) == 0 and np.ndim(end) == 0 else out


def due(start: Any, allowed: Any, hours: BusinessHours | None = None) -> Any:
    """The moment at which `allowed` open minutes have passed since `start`, elementwise: the inverse of `minutes`.

    Returns a naive UTC Timestamp for a single moment, else an array of datetime64; NaT where either is missing.

    >>> due("2026-05-08T16:30", 60, business_hours())  # Friday: half an hour is left over for Monday
    Timestamp('2026-05-11 09:30:00')
    """
    at, known = _seconds(start)
    allowance = np.asarray(allowed, dtype=float) * 60
    known = known & np.isfinite(allowance)
    if hours is None:
        found = at + np.where(known, allowance, 0)
    else:
        wanted = _count(at, hours, known) + np.where(known, allowance, 0)
        starts, ends, before = _open(hours, min(FIRST_YEAR, pd.Timestamp(at.min(), unit="s").year) - 1, LAST_YEAR + 11)
        place = np.maximum(np.searchsorted(before, wanted, "left") - 1, 0)
        found = np.minimum(starts[place] + wanted - before[place], ends[place]) if len(starts) else at
        found = np.where(np.isclose(allowance, 0), np.maximum(found, at), found)
    out = np.where(known, (found * 1e6).round().astype("int64").astype("datetime64[us]"), np.datetime64("NaT"))
    return pd.Timestamp(out[0]) if np.ndim(start) == 0 else out


_named: dict[str, BusinessHours] = {}


def calendar_of(hours: BusinessHours) -> str:
    """The name under which queries speak of the calendar of these hours: the same for equal hours, in every process."""
    told = repr((hours.week, hours.timezone, sorted(hours.holidays), hours.special, FIRST_YEAR, LAST_YEAR))
    name = CALENDAR + hashlib.sha256(told.encode()).hexdigest()[:16]
    _named[name] = hours
    return name


def calendar(name: str) -> pa.Table | None:
    """The rows of a calendar that a query names (see `day_table`); None where this process never spoke of it."""
    return _days_of(_named[name])[0] if name in _named else None


@lru_cache(maxsize=64)
def day_table(hours: BusinessHours) -> tuple[ir.Table, int]:
    """One row a UTC day: seconds open before it, and the k open stretches within it as (from, length); and k.

    Seconds open until a moment of that day are `base + sum_k clip(second of day - from_k, 0, length_k)`. The table is
    named after the hours, so that a query over it can be written before anybody knows where its rows will lie.
    """
    rows, most = _days_of(hours)
    made = ibis.memtable(rows).op()
    return made.copy(name=calendar_of(hours)).to_expr(), most


@lru_cache(maxsize=32)
def _days_of(hours: BusinessHours) -> tuple[pa.Table, int]:
    starts, ends, _ = _open(hours, FIRST_YEAR, LAST_YEAR)
    days = np.arange(np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR + 1}-01-01")).astype("datetime64[D]").astype(np.int64)
    pieces: dict[int, list[tuple[int, int]]] = {}
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        while start < end:
            day = start // DAY
            stop = min(end, (day + 1) * DAY)
            pieces.setdefault(day, []).append((start - day * DAY, stop - start))
            start = stop
    most = max((len(p) for p in pieces.values()), default=1)
    rows = np.zeros((len(days), 2 * most), np.int64)
    for at, day in enumerate(days.tolist()):
        for k, (offset, length) in enumerate(pieces.get(day, ())):
            rows[at, 2 * k], rows[at, 2 * k + 1] = offset, length
    open_on = rows[:, 1::2].sum(axis=1)
    columns = {"cal_day": days, "cal_base": np.cumsum(open_on) - open_on}
    columns |= {f"cal_{'from' if k % 2 == 0 else 'length'}{k // 2}": rows[:, k] for k in range(2 * most)}
    return pa.table(columns), most


def epoch(moment: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970, cut off and not rounded, alike on every backend."""
    return moment.truncate("s").epoch_seconds().cast("int64")


def opened(table: ir.Table, moment: ir.TimestampValue, name: str, hours: BusinessHours | None) -> ir.Table:
    """`table` with the column `name`: seconds open until `moment`; null where it is missing or outside the calendar.

    The difference of two such columns is the open time between the two moments. Without `hours` it is the clock itself.
    """
    if hours is None:
        return table.mutate(**{name: epoch(moment)})
    calendar, most = day_table(hours)
    at = f"{name}_at"
    dated = table.mutate(**{at: epoch(moment)})
    dated = dated.mutate(**{f"{name}_day": dated[at] // DAY, f"{name}_second": dated[at] % DAY})
    days = calendar.view()
    joined = dated.left_join(days, dated[f"{name}_day"] == days["cal_day"])
    total = joined["cal_base"]
    for k in range(most):
        total = total + ibis.greatest(0, ibis.least(joined[f"{name}_second"] - joined[f"cal_from{k}"], joined[f"cal_length{k}"]))
    return joined.select(*table.columns, **{name: total.cast("int64")})


def elapsed(start: datetime, end: datetime, hours: BusinessHours | None) -> float:
    """Open minutes between two single moments."""
    return float(minutes(start, end, hours))
