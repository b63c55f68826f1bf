"""The same question is asked once for one state of the facts, and never of a state that is gone."""

from __future__ import annotations

import threading

import pytest

from cx import scorecard
from cx.facts import engine
from cx.facts.answers import KEPT, ROWS, Answers


class Engine:
    """Counts what it is asked."""

    def __init__(self, state: str = "a") -> None:
        self.state, self.asked = state, 0

    def __call__(self) -> tuple[str, list[dict[str, object]]]:
        self.asked += 1
        return self.state, [{"n": self.asked}]


def test_the_same_question_is_asked_once() -> None:
    answers, engine = Answers(), Engine()
    assert [answers.rows("a", "SELECT 1", engine) for _ in range(3)] == [[{"n": 1}]] * 3
    assert engine.asked == 1


def test_who_changes_their_rows_changes_nobody_elses() -> None:
    answers, engine = Answers(), Engine()
    answers.rows("a", "SELECT 1", engine)[0]["n"] = "spoilt"
    assert answers.rows("a", "SELECT 1", engine) == [{"n": 1}]


def test_a_new_state_of_the_facts_is_asked_anew_and_the_old_answers_are_let_go() -> None:
    answers, engine = Answers(), Engine()
    answers.rows("a", "SELECT 1", engine)
    engine.state = "b"
    assert answers.rows("b", "SELECT 1", engine) == [{"n": 2}]
    assert len(answers._found) == 1


def test_an_answer_of_a_newer_state_than_asked_for_is_not_kept_for_the_older() -> None:
    answers, engine = Answers(), Engine("b")
    answers.rows("a", "SELECT 1", engine)
    answers.rows("a", "SELECT 1", engine)
    assert engine.asked == 2


def test_a_long_answer_is_not_kept_and_the_number_of_answers_has_an_end() -> None:
    answers, engine = Answers(), Engine()
    long = [{"n": i} for i in range(ROWS + 1)]
    assert len(answers.rows("a", "SELECT long", lambda: ("a", long))) == ROWS + 1
    assert not answers._found
    for i in range(KEPT + 5):
        answers.rows("a", f"SELECT {i}", engine)
    assert len(answers._found) == KEPT


def test_a_question_that_fails_fails_for_all_who_wait_and_is_asked_again_later() -> None:
    answers, engine, begun, go = Answers(), Engine(), threading.Event(), threading.Event()
    failed: list[str] = []

    def broken() -> tuple[str, list[dict[str, object]]]:
        begun.set()
        assert go.wait(30)
        raise ValueError("no such column")

    def ask(how: object) -> None:
        try:
            answers.rows("a", "SELECT 1", how)  # type: ignore[arg-type]
        except ValueError as error:
            failed.append(str(error))

    first = threading.Thread(target=ask, args=(broken,))
    first.start()
    assert begun.wait(30)
    second = threading.Thread(target=ask, args=(engine,))
    second.start()
    go.set()
    first.join(30), second.join(30)
    assert failed[0] == "no such column"
    assert answers.rows("a", "SELECT 1", engine)[0]["n"] in (1, 2)


def test_threads_that_ask_at_the_same_time_wait_for_one_answer() -> None:
    answers, go, asked = Answers(), threading.Event(), []

    def slow() -> tuple[str, list[dict[str, object]]]:
        asked.append(1)
        assert go.wait(30)
        return "a", [{"n": 1}]

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(answers.rows("a", "SELECT 1", slow))) for _ in range(4)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(30)
    assert found == [[{"n": 1}]] * 4
    assert len(asked) == 1


@pytest.mark.usefixtures("demo")
def test_measures_that_are_made_of_the_same_sums_ask_the_engine_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    cells = engine._cells
    monkeypatch.setattr(engine, "_cells", lambda taken, query: (asked.append(query), cells(taken, query))[1])
    scorecard._estimates.cache_clear()
    engine.forget()
    for key in ("grr", "nrr", "gross_mrr_churn", "net_mrr_churn"):
        assert scorecard.read(key)[0].estimate.value is not None
    assert len(asked) == 1
