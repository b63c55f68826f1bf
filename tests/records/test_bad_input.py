"""What cannot be right is refused with a sentence that names the field, in every register, and nothing is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cx.records.actor import OPEN
from cx.records.fields import Spec
from cx.records.lookup import count, find
from cx.records.refusal import FieldsError
from cx.records.registry import Register, registers
from cx.records.sheet import load_csv
from cx.records.writing import create, unit, update
from tests.records.filled import filled, values


def bad(spec: Spec) -> list[Any]:
    """Values that no field of this kind may take."""
    kinds: dict[str, list[Any]] = {
        "text": ["x" * (spec.longest + 1), 5], "long": ["x" * (spec.longest + 1), 5], "choice": ["none of these"], "number": ["twelve", "1.2.3", float("inf"), True],
        "whole": ["twelve", 1.5, 2**63], "day": ["31.12.2026", "2026-02-30", "tomorrow", date(26, 8, 1), 5], "moment": ["soon", datetime(2026, 8, 1), datetime(26, 8, 1, tzinfo=UTC)],
        "money": ["much", "12.345", "1,2,3", 2**63], "yes": ["perhaps"], "link": [999_999, "nobody of this name"], "several": [5, ["x" * 300], [str(n) for n in range(201)]],
        "document": ["{not json"],
    }  # fmt: skip
    found = kinds[spec.kind]
    if spec.choices and spec.kind == "several":
        found = [*found, ["none of these"]]
    if spec.pattern == "email":
        wrong = ["ada", "ada@", "@example.org", "ada@exa mple.org", "a@b@c", "a@b.c\nBcc: x@y.z"]
        found = [*found, *([[w] for w in wrong] if spec.kind == "several" else wrong)]
    if spec.low is not None:
        found = [*found, spec.low - 1]
    if spec.high is not None:
        found = [*found, spec.high + 1]
    if spec.required:
        found = [*found, None, "", "   ", "\u00a0\u200b\n"]
    return found


def later(value: Any) -> Any:
    """Something above or after."""
    return value + timedelta(days=1) if isinstance(value, date) else value + 1


@pytest.mark.parametrize("name", list(registers()))
def test_every_field_refuses_what_it_cannot_hold_and_says_so_by_its_name(name: str, shared: str) -> None:
    row, good = registers()[name], values(name, shared, "bad")
    before = count(name, url=shared)
    with unit(shared) as session:
        for field, spec in row.fields.items():
            for value in bad(spec):
                with pytest.raises(FieldsError) as refused:
                    create(row, good | {field: value}, OPEN, session=session)
                sentence = refused.value.errors[field]
                assert spec.title in sentence, (field, value, sentence)
                assert sentence.endswith("."), sentence
                assert len(sentence) < 400, "a long value is cut in the sentence"
    assert count(name, url=shared) == before


@pytest.mark.parametrize("name", [n for n, row in registers().items() if any(s.floor or s.unique for s in row.fields.values())])
def test_what_lies_before_its_beginning_or_bears_a_name_twice_is_refused(name: str, shared: str) -> None:
    row, good = registers()[name], values(name, shared, "pair")
    made = create(row, good, OPEN, url=shared)
    for field, spec in row.fields.items():
        if spec.unique:
            again = str(good[field]).swapcase() if isinstance(good[field], str) else good[field]
            with pytest.raises(FieldsError, match="must be unique") as refused:
                create(row, good | {field: again}, OPEN, url=shared)
            assert refused.value.errors[field].startswith(spec.title)
        for other in () if spec.computed else spec.floor:
            with pytest.raises(FieldsError, match=r"must not lie (before|below)") as refused:
                update(row, made.id, {field: good[field], other: later(_day(good[field], row, other))}, made.version, OPEN, url=shared)
            assert spec.title in refused.value.errors[field]
            assert row.fields[other].title in refused.value.errors[field]
    assert find(row, made.id, OPEN, url=shared).values() == made.values()


def _day(value: Any, row: Register, other: str) -> Any:
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if row.fields[other].kind == "moment" and not isinstance(value, datetime) else value


def test_a_name_is_taken_in_any_case_of_any_alphabet_and_free_again_once_its_record_is_gone(shared: str) -> None:
    made = filled("channel", shared, "any case")
    update("channel", made.id, {"name": "École Ñandú Ärger"}, made.version, OPEN, url=shared)
    for name in ("École Ñandú Ärger", "ÉCOLE ÑANDÚ ÄRGER", "  école   ñandú ärger "):
        with pytest.raises(FieldsError, match="must be unique"):
            create("channel", values("channel", shared, "x") | {"name": name}, OPEN, url=shared)
    create("channel", values("channel", shared, "x") | {"name": "Ecole"}, OPEN, url=shared)


def test_a_name_that_must_differ_within_its_group_may_stand_in_another(shared: str) -> None:
    first, second = filled("competitor", shared, "first"), filled("competitor", shared, "second")
    rating = {"attribute": "Speed", "importance": 5, "rating": 5}
    create("competitor_rating", rating | {"competitor_id": first.id}, OPEN, url=shared)
    create("competitor_rating", rating | {"competitor_id": second.id}, OPEN, url=shared)
    with pytest.raises(FieldsError, match="Attribute must be unique within the same Competitor"):
        create("competitor_rating", rating | {"competitor_id": first.id, "attribute": "SPEED"}, OPEN, url=shared)


def test_a_day_to_work_towards_that_has_passed_is_told_and_history_can_still_be_written(shared: str) -> None:
    today = date(2026, 11, 22)
    late = create("action", {"title": "Call back", "group": "service", "due_on": "2026-11-20"}, OPEN, url=shared)
    assert late.passed(today) == "Due has passed already: 2026-11-20."
    assert late.passed(date(2026, 11, 20)) == ""
    done = create("action", {"title": "Called", "group": "service", "due_on": "2024-03-01", "status": "done", "done_on": "2024-03-02"}, OPEN, url=shared)
    assert done.passed(today) == ""
    assert load_csv("action", "Action,Process group,Due\nOld times,service,2019-01-31\n", OPEN, url=shared).created == 1


def test_two_new_rows_of_one_name_in_a_file_are_refused_by_line_and_none_is_stored(shared: str) -> None:
    before = count("channel", url=shared)
    done = load_csv("channel", "Channel\nPigeon\nSmoke\nPIGEON\n", OPEN, url=shared)
    assert (done.stored, [(p.line, p.column) for p in done.problems]) == (False, [(4, "Channel")])
    assert count("channel", url=shared) == before
