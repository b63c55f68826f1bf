"""The rows behind a number of one team, as far as the rule about small groups lets them be seen."""

from __future__ import annotations

from typing import Any

import ibis

from cx.analytics.measure import Scope
from cx.blueprint.kpi import Kpi
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.records.lookup import records
from cx.scorecard import PERSONAL
from cx.settings import settings
from cx.ui import customer_list
from cx.ui.bench import headline
from cx.ui.departments.board import Line
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

MOST = 2_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "responses": ("answered_at", "survey", "score", "scale_max", "touchpoint", "channel", "segment", "agent", "customer_id", "comment"),
    "tickets": ("created_at", "ticket_id", "category", "kind", "priority", "channel", "status", "agent", "first_response_at", "resolved_at", "reopens", "satisfaction", "customer_id"),
    "deals": ("created_at", "deal_id", "name", "owner", "stage", "status", "amount_minor", "currency", "closed_at", "lost_reason", "customer_id"),
    "step_runs": ("started_at", "process", "case_id", "step", "worker", "ended_at", "outcome", "customer_id"),
    "trainings": ("enrolled_at", "course", "session", "status", "completed_at", "expires_at"),
}
PEOPLE = {"responses": "customer_id", "trainings": "employee_id"}


def show(view: View, line: Line, team: str) -> None:
    """The rows of one cell, the latest first."""
    reading = line.teams.get(team)
    name = line.kpi.measure.dataset
    if reading is None:
        return
    if reading.hidden:
        headline(f"{line.kpi.title}, {team}")
        quiet(f"The rows stay hidden: {reading.estimate.warning}.")
        return
    if name not in DATASETS:
        mine = [row for row in records(name) if getattr(row, "team", None) == team]
        headline(f"{len(mine)} records behind {line.kpi.title}, {team}")
        table({"Title": [row.title for row in mine], "Owner": [row.owner for row in mine], "Due": [row.due_on for row in mine], "State": [row.status for row in mine]}, "departments-rows-records")
        return
    n, people, found = behind(view, line.kpi, line.column, team)
    headline(f"{n:,} rows behind {line.kpi.title}, {team}" + (f": the latest {MOST:,}" if n > MOST else ""))
    if name in PERSONAL and people < settings().minimum_group:
        quiet(f"Hidden, since fewer than {settings().minimum_group} respondents could be told apart.")
        return
    if not found:
        quiet("No rows in this period.")
        return
    columns = [c for c in COLUMNS[name] if any(row[c] is not None for row in found)]
    titles = DATASETS[name].titles
    data: dict[str, list[Any]] = {("Customer" if c == "customer_id" else titles[c]): [row[c] for row in found] for c in columns}
    if "Customer" in data:
        customer_list.listed(data, f"departments-rows-{name}")
    else:
        table(data, f"departments-rows-{name}")


def behind(view: View, row: Kpi, column: str, team: str) -> tuple[int, int, list[dict[str, Any]]]:
    """How many rows and different people stand behind a team's number, and the latest rows; narrowed as the KPI narrows them."""
    name = row.measure.dataset
    chosen = bool({"survey", "survey_kind"} & {column for column, _ in view.filters.only})
    tables, _ = view.filters.apply(row.tables(engine.tables(), chosen))
    found = Scope(view.filters.start, view.filters.end).during(tables[name], DATASETS[name].time)
    found = found.filter(found[column] == team)
    person = PEOPLE.get(name)
    counted = engine.rows(found.aggregate(n=found.count(), people=found[person].fill_null(found["key"]).nunique() if person else found.count()), now=view.now)[0]
    shown = found.order_by(ibis.desc(DATASETS[name].time), "key").select(*COLUMNS[name]).limit(MOST)
    return int(counted["n"]), int(counted["people"]), engine.rows(shown, now=view.now)
