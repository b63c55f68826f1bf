"""The people of a team: what each was trained in, and how customers rate the tickets each handled."""

from __future__ import annotations

from collections import defaultdict

from cx import scorecard
from cx.facts import engine
from cx.facts.history import Revision
from cx.settings import settings
from cx.ui import chain
from cx.ui import format as words
from cx.ui.bench import headline
from cx.ui.page import View
from cx.ui.remember import remembered
from cx.ui.tables import table
from cx.ui.text import quiet


@remembered
def courses(now: Revision, team: str) -> dict[str, tuple[str, ...]]:
    """Employee -> courses completed, the latest first."""
    t = engine.tables()["trainings"]
    done = t.filter((t["team"] == team) & (t["status"].lower() == "completed") & t["course"].notnull() & t["employee"].notnull())
    out: dict[str, list[str]] = defaultdict(list)
    for row in engine.rows(done.select("employee", "course", "completed_at").order_by(done["completed_at"].desc(), done["course"]), now=now):
        if row["course"] not in out[row["employee"]]:
            out[row["employee"]].append(row["course"])
    return {name: tuple(taken) for name, taken in out.items()}


def show(view: View, team: str) -> None:
    """A row a person with courses and ratings; one chosen leads on to the course and to all agents."""
    taken = courses(view.now, team) if view.now.rows("trainings") else {}
    rated = scorecard.read("service_satisfaction", view.filters.narrowed("team", team), ("agent",), compare=view.compare, now=view.now) if view.now.rows("tickets") else []
    found = {str(r.key("agent")): r for r in rated if r.key("agent") is not None}
    names = sorted({*taken, *found})
    if not names:
        headline(f"Neither a course nor a ticket names anybody of {team}")
        quiet("Trainings name the employee and the team; tickets name the agent and the team.")
        return
    least = settings().minimum_group
    known = [(r.estimate.value, name) for name, r in found.items() if r.estimate.value is not None and r.estimate.n >= least]
    trained = sum(name in taken for name in names)
    said = f"{trained} of {words.plural(len(names), 'person', 'people')} completed a course"
    headline(said + (f"; tickets are rated from {words.value(min(known)[0], '%')} ({min(known)[1]}) to {words.value(max(known)[0], '%')} ({max(known)[1]})" if len(known) > 1 else ""))
    rows = []
    for name in names:
        reading = found.get(name)
        e = reading.estimate if reading else None
        few = e is not None and 0 < e.n < least
        rows.append({
            "person": name, "courses completed": ", ".join(taken.get(name, ())) or "none", "ticket satisfaction": f"hidden (n < {least})" if few else words.value(e.value, e.unit) if e else words.MISSING,
            "interval": words.interval(e.low, e.high, e.unit) if e and e.value is not None and not few else "", "n": e.n if e else 0,
        })  # fmt: skip
    picked = table(rows, f"departments-people-{team}", clicks=True, alt=f"People of {team}, their courses and ratings")
    if picked is None:
        quiet("Choose a person to go on to their latest course and to all agents.")
    else:
        chain.of_agents(next(iter(taken.get(names[picked], ())), None))
