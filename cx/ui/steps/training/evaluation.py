"""Training effect: Kirkpatrick's four levels for a course, each with n, the comparison it needs, or why it has no data."""

from __future__ import annotations

import streamlit as st

from cx.analytics.estimate import Estimate, undefined
from cx.analytics.finding import said
from cx.analytics.interval import mean
from cx.settings import settings
from cx.ui import bench, chain, charts, training_effect
from cx.ui import format as words
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import quiet

KEY = "training-evaluation"


def show(view: View) -> None:
    """Draw the step."""
    found = training_effect.courses(view.now) if view.now.rows("trainings") else []
    if not found:
        bench.headline("No completed course can be judged yet")
        quiet("The four levels need: ratings by participants (1), a test before and after (2), behaviour rated by managers (3), and tickets that name the agent (4). Upload the export of your learning platform on the Data page.")
        registers(view, KEY, "course")
        return
    names = [course for course, _ in found]
    # opens with a course whose effect on customers can be read, and checked, where there is one
    read = {c: training_effect.results(view.now, c, "csat") for c in names[:12]} if view.now.rows("tickets") else {}
    first = next((c for c, r in read.items() if r.p is not None and r.check_p is not None), next((c for c, r in read.items() if r.p is not None), names[0]))
    course = st.selectbox("Course", names, index=names.index(first), key="course", bind="query-params", width=360)
    rows = training_effect.scores(view.now, course)
    if len(rows) < settings().minimum_group:
        quiet(f"{len(rows)} people completed it: hidden, since fewer than {settings().minimum_group} could be told apart.")
        registers(view, KEY, "course")
        return
    reaction, behaviour = _mean(rows["reaction"], "nobody rated the course"), _mean(rows["behaviour"], "no manager rated behaviour")
    gain = training_effect.gain(view.now, course)
    learnt = gain.change if gain else undefined("nobody has a test before and after", "points")
    outcome = st.session_state.get("outcome") or "csat"
    outcome = outcome if outcome in training_effect.OUTCOMES else "csat"
    result = training_effect.results(view.now, course, outcome) if view.now.rows("tickets") else None
    effect = result.effect if result else undefined("there are no tickets")
    if result and result.p is None and effect.value is not None:
        effect = undefined(f"{result.trained} trained against {result.others} {'other is' if result.others == 1 else 'others are'} too few to compare", effect.unit)
    title, unit, better = training_effect.OUTCOMES[outcome]
    bench.headline(_verdict(course, learnt, gain.p if gain else None, result, title, unit, better))
    grid = st.grid(4, min_column_width=200, border=True, gap="xsmall", key=f"{KEY}-levels")
    for level, name, estimate, note in (
        ("1", "Reaction", reaction, "rating by participants, 1 to 5"), ("2", "Learning", learnt, f"{gain.test}, {said(gain.p)}, effect size d {gain.effect:.2f}" if gain and gain.p is not None and gain.effect is not None else "test before and after"),
        ("3", "Behaviour", behaviour, "rated by managers later, 1 to 5"), ("4", "Results", effect, f"{title.lower()}: trained less others, {said(result.p)}" if result and result.p is not None else title.lower()),
    ):  # fmt: skip
        with grid.cell(), st.container(gap=None):
            sign = words.change(estimate.value, unit) if level == "4" else words.change(estimate.value, "points") if level == "2" else words.value(estimate.value)
            st.metric(f"{level} · {name}", "no data" if estimate.value is None else sign)
            quiet(" · ".join(p for p in ((words.moved if level == "4" else words.interval)(estimate.low, estimate.high, estimate.unit), words.count(estimate.n) if estimate.n else "", note if estimate.value is not None else estimate.warning) if p))
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(border=True):
        st.segmented_control("Outcome", list(training_effect.OUTCOMES), format_func=lambda k: training_effect.OUTCOMES[k][0], default="csat", key="outcome", required=True, label_visibility="collapsed")
        results(view, course, outcome, result)
    with right, st.container(border=True):
        learning(rows, gain)
    teams = agents(view, course, outcome)
    chain.of_agents(None, teams or rows["team"].dropna().unique())
    registers(view, KEY, "course")


def agents(view: View, course: str, outcome: str) -> list[str]:
    """Everybody who completed the course with their tickets before and after it; returns the team of the one chosen. Not for who only looks."""
    if not view.member.may("contributor"):
        return []
    found = training_effect.by_agent(view.now, course, outcome)
    title, unit, _ = training_effect.OUTCOMES[outcome]
    least = settings().minimum_group
    met = found[(found["n before"] >= least) & (found["n after"] >= least)]
    bench.headline(f"{len(met)} of {words.plural(len(found), 'person', 'people')} who took it have {least} tickets or more before and after, by which to see {title.lower()}")

    def seen(value: float, n: int) -> str:
        return words.MISSING if n == 0 else f"hidden (n < {least})" if n < least else words.value(value, unit)

    shown = [
        {"agent": r["agent"], "team": r["team"], "completed": words.day(r["completed"]), "before": seen(r["before"], r["n before"]), "n before": r["n before"],
         "after": seen(r["after"], r["n after"]), "n after": r["n after"]} for r in found.to_dict("records")
    ]  # fmt: skip
    picked = table(shown, f"{KEY}-agents-{course}", clicks=True, alt=f"{title} of each person 90 days before and after {course}")
    quiet("90 days before and after the day each completed it, from the tickets each handled. One person's change is mostly chance: the comparison above is what counts. Choose a person to go on to their team.")
    return [] if picked is None or not shown[picked]["team"] else [str(shown[picked]["team"])]


def _mean(values: object, reason: str) -> Estimate:
    known = values.dropna().astype(float)  # type: ignore[attr-defined]
    known = known[(known >= 1) & (known <= 5)]
    return mean(float(known.sum()), float((known**2).sum()), len(known), "of 5", 1, 5) if len(known) else undefined(reason, "of 5")


def _verdict(course: str, learnt: Estimate, p: float | None, result: training_effect.Result | None, title: str, unit: str, better: str) -> str:
    knows = f"people gained {learnt.value:.0f} points in the test" if learnt.value is not None and p is not None and p < 0.05 else "a gain in the test is not shown"
    if result is None or result.effect.value is None or result.p is None:
        return f"{course}: {knows}; whether customers notice cannot be said"
    moved = words.change(result.effect.value, unit)
    if result.p >= 0.05:
        return f"{course}: {knows}; no effect on {title.lower()} could be shown ({moved} against the others)"
    good = (result.effect.value > 0) == (better == "higher")
    return f"{course}: {knows}, and customers notice: {title.lower()} {moved} against the others" if good else f"{course}: {knows}, but {title.lower()} got worse, {moved} against the others"


def results(view: View, course: str, outcome: str, result: training_effect.Result | None) -> None:
    """Level 4: the course of both groups, the four means, and whether they moved alike before."""
    if result is None or not result.trained:
        quiet("Level 4 has no data: tickets must name agents who took the course, with five tickets before and after.")
        return
    title, unit, _ = training_effect.OUTCOMES[outcome]
    charts.lines(f"{KEY}-lines", f"{title}: those trained and the others of their teams", training_effect.monthly(view.now, course, outcome), alt=f"{title} by month, trained and others", unit=unit)
    table([{"group": "trained", "people": result.trained, "before": words.value(result.before[0], unit), "after": words.value(result.after[0], unit)}, {"group": "others", "people": result.others, "before": words.value(result.before[1], unit), "after": words.value(result.after[1], unit)}], f"{KEY}-cells", csv=False)
    if result.p is None:
        quiet("Too few to compare: the lines of so few people are chance.")
        return
    quiet(f"Difference in differences {words.change(result.effect.value, unit)} ({words.moved(result.effect.low, result.effect.high, unit)}, {words.count(result.effect.n)}, {said(result.p)}): 90 days after completion against 90 before, a row an agent; others around the median day.")
    if result.check.value is None or result.check_p is None:
        quiet("Whether both groups moved alike before the course cannot be checked: too few earlier tickets.")
    elif result.check_p < 0.05:
        quiet(f"✗ Beware: the groups moved apart already before the course ({words.change(result.check.value, unit)}, {said(result.check_p)}), so the effect may not be the training's.")
    else:
        quiet(f"✓ Before the course both groups moved alike ({words.change(result.check.value, unit)}, {said(result.check_p)}), as the comparison needs.")


def learning(rows: object, gain: object) -> None:
    """Level 2: everybody's score before and after."""
    both = rows.dropna(subset=["pre_score", "post_score"])  # type: ignore[attr-defined]
    if gain is None or not len(both):
        quiet("Level 2 has no data: it needs a test before and after.")
        return
    charts.boxes(f"{KEY}-scores", f"Test score: median {both['pre_score'].median():.0f} before, {both['post_score'].median():.0f} after", {"before": both["pre_score"].tolist(), "after": both["post_score"].tolist()}, alt="Test scores before and after")
    share = gain.normalised  # type: ignore[attr-defined]
    quiet(f"{gain.test}: chosen because {gain.reason}. {gain.unpaired} people without both scores left out.")  # type: ignore[attr-defined]
    quiet(f"Of what could be gained {words.estimate(share)} was gained.")
