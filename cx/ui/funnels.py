"""Funnels over the facts: how many get how far, in groups, and who stopped where with what they said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate
from cx.analytics.funnel import JOURNEY_CONVERSION, asked, counted, seconds_between, step_conversion
from cx.analytics.measure import Scope
from cx.analytics.paths import paths
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui.remember import remembered

ORDERS = {"ordered": "In this order", "strict": "Strictly in a row", "any": "In any order"}


@dataclass(frozen=True)
class Question:
    """What is asked: the events of the steps, their order, the window in days, and to whom a breakdown is credited."""

    steps: tuple[str, ...]
    order: str = "ordered"
    window: int = 14
    touch: str = "first touch"

    @property
    def options(self) -> dict[str, Any]:
        """As measures take them."""
        return {"steps": self.steps, "order": self.order, "window_days": self.window, "attribution": self.touch}


@dataclass(frozen=True)
class Stage:
    """A step: how many reached it, the share of those before who did, who waits here, who stopped here, hours from the entry."""

    name: str
    reached: int
    kept: Estimate
    waiting: int
    lost: int
    hours: float | None


@dataclass(frozen=True)
class Answer:
    """The funnel of everybody or of one group, and the share who got through of those decided."""

    group: str
    stages: tuple[Stage, ...]
    conversion: Estimate
    waiting: int


def _scope(question: Question, filters: Filters, until: datetime | None) -> Scope:
    return Scope(filters.start, filters.end, until, options=question.options)


def _asked(what: str, now: Revision, filters: Filters, question: Question, until: datetime | None, build: Callable[[Filters, datetime | None], ir.Table]) -> list[dict[str, Any]]:
    """The rows of a question about a funnel, prepared for all periods: writing its SQL takes longer than its answer."""
    undated = filters.between(None, None)
    dates = (filters.start, filters.end, until)
    if settings().engine:
        return engine.rows(build(filters, until), now=now)
    asked_ = prepared.question(("funnel", what, undated, question), dates, lambda d: build(undated.between(d[0], d[1]), d[2]))
    return engine.rows(asked_, now=now)


@remembered
def answers(now: Revision, filters: Filters, question: Question, by: str, until: datetime | None) -> tuple[Answer, ...]:
    """The funnel of everybody, or of each value of a column, the largest group first."""

    def build(filters: Filters, until: datetime | None) -> ir.Table:
        tables, _ = filters.apply(engine.tables())
        best = counted(tables["interactions"], asked(question.options), (by,) if by else (), _scope(question, filters, until))
        n = len(question.steps)
        values: dict[str, ir.Value] = {f"reached_{k}": (best["depth"] >= k).sum().fill_null(0) for k in range(1, n + 1)}
        values |= {f"open_{k}": (best["open"] & (best["depth"] == k)).sum().fill_null(0) for k in range(1, n)}
        values |= {f"hours_{k}": seconds_between(best["entry"], best[f"at_{k}"]).median() / 3600 for k in range(2, n + 1) if f"at_{k}" in best.columns}
        return best.group_by(by).aggregate(**values) if by else best.aggregate(**values)

    rows = _asked(f"answers by {by}", now, filters, question, until, build)
    found = [_answer(row, question, by) for row in rows]
    return tuple(sorted(found, key=lambda a: -a.stages[0].reached))


@remembered
def hours(now: Revision, filters: Filters, question: Question, most: int = 20_000) -> tuple[float, ...]:
    """Hours from the first step to the last of those who got there; of the latest `most` of them where they are more."""

    def build(filters: Filters, until: datetime | None) -> ir.Table:
        tables, _ = filters.apply(engine.tables())
        best = counted(tables["interactions"], asked(question.options), (), _scope(question, filters, until))
        won = best.filter(best["depth"] == len(question.steps))
        latest = won.order_by(won["entry"].desc(), won["customer_id"]).limit(most)
        return latest.select(hours=seconds_between(latest["entry"], latest[f"at_{len(question.steps)}"]) / 3600)

    return tuple(float(row["hours"]) for row in _asked(f"hours {most}", now, filters, question, None, build))


def _answer(row: dict[str, Any], question: Question, by: str) -> Answer:
    n = len(question.steps)
    stages = []
    for k, name in enumerate(question.steps, 1):
        reached, waiting = int(row[f"reached_{k}"]), int(row.get(f"open_{k}") or 0)
        further = int(row[f"reached_{k + 1}"]) if k < n else reached
        kept = step_conversion(row, k) if k > 1 else Estimate(100.0, None, None, reached, "%")
        title = name if question.order != "any" else f"any {k} of {n}"
        stages.append(Stage(title, reached, kept, waiting, reached - further - waiting, row.get(f"hours_{k}")))
    group = "" if not by else "unknown" if row[by] is None else str(row[by])
    return Answer(group, tuple(stages), JOURNEY_CONVERSION.estimate(row), sum(s.waiting for s in stages))


def _stopped(filters: Filters, question: Question, step: int, until: datetime | None) -> tuple[ir.Table, dict[str, ir.Table]]:
    tables, _ = filters.apply(engine.tables())
    best = counted(tables["interactions"], asked(question.options), (), _scope(question, filters, until))
    column = f"at_{step}" if step > 1 and f"at_{step}" in best.columns else "entry"
    gone = best.filter(best["depth"] == step, ~best["open"])
    return gone.select("customer_id", since=gone[column]), tables


@remembered
def stopped(now: Revision, filters: Filters, question: Question, step: int, until: datetime | None) -> tuple[int, tuple[dict[str, Any], ...]]:
    """How many stopped at a step, and the last 500 of them with what is known of each; visitors without a record have a number only."""
    gone, _ = _stopped(filters, question, step, until)
    people = engine.tables()["customers"].select("customer_id", "name", "segment", "country", "status")
    rows = gone.left_join(people, "customer_id").select("customer_id", "since", "name", "segment", "country", "status")
    total = engine.rows(gone.aggregate(n=gone.count()), now=now)[0]["n"]
    return int(total), tuple(engine.rows(rows.order_by(ibis.desc("since"), "customer_id").limit(500), now=now))


@remembered
def said(now: Revision, filters: Filters, question: Question, step: int, until: datetime | None) -> tuple[int, tuple[dict[str, Any], ...]]:
    """What those who stopped at a step wrote after they had reached it: respondents, and their latest 30 comments."""
    gone, tables = _stopped(filters, question, step, until)
    answers_ = tables["responses"]
    answers_ = answers_.filter(answers_.comment.notnull() & (answers_.comment.strip() != "") & answers_.customer_id.notnull())
    joined = answers_.inner_join(gone, "customer_id")
    joined = joined.filter(joined.answered_at >= joined.since)
    people = int(engine.rows(joined.aggregate(n=joined.customer_id.nunique()), now=now)[0]["n"])
    if people < settings().minimum_group:
        return people, ()
    columns = ("key", "answered_at", "survey", "score", "scale_max", "segment", "touchpoint", "channel", "customer_id", "comment")
    return people, tuple(engine.rows(joined.order_by(joined.answered_at.desc(), joined.key).select(*columns).limit(30), now=now))


@remembered
def walked(now: Revision, filters: Filters, anchor: str, direction: str, steps: int, limit: int, leave_out: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """The paths after (or before) an event in the period, the most frequent first, the rest as one."""
    tables, _ = filters.apply(engine.tables())
    log = Scope(filters.start, filters.end).during(tables["interactions"], "happened_at")
    log = log.filter(log.event.notin(list(leave_out))) if leave_out else log
    events = engine.fetch(log.select("customer_id", "event", "happened_at"), now=now)
    if not events.num_rows:
        return ()
    found = paths(events, anchor, direction=direction, steps=steps, limit=limit)
    return tuple({str(k): v for k, v in row.items()} for row in found.astype({"customers": "float64"}).to_dict("records"))


def moved(question: Question, step: str, by: int) -> Question:
    """The question with one step moved earlier (-1) or later (+1)."""
    order = list(question.steps)
    i = order.index(step)
    j = min(max(i + by, 0), len(order) - 1)
    order[i], order[j] = order[j], order[i]
    return replace(question, steps=tuple(order))
