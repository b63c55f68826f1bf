"""Numbers about the work itself: cases closed, needs tested, savings verified, usability, maturity.

Their rows are kept by people in registers instead of being imported, so they are few. A measure over them reads the
register as a table of its name, and else is like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.frame import as_table, moment, numeric, text
from cx.analytics.interval import mean, proportion
from cx.analytics.measure import Measure, Scope, Statistics, Tables, answer, grouped, naive
from cx.analytics.money import currencies, mixed, unit_of
from cx.analytics.usability import task_success

Share = Callable[[ir.Table, Scope], tuple[ir.BooleanValue, ir.BooleanValue]]


STANDING: tuple[str, ...] = ()


def _dated(table: ir.Table, scope: Scope, times: tuple[str, ...]) -> ir.Table:
    """The rows that fall into the scope by the first of these days they have; without any, how things stand, whatever the period."""
    if not times:
        return table
    table = table.mutate(_at=ibis.coalesce(*(moment(table, name).cast("timestamp(6)") for name in times)))
    return scope.during(table, "_at")


def _share(name: str, register: str, needs: tuple[str, ...], times: tuple[str, ...], counted: Share, nothing: str) -> Measure:
    """A proportion of a register's rows: `counted` says which rows are in the denominator and which of them are hits."""

    def statistics(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
        table = _dated(tables[register], scope, times)
        whole, hit = (part.fill_null(False) for part in counted(table, scope))
        return grouped(table, by, "_at" if times else None, n=whole.sum().fill_null(0), hit=(whole & hit).sum().fill_null(0))

    def estimate(row: Statistics) -> Estimate:
        return proportion(row.get("hit") or 0, row["n"]) if row.get("n") else undefined(nothing, "%")

    return Measure(name, {register: tuple(dict.fromkeys((*needs, *times)))}, statistics, estimate)


def _closed_loop(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    return text(t, "status") != "dropped", text(t, "status") == "resolved"


def _validated(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    return text(t, "status").notnull(), text(t, "status").isin(("confirmed", "rejected", "solved"))


def _on_time(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    due, done = moment(t, "due_on"), moment(t, "done_on")
    decided = done.notnull() if scope.as_of is None else done.notnull() | (due < ibis.literal(naive(scope.as_of), "timestamp(6)"))
    return due.notnull() & (text(t, "status") != "cancelled") & decided, done <= due


def _effective(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    return text(t, "effective").isin(("yes", "no")), text(t, "effective") == "yes"


def _fixed(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    return text(t, "status") != "declined", text(t, "status") == "fixed"


def _delivered(t: ir.Table, scope: Scope) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    due, done = moment(t, "due_on"), moment(t, "done_on")
    decided = done.notnull() if scope.as_of is None else done.notnull() | (due < ibis.literal(naive(scope.as_of), "timestamp(6)"))
    return due.notnull() & (text(t, "status") != "dropped") & decided, done <= due


CLOSED_LOOP = _share("closed_loop", "follow_up", ("status",), ("contacted_at", "resolved_at", "due_on", "updated_at"), _closed_loop, "no follow-up cases")
NEEDS_VALIDATED = _share("needs_validated", "need", ("status",), STANDING, _validated, "no needs are kept")
CAPA_ON_TIME = _share("capa_on_time", "capa", ("status", "due_on", "done_on"), ("due_on", "raised_on", "updated_at"), _on_time, "no corrective case was due")
CAPA_EFFECTIVE = _share("capa_effective", "capa", ("effective",), ("verified_on", "raised_on", "updated_at"), _effective, "no cure has been verified")
ACTIONS_ON_TIME = _share("actions_on_time", "action", ("status", "due_on", "done_on"), ("due_on", "updated_at"), _delivered, "no action was due")
FINDINGS_FIXED = _share("findings_fixed", "finding", ("status",), STANDING, _fixed, "no findings of user tests")


def _opportunities(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _dated(tables["need"], scope, STANDING)
    wanted, had = numeric(table, "importance"), numeric(table, "satisfaction")
    score = wanted + ibis.greatest(wanted - had, 0.0)
    open_ = ~text(table, "status").isin(("rejected", "solved")).fill_null(False)
    known = open_ & wanted.notnull() & had.notnull()
    return grouped(table, by, None, n=known.sum().fill_null(0), top=score.max(where=known))


def _top(row: Statistics) -> Estimate:
    return Estimate(float(row["top"]), None, None, int(row["n"]), "of 20", "the highest of the needs rated") if row.get("n") else undefined("no open need is rated", "of 20")


TOP_OPPORTUNITY = Measure("top_opportunity", {"need": ("importance", "satisfaction", "status", "updated_at")}, _opportunities, _top)


def _savings(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _dated(tables["project"], scope, ("in_effect_on", "due_on", "starts_on", "updated_at"))
    amount = numeric(table, "verified_minor")
    return grouped(table, by, "_at", n=amount.count(), projects=table.count(), total=amount.sum(), **currencies(table, amount.notnull()))


def _saved(row: Statistics) -> Estimate:
    code, minor = unit_of(row)
    if refused := mixed(row, code):
        return refused
    n, projects = int(row.get("n") or 0), int(row.get("projects") or 0)
    if not n:
        return undefined("no benefit has been verified yet" if projects else "no projects", code)
    value = float(row["total"]) / minor
    return Estimate(value, value, value, n, code, f"{projects - n} projects without a verified benefit" if projects > n else "")


VERIFIED_SAVINGS = Measure(
    "verified_savings", {"project": ("verified_minor", "currency", "in_effect_on", "due_on", "starts_on", "updated_at")}, _savings, _saved
)


def _levels(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """The latest assessment of each step, as the scope ends."""
    table = tables["maturity"]
    table = table.mutate(_at=ibis.coalesce(moment(table, "assessed_on").cast("timestamp(6)"), moment(table, "updated_at").cast("timestamp(6)")))
    table = Scope(end=scope.end or scope.as_of).during(table, "_at")
    order = ibis.window(group_by=["group", "step"], order_by=[table["_at"].desc(), table["updated_at"].desc()])
    table = table.mutate(_rank=ibis.row_number().over(order)).filter(ibis._["_rank"] == 0)
    level = numeric(table, "level")
    return grouped(table, by, "_at", n=level.count(), total=level.sum(), squares=(level * level).sum())


def _maturity(row: Statistics) -> Estimate:
    return mean(row["total"], row["squares"], row["n"], "of 5", 0, 5) if row.get("n") else undefined("no step has been assessed", "of 5")


MATURITY = Measure("maturity", {"maturity": ("group", "step", "level", "assessed_on", "updated_at")}, _levels, _maturity)


HELD = ("held_on", "updated_at")


def _usability(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    """One score a participant and test, however many tasks there were."""
    table = _dated(tables["test_session"], scope, HELD)
    score = numeric(table, "sus_score")
    each = table.mutate(_score=score).filter(score.notnull())
    each = each.group_by("test_id", "participant", *(name for name in by if name in table.columns)).aggregate(_score=each["_score"].max(), _at=each["_at"].max())
    return grouped(each, by, "_at", n=each.count(), total=each["_score"].sum(), squares=(each["_score"] * each["_score"]).sum())


def _sus(row: Statistics) -> Estimate:
    return mean(row["total"], row["squares"], row["n"], "points", 0, 100) if row.get("n") else undefined("nobody answered the usability questions", "points")


def _tasks(tables: Tables, by: tuple[str, ...], scope: Scope) -> ir.Table:
    table = _dated(tables["test_session"], scope, HELD)
    done = table["success"].cast("boolean").fill_null(False)
    return grouped(table, by, "_at", n=table["success"].count(), done=done.sum().fill_null(0))


def _success(row: Statistics) -> Estimate:
    return task_success(int(row.get("done") or 0), int(row.get("n") or 0))


SUS = Measure("sus", {"test_session": ("test_id", "participant", "sus_score", *HELD)}, _usability, _sus)
TASK_SUCCESS = Measure("task_success", {"test_session": ("success", *HELD)}, _tasks, _success)


def _ask(measure: Measure, data: Any, by: str | tuple[str, ...], scope: Scope | None) -> Any:
    name = measure.dataset
    return answer(measure, {name: as_table(data, needs=measure.needs[name])}, by, scope)


def closed_loop(follow_up: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of follow-up cases that were resolved: resolved / all that were not dropped; Wilson's interval."""
    return _ask(CLOSED_LOOP, follow_up, by, scope)


def needs_validated(need: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the needs kept whose test has a verdict, confirmed or rejected, or that are solved; Wilson's interval."""
    return _ask(NEEDS_VALIDATED, need, by, scope)


def capa_on_time(capa: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of corrective cases carried out by their due day, of those that are done or overdue; Wilson's interval."""
    return _ask(CAPA_ON_TIME, capa, by, scope)


def capa_effective(capa: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of corrective cases whose cure worked, of those in which that was verified; Wilson's interval."""
    return _ask(CAPA_EFFECTIVE, capa, by, scope)


def actions_on_time(action: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of improvement actions in effect by their due day, of those in effect or overdue; Wilson's interval."""
    return _ask(ACTIONS_ON_TIME, action, by, scope)


def findings_fixed(finding: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of the findings of user tests that were fixed; declined ones are in neither part. Wilson's interval."""
    return _ask(FINDINGS_FIXED, finding, by, scope)


def top_opportunity(need: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """The highest opportunity score among open needs: importance + max(importance - satisfaction, 0), from 0 to 20.

    Needs that were rejected or solved are left out, as are those with a rating missing. Source: Ulwick, What Customers
    Want, 2005.
    """
    return _ask(TOP_OPPORTUNITY, need, by, scope)


def verified_savings(project: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Sum of the yearly benefits of projects that somebody outside of them verified, in major units of their currency.

    A total of all there are, so its interval is the number itself. Different currencies are refused.
    """
    return _ask(VERIFIED_SAVINGS, project, by, scope)


def maturity(assessments: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean level, 0 (absent) to 5 (leading), over the sub-processes assessed, by the latest assessment of each.

    Sub-processes that nobody assessed are in neither number. Student's t interval.
    """
    return _ask(MATURITY, assessments, by, scope)


def sus_mean(test_session: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Mean System Usability Scale score over participants, 0 to 100 and no percentage; Student's t interval.

    A participant counts once a test, whatever the number of tasks. A session is dated by its day, where it has none by the
    day it was last edited. Source: Brooke, SUS, 1996.
    """
    return _ask(SUS, test_session, by, scope)


def tasks_done(test_session: Any, by: str | tuple[str, ...] = (), scope: Scope | None = None) -> Any:
    """Share of tasks tried in user tests that were completed, in percent, with the adjusted-Wald interval of small tests.

    Source: Agresti & Coull 1998; Sauro & Lewis, Quantifying the User Experience, chapter 3.
    """
    return _ask(TASK_SUCCESS, test_session, by, scope)
