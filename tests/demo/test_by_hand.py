"""Thirty-nine KPIs of the demo store against the same computed from the raw tables with pandas, SciPy and statsmodels."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from cx import scorecard
from cx.facts.filters import Filters

START, END = pd.Timestamp("2026-05-01"), pd.Timestamp("2026-08-01")
Frames = dict[str, pd.DataFrame]
Found = tuple[float, float | None, float | None]
DAYS60, HOUR = pd.Timedelta(days=60), 3600.0


@pytest.fixture(scope="session")
def raw(tables: dict[str, pa.Table]) -> Frames:
    return {name: table.to_pandas() for name, table in tables.items()}


def within(table: pd.DataFrame, time: str) -> pd.DataFrame:
    return table[(table[time] >= START) & (table[time] < END)]


def answers(raw: Frames, metric: str, kind: str | None = None) -> pd.DataFrame:
    """The last answer of each customer to each survey's question."""
    rows = raw["responses"]
    rows = within(rows[(rows.metric == metric) & rows.score.notna()], "answered_at")
    rows = rows[rows.survey_kind == kind] if kind else rows
    rows = rows.sort_values(["answered_at", "line"])
    known = rows[rows.customer_id.notna()].drop_duplicates(["customer_id", "survey", "question"], keep="last")
    return pd.concat([known, rows[rows.customer_id.isna()]])


def share(hits: pd.Series) -> Found:
    n = len(hits)
    low, high = proportion_confint(hits.sum(), n, method="wilson")
    return 100 * hits.mean(), 100 * low, 100 * high


def of(part: float, whole: float, scale: float = 100) -> Found:
    low, high = proportion_confint(part, whole, method="wilson")
    return scale * part / whole, scale * low, scale * high


def average(values: pd.Series) -> Found:
    found = DescrStatsW(values.astype(float))
    return (found.mean, *found.tconfint_mean())


def net(scores: pd.Series) -> Found:
    """Adjusted Wald of Rocks: three answers added, of which three quarters promote and three quarters detract."""
    up, down, n = (scores >= 9).sum(), (scores <= 6).sum(), len(scores)
    p, q = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    half = stats.norm.ppf(0.975) * math.sqrt((p + q - (p - q) ** 2) / (n + 3))
    return 100 * (up - down) / n, 100 * (p - q - half), 100 * (p - q + half)


def middle(values: pd.Series, q: float = 0.5) -> Found:
    x = np.sort(values.dropna().to_numpy(dtype=float))
    ends = stats.binom.ppf([0.025, 0.975], len(x), q).astype(int)
    return float(np.quantile(x, q)), x[ends[0] - 1], x[ends[1]]


def count(n: float) -> Found:
    return float(n), stats.chi2.ppf(0.025, 2 * n) / 2, stats.chi2.ppf(0.975, 2 * n + 2) / 2


def alone(value: float) -> Found:
    return float(value), None, None


def hours(rows: pd.DataFrame, first: str, last: str) -> pd.Series:
    return (rows[last] - rows[first]).dt.total_seconds() / HOUR


def followed(raw: Frames) -> pd.DataFrame:
    """Of each customer with an order in the period: the first order after which a first use came in 60 days, else the first."""
    events = raw["interactions"].dropna(subset=["customer_id"])
    entries = within(events[events.event == "Order placed"], "happened_at")[["customer_id", "happened_at"]].rename(columns={"happened_at": "at"})
    uses = events[events.event == "First use"][["customer_id", "happened_at"]].sort_values("happened_at")
    uses = uses[uses.happened_at <= END]
    both = pd.merge_asof(entries.sort_values("at"), uses, left_on="at", right_on="happened_at", by="customer_id", direction="forward", tolerance=DAYS60)
    both["done"] = both.happened_at.notna()
    both["last"] = both.groupby("customer_id")["at"].transform("max")
    best = both.sort_values(["done", "at"], ascending=[False, True]).drop_duplicates("customer_id").copy()
    best["open"] = ~best.done & (best["last"] + DAYS60 > END)
    return best


def again(raw: Frames) -> pd.Series:
    tickets = raw["tickets"].dropna(subset=["customer_id"]).sort_values(["created_at", "ticket_id"])
    tickets = tickets[tickets.created_at <= END]
    following = tickets.groupby(["customer_id", tickets.category.fillna("")]).created_at.shift(-1)
    judged = within(tickets.assign(next=following), "created_at")
    judged = judged[judged.created_at + pd.Timedelta(days=7) <= END]
    return ~(judged.next <= judged.created_at + pd.Timedelta(days=7))


def by_hand(raw: Frames) -> dict[str, Callable[[], Found]]:
    tickets, deals, orders = raw["tickets"], raw["deals"], within(raw["orders"], "ordered_at")
    made, solved = within(tickets, "created_at"), within(tickets, "resolved_at")
    spent = hours(solved, "created_at", "resolved_at") - solved.paused_minutes.fillna(0) / 60
    decided = within(deals[deals.status.isin(["won", "lost"])], "closed_at")
    won = decided[decided.status == "won"]
    waiting = deals[(deals.created_at <= END) & (~deals.status.isin(["won", "lost"]) | (deals.closed_at > END))]
    ads, seen = within(raw["campaigns"], "day"), within(raw["measurements"], "measured_at")
    people, taken = raw["customers"], raw["trainings"]
    there = people[(people.joined_at < START) & ~(people.left_at < START)]
    enrolled = within(taken[taken.status != "cancelled"], "enrolled_at")
    finished = within(taken[taken.status != "cancelled"], "completed_at")
    sampled = seen.sample_size.notna() & seen.defectives.notna() & (seen.sample_size > 0)
    units = np.where(sampled, seen.sample_size, np.where(seen.passed.notna(), 1, 0)).astype(float)
    bad = np.where(sampled, seen.defectives, np.where(seen.passed.eq(False), 1, 0)).astype(float)
    counted = seen[seen.defects.notna() & seen.opportunities.notna()]
    chances = (counted.sample_size.fillna(1) * counted.opportunities).sum()
    asked = raw["responses"].assign(at=lambda t: t.invited_at.fillna(t.answered_at), id=lambda t: t.survey + "|" + t.response_id)
    asked = within(asked[asked.delivered.fillna(False).astype(bool)], "at")
    posted, events = within(raw["mentions"], "posted_at"), within(raw["interactions"], "happened_at")
    best = followed(raw)
    ease = answers(raw, "ces")
    promised = orders[orders.promised_at.notna() & (orders.delivered_at.notna() | (orders.promised_at < END))]
    rated = made[made.satisfaction.notna() & made.satisfaction_max.notna()]
    stars = posted[posted.rating.notna()]
    yields = pd.DataFrame({"process": seen.process, "units": units, "bad": bad}).query("units > 0").groupby("process")[["units", "bad"]].sum()
    return {
        "nps": lambda: net(answers(raw, "nps", "relationship").score),
        "nps_transactional": lambda: net(answers(raw, "nps", "transactional").score),
        "csat": lambda: share(answers(raw, "csat").score >= 4),
        "ces": lambda: average(ease.score),
        "ease": lambda: average(100 * (ease.score - ease.scale_min) / (ease.scale_max - ease.scale_min)),
        "ces_agree": lambda: share(ease.score >= 5),
        "response_rate": lambda: of(asked[asked.answered_at.notna()].id.nunique(), asked.id.nunique()),
        "first_response_median": lambda: middle(hours(made[made.first_response_at <= END], "created_at", "first_response_at")),
        "first_response_p90": lambda: middle(hours(made[made.first_response_at <= END], "created_at", "first_response_at"), 0.9),
        "resolution_median": lambda: middle(spent.clip(lower=0)),
        "first_contact_resolution": lambda: share(again(raw)),
        "reopen_rate": lambda: share(solved.reopens.dropna() > 0),
        "complaint_resolution": lambda: share(made[made.kind == "complaint"].resolved_at <= END),
        "service_satisfaction": lambda: share(rated.satisfaction >= np.where(rated.satisfaction_max >= 4, rated.satisfaction_max - 1, rated.satisfaction_max)),
        "ticket_volume": lambda: count(len(made)),
        "win_rate": lambda: share(decided.status == "won"),
        "deal_size": lambda: average(won.amount_minor.dropna() / 100),
        "sales_cycle": lambda: middle(hours(won, "created_at", "closed_at") / 24),
        "velocity": lambda: alone(len(waiting) * (decided.status == "won").mean() * won.amount_minor.mean() / 100 / (hours(won, "created_at", "closed_at") / 24).median()),
        "open_pipeline": lambda: alone(waiting.amount_minor.sum() / 100),
        "logo_churn": lambda: share((there.left_at >= START) & (there.left_at < END)),
        "cac": lambda: alone(ads.spend_minor.sum() / 100 / ads.conversions.sum()),
        "roas": lambda: alone(ads.revenue_minor.sum() / ads.spend_minor.sum()),
        "ctr": lambda: of(ads.clicks.sum(), ads.impressions.sum()),
        "conversion_rate": lambda: of(ads.conversions.sum(), ads.visits.sum()),
        "on_time_delivery": lambda: share(promised.delivered_at <= promised.promised_at),
        "return_rate": lambda: share(orders.returned.dropna().astype(bool)),
        "fpy": lambda: of(units.sum() - bad.sum(), units.sum()),
        "dpmo": lambda: of(counted.defects.sum(), chances, 1e6),
        "sigma_level": lambda: alone(stats.norm.ppf(1 - counted.defects.sum() / chances) + 1.5),
        "rty": lambda: alone(100 * float(np.prod(1 - yields.bad.to_numpy() / yields.units.to_numpy()))),
        "training_completion": lambda: share(enrolled.status == "completed"),
        "learning_gain": lambda: average((100 * (finished.post_score - finished.pre_score) / finished.max_score).dropna()),
        "training_reaction": lambda: average(finished.reaction.dropna()),
        "mention_rating": lambda: alone((5 * stars.rating / stars.rating_max).mean()),
        "adoption": lambda: of(events[events.event == "App order"].customer_id.nunique(), events.customer_id.nunique()),
        "active_customers": lambda: alone(events.customer_id.nunique()),
        "journey_conversion": lambda: share(best[~best.open].done),
        "time_to_convert": lambda: middle(hours(best[best.done], "at", "happened_at")),
    }


def differs(mine: float | None, other: float | None) -> bool:
    return other is not None and (mine is None or not math.isclose(mine, other, rel_tol=1e-6, abs_tol=1e-6))


def test_the_figures_of_the_demo_store_are_those_computed_by_hand(demo: str, raw: Frames) -> None:
    period = Filters(START.to_pydatetime().replace(tzinfo=UTC), END.to_pydatetime().replace(tzinfo=UTC))
    wrong = []
    for key, compute in by_hand(raw).items():
        expected = compute()
        found = scorecard.read(key, period)[0].estimate
        if any(differs(mine, other) for mine, other in zip((found.value, found.low, found.high), expected, strict=True)):
            wrong.append(f"{key}: {found.value} ({found.low} to {found.high}), by hand {expected}")
    assert wrong == []
