"""KPIs of reporting: whether the numbers can be trusted, and how far the organisation has come."""

from __future__ import annotations

from cx.analytics.registers import MATURITY, maturity
from cx.analytics.soundness import SOUND_ANSWERS, STALENESS, sound_answers, staleness
from cx.blueprint.kpi import Kpi

KPIS = (
    Kpi("data_quality", "Sound answers", "How many survey answers can be used without reserve?", SOUND_ANSWERS, sound_answers, "reporting", "%", "higher", target=95.0,
        caveats="Anonymous surveys name no customer by design, and lower it."),
    Kpi("freshness", "Stalest source", "How old is the source that has been silent longest?", STALENESS, staleness, "reporting", "days", "lower", target=7.0, minimum=1,
        caveats="A source that never delivered anything is not counted; n counts sources."),
    Kpi("maturity", "Maturity", "How far have the processes come that were assessed?", MATURITY, maturity, "reporting", "of 5", "higher", target=3.0, minimum=10,
        caveats="Self-assessment; steps not assessed are not in it."),
)  # fmt: skip
