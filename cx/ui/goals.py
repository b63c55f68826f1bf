"""What a KPI is to reach: the targets people set, held against what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cx import scorecard
from cx.blueprint.catalogue import KPIS
from cx.records.lookup import records
from cx.ui import format as words
from cx.ui.page import View
from cx.ui.remember import each
from cx.ui.tables import table
from cx.ui.text import quiet

target = scorecard.target


def standing(view: View, keys: Sequence[str]) -> list[dict[str, Any]]:
    """A row a KPI: value, target, gap (positive is good), whether the target is met, and its unit; without a value `met` is None."""
    on = view.last.date() if view.last else None
    out = []
    read = each(lambda key: scorecard.read(key, view.filters, compare=view.compare, now=view.now)[0], keys)
    for key, reading in zip(keys, read, strict=True):
        row = KPIS[key]
        goal, value = row.goal(reading.days, target(key, on)), reading.estimate.value
        size = words.minor(reading.estimate.unit) if words.is_money(reading.estimate.unit) else 1
        gap = None if goal is None or value is None or row.better == "none" else (value - goal) * (1 if row.better == "higher" else -1)
        out.append({"kpi": row.title, "value": None if value is None else value * size, "unit": reading.estimate.unit, "target": None if goal is None else goal * size, "gap": gap, "met": None if gap is None else gap >= 0,
                    "before": reading.before.value * size if reading.before and reading.before.value is not None else None, "n": reading.estimate.n, "note": reading.estimate.warning})  # fmt: skip
    return out


def headline(found: Sequence[dict[str, Any]]) -> str:
    """How many targets are met, and which is missed by most of its own size."""
    judged = [row for row in found if row["met"] is not None]
    if not judged:
        return "No target can be judged yet"
    missed = [row for row in judged if not row["met"]]
    if not missed:
        return f"All {len(judged)} targets are met"
    worst = max(missed, key=lambda row: abs(row["gap"] / (row["target"] or 1)))
    return f"{len(judged) - len(missed)} of {len(judged)} targets are met; furthest off is {worst['kpi']}: {words.value(worst['value'], worst['unit'])} against {words.value(worst['target'], worst['unit'])}"


def show(found: Sequence[dict[str, Any]], key: str) -> None:
    """The standing of several KPIs as a table, each in its own unit: those missed first, the furthest off on top, then those met, then the rest."""
    rows = [
        {"KPI": row["kpi"], "value": words.value(row["value"], row["unit"]), "target": words.value(row["target"], row["unit"]) if row["target"] is not None else None,
         "standing": "" if row["met"] is None else "met" if row["met"] else "missed", "period before": words.value(row["before"], row["unit"]), "n": row["n"], "note": row["note"]}
        for row in sorted(found, key=lambda row: (row["met"] is None, row["met"] or False, -abs((row["gap"] or 0) / (row["target"] or 1))))
    ]  # fmt: skip
    table(rows, key)


def reviews(view: View, group: str) -> str:
    """Which policies of a group are due for review, in a sentence."""
    on = view.last.date() if view.last else date.min
    kept = [row for row in records("policy", group=group) if row.status != "retired"]
    late = sorted((row for row in kept if row.review_on and row.review_on < on), key=lambda row: row.review_on)
    if not kept:
        return "No objective or policy is written down yet: add the first below."
    aims = sum(row.kind == "objective" for row in kept)
    text = " and ".join(words.plural(n, one, many) for n, one, many in ((aims, "objective", "objectives"), (len(kept) - aims, "policy or guideline", "policies and guidelines")) if n) + "."
    return text + (f" Overdue for review: {', '.join(row.title for row in late[:3])}" + (f" and {len(late) - 3} more." if len(late) > 3 else ".") if late else " None is overdue for review.")


def reminders(view: View, group: str) -> None:
    """The same as a note."""
    quiet(reviews(view, group))
