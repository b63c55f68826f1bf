"""KPIs of quality: how often it is right, how capable processes are, how partners do."""

from __future__ import annotations

from cx.analytics.capability import CPK, PPK, cpk
from cx.analytics.defects import DPMO, FPY, RTY, SIGMA_LEVEL, SUPPLIER_PPM, dpmo, first_pass_yield, inspected, rolled_yield, sigma_level
from cx.analytics.delivery import ON_TIME_DELIVERY, on_time
from cx.blueprint.kpi import Kpi

SPECIFIED = "Only characteristics with a specification limit; of several the weakest is shown."

KPIS = (
    Kpi("fpy", "First-pass yield", "How much is right the first time?", FPY, first_pass_yield, "quality", "%", "higher", target=98.0),
    Kpi("rty", "Rolled yield", "How much passes every step at the first attempt?", RTY, rolled_yield, "quality", "%", "higher", target=95.0,
        caveats="Takes the steps as independent of each other."),
    Kpi("dpmo", "DPMO", "How many of a million chances for a defect become one?", DPMO, dpmo, "quality", "per million", "lower", target=3000.0, minimum=1000,
        caveats="Depends on what is called an opportunity: compare only where that is counted alike."),
    Kpi("sigma_level", "Sigma level", "How many standard deviations lie between the process and its limit?", SIGMA_LEVEL, sigma_level, "quality", "sigma", "higher",
        target=4.0, minimum=1000, caveats="The customary shift of 1.5 sigma is added, and stated."),
    Kpi("cpk", "Cpk", "Can the process keep its limits when nothing special happens?", CPK, cpk, "quality", "index", "higher", target=1.33, caveats=SPECIFIED),
    Kpi("ppk", "Ppk", "Has the process kept its limits, all that happened included?", PPK, cpk, "quality", "index", "higher", target=1.33, caveats=SPECIFIED),
    Kpi("supplier_ppm", "Supplier defects", "How many of a million parts from suppliers are defective?", SUPPLIER_PPM, inspected, "quality", "ppm", "lower",
        target=500.0, minimum=1000, caveats="100 percent less first-pass yield, counted in millionths, over what names a supplier."),
    Kpi("on_time_delivery", "On-time delivery", "How often do deliveries arrive when promised?", ON_TIME_DELIVERY, on_time, "quality", "%", "higher", target=95.0,
        caveats="Lines without a promised date are left out."),
)  # fmt: skip
