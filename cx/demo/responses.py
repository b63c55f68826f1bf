"""Survey responses: who is asked what and when, who answers, with which score, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from cx.demo import surveys
from cx.demo.cast import AGENT_NAMES, MID_MARKET, TEAMS
from cx.demo.customers import Population, language
from cx.demo.interactions import Onboarding
from cx.demo.moments import OFFICE, Floats, time_of_day
from cx.demo.orders import Orders
from cx.demo.sheet import blank, number, pick, sheet
from cx.demo.surveys import SURVEYS
from cx.demo.tickets import CHANNELS as TICKET_CHANNELS
from cx.demo.tickets import TEAM_OF, Tickets
from cx.demo.timeline import DAY, NEVER, Ints, Timeline, weekday
from cx.demo.wording import compose

DELIVERED, ANSWERED = 0.972, 0.31
RELATIONSHIP_SHARE, TRANSACTIONAL_SHARE = 0.72, 0.60
ALWAYS = (surveys.ONBOARDING, surveys.FIRST_USE)
LATE_FEELING, STRUCK_FEELING, RUMOUR = -1.4, -1.35, -0.20
HARD_STEP, EASED_STEP = -1.75, -0.10
REASONS = ("Delivery", "Product", "Support", "Price", "Website", "Billing")


@dataclass(frozen=True)
class Asks:
    """Invitations: survey, person, moment; the experience behind it (`feeling`), and who served and where."""

    survey: Ints
    who: Ints
    at: Ints
    feeling: Floats
    agent: Ints
    team: Ints
    channel: Ints
    late: np.ndarray

    def only(self, keep: np.ndarray) -> Asks:
        """The invitations where `keep` holds."""
        return Asks(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def _asks(survey: int, who: Ints, at: Ints, feeling: Floats | float = 0.0, agent: Ints | int = -1, team: Ints | int = -1, channel: Ints | int = -1,
          late: np.ndarray | bool = False) -> Asks:  # fmt: skip
    n = len(who)
    whole = [np.broadcast_to(np.asarray(v), n).copy() for v in (agent, team, channel)]
    return Asks(np.full(n, survey), who, at, np.broadcast_to(np.asarray(feeling, float), n).copy(), whole[0], whole[1], whole[2], np.broadcast_to(np.asarray(late, bool), n).copy())


def _relationship(rng: np.random.Generator, people: Population, timeline: Timeline) -> Asks:
    """Every active customer is asked once a quarter; each month a third of them, so that every month has a score."""
    months = np.arange(24)
    third = rng.integers(0, 3, people.size)
    who, month = np.nonzero((third[:, None] + months[None, :]) % 3 == 0)
    at = timeline.start + (month * 30.4 * DAY).astype(np.int64) // DAY * DAY + rng.integers(1, 30, len(who)) * DAY
    at += np.where(weekday(at) >= 5, -2 * DAY, 0) + 9 * 3600
    active = (at > people.joined[who] + 40 * DAY) & ((at < people.left[who]) | (at > people.back[who] + 40 * DAY)) & (at < timeline.end)
    who, at = who[active], at[active]
    struck = people.late[who] < at
    middle = people.segment[who] == MID_MARKET
    feeling = np.where(struck, np.where(middle, STRUCK_FEELING, 0.5 * STRUCK_FEELING), np.where(middle & (at >= timeline.courier), RUMOUR, 0.0))
    return _asks(surveys.RELATIONSHIP, who, at, feeling, late=struck)


def _all(rng: np.random.Generator, people: Population, orders: Orders, tickets: Tickets, boarding: Onboarding, timeline: Timeline) -> list[Asks]:
    """Every occasion to ask, before sampling."""
    solved = tickets.resolved < NEVER
    legacy = tickets.created < timeline.new_effort_survey
    parts = []
    for code, which in ((surveys.LEGACY, solved & legacy), (surveys.SUPPORT, solved & ~legacy)):
        i = np.flatnonzero(which)
        parts.append(_asks(code, tickets.who[i], tickets.resolved[i] + 1800, tickets.feeling[i], tickets.agent[i], TEAM_OF[tickets.category[i]], tickets.channel[i]))
    late = np.where(people.segment[orders.who] == MID_MARKET, LATE_FEELING, 0.75 * LATE_FEELING)
    parts.append(_asks(surveys.DELIVERY, orders.who, orders.delivered + 7200, np.where(orders.late, late, 0.12), late=orders.late))
    eased = np.where(boarding.call >= timeline.checklist, EASED_STEP, HARD_STEP)
    parts.append(_asks(surveys.ONBOARDING, boarding.who, boarding.call + 3600, eased))
    parts.append(_asks(surveys.FIRST_USE, boarding.who, boarding.use + 3600, 0.4 * eased))
    parts.append(_asks(surveys.ORDER, orders.who[::7], orders.ordered[::7] + 600))
    invoice = rng.integers(0, people.size, 2600)
    parts.append(_asks(surveys.INVOICE, invoice, timeline.start + (rng.random(2600) ** 0.85 * 729 * DAY).astype(np.int64) // DAY * DAY + time_of_day(rng, 2600, OFFICE)))
    renewal = people.joined + (1 + (timeline.start - people.joined) // (365 * DAY)).clip(1) * 365 * DAY
    parts += [_asks(surveys.RENEWAL, np.arange(people.size), renewal + k * 365 * DAY + 36_000) for k in (0, 1)]
    return [p.only((p.at >= timeline.start) & (p.at < timeline.end) & (p.at > people.joined[p.who]) & (p.at < people.left[p.who])) for p in parts]


def _reasons(rng: np.random.Generator, asks: Asks, good: np.ndarray) -> Ints:
    """The reason a relationship respondent names: delivery where it failed them."""
    usual = np.where(good, rng.choice(6, len(good), p=(0.12, 0.38, 0.27, 0.06, 0.12, 0.05)), rng.choice(6, len(good), p=(0.09, 0.23, 0.26, 0.24, 0.09, 0.09)))
    return np.where(asks.late & ~good & (rng.random(len(good)) < 0.75), 0, usual)


def _even(rng: np.random.Generator, n: int, block: int = 24) -> Floats:
    """Standard normal draws, one from each equal slice in every run of `block`: small waves that mean nothing stay small."""
    run = np.arange(n) // block
    order = np.lexsort((rng.random(n), run))
    size = np.minimum(block, n - run * block)
    drawn = np.empty(n)
    drawn[order] = ndtri((np.arange(n) % block + rng.random(n)) / size)
    return drawn


def responses(
    rng: np.random.Generator, people: Population, orders: Orders, tickets: Tickets, boarding: Onboarding, timeline: Timeline
) -> pa.Table:
    """One row an answer, and one row (metric "invitation") for each invitation that nobody answered."""
    sampled = [_relationship(rng, people, timeline), *_all(rng, people, orders, tickets, boarding, timeline)]
    asks = Asks(*(np.concatenate([getattr(p, name) for p in sampled]) for name in Asks.__dataclass_fields__))
    share = np.where(asks.survey == surveys.RELATIONSHIP, RELATIONSHIP_SHARE, np.where(np.isin(asks.survey, ALWAYS), 1.0, TRANSACTIONAL_SHARE))
    asks = asks.only(rng.random(len(asks.who)) < share)
    asks = asks.only(np.argsort(asks.at, kind="stable"))
    n = len(asks.who)
    arrived = rng.random(n) < DELIVERED
    answered_at = asks.at + (np.exp(rng.normal(10.2, 1.3, n))).astype(np.int64).clip(60, 13 * DAY)
    replied = arrived & (rng.random(n) < ANSWERED) & (answered_at < timeline.end)
    noise = rng.normal(size=n)
    answered = np.flatnonzero(replied)
    answered = answered[np.lexsort((asks.at[answered], people.segment[asks.who[answered]], asks.survey[answered]))]
    noise[answered] = _even(rng, len(answered))
    mood = 0.55 * people.mood[asks.who] + 0.835 * noise
    lang = language(people, rng)[asks.who]
    ids = number("R", np.arange(n) + 300_001, 6)
    agent = pick((*AGENT_NAMES, None), asks.agent)
    team = pick((*TEAMS, None), asks.team)
    way = np.where(asks.channel >= 0, pick((*TICKET_CHANNELS, None), asks.channel), pick(("E-mail", "App", "Web"), rng.choice(3, n, p=(0.7, 0.2, 0.1))))
    shared = {
        "customer_id": people.ids[asks.who], "segment": people.segments[asks.who], "persona": people.personas[asks.who], "channel": blank(rng, way, 0.008),
        "product": people.machines[asks.who], "team": team, "agent": agent, "language": lang, "country": blank(rng, people.countries[asks.who], 0.01),
        "invited_at": asks.at, "response_id": ids,
    }  # fmt: skip
    parts: list[dict[str, np.ndarray]] = []

    def add(keep: np.ndarray, **own: object) -> None:
        rows = {name: values[keep] for name, values in shared.items()}
        count = len(keep)
        parts.append(rows | {k: v if isinstance(v, np.ndarray) else np.full(count, v, dtype=float if isinstance(v, float) else object) for k, v in own.items()})

    for code, survey in enumerate(SURVEYS):
        mine = np.flatnonzero(replied & (asks.survey == code))
        words = {"survey": survey.name, "survey_kind": survey.kind, "touchpoint": survey.touchpoint}
        silent = np.flatnonzero(~replied & (asks.survey == code))
        late_reply = np.full(len(silent), NEVER)
        nothing = np.full(len(silent), np.nan)
        add(silent, **words, question="invitation", question_text=None, metric="invitation", score=nothing, scale_min=nothing, scale_max=nothing,
            higher_is_better=None, answer=None, comment=None, delivered=arrived[silent], answered_at=late_reply)  # fmt: skip
        score = np.full(len(mine), np.nan)
        good, tones, reasons, theme = score > 0, np.zeros(len(mine), int), np.zeros(len(mine), int), np.full(len(mine), "", dtype=object)
        for nth, question in enumerate(survey.questions):
            score = np.full(len(mine), np.nan)
            answer = comment = np.full(len(mine), None, dtype=object)
            if question.metric == "choice":
                answer = pick(REASONS, reasons)
            else:
                fresh = 0.9 * mood[mine] + 0.436 * rng.normal(size=len(mine)) if nth else mood[mine]
                raw = question.middle + question.weight * asks.feeling[mine] + question.spread * (fresh if question.up else -fresh)
                score = np.clip(np.round(raw), question.low, question.high)
                if nth == 0:
                    share = (score - question.low) / (question.high - question.low)
                    share = share if question.up else 1 - share
                    good, bad = share >= 0.85 if question.metric == "nps" else share >= 0.7, share <= 0.55
                    tones = np.where(good, 1, np.where(bad, -1, 0))
                    reasons = _reasons(rng, asks.only(mine), good)
                    place = survey.touchpoint or ""
                    topic = {"Order": "Website", "Renewal": "Price"}.get(place, place)
                    theme = pick(REASONS, reasons) if survey.touchpoint is None else np.full(len(mine), topic, dtype=object)
                    blamed = (theme == "Delivery") & asks.late[mine] & (asks.at[mine] >= timeline.courier + 7 * DAY)
                    theme = np.where(blamed, "New courier", theme)
                said = np.flatnonzero(rng.random(len(mine)) < question.commented)
                if len(said):
                    comment = comment.copy()
                    comment[said] = compose(rng, lang[mine][said], theme[said], tones[said], agent[mine][said])
                if nth:
                    score[rng.random(len(mine)) < 0.03] = np.nan
            keep = ~np.isnan(score) | (question.metric == "choice")
            place_of_question = question.theme or survey.touchpoint
            add(mine[keep], **(words | {"touchpoint": place_of_question}), question=question.code, question_text=question.text, metric=question.metric, score=score[keep],
                scale_min=np.nan if question.metric == "choice" else question.low + 0.0, scale_max=np.nan if question.metric == "choice" else question.high + 0.0,
                higher_is_better=None if question.metric == "choice" else question.up, answer=answer[keep], comment=comment[keep],
                delivered=np.full(int(keep.sum()), True), answered_at=answered_at[mine[keep]])  # fmt: skip
    columns = {name: np.concatenate([p[name].astype(float) if name in ("score", "scale_min", "scale_max") else p[name] for p in parts]) for name in parts[0]}
    columns["delivered"] = columns["delivered"].astype(bool)
    columns["segment"] = blank(rng, columns["segment"], 0.004)
    early = rng.choice(np.flatnonzero(columns["answered_at"] < NEVER), 10, replace=False)
    columns["invited_at"][early] = columns["answered_at"][early] + 2 * DAY
    return sheet("responses", columns)
