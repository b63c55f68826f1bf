"""What can be analysed of a dataset: its columns and what follows from them, as numbers, categories and moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cx.analytics.measure import Scope
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.facts.filters import Filters
from cx.facts.history import Revision
from cx.ui import format as words
from cx.ui.page import View

SAMPLE = 20_000
NOT_NUMBERS = frozenset({"scale_min", "scale_max", "satisfaction_max", "rating_max", "max_score"})


@dataclass(frozen=True)
class Variable:
    """One variable: `kind` is number, category or moment; `of` computes it from the dataset's table; `money` needs one currency."""

    key: str
    title: str
    kind: str
    of: Callable[[ir.Table], Any]
    unit: str = ""
    money: bool = False


def _hours(first: str, then: str, per: float) -> Callable[[ir.Table], Any]:
    return lambda t: (t[then].epoch_seconds() - t[first].epoch_seconds()) / per


def _score(metric: str) -> Callable[[ir.Table], Any]:
    return lambda t: ibis.ifelse(t["metric"] == metric, t["score"], ibis.null("float64"))


HOUR, DAY = 3600.0, 86400.0
DERIVED: dict[str, tuple[Variable, ...]] = {
    "responses": (*tuple(Variable(f"score_{m}", title, "number", _score(m)) for m, title in (("nps", "NPS answer (0-10)"), ("csat", "Satisfaction answer"), ("ces", "Ease answer"), ("rating", "Rating"))), Variable("nps_class", "NPS class", "category", lambda t: ibis.ifelse(t["metric"] == "nps", ibis.ifelse(t["score"] >= 9, "promoter", ibis.ifelse(t["score"] >= 7, "passive", "detractor")), ibis.null("string")))),
    "tickets": (Variable("reply_hours", "Hours to first reply", "number", _hours("created_at", "first_response_at", HOUR), "h"),
                Variable("resolution_hours", "Hours to resolution", "number", _hours("created_at", "resolved_at", HOUR), "h"),
                Variable("reopened", "Reopened", "category", lambda t: ibis.ifelse(t["reopens"] > 0, "yes", "no"))),
    "deals": (Variable("cycle_days", "Days to close", "number", _hours("created_at", "closed_at", DAY), "days"),),
    "orders": (Variable("delivery_days", "Days to delivery", "number", _hours("ordered_at", "delivered_at", DAY), "days"),
               Variable("late_days", "Days late", "number", _hours("promised_at", "delivered_at", DAY), "days"),
               Variable("late", "Late", "category", lambda t: ibis.ifelse(t["delivered_at"] > t["promised_at"], "yes", "no"))),
    "customers": (Variable("left", "Left", "category", lambda t: ibis.ifelse(t["left_at"].notnull(), "yes", "no")),),
    "step_runs": (Variable("work_hours", "Hours of work", "number", _hours("started_at", "ended_at", HOUR), "h"),),
    "trainings": (Variable("gain", "Points gained", "number", lambda t: t["post_score"] - t["pre_score"]),),
}  # fmt: skip


@lru_cache(maxsize=32)
def variables(dataset: str) -> dict[str, Variable]:
    """Every variable of a dataset by key, what was derived first. Identifiers, free text and personal data are none."""
    kind = DATASETS[dataset]
    found = {v.key: v for v in DERIVED.get(dataset, ())}
    for name, type_ in kind.types.items():
        title = kind.titles[name].removesuffix(" minor")
        if type_ is datetime:
            found[name] = Variable(name, title, "moment", lambda t, c=name: t[c])  # type: ignore[misc]
        elif type_ is bool:
            found[name] = Variable(name, title, "category", lambda t, c=name: ibis.ifelse(t[c], "yes", "no"))  # type: ignore[misc]
        elif name.endswith("_minor"):
            found[name] = Variable(name, title, "number", lambda t, c=name: t[c], money=True)  # type: ignore[misc]
        elif type_ in (int, float) and name not in NOT_NUMBERS:
            found[name] = Variable(name, title, "number", lambda t, c=name: t[c])  # type: ignore[misc]
        elif name in kind.dimensions:
            found[name] = Variable(name, title, "category", lambda t, c=name: t[c])  # type: ignore[misc]
    if dataset == "responses":
        found.pop("score")  # scales of different questions do not mix
    return found


def of_kind(dataset: str, *kinds: str) -> list[str]:
    """Keys of the variables of some kinds, in order."""
    return [key for key, v in variables(dataset).items() if v.kind in kinds]


def usable(view: View) -> list[str]:
    """Datasets that have rows."""
    return [name for name in DATASETS if view.now.rows(name)]


def selected(view: View, dataset: str) -> ir.Table:
    """The dataset in the page's filters and period; customers are not narrowed by time, since they are what they are now."""
    return narrowed(dataset, view.filters)


def narrowed(dataset: str, filters: Filters) -> ir.Table:
    """The same for filters alone."""
    tables, _ = filters.apply(engine.tables())
    return tables[dataset] if dataset == "customers" else Scope(filters.start, filters.end).during(tables[dataset], DATASETS[dataset].time)


@lru_cache(maxsize=64)
def currency(dataset: str, now: Revision) -> str:
    """The currency most rows of the dataset are in; empty where there is none."""
    table = engine.tables()[dataset]
    if "currency" not in table.columns:
        return ""
    counted = table.filter(table["currency"].notnull()).group_by("currency").aggregate(n=lambda t: t.count())
    found = engine.rows(counted.order_by(counted["n"].desc(), counted["currency"]).limit(1), now=now)
    return str(found[0]["currency"]) if found else ""


def prepared(view: View, dataset: str, keys: Sequence[str], only: Sequence[tuple[str, tuple[str, ...]]] = ()) -> tuple[ir.Table, str]:
    """The selected rows with the named variables as columns of those names beside `id`, and a note on what was left out.

    Money comes in whole units of the commonest currency; rows in other currencies are left out, since they cannot be added.
    """
    table, note = selected(view, dataset), ""
    chosen = [variables(dataset)[key] for key in dict.fromkeys(keys)]
    for key, values in only:
        table = table.filter(variables(dataset)[key].of(table).isin(values))
    if any(v.money for v in chosen):
        code = currency(dataset, view.now)
        table, note = table.filter(table["currency"] == code), f"amounts in {code} only"
        share = 1 / words.minor(code) if code else 1.0
    columns = {v.key: (v.of(table) * share if v.money else v.of(table)) for v in chosen}
    person = {"person": table["customer_id"].fill_null(table["key"])} if "customer_id" in table.columns else {"person": table["key"]}
    return table.select("id", **{f"v_{k}": c for k, c in columns.items()}, **person), note


def frame(view: View, dataset: str, keys: Sequence[str], limit: int = SAMPLE, only: Sequence[tuple[str, tuple[str, ...]]] = ()) -> tuple[pd.DataFrame, int, str]:
    """Rows of these variables as a frame, how many there are in all, and a note. Above `limit` an even sample, the same each time."""
    table, note = prepared(view, dataset, keys, only)
    total = int(engine.rows(table.aggregate(n=table.count()), now=view.now)[0]["n"])
    if total > limit:
        mixed = (table["id"] % 1_000_003) * 7_919 % 1_000_003
        table = table.order_by(mixed, table["id"]).limit(limit)
        note = "; ".join(p for p in (note, f"an even sample of {limit:,} of {total:,} rows") if p)
    found = engine.fetch(table, now=view.now).to_pandas()
    return found.rename(columns={f"v_{k}": k for k in keys}), total, note


def title(dataset: str, key: str) -> str:
    """A variable's name as a heading."""
    return variables(dataset)[key].title
