"""Quality measurements: continuous characteristics in subgroups, inspections, defects, and what suppliers deliver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from cx.demo.cast import SLIPPING, SUPPLIERS
from cx.demo.sheet import number, pick, sheet, when
from cx.demo.timeline import DAY, DAYS, Timeline, weekday

DEFECTIVE, DEFECTIVE_LATER = 0.006, 0.024
PUNCTUAL, PUNCTUAL_LATER = 0.95, 0.74
SUPPLIED = ("Filter set", "Brunoma Office", "Bean box", "Cup tower", "Brunoma Duo")
# Characteristic, product, unit, target, tolerance, spread within a subgroup, spread between subgroups
CONTINUOUS = (
    ("Brew temperature", "Brunoma Studio", "°C", 92.0, 2.0, 0.46, 0.10),
    ("Bean box weight", "Bean box", "g", 1_000.0, 12.0, 3.1, 0.8),
)
OPERATORS = ("Line 1", "Line 2", "Line 3")
MISSED = 3


def measurements(rng: np.random.Generator, timeline: Timeline) -> pa.Table:
    """All characteristics; the columns that do not apply to one are empty."""
    days = timeline.start + np.arange(DAYS) * DAY
    work = days[weekday(days) < 5]
    parts: list[dict[str, Any]] = []
    for title, product, unit, target, tolerance, within, between in CONTINUOUS:
        at = np.repeat(np.sort(np.concatenate([work + 9 * 3600, work + 14 * 3600])), 5)
        groups = len(at) // 5
        value = np.round(target + np.repeat(rng.normal(0, between, groups), 5) + rng.normal(0, within, len(at)), 2)
        value[rng.choice(len(at), MISSED, replace=False)] = np.nan
        fits = np.abs(value - target) <= tolerance
        parts.append({"process": "Production", "characteristic": title, "unit": unit, "value": value, "subgroup": number(product[:3].upper() + "-", np.repeat(np.arange(groups), 5) + 1),
                      "lower_limit": target - tolerance, "upper_limit": target + tolerance, "target": target, "passed": when(np.isnan(value), None, fits).astype(object),
                      "product": product, "operator": pick(OPERATORS, np.repeat(rng.integers(0, 3, groups), 5)), "measured_at": at + np.tile(np.arange(5) * 240, groups)})  # fmt: skip
    sizes = rng.integers(120, 190, len(work))
    bad = rng.binomial(sizes, np.clip(rng.normal(0.021, 0.003, len(work)), 0.005, 0.05))
    parts.append({"process": "Final inspection", "characteristic": "Machines failing final inspection", "unit": "units", "sample_size": sizes, "defectives": bad,
                  "product": "Brunoma Office", "operator": pick(OPERATORS, rng.integers(0, 3, len(work))), "measured_at": work + 17 * 3600})  # fmt: skip
    packed = rng.integers(60, 110, len(work))
    parts.append({"process": "Packing", "characteristic": "Packing defects", "unit": "defects", "sample_size": packed, "defects": rng.poisson(packed * 15 * 0.0011), "opportunities": 15,
                  "operator": pick(OPERATORS, rng.integers(0, 3, len(work))), "touchpoint": "Delivery", "measured_at": work + 16 * 3600})  # fmt: skip
    weeks = work[weekday(work) == 2]
    for index, supplier in enumerate(SUPPLIERS):
        later = (weeks >= timeline.supplier) & (supplier == SLIPPING)
        lot = rng.integers(380, 620, len(weeks))
        base = (DEFECTIVE, 0.004, 0.003, 0.005, 0.0045)[index]
        defective = rng.binomial(lot, np.where(later, DEFECTIVE_LATER, base))
        shared = {"process": "Incoming goods", "subgroup": number(f"{supplier[:3].upper()}-", np.arange(len(weeks)) + 1, 4), "supplier": supplier, "product": SUPPLIED[index]}
        parts.append(shared | {"characteristic": "Incoming inspection", "unit": "units", "sample_size": lot, "defectives": defective, "passed": (defective <= 8).astype(object),
                               "measured_at": weeks + 10 * 3600})  # fmt: skip
        twice = np.sort(np.concatenate([weeks, weeks + 2 * DAY]))
        twice = twice[twice < timeline.end]
        slip = (twice >= timeline.supplier) & (supplier == SLIPPING)
        punctual = rng.random(len(twice)) < np.where(slip, PUNCTUAL_LATER, PUNCTUAL)
        delay = np.where(punctual, -np.round(rng.random(len(twice)) * 2), np.ceil(rng.gamma(2, 1.3, len(twice))))
        own = shared | {"subgroup": None}
        parts.append(own | {"characteristic": "Supplier delivery delay", "unit": "days", "value": delay, "upper_limit": 0.0, "passed": punctual.astype(object), "measured_at": twice + 8 * 3600})
        reply = np.round(np.exp(rng.normal(np.where((weeks >= timeline.supplier) & (supplier == SLIPPING), 3.7, 3.0), 0.45)), 1)
        parts.append(own | {"characteristic": "Supplier response time", "unit": "hours", "value": reply, "upper_limit": 48.0, "passed": (reply <= 48).astype(object),
                            "measured_at": weeks + 15 * 3600})  # fmt: skip
    names = {name for p in parts for name in p}
    empty = {"value": np.nan, "sample_size": np.nan, "defectives": np.nan, "defects": np.nan, "opportunities": np.nan, "lower_limit": np.nan, "upper_limit": np.nan, "target": np.nan}
    columns = {}
    for name in sorted(names):
        pieces = []
        for p in parts:
            piece = p.get(name, empty.get(name))
            kind = float if name in empty else np.int64 if name == "measured_at" else object
            pieces.append(np.broadcast_to(np.asarray(piece, dtype=kind), len(p["measured_at"])))
        columns[name] = np.concatenate(pieces)
    order = np.argsort(columns["measured_at"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    return sheet("measurements", columns | {"measurement_id": number("Q", np.arange(len(order)) + 1, 6)})
