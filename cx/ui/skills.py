"""Skills required against skills held: the matrix, its gaps ranked, and what a skill does for customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cx.analytics.finding import Finding
from cx.analytics.inference import infer
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.actor import OPEN
from cx.records.lookup import records
from cx.settings import settings
from cx.ui import variables
from cx.ui.remember import remembered

USUAL_WEIGHT = 5.0


@dataclass(frozen=True)
class Gap:
    """A skill of a role: level required, mean level held, how many of those assessed fall short, and the rank of the gap.

    `rank` = people short x mean levels missing x effect on customers (0 to 10, 5 where nobody set it). `hidden` where fewer
    people were assessed than may be shown.
    """

    role: str
    skill: str
    required: int
    held: float | None
    assessed: int
    short: int
    missing: float
    weight: float
    rank: float
    hidden: bool


@dataclass(frozen=True)
class Held:
    """One person's level in one skill, with what the role asks for (None where it asks nothing)."""

    person: str
    team: str
    role: str
    skill: str
    level: int
    required: int | None


def held() -> list[Held]:
    """The latest assessment of everybody in every skill. Names come with it: whoever shows it must ask for the role first."""
    people, skills = {p.id: p for p in records("employee") if not p.left_on}, {s.id: s.name for s in records("competency")}
    needed = {(r.role, r.competency_id): r.level for r in records("requirement")}
    latest: dict[tuple[int, int], Any] = {}
    for row in records("assessment", OPEN):  # the latest first
        if row.employee_id in people and row.competency_id in skills:
            latest.setdefault((row.employee_id, row.competency_id), row)
    return [Held(people[e].name, people[e].team or "", people[e].role or "", skills[s], row.level, needed.get((people[e].role, s))) for (e, s), row in latest.items()]


def gaps(found: Sequence[Held], everybody: bool) -> list[Gap]:
    """The gaps of every role and skill required, the largest first; small groups are hidden unless `everybody` may be seen."""
    weights = {s.name: s.weight for s in records("competency")}
    groups: dict[tuple[str, str], list[Held]] = {}
    for one in found:
        if one.required is not None:
            groups.setdefault((one.role, one.skill), []).append(one)
    out = []
    for (role, skill), rows in groups.items():
        required = rows[0].required or 0
        lacking = [required - r.level for r in rows if r.level < required]
        missing, weight = (float(np.mean(lacking)) if lacking else 0.0), float(weights[skill] if weights.get(skill) is not None else USUAL_WEIGHT)
        hidden = not everybody and len(rows) < settings().minimum_group
        out.append(Gap(role, skill, required, None if hidden else float(np.mean([r.level for r in rows])), len(rows), 0 if hidden else len(lacking), 0.0 if hidden else missing, weight, 0.0 if hidden else len(lacking) * missing * weight, hidden))
    return sorted(out, key=lambda g: (-g.rank, g.role, g.skill))


@remembered
def by_agent(now: Revision, filters: Filters) -> Mapping[str, tuple[float | None, int]]:
    """Agent -> mean ticket satisfaction in percent of its scale and number of rated tickets."""
    tickets = variables.narrowed("tickets", filters)
    tickets = tickets.filter(tickets["agent"].notnull() & tickets["satisfaction"].notnull() & (tickets["satisfaction_max"] > 1))
    share = 100 * (tickets["satisfaction"] - 1) / (tickets["satisfaction_max"] - 1)
    rows = engine.rows(tickets.mutate(share=share).group_by("agent").aggregate(value=lambda t: t["share"].mean(), n=lambda t: t.count()), now=now)
    return {r["agent"]: (r["value"], int(r["n"])) for r in rows}


def effect(found: Sequence[Held], skill: str, satisfaction: Mapping[str, tuple[float | None, int]]) -> Finding:
    """Does the satisfaction of agents' tickets go along with their level in a skill? A row an agent with ten rated tickets or more."""
    rows = [(one.level, satisfaction[one.person][0]) for one in found if one.skill == skill and one.person in satisfaction and satisfaction[one.person][1] >= 10]
    return infer([r[0] for r in rows], [r[1] for r in rows], names=(f"level in {skill.lower()}", "satisfaction"))
