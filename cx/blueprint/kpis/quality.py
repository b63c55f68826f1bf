"""KPIs of quality: how often it is right, how capable processes are, how partners do."""

from __future__ import annotations

from cx.analytics.capability import CP, CPK, PP, PPK, cpk
from cx.analytics.defects import DEFECT_RATE, DPMO, FPY, RTY, SIGMA_LEVEL, SUPPLIER_PPM, dpmo, first_pass_yield, inspected, rolled_yield, sigma_level
from cx.analytics.delivery import ON_TIME_DELIVERY, RETURN_RATE, SUPPLIER_ON_TIME, on_time, return_rate
from cx.analytics.measure import Tables
from cx.analytics.registers import CAPA_EFFECTIVE, CAPA_ON_TIME, capa_effective, capa_on_time
from cx.analytics.stability import OUT_OF_CONTROL, out_of_control
from cx.blueprint.kpi import Kpi

SPECIFIED = "Only characteristics with a specification limit; of several the weakest is shown."
CENTRED = "Only characteristics with two specification limits; of several the weakest is shown. Where the process sits between them does not count."



def both_limits(tables: Tables) -> Tables:
    """Measurements with an upper and a lower specification limit: without both there is no width to compare with."""
    table = tables["measurements"]
    return {**tables, "measurements": table.filter(table["lower_limit"].notnull() & table["upper_limit"].notnull())}


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
    Kpi("defect_rate", "Defect rate", "How much is wrong the first time?", DEFECT_RATE, inspected, "quality", "%", "lower", target=2.0,
        caveats="100 percent less first-pass yield: units are counted and not their defects."),
    Kpi("out_of_control", "Points out of control", "How often does something special disturb our processes?", OUT_OF_CONTROL, out_of_control, "quality", "%", "lower",
        target=1.0, minimum=50, caveats="About 0.3 percent lie outside by chance; limits come from the period shown."),
    Kpi("cp", "Cp", "Could the process keep its limits if it were centred?", CP, cpk, "quality", "index", "higher", filter=both_limits, target=1.33,
        caveats=CENTRED),
    Kpi("pp", "Pp", "Could it have kept its limits if centred, all that happened included?", PP, cpk, "quality", "index", "higher",
        filter=both_limits, target=1.33, caveats=CENTRED),
    Kpi("supplier_on_time", "Suppliers on time", "How often do suppliers and couriers deliver when promised?", SUPPLIER_ON_TIME, on_time, "quality", "%", "higher",
        target=95.0, caveats="Only lines that name a supplier; without a promised date they are left out."),
    Kpi("return_rate", "Returned", "How much of what we sell comes back?", RETURN_RATE, return_rate, "quality", "%", "lower", target=3.0,
        caveats="Recent orders can still come back, so the latest period looks better than it is."),
    Kpi("capa_on_time", "CAPA on time", "Are corrective actions carried out when due?", CAPA_ON_TIME, capa_on_time, "quality", "%", "higher", target=90.0, minimum=5,
        caveats="Cases without a due day and cancelled ones are in neither part."),
    Kpi("capa_effective", "CAPA effective", "How often does a cure, once verified, prove to work?", CAPA_EFFECTIVE, capa_effective, "quality", "%", "higher",
        target=80.0, minimum=5, caveats="Only cases whose effect was verified."),
)  # fmt: skip
