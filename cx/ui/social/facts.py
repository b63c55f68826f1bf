"""What the page asks of reviews and mentions, as small tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.interval import proportion
from cx.analytics.measure import GRAINS, Scope
from cx.analytics.mentions import NEGATIVE
from cx.analytics.spikes import of_counts
from cx.analytics.themes import themes
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.remember import remembered

SPLITS = {"source": "Source", "touchpoint": "Touchpoint", "product": "Product", "segment": "Segment", "language": "Language", "country": "Country"}
SHOWN = ("key", "posted_at", "source", "author", "text", "rating", "rating_max", "sentiment", "language", "touchpoint", "product", "segment", "customer_id", "reach", "replied_at", "url")
MOODS = {"all": "All", "negative": "Negative", "neutral": "Neutral", "positive": "Positive", "unknown": "Mood unknown"}
MOST = 4_000


def selected(filters: Filters) -> ir.Table:
    """The mentions of the period and filters."""
    tables, _ = filters.apply(engine.tables())
    return Scope(filters.start, filters.end).during(tables["mentions"], "posted_at")


def negative(table: ir.Table) -> ir.Value:
    """Whether a mention is negative, as its KPI counts it; a mention without a sentiment is not."""
    return (table["sentiment"] <= NEGATIVE).fill_null(False)


@remembered
def spikes(now: Revision, filters: Filters, grain: str, only_negative: bool) -> pd.DataFrame:
    """Mentions by day, week or month with what was to be expected (see analytics.spikes), in the period; the time before it tells what is usual."""
    table = selected(filters.between(None, filters.end))
    table = table.filter(table["posted_at"].notnull())
    if only_negative:
        table = table.filter(negative(table))
    counted = engine.fetch(table.group_by(period=table["posted_at"].truncate(GRAINS[grain])).aggregate(n=table.count()), now=now).to_pandas()
    found = of_counts(counted, grain=grain)
    if filters.start is None or found.empty:
        return found
    first = pd.Timestamp(filters.start.replace(tzinfo=None)).to_period(GRAINS[grain]).start_time
    return found[found["period"] >= first].reset_index(drop=True)


@remembered
def about(now: Revision, filters: Filters, start: datetime, end: datetime, only_negative: bool) -> dict[str, Any]:
    """n, how many of them negative, and the touchpoint most spoken of, between two moments; of the negative ones alone where wanted."""
    table = selected(filters.between(start, end))
    if only_negative:
        table = table.filter(negative(table))
    total = engine.rows(table.aggregate(n=table.count(), bad=negative(table).sum().fill_null(0)), now=now)[0]
    top = engine.rows(table.group_by("touchpoint").aggregate(n=table.count()).filter(lambda t: t["touchpoint"].notnull()).order_by(ibis.desc("n"), "touchpoint").limit(1), now=now)
    return {"n": int(total["n"]), "bad": int(total["bad"]), "touchpoint": top[0]["touchpoint"] if top else None, "of": int(top[0]["n"]) if top else 0}


@remembered
def stars(now: Revision, filters: Filters) -> list[dict[str, Any]]:
    """source, stars (1 to 5, scaled and rounded), n of rated mentions."""
    table = selected(filters)
    usable = table.filter((table["rating"] >= 0) & (table["rating_max"] > 0) & (table["rating"] <= table["rating_max"]))
    scaled = ibis.greatest((usable["rating"] / usable["rating_max"] * 5).round(), 1.0).cast("int64")
    return engine.rows(usable.group_by("source", stars=scaled).aggregate(n=usable.count()), now=now)


@dataclass(frozen=True)
class Theme:
    """A theme of mentions: how many, their share, how many of those with a sentiment are negative, and typical mentions."""

    label: str
    n: int
    share: float
    bad: int
    judged: int
    examples: tuple[str, ...]


@remembered
def spoken_of(now: Revision, filters: Filters, language: str) -> tuple[str, int, tuple[Theme, ...], str]:
    """(language looked at, mentions, themes, sentence) of the latest mentions in a language, the most frequent one where none is named."""
    table = selected(filters)
    table = table.filter(table["text"].notnull() & (table["text"].strip() != ""))
    chosen = language or next(iter(languages(now, filters)), "")
    if chosen:
        table = table.filter(table["language"] == chosen)
    rows = engine.rows(table.order_by(ibis.desc("posted_at"), "key").select("text", "sentiment").limit(MOST), now=now)
    found = themes([row["text"] for row in rows])
    out = []
    for row in found.table.to_dict("records"):
        mine = [rows[i]["sentiment"] for i, label in enumerate(found.assigned) if label == row["label"] and rows[i]["sentiment"] is not None]
        out.append(Theme(str(row["label"]), int(row["n"]), float(row["share"]), sum(v <= NEGATIVE for v in mine), len(mine), tuple(row["examples"])))
    return chosen, len(rows), tuple(out), found.sentence


@remembered
def languages(now: Revision, filters: Filters) -> list[str]:
    """Languages of the mentions, the most frequent first."""
    table = selected(filters)
    found = table.filter(table["language"].notnull()).group_by("language").aggregate(n=lambda t: t.count())
    return [str(row["language"]) for row in engine.rows(found.order_by(ibis.desc("n"), "language"), now=now)]


@remembered
def groups(now: Revision, filters: Filters, column: str) -> list[str]:
    """The values of a column among the mentions, the most frequent first."""
    table = selected(filters)
    found = table.filter(table[column].notnull()).group_by(column).aggregate(n=lambda t: t.count())
    return [str(row[column]) for row in engine.rows(found.order_by(ibis.desc("n"), column).limit(50), now=now)]


def found(
    now: Revision, filters: Filters, asked: str, mood: str, only: tuple[tuple[str, Any], ...], waiting: bool, order: str, page: int, size: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many mentions fit, and one page of them. `asked` is looked for in text and author; `waiting` leaves out those replied to."""
    table = selected(filters)
    for column, value in only:
        table = table.filter(table[column].isnull() if value is None else table[column] == value)
    if asked:
        table = table.filter(table["text"].lower().contains(asked.lower()) | table["author"].lower().contains(asked.lower()))
    if mood == "negative":
        table = table.filter(negative(table))
    elif mood == "positive":
        table = table.filter(table["sentiment"] >= -NEGATIVE)
    elif mood == "neutral":
        table = table.filter((table["sentiment"] > NEGATIVE) & (table["sentiment"] < -NEGATIVE))
    elif mood == "unknown":
        table = table.filter(table["sentiment"].isnull())
    if waiting:
        table = table.filter(table["replied_at"].isnull())
    n = int(engine.rows(table.aggregate(n=table.count()), now=now)[0]["n"])
    by = {"latest": [ibis.desc("posted_at"), "key"], "reach": [table["reach"].desc(nulls_first=False), "key"], "worst": [table["sentiment"].asc(nulls_first=False), ibis.desc("posted_at"), "key"]}[order]
    return n, engine.rows(table.order_by(by).select(*SHOWN).limit(size, offset=(page - 1) * size), now=now)


def share(theme: Theme) -> Any:
    """The share of a theme's mentions that are negative; Wilson's interval."""
    return proportion(theme.bad, theme.judged) if theme.judged else None
