"""When everything happens: the two years, and the five dates on which something changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
DAYS = 730
NEVER = np.int64(2**62)
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Timeline:
    """Two years up to `end` (not included). Moments are whole seconds since 1970, UTC; NEVER stands for "not (yet)"."""

    end_date: date

    def before(self, days: int) -> date:
        """The date so many days before the end."""
        return self.end_date - timedelta(days=days)

    @cached_property
    def start(self) -> int:
        return seconds(self.before(DAYS))

    @cached_property
    def end(self) -> int:
        return seconds(self.end_date)

    @cached_property
    def courier(self) -> int:
        """The new courier takes over."""
        return seconds(self.before(92))

    @cached_property
    def staffing(self) -> int:
        """The lunch-time gap in the e-mail team begins."""
        return seconds(self.before(123))

    @cached_property
    def checklist(self) -> int:
        """The onboarding checklist is launched."""
        return seconds(self.before(49))

    @cached_property
    def training(self) -> int:
        """First day of the month in which the training takes place."""
        return seconds(self.before(214))

    @cached_property
    def supplier(self) -> int:
        """The filter supplier begins to slip."""
        return seconds(self.before(184))

    @cached_property
    def new_effort_survey(self) -> int:
        """The survey that asked about ease alone is replaced by one that asks about satisfaction too."""
        return seconds(self.before(DAYS - 182))

    @cached_property
    def season(self) -> NDArray[np.float64]:
        """Weight of each of the 730 days by time of year, mean 1."""
        month = {1: 1.1, 2: 1.03, 3: 1.03, 4: 1.0, 5: 0.98, 6: 0.97, 7: 0.92, 8: 0.86, 9: 1.04, 10: 1.06, 11: 1.08, 12: 0.93}
        weights = np.array([month[(self.before(DAYS) + timedelta(days=d)).month] for d in range(DAYS)])
        return weights / weights.mean()


def seconds(day: date) -> int:
    """Midnight UTC of a date as seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())  # noqa: UP017


def weekday(moment: Ints) -> Ints:
    """Monday 0 … Sunday 6."""
    return (moment // DAY + 3) % 7


def hour(moment: Ints) -> Ints:
    """Hour of the day, UTC."""
    return moment % DAY // 3600
