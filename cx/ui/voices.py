"""The sources of the customer's voice: surveys, public mentions, tickets; and which customers were heard at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import ibis

from cx import scorecard
from cx.analytics import interval
from cx.analytics.estimate import Estimate
from cx.analytics.measure import Scope, naive
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui.remember import remembered


@dataclass(frozen=True)
class Voice:
    """One source in the period: survey, place of mentions, or channel of tickets."""

    name: str
    kind: str
    rows: int
    customers: int
    comments: int
    last: datetime | None
    rate: Estimate | None = None

    def silent(self, today: datetime | None) -> int | None:
        """Days from the last arrival to the end of the data."""
        return max((naive(today) - naive(self.last)).days, 0) if today and self.last else None


@remembered
def sources(now: Revision, filters: Filters) -> list[Voice]:
    """Every source seen in the data, with what arrived in the period, the fullest first."""
    tables, _ = filters.apply(engine.tables())
    scope = Scope(filters.start, filters.end)
    rates = {r.key("survey"): r.estimate for r in scorecard.read("response_rate", filters, ("survey",), now=now)}
    said = scope.during(tables["responses"], "answered_at")
    said = said.filter(said.answered_at.notnull(), said.metric != "invitation")
    surveys = said.group_by("survey").aggregate(
        kind=said.survey_kind.max(), rows=said.response_id.nunique(), customers=said.customer_id.nunique(), comments=said.comment.count(), last=said.answered_at.max()
    )
    public = scope.during(tables["mentions"], "posted_at")
    mentions = public.group_by("source").aggregate(rows=public.count(), customers=public.customer_id.nunique(), comments=public.text.count(), last=public.posted_at.max())
    asked = scope.during(tables["tickets"], "created_at")
    tickets = asked.aggregate(rows=asked.count(), customers=asked.customer_id.nunique(), comments=asked.subject.count(), last=asked.created_at.max())
    found = [Voice(str(r["survey"] or "unnamed survey"), r["kind"] or "survey", r["rows"], r["customers"], r["comments"], r["last"], rates.get(r["survey"])) for r in engine.rows(surveys, now=now)]
    found += [Voice(str(r["source"] or "unnamed source"), "public mention", r["rows"], r["customers"], r["comments"], r["last"]) for r in engine.rows(mentions, now=now)]
    found += [Voice("Tickets", "request or complaint", r["rows"], r["customers"], r["comments"], r["last"]) for r in engine.rows(tickets, now=now) if r["rows"]]
    return sorted(found, key=lambda v: -v.rows)


@remembered
def coverage(now: Revision, filters: Filters) -> list[tuple[str, Estimate]]:
    """Segment -> the share of customers active in the period who answered a survey in it, in percent; Wilson's interval."""
    tables, _ = filters.apply(engine.tables())
    people = tables["customers"]
    start = ibis.literal(naive(filters.start or datetime(1970, 1, 1, tzinfo=UTC)), "timestamp(6)")
    end = ibis.literal(naive(filters.end or datetime(9999, 1, 1, tzinfo=UTC)), "timestamp(6)")
    active = people.filter(people.customer_id.notnull(), people.joined_at < end, people.left_at.isnull() | (people.left_at >= start), people.segment.notnull())
    said = Scope(filters.start, filters.end).during(tables["responses"], "answered_at")
    heard = said.filter(said.customer_id.notnull(), said.answered_at.notnull(), said.metric != "invitation").select("customer_id").distinct()
    heard = heard.mutate(_heard=ibis.literal(1))
    joined = active.left_join(heard, "customer_id")
    counts = joined.group_by("segment").aggregate(n=joined.count(), heard=joined["_heard"].sum().fill_null(0))
    return [(str(r["segment"]), interval.proportion(r["heard"], r["n"])) for r in sorted(engine.rows(counts, now=now), key=lambda r: r["heard"] / r["n"])]
