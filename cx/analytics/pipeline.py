"""The sales pipeline from its own history: how stages convert, how long deals stay, what the open deals are worth."""

from __future__ import annotations

import math
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times

from cx.analytics.business_hours import epoch
from cx.analytics.estimate import Z95, Estimate, undefined
from cx.analytics.frame import as_table, checked, moment, numeric, text
from cx.analytics.interval import proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.sales import DECIDED, MONEY, decided, open_deals

PROCESS = "sales"
ENOUGH = 20
STEPS = ("process", "case_id", "step", "started_at", "ended_at")


def _runs(step_runs: ir.Table, scope: Scope) -> ir.Table:
    runs = step_runs.filter(text(step_runs, "process") == scope.options.get("process", PROCESS))
    runs = runs.mutate(started_at=moment(runs, "started_at"), ended_at=moment(runs, "ended_at"))
    if scope.as_of is not None:
        edge = ibis.literal(naive(scope.as_of), "timestamp(6)")
        runs = runs.filter(runs["started_at"] <= edge)
        runs = runs.mutate(ended_at=ibis.ifelse(runs["ended_at"] <= edge, runs["ended_at"], ibis.null("timestamp(6)")))
    return runs.filter(runs["case_id"].notnull() & runs["step"].notnull() & runs["started_at"].notnull())


def stage_order(step_runs: Any, scope: Scope | None = None) -> list[str]:
    """Stages in the order in which deals enter them: by their mean place among a deal's first entries, then by name."""
    runs = _runs(as_table(step_runs, needs=STEPS), scope or Scope())
    first = runs.group_by(["case_id", "step"]).aggregate(at=runs["started_at"].min())
    place = ibis.row_number().over(ibis.window(group_by=["case_id"], order_by=[first["at"], first["step"]]))
    ranked = first.mutate(_place=place.cast("float64"))
    means = ranked.group_by("step").aggregate(place=ranked["_place"].mean())
    return list(means.order_by(["place", "step"]).to_pyarrow().to_pydict()["step"])


def stage_conversion(step_runs: Any, deals: Any = None, stages: list[str] | None = None, scope: Scope | None = None) -> pd.DataFrame:
    """How many deals went on from each stage, of those that entered it and are no longer in it.

    conversion = went on / (went on + lost), in percent with Wilson's interval. A deal went on where it later entered
    any later stage or was won; it is in progress where it is still open in the stage. `stages` names the order, else
    `stage_order` finds it. `deals` (deal_id, status) tell won, lost and open; without them a deal is open while its
    last run has no end. The cohort: deals whose first run starts in the scope. One row a stage.

    >>> from datetime import datetime
    >>> day = [datetime(2026, 1, d) for d in (1, 2, 3, 4)]
    >>> runs = {"process": ["sales"] * 3, "case_id": ["a", "a", "b"], "step": ["Lead", "Offer", "Lead"],
    ...         "started_at": [day[0], day[1], day[0]], "ended_at": [day[1], None, day[2]]}
    >>> stage_conversion(runs)[["stage", "entered", "went_on", "in_progress", "lost", "conversion"]].values.tolist()
    [['Lead', 2, 1, 0, 1, 50.0], ['Offer', 1, 0, 1, 0, None]]
    """
    asked = scope or Scope()
    table = as_table(step_runs, needs=STEPS)
    order = stages or stage_order(table, asked)
    if not order:
        return pd.DataFrame(columns=["stage", "entered", "went_on", "in_progress", "lost", "conversion", "low", "high", "warning"])
    runs = _runs(table, asked).filter(lambda t: t["step"].isin(order))
    runs = runs.mutate(_place=ibis.cases(*((runs["step"] == name, k) for k, name in enumerate(order)), else_=-1))
    runs = runs.mutate(_started=runs["started_at"].min().over(ibis.window(group_by=["case_id"])))
    runs = asked.during(runs, "_started")
    cases = runs.group_by("case_id").aggregate(deepest=runs["_place"].max(), running=runs["ended_at"].isnull().sum().fill_null(0))
    if deals is None:
        cases = cases.mutate(_won=ibis.literal(False), _open=cases["running"] > 0)
    else:
        known = as_table(deals, needs=("deal_id", "status"))
        known = known.select(deal_id=known["deal_id"], _status=text(known, "status").lower())
        cases = cases.left_join(known, cases["case_id"] == known["deal_id"])
        cases = cases.mutate(_won=(cases["_status"] == "won").fill_null(False), _open=~cases["_status"].isin(["won", "lost"]).fill_null(False))
    cases = cases.select("case_id", "deepest", "_won", "_open").rename(_case="case_id")
    entries = runs.select("case_id", "_place").distinct()
    entries = entries.join(cases, entries["case_id"] == cases["_case"])
    went = (entries["deepest"] > entries["_place"]) | entries["_won"]
    counts = entries.group_by("_place").aggregate(entered=entries.count(), went_on=went.sum().fill_null(0), in_progress=(~went & entries["_open"]).sum().fill_null(0))
    found = {int(r["_place"]): r for r in counts.to_pyarrow().to_pylist()}
    rows = []
    for k, name in enumerate(order):
        r = found.get(k, {"entered": 0, "went_on": 0, "in_progress": 0})
        lost = r["entered"] - r["went_on"] - r["in_progress"]
        e = proportion(r["went_on"], r["went_on"] + lost) if r["went_on"] + lost else undefined("no deal has left this stage", "%")
        rows.append([name, r["entered"], r["went_on"], r["in_progress"], lost, e.value, e.low, e.high, e.warning])
    frame = pd.DataFrame(rows, columns=["stage", "entered", "went_on", "in_progress", "lost", "conversion", "low", "high", "warning"])
    return _blank(frame, "conversion", "low", "high")


def time_in_stage(step_runs: Any, as_of: Any, stages: list[str] | None = None, scope: Scope | None = None) -> pd.DataFrame:
    """Median days a deal stays in each stage, deals still in it counted as long as they have been there.

    Kaplan-Meier over the runs, those without an end censored at `as_of`; the median is None while more than half stay.
    One row a stage: stage, n, still_in, median, low, high (log-log interval). Source: Kaplan & Meier 1958.
    """
    asked = scope or Scope()
    asked = Scope(asked.start, asked.end, as_of, options=asked.options)
    table = as_table(step_runs, needs=STEPS)
    runs = asked.during(_runs(table, asked), "started_at")
    end = runs["ended_at"].coalesce(ibis.literal(naive(as_of), "timestamp(6)"))
    minutes = (epoch(end) - epoch(runs["started_at"])) // 60
    stays = runs.select(step=runs["step"], _minutes=minutes, _left=runs["ended_at"].notnull())
    counts = stays.filter(stays["_minutes"] >= 0).group_by(["step", "_minutes", "_left"]).aggregate(n=ibis._.count())
    frame = counts.to_pyarrow().to_pandas()
    rows = []
    for name in stages or stage_order(table, asked):
        of = frame[frame["step"] == name]
        n, inside = int(of["n"].sum()), int(of.loc[~of["_left"].astype(bool), "n"].sum())
        median = low = high = None
        if n > inside:
            curve = KaplanMeierFitter().fit(of["_minutes"] / 1440, of["_left"].astype(int), weights=of["n"])
            median = _finite(curve.median_survival_time_)
            low, high = (_finite(end) for end in median_survival_times(curve.confidence_interval_).to_numpy()[0]) if n > 1 else (None, None)
        rows.append([name, n, inside, median, low, high])
    return _blank(pd.DataFrame(rows, columns=["stage", "n", "still_in", "median", "low", "high"]), "median", "low", "high")


def _blank(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame with None where a number is not defined."""
    return frame.assign(**{c: frame[c].astype(object).where(frame[c].notna(), None) for c in columns})


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _weighted(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    past = Scope(as_of=scope.as_of or scope.end, options=scope.options)
    closed = decided(tables, past)
    ended = closed.select(deal_id=closed["deal_id"], won=ibis.ifelse(closed["_won"], 1, 0))
    runs = _runs(checked(tables["step_runs"], STEPS), past).select("case_id", "step").distinct()
    history = runs.join(ended, runs["case_id"] == ended["deal_id"])
    stages = history.group_by("step").aggregate(_n=history.count(), _won=history["won"].sum())
    stages = stages.filter(stages["_n"] >= int(scope.options.get("enough", ENOUGH)))
    stages = stages.select(_step=stages["step"], _own=stages["_won"].cast("float64") / stages["_n"])
    overall = ended.aggregate(_overall=ended["won"].cast("float64").mean())
    deals = open_deals(tables, scope)
    amount = numeric(deals, "amount_minor")
    team = numeric(deals, "probability") if "probability" in deals.columns else ibis.null("float64")
    team = ibis.ifelse((team >= 0) & (team <= 1), team, ibis.null("float64"))
    deals = deals.mutate(_amount=amount, _team=team, _counted=amount.notnull())
    deals = deals.left_join(stages, deals["stage"] == stages["_step"]).cross_join(overall)
    deals = deals.mutate(_p=ibis.coalesce(deals["_own"], deals["_team"], deals["_overall"]))
    weighed = deals["_counted"] & deals["_p"].notnull()
    return grouped(
        deals, by, "created_at", n=weighed.sum().fill_null(0), deals=deals.count(), own=(weighed & deals["_own"].notnull()).sum().fill_null(0),
        total=deals["_amount"].sum(where=weighed), weighted=(deals["_amount"] * deals["_p"]).sum(),
        variance=(deals["_amount"] * deals["_amount"] * deals["_p"] * (1 - deals["_p"])).sum(), **currencies(deals, deals["_counted"]),
    )  # fmt: skip


def _worth(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    refused = mixed(row, code)
    if refused:
        return refused
    n, all_ = int(row.get("n") or 0), int(row.get("deals") or 0)
    if not n:
        return Estimate(0.0, 0.0, 0.0, 0, code, "no open deals") if not all_ else undefined(f"none of {all_} open deals has an amount and a probability", code)
    value, spread = row["weighted"] / minor, math.sqrt(max(row["variance"], 0.0)) / minor
    notes = [f"{n - int(row['own'])} of {n} deals by the team's or the overall probability"] if row["own"] < n else []
    notes += [f"{all_ - n} open deals without an amount or a probability left out"] if all_ > n else []
    low, high = max(value - Z95 * spread, 0.0), min(value + Z95 * spread, row["total"] / minor)
    return Estimate(value, low, high, n, code, "; ".join(notes), value, spread)


WEIGHTED_PIPELINE = Measure(
    "weighted_pipeline", {"deals": ("deal_id", "created_at", "stage", *DECIDED, *MONEY), "step_runs": STEPS}, _weighted, _worth
)


def weighted_pipeline(deals: Any, step_runs: Any, by: str | tuple[str, ...] = (), *, enough: int = ENOUGH, scope: Scope | None = None) -> Any:
    """What the open deals are worth: sum of amount * probability of being won, in major units.

    The probability of a stage is the share won of the decided deals that ever entered it, where at least `enough` did;
    else the deal's own `probability`, else the overall win rate (how many fall back is in the warning). The interval
    predicts what will be won: variance = sum amount^2 p (1 - p), deals independent; that p is itself estimated widens
    it further and is not in it. Different currencies are refused.
    """
    asked = scope or Scope()
    options = {**asked.options, "enough": enough}
    tables = {"deals": as_table(deals, needs=WEIGHTED_PIPELINE.needs["deals"]), "step_runs": as_table(step_runs, needs=STEPS)}
    return answer(WEIGHTED_PIPELINE, tables, by, Scope(asked.start, asked.end, asked.as_of, options=options))
