"""The customers: who they are, when they came, and how content they are by nature."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from cx.demo.cast import (
    COMPANY_ENDS,
    COMPANY_HEADS,
    COMPANY_TAILS,
    COUNTRIES,
    COUNTRY_SHARES,
    FIRST_NAMES,
    INDUSTRIES,
    LANGUAGES,
    LAST_NAMES,
    REGIONS,
    REPS,
    SEGMENT_NAMES,
    SEGMENTS,
)  # fmt: skip
from cx.demo.moments import HOME, MONTH, Floats, moments
from cx.demo.sheet import blank, number, pick, sheet, when
from cx.demo.timeline import DAY, NEVER, Ints, Timeline

AT_START, JOINING, PROSPECTS, TWICE = 2_650, 2_250, 260, 30
CHANNELS = ("Web shop", "Field sales", "Partner", "Phone", "Trade fair")
GROWTH = 0.016


@dataclass(frozen=True)
class Population:
    """The customers as arrays of one length; segment, country and the like are positions in the cast's lists."""

    ids: np.ndarray
    segment: Ints
    country: Ints
    variant: Ints
    mood: Floats
    joined: Ints
    left: Ints
    back: Ints
    late: Ints

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def segments(self) -> np.ndarray:
        return pick(SEGMENT_NAMES, self.segment)

    @property
    def personas(self) -> np.ndarray:
        return pick([p for s in SEGMENTS for p in s.personas], self.segment * 2 + self.variant)

    @property
    def plans(self) -> np.ndarray:
        return pick([p for s in SEGMENTS for p in s.plans], self.segment * 2 + self.variant)

    @property
    def machines(self) -> np.ndarray:
        return pick([p for s in SEGMENTS for p in s.machines], self.segment * 2 + self.variant)

    @property
    def countries(self) -> np.ndarray:
        return pick(COUNTRIES, self.country)


def _shuffled(rng: np.random.Generator, n: int, shares: Floats) -> Ints:
    """`n` positions in exactly these shares, in random order: a drawn mix would drift."""
    ends = np.round(np.cumsum(shares) * n)
    return rng.permutation(np.searchsorted(ends, np.arange(n), side="right"))


def population(rng: np.random.Generator, timeline: Timeline) -> Population:
    """Those who are customers at the start and those who join; newcomers replace leavers so that the segment mix stays.

    `left` holds the moment each would leave for ordinary reasons; what a late delivery adds comes later.
    """
    share, churn = np.array([s.share for s in SEGMENTS]), np.array([s.churn for s in SEGMENTS])
    joining = share * (churn + GROWTH)
    segment = np.concatenate([_shuffled(rng, AT_START, share), _shuffled(rng, JOINING, joining / joining.sum())])
    n = AT_START + JOINING
    mood = rng.normal(size=n)
    joined = np.concatenate([timeline.start - (rng.random(AT_START) ** 1.3 * 5 * 365 * DAY).astype(np.int64) - DAY, moments(rng, JOINING, timeline, HOME, 1.42)])
    hazard = churn[segment] * np.exp(-0.25 * mood - 0.03)
    # One draw from each of many equal slices per group: purely random draws would make small waves in churn that mean nothing.
    group = segment + 4 * (np.arange(n) >= AT_START)
    luck = np.empty(n)
    for each in range(8):
        mine = np.flatnonzero(group == each)
        luck[mine] = (rng.permutation(len(mine)) + rng.random(len(mine))) / len(mine)
    stay = -np.log1p(-luck) / hazard * MONTH
    left = np.maximum(joined, timeline.start) + stay.astype(np.int64)
    return Population(
        ids=number("C", np.arange(n) + 10_001), segment=segment, country=rng.choice(6, n, p=COUNTRY_SHARES), variant=(rng.random(n) < 0.45).astype(np.int64),
        mood=mood, joined=joined, left=np.where(left < timeline.end, left, NEVER), back=np.full(n, NEVER), late=np.full(n, NEVER),
    )  # fmt: skip


def hurt(rng: np.random.Generator, people: Population, late: Ints, factor: Floats, timeline: Timeline) -> Population:
    """The population after late deliveries: from the first one (`late`) on, the chance of leaving is `factor` times the usual one."""
    churn = np.array([s.churn for s in SEGMENTS])[people.segment]
    extra = rng.exponential(size=people.size) / np.maximum(churn * (factor - 1), 1e-9) * MONTH
    earlier = np.where(late < NEVER, late + np.minimum(extra, 1e9).astype(np.int64) + 3 * DAY, NEVER)
    left = np.minimum(people.left, earlier)
    left = np.where(left < timeline.end, left, NEVER)
    returns = (left < NEVER) & (rng.random(people.size) < 0.07)
    back = np.where(returns, left + rng.integers(45, 150, people.size) * DAY, NEVER)
    return replace(people, left=left, late=late, back=np.where(back < timeline.end, back, NEVER))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if c.isascii() and c.isalnum())


def customers(rng: np.random.Generator, people: Population, reasons: np.ndarray, timeline: Timeline) -> pa.Table:
    """The customers, some prospects, and a few people who stand in the list twice."""
    n, total = people.size, people.size + PROSPECTS
    prospect = rng.choice(4, PROSPECTS, p=(0.1, 0.35, 0.35, 0.2))
    segment = np.concatenate([people.segment, prospect])
    country = np.concatenate([people.country, rng.choice(6, PROSPECTS, p=COUNTRY_SHARES)])
    variant = np.concatenate([people.variant, rng.integers(0, 2, PROSPECTS)])
    pairs = list(zip(country.tolist(), rng.integers(0, 15, total).tolist(), rng.integers(0, 15, total).tolist(), strict=True))
    names = [f"{FIRST_NAMES[c][i]} {LAST_NAMES[c][j]}" for c, i, j in pairs]
    firms = zip(rng.integers(0, len(COMPANY_HEADS), total).tolist(), rng.integers(0, len(COMPANY_TAILS), total).tolist(), country.tolist(), strict=True)
    company = [f"{COMPANY_HEADS[a]} {COMPANY_TAILS[b]} {COMPANY_ENDS[c]}" for a, b, c in firms]
    private = segment == 0
    mail = [f"{_plain(m.split()[0])}.{_plain(m.split()[-1])}{i}@{'mail' if p else _plain(f.rsplit(' ', 1)[0])}.example"
            for i, (m, f, p) in enumerate(zip(names, company, private.tolist(), strict=True))]  # fmt: skip
    joined, left, back = (np.concatenate([a, np.full(PROSPECTS, NEVER)]) for a in (people.joined, people.left, people.back))
    gone = (left < NEVER) & (back >= NEVER)
    sizes = [s.sizes for s in SEGMENTS]
    owner_team = np.array([0, 0, 1, 2, 2, 1])[country]
    members = [[name for name, t in REPS if t == team] for team in range(3)]
    columns = {
        "customer_id": np.concatenate([people.ids, number("P", np.arange(PROSPECTS) + 1)]),
        "name": np.array(names, dtype=object), "email": blank(rng, np.array(mail, dtype=object), 0.015),
        "company": when(private, None, np.array(company, dtype=object)),
        "segment": pick(SEGMENT_NAMES, segment), "persona": pick([p for s in SEGMENTS for p in s.personas], segment * 2 + variant),
        "industry": when(private, None, blank(rng, pick(INDUSTRIES, rng.integers(0, 10, total)), 0.03)),
        "country": blank(rng, pick(COUNTRIES, country), 0.01), "region": pick(REGIONS, country),
        "size": np.array([sizes[s][v % len(sizes[s])] for s, v in zip(segment.tolist(), rng.integers(0, 2, total).tolist(), strict=True)], dtype=object),
        "plan": when(np.arange(total) < n, pick([p for s in SEGMENTS for p in s.plans], segment * 2 + variant)),
        "channel": pick(CHANNELS, np.where(private, rng.choice(5, total, p=(0.8, 0, 0.08, 0.12, 0)), rng.choice(5, total, p=(0.3, 0.38, 0.16, 0.06, 0.1)))),
        "owner": np.array([None if p else members[t][i % len(members[t])]
                           for p, t, i in zip(private.tolist(), owner_team.tolist(), rng.integers(0, 40, total).tolist(), strict=True)], dtype=object),
        "status": np.where(np.arange(total) >= n, "prospect", np.where(gone, "left", "active")).astype(object),
        "joined_at": joined, "left_at": np.where(gone, left, NEVER), "leave_reason": when(gone, np.concatenate([reasons, np.full(PROSPECTS, None)])),
        "consent": rng.random(total) < 0.68,
    }  # fmt: skip
    columns["email"][rng.choice(n, 12, replace=False)] = "unknown"
    forgotten = rng.permutation(np.flatnonzero(gone))[:8]
    columns["left_at"][forgotten] = NEVER
    twins = rng.choice(n, TWICE, replace=False)
    for name, values in columns.items():
        columns[name] = np.concatenate([values, values[twins]])
    columns["customer_id"][total:] = number("C", np.arange(TWICE) + 90_001)
    columns["name"][total:] = [m.upper() if i % 3 == 0 else f"{m.split()[0][0]}. {m.split()[-1]}" if i % 3 == 1 else m for i, m in enumerate(columns["name"][total:])]
    return sheet("customers", columns)


def language(people: Population, rng: np.random.Generator) -> np.ndarray:
    """Language each person writes in: mostly English, else the country's own."""
    own = pick(LANGUAGES, people.country)
    return np.where(rng.random(people.size) < 0.25, "en", own).astype(object)
