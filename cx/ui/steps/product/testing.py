"""User tests: task success and time with honest intervals, usability with its grade, and entering sessions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cx.analytics.estimate import difference
from cx.analytics.usability import sus_scores
from cx.records import writing
from cx.records.lookup import labels, records
from cx.ui import bench, cards, charts, user_test
from cx.ui import format as words
from cx.ui.fields import Fields
from cx.ui.kept import registers
from cx.ui.page import View
from cx.ui.tables import table
from cx.ui.text import escape, outside, quiet

SUS = (
    "I would like to use it often", "It was more complicated than needed", "It was easy to use", "I would need help to use it", "Its parts fit together",
    "It was inconsistent", "Most people would learn it quickly", "It was awkward to use", "I felt sure of myself", "I had to learn a lot first",
)  # fmt: skip


def show(view: View) -> None:
    """Draw the workbench."""
    tests = records("user_test")
    if not tests:
        quiet("No user test yet. Plan one below: what is tried, which tasks, how many should manage them.")
        registers(view, "product-testing", "user_test", "test_session", "prototype")
        return
    tried = {s.test_id for s in records("test_session")}
    tests.sort(key=lambda t: t.id not in tried)  # those with results first, the latest of them on top
    test = bench.choose("Test", tests, "usertest", lambda t: f"{t.name}, version {t.edition or '?'} ({t.status})", width=420)
    sessions = records("test_session", test_id=test.id)
    if sessions:
        _results(test, sessions, [t for t in tests if t.id != test.id])
    else:
        bench.headline(f"{test.name} has no sessions yet")
        quiet(f"Tasks: {', '.join(test.tasks) or 'none written'}. Enter the first session below.")
    _enter(view, test)
    registers(view, "product-testing", "user_test", "test_session", "prototype")


def _results(test: Any, sessions: list[Any], others: list[Any]) -> None:
    found = user_test.tasks(sessions)
    score = user_test.usability(sessions)
    goal = 78.0 if test.goal is None else test.goal
    failing = [t for t in found if t.success.high is not None and t.success.high < goal]
    open_ = [t for t in found if t not in failing and (t.success.low or 0) < goal]
    people = len({s.participant for s in sessions})
    worst = min(found, key=lambda t: t.success.value or 0)
    if failing:
        bench.headline(f"{worst.task}: too few manage it, {words.value(worst.success.value, '%')} of {worst.success.n} ({words.interval(worst.success.low, worst.success.high, '%')}) against {goal:.0f} % wanted")
    elif open_:
        bench.headline(f"No task fails for sure, but {len(open_)} of {len(found)} could still lie under {goal:.0f} %: {people} people are few")
    else:
        bench.headline(f"Every task is managed by at least {goal:.0f} %, interval included")
    before = next((user_test.usability(records("test_session", test_id=t.id)) for t in others if t.prototype_id and t.held_on and test.held_on and t.held_on < test.held_on), None)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        charts.dots("product-testing-tasks", f"Task success, {people} participants", [charts.Group(t.task, t.success) for t in found], alt="Share of participants who managed each task, adjusted-Wald interval", unit="%", target=goal,
                    note="adjusted-Wald intervals, made for small tests · dashed: success wanted")  # fmt: skip
        charts.dots("product-testing-times", "Time on task of those who managed it (geometric mean)", [charts.Group(t.task, t.time) for t in found], alt="Geometric mean time on each task", unit="s")
    with right:
        known = before is not None and before.value is not None
        cards.wall([cards.Card("sus", f"SUS, grade {user_test.grade(score)}", score, difference(before, score) if before is not None and known else None, target=68.0, versus="the round before" if known else "", help="System Usability Scale, 0 to 100; 68 is about average. In brackets the grades of the interval's ends.")], "product-testing-sus", columns=1)
        if before is not None and known:
            quiet(f"The round before reached {words.estimate(before)}, grade {user_test.grade(before)}.")
        scores = user_test.sus_by_person(sessions)
        if scores:
            charts.bars("product-testing-people", "SUS by participant", list(scores), list(scores.values()), alt="Usability score of each participant", tones=["bad" if v < 50 else "" for v in scores.values()])
    table({"task": [t.task for t in found], "tried": [t.success.n for t in found], "success": [t.success.value for t in found], "low": [t.success.low for t in found], "high": [t.success.high for t in found],
           "typical time": [t.time.value for t in found], "errors": [t.errors for t in found], "ease": [t.ease for t in found]}, "product-testing-table", units={"success": "%", "low": "%", "high": "%", "typical time": "s"},
          titles={"errors": "errors a try", "ease": "ease, 1 to 7"}, alt="Results by task")  # fmt: skip
    said = [s for s in sessions if s.comment]
    if said:
        names = labels("user_test")
        bench.headline(f"What participants of {names[test.id]} said")
        for s in said[:6]:
            outside(s.comment)
            quiet(f"{s.participant} · {s.task} · {'managed' if s.success else 'not managed'}")


def _enter(view: View, test: Any) -> None:
    shelf = st.expander("Enter a session", key=f"product-testing-enter-{test.id}", on_change="rerun", icon=":material/person_add:")
    if not shelf.open:
        return
    form = Fields(f"product-testing-{test.id}")
    turn = form.key
    with shelf, st.form(f"{turn}-form", border=False):
        with st.container(horizontal=True):
            who = form("participant").text_input("Participant, a code", key=f"{turn}-who", placeholder="P7")
            segment = form("segment").text_input("Segment", key=f"{turn}-segment")
        rows = []
        for i, task in enumerate(test.tasks):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                went = form(f"task{i}", width="content").segmented_control(escape(task), ["managed", "not managed"], key=f"{turn}-went-{i}")
                seconds = st.number_input("Seconds", 0.0, value=None, key=f"{turn}-seconds-{i}", width=140)
                errors = st.number_input("Errors", 0, value=None, key=f"{turn}-errors-{i}", width=120)
                ease = st.number_input("Ease, 1 to 7", 1, 7, value=None, key=f"{turn}-ease-{i}", width=120)
                rows.append((task, went, seconds, errors, ease))
        quiet("Usability scale: 1 (not at all) to 5 (fully); leave all ten empty where it was not asked.")
        given = [form(f"q{i}").segmented_control(f"{i}. {words_}", [1, 2, 3, 4, 5], key=f"{turn}-sus-{i}") for i, words_ in enumerate(SUS, 1)]
        comment = form("comment").text_area("Comment", key=f"{turn}-comment", height=70)
        if st.form_submit_button("Store", type="primary"):
            sus = [f"q{i}={v}" for i, v in enumerate(given, 1) if v is not None]
            tried = [r for r in rows if r[1] is not None]
            if not tried:
                form.refuse({"task0": "Say of at least one task whether it was managed; none is marked." if rows else "This test has no tasks: write them in the register first."})
            elif sus and len(sus) < 10:
                form.refuse({f"q{given.index(None) + 1}": f"The usability scale has ten items; {len(sus)} are answered. Answer all, or none."})
            else:
                bench.saved(lambda: _store(view, test, who, segment, tried, sus, comment), f"{words.plural(len(tried), 'task')} of {who} stored", form)


def _store(view: View, test: Any, who: str, segment: str, rows: list[tuple[str, Any, Any, Any, Any]], sus: list[str], comment: str) -> list[Any]:
    """A participant's tasks in one write unit; the scale and the comment stand with the first."""
    given = user_test.answers(sus)
    score = float(sus_scores([given])[0]) if given else None
    stored = []
    with writing.unit() as session:
        for i, (task, went, seconds, errors, ease) in enumerate(rows):
            values = {"test_id": test.id, "participant": who, "segment": segment or None, "task": task, "success": went == "managed", "seconds": seconds, "errors": errors, "ease": ease,
                      "sus": sus if i == 0 else [], "sus_score": score if i == 0 else None, "comment": comment or None if i == 0 else None}  # fmt: skip
            stored.append(writing.create("test_session", values, bench.actor(view), session=session))
    return stored
