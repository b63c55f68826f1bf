"""Subscriptions: stretches at one price, with expansion, contraction, churn and return."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cx.demo.cast import MID_MARKET, SEGMENTS
from cx.demo.customers import Population
from cx.demo.moments import OFFICE, arrivals
from cx.demo.sheet import blank, number, pick, sheet, when
from cx.demo.timeline import DAY, NEVER, Timeline

EXPANSIONS, CONTRACTIONS = 0.051, 0.012
REASONS = ("Price", "No longer needed", "Moved to a competitor", "Product did not fit", "Service", "Late deliveries")


def leave_reasons(rng: np.random.Generator, people: Population) -> np.ndarray:
    """Why each would say they left: late deliveries for many who had one after the change of courier."""
    usual = pick(REASONS, rng.choice(6, people.size, p=(0.3, 0.26, 0.18, 0.13, 0.1, 0.03)))
    struck = (people.late < people.left) & (rng.random(people.size) < np.where(people.segment == MID_MARKET, 0.68, 0.3))
    return np.where(struck, REASONS[5], blank(rng, usual, 0.06))


def subscriptions(rng: np.random.Generator, people: Population, reasons: np.ndarray, timeline: Timeline) -> pa.Table:
    """One row a stretch. A customer's stretches meet end to start, but for the gap of those who left and came back."""
    n = people.size
    months = np.full(n, EXPANSIONS + CONTRACTIONS)
    who, moment = arrivals(rng, people.joined + 45 * DAY, people.left - 5 * DAY, months, timeline, OFFICE)
    day = moment // DAY * DAY
    up = rng.random(len(who)) < EXPANSIONS / (EXPANSIONS + CONTRACTIONS)
    step = np.where(up, rng.uniform(1.12, 1.42, len(who)), rng.uniform(0.7, 0.88, len(who)))
    again = np.flatnonzero(people.back < NEVER)
    who = np.concatenate([np.arange(n), who, again])
    began = np.concatenate([people.joined, day, people.back[again] // DAY * DAY])
    step = np.concatenate([np.ones(n), step, np.full(len(again), 0.9)])
    kind = np.concatenate([np.zeros(n), np.ones(len(day)), np.full(len(again), 2)])
    order = np.lexsort((began, who))
    who, began, step, kind = who[order], began[order], step[order], kind[order]
    fresh = np.concatenate([[True], (who[1:] != who[:-1]) | (began[1:] != began[:-1])])
    who, began, step, kind = who[fresh], began[fresh], step[fresh], kind[fresh]
    logs = np.cumsum(np.log(step))
    start = np.flatnonzero(np.concatenate([[True], who[1:] != who[:-1]]))
    base = np.repeat(logs[start], np.diff(np.append(start, len(who))))
    fee = np.array([s.fee for s in SEGMENTS])[people.segment] * np.exp(rng.normal(0, 0.38, n)) * np.where(people.variant == 1, 1.2, 0.9)
    mrr = np.round(fee[who] * np.exp(logs - base) / 50).astype(np.int64) * 50
    following = np.append(who[1:] == who[:-1], False)
    next_start = np.append(began[1:], NEVER)
    next_kind = np.append(kind[1:], 0)
    leaves = people.left[who]
    ended = np.where(following & (next_kind == 1), next_start, np.where((kind != 2) & (leaves < NEVER), leaves, NEVER))
    cancelled = (ended < NEVER) & ~(following & (next_kind == 1))
    year = 365 * DAY
    renews = began + np.maximum(1, np.ceil((timeline.end - began) / year)).astype(np.int64) * year
    return sheet("subscriptions", {
        "subscription_id": number("S", who + 10_001), "customer_id": people.ids[who], "segment": people.segments[who], "plan": people.plans[who],
        "product": people.machines[who], "channel": pick(("Web shop", "Field sales", "Partner"), rng.choice(3, n, p=(0.6, 0.28, 0.12))[who]),
        "country": people.countries[who], "status": np.where(ended < NEVER, "ended", "active").astype(object), "mrr_minor": mrr, "currency": "EUR",
        "started_at": began, "ended_at": ended, "renews_at": np.where(ended < NEVER, NEVER, renews), "cancel_reason": when(cancelled, reasons[who]),
    })  # fmt: skip
