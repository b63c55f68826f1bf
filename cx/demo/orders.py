"""Order lines: machines for newcomers, supplies for all; promised and delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cx.demo.cast import CATEGORIES, COURIERS, FILTER, MID_MARKET, PRICES, PRODUCTS, SEGMENTS
from cx.demo.customers import Population
from cx.demo.moments import HOME, arrivals
from cx.demo.sheet import number, pick, sheet
from cx.demo.timeline import DAY, NEVER, Ints, Timeline, weekday

LATE_USUALLY, LATE_MID_MARKET, LATE_ELSEWHERE = 0.07, 0.64, 0.10
CHURN_FACTOR, CHURN_FACTOR_ELSEWHERE = 7.0, 1.5
RETURNS, RETURNS_OF_BAD_FILTERS = 0.025, 0.09


@dataclass(frozen=True)
class Orders:
    """Whole orders: `who` bought, when, with which courier, `late` or not; `first` marks a newcomer's machine."""

    who: Ints
    ordered: Ints
    promised: Ints
    delivered: Ints
    late: np.ndarray
    first: np.ndarray
    courier: Ints

    def only(self, keep: np.ndarray) -> Orders:
        """The orders where `keep` holds."""
        return Orders(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def place(rng: np.random.Generator, people: Population, timeline: Timeline) -> Orders:
    """Orders of every customer while they would stay for ordinary reasons."""
    rate = np.array([s.orders for s in SEGMENTS])[people.segment]
    who, ordered = arrivals(rng, people.joined + 20 * DAY, people.left, rate, timeline, HOME)
    new = np.flatnonzero(people.joined >= timeline.start)
    who, ordered = np.concatenate([new, who]), np.concatenate([people.joined[new], ordered])
    first = np.arange(len(who)) < len(new)
    promised = ordered // DAY * DAY + np.where(first, rng.integers(4, 8, len(who)), rng.integers(2, 5, len(who))) * DAY + 17 * 3600
    promised += np.where(weekday(promised) >= 5, 2 * DAY, 0)
    since = ordered >= timeline.courier
    middle = people.segment[who] == MID_MARKET
    courier = np.where(since & (rng.random(len(who)) < np.where(middle, 0.92, 0.18)), 2, (rng.random(len(who)) < 0.45).astype(np.int64))
    chance = np.where(since & middle, LATE_MID_MARKET, np.where(since, LATE_ELSEWHERE, LATE_USUALLY))
    late = rng.random(len(who)) < chance
    delay = np.where(late, np.ceil(rng.gamma(2.0, np.where(since & middle, 1.9, 1.1), len(who))), -np.round(rng.random(len(who)) * 1.4)).astype(np.int64)
    delivered = np.maximum(promised + delay * DAY - rng.integers(0, 8 * 3600, len(who)), ordered + 5 * 3600)
    order = np.argsort(ordered, kind="stable")
    return Orders(who, ordered, promised, delivered, late, first, courier).only(order)


def first_late(orders: Orders, people: Population, timeline: Timeline) -> Ints:
    """For each customer the moment a delivery first failed to come after the change of courier; NEVER where none did."""
    found = np.full(people.size, NEVER)
    felt = orders.promised + 12 * 3600
    hit = orders.late & (orders.ordered >= timeline.courier) & (felt < timeline.end)
    np.minimum.at(found, orders.who[hit], felt[hit])
    return found


def order_lines(rng: np.random.Generator, orders: Orders, people: Population, timeline: Timeline) -> tuple[pa.Table, np.ndarray]:
    """The order lines, and for each order whether something came back."""
    n = len(orders.who)
    lines = 1 + rng.binomial(2, 0.2, n)
    order = np.repeat(np.arange(n), lines)
    nth = np.arange(len(order)) - np.repeat(np.cumsum(lines) - lines, lines)
    # Each product stands once in an order: the first line is drawn, further ones step through the list of supplies.
    supplies = np.array([7, 8, 9, 6])
    base = rng.choice(4, n, p=(0.44, 0.30, 0.16, 0.10))
    machine = pick(PRODUCTS, np.arange(len(PRODUCTS))).tolist()
    index = np.array([machine.index(m) for m in people.machines])
    first_machine = np.where(orders.first, index[orders.who], supplies[base])
    product = np.where(nth == 0, first_machine[order], supplies[(base[order] + nth) % 4])
    who = orders.who[order]
    quantity = np.where(product < 6, 1, 1 + rng.poisson(np.array([0.3, 0.8, 2.5, 5.0])[people.segment[who]])).astype(float)
    bad = (product == FILTER) & (orders.ordered[order] >= timeline.supplier)
    came = orders.delivered[order] < timeline.end
    returned = (rng.random(len(order)) < np.where(bad, RETURNS_OF_BAD_FILTERS, RETURNS)) & came
    delivered = np.where(came & (rng.random(len(order)) >= 0.006), orders.delivered[order], NEVER)
    slips = rng.choice(np.flatnonzero(delivered < NEVER), 9, replace=False)
    delivered[slips] = orders.ordered[order][slips] - 3 * DAY
    amount = quantity * np.array(PRICES)[product] * (1 - np.where(people.segment[who] >= 2, 0.08, 0.0)) * rng.choice([1.0, 1.0, 0.95], len(order))
    table = sheet("orders", {
        "order_id": number("O", order + 100_001, 6), "customer_id": people.ids[who], "segment": people.segments[who], "product": pick(PRODUCTS, product),
        "category": pick(CATEGORIES, product), "channel": pick(("Web shop", "Phone", "Field sales", "App"), rng.choice(4, n, p=(0.58, 0.1, 0.12, 0.2))[order]),
        "country": people.countries[who], "supplier": pick(COURIERS, orders.courier[order]), "quantity": quantity, "amount_minor": amount.astype(np.int64),
        "currency": "EUR", "ordered_at": orders.ordered[order], "promised_at": orders.promised[order], "delivered_at": delivered, "returned": returned,
    })  # fmt: skip
    back = np.zeros(n, bool)
    back[order[returned]] = True
    return table, back
