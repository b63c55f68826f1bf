"""Sales team: quota, win rate with its interval, size and cycle by person, and coaching notes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx import scorecard
from cx.blueprint.catalogue import kpi
from cx.records.lookup import records
from cx.ui import charts, deals, readings
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEPT = ("coaching_note", "quota", "employee")


def show(view: View) -> None:
    """Draw the step."""
    if not view.now.rows("deals"):
        quiet("The scoreboard is read from deals and their owner; there are none yet. Upload an export of your CRM on the Data page.")
        registers(view, "sales-team", *KEPT)
        return
    people = board(view)
    left, right = st.columns([6, 6], gap="small")
    with left.container(border=True, height="stretch"):
        readings.compare_groups(view, kpi("win_rate"), "owner", "sales-team-win", title=luck(people), limit=30)
    with right.container(border=True):
        quota(view, people)
    with right.container(border=True):
        headline(f"{len(people)} people won {sum(p['won'] for p in people):,} deals")
        money = next((p["currency"] for p in people if p["currency"]), "")
        data = {"Person": [p["name"] for p in people], "Won deals": [p["won"] for p in people], "Decided": [p["win"].n for p in people], "Win rate": [p["win"].value for p in people],
                "95 % interval": [words.interval(p["win"].low, p["win"].high, "%") for p in people], "Deal size": [p["size"] for p in people], "Days to win": [p["days"] for p in people],
                "Open deals": [p["open"] for p in people], "Stand still": [p["stale"] for p in people], "Last talk": [p["talk"] for p in people]}  # fmt: skip
        shown = [name for name in data if name not in ("Decided", "Win rate", "95 % interval")]  # they are drawn beside it
        table(data, "sales-team-board", columns=shown, height=700, units={"Win rate": "%", "Deal size": money, "Days to win": "days"}, help={"Stand still": "Open deals too long in a stage or past their expected close", "Last talk": "Latest coaching note"})
    registers(view, "sales-team", *KEPT)


def luck(people: list[dict[str, Any]]) -> str:
    """Whether anybody's win rate can be told from the team's."""
    won, n = sum(p["won"] for p in people), sum(p["win"].n for p in people)
    if not n:
        return "No deal was decided in this period"
    mean = 100 * won / n
    above = [p["name"] for p in people if (p["win"].low or 0) > mean]
    below = [p["name"] for p in people if p["win"].high is not None and p["win"].high < mean]
    if not above and not below:
        return f"Nobody's win rate can be told from the team's {words.value(mean, '%')}: the differences may be luck"
    return f"Clearly above the team's {words.value(mean, '%')}: {', '.join(above) or 'nobody'}; below: {', '.join(below) or 'nobody'}"


def board(view: View) -> list[dict[str, Any]]:
    """A row a person, the most won deals first."""

    def by(key: str) -> dict[Any, Any]:
        return {r.key("owner"): r.estimate for r in scorecard.read(key, view.filters, ("owner",), now=view.now)}

    win, size, cycle, waiting = by("win_rate"), by("deal_size"), by("sales_cycle"), by("open_pipeline")
    still: dict[str, int] = {}
    for row in deals.stale(view):
        still[row["owner"]] = still.get(row["owner"], 0) + 1
    talks: dict[str, Any] = {}
    if view.member.may("manager"):
        from cx.ui.bench import actor

        for note in records("coaching_note", actor(view)):
            if note.held_on and (note.employee not in talks or talks[note.employee] < note.held_on):
                talks[note.employee] = note.held_on
    out = []
    for name, e in win.items():
        if name is None:
            continue
        s = size.get(name)
        priced = s is not None and s.value is not None
        out.append({"name": name, "win": e, "won": round(e.n * (e.value or 0) / 100), "size": s.value * words.minor(s.unit) if s is not None and priced else None, "currency": s.unit if s is not None and priced else "",
                    "days": cycle[name].value if name in cycle else None, "open": waiting[name].n if name in waiting else 0, "stale": still.get(name, 0), "talk": talks.get(name)})  # fmt: skip
    return sorted(out, key=lambda p: -p["won"])


def quota(view: View, people: list[dict[str, Any]]) -> None:
    """Attainment of the quotas that run at the end of the data, people first, else teams."""
    on = view.last.date() if view.last else None
    running = [q for q in records("quota") if on is not None and q.starts_on < on and (q.ends_on >= on or (on - q.ends_on).days <= 31) and not q.segment]
    mine = [q for q in running if q.employee] or [q for q in running if q.team]
    if not mine:
        headline("No quota runs for a person or a team")
        quiet("Set quotas below; then attainment stands here, against the part of the period that has passed.")
        return
    rows = []
    for q in mine:
        who = {"owner": q.employee} if q.employee else {"team": q.team}
        amount, n = deals.won_between(view, q.currency, q.starts_on, q.ends_on, **who)
        passed = min(max((on - q.starts_on).days / ((q.ends_on - q.starts_on).days + 1), 0.0), 1.0)
        rows.append((q.employee or q.team, 100 * amount / q.amount_minor if q.amount_minor else None, 100 * passed, f"{words.money(amount, q.currency)} of {words.money(q.amount_minor, q.currency)} · {n} deals"))
    rows.sort(key=lambda row: -(row[1] or 0))
    behind = [row for row in rows if row[1] is not None and row[1] < row[2]]
    title = f"{len(behind)} of {len(rows)} are behind the time that has passed" if behind else f"All {len(rows)} are ahead of the time that has passed"
    charts.bars("sales-team-quota", title, [row[0] for row in rows], [row[1] for row in rows], unit="%", tones=["bad" if row in behind else "" for row in rows], texts=[f"{words.value(row[1], '%')} · {row[3]}" for row in rows],
                alt=title, note=f"quota reached; vermilion is less than the {words.value(rows[0][2], '%')} of the period that has passed")  # fmt: skip
