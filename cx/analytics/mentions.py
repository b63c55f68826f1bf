"""Reviews and public mentions: how many, how good, how often and how fast we reply."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.business_hours import BusinessHours, epoch, opened
from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric
from cx.analytics.interval import mean, proportion, rate
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped
from cx.analytics.quantile import quantile_estimate, quantile_table
from cx.analytics.service import known_by

STARS = 5.0
NEGATIVE = -0.05


def _in_scope(tables: Tables, scope: Scope) -> ir.Table:
    table = tables["mentions"]
    return scope.during(table.mutate(posted_at=moment(table, "posted_at")), "posted_at")


def _volume(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _in_scope(tables, scope)
    return grouped(table, by, "posted_at", mentions=table.count())


def _replies(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _in_scope(tables, scope)
    replied = known_by(moment(table, "replied_at"), scope).notnull()
    return grouped(table, by, "posted_at", replied=replied.sum().fill_null(0), mentions=table.count())


def _replied(row: Statistics) -> Estimate:
    return proportion(row["replied"], row["mentions"]) if row.get("mentions") else undefined("no mentions", "%")


def _reply_time(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    hours: BusinessHours | None = scope.options.get("hours")
    table = _in_scope(tables, scope)
    table = table.mutate(_reply=known_by(moment(table, "replied_at"), scope))
    table = opened(opened(table, table["posted_at"], "_from", hours), table["_reply"], "_to", hours) if hours else table
    spent = (table["_to"] - table["_from"]) if hours else epoch(table["_reply"]) - epoch(table["posted_at"])
    known = ibis.ifelse(table["_reply"] >= table["posted_at"], spent.cast("float64"), ibis.null("float64"))
    return quantile_table(table, known, by, "posted_at", 0.5)


def _reply_estimate(row: Statistics) -> Estimate:
    found = quantile_estimate(row, 0.5, "h", 1 / 3600, "replies")
    return found.warned(f"{int(row['missing'])} mentions without a reply are not in it") if row.get("missing") else found


def _ratings(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _in_scope(tables, scope)
    rating, top = numeric(table, "rating"), numeric(table, "rating_max")
    usable = (rating >= 0) & (top > 0) & (rating <= top)
    stars = ibis.ifelse(usable, rating / top * STARS, ibis.null("float64"))
    left = rating.notnull() & stars.isnull()
    return grouped(table, by, "posted_at", n=stars.count(), total=stars.sum(), squares=(stars * stars).sum(), left=left.sum().fill_null(0))


def _stars(row: Statistics) -> Estimate:
    n, left = row.get("n") or 0, int(row.get("left") or 0)
    found = mean(row["total"], row["squares"], n, "of 5", 0, STARS) if n else undefined("no rated mentions", "of 5")
    return found.warned(f"{left} ratings without a scale or outside of it left out") if left else found


def _moods(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _in_scope(tables, scope)
    mood = numeric(table, "sentiment")
    mood = ibis.ifelse((mood >= -1) & (mood <= 1), mood, ibis.null("float64"))
    negative = (mood <= NEGATIVE).sum().fill_null(0)
    return grouped(table, by, "posted_at", n=mood.count(), total=mood.sum(), squares=(mood * mood).sum(), negative=negative)


def _mood(row: Statistics) -> Estimate:
    return mean(row["total"], row["squares"], row["n"], "", -1, 1) if row.get("n") else undefined("no mention has a sentiment")


def _negative(row: Statistics) -> Estimate:
    return proportion(row["negative"], row["n"]) if row.get("n") else undefined("no mention has a sentiment", "%")


MENTION_VOLUME = Measure("mention_volume", {"mentions": ("posted_at",)}, _volume, lambda row: rate(row.get("mentions") or 0, 1.0, "mentions"))
MENTION_RESPONSE = Measure("mention_response", {"mentions": ("posted_at", "replied_at")}, _replies, _replied)
MENTION_REPLY_TIME = Measure("mention_reply_time", {"mentions": ("posted_at", "replied_at")}, _reply_time, _reply_estimate)
MENTION_RATING = Measure("mention_rating", {"mentions": ("posted_at", "rating", "rating_max")}, _ratings, _stars)
MENTION_SENTIMENT = Measure("mention_sentiment", {"mentions": ("posted_at", "sentiment")}, _moods, _mood)
MENTION_NEGATIVE = Measure("mention_negative", {"mentions": ("posted_at", "sentiment")}, _moods, _negative)


def _ask(measure: Measure, data: Any, by: str | tuple[str, ...], scope: Scope | None) -> Any:
    return answer(measure, {"mentions": as_table(data, needs=measure.needs["mentions"])}, by, scope)


def mention_volume(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mentions published in the scope, with the exact Poisson interval."""
    return _ask(MENTION_VOLUME, mentions, by, scope)


def mention_response(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the mentions published in the scope that we replied to (by `as_of`); Wilson's interval.

    >>> from datetime import datetime
    >>> day = datetime(2026, 1, 5)
    >>> mention_response({"posted_at": [day] * 4, "replied_at": [day, None, None, None]}).value
    25.0
    """
    return _ask(MENTION_RESPONSE, mentions, by, scope)


def mention_reply_time(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Median hours until our reply, of those replied to; `hours` in the scope's options counts open time only."""
    return _ask(MENTION_REPLY_TIME, mentions, by, scope)


def mention_rating(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean rating scaled to 5 stars: rating / rating_max * 5, Student's t interval within 0 to 5.

    >>> from datetime import datetime
    >>> mention_rating({"posted_at": [datetime(2026, 1, 5)] * 2, "rating": [4, 6], "rating_max": [5, 10]}).value
    3.5
    """
    return _ask(MENTION_RATING, mentions, by, scope)


def mention_sentiment(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean sentiment from -1 to 1 of the mentions that have one; Student's t interval."""
    return _ask(MENTION_SENTIMENT, mentions, by, scope)


def mention_negative(mentions: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of mentions with a sentiment of -0.05 or less; Wilson's interval."""
    return _ask(MENTION_NEGATIVE, mentions, by, scope)
