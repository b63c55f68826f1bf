"""Answers that say a customer was let down, and what became of those customers afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.interval import proportion
from cx.analytics.measure import Scope
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.ui.page import View

COLUMNS = ("key", "answered_at", "metric", "survey", "score", "scale_min", "scale_max", "higher_is_better", "customer_id", "segment", "touchpoint", "channel", "team", "agent", "comment")
MOST = 400


def is_low(score: Any, metric: Any, low: Any, high: Any, better: Any) -> Any:
    """Whether a score is low: a detractor for NPS, else in the lower two fifths of its scale, read in its direction.

    Works on plain values and on columns alike, as long as none is missing.
    """
    place = (score - low) / (high - low)
    return ((metric == "nps") & (score <= 6)) | ((metric != "nps") & ((better & (place <= 0.4)) | (~better & (place >= 0.6))))


def low_answers(filters: Filters) -> ir.Table:
    """The low answers of the period from customers we know, as an expression."""
    tables, _ = filters.apply(engine.tables())
    table = Scope(filters.start, filters.end).during(tables["responses"], "answered_at")
    table = table.filter(
        table["metric"].isin(["nps", "csat", "ces"]) & table["score"].notnull() & table["customer_id"].notnull() & (table["scale_max"] > table["scale_min"])
    )
    return table.filter(is_low(table["score"], table["metric"], table["scale_min"], table["scale_max"], table["higher_is_better"].fill_null(True)))


def inbox(view: View, taken: Sequence[str], metric: str, only_comments: bool) -> tuple[int, list[dict[str, Any]]]:
    """How many low answers have no case yet, and the latest of them (at most 400)."""
    asked = ("inbox", tuple(taken), metric, only_comments)

    def chosen(filters: Filters) -> ir.Table:
        table = low_answers(filters)
        if metric:
            table = table.filter(table["metric"] == metric)
        if taken:
            table = table.filter(~table["key"].isin(list(taken)))
        if only_comments:
            table = table.filter(table["comment"].notnull() & (table["comment"].strip() != ""))
        return table

    def count(filters: Filters) -> ir.Table:
        table = chosen(filters)
        return table.aggregate(n=table.count())

    def latest(filters: Filters) -> ir.Table:
        table = chosen(filters)
        return table.order_by(table["answered_at"].desc(), table["key"]).select(*COLUMNS).limit(MOST)

    n = int(prepared.rows(("count", *asked), view.filters, count, view.now)[0]["n"])
    return n, prepared.rows(("latest", *asked), view.filters, latest, view.now)


def closed_loop(view: View, cases: Sequence[Any], days: int = 7) -> Estimate:
    """The share of customers with a low answer in the period whom somebody contacted within `days`, in percent; Wilson's interval.

    Answers younger than `days` at the end of the data are not judged yet and are left out.
    """
    last = view.last

    def old_enough(filters: Filters) -> ir.Table:
        table = low_answers(filters)
        if last is None:
            return table
        return table.filter(table["answered_at"] <= ibis.literal((last - timedelta(days=days)).replace(tzinfo=None), "timestamp(6)"))

    def people(filters: Filters) -> ir.Table:
        table = old_enough(filters)
        return table.aggregate(n=table["customer_id"].nunique())

    n = int(prepared.rows(("judged", last, days), view.filters, people, view.now)[0]["n"])
    if not n:
        return undefined("no low answer of a known customer is old enough to be judged", "%")
    reached = {case.reference: case.contacted_at or case.resolved_at for case in cases if case.reference and (case.contacted_at or case.resolved_at)}
    if not reached:
        return proportion(0, n)
    table = old_enough(view.filters)
    rows = engine.rows(table.filter(table["key"].isin(list(reached))).select("key", "customer_id", "answered_at"), now=view.now)
    done = {row["customer_id"] for row in rows if 0 <= _days(row["answered_at"], reached[row["key"]]) <= days}
    return proportion(len(done), n)


def _days(start: datetime, end: datetime) -> float:
    return (end.replace(tzinfo=None) - start).total_seconds() / 86_400


def next_scores(view: View, cases: Sequence[Any]) -> list[dict[str, Any]]:
    """For each settled case with a customer and a score: the customer's next answer of the same kind after it was resolved.

    case, customer, score, scale_max, next, at (naive UTC) and recovered (whether the next one is no longer low); `next`
    is None while there is none.
    """
    settled = [case for case in cases if case.status == "resolved" and case.resolved_at and case.customer_id]
    if not settled:
        return []
    responses = engine.tables()["responses"]
    known = responses.filter(responses["customer_id"].isin(sorted({case.customer_id for case in settled})) & responses["score"].notnull() & responses["answered_at"].notnull())
    rows = engine.rows(known.filter(known["metric"].isin(["nps", "csat", "ces"])).select(*COLUMNS), now=view.now)
    origin = {row["key"]: row for row in rows}
    out = []
    for case in settled:
        first = origin.get(case.reference or "")
        metric = first["metric"] if first else "nps"
        after = case.resolved_at.replace(tzinfo=None)
        later = [row for row in rows if row["customer_id"] == case.customer_id and row["answered_at"] > after and row["metric"] == metric]
        following = min(later, key=lambda row: row["answered_at"], default=None)
        bad = None
        if following is not None and following["scale_max"] > following["scale_min"]:
            better = following["higher_is_better"] is not False
            place = (following["score"] - following["scale_min"]) / (following["scale_max"] - following["scale_min"])
            bad = following["score"] <= 6 if metric == "nps" else place <= 0.4 if better else place >= 0.6
        out.append({"case": case.title, "customer": case.customer_id, "metric": metric, "score": case.score if case.score is not None else (first or {}).get("score"),
                    "next": following["score"] if following else None, "at": following["answered_at"] if following else None, "recovered": None if bad is None else not bad})  # fmt: skip
    return out
