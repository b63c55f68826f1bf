"""Sales opportunities and the stages they pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cx.demo.cast import COUNTRIES, REPS, SALES_TEAMS, SEGMENT_NAMES, SEGMENTS
from cx.demo.customers import PROSPECTS, Population
from cx.demo.moments import OFFICE, moments
from cx.demo.sheet import blank, number, pick, sheet, when
from cx.demo.timeline import DAY, NEVER, Ints, Timeline

OTHERS, WON_OTHERS = 3_050, 0.19
STAGES = ("Qualification", "Discovery", "Proposal", "Negotiation")
PROBABILITY = (0.1, 0.25, 0.5, 0.75)
SOURCES = ("Search", "Trade fair", "Referral", "Partner", "Cold call", "Newsletter", "Existing customer")
LOST = ("Price", "Competitor", "No budget", "No decision", "Product gap", "Timing")
COUNTRY_TEAM = np.array([0, 0, 1, 2, 2, 1])


@dataclass(frozen=True)
class Deals:
    """The deals as arrays; `stage` is how far each came, `closed` NEVER while open."""

    customer: np.ndarray
    segment: Ints
    owner: Ints
    created: Ints
    closed: Ints
    won: np.ndarray
    stage: Ints
    entered: Ints


def deals(rng: np.random.Generator, people: Population, timeline: Timeline) -> tuple[pa.Table, Deals]:
    """The deals table, and what the stage history needs. Most newcomers among businesses came through a deal that was won."""
    new = np.flatnonzero((people.joined >= timeline.start) & (people.segment > 0) & (rng.random(people.size) < 0.66))
    other = moments(rng, OTHERS, timeline, OFFICE, 1.45)
    holder = np.flatnonzero(people.segment > 0)
    n = len(new) + OTHERS
    is_new = np.arange(n) < len(new)
    known = np.concatenate([new, rng.choice(holder, OTHERS)])
    prospect = ~is_new & ((rng.random(n) < 0.3) | (people.left[known] < np.concatenate([people.joined[new], other])) | (people.joined[known] > np.concatenate([people.joined[new], other])))
    cycle = (np.exp(rng.normal(np.array([2.8, 3.3, 3.7, 4.2])[people.segment[known]], 0.55)) * DAY).astype(np.int64) + DAY
    # Some were already under way at the start, so that the first months have deals to close.
    other = np.where(np.arange(OTHERS) % 24 == 0, timeline.start - (rng.random(OTHERS) * cycle[len(new) :]).astype(np.int64), other)
    created = np.concatenate([people.joined[new] - cycle[: len(new)], other])
    planned = created + cycle
    won = np.where(is_new, True, rng.random(n) < WON_OTHERS)
    won &= ~prospect
    closed = np.where(planned < timeline.end, planned, NEVER)
    is_open = closed >= NEVER
    reached = np.where(won, 3, rng.choice(4, n, p=(0.34, 0.28, 0.24, 0.14)))
    progress = np.clip((timeline.end - created) / cycle, 0, 0.999)
    reached = np.where(is_open, np.minimum(reached, (progress * (reached + 1)).astype(np.int64)), reached)
    full = np.where(won, 4, reached + 1)
    length = np.where(is_open, timeline.end - created, cycle)
    entered = created + (length * reached / np.maximum(full, 1)).astype(np.int64)
    skill = rng.uniform(0.6, 1.5, len(REPS))
    owner = np.zeros(n, np.int64)
    country = people.country[known]
    for team in range(3):
        members = np.array([i for i, (_, t) in enumerate(REPS) if t == team])
        for outcome in (True, False):
            mine = (COUNTRY_TEAM[country] == team) & (won == outcome)
            weights = skill[members] if outcome else 1 / skill[members] ** 0.5
            owner[mine] = rng.choice(members, int(mine.sum()), p=weights / weights.sum())
    source = np.where(is_new | prospect, rng.choice(6, n, p=(0.3, 0.15, 0.16, 0.15, 0.14, 0.1)), 6)
    amount = np.array([s.fee for s in SEGMENTS])[people.segment[known]] * 12 * np.exp(rng.normal(0.1, 0.45, n)) * np.where(source == 6, 0.45, 1.0)
    pid = number("P", rng.integers(1, PROSPECTS + 1, n))
    customer = np.where(prospect, pid, people.ids[known])
    product = pick([p for s in SEGMENTS for p in s.machines], people.segment[known] * 2 + people.variant[known])
    final = np.where(is_open, pick(STAGES, reached), np.where(won, "Won", "Lost")).astype(object)
    table = sheet("deals", {
        "deal_id": number("D", np.arange(n) + 50_001), "customer_id": customer,
        "name": np.array([f"{p} · {c}" for p, c in zip(product, customer, strict=True)], dtype=object), "segment": pick(SEGMENT_NAMES, people.segment[known]),
        "source": pick(SOURCES, source), "campaign": pick(("Search always-on", "Trade fair tour", None, "Partner programme", None, "Newsletter", None), source),
        "channel": pick(("Field sales", "Inside sales", "Partner"), rng.choice(3, n, p=(0.45, 0.4, 0.15))), "owner": pick([r[0] for r in REPS], owner),
        "team": pick(SALES_TEAMS, COUNTRY_TEAM[country]), "product": product, "country": pick(COUNTRIES, country), "stage": final,
        "status": np.where(is_open, "open", np.where(won, "won", "lost")).astype(object),
        "probability": np.where(is_open, np.array(PROBABILITY)[reached], np.where(won, 1.0, 0.0)), "amount_minor": np.round(amount / 1000).astype(np.int64) * 1000,
        "currency": "EUR", "created_at": created, "stage_entered_at": np.where(is_open, entered, closed),
        "expected_close_at": (created + cycle * rng.uniform(0.8, 1.25, n)).astype(np.int64) // DAY * DAY, "closed_at": closed,
        "lost_reason": when(~is_open & ~won, blank(rng, pick(LOST, rng.choice(6, n, p=(0.27, 0.24, 0.17, 0.16, 0.08, 0.08))), 0.05)),
    })  # fmt: skip
    return table, Deals(customer, people.segment[known], owner, created, closed, won & ~is_open, reached, entered)
