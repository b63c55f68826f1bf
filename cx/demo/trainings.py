"""Trainings: who took which course, test before and after, reaction, behaviour, and when it expires."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cx.demo.cast import AGENTS, COURSE, REPS, SALES_TEAMS, TEAMS, TRAINED
from cx.demo.sheet import number, pick, sheet
from cx.demo.timeline import DAY, NEVER, Ints, Timeline, weekday

# Course, share who take it, how many days before the end its first session is, valid for (days), learning gain, price
COURSES = (
    ("Product basics", 0.93, 640, 0, 18, 9_000),
    ("Data protection", 0.95, 560, 365, 14, 4_500),
    ("Data protection", 0.94, 190, 365, 12, 4_500),
    ("Handling complaints", 0.4, 420, 730, 15, 26_000),
    ("Consultative selling", 0.35, 300, 0, 16, 48_000),
    ("Writing clearly", 0.45, 66, 0, 13, 18_000),
    ("Handling complaints", 0.3, 58, 730, 14, 26_000),
)
REACTION = 4.1


def trainings(rng: np.random.Generator, trained_at: Ints, timeline: Timeline) -> pa.Table:
    """Enrolments of the agents and sales representatives; the course that shows in the tickets was taken by those in TRAINED."""
    staff = [(name, TEAMS[team], "Agent") for name, team in AGENTS] + [(name, SALES_TEAMS[team], "Sales representative") for name, team in REPS]
    rows = []
    for title, share, ago, valid, gain, price in COURSES:
        takes = np.flatnonzero(rng.random(len(staff)) < share)
        takes = takes[takes >= len(AGENTS)] if title == "Consultative selling" else takes[takes < len(AGENTS)] if title in ("Handling complaints", "Writing clearly") else takes
        session = rng.integers(0, 4, len(takes))
        day = timeline.end - ago * DAY + session * 14 * DAY
        rows += [(e, title, s, d - int(weekday(d)) * DAY + 16 * 3600, valid, gain, price) for e, s, d in zip(takes.tolist(), session.tolist(), day.tolist(), strict=True)]
    for e in TRAINED:
        rows.append((e, COURSE, int((trained_at[e] - timeline.training) // (7 * DAY)), int(trained_at[e]), 730, 21, 32_000))
    who, done, valid_for, gained, cost = (np.array([r[i] for r in rows]) for i in (0, 3, 4, 5, 6))
    n = len(rows)
    ours = np.array([r[1] == COURSE for r in rows])
    outcome = np.where(ours, 0, rng.choice(4, n, p=(0.87, 0.05, 0.05, 0.03)))
    status = pick(("completed", "attended", "missed", "cancelled"), outcome)
    pre = np.clip(np.round(rng.normal(58, 11, n)), 15, 95)
    post = np.clip(np.round(pre + gained + rng.normal(0, 7, n)), 20, 100)
    completed = outcome == 0
    names = pick([s[0] for s in staff], who)
    return sheet("trainings", {
        "training_id": number("TR", np.arange(n) + 1, 4), "employee_id": number("E", who + 101, 4), "employee": names, "role": pick([s[2] for s in staff], who),
        "team": pick([s[1] for s in staff], who), "course": np.array([r[1] for r in rows], dtype=object),
        "session": np.array([f"{r[1]} · {r[2] + 1}" for r in rows], dtype=object), "status": status, "enrolled_at": done - rng.integers(10, 45, n) * DAY,
        "completed_at": np.where(completed, done, NEVER), "expires_at": np.where(completed & (valid_for > 0), done + valid_for * DAY, NEVER),
        "pre_score": np.where(rng.random(n) < 0.06, np.nan, pre), "post_score": np.where(completed & (rng.random(n) > 0.04), post, np.nan), "max_score": 100.0,
        "reaction": np.where(completed & (rng.random(n) < 0.9), np.clip(np.round(rng.normal(REACTION + 0.4 * ours, 0.7, n)), 1, 5), np.nan),
        "behaviour": np.where(completed & (rng.random(n) < 0.7), np.clip(np.round(rng.normal(3.5 + 0.5 * ours, 0.7, n)), 1, 5), np.nan),
        "cost_minor": cost, "currency": "EUR",
    })  # fmt: skip
