"""Measures and statistics of customer experience, usable without the app.

>>> from cx import analytics
>>> analytics.nps([10, 9, 8, 3]).value
25.0

Functions take pandas, Polars, Arrow or Ibis tables and return estimates with intervals, or small frames. Each is
imported when it is first asked for; `dir(analytics)` lists them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

# module -> the functions it offers here
OFFERED = {
    "nps": ("nps", "nps_of_counts"), "effort": ("ces", "ease", "ces_agree"), "satisfaction": ("csat",), "response_rate": ("response_rate",),
    "estimate": ("Estimate", "Difference", "difference"), "interval": ("proportion", "mean", "rate"),
    "retention": ("logo_churn", "yearly"), "revenue": ("mrr_movements",), "lifecycle": ("lifecycle", "inactivity_churn"), "cohort": ("cohorts",),
    "contract_cohort": ("contract_cohorts",),
    "survival": ("survival", "survival_of_times"), "rfm": ("rfm",), "lifetime_value": ("lifetime_value",), "health": ("health",),
    "funnel": ("funnel", "step_conversion", "stage_counts"), "paths": ("directly_follows", "paths", "next_steps"),
    "service": ("first_response", "resolution"), "sla": ("attainment",), "erlang": ("staffing", "agents_needed"), "backlog": ("backlog",),
    "business_hours": ("business_hours", "minutes", "due"), "pipeline": ("stage_conversion", "time_in_stage"), "forecast": ("forecast",),
    "attribution": ("attribution",), "lead_score": ("lead_score",), "learning": ("paired_gain", "difference_in_differences", "kirkpatrick"),
    "needs": ("opportunity_score", "rice"), "usability": ("sus", "task_success", "time_on_task"),
    "control_chart": ("control_chart",), "capability": ("capability",), "defects": ("dpmo", "sigma_level", "rolled_yield"), "pareto": ("pareto",),
    "process": ("steps", "flow", "variants", "lead_time"), "simulation": ("simulate",), "inference": ("infer",), "intervention": ("interrupted",),
    "drivers": ("key_drivers",), "regression": ("linear", "logistic"), "churn_model": ("churn_model",), "clusters": ("clusters",),
    "association_rules": ("association_rules",), "sentiment": ("scores",), "themes": ("themes",), "spikes": ("spikes",),
}  # fmt: skip
HOME = {name: module for module, names in OFFERED.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(HOME)


class _Package(ModuleType):
    """Importing `cx.analytics.nps` would bind the module over the function of that name; here the function stays."""

    def __setattr__(self, name: str, value: Any) -> None:
        if HOME.get(name) == name and isinstance(value, ModuleType) and hasattr(value, name):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
