"""How each survey stands: invitations by what became of them, answers, response rate, the last arrival, the latest comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import ibis
from sqlalchemy import func
from sqlmodel import select

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision, revision
from cx.records.invitations import Invitation
from cx.records.lookup import records
from cx.settings import settings
from cx.store.engine import reading
from cx.surveys.door import shut

SCORES = {"nps": "nps", "ces": "ces", "csat": "csat"}  # metric -> KPI that reads it
OPEN_AS = {"": "live", "early": "not started", "draft": "draft", "paused": "paused", "closed": "closed"}


@dataclass(frozen=True)
class Standing:
    """One survey. `states`: state of invitations -> how many; `answers` counts responses of every source that carry its name."""

    survey: Any
    state: str
    states: Mapping[str, int] = field(default_factory=dict)
    answered: int = 0
    answers: int = 0
    last: datetime | None = None
    rate: Estimate | None = None

    @property
    def invited(self) -> int:
        """Invitations that went out, by mail or as a link."""
        return self.states.get("sent", 0) + self.states.get("handed", 0)

    @property
    def waiting(self) -> int:
        """Invitations that are still to be mailed."""
        return self.states.get("waiting", 0)


def standings(state: Revision | None = None) -> list[Standing]:
    """Every survey of the register, in its order."""
    now, surveys = state or revision(), records("survey")
    if not surveys:
        return []
    with reading() as session:
        counts = session.exec(select(Invitation.survey_id, Invitation.state, func.count(), func.count(Invitation.answered_at)).group_by(Invitation.survey_id, Invitation.state)).all()  # type: ignore[arg-type]
    came = arrivals(now, tuple(one.name for one in surveys))
    rates = {r.key("survey"): r.estimate for r in scorecard.read("response_rate", Filters(), ("survey",), now=now)}
    out = []
    for one in surveys:
        mine = [row for row in counts if row[0] == one.id]
        n, last = came.get(one.name, (0, None))
        rate = rates.get(one.name)
        out.append(Standing(one, OPEN_AS[shut(one)], {row[1]: row[2] for row in mine}, sum(row[3] for row in mine), n, last, rate if rate and rate.n else None))
    return out


def arrivals(now: Revision, names: tuple[str, ...]) -> dict[str, tuple[int, datetime | None]]:
    """Survey -> responses and the moment of the last, however they came in."""
    table = engine.tables()["responses"]
    table = table.filter(table.survey.isin(names), table.answered_at.notnull(), table.metric != "invitation")
    found = table.group_by("survey").aggregate(n=table.response_id.nunique(), last=table.answered_at.max())
    return {str(row["survey"]): (int(row["n"]), row["last"]) for row in engine.rows(found, now=now)}


def score(survey: Any, now: Revision) -> tuple[str, Estimate] | None:
    """The survey's own score with its interval, over everything that came in; None for a metric that no KPI reads."""
    key = SCORES.get(survey.metric)
    if key not in KPIS:
        return None
    row = KPIS[key]
    return row.title, scorecard.read(row, Filters().narrowed("survey", survey.name), now=now)[0].estimate


def comments(survey: Any, now: Revision, most: int = 6) -> list[dict[str, Any]]:
    """The latest comments: when, beside which score of which scale, the words; not whose. None where so few answered that one could tell whose."""
    table = engine.tables()["responses"]
    if arrivals(now, (survey.name,)).get(survey.name, (0, None))[0] < settings().minimum_group:
        return []
    said = table.filter(table.survey == survey.name, table.comment.notnull(), table.answered_at.notnull())
    return engine.rows(said.order_by(ibis.desc("answered_at"), ibis.desc("id")).limit(most).select("answered_at", "metric", "score", "scale_max", "comment"), now=now)
