"""Reviews and public mentions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cx.demo.cast import COUNTRIES, COUNTRY_SHARES, LANGUAGES, SEGMENT_NAMES
from cx.demo.customers import Population
from cx.demo.moments import HOME, moments
from cx.demo.orders import Orders
from cx.demo.sheet import number, pick, sheet, when
from cx.demo.timeline import DAY, NEVER, Timeline
from cx.demo.wording import compose

SOURCES = ("Trustpilot", "Google", "X", "Instagram", "Reddit", "Facebook")
STARS = np.array([5, 5, 0, 0, 0, 5])
THEMES = ("Delivery", "Product", "Support", "Price", "Website", "Onboarding call")
USUAL = 2_750


def mentions(rng: np.random.Generator, people: Population, orders: Orders, timeline: Timeline) -> pa.Table:
    """About three thousand: a steady stream, and about one in four deliveries that are late after the change of courier."""
    struck = np.flatnonzero(orders.late & (orders.ordered >= timeline.courier) & (rng.random(len(orders.who)) < 0.24))
    struck_at = orders.promised[struck] // DAY * DAY + rng.integers(1, 6, len(struck)) * DAY + rng.integers(7, 23, len(struck)) * 3600
    at = np.concatenate([moments(rng, USUAL, timeline, HOME), struck_at])
    cause = np.concatenate([np.full(USUAL, -1), orders.who[struck]])
    order = np.argsort(at, kind="stable")
    order = order[at[order] < timeline.end]
    at, cause = at[order], cause[order]
    n = len(at)
    known = np.where(cause >= 0, cause, np.where(rng.random(n) < 0.35, rng.integers(0, people.size, n), -1))
    known = np.where((known >= 0) & (people.joined[known] < at) & (people.left[known] > at), known, -1)
    country = np.where(known >= 0, people.country[known], rng.choice(6, n, p=COUNTRY_SHARES))
    lang = np.where(rng.random(n) < 0.3, "en", pick(LANGUAGES, country)).astype(object)
    theme = np.where(cause >= 0, 0, rng.choice(6, n, p=(0.17, 0.33, 0.2, 0.13, 0.1, 0.07)))
    rating = np.where(cause >= 0, rng.choice([1, 2, 3], n, p=(0.55, 0.33, 0.12)), rng.choice([1, 2, 3, 4, 5], n, p=(0.08, 0.07, 0.12, 0.27, 0.46)))
    source = rng.choice(6, n, p=(0.30, 0.26, 0.13, 0.12, 0.09, 0.10))
    text = compose(rng, lang, np.where(cause >= 0, "New courier", pick(THEMES, theme)), np.where(rating >= 4, 1, np.where(rating <= 2, -1, 0)))
    segment = pick((*SEGMENT_NAMES, None), np.where(known >= 0, people.segment[known], -1))
    handles = rng.integers(100, 9999, n).tolist()
    stems = pick(("coffee_fan", "office.hero", "maria", "jb", "kaffeepause", "bean.counter", "cafe_lover", "tom", "nora", "studio", "le_petit_noir", "vivo"), rng.integers(0, 12, n))
    answered = rng.random(n) < np.where(rating <= 2, 0.62, 0.38)
    stars = STARS[source] > 0
    return sheet("mentions", {
        "source": pick(SOURCES, source), "mention_id": number("M", np.arange(n) + 1), "author": np.array([f"{s}{h}" for s, h in zip(stems, handles, strict=True)], dtype=object),
        "customer_id": pick((*people.ids, None), known), "text": text, "url": np.array([f"https://reviews.example/brunoma/{i}" for i in range(1, n + 1)], dtype=object),
        "rating": np.where(stars, rating.astype(float), np.nan), "rating_max": np.where(stars, 5.0, np.nan),
        "sentiment": np.where(rng.random(n) < 0.04, np.nan, np.round(np.clip((rating - 3) / 2.3 + rng.normal(0, 0.16, n), -1, 1), 3)), "segment": segment,
        "product": when(theme == 1, pick(("Brunoma One", "Brunoma Duo", "Brunoma Studio", "Brunoma Office"), rng.integers(0, 4, n))),
        "touchpoint": pick(("Delivery", "First use", "Support", "Billing", "Website", "Onboarding call"), theme), "language": lang, "country": pick(COUNTRIES, country),
        "reach": np.round(np.exp(rng.normal(4.6, 1.2, n))).astype(np.int64), "posted_at": at,
        "replied_at": np.where(answered, np.minimum(at + (np.exp(rng.normal(10.6, 0.9, n))).astype(np.int64), NEVER), NEVER),
    })  # fmt: skip
