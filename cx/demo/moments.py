"""Drawing moments: arrivals by weekday, hour and season, and working time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cx.demo.timeline import DAY, DAYS, Ints, Timeline, weekday

MONTH = 30.4375 * DAY
OPENS, CLOSES = 8 * 3600, 18 * 3600
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rhythm:
    """Weights of the weekdays (Monday first) and of the 24 hours."""

    week: tuple[float, ...]
    hours: tuple[float, ...]


_NIGHT = (0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 1.0)
OFFICE = Rhythm((1.2, 1.12, 1.05, 1.0, 0.9, 0.06, 0.03), (0,) * 7 + (1, 5, 8, 9, 8, 6, 6, 8, 8, 6, 3, 1) + (0,) * 5)
SERVICE = Rhythm((1.25, 1.1, 1.0, 1.0, 0.9, 0.14, 0.09), (*_NIGHT[:5], 0.15, 0.4, 1, 5, 8, 9, 8, 7, 7, 7, 7, 5, 3, 1.6, 1.1, 0.9, 0.6, 0.4, 0.2))
HOME = Rhythm((1.0, 1.0, 0.98, 0.95, 0.9, 0.8, 0.85), (*_NIGHT, 3, 4, 5, 5, 5, 5, 5, 4, 4, 4, 5, 6, 7, 8, 7, 4, 1.5))


def time_of_day(rng: np.random.Generator, n: int, rhythm: Rhythm) -> Ints:
    """Seconds after midnight by the hours' weights."""
    hours = np.array(rhythm.hours, float)
    return rng.choice(24, n, p=hours / hours.sum()) * 3600 + rng.integers(0, 3600, n)


def moments(rng: np.random.Generator, n: int, timeline: Timeline, rhythm: Rhythm, growth: float = 1.4) -> Ints:
    """`n` moments of the two years in order, busier by `growth` at the end than at the start."""
    days = np.arange(DAYS)
    weights = growth ** (days / DAYS) * timeline.season * np.array(rhythm.week)[weekday(timeline.start + days * DAY)]
    day = rng.choice(DAYS, n, p=weights / weights.sum())
    return np.sort(timeline.start + day * DAY + time_of_day(rng, n, rhythm))


def arrivals(rng: np.random.Generator, begin: Ints, finish: Ints, monthly: Floats, timeline: Timeline, rhythm: Rhythm) -> tuple[Ints, Ints]:
    """(who, moment): Poisson arrivals of each person between `begin` and `finish` (clipped to the two years), thinned by season and weekday."""
    begin, finish = np.maximum(begin, timeline.start), np.minimum(finish, timeline.end)
    length = np.maximum(finish - begin, 0)
    week = np.array(rhythm.week)
    top = timeline.season.max() * week.max() / week.mean()
    who = np.repeat(np.arange(len(begin)), rng.poisson(monthly * length / MONTH * top))
    moment = begin[who] + (rng.random(len(who)) * length[who]).astype(np.int64)
    day = (moment - timeline.start) // DAY
    keep = rng.random(len(who)) < timeline.season[day] * week[weekday(moment)] / week.mean() / top
    who, moment = who[keep], timeline.start + day[keep] * DAY + time_of_day(rng, int(keep.sum()), rhythm)
    inside = (moment >= begin[who]) & (moment < finish[who])
    order = np.argsort(moment[inside], kind="stable")
    return who[inside][order], moment[inside][order]


def after_work(moment: Ints, minutes: Floats) -> Ints:
    """The moment `minutes` of working time (Monday to Friday, 08-18 UTC) after `moment`."""
    span = CLOSES - OPENS
    day, second = moment // DAY, moment % DAY
    week, index = (day + 3) // 7, (day + 3) % 7
    into = np.clip(second - OPENS, 0, span)
    worked = np.where(index < 5, (week * 5 + index) * span + into, (week + 1) * 5 * span) + (minutes * 60).astype(np.int64)
    days, rest = worked // span, worked % span
    return (days // 5 * 7 + days % 5 - 3) * DAY + OPENS + rest
