"""Service tickets: what people ask, how fast they are answered, and how content they are with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cx.demo.cast import AGENT_NAMES, AGENTS, BILLING, CARE, LOGISTICS, TEAMS, TECH, TRAINED
from cx.demo.customers import Population
from cx.demo.moments import SERVICE, Floats, after_work, arrivals
from cx.demo.orders import Orders
from cx.demo.sheet import blank, number, pick, sheet
from cx.demo.timeline import DAY, NEVER, Ints, Timeline, hour, weekday

CATEGORIES = ("Delivery", "Returns", "Technical fault", "Billing", "Onboarding", "Contract", "Product question")
TEAM_OF = np.array([LOGISTICS, LOGISTICS, TECH, BILLING, CARE, CARE, CARE])
TOUCHPOINT_OF = ("Delivery", "Delivery", "Support", "Billing", "Onboarding call", "Renewal", "Support")
CHANNELS = ("E-mail", "Phone", "Chat", "Web", "Social")
PRIORITIES = ("low", "normal", "high", "urgent")
PROMISED_MINUTES = np.array([480.0, 240.0, 120.0, 60.0])
KINDS = ("question", "incident", "request", "complaint")
GAP_FACTOR, TRAINED_FACTOR, TRAINED_LIFT = 3.2, 0.60, 0.38
SUBJECTS = (
    ("Where is my order?", "Parcel did not arrive on the promised day", "Driver left without ringing", "Delivery window missed again", "Only part of the order came"),
    ("How do I send this back?", "Return label needed", "Filter leaks, want to return it", "Refund for returned item"),
    ("Machine stops with error E12", "Water point drips", "Grinder makes a loud noise", "No steam from the milk cooler", "Display stays dark", "App cannot find the machine"),
    ("Question about the last invoice", "Charged twice this month", "Please change the billing address", "VAT number missing on the invoice"),
    ("Cannot finish the set-up", "Which step comes after the call?", "Need another set-up appointment", "Login for colleagues"),
    ("Change of plan", "Notice period", "Copy of the contract", "Add a second site"),
    ("Which beans fit the Studio?", "How often change the filter?", "Is there a decaf box?", "Descaling: what do you advise?"),
)


@dataclass(frozen=True)
class Tickets:
    """The tickets as arrays; `feeling` is how the handling felt, in standard deviations from the usual."""

    who: Ints
    created: Ints
    category: Ints
    channel: Ints
    agent: Ints
    kind: Ints
    resolved: Ints
    feeling: Floats


def _asked(rng: np.random.Generator, people: Population, orders: Orders, back: np.ndarray, timeline: Timeline) -> tuple[Ints, Ints, Ints, Ints]:
    """(who, created, category, kind): questions of every day, and those that late or returned orders bring."""
    late = np.flatnonzero(orders.late & (rng.random(len(orders.who)) < 0.38) & (orders.promised + DAY < timeline.end))
    late_at = orders.promised[late] // DAY * DAY + DAY + rng.integers(8 * 3600, 18 * 3600, len(late))
    sent = np.flatnonzero(back & (rng.random(len(back)) < 0.6))
    sent_at = orders.delivered[sent] // DAY * DAY + rng.integers(1, 9, len(sent)) * DAY + rng.integers(8 * 3600, 18 * 3600, len(sent))
    rate = np.array([0.10, 0.15, 0.25, 0.34])[people.segment] * np.exp(-0.12 * people.mood)
    who, created = arrivals(rng, people.joined, people.left, rate, timeline, SERVICE)
    category = rng.choice(7, len(who), p=(0.06, 0.03, 0.25, 0.17, 0.1, 0.12, 0.27))
    odds = np.array([(0.4, 0.2, 0.2, 0.2), (0.2, 0.1, 0.5, 0.2), (0.1, 0.7, 0.1, 0.1), (0.5, 0.1, 0.2, 0.2), (0.6, 0.1, 0.22, 0.08), (0.3, 0, 0.6, 0.1), (0.88, 0, 0.1, 0.02)])
    kind = (rng.random((len(who), 1)) > np.cumsum(odds, axis=1)[category]).sum(axis=1).clip(0, 3)
    who = np.concatenate([who, orders.who[late], orders.who[sent]])
    created = np.concatenate([created, late_at, sent_at])
    category = np.concatenate([category, np.zeros(len(late), int), np.ones(len(sent), int)])
    kind = np.concatenate([kind, np.where(rng.random(len(late)) < 0.8, 3, 0), np.where(rng.random(len(sent)) < 0.35, 3, 2)])
    order = np.argsort(created, kind="stable")
    order = order[created[order] < timeline.end]
    return who[order], created[order], category[order], kind[order]


def _agents(rng: np.random.Generator, category: Ints) -> Ints:
    """An agent of the team in charge; some take more tickets than others."""
    team = TEAM_OF[category]
    agent = np.zeros(len(category), np.int64)
    for number_ in range(len(TEAMS)):
        members = np.array([i for i, (_, t) in enumerate(AGENTS) if t == number_])
        load = rng.uniform(0.6, 1.4, len(members))
        mine = team == number_
        agent[mine] = rng.choice(members, int(mine.sum()), p=load / load.sum())
    return agent


def handle(
    rng: np.random.Generator, people: Population, orders: Orders, back: np.ndarray, trained_at: Ints, timeline: Timeline
) -> tuple[pa.Table, Tickets]:
    """The tickets table and what surveys and processes need of it. `trained_at`: per agent the end of the training, NEVER without."""
    who, created, category, kind = _asked(rng, people, orders, back, timeline)
    n = len(who)
    agent, channel = _agents(rng, category), rng.choice(5, n, p=(0.46, 0.24, 0.17, 0.10, 0.03))
    priority = np.where(kind == 3, rng.choice(4, n, p=(0.05, 0.45, 0.4, 0.1)), rng.choice(4, n, p=(0.25, 0.56, 0.15, 0.04)))
    skill = rng.normal(0, 0.10, len(AGENTS))
    trained = created >= trained_at[agent]
    gap = (created >= timeline.staffing) & (channel == 0) & (weekday(created) < 5) & (hour(created) >= 12) & (hour(created) < 14)
    slow = np.where(gap, GAP_FACTOR, 1.0) * np.where(trained, TRAINED_FACTOR, 1.0) * np.exp(skill[agent])
    ratio = slow * np.array([0.37, 0.03, 0.045, 0.33, 0.40])[channel] * np.exp(rng.normal(0, 0.80, n))
    promised = PROMISED_MINUTES[priority]
    first = after_work(created, np.maximum(ratio * promised, 0.5))
    work = np.exp(rng.normal(np.array([5.3, 5.8, 6.4, 5.2, 5.6, 5.5, 4.6])[category], 1.05)) * np.where(trained, 0.85, 1.0)
    at_once = (channel == 1) & (rng.random(n) < 0.6)
    paused = np.where(rng.random(n) < 0.28, np.round(np.exp(rng.normal(6.4, 0.8, n))), 0.0)
    resolved = after_work(first, np.where(at_once, rng.uniform(4, 25, n), work) + paused * 0.4)
    answered = (first < timeline.end) & (rng.random(n) > 0.004)
    done = answered & (resolved < timeline.end) & (rng.random(n) > 0.01)
    reopens = rng.poisson(np.where(trained, 0.07, 0.12), n)
    delivery_trouble = (category <= 1) & (kind == 3)
    feeling = -1.05 * (ratio > 1) - 0.75 * (gap & (ratio > 0.6)) + TRAINED_LIFT / 0.55 * trained - 0.6 * (reopens > 0) - 0.5 * delivery_trouble
    feeling += 0.20 + 0.8 * skill[agent] * -1
    z = 0.45 * people.mood[who] + 0.89 * rng.normal(size=n)
    stars = np.clip(np.round(4.36 + 0.55 * feeling + 0.86 * z), 1, 5)
    rated = done & (rng.random(n) < 0.42)
    resolved[rng.choice(np.flatnonzero(done), 8, replace=False)] -= 400 * DAY
    text = np.array([SUBJECTS[c][i % len(SUBJECTS[c])] for c, i in zip(category.tolist(), rng.integers(0, 60, n).tolist(), strict=True)], dtype=object)
    status = np.where(done, np.where(rng.random(n) < 0.85, "closed", "solved"), np.where(answered & (rng.random(n) < 0.5), "pending", "open"))
    cost = (np.array([620, 780, 540, 520, 900])[channel] * np.exp(rng.normal(0, 0.35, n)) * (1 + 0.4 * reopens)).astype(np.int64)
    table = sheet("tickets", {
        "ticket_id": number("T", np.arange(n) + 200_001, 6), "customer_id": people.ids[who], "segment": people.segments[who], "subject": text,
        "category": pick(CATEGORIES, category), "kind": pick(KINDS, kind), "channel": pick(CHANNELS, channel), "priority": pick(PRIORITIES, priority),
        "status": status.astype(object), "team": pick(TEAMS, TEAM_OF[category]), "agent": blank(rng, pick(AGENT_NAMES, agent), 0.004),
        "touchpoint": pick(TOUCHPOINT_OF, category), "product": blank(rng, people.machines[who], 0.05), "country": people.countries[who],
        "created_at": created, "first_response_at": np.where(answered, first, NEVER), "resolved_at": np.where(done, resolved, NEVER),
        "paused_minutes": paused, "reopens": reopens, "replies": np.where(answered, 1 + rng.poisson(0.9, n) + reopens, 0),
        "satisfaction": np.where(rated, stars, np.nan), "satisfaction_max": np.where(rated, 5.0, np.nan), "cost_minor": cost, "currency": "EUR",
    })  # fmt: skip
    return table, Tickets(who, created, category, channel, agent, kind, np.where(done, after_work(first, work), NEVER), feeling)


def trained_from(rng: np.random.Generator, timeline: Timeline) -> Ints:
    """Per agent the moment from which the training shows; NEVER for those who did not take it."""
    when = np.full(len(AGENTS), NEVER)
    when[list(TRAINED)] = timeline.training + rng.choice([6, 13, 20, 27], len(TRAINED)) * DAY + 16 * 3600
    return when
