"""The same KPIs by team: which there are, their readings, and where a team stands clear of the whole company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cx import scorecard
from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.blueprint.kpi import Kpi
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.scorecard import Reading
from cx.ui.page import View
from cx.ui.remember import each, remembered

FAMILIES: dict[str, tuple[str, ...]] = {
    "What customers say": ("nps_transactional", "csat", "ease", "service_satisfaction"),
    "Service speed": ("first_response_median", "resolution_median", "sla_response"),
    "Service outcome": ("first_contact_resolution", "reopen_rate"),
    "Sales": ("win_rate", "sales_cycle", "deal_size"),
    "Process work": ("lead_time", "cycle_efficiency", "rework_rate"),
    "People": ("training_completion", "training_reaction", "actions_on_time"),
}
# what the datasets call a team: an event log has roles, of which departments that no customer meets are some
TEAM = {"step_runs": "role"}
# departments do different steps of a process, so one is held against itself before and not against the others
OWN_PACE = "Process work"
FACING = ("What customers say", "Service speed", "Service outcome", "Sales")


@dataclass(frozen=True)
class Line:
    """One KPI by team: the column that names the teams, the value of all together, and each team's reading."""

    family: str
    kpi: Kpi
    column: str
    whole: Estimate
    teams: dict[str, Reading]

    @property
    def comparable(self) -> bool:
        """Whether a team may be held against all teams together."""
        return self.family != OWN_PACE and len(self.teams) > 1


@dataclass(frozen=True)
class Gap:
    """A team whose interval lies clear of the company's value: how many standard errors away, worse being negative."""

    team: str
    line: Line
    reading: Reading
    z: float


def lines(view: View) -> list[Line]:
    """Every KPI that the data has for at least one named team."""
    wanted = [(family, key) for family, keys in FAMILIES.items() for key in keys if key in KPIS and _possible(view, key)]
    return [line for line in each(lambda pair: _line(view, *pair), wanted) if line.teams]


def _possible(view: View, key: str) -> bool:
    name = KPIS[key].measure.dataset
    if name in DATASETS:
        return view.now.rows(name) > 0
    return any(getattr(row, "team", None) for row in records(name))


def _line(view: View, family: str, key: str) -> Line:
    row = KPIS[key]
    column = TEAM.get(row.measure.dataset, "team")
    name = row.measure.dataset
    # a register is read anew wherever one of its records was saved since, and only there
    state = () if name in DATASETS else tuple((record.id, record.version) for record in records(name))
    whole, found = _kept(view.now, view.filters, view.compare, key, column, state) if state else _read(view.now, view.filters, view.compare, key, column)
    return Line(family, row, column, whole, {str(r.key(column)): r for r in found if r.key(column) is not None and r.estimate.n})


def _read(now: Revision, filters: Filters, compare: tuple[datetime, datetime] | None, key: str, column: str) -> tuple[Estimate, list[Reading]]:
    return scorecard.read(key, filters, now=now)[0].estimate, scorecard.read(key, filters, (column,), compare=compare, now=now)


@remembered
def _kept(now: Revision, filters: Filters, compare: tuple[datetime, datetime] | None, key: str, column: str, state: tuple[tuple[int, int], ...]) -> tuple[Estimate, list[Reading]]:
    return _read(now, filters, compare, key, column)


def names(found: Sequence[Line]) -> list[str]:
    """Every team that has a number, in alphabetical order."""
    return sorted({team for line in found for team in line.teams})


def unmeasured(found: Sequence[Line]) -> dict[str, list[str]]:
    """Teams that registers name and no number covers, with where they are named."""
    known = set(names(found))
    out: dict[str, list[str]] = {}
    places: list[tuple[str, str]] = [(team, "hand-offs") for row in records("handoff") for team in (row.giver, row.receiver) if team]
    places += [(team, f"touchpoint {row.name}") for row in records("touchpoint") for team in row.owners or []]
    places += [(row.team, "employees") for row in records("employee") if row.team] + [(row.team, "actions") for row in records("action") if row.team]
    for team, where in places:
        if team not in known and where not in out.setdefault(team, []):
            out[team].append(where)
    return dict(sorted(out.items()))


def faces_customers(team: str, found: Sequence[Line]) -> bool:
    """Whether customers meet the team: it answers, sells or is rated."""
    return any(team in line.teams for line in found if line.family in FACING)


def standing(line: Line, reading: Reading) -> float:
    """How many standard errors a team lies from all teams together, worse being negative; where teams cannot be compared, from its own period before.

    0 where its interval holds the value compared with (or the change is not significant), or no direction is better.
    """
    e, whole = reading.estimate, line.whole.value
    if line.kpi.better == "none" or e.value is None:
        return 0.0
    if line.comparable:
        if whole is None or e.low is None or e.high is None or e.low <= whole <= e.high or e.high <= e.low:
            return 0.0
        away = (e.value - whole) / ((e.high - e.low) / 3.92)
    elif line.family == OWN_PACE and reading.change is not None and reading.change.significant and reading.change.z is not None:
        away = reading.change.z
    else:
        return 0.0
    return away if line.kpi.better == "higher" else -away


def gaps(found: Sequence[Line]) -> list[Gap]:
    """Teams that stand clear of all teams together (or of themselves before), the worst first."""
    out = [Gap(team, line, reading, standing(line, reading)) for line in found for team, reading in line.teams.items()]
    return sorted((gap for gap in out if gap.z), key=lambda gap: gap.z)


def shade(z: float) -> float:
    """The place of a cell between bad (0) and good (1); a half where it does not stand out."""
    if not z:
        return 0.5
    depth = min(abs(z), 12.0) / 12.0
    return min(0.5 + 0.11 + 0.38 * depth, 0.999) if z > 0 else max(0.5 - 0.11 - 0.38 * depth, 0.0)
