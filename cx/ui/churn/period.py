"""The period the page looks at, and the formulas of logo churn by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.ui import format as words
from cx.ui.page import View


@dataclass(frozen=True)
class Formula:
    """A formula of logo churn: the KPI that computes it, and the formula in words."""

    kpi: str
    text: str


FORMULAS = {
    "start base": Formula("logo_churn", "start base: customers at the start of the period who left in it / customers at its start; who joined in the period counts in neither"),
    "daily sum": Formula("logo_churn_daily", "daily sum: for each day, customers who left on it / customers active as it began; the days added up"),
}


def spoken(key: str) -> str:
    """The formula behind a KPI in words."""
    return next((formula.text for formula in FORMULAS.values() if formula.kpi == key), "")


def bounds(view: View) -> tuple[datetime, datetime] | None:
    """From when to when churn is looked at: the period chosen, else the last twelve months of the data; None without data."""
    start, end = scorecard.period(kpi("logo_churn"), view.filters, (), view.now)
    return (start, end) if start and end else None


def before(view: View) -> tuple[datetime, datetime] | None:
    """The period compared with: the one chosen, else one of equal length right before."""
    here = bounds(view)
    return view.compare or ((here[0] - (here[1] - here[0]), here[0]) if here else None)


def text(view: View) -> str:
    """The period in words."""
    here = bounds(view)
    return words.until(*here) if here else "no period"


def days(view: View) -> float:
    """How long the period is."""
    here = bounds(view)
    return (here[1] - here[0]).days if here else 365.25
