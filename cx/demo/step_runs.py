"""Process steps: order to delivery, complaint handling and sales, with waits, roles and loops of rework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from cx.demo.cast import AGENT_NAMES, REPS, SEGMENT_NAMES, TEAMS
from cx.demo.customers import Population
from cx.demo.deals import STAGES, Deals
from cx.demo.moments import after_work
from cx.demo.orders import Orders
from cx.demo.sheet import number, pick, sheet, when
from cx.demo.tickets import TEAM_OF, Tickets
from cx.demo.timeline import NEVER, Ints, Timeline

EVERY = 8
REWORK_ORDER, REWORK_COMPLAINT, REWORK_SALES = 0.07, 0.18, 0.12


@dataclass(frozen=True)
class Step:
    """A step: who does it, median minutes of waiting before and of work, and whether it adds value."""

    name: str
    role: str
    wait: float
    work: float
    valued: bool


ORDER_STEPS = (
    Step("Check order", "Order desk", 40, 8, False), Step("Check credit", "Finance", 150, 6, False), Step("Pick", "Warehouse", 120, 22, True),
    Step("Pack", "Warehouse", 30, 14, True), Step("Hand to courier", "Logistics desk", 90, 5, False), Step("Transport", "Courier", 60, 380, True),
)  # fmt: skip
COMPLAINT_STEPS = (
    Step("Register", "Customer care", 25, 6, False), Step("Assess", "Customer care", 90, 18, True), Step("Ask department", "Specialist", 260, 25, True),
    Step("Decide", "Team lead", 180, 12, False), Step("Answer customer", "Customer care", 60, 15, True), Step("Close", "Customer care", 45, 4, False),
)  # fmt: skip


def _runs(rng: np.random.Generator, steps: tuple[Step, ...], begin: Ints, loop: tuple[int, int, float]) -> dict[str, np.ndarray]:
    """Cases that go through `steps`; with the chance `loop[2]` a case goes back from step loop[1] to loop[0] and does them again."""
    cases = len(begin)
    back = rng.random(cases) < loop[2]
    clock = begin.copy()
    pieces: list[tuple[np.ndarray, ...]] = []
    path = [(i, False) for i in range(loop[1] + 1)] + [(i, True) for i in range(loop[0], loop[1] + 1)] + [(i, False) for i in range(loop[1] + 1, len(steps))]
    for place, again in path:
        case = np.flatnonzero(back) if again else np.arange(cases)
        step = steps[place]
        started = after_work(clock[case], np.maximum(1.0, step.wait * np.exp(rng.normal(0, 0.8, len(case)))))
        ended = after_work(started, np.maximum(1.0, step.work * np.exp(rng.normal(0, 0.45, len(case)))))
        clock[case] = ended
        sent_back = back[case] & (place == loop[1]) & (not again)
        pieces.append((case, np.full(len(case), place), started, ended, sent_back))
    case, index, started, ended, sent_back = (np.concatenate([p[i] for p in pieces]) for i in range(5))
    return {
        "case": case, "step": pick([s.name for s in steps], index), "role": pick([s.role for s in steps], index), "started_at": started, "ended_at": ended,
        "value_added": np.array([s.valued for s in steps])[index], "outcome": np.where(sent_back, "sent back", "done").astype(object),
    }  # fmt: skip


def _order_to_delivery(rng: np.random.Generator, orders: Orders, people: Population, timeline: Timeline) -> dict[str, Any]:
    mine = np.arange(0, len(orders.who), EVERY)
    runs = _runs(rng, ORDER_STEPS[:-1], orders.ordered[mine], (2, 3, REWORK_ORDER))
    last = np.zeros(len(mine), np.int64)
    np.maximum.at(last, runs["case"], runs["ended_at"])
    courier = pick(("Parcelio", "Nordfracht", "Rapidroute"), orders.courier[mine])
    arrived = np.maximum(orders.delivered[mine], last + 4 * 3600)
    handed = {"case": np.arange(len(mine)), "step": np.full(len(mine), "Transport", dtype=object), "role": np.full(len(mine), "Courier", dtype=object), "started_at": last + 3600,
              "ended_at": arrived, "value_added": np.full(len(mine), True), "outcome": np.where(orders.late[mine], "late", "on time").astype(object)}  # fmt: skip
    runs = {name: np.concatenate([runs[name], handed[name]]) for name in runs}
    worker = when(runs["role"] == "Courier", courier[runs["case"]])
    who = orders.who[mine][runs["case"]]
    return runs | {"process": "order to delivery", "case_id": number("O", mine + 100_001, 6)[runs["case"]], "worker": worker, "customer_id": people.ids[who],
                   "segment": people.segments[who], "touchpoint": "Delivery"}  # fmt: skip


def _complaints(rng: np.random.Generator, tickets: Tickets, people: Population) -> dict[str, Any]:
    mine = np.flatnonzero(tickets.kind == 3)
    runs = _runs(rng, COMPLAINT_STEPS, tickets.created[mine], (1, 3, REWORK_COMPLAINT))
    ticket = mine[runs["case"]]
    care = runs["role"] == "Customer care"
    team = pick(TEAMS, TEAM_OF[tickets.category[ticket]])
    return runs | {"process": "complaint handling", "case_id": number("T", mine + 200_001, 6)[runs["case"]], "worker": when(care, pick(AGENT_NAMES, tickets.agent[ticket])),
                   "role": np.where(care, team, runs["role"]), "customer_id": people.ids[tickets.who[ticket]], "segment": people.segments[tickets.who[ticket]],
                   "touchpoint": "Support"}  # fmt: skip


def _sales(rng: np.random.Generator, deals: Deals, timeline: Timeline) -> dict[str, Any]:
    """One run a stage entered; a deal sent back from negotiation makes its proposal again."""
    n = len(deals.created)
    closed = deals.closed < NEVER
    last = np.where(closed, deals.closed, timeline.end)
    count = deals.stage + 1
    again = (deals.stage == 3) & (rng.random(n) < REWORK_SALES)
    total = count + 2 * again
    deal = np.repeat(np.arange(n), total)
    nth = np.arange(len(deal)) - np.repeat(np.cumsum(total) - total, total)
    # Qualification, Discovery, Proposal, Negotiation, then once more Proposal and Negotiation.
    stage = np.where(nth < 4, nth, nth - 2)
    weight = rng.gamma(4.0, 1.0, len(deal))
    summed = np.cumsum(weight)
    before = np.repeat((summed - weight)[np.cumsum(total) - total], total)
    whole = np.repeat(np.add.reduceat(weight, np.cumsum(total) - total), total)
    span = (last - deals.created)[deal]
    started = deals.created[deal] + ((summed - weight - before) / whole * span).astype(np.int64)
    ended = deals.created[deal] + ((summed - before) / whole * span).astype(np.int64)
    final = nth == total[deal] - 1
    current = final & ~closed[deal]
    outcome = np.where(final, np.where(closed[deal], np.where(deals.won[deal], "won", "lost"), "open"), np.where(again[deal] & (nth == 3), "sent back", "advanced"))
    return {
        "process": "sales", "case_id": number("D", deal + 50_001), "step": pick(STAGES, stage), "role": "Sales", "worker": pick([r[0] for r in REPS], deals.owner[deal]),
        "customer_id": deals.customer[deal], "segment": pick(SEGMENT_NAMES, deals.segment[deal]), "touchpoint": "Sales consultation", "outcome": outcome.astype(object),
        "value_added": stage < 3, "started_at": started, "ended_at": np.where(current, NEVER, ended),
    }  # fmt: skip


def step_runs(rng: np.random.Generator, orders: Orders, tickets: Tickets, deals: Deals, people: Population, timeline: Timeline) -> pa.Table:
    """The three processes in one event log; a step still under way has no end."""
    parts = [_order_to_delivery(rng, orders, people, timeline), _complaints(rng, tickets, people), _sales(rng, deals, timeline)]
    columns: dict[str, np.ndarray] = {}
    for name in (n for n in parts[2]):
        pieces = [np.broadcast_to(np.asarray(p[name], dtype=object if isinstance(p[name], str) else None), len(p["started_at"])) for p in parts]
        columns[name] = np.concatenate(pieces)
    known = columns["started_at"] < timeline.end
    columns = {name: values[known] for name, values in columns.items()}
    columns["ended_at"] = np.where(columns["ended_at"] < timeline.end, columns["ended_at"], NEVER)
    return sheet("step_runs", columns)
