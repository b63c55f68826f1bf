"""The demo company: two years of Brunoma, which sells, delivers and services coffee machines in six countries.

Everything is drawn from one seed; the causes hidden in it are listed in `docs/demo-company.md`.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from cx.demo import customers as people_of
from cx.demo import orders as deliveries
from cx.demo.campaigns import campaigns
from cx.demo.cast import COMPANY, CURRENCY, MID_MARKET
from cx.demo.deals import deals
from cx.demo.incidents import Incident, events
from cx.demo.interactions import interactions, onboard
from cx.demo.measurements import measurements
from cx.demo.mentions import mentions
from cx.demo.responses import responses
from cx.demo.step_runs import step_runs
from cx.demo.subscriptions import leave_reasons, subscriptions
from cx.demo.tickets import handle, trained_from
from cx.demo.timeline import Timeline
from cx.demo.trainings import trainings

__all__ = ["COMPANY", "CURRENCY", "END", "Incident", "company", "events"]

END = date(2026, 11, 1)


def company(seed: int = 7, end: date = END) -> dict[str, pa.Table]:
    """The twelve datasets of the two years before `end`, by name.

    Each table has the columns of `DATASETS[name].arrow`, `key` (the natural key, its columns joined by "|", moments as
    ISO 8601 to the second) and `line` (1, 2, … in order of the dataset's time column). The same seed and end give
    the same tables; nothing is written.
    """
    timeline = Timeline(end)

    def rng(part: int) -> np.random.Generator:
        return np.random.default_rng([seed, part])

    people = people_of.population(rng(0), timeline)
    orders = deliveries.place(rng(1), people, timeline)
    late = deliveries.first_late(orders, people, timeline)
    factor = np.where(people.segment == MID_MARKET, deliveries.CHURN_FACTOR, deliveries.CHURN_FACTOR_ELSEWHERE)
    people = people_of.hurt(rng(2), people, late, factor, timeline)
    orders = orders.only(orders.ordered < people.left[orders.who])
    reasons = leave_reasons(rng(3), people)
    order_table, returned = deliveries.order_lines(rng(4), orders, people, timeline)
    trained = trained_from(rng(5), timeline)
    ticket_table, tickets = handle(rng(6), people, orders, returned, trained, timeline)
    boarding = onboard(rng(7), orders, people, timeline)
    deal_table, sales = deals(rng(8), people, timeline)
    return {
        "customers": people_of.customers(rng(9), people, reasons, timeline),
        "responses": responses(rng(10), people, orders, tickets, boarding, timeline),
        "mentions": mentions(rng(11), people, orders, timeline),
        "interactions": interactions(rng(12), orders, people, boarding, timeline),
        "tickets": ticket_table,
        "deals": deal_table,
        "subscriptions": subscriptions(rng(13), people, reasons, timeline),
        "orders": order_table,
        "campaigns": campaigns(rng(14), timeline),
        "measurements": measurements(rng(15), timeline),
        "step_runs": step_runs(rng(16), orders, tickets, sales, people, timeline),
        "trainings": trainings(rng(17), trained, timeline),
    }
