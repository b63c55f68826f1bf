"""What a course did: rating, test before and after, behaviour, and the tickets of those trained against those not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pandas as pd

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.learning import Gain, difference_in_differences, paired_gain
from cx.facts import engine
from cx.facts.history import Revision
from cx.ui.remember import remembered

WINDOW = timedelta(days=90)
FEWEST = 5  # tickets of an agent in each window
OUTCOMES = {"csat": ("Satisfaction with tickets", "%", "higher"), "reply": ("Hours to first reply", "h", "lower")}


@dataclass(frozen=True)
class Result:
    """Level 4 for one outcome: the difference in differences with p, the same a period earlier as a check, and who was compared."""

    effect: Estimate
    p: float | None
    check: Estimate
    check_p: float | None
    trained: int
    others: int
    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]


@remembered
def courses(now: Revision) -> list[tuple[str, int]]:
    """Course -> completions, the most completed first."""
    t = engine.tables()["trainings"]
    done = t.filter((t["status"].lower() == "completed") & t["course"].notnull())
    found = done.group_by("course").aggregate(n=done.count())
    return [(r["course"], int(r["n"])) for r in engine.rows(found.order_by(found["n"].desc(), found["course"]), now=now)]


@remembered
def scores(now: Revision, course: str) -> pd.DataFrame:
    """A row a completion: employee, completed_at, pre_score, post_score, max_score, reaction, behaviour, cost."""
    t = engine.tables()["trainings"]
    done = t.filter((t["course"] == course) & (t["status"].lower() == "completed"))
    return engine.fetch(done.select("employee", "team", "completed_at", "pre_score", "post_score", "max_score", "reaction", "behaviour", "cost_minor", "currency"), now=now).to_pandas()


def gain(now: Revision, course: str) -> Gain | None:
    """Level 2: the same people before and after; None where nobody has both scores."""
    rows = scores(now, course)
    both = rows.dropna(subset=["pre_score", "post_score"])
    return paired_gain(rows["pre_score"], rows["post_score"], float(rows["max_score"].max()) if rows["max_score"].notna().any() else None) if len(both) else None


@remembered
def results(now: Revision, course: str, outcome: str) -> Result:
    """Level 4: change of trained agents' tickets less that of the others over the same days.

    For those trained 90 days before and after the day they completed; for the others around the median of these days.
    A row an agent with five tickets in each window, so that busy agents do not count more. The check compares the two
    windows before the course: where it differs from none, both groups did not move alike even without training.
    """
    rows, unit = scores(now, course), OUTCOMES[outcome][1]
    done = {str(e): pd.Timestamp(d).to_pydatetime() for e, d in zip(rows["employee"], rows["completed_at"], strict=True) if e and pd.notna(d)}
    tickets = engine.tables()["tickets"]
    nothing = Result(undefined("no ticket names an agent who took the course", unit), None, undefined("", unit), None, 0, 0, (None, None), (None, None))
    if not done:
        return nothing
    middle = sorted(done.values())[len(done) // 2]
    first, last = min(done.values()) - 2 * WINDOW, max(done.values()) + WINDOW
    t = tickets.filter(tickets["agent"].notnull() & (tickets["created_at"] >= ibis.literal(first, "timestamp(6)")) & (tickets["created_at"] < ibis.literal(last, "timestamp(6)")))
    value = _value(t, outcome)
    frame = engine.fetch(t.select("agent", "team", "created_at", value=value).filter(lambda x: x["value"].notnull()), now=now).to_pandas()
    trained = set(frame["agent"]) & set(done)
    if not trained:
        return nothing
    teams = set(frame.loc[frame["agent"].isin(trained), "team"].dropna())
    frame = frame[frame["team"].isin(teams)] if teams else frame  # others of the same teams meet the same requests
    turn = frame["agent"].map(lambda a: done.get(a, middle))
    frame["window"] = ((frame["created_at"] - turn) / WINDOW).map(lambda x: "after" if 0 <= x < 1 else "before" if -1 <= x < 0 else "earlier" if -2 <= x < -1 else "")
    cells = frame[frame["window"] != ""].groupby(["agent", "window"])["value"].agg(["mean", "count"]).reset_index()
    wide = cells[cells["count"] >= FEWEST].pivot(index="agent", columns="window", values="mean").reindex(columns=["earlier", "before", "after"])
    a, b = wide[wide.index.isin(trained)], wide[~wide.index.isin(trained)]
    effect, p = _compared(a, b, "before", "after", unit)
    check, check_p = _compared(a, b, "earlier", "before", unit)
    both = [g.dropna(subset=["before", "after"]) for g in (a, b)]
    means = [[float(g[w].mean()) if len(g) else None for g in both] for w in ("before", "after")]
    return Result(effect, p, check, check_p, len(both[0]), len(both[1]), (means[0][0], means[0][1]), (means[1][0], means[1][1]))


@remembered
def by_agent(now: Revision, course: str, outcome: str) -> pd.DataFrame:
    """A row an agent who completed the course: team, day, mean of their tickets in the 90 days before and after it, and of how many each.

    Agents without such a ticket stand there with 0. Ordered by name.
    """
    rows = scores(now, course)
    rows = rows[rows["employee"].notna() & rows["completed_at"].notna()].drop_duplicates("employee").sort_values("employee")
    out = rows[["employee", "team", "completed_at"]].rename(columns={"employee": "agent", "completed_at": "completed"}).reset_index(drop=True)
    for window in ("before", "after"):
        out[window], out[f"n {window}"] = float("nan"), 0
    if out.empty or not now.rows("tickets"):
        return out
    t = engine.tables()["tickets"]
    first, last = rows["completed_at"].min().to_pydatetime() - WINDOW, rows["completed_at"].max().to_pydatetime() + WINDOW
    t = t.filter(t["agent"].isin(out["agent"].tolist()) & (t["created_at"] >= ibis.literal(first, "timestamp(6)")) & (t["created_at"] < ibis.literal(last, "timestamp(6)")))
    frame = engine.fetch(t.select("agent", "created_at", value=_value(t, outcome)).filter(lambda x: x["value"].notnull()), now=now).to_pandas()
    since = (frame["created_at"] - frame["agent"].map(out.set_index("agent")["completed"])) / WINDOW
    for window, inside in (("before", (since >= -1) & (since < 0)), ("after", (since >= 0) & (since < 1))):
        found = frame[inside].groupby("agent")["value"].agg(["mean", "count"]).reindex(out["agent"])
        out[window], out[f"n {window}"] = found["mean"].to_numpy(), found["count"].fillna(0).astype(int).to_numpy()
    return out


def _value(t: Any, outcome: str) -> Any:
    """What a ticket says of the outcome."""
    return 100 * (t["satisfaction"] - 1) / (t["satisfaction_max"] - 1) if outcome == "csat" else (t["first_response_at"].epoch_seconds() - t["created_at"].epoch_seconds()) / 3600.0


def _compared(a: pd.DataFrame, b: pd.DataFrame, first: str, then: str, unit: str) -> tuple[Estimate, float | None]:
    one, two = a.dropna(subset=[first, then]), b.dropna(subset=[first, then])
    if not len(one) or not len(two):
        return undefined(f"nobody {'took' if not len(one) else 'in these teams did not take'} the course and has {FEWEST} tickets in both windows", unit), None
    return difference_in_differences(one[first], one[then], two[first], two[then], paired=True, unit=unit)


@remembered
def monthly(now: Revision, course: str, outcome: str) -> dict[str, list[tuple[datetime, float | None]]]:
    """The outcome by month of those who took the course and of the others in their teams."""
    people = {str(e) for e in scores(now, course)["employee"] if e}
    t = engine.tables()["tickets"]
    t = t.filter(t["agent"].notnull())
    value = _value(t, outcome)
    named = t.mutate(value=value, took=t["agent"].isin(sorted(people)), month=t["created_at"].truncate("M"))
    teams = [r["team"] for r in engine.rows(named.filter(named["took"] & named["team"].notnull()).select("team").distinct(), now=now)]
    named = named.filter(named["value"].notnull() & named["team"].isin(teams))
    found = engine.rows(named.group_by(["took", "month"]).aggregate(value=lambda x: x["value"].mean()), now=now)
    out: dict[str, list[tuple[datetime, float | None]]] = {"trained": [], "others": []}
    for r in sorted(found, key=lambda r: r["month"]):
        out["trained" if r["took"] else "others"].append((r["month"].replace(tzinfo=UTC), r["value"]))
    return out
