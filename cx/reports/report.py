"""A report as a value: lines of the scorecard by process group, what moved, what to do, and the tables behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cx import findings as moved
from cx import scorecard
from cx.analytics.estimate import Difference, Estimate
from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.blueprint.kpi import Kpi
from cx.errors import MeasureError
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.records.lookup import records
from cx.reports import wording

MONTHS = 12
MOST_FINDINGS = 8


@dataclass(frozen=True)
class Line:
    """One KPI of the scorecard: value, change against the period compared with, target, and its last months, oldest first."""

    kpi: str
    title: str
    question: str
    group: str
    estimate: Estimate
    change: Difference | None
    target: float | None
    better: str
    trend: tuple[float | None, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where it cannot be said."""
        if self.target is None or self.estimate.value is None or self.better == "none":
            return None
        return self.estimate.value >= self.target if self.better == "higher" else self.estimate.value <= self.target

    @property
    def mood(self) -> str:
        """Whether a significant change is good or bad; empty where it is neither."""
        if self.change is None or not self.change.significant or not self.change.value or self.better == "none":
            return ""
        return "good" if (self.change.value > 0) == (self.better == "higher") else "bad"


@dataclass(frozen=True)
class Report:
    """What is printed: `sections` pairs a group's title with its lines; `link` reproduces the screen it was made from."""

    title: str
    period: str
    versus: str
    through: date | None
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    findings: tuple[str, ...]
    advice: tuple[str, ...]
    notes: tuple[str, ...] = ()
    link: str = ""
    tables: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in order."""
        return tuple(line for _, lines in self.sections for line in lines)

    @property
    def summary(self) -> str:
        """The report in a sentence: targets met, and how many KPIs moved."""
        judged = [line for line in self.lines if line.met is not None]
        better, worse = (sum(line.mood == mood for line in self.lines) for mood in ("good", "bad"))
        head = f"{sum(bool(line.met) for line in judged)} of {len(judged)} targets are met" if judged else "No target can be judged"
        return f"{head}; {better} {'KPI' if better == 1 else 'KPIs'} got better and {worse} worse beyond chance" if self.versus else f"{head}."


def line(row: Kpi, filters: Filters, compare: tuple[datetime, datetime] | None, now: Revision, target: float | None, last: datetime | None) -> Line:
    """One KPI as a line."""
    reading = scorecard.read(row, filters, compare=compare, now=now)[0]
    end = filters.end or last
    trend: tuple[float | None, ...] = ()
    if end is not None:
        year, month = divmod(end.year * 12 + end.month - 1 - MONTHS, 12)
        try:
            found = scorecard.read(row, filters.between(end.replace(year=year, month=month + 1, day=1, hour=0, minute=0), end), ("month",), now=now)
        except MeasureError:
            found = []  # describes one moment, and so has no course
        trend = tuple(r.estimate.value for r in sorted((r for r in found if r.key("month") is not None), key=lambda r: r.key("month")))
    return Line(row.key, row.title, row.question, row.group, reading.estimate, reading.change, row.goal(reading.days, target), row.better, trend)


def compose(
    filters: Filters, compare: tuple[datetime, datetime] | None, now: Revision, *, title: str, period: str, versus: str = "", group: str = "", link: str = "",
    found: Sequence[moved.Moving] = (), brief: bool = False,
) -> Report:  # fmt: skip
    """The scorecard of all groups (or of one) with findings and advice; `brief` keeps only the headline of each group.

    Targets are those people set for everybody, else the catalogue's. `found` are what `cx.findings.findings` says of the same period. A KPI without data is left out and counted in the notes.
    """
    last = scorecard.latest(now)
    goals = {t.kpi: t.value for t in records("target") if not (t.segment or t.team or t.channel)}
    sections, silent, seen = [], 0, set()
    for key, row in GROUPS.items():
        if group and key != group:
            continue
        lines = []
        for name in dict.fromkeys((row.headline, *(() if brief and not group else row.kpis))):
            if name in seen or (not group and KPIS[name].group != key):
                continue
            seen.add(name)
            try:
                made = line(KPIS[name], filters, compare, now, goals.get(name), last)
            except MeasureError:
                silent += 1
                continue
            if made.estimate.value is None and not made.estimate.n:
                silent += 1
            else:
                lines.append(made)
        if lines:
            sections.append((row.title, tuple(lines)))
    everything = [one for _, lines in sections for one in lines]
    notes = (f"{silent} KPIs have no data in this period and are left out",) if silent else ()
    return with_findings(Report(title, period, versus, (last.date() if last else None), tuple(sections), (), (), notes, link, _tables(everything)), found, group)


def with_findings(report: Report, found: Sequence[moved.Moving], group: str = "") -> Report:
    """The report with what moved (in the group, where one is named) and the advice that follows from it."""
    mine = [f for f in found if not group or KPIS[f.kpi].group == group]
    return replace(report, findings=tuple(f.sentence for f in mine[:MOST_FINDINGS]), advice=tuple(advice(report.lines, mine)))


def advice(lines: Sequence[Line], found: Sequence[moved.Moving]) -> list[str]:
    """What to do next, from rules and not from a hunch: look where it got worse, then at what is furthest off target, then at late actions."""
    out = []
    for finding in [f for f in found if f.good is False][:3]:
        where = ", ".join(f"{k} {v}" for k, v in finding.where.items()) or "everywhere"
        since = f" around {finding.since.day} {finding.since:%b %Y}" if finding.since else ""
        out.append(f"Find out what changed for {finding.title} ({where}){since}: {wording.value(finding.before, finding.unit)} then, {wording.value(finding.after, finding.unit)} now.")
    missed = [one for one in lines if one.met is False and one.target]
    for i, one in enumerate(sorted(missed, key=lambda m: -abs(((m.estimate.value or 0) - (m.target or 0)) / (m.target or 1)))[:2]):
        stands, goal = wording.against(one.estimate.value, one.target, one.estimate.unit)
        out.append(f"{one.title} misses its target {'next' if i else 'furthest'}: {stands} against {goal}. Name an owner and one action, or correct the target.")
    open_actions = [a for a in records("action") if a.status in ("open", "in_progress")]
    bare = [one.title for one in missed if not any(a.kpi == one.kpi for a in open_actions)]
    if bare:
        out.append(f"No action is filed for {', '.join(bare[:4])}{' and others' if len(bare) > 4 else ''}, though the target is missed.")
    return out


def _tables(lines: Sequence[Line]) -> dict[str, list[dict[str, object]]]:
    rows: list[dict[str, object]] = [
        {"Group": one.group, "KPI": one.title, "Value": one.estimate.value, "Low": one.estimate.low, "High": one.estimate.high, "n": one.estimate.n, "Unit": one.estimate.unit, "Target": one.target,
         "Change": one.change.value if one.change else None, "p": one.change.p if one.change else None, "Standing": {True: "met", False: "missed", None: ""}[one.met], "Beware": one.estimate.warning}
        for one in lines
    ]  # fmt: skip
    return {"Scorecard": rows, "Trends": [{"KPI": one.title, **{f"month -{len(one.trend) - i}": v for i, v in enumerate(one.trend)}} for one in lines if one.trend]}
