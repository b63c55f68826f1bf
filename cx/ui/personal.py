"""A KPI measured for one person, where the data says whose work it is."""

from __future__ import annotations

from cx import scorecard
from cx.analytics.estimate import Estimate, undefined
from cx.blueprint.catalogue import KPIS
from cx.ui.page import View

WHOSE = ("agent", "owner")  # the columns that name who did the work: tickets, answers and interactions; deals


def measured(view: View, kpi: str | None, person: str) -> Estimate | None:
    """The KPI in the period of the page from this person's work alone; None where no KPI is named.

    A KPI whose data names nobody has no value, with the reason.
    """
    if kpi not in KPIS:
        return None
    row = KPIS[kpi]
    whose = next((column for column in WHOSE if column in scorecard.dimensions(row)), None)
    if whose is None:
        return undefined("its data does not say whose work it is", row.unit)
    return scorecard.read(row, view.filters.narrowed(whose, person), now=view.now)[0].estimate
