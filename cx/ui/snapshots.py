"""Customers as they were on past days, and whether they left within the following 90: what a churn model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from cx.analytics.churn_model import ChurnModel, churn_model
from cx.analytics.drivers import Drivers, key_drivers
from cx.facts import engine, prepared
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import variables
from cx.ui.remember import remembered

AHEAD = 90
STEPS = 6
LEAST = 30  # answers that a question needs to be an aspect
FEATURES = {
    "tenure": "Days as a customer", "segment": "Segment", "country": "Country", "plan": "Plan", "tickets": "Tickets in 90 days", "complaints": "Complaints in 90 days", "reopens": "Reopens in 90 days",
    "low_scores": "Low scores in 90 days", "nps": "NPS answer, last year", "orders": "Orders in 90 days", "visits": "Interactions in 90 days",
}  # fmt: skip


def snapshot(now: Revision, filters: Filters, at: datetime) -> pd.DataFrame:
    """A row a customer active at `at` (naive UTC): features known then, and `left` within the 90 days after."""
    tables, _ = filters.apply(engine.tables())
    people, start = tables["customers"], at - timedelta(days=AHEAD)
    alive = people.filter(people["customer_id"].notnull() & (people["joined_at"] < at) & (people["left_at"].isnull() | (people["left_at"] >= at)))
    out = engine.fetch(alive.select("customer_id", "segment", "country", "plan", "joined_at", "left_at"), now=now).to_pandas()
    out["tenure"] = (at - out["joined_at"]).dt.days
    out["left"] = out["left_at"].notna() & (out["left_at"] < at + timedelta(days=AHEAD))
    t, r, o, i = tables["tickets"], tables["responses"], tables["orders"], tables["interactions"]
    t = t.filter((t["created_at"] >= start) & (t["created_at"] < at))
    answers = r.filter((r["answered_at"] >= start) & (r["answered_at"] < at) & r["score"].notnull())
    middle = (answers["scale_min"] + answers["scale_max"]) / 2
    year = r.filter((r["metric"] == "nps") & (r["answered_at"] >= at - timedelta(days=365)) & (r["answered_at"] < at))
    parts = (
        t.group_by("customer_id").aggregate(tickets=t.count(), complaints=(t["kind"] == "complaint").cast("int64").sum(), reopens=t["reopens"].sum()),
        answers.group_by("customer_id").aggregate(low_scores=((answers["score"] <= middle) == answers["higher_is_better"].fill_null(True)).cast("int64").sum()),
        year.group_by("customer_id").aggregate(nps=year["score"].mean()),
        _counted(o, "ordered_at", start, at, "orders"),
        _counted(i, "happened_at", start, at, "visits"),
    )
    for part in parts:
        out = out.merge(engine.fetch(part, now=now).to_pandas(), on="customer_id", how="left")
    counts = ["tickets", "complaints", "reopens", "low_scores", "orders", "visits"]
    out[counts] = out[counts].astype(float).fillna(0.0)  # nothing recorded is none; an unanswered survey stays unknown
    return out.assign(at=at).drop(columns=["joined_at", "left_at"])


def _counted(table: Any, time: str, start: datetime, at: datetime, name: str) -> Any:
    inside = table.filter((table[time] >= start) & (table[time] < at))
    return inside.group_by("customer_id").aggregate(**{name: inside.count()})


@remembered
def churn(now: Revision, filters: Filters, last: datetime) -> tuple[ChurnModel | None, pd.DataFrame]:
    """The model trained on six snapshots 45 days apart, the latest 90 days before the end; and every customer as of the end, scored."""
    everybody = filters.between(None, None)
    days = [last - timedelta(days=AHEAD + 45 * k) for k in range(STEPS - 1, -1, -1)]
    past = pd.concat([snapshot(now, everybody, at) for at in days], ignore_index=True)
    if not len(past):
        return None, past
    features = list(FEATURES)
    model = churn_model(past, "left", "at", features)
    today = snapshot(now, everybody, last)
    if model.model is not None and len(today):
        prepared = today[features].copy()
        for name in features:
            words = prepared[name].dtype == object or str(prepared[name].dtype).startswith("str")
            prepared[name] = prepared[name].where(prepared[name].notna(), "(missing)").astype(str) if words else prepared[name].astype(float)
        today["probability"] = 100 * model.model.predict_proba(prepared)[:, 1]
    return model, today


def _columns(table: ir.Table) -> ir.Table:
    """Scores by survey, response and the column they will stand in: `nps`, else the question."""
    rated = table.filter(table["metric"].isin(("nps", "rating", "csat", "ces")) & table["score"].notnull() & table["response_id"].notnull())
    return rated.select("survey", "response_id", "score", column=(rated["metric"] == "nps").ifelse("nps", rated["question"]))


def _asked(filters: Filters) -> ir.Table:
    scores = _columns(variables.narrowed("responses", filters))
    return scores.group_by("survey", "column").aggregate(n=scores["response_id"].nunique())


def wide(now: Revision, filters: Filters, survey: str, columns: Sequence[str]) -> pd.DataFrame:
    """A row a response to the survey, the mean score of each named column (`nps` or a question) in it."""

    def build(dated: Filters) -> ir.Table:
        scores = _columns(variables.narrowed("responses", dated))
        scores = scores.filter(scores["survey"] == survey)
        found = scores.group_by("response_id").aggregate(**{f"c{i}": scores["score"].mean(where=scores["column"] == name) for i, name in enumerate(columns)})
        return found.order_by("response_id").drop("response_id")  # whichever engine answers, resamples draw the same rows

    found = engine.fetch(prepared.asked(("a row a response", survey, tuple(columns)), filters, build), now=now).to_pandas()
    return found.set_axis(list(columns), axis=1)


@remembered
def nps_drivers(now: Revision, filters: Filters) -> tuple[Drivers | None, tuple[str, ...]]:
    """Which rated aspects the NPS answer goes along with, in the survey with most complete answers to both; None where no survey asks both."""
    asked: dict[str, dict[str, int]] = {}
    for row in prepared.rows("questions beside NPS", filters, _asked, now):
        if row["survey"] is not None and row["column"] is not None and row["n"] >= LEAST:
            asked.setdefault(row["survey"], {})[row["column"]] = row["n"]
    # no response is complete that lacks the question answered least
    most = sorted(((min(n.values()), survey) for survey, n in asked.items() if "nps" in n and len(n) > 2), reverse=True)
    best: tuple[int, str, Sequence[str], pd.DataFrame] = (0, "", (), pd.DataFrame())
    for bound, survey in most:
        if bound <= best[0]:
            break
        aspects = sorted(name for name in asked[survey] if name != "nps")
        frame = wide(now, filters, survey, ["nps", *aspects])
        if len(frame.dropna()) > best[0]:
            best = (len(frame.dropna()), survey, aspects, frame)
    if not best[0]:
        return None, ()
    return key_drivers(best[3], "nps", list(best[2]), bootstrap=300), (best[1], *best[2])
