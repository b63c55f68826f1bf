"""Names to choose from: those seen in the data, the people, the KPIs and the steps."""

from __future__ import annotations

from functools import lru_cache

from cx.blueprint.catalogue import KPIS
from cx.blueprint.groups import GROUPS
from cx.facts import engine
from cx.facts.datasets import DATASETS
from cx.facts.history import Revision, revision
from cx.records.fields import Spec
from cx.records.lookup import records
from cx.store.engine import store_url

MOST = 500
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK")
# Where the same thing has another name in a dataset.
PEOPLE = (("tickets", "agent"), ("deals", "owner"), ("trainings", "employee"))


def suggestions(spec: Spec) -> list[str]:
    """What may be offered for a field; other names are accepted as well."""
    kind, _, name = spec.source.partition(":")
    if kind == "facts":
        return _seen(store_url(), revision(), name)
    if kind == "people":
        return sorted({r.name for r in records("employee")} | set(_people(store_url(), revision())))
    if spec.source == "blueprint:kpi":
        return list(KPIS)
    if spec.source == "blueprint:step":
        return list(dict.fromkeys(step.key for group in GROUPS.values() for step in group.steps))
    return list(CURRENCIES) if kind == "currency" else []


def titled(spec: Spec, value: str) -> str:
    """How a suggestion reads: KPIs and steps by their title too."""
    if spec.source == "blueprint:kpi" and value in KPIS:
        return f"{KPIS[value].title} ({value})"
    return value


@lru_cache(maxsize=256)
def _seen(url: str, now: Revision, column: str) -> list[str]:
    found: set[str] = set()
    for name, kind in DATASETS.items():
        if kind.types.get(column) is str and now.rows(name):
            found |= _distinct(name, column, url, now)
    return sorted(found)[:MOST]


@lru_cache(maxsize=32)
def _people(url: str, now: Revision) -> list[str]:
    return sorted(set().union(*(_distinct(name, column, url, now) for name, column in PEOPLE if now.rows(name))))[:MOST]


def _distinct(name: str, column: str, url: str, now: Revision) -> set[str]:
    table = DATASETS[name].unbound
    found = engine.fetch(table.filter(table[column].notnull()).select(column).distinct().limit(MOST), url, now)
    return {str(value) for value in found[column].to_pylist() if str(value).strip()}
