"""All KPIs by key. A new one is a row in `cx/blueprint/kpis/`; a new file there is named here once."""

from __future__ import annotations

from cx.blueprint.kpi import Kpi
from cx.blueprint.kpis import improvement, journeys, marketing, needs, product, quality, reporting, retention, sales, service, training
from cx.errors import InputError

FILES = (needs, journeys, service, sales, retention, marketing, product, quality, improvement, training, reporting)
KPIS: dict[str, Kpi] = {row.key: row for part in FILES for row in part.KPIS}


def kpi(key: str) -> Kpi:
    """Look a KPI up by key. Raises InputError naming those there are."""
    if key not in KPIS:
        raise InputError(f"expected one of the KPIs {', '.join(KPIS)}", f"found {key!r}", "choose one of them")
    return KPIS[key]
