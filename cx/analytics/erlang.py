"""Erlang C: how many agents a queue of calls or chats needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from cx.errors import InputError


@dataclass(frozen=True)
class Staffing:
    """What a number of agents gives: `agents` at work, `scheduled` with shrinkage, and how the queue then behaves.

    `erlangs` is the load; `wait_probability`, `service_level` and `occupancy` are shares from 0 to 1; `average_wait` is
    the mean speed of answer over all contacts in seconds.
    """

    agents: int
    scheduled: int
    erlangs: float
    wait_probability: float
    service_level: float
    occupancy: float
    average_wait: float


def wait_probability(erlangs: float, agents: int) -> float:
    """Probability that a contact must wait (Erlang's second formula), 1 where the load is not below the agents.

    C = B / (1 - (A / N) (1 - B)), B the Erlang B blocking probability = Poisson pmf / cdf at N with mean A.
    Contacts arrive at random, patience has no end, handling times are exponential.
    Source: Erlang 1917; Cooper, Introduction to Queueing Theory.

    >>> round(wait_probability(10, 14), 4)
    0.1741
    """
    if erlangs < 0 or agents < 0:
        raise InputError("load and agents must not be negative", f"found {erlangs:g} erlangs and {agents} agents", "check the numbers")
    if erlangs == 0:
        return 0.0
    if agents <= erlangs:
        return 1.0
    blocked = math.exp(stats.poisson.logpmf(agents, erlangs) - stats.poisson.logcdf(agents, erlangs))
    return blocked / (1 - erlangs / agents * (1 - blocked))


def staffing(contacts: float, handling: float, agents: int, answer_within: float = 20, interval: float = 3600, shrinkage: float = 0.0) -> Staffing:
    """How a queue behaves with `agents`: `contacts` per `interval` seconds, each of `handling` seconds.

    Load A = contacts * handling / interval. Service level = 1 - C exp(-(N - A) * answer_within / handling).
    Mean wait = C * handling / (N - A); infinite where N <= A. Shrinkage: share of paid time not at the desk;
    scheduled = ceil(agents / (1 - shrinkage)). Raises InputError for numbers that make no sense.

    >>> s = staffing(360, 240, 55, answer_within=15, interval=1800)
    >>> round(s.erlangs, 1), round(s.wait_probability, 3), round(s.service_level, 3), round(s.average_wait, 1)
    (48.0, 0.239, 0.846, 8.2)
    """
    if contacts < 0 or handling <= 0 or interval <= 0 or answer_within < 0 or not 0 <= shrinkage < 1:
        raise InputError("contacts and times must be positive and shrinkage from 0 to below 1", f"found {contacts:g}, {handling:g} s, {shrinkage:g}", "check the numbers")
    load = contacts * handling / interval
    waiting = wait_probability(load, agents)
    spare = agents - load
    level = 1 - waiting * math.exp(-spare * answer_within / handling) if spare > 0 or load == 0 else 0.0
    average = 0.0 if load == 0 else waiting * handling / spare if spare > 0 else math.inf
    occupancy = min(load / agents, 1.0) if agents else (1.0 if load else 0.0)
    return Staffing(agents, math.ceil(agents / (1 - shrinkage) - 1e-9), load, waiting, level, occupancy, average)


def agents_needed(
    contacts: float, handling: float, service_level: float = 0.8, answer_within: float = 20, interval: float = 3600, shrinkage: float = 0.0, max_occupancy: float = 1.0
) -> Staffing:
    """The fewest agents that reach the service level without exceeding `max_occupancy`.

    >>> agents_needed(100, 180, 0.8, 20, interval=1800, shrinkage=0.3).agents
    14
    """
    if not 0 <= service_level < 1 or not 0 < max_occupancy <= 1:
        raise InputError("the service level must be from 0 to below 1 and the occupancy above 0", f"found {service_level:g} and {max_occupancy:g}", "check the shares")
    probe = staffing(contacts, handling, 0, answer_within, interval, shrinkage)
    enough = max(math.ceil(probe.erlangs / max_occupancy - 1e-9), math.floor(probe.erlangs) + 1 if probe.erlangs else 0)

    def good(agents: int) -> bool:
        return staffing(contacts, handling, agents, answer_within, interval).service_level >= service_level

    low, step = enough, 1
    while not good(low + step - 1):
        step *= 2
    high = low + step - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle + 1, high)
    return staffing(contacts, handling, low, answer_within, interval, shrinkage)
