"""What visitors and customers do: the way to the first order, through onboarding to first use, and daily life after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cx.demo.cast import COUNTRIES, COUNTRY_SHARES, SEGMENTS
from cx.demo.customers import Population
from cx.demo.moments import HOME, MONTH, OFFICE, Floats, arrivals, time_of_day
from cx.demo.orders import Orders
from cx.demo.sheet import number, pick, sheet, when
from cx.demo.timeline import DAY, NEVER, Ints, Timeline

ORDER_SHARE = 0.26
FIRST_USE_BEFORE, FIRST_USE_AFTER = 0.75, 0.93
CHANNELS = ("Search", "Direct", "E-mail", "Social", "Display", "Partner", "Web", "App", "Phone")
CAMPAIGN_OF = np.array(["Search always-on", None, "Newsletter", "Coffee corner stories", "Display retargeting", "Partner programme", None, None, None], dtype=object)
WON_BY, LOST_BY = (0.36, 0.24, 0.16, 0.08, 0.04, 0.12), (0.30, 0.17, 0.09, 0.21, 0.18, 0.05)
EVENTS = ("Visit", "Product page", "Quote", "Order placed", "Delivery", "Onboarding call", "First use", "Renewal", "Log-in", "Help page", "App order", "Invoice viewed")
PLACES = ("Website", "Website", "Sales consultation", "Order", "Delivery", "Onboarding call", "First use", "Renewal", "First use", "Support", "Order", "Billing")
SECONDS = (70, 150, 420, 300, 120, 1500, 600, 240, 180, 200, 160, 60)
DEVICES = ("desktop", "phone", "tablet")


@dataclass(frozen=True)
class Onboarding:
    """For each newcomer (`who`): delivery, call and first use; NEVER where it did not come to it."""

    who: Ints
    call: Ints
    use: Ints


def onboard(rng: np.random.Generator, orders: Orders, people: Population, timeline: Timeline) -> Onboarding:
    """The steps after a newcomer's first delivery. Before the checklist one in four never gets from the call to first use."""
    first = orders.only(orders.first)
    n = len(first.who)
    day = first.delivered // DAY * DAY
    call = day + rng.integers(1, 6, n) * DAY + time_of_day(rng, n, OFFICE)
    call = np.where((rng.random(n) < 0.955) & (call < people.left[first.who]), call, NEVER)
    chance = np.where(call >= timeline.checklist, FIRST_USE_AFTER, FIRST_USE_BEFORE)
    wait = np.exp(rng.normal(np.where(call >= timeline.checklist, 0.3, 1.1), 0.7, n)) * DAY
    use = np.where((call < NEVER) & (rng.random(n) < chance), np.minimum(call, timeline.end) + wait.astype(np.int64), NEVER)
    return Onboarding(first.who, call, use)


@dataclass(frozen=True)
class _Events:
    """Events in the making; `who` counts customers first, then visitors."""

    who: Ints
    event: Ints
    channel: Ints
    at: Ints
    session: Ints


def _session(rng: np.random.Generator, who: Ints, at: Ints, channel: Ints, depth: Ints, base: int) -> _Events:
    """Website sessions: a visit, then product pages, then a quote, as deep as `depth` (1 to 3)."""
    pages = np.where(depth >= 2, 1 + rng.poisson(0.9, len(who)), 0)
    count = 1 + pages + (depth >= 3)
    row = np.repeat(np.arange(len(who)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    event = np.where(nth == 0, 0, np.where(nth <= pages[row], 1, 2))
    return _Events(who[row], event, channel[row], at[row] + nth * rng.integers(30, 400, len(row)), base + row)


def _journeys(rng: np.random.Generator, people: Population, timeline: Timeline) -> tuple[list[_Events], int, Ints]:
    """Sessions before the order: those who order, and visitors who do not; also how many visitors and their segment."""
    new = np.flatnonzero(people.joined >= timeline.start)
    visitors = int(len(new) * (1 / ORDER_SHARE - 1))
    parts, base = [], 0
    before = rng.poisson(1.1, len(new))
    who = np.repeat(new, before + 1)
    last = np.concatenate([who[1:] != who[:-1], [True]])
    at = people.joined[who] - np.where(last, rng.integers(1500, 4 * 3600, len(who)), 0) - np.where(last, 0, (rng.gamma(1.4, 6.0, len(who)) * DAY).astype(np.int64) + DAY // 2)
    parts.append(_session(rng, who, at, rng.choice(6, len(who), p=WON_BY), np.where(last, 3, 1 + (rng.random(len(who)) < 0.6)), base))
    base += len(who)
    whose = rng.choice(new, visitors)
    started = people.joined[whose] - (rng.random(visitors) * 14 * DAY).astype(np.int64)
    times = 1 + rng.poisson(0.55, visitors)
    who = np.repeat(np.arange(visitors), times) + people.size
    again = np.concatenate([[False], who[1:] == who[:-1]])
    at = started[who - people.size] + np.where(again, rng.integers(1, 20, len(who)) * DAY + rng.integers(-7200, 7200, len(who)), 0)
    parts.append(_session(rng, who, at, rng.choice(6, len(who), p=LOST_BY), rng.choice([1, 2, 3], len(who), p=(0.5, 0.37, 0.13)), base))
    return parts, visitors, people.segment[whose]


def _steps(rng: np.random.Generator, orders: Orders, people: Population, boarding: Onboarding) -> _Events:
    """Order placed, Delivery, Onboarding call and First use of newcomers, and the yearly renewals of those who stay."""
    first = orders.only(orders.first)
    who = [first.who, first.who, boarding.who, boarding.who]
    at = [first.ordered, first.delivered, boarding.call, boarding.use]
    event = [np.full(len(first.who), e) for e in (3, 4, 5, 6)]
    for year in range(1, 7):
        when = people.joined + year * 365 * DAY + rng.integers(-6 * 3600, 6 * 3600, people.size)
        keep = when < people.left
        who.append(np.flatnonzero(keep))
        at.append(when[keep])
        event.append(np.full(int(keep.sum()), 7))
    people_, moments_, events_ = np.concatenate(who), np.concatenate(at), np.concatenate(event)
    channel = np.array([6, 6, 6, 6, 6, 8, 7, 6])[events_]
    return _Events(people_, events_, channel, moments_, np.full(len(people_), -1))


def _daily(rng: np.random.Generator, people: Population, timeline: Timeline) -> _Events:
    """Log-ins, help pages, orders by app and invoices; those about to leave grow quiet in their last two months."""
    rate: Floats = np.array([2.0, 2.5, 3.2, 3.6])[people.segment] * np.exp(0.12 * people.mood)
    who, at = arrivals(rng, people.joined + 3 * DAY, people.left, rate, timeline, HOME)
    quiet = (people.left[who] < NEVER) & (people.left[who] - at < 2 * MONTH) & (rng.random(len(who)) < 0.5)
    who, at = who[~quiet], at[~quiet]
    event = rng.choice([8, 9, 10, 11], len(who), p=(0.62, 0.12, 0.10, 0.16))
    return _Events(who, event, np.where(rng.random(len(who)) < 0.45, 7, 6), at, np.full(len(who), -1))


def interactions(rng: np.random.Generator, orders: Orders, people: Population, boarding: Onboarding, timeline: Timeline) -> pa.Table:
    """All of it. Visitors who never order carry identifiers with V and are not among the customers."""
    parts, visitors, visitor_segment = _journeys(rng, people, timeline)
    parts += [_steps(rng, orders, people, boarding), _daily(rng, people, timeline)]
    who, event, channel, at, session = (np.concatenate([getattr(p, name) for p in parts]) for name in ("who", "event", "channel", "at", "session"))
    keep = (at >= timeline.start) & (at < timeline.end)
    who, event, channel, at, session = who[keep], event[keep], channel[keep], at[keep], session[keep]
    order = np.argsort(at, kind="stable")
    who, event, channel, at, session = who[order], event[order], channel[order], at[order], session[order]
    n = len(who)
    ids = np.concatenate([people.ids, number("V", np.arange(visitors) + 1)])
    segment = np.concatenate([people.segment, visitor_segment])
    country = np.concatenate([people.country, rng.choice(6, visitors, p=COUNTRY_SHARES)])
    device = np.concatenate([rng.choice(3, people.size, p=(0.55, 0.38, 0.07)), rng.choice(3, visitors, p=(0.42, 0.51, 0.07))])
    variant = np.concatenate([people.variant, rng.integers(0, 2, visitors)])
    duration = np.round(np.array(SECONDS)[event] * np.exp(rng.normal(0, 0.7, n)))
    duration[rng.choice(n, 25, replace=False)] = 86_400.0
    fee = np.array([s.fee for s in SEGMENTS])[segment[who]]
    names = np.concatenate([number("W", np.arange(session.max() + 1), 6), [None]])
    customer = who < people.size
    return sheet("interactions", {
        "interaction_id": number("I", np.arange(n) + 1, 7), "customer_id": ids[who], "event": pick(EVENTS, event), "touchpoint": pick(PLACES, event),
        "channel": pick(CHANNELS, channel), "campaign": CAMPAIGN_OF[channel], "session_id": names[session],
        "product": when(customer & (event >= 3), np.concatenate([people.machines, np.full(visitors, None)])[who]),
        "segment": pick([s.name for s in SEGMENTS], segment[who]), "persona": pick([p for s in SEGMENTS for p in s.personas], (segment * 2 + variant)[who]),
        "device": pick(DEVICES, np.where(rng.random(n) < 0.85, device[who], rng.integers(0, 3, n))), "country": pick(COUNTRIES, country[who]),
        "value_minor": np.where(event == 3, fee * 12, np.where(event == 7, fee * 12, np.nan)), "currency": when((event == 3) | (event == 7), "EUR"),
        "duration_seconds": np.where(rng.random(n) < 0.01, np.nan, duration), "happened_at": at,
    })  # fmt: skip
